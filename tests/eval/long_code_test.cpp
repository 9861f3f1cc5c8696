// Tapes of many operations and batches of many columns.

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/function.hpp"
#include "tests/support/foreign.hpp"

namespace nabla::test {
namespace {

struct Columns {
  std::vector<std::vector<double>> values;
  std::vector<double*> pointers;

  Columns(std::size_t count, std::size_t rows) : values(count, std::vector<double>(rows)) {
    for (std::size_t k = 0; k < count; ++k) {
      for (std::size_t i = 0; i < rows; ++i) {
        values[k][i] = std::sin(static_cast<double>(k * rows + i));
      }
      pointers.push_back(values[k].data());
    }
  }
  std::vector<const double*> read() const { return {pointers.begin(), pointers.end()}; }
};

// x_{k+1} x_k - x_k of n names; the last output is their sum.
struct Chain {
  Graph g;
  std::vector<Expr> inputs, outputs;

  explicit Chain(std::size_t n) {
    for (std::size_t k = 0; k < n; ++k) inputs.push_back(symbol(g, "x" + std::to_string(k)));
    Expr sum = inputs[0];
    for (std::size_t k = 0; k + 1 < n; ++k) {
      outputs.push_back(inputs[k + 1] * inputs[k] - inputs[k]);
      sum = sum + outputs.back();
    }
    outputs.push_back(sum);
  }
};

TEST(LongCode, GivesTheBitsOfTheInterpreter) {
  const Chain chain(50000);
  constexpr std::size_t rows = 21;
  const Columns in(chain.inputs.size(), rows);
  const auto compile = [&](Engine engine) {
    return *Function::compile(chain.inputs, chain.outputs, {.engine = engine});
  };
  const Function native = compile(Engine::native), interpreted = compile(Engine::interpreter);
  EXPECT_GT(native.operations(), 100000u);
  Columns a(chain.outputs.size(), rows), b(chain.outputs.size(), rows);
  native.batch(in.read(), a.pointers, rows);
  interpreted.batch(in.read(), b.pointers, rows);
  EXPECT_EQ(a.values, b.values);
  std::vector<double> point, out(chain.outputs.size());
  for (const auto& column : in.values) point.push_back(column[3]);
  native(point, out);
  for (std::size_t k = 0; k < out.size(); ++k) ASSERT_EQ(out[k], a.values[k][3]) << k;
}

TEST(ManyColumns, MayBeOverwrittenByResults) {
  const Chain chain(100);
  constexpr std::size_t rows = 1003;
  const auto f = *Function::compile(chain.inputs, chain.outputs, {});
  Columns both(chain.inputs.size(), rows), expected(chain.outputs.size(), rows);
  f.batch(both.read(), expected.pointers, rows);
  // Each result to the column that the next one reads.
  std::vector<double*> to(both.pointers.begin() + 1, both.pointers.end());
  to.push_back(both.pointers.front());
  f.batch(both.read(), to, rows);
  for (std::size_t k = 0; k < to.size(); ++k) {
    ASSERT_EQ(both.values[(k + 1) % to.size()], expected.values[k]) << k;
  }
}

}  // namespace
}  // namespace nabla::test
