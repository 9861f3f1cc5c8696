// How fast is text read? A sum of 10 MB, the corpus of antiderivatives, nested input; bytes and
// tokens a second, beside GiNaC's parser and muParser where installed. All read the same texts in
// the same process, in turn, and their values at a point are compared first. muParser takes texts
// of less than 20,000 bytes and compiles when a value is asked for, so long texts come in pieces
// and each is evaluated once; a text that one of them refuses is left out for all.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <fstream>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#ifdef NABLA_HAS_GINAC
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#include <ginac/ginac.h>
#include <ginac/parser.h>
#pragma GCC diagnostic pop
#endif
#ifdef NABLA_HAS_MUPARSER
#include <muParser.h>
#endif

#include "bench/workloads/tokens.hpp"
#include "lib/core/constants.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/function.hpp"
#include "parser/parse.hpp"

namespace nabla {
namespace {

// What is read, and names that are variables although they could be something else (ee is e*e
// where nothing says otherwise).
struct Text {
  std::string text;
  ReadOptions names = {};
};
using Texts = std::vector<Text>;

constexpr std::size_t megabyte = 1'000'000;

// Where all names are when values are compared: distinct, and inside most domains.
double value_of(std::string_view name) {
  double sum = 0;
  for (const char c : name) sum = sum * 0.37 + static_cast<double>(c);
  return 0.2 + 0.6 * (sum - std::floor(sum));
}

// --- the readers; each takes all texts and returns their values, or NaN for what it refuses

class Ours {
 public:
  Ours() {
    Limits limits;
    limits.nodes = std::size_t{1} << 27;
    limits.input_bytes = std::size_t{1} << 30;
    graph_ = std::make_unique<Graph>(limits);
  }
  bool read(const Text& text) {
    const auto reading = parse(*graph_, text.text, text.names);
    if (!reading) return false;
    last_ = reading->value.entries.front();
    return true;
  }
  double value() const {
    std::vector<Expr> inputs;
    std::vector<double> point;
    for (const std::string& name : graph_->symbols({&last_.id, 1})) {
      inputs.push_back(symbol(*graph_, name));
      point.push_back(value_of(name));
    }
    const auto function = Function::compile(inputs, {&last_, 1});
    double found = NAN;
    if (function) (*function)(point, {&found, 1});
    return found;
  }
  std::size_t nodes() const { return graph_->size(); }

 private:
  std::unique_ptr<Graph> graph_;
  Expr last_{};
};

#ifdef NABLA_HAS_GINAC
class Ginac {
 public:
  bool read(const Text& text) {
    try {
      last_ = parser_(text.text);
      return true;
    } catch (const std::exception&) {
      return false;
    }
  }
  double value() {
    GiNaC::exmap point;
    for (const auto& [name, symbol] : parser_.get_syms())
      point[symbol] = find_constant(name) ? constants[*find_constant(name)].value : value_of(name);
    try {
      const GiNaC::ex found = last_.subs(point).evalf();
      return GiNaC::is_a<GiNaC::numeric>(found) && GiNaC::ex_to<GiNaC::numeric>(found).is_real()
                 ? GiNaC::ex_to<GiNaC::numeric>(found).to_double()
                 : NAN;
    } catch (const std::exception&) {
      return NAN;
    }
  }

 private:
  GiNaC::parser parser_;
  GiNaC::ex last_;
};
#endif

#ifdef NABLA_HAS_MUPARSER
class Mu {
 public:
  Mu() {
    parser_.SetVarFactory(
        [](const char* name, void* self) {
          auto& values = static_cast<Mu*>(self)->values_;
          values.push_back(std::make_unique<double>(value_of(name)));
          return values.back().get();
        },
        this);
    parser_.DefineConst("pi", constants[0].value);
    parser_.DefineConst("e", constants[1].value);
  }
  bool read(const Text& text) {
    try {
      parser_.SetExpr(text.text);
      last_ = parser_.Eval();
      return true;
    } catch (const mu::ParserError&) {
      return false;
    }
  }
  double value() const { return last_; }

