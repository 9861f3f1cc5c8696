// The kernels of vector mathematics against MPFR: largest errors in units in the last place, over
// random arguments, and the values at the edges of the number line, which are those of the C
// library. NABLA_RANDOM_CASES sets the number of arguments; NABLA_SHOW_ERRORS=1 prints the table of
// errors.

#include <gtest/gtest.h>
#include <mpfr.h>

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/function.hpp"
#include "tests/support/central_difference.hpp"
#include "tests/support/foreign.hpp"

namespace nabla::test {
namespace {

enum class Spread {
  uniform,
  exponents
};  // exponents: all magnitudes alike, both signs where allowed

struct Range {
  double low, high;
  Spread spread = Spread::uniform;
};

using Exact1 = int (*)(mpfr_t, const mpfr_t, mpfr_rnd_t);
using Exact2 = int (*)(mpfr_t, const mpfr_t, const mpfr_t, mpfr_rnd_t);

struct Kernel {
  const char* name;
  Exact1 unary;
  Exact2 binary;
  double bound;
  std::vector<Range> ranges;
};

void PrintTo(const Kernel& kernel, std::ostream* to) { *to << kernel.name; }

int sigmoid(mpfr_t y, const mpfr_t x, mpfr_rnd_t r) {
  mpfr_neg(y, x, r);
  mpfr_exp(y, y, r);
  mpfr_add_ui(y, y, 1, r);
  return mpfr_ui_div(y, 1, y, r);
}
int softplus(mpfr_t y, const mpfr_t x, mpfr_rnd_t r) {
  mpfr_exp(y, x, r);
  return mpfr_log1p(y, y, r);
}

const std::vector<Kernel>& kernels() {
  static const std::vector<Kernel> all{
      {"exp", mpfr_exp, nullptr, 1.5, {{-745, 709.7}, {-2, 2}, {1e-300, 700, Spread::exponents}}},
      {"expm1", mpfr_expm1, nullptr, 2, {{-40, 709}, {-1, 1}, {1e-300, 40, Spread::exponents}}},
      {"log", mpfr_log, nullptr, 1.5, {{0.5, 2}, {0, 1e300}, {1e-308, 1e308, Spread::exponents}}},
      {"log1p",
       mpfr_log1p,
       nullptr,
       2,
       {{-0.9, 4}, {-0.1, 0.1}, {1e-300, 1e300, Spread::exponents}}},
      {"sin",
       mpfr_sin,
       nullptr,
       2.5,
       {{-4, 4}, {-1e4, 1e4}, {-3e6, 3e6}, {1e-300, 1e15, Spread::exponents}}},
      {"cos",
       mpfr_cos,
       nullptr,
       2.5,
       {{-4, 4}, {-1e4, 1e4}, {-3e6, 3e6}, {1e-300, 1e15, Spread::exponents}}},
      {"tan", mpfr_tan, nullptr, 2.5, {{-4, 4}, {-1e4, 1e4}, {1e-300, 1e15, Spread::exponents}}},
      {"sinh", mpfr_sinh, nullptr, 2.5, {{-20, 20}, {-1, 1}, {1e-300, 710, Spread::exponents}}},
      {"cosh", mpfr_cosh, nullptr, 2.5, {{-20, 20}, {-1, 1}, {1e-300, 710, Spread::exponents}}},
      {"tanh", mpfr_tanh, nullptr, 2.5, {{-20, 20}, {-1, 1}, {1e-300, 30, Spread::exponents}}},
      {"asin", mpfr_asin, nullptr, 2.5, {{-1, 1}, {1e-300, 1, Spread::exponents}}},
      {"acos", mpfr_acos, nullptr, 2.5, {{-1, 1}, {0.9, 1}, {1e-300, 1, Spread::exponents}}},
      {"atan", mpfr_atan, nullptr, 2.5, {{-4, 4}, {1e-300, 1e300, Spread::exponents}}},
      {"sigmoid", sigmoid, nullptr, 2.5, {{-40, 40}, {-2, 2}}},
      {"softplus", softplus, nullptr, 2.5, {{-40, 40}, {-2, 2}}},
      {"cbrt", mpfr_cbrt, nullptr, 2.5, {{-4, 4}, {1e-300, 1e300, Spread::exponents}}},
      {"erf", mpfr_erf, nullptr, 2.5, {{-1, 1}, {-6, 6}, {1e-300, 10, Spread::exponents}}},
      {"pow", nullptr, mpfr_pow, 1.5, {{0, 4}, {0.9, 1.1}, {1e-3, 1e3, Spread::exponents}}},
      {"atan2", nullptr, mpfr_atan2, 2.5, {{-4, 4}, {1e-100, 1e100, Spread::exponents}}},
      {"hypot", nullptr, mpfr_hypot, 2.5, {{-4, 4}, {1e-200, 1e200, Spread::exponents}}},
  };
  return all;
}

double draw(std::mt19937_64& random, const Range& range) {
  const double u = static_cast<double>(random() >> 11) * 0x1p-53;
  if (range.spread == Spread::uniform) return range.low + u * (range.high - range.low);
  const double x = std::exp(std::log(range.low) + u * (std::log(range.high) - std::log(range.low)));
  return x;
}

class KernelTest : public testing::TestWithParam<Kernel> {
 protected:
  Function compile(Math math, Engine engine) {
    const Kernel& k = GetParam();
    const Expr f = k.unary ? call(k.name, x) : call(k.name, x, y);
    auto f_ =
        Function::compile(std::vector{x, y}, std::vector{f}, {.math = math, .engine = engine});
    EXPECT_TRUE(f_);
    return *f_;
  }
  std::vector<double> values(Math math, const std::vector<double>& u, const std::vector<double>& v,
                             Engine engine = Engine::native) {
    std::vector<double> out(u.size());
    const double* in[] = {u.data(), v.data()};
    double* to[] = {out.data()};
    compile(math, engine).batch(in, to, u.size());
    return out;
  }
  void expect_errors_within(double bound, Math);
  void expect_the_library_at_the_edges(Math);
  static std::string name_of(const testing::TestParamInfo<Kernel>& info) { return info.param.name; }

