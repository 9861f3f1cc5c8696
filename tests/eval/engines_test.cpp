// Interpreter and machine code of every width give the same bits, at one point and in batches, for
// value and gradient of random expressions at ordinary points and at the edges of the number line.
// NABLA_RANDOM_CASES sets the number of expressions, NABLA_RANDOM_FIRST which is the first, so that
// a campaign can go on where another ended.

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <ostream>
#include <string>
#include <vector>

#include "lib/calculus/gradient.hpp"
#include "lib/emit/print.hpp"
#include "lib/eval/function.hpp"
#include "tests/support/central_difference.hpp"
#include "tests/support/foreign.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla {

void PrintTo(const CompileOptions& options, std::ostream* to) {
  *to << (options.math == Math::library   ? "Library"
          : options.math == Math::precise ? "Precise"
                                          : "Fast")
      << (options.contract ? "Contracted" : "") << (options.reciprocals ? "Rearranged" : "");
}

namespace test {
namespace {

constexpr std::size_t points = 64, inputs = 3, outputs = 4;

struct Points {
  std::array<std::vector<double>, inputs> columns;
  std::array<const double*, inputs> pointers{};

  explicit Points(RandomExpressions& random) {
    const auto& edges = edge_values();
    for (auto& column : columns) {
      for (std::size_t k = 0; k < points; ++k) {
        const bool edge = k % 2 == 0 || random.below(4) == 0;
        column.push_back(
            edge ? edges[static_cast<std::size_t>(random.below(static_cast<int>(edges.size())))]
                 : random.uniform(-4, 4));
      }
    }
    for (std::size_t k = 0; k < inputs; ++k) pointers[k] = columns[k].data();
  }
};

using Results = std::array<std::vector<double>, outputs>;

Results point_by_point(const Function& f, const Points& at) {
  Results results;
  for (std::size_t k = 0; k < points; ++k) {
    const double in[] = {at.columns[0][k], at.columns[1][k], at.columns[2][k]};
    double out[outputs];
    f(in, out);
    for (std::size_t o = 0; o < outputs; ++o) results[o].push_back(out[o]);
  }
  return results;
}

Results in_a_batch(const Function& f, const Points& at, std::size_t count) {
  Results results;
  std::array<double*, outputs> to{};
  for (std::size_t o = 0; o < outputs; ++o) {
    results[o].assign(count, 0);
    to[o] = results[o].data();
  }
  f.batch(at.pointers, to, count);
  return results;
}

class Engines : public testing::TestWithParam<CompileOptions> {
 protected:
  void expect_same(const Results& expected, const Results& found, const Points& at, Expr f,
                   const std::string& engine, const Function& compiled) {
    for (std::size_t o = 0; o < outputs; ++o) {
      for (std::size_t k = 0; k < found[o].size(); ++k) {
        ASSERT_TRUE(same_bits(expected[o][k], found[o][k]))
            << print(f) << " output " << o << " at " << at.columns[0][k] << ", " << at.columns[1][k]
            << ", " << at.columns[2][k] << ": interpreter " << expected[o][k] << ", " << engine
            << " " << found[o][k] << "\n"
            << compiled.source(Function::View::batch);
      }
    }
  }
};

TEST_P(Engines, GiveTheSameBits) {
  const char* const from = std::getenv("NABLA_RANDOM_FIRST");
  const int first = from == nullptr ? 0 : std::atoi(from), end = first + random_cases(1500);
  int native = 0;
  for (int done = first; done < end; ++done) {
    Graph g;
    RandomExpressions random(
        g, {.seed = 7000 + static_cast<std::uint64_t>(done), .operations = 4 + done % 60});
    const Expr f = random.next();
    const auto slopes = gradient(f, random.variables());
    ASSERT_TRUE(slopes);
    std::vector<Expr> results{f};
    results.insert(results.end(), slopes->begin(), slopes->end());
    const Points at(random);
    const auto compile = [&](Engine engine, Width widest) {
      CompileOptions options = GetParam();
      options.engine = engine;
      options.widest = widest;
      auto compiled = Function::compile(random.variables(), results, options);
      EXPECT_TRUE(compiled);
      return *compiled;
    };
    const Function interpreted = compile(Engine::interpreter, Width::eight);
    const Results expected = point_by_point(interpreted, at);
    expect_same(expected, in_a_batch(interpreted, at, points), at, f, "its batch", interpreted);
    const Function wide = compile(Engine::native, Width::eight);
    native += wide.engine() == Engine::native;
    expect_same(expected, point_by_point(wide, at), at, f, "one point", wide);
    expect_same(expected, in_a_batch(wide, at, points), at, f, "eight lanes", wide);
    const std::size_t odd = 1 + static_cast<std::size_t>(done) % points;
    expect_same(expected, in_a_batch(wide, at, odd), at, f, "eight lanes and a rest", wide);
    const Function four = compile(Engine::native, Width::four);
    expect_same(expected, in_a_batch(four, at, points), at, f, "four lanes", four);
    expect_same(expected, in_a_batch(four, at, odd), at, f, "four lanes and a rest", four);
    const Function one = compile(Engine::native, Width::one);
    expect_same(expected, in_a_batch(one, at, odd), at, f, "rows one by one", one);
    if (HasFatalFailure()) return;
  }
  RecordProperty("native", native);
}

std::string name_of(const testing::TestParamInfo<CompileOptions>& info) {
  return testing::PrintToString(info.param);
}

INSTANTIATE_TEST_SUITE_P(Modes, Engines,
                         testing::Values(CompileOptions{}, CompileOptions{.contract = true},
                                         CompileOptions{.math = Math::precise},
                                         CompileOptions{.math = Math::fast},
                                         CompileOptions{.math = Math::fast, .contract = true},
                                         CompileOptions{.math = Math::fast,
                                                        .contract = true,
                                                        .reciprocals = true,
                                                        .polynomials = true}),
                         name_of);

}  // namespace
}  // namespace test
}  // namespace nabla
