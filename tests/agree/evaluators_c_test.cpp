// Interpreter, generated C and generated C++ give the same bits, for value and gradient of random
// expressions at ordinary points and at the edges of the number line.
// NABLA_RANDOM_CASES sets the number of expressions.

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "lib/calculus/gradient.hpp"
#include "lib/emit/print.hpp"
#include "lib/emit/source.hpp"
#include "lib/eval/function.hpp"
#include "tests/support/central_difference.hpp"
#include "tests/support/foreign.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

constexpr int per_file = 250;
constexpr std::size_t points = 64;

using Generated = double (*)(double, double, double, double*);
using GeneratedSum = double (*)(double, double, double, const double*, const double*, std::size_t,
                                double*);

struct Language {
  const char* name;
  std::vector<std::string> compiler;
  const char* file;
};
const Language c{"c", {"cc", "-std=c99"}, "code.c"};
const Language cpp{"cpp", {"c++", "-std=c++17"}, "code.cpp"};

// One text with every function, and a table of them under a name that C and C++ spell alike.
class Text {
 public:
  explicit Text(const Language& language) : language_(language) {}

  void add(const SourceRequest& request) {
    const auto code = generate(request);
    ASSERT_TRUE(code) << code.error().message;
    text_ += *code;
    names_ += request.name + ", ";
  }
  std::string finish(const std::string& type) const {
    const bool is_c = std::string_view(language_.name) == "c";
    return text_ + "typedef " + type + ";\n" +
           (is_c ? "" : "extern \"C\" const function table[];\n") + "const function table[] = {" +
           names_ + "};\n";
  }

 private:
  const Language& language_;
  std::string text_, names_;
};

struct Case {
  Expr f;
  std::vector<Expr> gradient;
  Function compiled;
};

std::vector<Case> draw(RandomExpressions& random, int count) {
  std::vector<Case> cases;
  while (static_cast<int>(cases.size()) < count) {
    const Expr f = random.next();
    auto slopes = gradient(f, random.variables());
    EXPECT_TRUE(slopes) << slopes.error().message;
    std::vector<Expr> outputs{f};
    outputs.insert(outputs.end(), slopes->begin(), slopes->end());
    auto compiled = Function::compile(random.variables(), outputs);
    EXPECT_TRUE(compiled) << compiled.error().message;
    EXPECT_EQ(find_fault(compiled->tape()), std::nullopt);
    cases.push_back({f, std::move(*slopes), std::move(*compiled)});
  }
  return cases;
}

std::array<double, 3> draw_point(RandomExpressions& random, std::size_t which) {
  const auto& edges = edge_values();
  std::array<double, 3> at{};
  for (double& x : at) {
    const bool edge = which % 2 == 0 || random.below(4) == 0;
    x = edge ? edges[static_cast<std::size_t>(random.below(static_cast<int>(edges.size())))]
             : random.uniform(-4, 4);
  }
  return at;
}

std::string load(const Language& language, const std::vector<Case>& cases, const std::string& type,
                 std::span<const Expr> variables, std::unique_ptr<Library>& library,
                 const std::vector<std::string>& columns = {}) {
  Text text(language);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    text.add({.language = language.name,
              .name = "function" + std::to_string(i),
              .inputs = {variables.begin(), variables.end()},
              .function = cases[i].f,
              .gradient = cases[i].gradient,
              .columns = columns});
  }
  library = std::make_unique<Library>(language.compiler, language.file, text.finish(type));
  return library->messages();
}

class Compiled : public testing::TestWithParam<const Language*> {};

TEST_P(Compiled, GivesTheBitsOfTheInterpreter) {
  const Language& language = *GetParam();
  const int cases = random_cases(&language == &c ? 5000 : 1000);
  for (int done = 0; done < cases; done += per_file) {
    Graph g;
    RandomExpressions random(
        g, {.seed = 77 + static_cast<std::uint64_t>(done), .operations = 4 + done % 40});
    const auto drawn = draw(random, std::min(per_file, cases - done));
    std::unique_ptr<Library> library;
    const std::string messages =
        load(language, drawn, "double (*function)(double, double, double, double*)",
             random.variables(), library);
    ASSERT_TRUE(*library) << messages.substr(0, 4000);
    const Generated* table = library->find<const Generated>("table");
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      for (std::size_t k = 0; k < points; ++k) {
        const auto at = draw_point(random, k);
        std::array<double, 4> expected{}, found{};
        drawn[i].compiled(at, expected);
        found[0] = table[i](at[0], at[1], at[2], found.data() + 1);
        for (std::size_t o = 0; o < 4; ++o) {
          ASSERT_TRUE(same_bits(expected[o], found[o]))
              << print(drawn[i].f) << " output " << o << " at " << at[0] << ", " << at[1] << ", "
              << at[2] << ": interpreter " << expected[o] << ", " << language.name << " "
              << found[o] << "\n"
              << to_text(drawn[i].compiled.tape());
        }
      }
    }
  }
}

TEST_P(Compiled, AddsUpRowsLikeTheInterpreter) {
  const Language& language = *GetParam();
  const int cases = random_cases(500);
  for (int done = 0; done < cases; done += per_file) {
    Graph g;
    RandomExpressions random(g, {.seed = 5 + static_cast<std::uint64_t>(done), .columns = true});
    const auto drawn = draw(random, std::min(per_file, cases - done));
    std::unique_ptr<Library> library;
    const std::string messages =
        load(language, drawn,
             "double (*function)(double, double, double, const double*, const double*, size_t, "
             "double*)",
             random.variables(), library, {"c1", "c2"});
    ASSERT_TRUE(*library) << messages.substr(0, 4000);
    const GeneratedSum* table = library->find<const GeneratedSum>("table");
    std::vector<double> columns[2];
    for (int row = 0; row < 300; ++row) {
      for (auto& column : columns) column.push_back(random.uniform(0.5, 1.5));
    }
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      for (const std::size_t rows : {std::size_t{0}, std::size_t{5}, std::size_t{300}}) {
        const std::span u(columns[0].data(), rows), v(columns[1].data(), rows);
        const Data data{.names = {"c1", "c2"}, .columns = {u, v}, .rows = rows};
        const double at[] = {random.uniform(0, 2), random.uniform(0, 2), random.uniform(0, 2)};
        std::array<double, 4> expected{}, found{};
        drawn[i].compiled(at, expected, data);
        found[0] = table[i](at[0], at[1], at[2], u.data(), v.data(), rows, found.data() + 1);
        for (std::size_t o = 0; o < 4; ++o) {
          ASSERT_TRUE(same_bits(expected[o], found[o]))
              << print(drawn[i].f) << " output " << o << " over " << rows << " rows: interpreter "
              << expected[o] << ", " << language.name << " " << found[o];
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, Compiled, testing::Values(&c, &cpp),
                         [](const auto& info) { return std::string(info.param->name); });

}  // namespace
}  // namespace nabla::test
