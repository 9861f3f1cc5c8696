#include "simplify/expand.hpp"

#include <gtest/gtest.h>

#include <random>

#include "lib/core/diagnostic.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/substitute.hpp"
#include "lib/emit/print.hpp"
#include "parser/parse.hpp"

namespace nabla {
namespace {

Expr read(Graph& g, std::string_view text) {
  const auto found = parse(g, text, {.variables = {"a", "b", "c"}, .columns = {}});
  return found ? found->value.scalar() : throw std::runtime_error(found.error().message);
}

std::string expanded(std::string_view text) {
  Graph g;
  return print(expand(read(g, text)));
}

std::size_t terms(Expr e) {
  const Graph& g = *e.graph;
  std::size_t count = 1;
  for (NodeId id = e.id; g[id].op == Op::sum; id = g[id].a) ++count;
  return count;
}

// The value where every name is this number.
Expr at(Expr e, Expr number) {
  Graph& g = *e.graph;
  std::vector<Replacement> all;
  for (const std::string& name : g.symbols({&e.id, 1})) all.push_back({symbol(g, name), number});
  return substitute(e, all);
}

TEST(Expand, MultipliesProductsAndPowersOfSums) {
  EXPECT_EQ(expanded("(a + b)*(a - b)"), "a^2 - b^2");
  EXPECT_EQ(expanded("(a + b)^2"), "a^2 + 2*a*b + b^2");
  EXPECT_EQ(expanded("2*(a + 1)*b"), "2*a*b + 2*b");
  EXPECT_EQ(expanded("-(a - 1)^3"), "3*a^2 - a^3 - 3*a + 1");
  EXPECT_EQ(expanded("((a + 1)^2 + b)^2 - b^2"),
            "a^4 + 4*a^3 + 2*a^2*b + 6*a^2 + 4*a*b + 4*a + 2*b + 1");
  EXPECT_EQ(expanded("(a/2 + b/3)^2"), "a^2/4 + a*b/3 + b^2/9");
  EXPECT_EQ(expanded("(2*a*b^2)^70*1"), "1180591620717411303424*a^70*b^140");
}

TEST(Expand, LooksInsideFunctionsAndConditions) {
  EXPECT_EQ(expanded("sin((a + 1)^2)"), "sin(a^2 + 2*a + 1)");
  EXPECT_EQ(expanded("if((a + 1)^2 > 0, a*(a + 1), 0)"), "if(a^2 + 2*a + 1 > 0, a^2 + a, 0)");
}

TEST(Expand, LeavesDenominatorsAndOtherPowersAsTheyAre) {
  EXPECT_EQ(expanded("a*(b + 1)/(a + b)^2"), "a*b/(a + b)^2 + a/(a + b)^2");
  EXPECT_EQ(expanded("(a + b)^c"), "(a + b)^c");
  EXPECT_EQ(expanded("sqrt(a + b)*(a + 1)"), "a*sqrt(a + b) + sqrt(a + b)");
}

TEST(Expand, ABinomialHasAllItsTermsAndCoefficients) {
  Graph g;
  const Expr e = expand(read(g, "(a + 1)^1000"));
  EXPECT_EQ(terms(e), 1001u);
  EXPECT_EQ(at(e, number(g, 1)), pow(number(g, 2), 1000));
  EXPECT_EQ(at(e, number(g, -1)), number(g, 0));
  EXPECT_EQ(at(e, rational(g, -3, 7)), pow(rational(g, 4, 7), 1000));
}

TEST(Expand, AMultinomialHasAllItsTermsAndCoefficients) {
  Graph g;
  const Expr e = expand(read(g, "(a + 2b + c - d + 1)^12"));
  EXPECT_EQ(terms(e), 1820u);  // 16 over 4
  EXPECT_EQ(at(e, number(g, 1)), pow(number(g, 4), 12));
  EXPECT_EQ(at(e, number(g, -2)), pow(number(g, -5), 12));
}

TEST(Expand, KeepsTheValueOfRandomPolynomials) {
  std::mt19937 random(7);
  const auto below = [&](unsigned n) { return random() % n; };
  for (int round = 0; round < 300; ++round) {
    Graph g;
    std::vector<Expr> pool{symbol(g, "x"), symbol(g, "y"), symbol(g, "z"), number(g, 3),
                           rational(g, -2, 5)};
    for (int i = 0; i < 12; ++i) {
      const Expr u = pool[below(static_cast<unsigned>(pool.size()))],
                 v = pool[below(static_cast<unsigned>(pool.size()))];
      switch (below(4)) {
        case 0: pool.push_back(u + v); break;
        case 1: pool.push_back(u - v); break;
        case 2: pool.push_back(u * v); break;
        default: pool.push_back(pow(u + v, static_cast<int>(below(3))));
      }
    }
    g.limits.expansion_terms = 3000;
    try {
      const Expr e = pool.back(), wide = expand(e);
      EXPECT_EQ(at(e, rational(g, 5, 3)), at(wide, rational(g, 5, 3))) << print(e);
      EXPECT_EQ(expand(wide), wide) << print(e);
    } catch (const LimitError& error) {
      EXPECT_EQ(error.diagnostic().code, "L109");
    }
  }
}

TEST(Expand, RefusesBeforeItBegins) {
  Graph g;
  const auto code = [&](std::string_view text) {
    const Expr e = read(g, text);
    const std::size_t before = g.size();
    try {
      expand(e);
    } catch (const LimitError& error) {
      EXPECT_LE(g.size(), before + 16);
      return error.diagnostic().code;
    }
    return std::string();
  };
  EXPECT_EQ(code("(a + 1)^1000000"), "L109");
  EXPECT_EQ(code("(a + 1)^(10^15)"), "L109");
  EXPECT_EQ(code("(a + b + c + d + f + g + h)^100"), "L109");
  EXPECT_EQ(code("(a + 1)^500000"), "L111");
}

}  // namespace
}  // namespace nabla
