#include "simplify/price.hpp"

#include <gtest/gtest.h>

#include "lib/calculus/gradient.hpp"
#include "lib/emit/print.hpp"
#include "parser/parse.hpp"
#include "simplify/normal_form.hpp"
#include "simplify/simplify.hpp"

namespace nabla {
namespace {

Expr read(Graph& g, std::string_view text) {
  return parse(g, text, {.variables = {"a", "b"}, .columns = {}})->value.scalar();
}

std::size_t time_of(std::string_view text) {
  Graph g;
  const NodeId id = read(g, text).id;
  return running_time(g, {&id, 1});
}

std::string simple(std::string_view text, CostProfile profile) {
  Graph g;
  return print(simplify(read(g, text), {.profile = profile}));
}

TEST(Price, TimeCountsEveryPartOnceInAdditions) {
  EXPECT_EQ(time_of("x"), 0u);
  EXPECT_EQ(time_of("x + y*z"), 2u);
  EXPECT_EQ(time_of("x - y"), 1u);
  EXPECT_EQ(time_of("x^9"), 4u);      // three squarings and a product
  EXPECT_EQ(time_of("1/x"), 4u);      // one division
  EXPECT_EQ(time_of("x^(3/2)"), 6u);  // sqrt(x)*x
  EXPECT_EQ(time_of("x^y"), 25u);
  EXPECT_EQ(time_of("sin(x)*sin(x) + sin(x)"), time_of("sin(x)") + 2);
}

// The form for a reader, the form that shares, the quick one, the accurate one.
TEST(Price, ProfilesPreferDifferentForms) {
  EXPECT_EQ(simple("exp(x)/(1 + exp(x))^2", CostProfile::display), "1/(2*(cosh(x) + 1))");
  EXPECT_EQ(simple("exp(x)/(1 + exp(x))^2", CostProfile::run), "exp(x)/(exp(x) + 1)^2");
  EXPECT_EQ(simple("x^2 - y^2", CostProfile::display), "x^2 - y^2");
  EXPECT_EQ(simple("x^2 - y^2", CostProfile::accuracy), "(x + y)*(x - y)");
  EXPECT_EQ(simple("x^8 + 8*x^7 + 28*x^6", CostProfile::shared), "x^6*(x*(x + 8) + 28)");
  EXPECT_EQ(simple("x^8 + 8*x^7 + 28*x^6", CostProfile::run), "x^6*(x*(x + 8) + 28)");
}

TEST(Price, EveryProfileKeepsToItsUnitAndIsIdempotent) {
  for (const char* text :
       {"exp(x)/(1 + exp(x))^2", "2*sin(x)*cos(x) + sin(x)", "(x^2 - 1)/(x - 1) + log(x^3)",
        "x*exp(-x^2)/(1 + exp(-x^2))", "tan(x) + tan(x)^3", "1/x - 1/(x + 1)"}) {
    for (const CostProfile profile :
         {CostProfile::display, CostProfile::shared, CostProfile::run, CostProfile::accuracy}) {
      Graph g;
      OperationCounter count(g);
      Price price(g, count, profile);
      const Expr e = read(g, text), once = simplify(e, {.profile = profile});
      EXPECT_LE(price.of(once.id), price.of(canonical(e).id)) << text << " " << print(once);
      EXPECT_EQ(simplify(once, {.profile = profile}), once) << text;
    }
  }
}

// A gradient and its function share what each alone would write away.
TEST(Price, RootsAreChosenTogether) {
  for (const char* text : {"log(1 + exp(x*y))", "exp(sin(x)^2)*log(y)/(1 + x^2)", "sin(x)*cos(x)*y",
                           "sqrt(x^2 + y^2)*x", "x*y/(x^2 + y^2)"}) {
    for (const CostProfile profile : {CostProfile::shared, CostProfile::run}) {
      Graph g;
      const Expr f = read(g, text);
      const std::vector<Expr> by{symbol(g, "x"), symbol(g, "y")};
      std::vector<Expr> all{f};
      const auto slopes = gradient(f, by);
      for (const Expr e : *slopes) all.push_back(e);
      const auto hessian_of = hessian(f, by);
      for (const Expr e : hessian_of->entries) all.push_back(e);
      std::vector<NodeId> plain, apart, together;
      for (const Expr e : canonical(all)) plain.push_back(e.id);
      for (const Expr e : all) apart.push_back(simplify(e, {.profile = profile}).id);
      for (const Expr e : simplify(all, {.profile = profile})) together.push_back(e.id);
      OperationCounter count(g);
      Price price(g, count, profile);
      EXPECT_LE(price.of(together), price.of(apart)) << text;
      EXPECT_LE(price.of(together), price.of(plain)) << text;
    }
  }
}

}  // namespace
}  // namespace nabla
