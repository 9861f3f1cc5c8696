#include "tests/support/mpfr_eval.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"

namespace nabla::test {

namespace {

constexpr mpfr_rnd_t nearest = MPFR_RNDN;

using Unary = void (*)(mpfr_ptr, mpfr_srcptr);
using Binary = void (*)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr);

struct Row {
  Fn fn;
  Unary unary = nullptr;
  Binary binary = nullptr;
};

void sigmoid(mpfr_ptr y, mpfr_srcptr u) {
  mpfr_neg(y, u, nearest);
  mpfr_exp(y, y, nearest);
  mpfr_add_ui(y, y, 1, nearest);
  mpfr_ui_div(y, 1, y, nearest);
}

void softplus(mpfr_ptr y, mpfr_srcptr u) {
  mpfr_exp(y, u, nearest);
  mpfr_log1p(y, y, nearest);
}

void logsumexp(mpfr_ptr y, mpfr_srcptr u, mpfr_srcptr v) {
  Real e(mpfr_get_prec(y));
  mpfr_sub(e, u, v, nearest);
  mpfr_abs(e, e, nearest);
  mpfr_neg(e, e, nearest);
  mpfr_exp(e, e, nearest);
  mpfr_log1p(e, e, nearest);
  mpfr_max(y, u, v, nearest);
  mpfr_add(y, y, e, nearest);
}

void heaviside(mpfr_ptr y, mpfr_srcptr u) {
  if (mpfr_nan_p(u)) return (void)mpfr_set_nan(y);
  mpfr_set_si(y, mpfr_sgn(u) + 1, nearest);
  mpfr_div_2ui(y, y, 1, nearest);
}

void sign(mpfr_ptr y, mpfr_srcptr u) {
  if (mpfr_nan_p(u)) return (void)mpfr_set_nan(y);
  mpfr_set_si(y, mpfr_sgn(u), nearest);
}

void floored_mod(mpfr_ptr y, mpfr_srcptr u, mpfr_srcptr v) {
  mpfr_fmod(y, u, v, nearest);
  if (!mpfr_nan_p(y) && !mpfr_zero_p(y) && mpfr_sgn(y) * mpfr_sgn(v) < 0) {
    mpfr_add(y, y, v, nearest);
  }
}

void minimum(mpfr_ptr y, mpfr_srcptr u, mpfr_srcptr v) {
  if (mpfr_nan_p(u) || mpfr_nan_p(v)) return (void)mpfr_set_nan(y);
  mpfr_min(y, u, v, nearest);
}

void maximum(mpfr_ptr y, mpfr_srcptr u, mpfr_srcptr v) {
  if (mpfr_nan_p(u) || mpfr_nan_p(v)) return (void)mpfr_set_nan(y);
  mpfr_max(y, u, v, nearest);
}

// B_2, B_4, ... as exact numbers, by the recurrence sum C(m+1, j) B_j = 0.
const std::vector<Real>& even_bernoulli(std::size_t count, mpfr_prec_t bits) {
  thread_local std::vector<Real> cache;
  thread_local mpfr_prec_t cached_bits = 0;
  if (cache.size() >= count && cached_bits == bits) return cache;
  // 2 (2k)! zeta(2k) / (2 pi)^(2k), alternating.
  cache.clear();
  cached_bits = bits;
  Real two_pi(bits + 64), power(bits + 64), factorial(bits + 64), zeta(bits + 64);
  mpfr_const_pi(two_pi, nearest);
  mpfr_mul_2ui(two_pi, two_pi, 1, nearest);
  for (std::size_t k = 1; k <= count; ++k) {
    const auto n = static_cast<unsigned long>(2 * k);
    mpfr_pow_ui(power, two_pi, n, nearest);
    mpfr_fac_ui(factorial, n, nearest);
    mpfr_zeta_ui(zeta, n, nearest);
    mpfr_mul(factorial, factorial, zeta, nearest);
    mpfr_mul_2ui(factorial, factorial, 1, nearest);
    mpfr_div(factorial, factorial, power, nearest);
    if (k % 2 == 0) mpfr_neg(factorial, factorial, nearest);
    Real b(bits + 64);
    mpfr_set(b, factorial, nearest);
    cache.push_back(std::move(b));
  }
  return cache;
}

// (-1)^(n+1) [sum_k n!/(z+k)^(n+1) + asymptotic series at z + shift]. Abramowitz &
// Stegun 6.4.10-11.
void polygamma(mpfr_ptr y, mpfr_srcptr order, mpfr_srcptr z) {
  if (!mpfr_integer_p(order) || mpfr_sgn(order) < 0 || mpfr_nan_p(z)) return (void)mpfr_set_nan(y);
  if (mpfr_zero_p(order)) return (void)mpfr_digamma(y, z, nearest);
  const auto n = mpfr_get_ui(order, nearest);
  const mpfr_prec_t bits = mpfr_get_prec(y) + 64;
  const auto shift = static_cast<unsigned long>(bits / 4) + n;
  Real total(bits), term(bits), w(bits), factorial(bits);
  mpfr_set_zero(total, 1);
  for (unsigned long k = 0; k < shift; ++k) {
    mpfr_add_ui(w, z, k, nearest);
    mpfr_pow_si(term, w, -static_cast<long>(n) - 1, nearest);
    mpfr_add(total, total, term, nearest);
  }
  mpfr_fac_ui(factorial, n, nearest);
  mpfr_mul(total, total, factorial, nearest);
  mpfr_add_ui(w, z, shift, nearest);
  // (n-1)!/w^n + n!/(2 w^(n+1))
  mpfr_pow_si(term, w, -static_cast<long>(n), nearest);
  mpfr_fac_ui(factorial, n - 1, nearest);
  mpfr_mul(term, term, factorial, nearest);
  mpfr_add(total, total, term, nearest);
  mpfr_fac_ui(factorial, n, nearest);
  mpfr_pow_si(term, w, -static_cast<long>(n) - 1, nearest);
  mpfr_mul(term, term, factorial, nearest);
  mpfr_div_2ui(term, term, 1, nearest);
  mpfr_add(total, total, term, nearest);
  const auto terms = static_cast<std::size_t>(bits / 4);
  const auto& bernoulli = even_bernoulli(terms, bits);
  for (std::size_t k = 1; k <= terms; ++k) {
    const auto twice = static_cast<unsigned long>(2 * k);
    mpfr_fac_ui(term, twice + n - 1, nearest);
    mpfr_fac_ui(factorial, twice, nearest);
    mpfr_div(term, term, factorial, nearest);
    mpfr_mul(term, term, bernoulli[k - 1], nearest);
    mpfr_pow_si(factorial, w, -static_cast<long>(twice + n), nearest);
    mpfr_mul(term, term, factorial, nearest);
    mpfr_add(total, total, term, nearest);
    // Only regular numbers have an exponent.
    if (!mpfr_regular_p(term) || !mpfr_number_p(total)) break;
    if (mpfr_regular_p(total) && mpfr_get_exp(term) < mpfr_get_exp(total) - bits) break;
  }
  if (n % 2 == 0) mpfr_neg(total, total, nearest);
  mpfr_set(y, total, nearest);
}

// A row whose MPFR function has the plain signature.
#define UNARY_ROW(f) [](mpfr_ptr y, mpfr_srcptr u) { f(y, u, nearest); }
#define BINARY_ROW(f) [](mpfr_ptr y, mpfr_srcptr u, mpfr_srcptr v) { f(y, u, v, nearest); }
// Of exp(10^9) a turn would take as many digits of pi, and an hour; no double is that large.
#define TURNING_ROW(f)                               \
  [](mpfr_ptr y, mpfr_srcptr u) {                    \
    constexpr mpfr_exp_t most = 1 << 20;             \
    if (mpfr_regular_p(u) && mpfr_get_exp(u) > most) \
      mpfr_set_nan(y);                               \
    else                                             \
      f(y, u, nearest);                              \
  }

constexpr Row rows[] = {
    {.fn = "exp"_fn, .unary = UNARY_ROW(mpfr_exp)},
    {.fn = "log"_fn, .unary = UNARY_ROW(mpfr_log)},
    {.fn = "expm1"_fn, .unary = UNARY_ROW(mpfr_expm1)},
    {.fn = "log1p"_fn, .unary = UNARY_ROW(mpfr_log1p)},
    {.fn = "log2"_fn, .unary = UNARY_ROW(mpfr_log2)},
    {.fn = "log10"_fn, .unary = UNARY_ROW(mpfr_log10)},
    {.fn = "cbrt"_fn, .unary = UNARY_ROW(mpfr_cbrt)},
    {.fn = "hypot"_fn, .binary = BINARY_ROW(mpfr_hypot)},
    {.fn = "sin"_fn, .unary = TURNING_ROW(mpfr_sin)},
    {.fn = "cos"_fn, .unary = TURNING_ROW(mpfr_cos)},
    {.fn = "tan"_fn, .unary = TURNING_ROW(mpfr_tan)},
    {.fn = "asin"_fn, .unary = UNARY_ROW(mpfr_asin)},
    {.fn = "acos"_fn, .unary = UNARY_ROW(mpfr_acos)},
    {.fn = "atan"_fn, .unary = UNARY_ROW(mpfr_atan)},
    {.fn = "atan2"_fn, .binary = BINARY_ROW(mpfr_atan2)},
    {.fn = "sinh"_fn, .unary = UNARY_ROW(mpfr_sinh)},
    {.fn = "cosh"_fn, .unary = UNARY_ROW(mpfr_cosh)},
    {.fn = "tanh"_fn, .unary = UNARY_ROW(mpfr_tanh)},
    {.fn = "asinh"_fn, .unary = UNARY_ROW(mpfr_asinh)},
    {.fn = "acosh"_fn, .unary = UNARY_ROW(mpfr_acosh)},
    {.fn = "atanh"_fn, .unary = UNARY_ROW(mpfr_atanh)},
    {.fn = "abs"_fn, .unary = UNARY_ROW(mpfr_abs)},
    {.fn = "sign"_fn, .unary = sign},
    {.fn = "heaviside"_fn, .unary = heaviside},
    {.fn = "floor"_fn, .unary = [](mpfr_ptr y, mpfr_srcptr u) { mpfr_floor(y, u); }},
    {.fn = "ceil"_fn, .unary = [](mpfr_ptr y, mpfr_srcptr u) { mpfr_ceil(y, u); }},
    {.fn = "trunc"_fn, .unary = [](mpfr_ptr y, mpfr_srcptr u) { mpfr_trunc(y, u); }},
    {.fn = "round"_fn, .unary = [](mpfr_ptr y, mpfr_srcptr u) { mpfr_round(y, u); }},
    {.fn = "min"_fn, .binary = minimum},
    {.fn = "max"_fn, .binary = maximum},
    {.fn = "mod"_fn, .binary = floored_mod},
    {.fn = "rem"_fn, .binary = BINARY_ROW(mpfr_fmod)},
    {.fn = "sigmoid"_fn, .unary = sigmoid},
    {.fn = "softplus"_fn, .unary = softplus},
    {.fn = "logsumexp"_fn, .binary = logsumexp},
    {.fn = "erf"_fn, .unary = UNARY_ROW(mpfr_erf)},
    {.fn = "erfc"_fn, .unary = UNARY_ROW(mpfr_erfc)},
    {.fn = "gamma"_fn, .unary = UNARY_ROW(mpfr_gamma)},
    {.fn = "lgamma"_fn,
     .unary =
         [](mpfr_ptr y, mpfr_srcptr u) {
           int ignored_sign = 0;
           mpfr_lgamma(y, &ignored_sign, u, nearest);
         }},
    {.fn = "digamma"_fn, .unary = UNARY_ROW(mpfr_digamma)},
    {.fn = "polygamma"_fn, .binary = polygamma},
};

#undef NABLA_UNARY
#undef NABLA_BINARY

const Row* find(Fn fn) {
  for (const Row& r : rows) {
    if (r.fn == fn) return &r;
  }
  return nullptr;
}

void set_exact(mpfr_ptr y, const Number& value) {
  if (const auto small = value.as_int64()) return (void)mpfr_set_si(y, *small, nearest);
  mpq_t q;
  mpq_init(q);
  mpq_set_str(q, value.to_string().c_str(), 10);
  mpfr_set_q(y, q, nearest);
  mpq_clear(q);
}

void set_constant(mpfr_ptr y, const Constant& c) {
  if (c.name == "pi" || c.name == "tau") {
    mpfr_const_pi(y, nearest);
    if (c.name == "tau") mpfr_mul_2ui(y, y, 1, nearest);
  } else if (c.name == "e") {
    mpfr_set_ui(y, 1, nearest);
    mpfr_exp(y, y, nearest);
  } else if (c.name == "phi") {
    mpfr_sqrt_ui(y, 5, nearest);
    mpfr_add_ui(y, y, 1, nearest);
    mpfr_div_2ui(y, y, 1, nearest);
  } else {
    throw std::runtime_error(fmt::format("mpfr_eval.cpp has no constant '{}'", c.name));
  }
}

bool holds(mpfr_srcptr condition) { return !mpfr_zero_p(condition); }

}  // namespace

