// Batches and sums over many columns, over columns anywhere in memory, and over so much data that
// it goes through tiles: always the bits of one point after the other.

#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/stop.hpp"
#include "lib/eval/function.hpp"
#include "lib/eval/row_copies.hpp"
#include "tests/support/foreign.hpp"
#include "tests/support/many_variables.hpp"

namespace nabla::test {
namespace {

// Columns in one piece of memory, `stride` numbers apart, the first `shift` numbers after the start
// of a line of the caches.
class Table {
 public:
  Table(std::size_t columns, std::size_t rows, std::size_t stride, std::size_t shift)
      : memory_(columns * stride + rows + shift + 16, -7.25) {
    std::size_t start = shift;
    while (reinterpret_cast<std::uintptr_t>(&memory_[start - shift]) % 64 != 0) ++start;
    for (std::size_t k = 0; k < columns; ++k) columns_.push_back(&memory_[start + k * stride]);
  }
  void fill(std::size_t rows) {
    std::mt19937_64 random(11);
    for (double* column : columns_) {
      for (std::size_t i = 0; i < rows; ++i) {
        column[i] = std::ldexp(static_cast<double>(random() >> 11), -52) - 1;
      }
    }
  }
  std::vector<const double*> read(std::size_t first, std::size_t count) const {
    return {columns_.begin() + static_cast<std::ptrdiff_t>(first),
            columns_.begin() + static_cast<std::ptrdiff_t>(first + count)};
  }
  std::vector<double*> write(std::size_t first, std::size_t count) const {
    return {columns_.begin() + static_cast<std::ptrdiff_t>(first),
            columns_.begin() + static_cast<std::ptrdiff_t>(first + count)};
  }
  // Numbers that nobody wrote.
  std::size_t untouched() const {
    return static_cast<std::size_t>(std::ranges::count(memory_, -7.25));
  }

