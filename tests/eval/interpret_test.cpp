#include "lib/eval/interpret.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "lib/calculus/gradient.hpp"
#include "lib/core/constants.hpp"
#include "lib/emit/print.hpp"
#include "lib/eval/function.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla {
namespace {

using test::RandomExpressions;

bool same_bits(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

const std::vector<double> edges{0.0,
                                -0.0,
                                1.0,
                                -1.0,
                                0.5,
                                2.0,
                                -3.0,
                                1e-160,
                                1e300,
                                -1e16,
                                std::numeric_limits<double>::infinity(),
                                -std::numeric_limits<double>::infinity(),
                                std::numeric_limits<double>::quiet_NaN(),
                                std::numeric_limits<double>::denorm_min(),
                                -std::numeric_limits<double>::denorm_min(),
                                std::numeric_limits<double>::min() / 3,
                                std::numeric_limits<double>::max()};

double pick(RandomExpressions& random) {
  return random.below(2) == 0
             ? edges[static_cast<std::size_t>(random.below(static_cast<int>(edges.size())))]
             : random.uniform(-4, 4);
}

// The plainest reading of a tape: every value in a cell of its own, row by row.
std::vector<double> read_plainly(const Tape& t, std::span<const double> in,
                                 std::span<const std::vector<double>> columns, std::size_t rows) {
  std::vector<double> value(t.first_operation() + t.operations());
  std::copy(in.begin(), in.end(), value.begin());
  value[t.row_count()] = static_cast<double>(rows);
  std::copy(t.constants.begin(), t.constants.end(), value.begin() + t.first_constant());
  std::size_t begin = 0;
  for (const Segment& s : t.segments) {
    for (std::size_t row = 0; row < (s.loop ? rows : 1); ++row) {
      for (std::size_t k = 0; k < t.column_names.size() && s.loop; ++k) {
        value[t.first_column() + k] = columns[k][row];
      }
      for (std::size_t i = begin; i < s.end; ++i) {
        double& to = value[t.first_operation() + i];
        if (t.op[i] == Primitive::total) {
          to += value[t.a[i]];
        } else {
          to = apply(t.op[i], t.detail[i], value[t.a[i]], value[t.b[i]], value[t.c[i]]);
        }
      }
    }
    begin = s.end;
  }
  std::vector<double> out;
  for (const std::uint32_t v : t.outputs) out.push_back(value[v]);
  return out;
}

struct Compiled {
  Expr f;
  Function function;
};

Compiled draw(RandomExpressions& random) {
  const Expr f = random.next();
  const auto slopes = gradient(f, random.variables());
  EXPECT_TRUE(slopes) << slopes.error().message;
  std::vector<Expr> outputs{f};
  outputs.insert(outputs.end(), slopes->begin(), slopes->end());
  auto function = Function::compile(random.variables(), outputs);
  EXPECT_TRUE(function) << function.error().message;
  EXPECT_EQ(find_fault(function->tape()), std::nullopt) << print(f);
  return {f, *function};
}

TEST(Interpreter, ComputesWhatTheTapeSaysThoughItUsesRegistersAgain) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Graph g;
    RandomExpressions random(g, {.seed = seed, .operations = static_cast<int>(seed) * 3});
    for (int k = 0; k < 25; ++k) {
      const auto [f, function] = draw(random);
      for (int p = 0; p < 20; ++p) {
        const double in[] = {pick(random), pick(random), pick(random)};
        const auto expected = read_plainly(function.tape(), in, {}, 0);
        double out[4];
        function(in, out);
        for (std::size_t o = 0; o < 4; ++o) {
          ASSERT_TRUE(same_bits(out[o], expected[o])) << print(f) << "\n"
                                                      << to_text(function.tape());
        }
      }
    }
  }
}

TEST(Interpreter, AddsUpRowsInBlocksAsItWouldOneByOne) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Graph g;
    RandomExpressions random(g, {.seed = seed, .columns = true});
    std::vector<double> columns[2];
    for (int row = 0; row < 700; ++row) {
      for (auto& column : columns) column.push_back(random.uniform(0.5, 1.5));
    }
    for (int k = 0; k < 20; ++k) {
      const auto [f, function] = draw(random);
      for (const std::size_t rows :
           {std::size_t{0}, std::size_t{1}, std::size_t{256}, std::size_t{700}}) {
        const double in[] = {pick(random), pick(random), pick(random)};
        Data data{.names = {"c1", "c2"}, .columns = {}, .rows = rows};
        for (auto& column : columns) data.columns.emplace_back(column.data(), rows);
        std::vector<std::vector<double>> used;
        for (const auto& name : function.columns()) used.push_back(columns[name == "c1" ? 0 : 1]);
        const auto expected = read_plainly(function.tape(), in, used, rows);
        double out[4];
        function(in, out, data);
        for (std::size_t o = 0; o < 4; ++o) {
          ASSERT_TRUE(same_bits(out[o], expected[o])) << print(f) << "\n"
                                                      << to_text(function.tape());
        }
      }
    }
  }
}