std::string Real::to_string(int digits) const {
  char* text = nullptr;
  mpfr_asprintf(&text, "%.*Rg", digits, value_);
  std::string result = text;
  mpfr_free_str(text);
  return result;
}

bool has_mpfr(Fn fn) { return find(fn) != nullptr; }

void apply(Fn fn, mpfr_ptr result, mpfr_srcptr u, mpfr_srcptr v) {
  const Row* r = find(fn);
  if (r == nullptr) {
    throw std::runtime_error(
        fmt::format("tests/support/mpfr_eval.cpp has no row for '{}': add one", row(fn).name));
  }
  if (row(fn).value.arity == 2) {
    r->binary(result, u, v);
  } else {
    r->unary(result, u);
  }
}

bool agree(mpfr_srcptr a, mpfr_srcptr b, double tolerance) {
  if (mpfr_nan_p(a) || mpfr_nan_p(b)) return mpfr_nan_p(a) && mpfr_nan_p(b);
  if (mpfr_equal_p(a, b)) return true;
  if (mpfr_inf_p(a) || mpfr_inf_p(b)) return false;
  Real difference(mpfr_get_prec(a)), scale(mpfr_get_prec(a));
  mpfr_sub(difference, a, b, nearest);
  mpfr_abs(difference, difference, nearest);
  mpfr_set(scale, mpfr_cmpabs(a, b) > 0 ? a : b, nearest);
  mpfr_abs(scale, scale, nearest);
  mpfr_mul_d(scale, scale, tolerance, nearest);
  return mpfr_lessequal_p(difference, scale);
}

