// What every row of the function table must satisfy; a new row is tested by being there. Its
// partials are checked against MPFR differences in tests/calculus, its generated code in
// tests/emit.

#include "lib/core/functions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "lib/calculus/derivative.hpp"
#include "lib/core/graph.hpp"
#include "lib/emit/print.hpp"
#include "lib/eval/function.hpp"
#include "parser/parse.hpp"

namespace nabla {
namespace {

struct FunctionTable : testing::TestWithParam<int> {
  const FunctionRow& f = functions[static_cast<std::size_t>(GetParam())];
  Fn fn = Fn{static_cast<std::uint8_t>(GetParam())};
  Graph g;
  Expr u = symbol(g, "u"), v = symbol(g, "v"), w = symbol(g, "w");

  // The function applied to symbols; the order of polygamma must be a literal.
  Expr applied() {
    if (f.value.arity == 3) return f.value.expression({u, v, w});
    if (f.value.arity == 1) return call(fn, u);
    return f.partials.kind == Partials::Kind::each && !f.partials.defined[0]
               ? call(fn, number(g, 2), v)
               : call(fn, u, v);
  }

  struct Point {
    double u, v, w;
  };
  std::vector<Point> points() const {
    std::vector<Point> result;
    for (int i = 1; i < 12; ++i) {
      const double t = i / 12.0;
      result.push_back({f.sample.low + t * (f.sample.high - f.sample.low),
                        f.second_sample.low + t * t * (f.second_sample.high - f.second_sample.low),
                        5.0});
    }
    return result;
  }

  double at(Expr e, Point p) const {
    const Binding where[] = {{"u", p.u}, {"v", p.v}, {"w", p.w}};
    const auto value = evaluate(e, where);
    EXPECT_TRUE(value) << (value ? "" : value.error().message);
    return value ? *value : NAN;
  }