  Graph g;
  Expr x = symbol(g, "x"), y = symbol(g, "y");
};

void KernelTest::expect_errors_within(double bound, Math math) {
  const Kernel& kernel = GetParam();
  const std::size_t count = static_cast<std::size_t>(random_cases(4000));
  std::mt19937_64 random(5);
  mpfr_t a, b, exact, error;
  mpfr_inits2(120, a, b, exact, error, nullptr);
  for (const Range& range : kernel.ranges) {
    std::vector<double> u, v;
    for (std::size_t k = 0; k < count; ++k) {
      const bool both_signs = range.spread == Spread::exponents && range.low > 0 &&
                              std::string_view(kernel.name).substr(0, 3) != "log" &&
                              std::string_view(kernel.name) != "pow" && k % 2 == 0;
      u.push_back((both_signs ? -1 : 1) * draw(random, range));
      v.push_back(draw(random, range));
    }
    const auto found = values(math, u, v);
    double worst = 0, at = 0, at_v = 0;
    for (std::size_t k = 0; k < count; ++k) {
      mpfr_set_d(a, u[k], MPFR_RNDN);
      mpfr_set_d(b, v[k], MPFR_RNDN);
      if (kernel.unary) {
        kernel.unary(exact, a, MPFR_RNDN);
      } else {
        kernel.binary(exact, a, b, MPFR_RNDN);
      }
      const double rounded = mpfr_get_d(exact, MPFR_RNDN);
      ASSERT_TRUE(std::isfinite(found[k]) || found[k] == rounded) << kernel.name << " " << u[k];
      if (!std::isfinite(rounded)) continue;
      const double ulp = std::nextafter(std::fabs(rounded), HUGE_VAL) - std::fabs(rounded);
      mpfr_sub_d(error, exact, found[k], MPFR_RNDN);
      mpfr_div_d(error, error, ulp, MPFR_RNDN);
      const double ulps = std::fabs(mpfr_get_d(error, MPFR_RNDN));
      if (ulps > worst) {
        worst = ulps;
        at = u[k];
        at_v = v[k];
      }
    }
    EXPECT_LE(worst, bound) << kernel.name << " at " << at << ", " << at_v;
    if (std::getenv("NABLA_SHOW_ERRORS")) {
      std::printf("%-8s%-9s %10g .. %-10g %s %.3f\n", math == Math::fast ? "fast" : "precise",
                  kernel.name, range.low, range.high,
                  range.spread == Spread::uniform ? "uniform  " : "exponents", worst);
    }
  }
  mpfr_clears(a, b, exact, error, nullptr);
}

TEST_P(KernelTest, StaysWithinItsBound) { expect_errors_within(GetParam().bound, Math::fast); }

TEST_P(KernelTest, IsPreciseToOneUnit) { expect_errors_within(1, Math::precise); }

// Where the result is no ordinary number, or exact, it is that of the C library.
void KernelTest::expect_the_library_at_the_edges(Math math) {
  const Kernel& kernel = GetParam();
  std::vector<double> edges = edge_values(), u, v;
  for (const double e : {0.0, 1e-320, 5e-324, 1e300, 1e308, 710.0, 709.0, 746.0, 1.0, 0x1p-1022}) {
    edges.push_back(e);
    edges.push_back(-e);
  }
  for (const double e : edges) {
    for (const double d : kernel.binary ? edges : std::vector<double>{1.0}) {
      u.push_back(e);
      v.push_back(d);
    }
  }
  const auto found = values(math, u, v), interpreted = values(math, u, v, Engine::interpreter);
  const auto library =
      Function::compile(std::vector{x, y},
                        std::vector{kernel.unary ? call(kernel.name, x) : call(kernel.name, x, y)});
  ASSERT_TRUE(library);
  for (std::size_t k = 0; k < u.size(); ++k) {
    const double in[] = {u[k], v[k]};
    double expected[1];
    (*library)(in, expected);
    EXPECT_TRUE(same_bits(found[k], interpreted[k])) << kernel.name << " " << u[k] << " " << v[k];
    const double tolerance = 4 * 0x1p-52 * std::fabs(expected[0]) + 5e-324;
    if (std::isfinite(expected[0]) && expected[0] != 0) {
      EXPECT_NEAR(found[k], expected[0], tolerance) << kernel.name << " " << u[k] << " " << v[k];
    } else {
      EXPECT_TRUE(same_bits(found[k], expected[0]))
          << kernel.name << " " << u[k] << " " << v[k] << ": " << found[k] << ", library "
          << expected[0];
    }
  }
}

TEST_P(KernelTest, IsTheLibraryAtTheEdges) {
  expect_the_library_at_the_edges(Math::fast);
  expect_the_library_at_the_edges(Math::precise);
}

INSTANTIATE_TEST_SUITE_P(Table, KernelTest, testing::ValuesIn(kernels()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace nabla::test
