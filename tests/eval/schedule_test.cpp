// The order of steps: what it is good for, and that it changes nothing else.

#include "lib/eval/schedule.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "lib/calculus/gradient.hpp"
#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/code_builder.hpp"
#include "lib/eval/interpret.hpp"
#include "lib/eval/lifetimes.hpp"
#include "lib/eval/stages.hpp"
#include "tests/support/central_difference.hpp"
#include "tests/support/foreign.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

// Value and gradient of Rosenbrock's function.
Code rosenbrock(std::size_t n) {
  Graph g;
  std::vector<Expr> x;
  for (std::size_t i = 0; i < n; ++i) x.push_back(symbol(g, "x" + std::to_string(i)));
  Expr f = number(g, 0);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    f = f + 100 * pow(x[i + 1] - pow(x[i], 2), 2) + pow(1 - x[i], 2);
  }
  std::vector<Expr> outputs{f};
  const auto slopes = gradient(f, x);
  outputs.insert(outputs.end(), slopes->begin(), slopes->end());
  return point_stages(*record(x, outputs), {}).stages.front().code;
}

TEST(Schedule, KeepsFewValuesAliveOnALongChain) {
  EXPECT_LE(Lifetimes(rosenbrock(20)).most, 14u);
  EXPECT_LE(Lifetimes(rosenbrock(100)).most, 14u);
  EXPECT_LE(Lifetimes(rosenbrock(20000)).most, 14u);
}

// n products that are all read again in the opposite order.
Code back_and_forth(std::uint32_t n) {
  CodeBuilder b(0);
  std::vector<CodeBuilder::Value> values{b.uniform(0)};
  for (std::uint32_t i = 0; i < n; ++i) {
    values.push_back(b.emit(Opcode::multiply, values.back(), b.uniform(i % 3)));
  }
  CodeBuilder::Value sum = values.back();
  for (std::uint32_t i = n; i-- > 0;) sum = b.emit(Opcode::subtract, sum, values[i]);
  b.output(sum);
  return b.finish(3);
}

TEST(Schedule, NeverMakesItWorse) {
  const Code before = back_and_forth(50);
  const Code after = schedule(before);
  EXPECT_FALSE(find_fault(after));
  EXPECT_LE(Lifetimes(after).beyond, Lifetimes(before).beyond);
}

TEST(Schedule, LeavesShortCodeAsItIs) {
  const Code before = back_and_forth(5);
  EXPECT_EQ(to_text(schedule(before)), to_text(before));
}

// The steps of random expressions in a random order that is allowed.
Code shuffled(const Code& code, RandomExpressions& random) {
  Code result = code;
  const std::uint32_t first = code.first_step();
  std::vector<std::uint32_t> place(code.size()), waits(code.size()), ready;
  std::vector<std::vector<std::uint32_t>> readers(code.size());
  for (std::uint32_t i = 0; i < code.size(); ++i) {
    for (int k = 0; k < arity(code.step[i]); ++k) {
      const std::uint32_t v = code.operand(i, k);
      if (v < first) continue;
      ++waits[i];
      readers[v - first].push_back(i);
    }
    if (waits[i] == 0) ready.push_back(i);
  }
  const auto moved = [&](std::uint32_t v) { return v < first ? v : first + place[v - first]; };
  for (std::uint32_t at = 0; !ready.empty(); ++at) {
    std::swap(ready[static_cast<std::size_t>(random.below(static_cast<int>(ready.size())))],
              ready.back());
    const std::uint32_t i = ready.back();
    ready.pop_back();
    place[i] = at;
    const int count = arity(code.step[i]);
    result.step[at] = code.step[i];
    result.detail[at] = code.detail[i];
    result.a[at] = moved(code.a[i]);
    result.b[at] = count > 1 ? moved(code.b[i]) : 0;
    result.c[at] = count > 2 ? moved(code.c[i]) : 0;
    for (const std::uint32_t r : readers[i]) {
      if (--waits[r] == 0) ready.push_back(r);
    }
  }
  for (std::uint32_t& v : result.outputs) v = moved(v);
  return result;
}

TEST(Schedule, IsWellFormedAndGivesTheSameBits) {
  int changed = 0;
  for (int done = 0; done < random_cases(400); ++done) {
    Graph g;
    RandomExpressions random(
        g, {.seed = 900 + static_cast<std::uint64_t>(done), .operations = 20 + done % 80});
    const Expr f = random.next();
    const auto slopes = gradient(f, random.variables());
    ASSERT_TRUE(slopes);
    std::vector<Expr> results{f};
    results.insert(results.end(), slopes->begin(), slopes->end());
    const CompileOptions options{.math = done % 2 == 0 ? Math::fast : Math::library};
    const auto tape = record(random.variables(), results);
    ASSERT_TRUE(tape);
    const Code code = shuffled(point_stages(*tape, options).stages.front().code, random);
    ASSERT_FALSE(find_fault(code)) << *find_fault(code);
    const Code after = schedule(code);
    ASSERT_FALSE(find_fault(after)) << *find_fault(after) << "\n" << to_text(code);
    EXPECT_LE(after.size(), code.size());
    changed += to_text(after) != to_text(code);
    for (const double x : {0.3, -2.0, 1e200}) {
      const double in[] = {x, 1 - x, x / 3};
      double expected[4], found[4];
      PointInterpreter(code).run(in, expected);
      PointInterpreter(after).run(in, found);
      for (int k = 0; k < 4; ++k) ASSERT_TRUE(same_bits(expected[k], found[k])) << to_text(code);
    }
  }
  EXPECT_GT(changed, 100);
}

}  // namespace
}  // namespace nabla::test