  Expr parsed(std::string_view text) {
    const auto reading = parse(g, text);
    EXPECT_TRUE(reading) << text << ": " << (reading ? "" : reading.error().message);
    return reading ? reading->value.entries.front() : u;
  }
};

void expect_close(double a, double b, double tolerance, const std::string& what) {
  if (std::isnan(a) && std::isnan(b)) return;
  EXPECT_LE(std::fabs(a - b), tolerance * std::max({1.0, std::fabs(a), std::fabs(b)})) << what;
}

TEST_P(FunctionTable, SaysInOneLineWhatItIs) {
  EXPECT_GT(f.summary.size(), 3u);
  EXPECT_EQ(f.summary.find('\n'), f.summary.npos);
}

TEST_P(FunctionTable, IsFoundUnderEverySpelling) {
  for_each_spelling(f.name, f.aliases, [&](std::string_view spelling) {
    EXPECT_EQ(find_function(spelling, f.value.arity), fn) << spelling;
  });
}

TEST_P(FunctionTable, HasAValueInsideItsSampleInterval) {
  const Expr e = applied();
  for (const Point& p : points()) EXPECT_TRUE(std::isfinite(at(e, p))) << p.u << " " << p.v;
}

TEST_P(FunctionTable, PrintsTextThatReadsBackAsTheSameNode) {
  const Expr e = applied();
  EXPECT_EQ(parsed(print(e)), e) << print(e);
}

TEST_P(FunctionTable, ReadsUnderEverySpelling) {
  const Expr e = applied();
  std::string arguments = f.value.arity == 1 ? "(u)" : f.value.arity == 2 ? "(u, v)" : "(u, v, w)";
  if (f.value.arity == 2 && f.partials.kind == Partials::Kind::each && !f.partials.defined[0]) {
    arguments = "(2, v)";
  }
  for_each_spelling(f.name, f.aliases, [&](std::string_view spelling) {
    EXPECT_EQ(parsed(std::string(spelling) + arguments), e) << spelling;
  });
}

TEST_P(FunctionTable, PartialsAgreeWithDifferences) {
  const Expr e = applied();
  const Expr variables[] = {u, v, w};
  for (int i = 0; i < f.value.arity; ++i) {
    if (f.partials.kind == Partials::Kind::each && !f.partials.defined[static_cast<std::size_t>(i)])
      continue;
    const auto slope = derivative(e, variables[i]);
    ASSERT_TRUE(slope) << slope.error().message;
    for (const Point& p : points()) {
      const double h = 1e-5;
      Point before = p, after = p;
      (i == 0 ? before.u : i == 1 ? before.v : before.w) -= h;
      (i == 0 ? after.u : i == 1 ? after.v : after.w) += h;
      const double difference = (at(e, after) - at(e, before)) / (2 * h);
      expect_close(at(*slope, p), difference, 2e-6, print(*slope) + " at " + std::to_string(p.u));
    }
  }
}

TEST_P(FunctionTable, ParityHolds) {
  if (f.parity == Parity::none) return;
  // Through the value itself: the constructor moves signs by this very column.
  const auto value = [&](double x) {
    return f.value.kind == Value::Kind::machine ? f.value.unary(x)
                                                : at(f.value.expression({.u = u}), {x, 0, 0});
  };
  for (const Point& p : points()) {
    EXPECT_EQ(value(-p.u), f.parity == Parity::odd ? -value(p.u) : value(p.u)) << p.u;
  }
}

TEST_P(FunctionTable, SymmetryHolds) {
  if (!f.commutative) return;
  const auto value = [&](double x, double y) {
    return f.value.kind == Value::Kind::machine
               ? f.value.binary(x, y)
               : at(f.value.expression({.u = u, .v = v}), {x, y, 0});
  };
  for (const Point& p : points()) EXPECT_EQ(value(p.u, p.v), value(p.v, p.u)) << p.u << " " << p.v;
}

TEST_P(FunctionTable, ExactValuesAgreeWithTheMachine) {
  if (f.exact.arity == 0) return;
  for (const Number& x :
       {Number(-3), Number(-1), Number(0), Number(1), Number(2), Number(8), Number(100),
        Number::ratio(1, 2), Number::ratio(-7, 2), Number::ratio(5, 3)}) {
    for (const Number& y : {Number(-3), Number(2), Number::ratio(3, 4)}) {
      const auto exact = f.exact.arity == 1 ? f.exact.unary(x) : f.exact.binary(x, y);
      if (!exact) continue;
      const Expr e =
          f.value.kind == Value::Kind::lowered ? f.value.expression({.u = u, .v = v}) : Expr{};
      const double a = x.to_double(), b = y.to_double();
      const double value = e.graph              ? at(e, {a, b, 0})
                           : f.exact.arity == 1 ? f.value.unary(a)
                                                : f.value.binary(a, b);
      expect_close(value, exact->to_double(), 1e-15, x.to_string() + ", " + y.to_string());
    }
  }
}

TEST_P(FunctionTable, IdentitiesHoldWhereBothSidesExist) {
  for (std::string_view rest = f.identities; !rest.empty();) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view rule = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equals = rule.find(" = ");
    ASSERT_NE(equals, rule.npos) << rule;
    const Expr left = parsed(rule.substr(0, equals)), right = parsed(rule.substr(equals + 3));
    int compared = 0;
    for (const Point& p : points()) {
      const double a = at(left, p), b = at(right, p);
      if (!std::isfinite(a) || !std::isfinite(b)) continue;
      expect_close(a, b, 1e-13, std::string(rule));
      ++compared;
    }
    EXPECT_GT(compared, 0) << rule;
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, FunctionTable, testing::Range(0, static_cast<int>(functions.size())),
                         [](const auto& row_index) {
                           const FunctionRow& f =
                               functions[static_cast<std::size_t>(row_index.param)];
                           return std::string(f.name) + std::to_string(f.value.arity);
                         });

TEST(FunctionTableIndex, DoesNotKnowWhatIsNotThere) {
  for (const char* name : {"", "sinn", "Sin", "sqr", "log "})
    EXPECT_FALSE(find_function(name)) << name;
  EXPECT_FALSE(find_function("sin", 2));
  EXPECT_TRUE(find_function("log", 2));
}

}  // namespace
}  // namespace nabla