double value_at(Expr f, std::span<const Expr> variables, std::span<const double> point,
                mpfr_prec_t bits) {
  MpfrEvaluator at(*f.graph, {&f.id, 1}, bits);
  for (std::size_t i = 0; i < variables.size(); ++i) at.set(variables[i].id, point[i]);
  at.run();
  return mpfr_get_d(at.value(f.id), nearest);
}

MpfrEvaluator::MpfrEvaluator(const Graph& graph, std::span<const NodeId> roots, mpfr_prec_t bits)
    : graph_(graph), bits_(bits) {
  const auto below = graph.below(roots);
  step_of_.assign(below.empty() ? 0 : index(below.back()) + std::size_t{1}, -1);
  for (const NodeId id : below) {
    const Node& n = graph_[id];
    if (n.op == Op::call && !has_mpfr(n.fn())) apply(n.fn(), nullptr, nullptr, nullptr);
    step_of_[index(id)] = static_cast<std::int64_t>(steps_.size());
    steps_.push_back({id, 0, (n.flags & varies_by_row) != 0});
  }
  lay_out();
}

void MpfrEvaluator::lay_out() {
  std::size_t next = 0;
  for (Step& step : steps_) {
    step.first = next;
    next += step.by_row ? rows_ : 1;
  }
  values_.assign(next, Real(bits_));
  for (const Step& step : steps_) {
    const Node& n = graph_[step.id];
    if (n.op == Op::integer || n.op == Op::rational) {
      set_exact(values_[step.first], graph_.exact_of(n));
    } else if (n.op == Op::real) {
      mpfr_set_d(values_[step.first], graph_.real_of(n), nearest);
    } else if (n.op == Op::constant) {
      set_constant(values_[step.first], constants[n.detail]);
    }
  }
}

