#include "simplify/metric.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "lib/core/graph.hpp"
#include "lib/emit/print.hpp"
#include "parser/parse.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla {
namespace {

const ReadOptions names{.variables = {"x", "y", "z", "w", "a", "b", "c", "d"}, .columns = {}};

struct Row {
  const char* text;
  std::size_t tree, shared;
};

// Counted by the reference program of the specification.
constexpr Row recorded[] = {
    {"3*x/8 + z/2", 3, 3},
    {"z^z", 1, 1},
    {"y - x - 2/(y - x) + (cosh(2) + 2)", 7, 7},
    {"atan2(1/z^2, 1/z^2) + 1/z^2", 8, 4},
    {"cos(y)", 1, 1},
    {"x - 3 + (x + 4*z - cosh(26/5)/6) + 26/5", 7, 7},
    {"x + 7/2 + 36/49 - 6/7", 1, 1},
    {"x + 2 + (z + 1/y^2 + pi/(z + 1/y^2)*z + digamma(2))", 13, 11},
    {"y*z + 1 + (x + tau) + x^2", 6, 6},
    {"(2*x)^2", 2, 2},
    {"log1p(z)", 2, 2},
    {"z - x*z + z*(x + y + 2)", 6, 6},
    {"z + 2/5 + (z - y + (y - 2*x + 4*x))", 8, 8},
    {"1/(pi + 8/7)^(5/2)/x + erfc(2) + exp(y) + (pi + 8/7)", 11, 11},
    {"z - 9", 1, 1},
    {"(x*y)^(5/2) + 5", 3, 3},
    {"z + 3/2 + 2/(-6*expm1(y))^2*x + 2/(-6*expm1(y))^2", 14, 10},
    {"y - z", 1, 1},
    {"z/x", 1, 1},
    {"x/z - 21/8", 2, 2},
    {"x + 2 + 3*x/5 + cos(atanh(1/z) - x) + atanh(1/z)", 11, 9},
    {"x - 3 + 2*(x + atan(gamma(z)))", 6, 6},
    {"z + 2 + x*z + (y + atan2(x, x) - x)^4", 8, 8},
    {"asin(1/y) - asinh(asin(z)) + log(y + 5)", 8, 8},
    {"z^(5/4) + 1/y^3 + sinh(2) + 2*x + 1/z + (y + z)", 12, 12},
    {"x + pi/z + 1/x^2 + expm1(z^(5/4) + z) + sqrt(1/(4*atan2(x, x*y)/3)^2)", 17, 17},
    {"y*(1/z^3)^z*z + z/(2*x/x*y) + y*max(z, 0) + 2*x/x + y*(1/z^3)^z", 22, 19},
    {"y - 2*x - 2*x", 4, 3},
    {"6*x", 1, 1},
    {"log(y/x)/log(y) + 1/x^3 + x^2", 9, 9},
    {"x + 2 + 1/z^(5/4) + atanh(1/(z + sigmoid(z)))", 12, 12},
    {"tan(2) - 1/9 + z/expm1(erf(x)) + (log1p(phi) - tau) + erf(x)", 13, 12},
    {"(y + z)/z", 2, 2},
    {"(x + 2)^4 + y/(2*(x + 2) + 6/7) + (2*(x + 2) + 6/7) + 2*(x + 2) + (x + 2)", 15, 10},
    {"2*y + acos(z) + (z + erf(y*(z^2 + x + z^2)))", 11, 10},
    {"2/y - 1/2 + (1/tanh((x - 4)/(-5*(2/y - 1/2))) - tau*(1/tanh((x - 4)/(-5*(2/y - "
     "1/2))))^(x/(2/y - 1/2) + z) + 1 + tau*(1/tanh((x - 4)/(-5*(2/y - 1/2))))^(x/(2/y - 1/2) + z) "
     "+ (1/tanh((x - 4)/(-5*(2/y - 1/2))))^(x/(2/y - 1/2) + z))",
     51, 16},
    {"x - y", 1, 1},
    {"2*x*x + y*z + 1", 5, 5},
    {"exp(1/sin(z)) + 1/x^3 + sqrt(1/sin(z))", 10, 8},
    {"y + 16 + y + erfc(3) + (1/(y + 16)^3 - (y + 16))", 11, 10},
    {"1/z^2 + 1/5 + sqrt(x)", 5, 5},
    {"2 - z + (z + logsumexp(y, 2*tanh(1/x^2)))", 8, 8},
    {"hypot(y, tan(4)) + 2 + (1/y + 2 + cos(1/y)) + 1/y", 10, 8},
    {"1/sinh(2)^(3/2)", 3, 3},
    {"x^2", 1, 1},
    {"-1/4", 0, 0},
    {"z + 7", 1, 1},
    {"x^(x*z) + asin(1/(x*z)) + 2^(3/4)", 8, 7},
    {"x + 2 + (y + 3 + 1/tanh(x))", 5, 5},
    {"(y - 5*(1/sin(y) - 2))^2", 6, 6},
    {"1/sinh(1/cos(x)) - 1 + cos(x)^2 + 1/8", 8, 7},
    {"tanh(x) + 1/z^(1/4) + logsumexp(y*z*z, x) + y*z", 10, 10},
    {"2*(1/cosh(1)/(x*(1/x^2 - y*cosh(x)))) + 2*(1/cosh(1)/(x*(1/x^2 - y*cosh(x))))/x + 1/cosh(1)",
     23, 16},
    {"1/cos(1) - x + (acos(x) + cosh(2 - y) + sigmoid(6)^(5/4) + sin(y) + cbrt(z) + sigmoid(6))",
     23, 19},
    {"(-6*x)/y", 2, 2},
    {"sin(x + 2*y)", 3, 3},
    {"2^z + x^(2^z)", 4, 3},
    {"acos(y) + expm1(y)/z + 1/(x/z)^3 + expm1(y) + x/z + 1/acosh(1/z)^3", 19, 16},
    {"x^2 + y", 2, 2},
    {"-2*y", 1, 1},
    {"-x", 1, 1},
    {"-x - y", 2, 2},
    {"-x*y", 2, 2},
    {"1/x", 1, 1},
    {"-1/x", 1, 1},
    {"3*x/(2*y)", 2, 2},
    {"x/2", 1, 1},
    {"1/x^2", 2, 2},
    {"x^(3/2)", 1, 1},
    {"x^y", 1, 1},
    {"1/(x*y)", 2, 2},
    {"x*y/(z*w*y)", 4, 4},
    {"1/sqrt(x)", 2, 2},
    {"-2*x - 3*y", 4, 4},
    {"-2*x - 3", 2, 2},
    {"x - (y + z)", 2, 2},
    {"-(x + y)", 2, 2},
    {"1/log1p(x) + expm1(y)", 6, 6},
    {"sigmoid(x) + softplus(x) + erfc(x)", 11, 11},
    {"max(x, y, z)", 3, 3},
    {"min(x, y)", 2, 2},
    {"sin(x + y)*cos(x + y)/(x + y)", 7, 5},
    {"x*y + sin(x*y)/(x*y)", 6, 4},
    {"(a - b)*(c - d)/((a - b)*(c - d) + 1)", 8, 6},
    {"exp(-x)/(1 + exp(-x))^2", 7, 5},
    {"x^2*sin(x) + x^2", 5, 4},
    {"-x^2/(2*y) + 1/(2*y)", 5, 5},
};

TEST(Metric, CountsAsTheReferenceDoes) {
  for (const Row& row : recorded) {
    Graph g;
    const auto read = parse(g, row.text, names);
    ASSERT_TRUE(read) << row.text << ": " << read.error().message;
    EXPECT_EQ(tree_operations(read->value.entries.front()), row.tree) << row.text;
    EXPECT_EQ(shared_operations(read->value.entries.front()), row.shared) << row.text;
  }
}

TEST(Metric, BestKnownFormsOfTheCorpusCountAsRecorded) {
  const std::filesystem::path file =
      std::filesystem::path(NABLA_SHARED_DIR) / "corpus" / "simplify_public.txt";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  std::ifstream lines(file);
  std::size_t forms = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string> fields;
    std::istringstream parts(line);
    for (std::string part; std::getline(parts, part, ';');) fields.push_back(part);
    ASSERT_EQ(fields.size(), 5u) << line;
    Graph g;
    const auto read = parse(g, fields[4], {.variables = {"a", "b", "c", "d"}, .columns = {}});
    ASSERT_TRUE(read) << fields[4] << ": " << read.error().message;
    EXPECT_EQ(tree_operations(read->value.entries.front()), std::stoul(fields[3])) << fields[4];
    ++forms;
  }
  EXPECT_EQ(forms, 40u);
}

