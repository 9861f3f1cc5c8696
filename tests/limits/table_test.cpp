// Every row of the limit table, one below its limit, at it and one above: what fits is done, what
// does not has the row's code. A row without a case here fails.

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/pager.hpp"
#include "cli/pages.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/core/diagnostic.hpp"
#include "lib/core/graph.hpp"
#include "lib/emit/latex.hpp"
#include "lib/emit/print.hpp"
#include "lib/emit/source.hpp"
#include "lib/emit/tree.hpp"
#include "parser/parse.hpp"
#include "simplify/expand.hpp"
#include "tests/support/process.hpp"

namespace nabla {
namespace {

using nlohmann::json;

// The code of the diagnostic, or nothing.
template <typename Work>
std::string code_of(Work work) {
  try {
    return work();
  } catch (const LimitError& error) {
    return error.diagnostic().code;
  }
}

std::string code_of_text(const Limits& limits, const std::string& text) {
  Graph g(limits);
  const auto read = parse(g, text);
  if (read) return {};
  EXPECT_LE(read.error().span.begin, read.error().span.end);
  EXPECT_LE(read.error().span.end, text.size());
  return read.error().code;
}

std::string repeated(std::string_view piece, std::size_t n) {
  std::string text;
  for (std::size_t i = 0; i < n; ++i) text += piece;
  return text;
}

// Bytes of memory that this takes; found by trying, and close to what the graph says it uses.
void use_memory(Graph& g) {
  for (int i = 1; i <= 20; ++i) (void)(pow(number(g, 3), 10'000 * i) + symbol(g, "x"));
}
std::size_t memory_needed() {
  static std::size_t known = 0;
  if (known != 0) return known;
  std::size_t low = 1, high = std::size_t{1} << 30;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const bool fits = code_of([&] {
                        Graph g({.memory_bytes = middle});
                        use_memory(g);
                        return std::string();
                      }).empty();
    (fits ? high : low) = fits ? middle : middle + 1;
  }
  return known = low;
}

struct Case {
  std::size_t cap;
  // Does what takes exactly n units under these limits.
  std::function<std::string(Limits, std::size_t n)> work;
};

const std::map<std::string_view, Case>& cases() {
  static const std::map<std::string_view, Case> all = {
      {"nodes",
       {100,
        [](Limits l, std::size_t n) {
          return code_of([&] {
            Graph g(l);
            for (std::size_t i = 0; g.size() < n; ++i) symbol(g, "a" + std::to_string(i));
            return std::string();
          });
        }}},
      {"memory_bytes",
       {memory_needed(),
        [](Limits l, std::size_t n) {
          // The work is always the same; one byte more of it is one byte less of room.
          l.memory_bytes = 2 * l.memory_bytes - n;
          return code_of([&] {
            Graph g(l);
            use_memory(g);
            return std::string();
          });
        }}},
      {"number_bits",
       {200,
        [](const Limits& l, std::size_t n) {
          return code_of_text(l, power(Number(2), static_cast<std::int64_t>(n) - 1).to_string());
        }}},
      {"input_bytes",
       {50, [](const Limits& l,
               std::size_t n) { return code_of_text(l, "1" + repeated(" ", n - 1)); }}},
      {"nesting",
       {70,
        [](const Limits& l, std::size_t n) {
          return code_of_text(l, repeated("(", n) + "x" + repeated(")", n));
        }}},
      {"name_bytes",
       {30, [](const Limits& l, std::size_t n) { return code_of_text(l, repeated("q", n)); }}},
      {"arguments",
       {40,
        [](const Limits& l, std::size_t n) {
          const std::string list = "x" + repeated(",x", n - 1);
          const std::string code = code_of_text(l, "max(" + list + ")");
          EXPECT_EQ(code_of_text(l, "[" + list + "]"), code);
          EXPECT_EQ(code_of_text(l, "sum(k, 1, " + std::to_string(n) + ", sin(k*x))"), code);
          return code;
        }}},
      {"expansion_terms",
       {60,
        [](const Limits& l, std::size_t n) {
          return code_of([&] {
            Graph g(l);
            expand(pow(symbol(g, "x") + 1, static_cast<int>(n) - 1));
            return std::string();
          });
        }}},
      {"output_bytes",
       {40,
        [](const Limits& l, std::size_t n) {
          return code_of([&] {
            Graph g(l);
            print(symbol(g, repeated("q", n)));
            return std::string();
          });
        }}},
      {"screen_bytes", {500, [](const Limits& l, std::size_t n) {
                          Pager pager(l.screen_bytes);
                          pager.show(repeated("q", n));
                          return pager.has_more() ? std::string("U531") : std::string();
                        }}}};
  return all;
}

TEST(EveryLimit, IsExact) {
  for (const LimitRow& row : limit_rows) {
    const auto found = cases().find(row.name);
    ASSERT_NE(found, cases().end()) << "no test of the limit " << row.name;
    const auto& [cap, work] = found->second;
    Limits limits;
    limits.*row.value = cap;
    EXPECT_EQ(work(limits, cap - 1), "") << row.name;
    EXPECT_EQ(work(limits, cap), "") << row.name;
    EXPECT_EQ(work(limits, cap + 1), row.code) << row.name;
  }
}

TEST(EveryLimit, CanBeSetByName) {
  for (const LimitRow& row : limit_rows) {
    Limits limits;
    EXPECT_FALSE(set_limit(limits, std::string(row.name) + "=77"));
    EXPECT_EQ(limits.*row.value, 77u) << row.name;
    EXPECT_FALSE(set_limit(limits, std::string(row.name) + "=" + std::to_string(row.most)));
    for (const char* bad : {"", "=", "=0", "=-1", "=x", "=1.5", "=99999999999999999999"}) {
      const auto error = set_limit(limits, std::string(row.name) + bad);
      ASSERT_TRUE(error) << row.name << bad;
      EXPECT_EQ(error->code, "U501");
    }
    EXPECT_TRUE(set_limit(limits, std::string(row.name) + "=" + std::to_string(row.most + 1)));
    EXPECT_EQ(limits.*row.value, row.most);
  }
}

TEST(EveryLimit, IsListedAndSetOnTheCommandLine) {
  for (const LimitRow& row : limit_rows) {
    const test::Ran ran =
        test::shell("nabla limits --json --limit " + std::string(row.name) + "=77");
    ASSERT_EQ(ran.code, 0) << ran.err;
    bool seen = false;
    const json listed = json::parse(ran.out);
    for (const json& entry : listed["limits"]) {
      if (entry["name"] != row.name) continue;
      seen = true;
      EXPECT_EQ(entry["value"], 77);
      EXPECT_EQ(entry["default"], Limits{}.*row.value);
      EXPECT_EQ(entry["code"], row.code);
    }
    EXPECT_TRUE(seen) << row.name;
  }
  EXPECT_EQ(test::shell("nabla help limits").code, 0);
  EXPECT_EQ(test::shell("echo ':help limits' | nabla").out, test::shell("nabla limits").out);
}

TEST(EveryLimit, CanBeLoweredAndNotRaisedByARequest) {
  std::string requests;
  for (const LimitRow& row : limit_rows) {
    for (const std::size_t value : {Limits{}.*row.value, Limits{}.*row.value + 1}) {
      requests +=
          json{{"op", "parse"}, {"expr", "x"}, {"limits", {{row.name, value}}}}.dump() + "\n";
    }
  }
  const auto replies = test::lines_of(test::shell("nabla batch", requests).out);
  ASSERT_EQ(replies.size(), 2 * limit_rows.size());
  for (std::size_t i = 0; i < limit_rows.size(); ++i) {
    EXPECT_TRUE(json::parse(replies[2 * i])["ok"]) << replies[2 * i];
    EXPECT_EQ(json::parse(replies[2 * i + 1])["error"]["code"], "U512") << replies[2 * i + 1];
  }
}

TEST(EveryLimit, OfARequestHoldsForThatRequestAlone) {
  const auto replies =
      test::lines_of(test::shell("nabla batch",
                                 R"~({"op":"expand","expr":"(x+1)^5","limits":{"expansion_terms":5}}
{"op":"expand","expr":"(x+1)^5"}
{"op":"parse","expr":"((x))","limits":{"nesting":1}}
{"op":"parse","expr":"x","limits":{"depth":1}}
{"op":"parse","expr":"x","limits":[]}
)~")
                         .out);
  ASSERT_EQ(replies.size(), 5u);
  EXPECT_EQ(json::parse(replies[0])["error"]["code"], "L109");
  EXPECT_TRUE(json::parse(replies[1])["ok"]);
  EXPECT_EQ(json::parse(replies[2])["error"]["code"], "L102");
  EXPECT_EQ(json::parse(replies[2])["error"]["span"], json::parse("[1,2]"));
  EXPECT_EQ(json::parse(replies[3])["error"]["code"], "U512");
  EXPECT_EQ(json::parse(replies[4])["error"]["code"], "U512");
}

TEST(MemoryLimit, CountsWhatAGraphUses) {
  Graph g;
  use_memory(g);
  EXPECT_GT(memory_needed(), g.bytes() - g.bytes() / 20);
  EXPECT_LT(memory_needed(), g.bytes() + g.bytes() / 20);
}

TEST(OutputLimit, HoldsForEveryWriter) {
  Graph g;
  const Expr x = symbol(g, "x");
  const Expr long_one = expand(pow(x + 1, 30));
  const auto written = [&](auto write) { return write(long_one).size(); };
  const auto code = [&](auto write) {
    const std::size_t size = written(write);
    const auto attempt = [&](std::size_t cap) {
      g.limits.output_bytes = cap;
      const std::string found = code_of([&] { return write(long_one), std::string(); });
      g.limits.output_bytes = Limits{}.output_bytes;
      return found;
    };
    EXPECT_EQ(attempt(size), "");
    return attempt(size / 2);
  };
  EXPECT_EQ(code([](Expr e) { return print(e); }), "L106");
  EXPECT_EQ(code([](Expr e) { return print_shared(e); }), "L106");
  EXPECT_EQ(code([](Expr e) { return latex(e); }), "L106");
  EXPECT_EQ(code([](Expr e) { return sexpr(e); }), "L106");
  EXPECT_EQ(code([](Expr e) { return dot(e); }), "L106");
  EXPECT_EQ(code([&](Expr e) {
              SourceRequest request;
              request.function = e;
              request.inputs = {x};
              const auto source = generate(request);
              return source ? *source : throw LimitError(source.error());
            }),
            "L106");
}

TEST(ArgumentLimit, HoldsForMatrices) {
  Graph g;
  std::vector<Expr> xs;
  for (int i = 0; i < 3; ++i) xs.push_back(symbol(g, "x" + std::to_string(i)));
  g.limits.arguments = 9;
  EXPECT_TRUE(hessian(xs[0] * xs[1] * xs[2], xs));
  g.limits.arguments = 8;
  EXPECT_EQ(hessian(xs[0] * xs[1] * xs[2], xs).error().code, "L105");
}

}  // namespace
}  // namespace nabla