 private:
  std::vector<double> memory_;
  std::vector<double*> columns_;
};

// `outputs` values of all the inputs, each of which is read more than once.
std::vector<Expr> mixtures(std::span<const Expr> x, std::size_t outputs) {
  std::vector<Expr> y;
  const std::size_t n = x.size();
  for (std::size_t k = 0; k < outputs; ++k) {
    const Expr a = x[k % n], b = x[(k + 1) % n], c = x[(k * 7 + 3) % n];
    y.push_back(k % 16 == 0 ? call("exp"_fn, a) - b * c : a * b + c / (b * b + 1));
  }
  return y;
}

void expect_points(const Function& f, std::span<const double* const> in,
                   std::span<double* const> out, std::size_t rows, std::size_t step,
                   const std::string& what) {
  std::vector<double> point(in.size()), values(out.size());
  for (std::size_t i = 0; i < rows; i += i + step < rows || i + 1 == rows ? step : rows - 1 - i) {
    for (std::size_t k = 0; k < in.size(); ++k) point[k] = in[k][i];
    f(point, values);
    for (std::size_t k = 0; k < out.size(); ++k) {
      ASSERT_TRUE(same_bits(values[k], out[k][i])) << what << ": output " << k << ", row " << i;
    }
  }
}

TEST(Columns, GiveTheBitsOfPointsHoweverManyAndHoweverFarApart) {
  constexpr std::size_t rows = 267;
  for (const std::size_t columns : {1u, 15u, 16u, 17u, 64u, 201u, 1000u}) {
    Graph g;
    const std::size_t inputs = (columns + 1) / 2, outputs = columns == 1 ? 1 : columns / 2;
    const auto x = names(g, inputs);
    const auto y = mixtures(x, outputs);
    for (const Engine engine : {Engine::interpreter, Engine::native}) {
      const auto f = *Function::compile(x, y, {.math = Math::fast, .engine = engine});
      for (const std::size_t stride : {512u, 600u, 4096u}) {
        for (const std::size_t shift : {0u, 2u, 5u}) {
          Table table(inputs + outputs, rows, stride, shift);
          table.fill(rows);
          const auto in = table.read(0, inputs);
          const auto out = table.write(inputs, outputs);
          f.batch(in, out, rows);
          expect_points(f, in, out, rows, 31,
                        std::to_string(columns) + " columns " + std::to_string(stride) + " apart");
          if (HasFatalFailure()) return;
        }
      }
    }
  }
}

TEST(Columns, MayBeginAnywhereInALineOfTheCaches) {
  Graph g;
  const auto x = names(g, 2);
  const std::vector<Expr> y{x[0] * x[1] + 1, x[0] / (x[1] + 3), x[1]};
  for (const Engine engine : {Engine::interpreter, Engine::native}) {
    const auto f = *Function::compile(x, y, {.engine = engine});
    for (const std::size_t rows : {255u, 256u, 257u, 271u, 300u}) {
      for (std::size_t shift = 0; shift < 8; ++shift) {
        for (const std::size_t apart : {0u, 1u, 4u}) {
          Table table(5, rows, 512 + apart, shift);
          const std::size_t before = table.untouched();
          table.fill(rows);
          const auto in = table.read(0, 2);
          const auto out = table.write(2, 3);
          f.batch(in, out, rows);
          EXPECT_EQ(table.untouched(), before - 5 * rows) << "rows beside the columns";
          expect_points(f, in, out, rows, 1, "shift " + std::to_string(shift));
          if (HasFatalFailure()) return;
        }
      }
    }
  }
}

// So many rows that results go past the caches: 17 MB of them, with whole tiles and a rest.
TEST(Columns, GiveTheSameBitsWhereResultsGoPastTheCaches) {
  constexpr std::size_t inputs = 6, outputs = 48, rows = 45013;
  Graph g;
  const auto x = names(g, inputs);
  const auto y = mixtures(x, outputs);
  for (const Engine engine : {Engine::interpreter, Engine::native}) {
    for (const unsigned threads : {1u, 3u}) {
      const auto f =
          *Function::compile(x, y, {.math = Math::fast, .engine = engine, .threads = threads});
      for (const std::size_t shift : {0u, 3u}) {
        Table table(inputs + outputs, rows, rows + shift, 2);
        const std::size_t before = table.untouched();
        table.fill(rows);
        const auto in = table.read(0, inputs);
        const auto out = table.write(inputs, outputs);
        f.batch(in, out, rows);
        EXPECT_EQ(table.untouched(), before - (inputs + outputs) * rows);
        expect_points(f, in, out, rows, 997, "past the caches");
        // Over the inputs: the first six results take their places.
        std::vector<double> expected[inputs];
        auto over = out;
        for (std::size_t k = 0; k < inputs; ++k) {
          expected[k].assign(out[k], out[k] + rows);
          over[k] = table.write(k, 1)[0];
        }
        f.batch(in, over, rows);
        for (std::size_t k = 0; k < inputs; ++k) {
          ASSERT_TRUE(std::equal(expected[k].begin(), expected[k].end(), over[k])) << k;
        }
        if (HasFatalFailure()) return;
      }
    }
  }
}

// So many inputs, each read more than once, that they are read from tiles: 17 MB of them.
TEST(Columns, GiveTheSameBitsWhereManyInputsAreReadFromTiles) {
  constexpr std::size_t inputs = 512, outputs = 700, rows = 4165;
  Graph g;
  const auto x = names(g, inputs);
  const auto y = mixtures(x, outputs);
  Table table(inputs + outputs, rows, 8192, 2);
  table.fill(rows);
  const auto in = table.read(0, inputs);
  for (const Engine engine : {Engine::interpreter, Engine::native}) {
    for (const unsigned threads : {1u, 3u}) {
      const auto f =
          *Function::compile(x, y, {.math = Math::fast, .engine = engine, .threads = threads});
      const auto out = table.write(inputs, outputs);
      for (double* column : out) std::fill_n(column, rows, 0.0);
      f.batch(in, out, rows);
      expect_points(f, in, out, rows, 119, "many inputs");
      if (HasFatalFailure()) return;
    }
  }
}

TEST(Columns, OfManyInputsAddUpToTheSameBitsInEitherOrder) {
  constexpr std::size_t columns = 300, rows = 8203;
  Graph g;
  Expr all = number(g, 0);
  Table table(columns, rows, 8208, 2);
  table.fill(rows);
  Data data;
  data.rows = rows;
  for (std::size_t k = 0; k < columns; ++k) {
    const Expr c = column(g, "c" + std::to_string(k));
    all = all + c * (c + static_cast<long>(k));
    data.names.push_back("c" + std::to_string(k));
    data.columns.push_back({table.read(k, 1)[0], rows});
  }
  // The same rows of the value, made one by one, as a single column.
  const auto x = names(g, columns);
  Expr value = number(g, 0);
  for (std::size_t k = 0; k < columns; ++k) value = value + x[k] * (x[k] + static_cast<long>(k));
  const auto row_value = *Function::compile(x, std::vector{value});
  std::vector<double> values(rows), point(columns);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t k = 0; k < columns; ++k) point[k] = data.columns[k][i];
    row_value(point, {&values[i], 1});
  }
  const Data one{.names = {"v"}, .columns = {values}, .rows = rows};
  for (const SumOrder order : {SumOrder::in_order, SumOrder::lanes}) {
    const auto plain = *Function::compile({}, std::vector{data_sum(column(g, "v"))},
                                          {.sums = order, .engine = Engine::interpreter});
    double expected[1];
    plain({}, expected, one);
    for (const Engine engine : {Engine::interpreter, Engine::native}) {
      for (const unsigned threads : {1u, 3u}) {
        const auto f = *Function::compile({}, std::vector{data_sum(all)},
                                          {.sums = order, .engine = engine, .threads = threads});
        double sum[1];
        f({}, sum, data);
        EXPECT_EQ(sum[0], expected[0]);
      }
    }
  }
}