TEST(Interpreter, GivesABatchTheBitsOfEachPoint) {
  constexpr std::size_t rows = 300;
  for (std::uint64_t seed = 100; seed < 120; ++seed) {
    Graph g;
    RandomExpressions random(g, {.seed = seed, .operations = 25});
    for (int k = 0; k < 20; ++k) {
      const auto [f, function] = draw(random);
      std::vector<double> in[3], out[4];
      for (auto& column : in) {
        for (std::size_t i = 0; i < rows; ++i) column.push_back(pick(random));
      }
      for (auto& column : out) column.resize(rows);
      const double* ins[] = {in[0].data(), in[1].data(), in[2].data()};
      double* outs[] = {out[0].data(), out[1].data(), out[2].data(), out[3].data()};
      function.batch(ins, outs, rows);
      for (std::size_t i = 0; i < rows; ++i) {
        const double point[] = {in[0][i], in[1][i], in[2][i]};
        double value[4];
        function(point, value);
        for (std::size_t o = 0; o < 4; ++o) {
          ASSERT_TRUE(same_bits(value[o], out[o][i])) << print(f) << " row " << i;
        }
      }
    }
  }
}

// An evaluation of the graph itself, powers by pow: agrees as far as rounding allows.
double evaluate_plainly(Expr f, std::span<const Expr> variables, std::span<const double> at) {
  const Graph& g = *f.graph;
  NodeMap<double> value(f.id);
  for (const NodeId id : g.below(f.id)) {
    const Node& n = g[id];
    const auto operand = [&](int i) { return value[n.operand(i)]; };
    switch (n.op) {
      case Op::integer:
      case Op::rational:
      case Op::real: value[id] = g.value_of_number(n); break;
      case Op::constant: value[id] = constants[n.detail].value; break;
      case Op::symbol:
        for (std::size_t i = 0; i < variables.size(); ++i) {
          if (variables[i].id == id) value[id] = at[i];
        }
        break;
      case Op::sum: value[id] = operand(0) + operand(1); break;
      case Op::product: value[id] = operand(0) * operand(1); break;
      case Op::power: value[id] = std::pow(operand(0), operand(1)); break;
      case Op::call: {
        const nabla::Value& how = row(n.fn()).value;
        value[id] = how.arity == 2 ? how.binary(operand(0), operand(1)) : how.unary(operand(0));
        break;
      }
      default: ADD_FAILURE() << "not expected here";
    }
  }
  return value[f.id];
}

TEST(Interpreter, AgreesWithThePlainReadingOfTheExpression) {
  int compared = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Graph g;
    RandomExpressions random(g, {.seed = seed, .operations = 8, .kinks = false, .choices = false});
    for (int k = 0; k < 20; ++k) {
      const Expr f = random.next();
      bool machine = true;
      for (const NodeId id : g.below(f.id)) {
        machine &=
            g[id].op != Op::call || row(g[id].fn()).value.kind == nabla::Value::Kind::machine;
      }
      if (!machine) continue;
      const auto function = Function::compile(random.variables(), std::span(&f, 1));
      ASSERT_TRUE(function);
      double out = 0;
      (*function)(random.point(), {&out, 1});
      const double expected = evaluate_plainly(f, random.variables(), random.point());
      EXPECT_NEAR(out, expected, 1e-10 * std::max(1.0, std::fabs(expected))) << print(f);
      ++compared;
    }
  }
  EXPECT_GT(compared, 500);
}

TEST(Interpreter, HoldsTapesWithManyLiveValues) {
  // Every value lives until the end: more registers than fit the stack.
  Graph g;
  const Expr x = symbol(g, "x");
  std::vector<Expr> outputs;
  Expr f = x;
  for (int i = 0; i < 5000; ++i) outputs.push_back(f = f * x + i);
  const auto function = Function::compile(std::span(&x, 1), outputs);
  ASSERT_TRUE(function);
  std::vector<double> out(5000);
  const double in[] = {0.5};
  (*function)(in, out);
  double expected = 0.5;
  for (int i = 0; i < 5000; ++i) {
    expected = expected * 0.5 + i;
    ASSERT_EQ(out[static_cast<std::size_t>(i)], expected);
  }
}

}  // namespace
}  // namespace nabla
