#include "tests/support/central_difference.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <vector>

#include "tests/support/mpfr_eval.hpp"

namespace nabla::test {

namespace {

constexpr double tolerance = 1e-25;

Real difference_at(Expr f, std::span<const Expr> variables, std::span<const double> point,
                   std::size_t which, mpfr_prec_t bits) {
  MpfrEvaluator at(*f.graph, {&f.id, 1}, bits);
  for (std::size_t i = 0; i < variables.size(); ++i) at.set(variables[i].id, point[i]);
  // Truncation h^4 and rounding 2^-bits / h are of one size at h = 2^(-bits/5).
  const long step = -static_cast<long>(bits) / 5;
  Real total(bits), x(bits), h(bits), term(bits);
  mpfr_set_ui_2exp(h, 1, step, MPFR_RNDN);
  mpfr_set_zero(total, 1);
  struct Sample {
    int offset, weight;
  };
  for (const Sample s : {Sample{-2, 1}, Sample{-1, -8}, Sample{1, 8}, Sample{2, -1}}) {
    mpfr_mul_si(x, h, s.offset, MPFR_RNDN);
    mpfr_add_d(x, x, point[which], MPFR_RNDN);
    at.set(variables[which].id, static_cast<mpfr_srcptr>(static_cast<const Real&>(x)));
    at.run();
    mpfr_mul_si(term, at.value(f.id), s.weight, MPFR_RNDN);
    mpfr_add(total, total, term, MPFR_RNDN);
  }
  mpfr_div_ui(total, total, 12, MPFR_RNDN);
  mpfr_div(total, total, h, MPFR_RNDN);
  return total;
}

Real slope_at(Expr slope, std::span<const Expr> variables, std::span<const double> point,
              mpfr_prec_t bits) {
  MpfrEvaluator at(*slope.graph, {&slope.id, 1}, bits);
  for (std::size_t i = 0; i < variables.size(); ++i) at.set(variables[i].id, point[i]);
  at.run();
  Real result(bits);
  mpfr_set(result, at.value(slope.id), MPFR_RNDN);
  return result;
}

// Below what either value can tell from zero at this precision.
bool both_vanish(const Real& a, const Real& b, mpfr_prec_t bits) {
  const auto tiny = [bits](mpfr_srcptr v) {
    return mpfr_number_p(v) && (mpfr_zero_p(v) || mpfr_get_exp(v) < -static_cast<long>(bits) / 2);
  };
  return tiny(a) && tiny(b);
}

// Large enough to tell its digits from the rounding noise of the difference, 2^-bits |f| / h.
bool resolvable(const Real& value, mpfr_prec_t bits) {
  const mpfr_srcptr v = value;
  if (!mpfr_number_p(v)) return true;
  return !mpfr_zero_p(v) && mpfr_get_exp(v) > 110 - 4 * static_cast<long>(bits) / 5;
}

}  // namespace

Verdict check_slope(Expr f, Expr slope, std::span<const Expr> variables,
                    std::span<const double> point, std::size_t which) {
  Real last_difference, last_slope;
  Verdict verdict{Verdict::Outcome::unresolved, 0, ""};
  for (mpfr_prec_t bits = 256; bits <= 4096; bits *= 2) {
    const Real difference = difference_at(f, variables, point, which, bits);
    const Real value = slope_at(slope, variables, point, bits);
    verdict.bits = bits;
    const bool structural_zero = mpfr_zero_p(static_cast<mpfr_srcptr>(value));
    if (agree(difference, value, tolerance) ||
        ((structural_zero || bits == 4096) && both_vanish(difference, value, bits))) {
      verdict.outcome = Verdict::Outcome::agree;
      return verdict;
    }
    const bool settled = bits > 256 && (resolvable(difference, bits) || resolvable(value, bits)) &&
                         agree(difference, last_difference, tolerance) &&
                         agree(value, last_slope, tolerance);
    verdict.explanation = fmt::format("derivative {}, difference {} ({} bits)", value.to_string(40),
                                      difference.to_string(40), bits);
    if (settled) {
      verdict.outcome = Verdict::Outcome::differ;
      return verdict;
    }
    last_difference = difference;
    last_slope = value;
  }
  return verdict;
}

int random_cases(int usual) {
  const char* wanted = std::getenv("NABLA_RANDOM_CASES");
  return wanted != nullptr && std::atoi(wanted) > 0 ? std::atoi(wanted) : usual;
}

}  // namespace nabla::test
