#include "tests/support/random_expr.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"
#include "tests/support/mpfr_eval.hpp"

namespace nabla::test {

namespace {

constexpr double margin = 0.02;  // distance kept from kinks and ends of domains

// A function row at doubles, through its MPFR definition: lowered rows have no other double value.
double value_of(Fn fn, double u, double v) {
  Real y(53), first(53), second(53);
  mpfr_set_d(first, u, MPFR_RNDN);
  mpfr_set_d(second, v, MPFR_RNDN);
  apply(fn, y, first, second);
  return y.to_double();
}

bool inside(const Domain& d, double u) { return u >= d.low + margin && u <= d.high - margin; }

double distance_to_integer(double u) { return std::fabs(u - std::nearbyint(u)); }

std::string variable_name(int i) {
  constexpr const char* usual[] = {"x", "y", "z", "t"};
  return i < 4 ? usual[i] : "u" + std::to_string(i - 3);
}

}  // namespace

RandomExpressions::RandomExpressions(Graph& graph, RandomOptions options)
    : graph_(graph), options_(options), state_(options.seed) {
  for (int i = 0; i < options_.variables; ++i) {
    variables_.push_back(symbol(graph_, variable_name(i)));
  }
  point_.resize(variables_.size());
}

// splitmix64: the standard library's distributions differ between implementations.
std::uint64_t RandomExpressions::bits() {
  state_ += 0x9E3779B97F4A7C15u;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

double RandomExpressions::uniform(double low, double high) {
  return low + (high - low) * static_cast<double>(bits() >> 11) * 0x1p-53;
}

int RandomExpressions::below(int n) { return static_cast<int>(bits() % static_cast<unsigned>(n)); }

Expr RandomExpressions::next() {
  // Small magnitudes, both signs, away from 0 and 1.
  for (double& p : point_) {
    const double size = below(4) == 0 ? uniform(1.1, 3) : uniform(0.1, 0.9);
    p = below(3) == 0 ? -size : size;
  }
  pool_.clear();
  const int operations = 1 + below(options_.operations);
  for (int done = 0, tries = 0; done < operations && tries < 50 * operations; ++tries) {
    Item made;
    if (!combine(made) || !acceptable(made)) continue;
    pool_.push_back(made);
    ++done;
  }
  if (pool_.empty()) pool_.push_back(leaf());
  // What is left over is added up, so that nothing built goes unseen.
  Item total = pool_.back();
  for (std::size_t i = pool_.size() - 1; i-- > 0;) total.expr = total.expr + pool_[i].expr;
  if (options_.columns) total.expr = data_sum(total.expr);
  return total.expr;
}

bool RandomExpressions::acceptable(const Item& item) const {
  if (options_.anywhere) return true;
  return std::fabs(item.value) <= options_.largest;  // false for NaN
}

RandomExpressions::Item RandomExpressions::number() {
  const int kind = options_.polynomial ? 0 : below(options_.anywhere ? 7 : 5);
  if (kind <= 1) {
    const int n = below(2) ? 1 + below(9) : -1 - below(9);
    return {nabla::number(graph_, n), static_cast<double>(n)};
  }
  if (kind == 2) {
    const int up = 1 + below(9), down = 2 + below(7);
    return {rational(graph_, up, down), static_cast<double>(up) / down};
  }
  if (kind == 3 && options_.constants) {
    const auto which = static_cast<std::size_t>(below(static_cast<int>(constants.size())));
    const double value = constants[which].value;
    if (std::isfinite(value) || options_.anywhere) {
      return {graph_.expr(graph_.insert_constant(static_cast<std::uint8_t>(which))), value};
    }
  }
  if (kind >= 5 && options_.anywhere) {
    if (kind == 5) {
      Number big = static_cast<std::int64_t>(bits() >> 1);
      big = big * Number(static_cast<std::int64_t>(bits() >> 1));
      if (below(2)) big = big * Number::ratio(1, 3 + below(1000));
      return {graph_.expr(graph_.insert(below(2) ? -big : big)), 1};
    }
    if (options_.decimals) {
      const double fraction = uniform(-1, 1);  // one draw after the other, in every compiler
      const double value = std::ldexp(fraction, below(200) - 100);
      return {real(graph_, value), value};
    }
  }
  const double value = std::round(uniform(-40, 40)) / 8 + 0.1;
  if (options_.decimals) return {real(graph_, value), value};
  return {nabla::number(graph_, 2), 2};
}

RandomExpressions::Item RandomExpressions::leaf() {
  if (below(10) < 3) return number();
  if (options_.columns && below(3) == 0) {
    return {column(graph_, below(2) ? "c1" : "c2"), uniform(0.5, 1.5)};
  }
  const auto i = static_cast<std::size_t>(below(static_cast<int>(variables_.size())));
  return {variables_[i], point_[i]};
}

// An operand: something built before (used up two times in three, shared otherwise), or a leaf.
RandomExpressions::Item RandomExpressions::take() {
  if (pool_.empty() || below(2) == 0) return leaf();
  const auto i = static_cast<std::size_t>(below(static_cast<int>(pool_.size())));
  const Item item = pool_[i];
  if (below(3) != 0 || options_.anywhere) {
    pool_.erase(pool_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return item;
}

bool RandomExpressions::combine(Item& result) {
  const int kind = below(12);
  if (kind >= 8 && options_.functions && !options_.polynomial) return call_row(result);
  if (kind == 7 && options_.choices && !options_.polynomial) return choice(result);
  if (kind >= 6) return power(result);
  const std::vector<Item> before = pool_;
  const Item a = take(), b = take();
  if (kind <= 1) {
    result = {a.expr + b.expr, a.value + b.value};
  } else if (kind == 2) {
    result = {a.expr - b.expr, a.value - b.value};
  } else if (kind <= 4) {
    result = {a.expr * b.expr, a.value * b.value};
  } else if (options_.polynomial) {
    result = {-a.expr, -a.value};
  } else {
    if (std::fabs(b.value) < margin && !options_.anywhere) return pool_ = before, false;
    result = {a.expr / b.expr, a.value / b.value};
  }
  if (!acceptable(result)) return pool_ = before, false;
  return true;
}

bool RandomExpressions::power(Item& result) {
  const std::vector<Item> before = pool_;
  const Item base = take();
  Expr exponent = nabla::number(graph_, 2);
  double value = 2;
  const int kind = options_.polynomial ? 0 : below(4);
  if (kind == 0) {
    value = 2 + below(3);
    exponent = nabla::number(graph_, static_cast<int>(value));
  } else if (kind == 1) {
    value = -1 - below(3);
    exponent = nabla::number(graph_, static_cast<int>(value));
  } else if (kind == 2) {
    const int up = 1 + 2 * below(3), down = 2 + below(2) * 2;
    exponent = rational(graph_, below(3) == 0 ? -up : up, down);
    value = graph_.value_of_number(node(exponent));
  } else if (options_.variable_exponents) {
    const Item chosen = take();
    exponent = chosen.expr;
    value = chosen.value;
  }
  const bool integer = node(exponent).op == Op::integer;
  const bool defined = integer ? std::fabs(base.value) > margin : base.value > margin;
  if (!defined && !options_.anywhere) return pool_ = before, false;
  result = {nabla::pow(base.expr, exponent), std::pow(base.value, value)};
  if (!acceptable(result)) return pool_ = before, false;
  return true;
}

bool RandomExpressions::clear_of_kinks(std::size_t which, double u, double v) const {
  const FunctionRow& f = functions[which];
  const bool two = f.value.arity == 2;
  switch (f.kink) {
    case Kink::none: return true;
    case Kink::at_zero: return std::fabs(u) > margin;
    case Kink::at_integers: return distance_to_integer(two ? u / v : u) > margin;
    case Kink::at_half_integers: return distance_to_integer(u + 0.5) > margin;
    case Kink::at_equality: return std::fabs(u - v) > margin;
  }
  return false;
}

bool RandomExpressions::call_row(Item& result) {
  const std::vector<Item> before = pool_;
  const auto which = static_cast<std::size_t>(below(static_cast<int>(functions.size())));
  const FunctionRow& f = functions[which];
  const bool shorthand = f.value.kind == Value::Kind::shorthand;
  if (f.value.arity > 2 || (f.kink != Kink::none && !options_.kinks)) return false;
  const bool two = f.value.arity == 2;
  Item u = take();
  // An operand without a derivative is a literal.
  if (!shorthand && !f.partials.defined[0]) {
    const int n = below(3);
    u = {nabla::number(graph_, n), static_cast<double>(n)};
  }
  const Item v = two ? take() : Item{};
  if (options_.anywhere) {
    result.expr = two ? call(Fn{static_cast<std::uint8_t>(which)}, u.expr, v.expr)
                      : call(Fn{static_cast<std::uint8_t>(which)}, u.expr);
    return true;
  }
  const bool defined = inside(f.domain, u.value) && (!two || inside(f.second_domain, v.value)) &&
                       clear_of_kinks(which, u.value, v.value);
  // At 0 some slopes are infinite (cbrt, hypot), and mod(u, 0) is nothing.
  const bool tiny = std::fabs(u.value) < margin || (two && std::fabs(v.value) < margin);
  if (tiny && node(u.expr).op != Op::integer) return pool_ = before, false;
  // Costly rows have poles that the domain does not tell: stay where tests may draw arguments.
  const Sample& narrow = two ? f.second_sample : f.sample;
  const double last = two ? v.value : u.value;
  const bool sampled = last >= narrow.low && last <= narrow.high;
  if (!defined || (f.cost >= 60 && !sampled)) return pool_ = before, false;
  if (shorthand) {
    // Its value is that of its definition.
    const Expr made = two ? call(Fn{static_cast<std::uint8_t>(which)}, u.expr, v.expr)
                          : call(Fn{static_cast<std::uint8_t>(which)}, u.expr);
    if (!inside({f.sample.low, f.sample.high, false}, u.value)) return pool_ = before, false;
    result = {made, value_at(made, variables_, point_, 53)};
  } else {
    const Fn fn{static_cast<std::uint8_t>(which)};
    result = {two ? call(fn, u.expr, v.expr) : call(fn, u.expr), value_of(fn, u.value, v.value)};
  }
  if (!acceptable(result)) return pool_ = before, false;
  return true;
}

RandomExpressions::Item RandomExpressions::comparison() {
  const Item a = take();
  Item b = take();
  // Near equality the expression would jump beside the point.
  if (!options_.anywhere && std::fabs(a.value - b.value) < margin) {
    const int far = a.value < 0 ? 3 : -3;
    b = {nabla::number(graph_, far), static_cast<double>(far)};
  }
  const bool first = a.value < b.value;
  switch (below(options_.anywhere ? 6 : 4)) {
    case 0: return {less(a.expr, b.expr), first ? 1.0 : 0.0};
    case 1: return {less_equal(a.expr, b.expr), first ? 1.0 : 0.0};
    case 2: return {not_equal(a.expr, b.expr), 1.0};
    case 3: return {negation(less(a.expr, b.expr)), first ? 0.0 : 1.0};
    case 4: return {equal(a.expr, b.expr), 0.0};
    default: return {less_equal(b.expr, a.expr), first ? 0.0 : 1.0};
  }
}

RandomExpressions::Item RandomExpressions::condition() {
  const Item when = comparison();
  if (below(3) != 0) return when;
  const Item other = comparison();
  const bool p = when.value != 0, q = other.value != 0;
  if (below(2)) return {both(when.expr, other.expr), p && q ? 1.0 : 0.0};
  return {either(when.expr, other.expr), p || q ? 1.0 : 0.0};
}

bool RandomExpressions::choice(Item& result) {
  const std::vector<Item> before = pool_;
  const Item when = condition();
  const Item yes = take(), no = take();
  result = {select(when.expr, yes.expr, no.expr), when.value != 0 ? yes.value : no.value};
  if (!acceptable(result)) return pool_ = before, false;
  return true;
}

}  // namespace nabla::test