TEST(Columns, StopWhileTheyGoThroughTiles) {
  constexpr std::size_t inputs = 512, outputs = 8, rows = 4165;
  Graph g;
  const auto x = names(g, inputs);
  const auto y = mixtures(x, outputs + inputs);
  Table table(2 * inputs + outputs, rows, rows, 0);
  const std::atomic<bool> stop = true;
  for (const Engine engine : {Engine::interpreter, Engine::native}) {
    const auto f = *Function::compile(x, y, {.engine = engine});
    EXPECT_THROW(f.batch(table.read(0, inputs), table.write(inputs, inputs + outputs), rows, &stop),
                 LimitError);
  }
}

TEST(RowCopies, GiveTheSameBitsAndTouchNothingElse) {
  std::vector<double> from(96);
  std::vector<float> from_floats(96);
  const auto& edges = edge_values();
  for (std::size_t i = 0; i < from.size(); ++i) {
    from[i] = i % 3 == 0 ? edges[i % edges.size()] : std::ldexp(1.1, static_cast<int>(i * 8) - 400);
    from_floats[i] = static_cast<float>(i % 2 == 0 ? edges[i % edges.size()]
                                                   : std::ldexp(1.3, static_cast<int>(i) - 150));
  }
  for (const RowCopies* copies : all_row_copies()) {
    for (std::size_t count = 0; count <= 40; ++count) {
      for (std::size_t shift = 0; shift < 16; ++shift) {
        alignas(64) double to[96];
        alignas(64) float to_floats[96];
        const auto expect = [&](auto& found, auto source) {
          for (std::size_t i = 0; i < 96; ++i) {
            const auto expected =
                i < shift || i >= shift + count ? decltype(found[0] + found[0])(-3) : source(i);
            ASSERT_TRUE(same_bits(expected, found[i])) << count << " from " << shift << ", " << i;
          }
        };
        const auto number = [&](std::size_t i) { return from[i - shift + 1]; };
        const auto rounded = [&](std::size_t i) { return static_cast<float>(from[i - shift + 1]); };
        for (const auto write : {copies->read, copies->write, copies->write_past}) {
          std::ranges::fill(to, -3.0);
          write(from.data() + 1, count, to + shift);
          expect(to, number);
        }
        for (const auto write : {copies->write_floats, copies->write_floats_past}) {
          std::ranges::fill(to_floats, -3.0F);
          write(from.data() + 1, count, to_floats + shift);
          expect(to_floats, rounded);
        }
        copies->publish();
        std::ranges::fill(to, -3.0);
        copies->read_floats(from_floats.data() + 1, count, to + shift);
        expect(to, [&](std::size_t i) { return double{from_floats[i - shift + 1]}; });
        if (HasFatalFailure()) return;
      }
    }
  }
}

void* on_a_small_stack(void*) {
  constexpr std::size_t inputs = 60, outputs = 60, rows = 40000;
  Graph g;
  const auto x = names(g, inputs);
  const auto y = mixtures(x, outputs);
  Table table(inputs + outputs, rows, rows, 2);
  table.fill(rows);
  const std::vector<float> floats(rows, 0.5F);
  std::vector<std::vector<float>> results(outputs, std::vector<float>(rows));
  std::vector<float*> to;
  for (auto& column : results) to.push_back(column.data());
  const std::vector<const float*> from(inputs, floats.data());
  for (const Engine engine : {Engine::interpreter, Engine::native}) {
    const auto f = *Function::compile(x, y, {.math = Math::fast, .engine = engine});
    f.batch(table.read(0, inputs), table.write(inputs, outputs), rows);
    f.batch(from, to, rows);
    EXPECT_EQ(results[1].front(), results[1].back());
  }
  return nullptr;
}

TEST(Columns, NeedNoLargeStack) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  pthread_t thread{};
  ASSERT_EQ(pthread_create(&thread, &attributes, on_a_small_stack, nullptr), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

}  // namespace
}  // namespace nabla::test