 private:
  mu::Parser parser_;
  std::vector<std::unique_ptr<double>> values_;
  double last_ = NAN;
};
#endif

// --- what is read

std::string long_sum(std::size_t bytes) {
  std::string text;
  for (std::size_t k = 0; text.size() < bytes; ++k) {
    if (k != 0) text += k % 3 == 0 ? " - " : " + ";
    text += std::to_string(k % 97 + 2) + "*x" + std::to_string(k % 1009) + "^" +
            std::to_string(k % 7 + 2);
    if (k % 5 == 0) text += "*sin(y" + std::to_string(k % 211) + ")/2.5";
  }
  return text;
}

Texts pieces_of_sum(std::size_t bytes) {
  Texts texts;
  for (std::size_t all = 0; all < bytes; all += texts.back().text.size())
    texts.push_back({long_sum(18'000)});
  return texts;
}

Texts nests(std::size_t bytes) {
  Texts texts;
  for (std::size_t k = 0, all = 0; all < bytes; ++k, all += texts.back().text.size()) {
    std::string inside = "x";
    for (std::size_t i = 0; i < 60; ++i) {
      const std::string n = std::to_string((k + i) % 89 + 2);
      inside = i % 4 == 0   ? "sin((" + inside + ") + " + n + ")"
               : i % 4 == 1 ? "(x*(" + inside + ") + " + n + "*y)"
               : i % 4 == 2 ? "1/(1 + " + inside + "^2)"
                            : "(" + n + " - (" + inside + "))";
    }
    texts.push_back({inside});
  }
  return texts;
}

// Antiderivatives and integrands, where the corpus lies beside the source tree.
Texts corpus() {
  Texts texts;
  std::ifstream file(NABLA_SHARED_DIR "/corpus/rubi_public.tsv");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> fields(1);
    for (const char c : line) {
      if (c == '\t')
        fields.emplace_back();
      else
        fields.back() += c;
    }
    if (fields.size() < 5) continue;
    ReadOptions names;
    names.variables = {fields[1]};
    for (std::size_t at = 0; fields[2] != "-" && at < fields[2].size();) {
      const std::size_t end = std::min(fields[2].find(',', at), fields[2].size());
      names.variables.push_back(fields[2].substr(at, end - at));
      at = end + 1;
    }
    texts.push_back({fields[3], names});
    texts.push_back({fields[4], names});
  }
  return texts;
}

// --- measuring

// Of this process, so that busy neighbours do not count.
double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <typename Reader>
double seconds(const Texts& texts, std::size_t& nodes) {
  const double start = processor_seconds();
  Reader reader;
  for (const Text& text : texts) (void)reader.read(text);
  const double spent = processor_seconds() - start;
  if constexpr (std::is_same_v<Reader, Ours>) nodes = reader.nodes();
  return spent;
}

// The texts that the reader takes, and how many of them have our value.
template <typename Reader>
Texts accepted(const Texts& texts, std::string_view name) {
  Texts kept;
  std::size_t agree = 0, real = 0;
  Reader reader;
  Ours ours;
  for (const Text& text : texts) {
    if (!reader.read(text)) continue;
    kept.push_back(text);
    if (texts.size() > 100 && kept.size() % 10 != 0) continue;
    if (!ours.read(text)) continue;
    const double mine = ours.value(), theirs = reader.value();
    if (!std::isfinite(mine) || !std::isfinite(theirs)) continue;
    ++real;
    agree += std::fabs(mine - theirs) <= 1e-6 * (1 + std::fabs(mine));
  }
  fmt::print("  {} takes {} of {} texts; {} of {} values agree\n", name, kept.size(), texts.size(),
             agree, real);
  return kept;
}

void measure(std::string_view what, Texts texts, bool mu_too) {
  if (texts.empty()) {
    fmt::print("{}: not here, skipped\n", what);
    return;
  }
  fmt::print("{}\n", what);
  texts = accepted<Ours>(texts, "nabla");
#ifdef NABLA_HAS_GINAC
  texts = accepted<Ginac>(texts, "GiNaC");
#endif
#ifdef NABLA_HAS_MUPARSER
  if (mu_too) texts = accepted<Mu>(texts, "muParser");
#endif
  std::size_t bytes = 0, tokens = 0, nodes = 0;
  for (const Text& text : texts) {
    bytes += text.text.size();
    tokens += workloads::count_tokens(text.text);
  }
  std::vector<double> ours, ginac, mu;  // in turn, so that a busy moment meets all of them
  for (int round = 0; round < 5; ++round) {
    ours.push_back(seconds<Ours>(texts, nodes));
#ifdef NABLA_HAS_GINAC
    ginac.push_back(seconds<Ginac>(texts, nodes));
#endif
#ifdef NABLA_HAS_MUPARSER
    if (mu_too) mu.push_back(seconds<Mu>(texts, nodes));
#endif
  }
  const auto median = [](std::vector<double>& rounds) {
    if (rounds.empty()) return std::numeric_limits<double>::infinity();
    std::ranges::nth_element(rounds, rounds.begin() + 2);
    return rounds[2];
  };
  const double unit = median(ours);
  const auto line = [&](std::string_view reader, double spent) {
    if (!std::isfinite(spent)) return;
    fmt::print("  {:<9} {:>9.3f} s {:>9.2f} MB/s {:>9.2f} Mtokens/s   {:>7.2f} times as long\n",
               reader, spent, static_cast<double>(bytes) / megabyte / spent,
               static_cast<double>(tokens) / 1e6 / spent, spent / unit);
  };
  fmt::print("  {} texts, {} bytes, {} tokens, {} nodes\n", texts.size(), bytes, tokens, nodes);
  line("nabla", unit);
  line("GiNaC", median(ginac));
  line("muParser", median(mu));
}

}  // namespace
}  // namespace nabla

int main() {
  using namespace nabla;
  measure("one sum of 10 MB", {{long_sum(10 * megabyte)}}, false);
  measure("sums of 18 kB, 10 MB in all", pieces_of_sum(10 * megabyte), true);
  measure("corpus of antiderivatives and integrands", corpus(), true);
  measure("nests of 60 levels", nests(2 * megabyte), true);
  return 0;
}
