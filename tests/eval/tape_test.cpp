#include "lib/eval/tape.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "lib/core/build.hpp"

namespace nabla {
namespace {

class TapeTest : public testing::Test {
 protected:
  Tape taped(std::vector<Expr> outputs) {
    auto tape = record(std::vector{x, y, z}, outputs);
    EXPECT_TRUE(tape) << (tape ? "" : tape.error().message);
    EXPECT_EQ(find_fault(*tape), std::nullopt) << to_text(*tape);
    return *tape;
  }
  std::string text(std::vector<Expr> outputs) { return to_text(taped(std::move(outputs))); }

  Graph g;
  Expr x = symbol(g, "x"), y = symbol(g, "y"), z = symbol(g, "z");
  Expr xs = column(g, "x"), ys = column(g, "y");
};

// ---- how mathematics becomes operations

TEST_F(TapeTest, WritesDifferencesAndQuotientsAsSuch) {
  EXPECT_EQ(text({x - y}), "t0 = subtract x y\nreturn t0\n");
  EXPECT_EQ(text({-x + y}), "t0 = subtract y x\nreturn t0\n");
  EXPECT_EQ(text({x - 3}), "t0 = subtract x 3\nreturn t0\n");
  EXPECT_EQ(text({x - 3 * y}), "t0 = multiply 3 y\nt1 = subtract x t0\nreturn t1\n");
  EXPECT_EQ(text({-x}), "t0 = negate x\nreturn t0\n");
  EXPECT_EQ(text({x / y}), "t0 = divide x y\nreturn t0\n");
  EXPECT_EQ(text({1 / y}), "t0 = divide 1 y\nreturn t0\n");
  EXPECT_EQ(text({-1 / y}), "t0 = divide -1 y\nreturn t0\n");
  EXPECT_EQ(text({x / y / z}), "t0 = divide x y\nt1 = divide t0 z\nreturn t1\n");
  EXPECT_EQ(text({x / (y * z)}), "t0 = multiply y z\nt1 = divide x t0\nreturn t1\n");
}

TEST_F(TapeTest, DividesByIntegersInsteadOfMultiplyingWithRoundedFractions) {
  EXPECT_EQ(text({x / 3}), "t0 = divide x 3\nreturn t0\n");
  EXPECT_EQ(text({-x / 3}), "t0 = divide x -3\nreturn t0\n");
  EXPECT_EQ(text({2 * x / 3}), "t0 = multiply 2 x\nt1 = divide t0 3\nreturn t1\n");
  EXPECT_EQ(text({3 * x / 4}), "t0 = multiply 0.75 x\nreturn t0\n") << "exact as it is";
}

TEST_F(TapeTest, SharesTheChainOfAPower) {
  EXPECT_EQ(text({pow(x, 2), pow(x, 3), pow(x, 4)}),
            "t0 = multiply x x\nt1 = multiply t0 x\nt2 = multiply t0 t0\nreturn t0 t1 t2\n");
  EXPECT_EQ(text({y / pow(x, 2)}), "t0 = multiply x x\nt1 = divide y t0\nreturn t1\n");
  EXPECT_EQ(text({pow(x, -2), pow(x, 2)}), "t0 = multiply x x\nt1 = divide 1 t0\nreturn t1 t0\n");
}

// y / x^2 reads x^2, the output reads 1 / x^2: one node, two values.
TEST_F(TapeTest, WritesBothValuesOfANodeThatIsReadBothWays) {
  EXPECT_EQ(text({y / pow(x, 2), pow(x, -2)}),
            "t0 = multiply x x\nt1 = divide 1 t0\nt2 = divide y t0\nreturn t2 t1\n");
  EXPECT_EQ(text({x + -(y * z), -(y * z)}),
            "t0 = multiply y z\nt1 = negate t0\nt2 = subtract x t0\nreturn t2 t1\n");
  EXPECT_EQ(text({x - y * z}), "t0 = multiply y z\nt1 = subtract x t0\nreturn t1\n")
      << "and nothing where it is read one way";
}

TEST_F(TapeTest, OrdersOperationsByTheExpressionAndNotByItsHistory) {
  Graph other;
  const Expr c = symbol(other, "z"), b = symbol(other, "y"), a = symbol(other, "x");
  const Expr late = call("sin"_fn, c), early = call("exp"_fn, a * b);
  const auto tape = record(std::vector{a, b, c}, std::vector{early / late, late});
  ASSERT_TRUE(tape);
  const Expr first = call("exp"_fn, x * y), second = call("sin"_fn, z);
  EXPECT_EQ(to_text(*tape), text({first / second, second}));
}

TEST_F(TapeTest, TakesHalfIntegerPowersThroughOneRoot) {
  const Expr half = rational(g, 1, 2), three_halves = rational(g, 3, 2);
  EXPECT_EQ(text({pow(x, half), pow(x, three_halves), pow(x, -half)}),
            "t0 = square_root x\nt1 = multiply x t0\nt2 = divide 1 t0\nreturn t0 t1 t2\n");
}

TEST_F(TapeTest, MultipliesAsOftenAsTheBinaryDigitsSay) {
  for (int k = 2; k <= 32; ++k) {
    std::size_t expected = 0;  // a squaring for every digit but the first, one more for every 1
    for (int digits = k; digits > 1; digits /= 2) expected += digits % 2 == 0 ? 1 : 2;
    const Tape tape = taped({pow(x, k)});
    EXPECT_EQ(tape.operations(), expected) << k;
    for (const Primitive op : tape.op) EXPECT_EQ(op, Primitive::multiply);
  }
  EXPECT_EQ(text({pow(x, 33)}), "t0 = power x 33\nreturn t0\n");
  EXPECT_EQ(text({pow(x, -33)}), "t0 = power x -33\nreturn t0\n");
  EXPECT_EQ(text({pow(x, rational(g, 1, 3))}), "t0 = power x 0.3333333333333333\nreturn t0\n");
}

TEST_F(TapeTest, ComputesWhatDependsOnNoInputBeforehand) {
  const Expr pi = constant(g, "pi");
  EXPECT_EQ(text({x * call("sqrt", 2 * pi)}), "t0 = multiply x 2.5066282746310002\nreturn t0\n");
  const Tape tape = taped({call("exp"_fn, number(g, 1))});
  EXPECT_EQ(tape.operations(), 0u);
  EXPECT_EQ(tape.constants, std::vector<double>{std::exp(1.0)}) << "and nothing else is kept";
}

TEST_F(TapeTest, NeverSimplifiesWhatIeeeKeepsApart) {
  const Expr never = select(less(x, x), x, literal(g, 0.0));
  EXPECT_EQ(taped({never * y}).operations(), 3u) << "0*y is no 0 when y is infinite";
  EXPECT_EQ(taped({never + y}).operations(), 3u) << "0 + y is no y when y is -0";
}

TEST_F(TapeTest, ReplacesFunctionsDefinedByOthers) {
  const std::size_t nodes = g.size();
  const Tape tape = taped(
      {call("heaviside"_fn, x) + call("mod"_fn, x, y) + call("digamma"_fn, call("sigmoid"_fn, z))});
  for (std::size_t i = 0; i < tape.op.size(); ++i) {
    if (tape.op[i] != Primitive::call) continue;
    EXPECT_EQ(row(Fn{tape.detail[i]}).value.kind, nabla::Value::Kind::machine);
  }
  EXPECT_EQ(g.size() - nodes, 6u) << "only the outputs above are new in the graph";
}

TEST_F(TapeTest, WritesSharedExpressionsOnceForAllOutputs) {
  const Expr u = call("sin"_fn, x * y);
  EXPECT_EQ(taped({u + 1, u * z, u}).operations(), 4u);
  EXPECT_EQ(taped({x, x, y}).operations(), 0u);
}

TEST_F(TapeTest, LeavesOutTheArmOfAConditionThatIsDecided) {
  const Expr decided = select(less(number(g, 1), constant(g, "pi")), x, call("exp"_fn, y));
  EXPECT_EQ(text({decided}), "return x\n");
}

// ---- sums over data

TEST_F(TapeTest, PutsSumsOverTheSameRowsIntoOneLoop) {
  const Expr r = x * xs + y - ys;
  EXPECT_EQ(text({data_sum(pow(r, 2)), data_sum(r * xs)}),
            "for each row\n"
            "  t0 = multiply x x[row]\n  t1 = add t0 y\n  t2 = subtract t1 y[row]\n"
            "  t3 = multiply t2 t2\n  t4 = multiply t2 x[row]\n"
            "  t5 = total t3\n  t6 = total t4\n"
            "return t5 t6\n");
}

TEST_F(TapeTest, ComputesWhatRowsShareBeforeTheLoopAndSumsOfSumsAfterIt) {
  const Expr mean = data_sum(xs) / data_sum(literal(g, 1));
  EXPECT_EQ(text({data_sum(pow(xs - mean, 2) * call("exp"_fn, xs * call("sin"_fn, x)))}),
            "t0 = sin x\n"
            "for each row\n  t1 = total x[row]\n"
            "t2 = divide t1 rows\n"
            "for each row\n"
            "  t3 = subtract x[row] t2\n  t4 = multiply t3 t3\n"
            "  t5 = multiply x[row] t0\n  t6 = exp t5\n  t7 = multiply t4 t6\n  t8 = total t7\n"
            "return t8\n");
}

TEST_F(TapeTest, KeepsSumsInsideOneAnotherWithinALimit) {
  const auto nested = [&](int depth) {
    Expr f = x;
    for (int i = 0; i < depth; ++i) f = data_sum(call("sin"_fn, xs * f));
    return f;
  };
  EXPECT_EQ(taped({nested(100)}).segments.size(), 100u);
  const auto deeper = record(std::vector{x}, std::vector{nested(101)});
  ASSERT_FALSE(deeper);
  EXPECT_EQ(deeper.error().code, "E304");
}

// ---- size

TEST_F(TapeTest, TakesAMillionOperationsWithoutRecursion) {
  Expr left = x, right = x;
  for (int i = 0; i < 500'000; ++i) {
    left = left * y;
    left = left + z;
    right = z + call("sin"_fn, right);
  }
  const auto tape = record(std::vector{x, y, z}, std::vector{left, right});
  ASSERT_TRUE(tape);
  EXPECT_EQ(tape->operations(), 2'000'000u);
  EXPECT_EQ(find_fault(*tape), std::nullopt);
}

TEST_F(TapeTest, SaysWhichLimitAReplacementRunsInto) {
  Graph small({.nodes = 200});
  Expr f = symbol(small, "x");
  for (int i = 0; i < 60; ++i) f = call("sigmoid"_fn, f);
  const auto tape = record(std::vector{symbol(small, "x")}, std::vector{f});
  ASSERT_FALSE(tape);
  EXPECT_EQ(tape.error().code, "L101");
}

// ---- the validator

class Fault : public TapeTest {
 protected:
  Tape good = taped({data_sum(pow(x * xs - y, 2)) / z + call("sin"_fn, z)});
};

TEST_F(Fault, FindsOperandsThatComeLater) {
  good.a[0] = good.first_operation();
  EXPECT_NE(find_fault(good), std::nullopt);
}

TEST_F(Fault, FindsOperandsTooMany) {
  for (std::size_t i = 0; i < good.op.size(); ++i) {
    Tape tape = good;
    if (arity(tape.op[i], tape.detail[i]) < 2) tape.b[i] = 1;
    if (arity(tape.op[i], tape.detail[i]) < 3) tape.c[i] = 1;
    EXPECT_NE(find_fault(tape), std::nullopt) << i;
  }
}

TEST_F(Fault, FindsOperationsAndFunctionsThatDoNotExist) {
  Tape tape = good;
  tape.op[0] = static_cast<Primitive>(200);
  EXPECT_NE(find_fault(tape), std::nullopt);
  tape = good;
  for (std::size_t i = 0; i < tape.op.size(); ++i) {
    if (tape.op[i] == Primitive::call) {
      tape.detail[i] = static_cast<std::uint8_t>("round"_fn);
      EXPECT_NE(find_fault(tape), std::nullopt) << "no function of the machine";
      tape.detail[i] = 255;
      EXPECT_NE(find_fault(tape), std::nullopt);
    }
  }
}

TEST_F(Fault, FindsRowValuesOutsideTheirLoop) {
  ASSERT_TRUE(good.segments[1].loop) << to_text(good);
  Tape tape = good;
  tape.outputs[0] = tape.first_operation() + good.segments[0].end;
  EXPECT_NE(find_fault(tape), std::nullopt);
  tape = good;
  tape.outputs[0] = tape.first_column();
  EXPECT_NE(find_fault(tape), std::nullopt);
  tape = good;
  tape.a[good.segments[1].end] = tape.first_operation() + good.segments[0].end;
  EXPECT_NE(find_fault(tape), std::nullopt);
  tape = good;
  tape.a[0] = tape.first_column();
  EXPECT_NE(find_fault(tape), std::nullopt) << "a column before the loop";
}

TEST_F(Fault, FindsSegmentsAndArraysThatDoNotFit) {
  Tape tape = good;
  tape.segments.pop_back();
  EXPECT_NE(find_fault(tape), std::nullopt);
  tape = good;
  tape.segments[1].loop = false;
  EXPECT_NE(find_fault(tape), std::nullopt);
  tape = good;
  tape.detail.pop_back();
  EXPECT_NE(find_fault(tape), std::nullopt);
  tape = good;
  tape.outputs.push_back(tape.first_operation() + static_cast<std::uint32_t>(tape.op.size()));
  EXPECT_NE(find_fault(tape), std::nullopt);
}

}  // namespace
}  // namespace nabla