TEST(Metric, DoesNotDependOnNesting) {
  Graph g;
  const Expr x = symbol(g, "x"), y = symbol(g, "y"), z = symbol(g, "z");
  EXPECT_EQ(tree_operations(x * (y * z)), tree_operations((x * y) * z));
  EXPECT_EQ(tree_operations(x / y / z), tree_operations(x / (y * z)));
  EXPECT_EQ(tree_operations(x - (y + z)), 2u);
  const std::vector<Expr> roots{x * (y * z), (x * y) * z};
  EXPECT_EQ(shared_operations(roots), 2u);
}

TEST(Metric, ChoicesComparisonsAndSumsOverDataCountOneEach) {
  Graph g;
  const Expr x = symbol(g, "x"), c = column(g, "c");
  EXPECT_EQ(tree_operations(select(less(x, number(g, 0)), -x, x)), 3u);
  EXPECT_EQ(tree_operations(both(less(x, number(g, 0)), negation(equal(x, c)))), 4u);
  EXPECT_EQ(tree_operations(data_sum(pow(c - x, 2))), 3u);
}

TEST(Metric, SharingCountsOnceAndLargeTreesSaturate) {
  Graph g;
  Expr e = symbol(g, "x");
  for (int i = 0; i < 200; ++i) e = call("sin", e) + call("cos", e);
  EXPECT_EQ(shared_operations(e), 600u);
  EXPECT_GE(tree_operations(e), std::size_t{1} << 31);
  const std::vector<Expr> twice{e, e};
  EXPECT_EQ(shared_operations(twice), 600u);
  EXPECT_EQ(shared_operations(std::vector<Expr>{}), 0u);
}

TEST(Metric, SharedCountIsNeverAboveTheTree) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    Graph g;
    test::RandomExpressions random(g, {.seed = seed, .operations = 25, .anywhere = true});
    const Expr e = random.next();
    ASSERT_LE(shared_operations(e), tree_operations(e)) << print(e);
  }
}

}  // namespace
}  // namespace nabla