mpfr_ptr MpfrEvaluator::at(NodeId id, std::size_t row) {
  const Step& step = steps_[static_cast<std::size_t>(step_of_[index(id)])];
  return values_[step.first + (step.by_row ? row : 0)];
}

mpfr_srcptr MpfrEvaluator::value(NodeId root, std::size_t row) const {
  const Step& step = steps_[static_cast<std::size_t>(step_of_[index(root)])];
  return values_[step.first + (step.by_row ? row : 0)];
}

void MpfrEvaluator::set(NodeId symbol, double value) {
  if (index(symbol) < step_of_.size() && step_of_[index(symbol)] >= 0) {
    mpfr_set_d(at(symbol, 0), value, nearest);
  }
}

void MpfrEvaluator::set(NodeId symbol, mpfr_srcptr value) {
  if (index(symbol) < step_of_.size() && step_of_[index(symbol)] >= 0) {
    mpfr_set(at(symbol, 0), value, nearest);
  }
}

void MpfrEvaluator::set_column(NodeId column, std::span<const double> values) {
  if (values.size() != rows_) {
    if (rows_ != 1) throw std::runtime_error("columns of different lengths");
    rows_ = values.size();
    std::vector<std::pair<NodeId, Real>> kept;  // symbols set so far
    for (const Step& step : steps_) {
      if (graph_[step.id].op == Op::symbol) kept.emplace_back(step.id, values_[step.first]);
    }
    lay_out();
    for (const auto& [id, value] : kept) mpfr_set(at(id, 0), value, nearest);
  }
  if (index(column) >= step_of_.size() || step_of_[index(column)] < 0) return;
  for (std::size_t r = 0; r < values.size(); ++r) mpfr_set_d(at(column, r), values[r], nearest);
}

