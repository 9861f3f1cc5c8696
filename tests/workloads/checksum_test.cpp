// W1 to W12: every checksum is right, for what differentiation leaves and for what sharing makes of
// it; and no operation count grows.

#include <gtest/gtest.h>
#include <mpfr.h>

#include <cmath>

#include "bench/workloads/cases.hpp"
#include "lib/calculus/operations.hpp"
#include "lib/eval/function.hpp"
#include "tests/support/mpfr_eval.hpp"

namespace nabla::test {
namespace {

using workloads::Case;
using workloads::Form;
using workloads::Outcome;

struct Point {
  std::vector<Expr> names;
  std::vector<double> values;
};

Point point_of(const Outcome& o) {
  const auto& p = o.problem;
  Point at{p.variables, p.variable_values};
  at.names.insert(at.names.end(), p.parameters.begin(), p.parameters.end());
  at.values.insert(at.values.end(), p.parameter_values.begin(), p.parameter_values.end());
  return at;
}

std::vector<double> evaluated(const Point& at, std::span<const Expr> outputs) {
  const auto f = Function::compile(at.names, outputs);
  EXPECT_TRUE(f);
  std::vector<double> out(outputs.size());
  if (f) (*f)(at.values, out);
  return out;
}

class Workload : public testing::TestWithParam<Case> {
 protected:
  void check_sums(const Outcome& o) {
    const Point at = point_of(o);
    const auto s = workloads::sums(o, evaluated(at, o.values), evaluated(at, o.derivatives));
    const auto& known = GetParam().sums;
    const double scale = 1e-9 * known.magnitudes.value_or(s.magnitudes);
    if (known.values) {
      EXPECT_NEAR(s.values, *known.values, std::max(scale, 1e-9 * std::fabs(*known.values)));
    }
    if (known.derivatives) {
      EXPECT_NEAR(s.derivatives, *known.derivatives, scale);
    }
    if (known.magnitudes) {
      EXPECT_NEAR(s.magnitudes, *known.magnitudes, scale);
    }
  }
};

TEST_P(Workload, HasItsChecksums) {
  Graph g;
  check_sums(differentiate(g, GetParam(), Form::raw));
}

TEST_P(Workload, HasItsChecksumsAfterSharing) {
  Graph g;
  check_sums(differentiate(g, GetParam(), Form::shared));
}

TEST_P(Workload, TakesNoMoreOperationsThanItsBound) {
  const Case& c = GetParam();
  Graph g;
  const Outcome raw = differentiate(g, c, Form::raw), shared = differentiate(g, c, Form::shared);
  const std::size_t before = operations(raw.counted(c)).count,
                    after = operations(shared.counted(c)).count;
  EXPECT_LE(after, before);
  if (c.most_operations != 0) {
    EXPECT_LE(after, c.most_operations);
  }
}

// Entry by entry, at a point that is not the one sharing looked at: what doubles make of the shared
// form is as close to the truth as the original was.
TEST_P(Workload, SharingKeepsEveryEntryToTheLastDigits) {
  const Case& c = GetParam();
  Graph g;
  const Outcome raw = differentiate(g, c, Form::raw), shared = differentiate(g, c, Form::shared);
  if (raw.derivatives.size() != shared.derivatives.size()) GTEST_SKIP() << "other structure";
  const Point at = point_of(raw);
  std::vector<NodeId> roots;
  for (const Expr e : raw.derivatives) roots.push_back(e.id);
  MpfrEvaluator truth(g, roots, 170);
  for (std::size_t i = 0; i < at.names.size(); ++i) truth.set(at.names[i].id, at.values[i]);
  truth.run();
  const auto before = evaluated(at, raw.derivatives), after = evaluated(at, shared.derivatives);
  double worst_before = 0, worst_after = 0;
  Real difference(170);
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const double exact = mpfr_get_d(truth.value(roots[i]), MPFR_RNDN);
    if (exact == 0) {
      EXPECT_EQ(after[i], 0) << i;
      continue;
    }
    const auto deviation = [&](double v) {
      mpfr_sub_d(difference, truth.value(roots[i]), v, MPFR_RNDN);
      return std::fabs(mpfr_get_d(difference, MPFR_RNDN) / exact);
    };
    worst_before = std::max(worst_before, deviation(before[i]));
    worst_after = std::max(worst_after, deviation(after[i]));
  }
  EXPECT_LE(worst_after, 16 * worst_before + 1e-14);
}

INSTANTIATE_TEST_SUITE_P(All, Workload, testing::ValuesIn(workloads::cases()),
                         [](const testing::TestParamInfo<Case>& info) {
                           std::string name = info.param.name;
                           std::erase_if(name, [](char ch) {
                             return !std::isalnum(static_cast<unsigned char>(ch));
                           });
                           return name;
                         });

}  // namespace
}  // namespace nabla::test