void MpfrEvaluator::run() {
  for (const Step& step : steps_) {
    if (graph_[step.id].is_leaf()) continue;
    for (std::size_t r = 0; r < (step.by_row ? rows_ : 1); ++r) evaluate(step, r);
  }
}

void MpfrEvaluator::evaluate(const Step& step, std::size_t r) {
  const Node& n = graph_[step.id];
  const mpfr_ptr y = values_[step.first + (step.by_row ? r : 0)];
  const mpfr_srcptr u = at(n.a, r), v = operand_count(n) > 1 ? at(n.b, r) : nullptr;
  const auto truth = [&](bool value) { mpfr_set_ui(y, value ? 1 : 0, nearest); };
  switch (n.op) {
    case Op::sum: mpfr_add(y, u, v, nearest); break;
    case Op::product: mpfr_mul(y, u, v, nearest); break;
    case Op::power: mpfr_pow(y, u, v, nearest); break;
    case Op::call: apply(n.fn(), y, u, v); break;
    case Op::less: truth(mpfr_less_p(u, v)); break;
    case Op::less_equal: truth(mpfr_lessequal_p(u, v)); break;
    case Op::equal: truth(mpfr_equal_p(u, v)); break;
    case Op::not_equal: truth(!mpfr_equal_p(u, v)); break;
    case Op::both: truth(holds(u) && holds(v)); break;
    case Op::either: truth(holds(u) || holds(v)); break;
    case Op::negation: truth(!holds(u)); break;
    case Op::select: mpfr_set(y, holds(u) ? v : mpfr_srcptr(at(n.c, r)), nearest); break;
    case Op::data_sum:
      mpfr_set_zero(y, 1);
      for (std::size_t k = 0; k < rows_; ++k) mpfr_add(y, y, at(n.a, k), nearest);
      break;
    default: break;
  }
}

}  // namespace nabla::test
