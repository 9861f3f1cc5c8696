#include "simplify/samples.hpp"

#include <algorithm>
#include <cmath>

#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"

namespace nabla {

namespace {

constexpr double unit = 0x1p-53;
constexpr double largest = std::numeric_limits<double>::max();
constexpr double infinite_error = std::numeric_limits<double>::infinity();

std::uint64_t mix(std::uint64_t h) {
  h = (h ^ (h >> 32)) * 0xD6E8FEB86659FD93u;
  h = (h ^ (h >> 29)) * 0x9E3779B97F4A7C15u;
  return h ^ (h >> 32);
}

double fraction(std::uint64_t h) { return static_cast<double>(mix(h) >> 11) * 0x1p-53; }

double far_away(std::size_t point) {
  constexpr double at[] = {400, -400, 800, -800, 1e5, -1e5};
  return at[point - Samples::far];
}

// What a product or power of no zero loses where it underflows.
double underflow(double value) {
  return std::fabs(value) < std::numeric_limits<double>::min()
             ? std::numeric_limits<double>::denorm_min()
             : 0;
}

// The change of f over u - e, u + e; an end outside the domain does not count. What overflowed is
// some number beyond the largest one.
double spread(auto&& f, double u, double e, double value) {
  if (e == 0) return 0;
  if (std::isinf(u)) {
    const double change = std::fabs(f(std::copysign(largest, u)) - value);
    return std::isnan(change) ? infinite_error : change;
  }
  if (!std::isfinite(e)) return infinite_error;
  const double a = std::fabs(f(u - e) - value), b = std::fabs(f(u + e) - value);
  if (std::isnan(a) && std::isnan(b)) return infinite_error;
  return std::isnan(a) ? b : std::isnan(b) ? a : std::max(a, b);
}

}  // namespace

// Moderate values of either sign for most points, the same size throughout for the extreme ones.
double Samples::sample(NodeId symbol, std::size_t point) {
  std::uint64_t h = 0xcbf29ce484222325u;
  for (const char c : g_.name_of(g_[symbol])) h = mix(h ^ static_cast<unsigned char>(c));
  h = mix(h + 0x9E3779B97F4A7C15u * (point + 1));
  const double t = fraction(h), sign = (mix(h + 1) & 1) != 0 ? 1 : -1;
  double x = 0;
  switch (point) {
    case 24: x = 20; break;
    case 25: x = -20; break;
    case 26: x = 40; break;
    case 27: x = -40; break;
    case 28: x = 1e-8 * (1 + t); break;
    case 29: x = -1e-8 * (1 + t); break;
    case 30: x = sign * (10 + 30 * t); break;
    case 31: x = sign * (100 + 900 * t); break;
    case 32:
    case 33:
    case 34:
    case 35:
    case 36:
    case 37: x = far_away(point); break;
    default:
      x = point % 3 == 0 ? sign * t : point % 3 == 1 ? sign * 4 * t : 0.05 + 3 * t;
      if (point % 8 == 5) x = 1 + 9 * t;
  }
  const Range range = facts_.range(symbol);
  if (facts_.is_integer(symbol)) x = std::round(x * 3);
  if (x >= range.low && x <= range.high && (x != 0 || !range.nonzero)) return x;
  if (std::isfinite(range.low) && std::isfinite(range.high)) {
    x = range.low + (range.high - range.low) * (0.02 + 0.96 * t);
  } else if (std::isfinite(range.low)) {
    x = range.low + std::fabs(x) + 1e-9;
  } else if (std::isfinite(range.high)) {
    x = range.high - std::fabs(x) - 1e-9;
  } else {
    x = 1;
  }
  return facts_.is_integer(symbol) ? std::round(x) : x;
}

const Samples::Value* Samples::values(NodeId id) {
  if (place_.size() <= index(id)) place_.resize(std::size_t{index(id)} + 1);
  if (place_[index(id)] == 0) {
    std::vector<NodeId> stack{id};
    while (!stack.empty()) {
      const NodeId next = stack.back();
      if (place_[index(next)] != 0) {
        stack.pop_back();
        continue;
      }
      const Node& n = g_[next];
      bool ready = true;
      for (int i = operand_count(n); i-- > 0;) {
        if (place_[index(n.operand(i))] == 0) {
          stack.push_back(n.operand(i));
          ready = false;
        }
      }
      if (!ready) continue;
      stack.pop_back();
      place_[index(next)] = static_cast<std::uint32_t>(values_.size()) + 1;
      values_.resize(values_.size() + points);
      evaluate(n, next);
    }
  }
  return &values_[place_[index(id)] - 1];
}

void Samples::evaluate(const Node& n, NodeId id) {
  const auto at = [&](NodeId u) { return values_.data() + (place_[index(u)] - 1); };
  Value* to = at(id);
  const int count = operand_count(n);
  const Value* a = count > 0 ? at(n.a) : nullptr;
  const Value* b = count > 1 ? at(n.b) : nullptr;
  const Value* c = count > 2 ? at(n.c) : nullptr;
  int exponent = 0;
  const bool power_of_two = n.op == Op::product && g_[n.a].op <= Op::rational &&
                            std::fabs(std::frexp(g_.value_of_number(g_[n.a]), &exponent)) == 0.5;
  for (std::size_t i = 0; i < points; ++i) {
    Value r{0, 0};
    switch (n.op) {
      case Op::integer:
      case Op::rational:
      case Op::real:
        r.value = g_.value_of_number(n);
        r.error = n.op == Op::rational && std::fabs(std::frexp(r.value, &exponent)) != 0.5
                      ? std::fabs(r.value) * unit
                      : 0;
        break;
      case Op::constant:
        r.value = constants[n.detail].value;
        r.error = std::fabs(r.value) * unit;
        break;
      case Op::symbol:
      case Op::column: r.value = sample(id, i); break;
      case Op::sum:
        r.value = a[i].value + b[i].value;
        r.error = a[i].error + b[i].error;
        // Exact sums of exact numbers stay exact: as exponents of negative numbers they have to.
        if (r.error != 0 || r.value - a[i].value != b[i].value ||
            r.value - b[i].value != a[i].value)
          r.error += std::fabs(r.value) * unit;
        break;
      case Op::product:
        r.value = a[i].value * b[i].value;
        r.error = std::fabs(a[i].value) * b[i].error + std::fabs(b[i].value) * a[i].error +
                  a[i].error * b[i].error + (power_of_two ? 0 : std::fabs(r.value) * unit) +
                  (a[i].value == 0 || b[i].value == 0 ? 0 : underflow(r.value));
        break;
      case Op::power: {
        const double e = b[i].value, x = a[i].value;
        if (g_[n.b].is_number() && x != 0 && std::fabs(a[i].error) < 0.25 * std::fabs(x)) {
          r.value = e == 0.5 ? std::sqrt(x) : e == -1 ? 1 / x : std::pow(x, e);
          r.error = std::fabs(r.value) * (std::fabs(e) * a[i].error / std::fabs(x) * 1.5 + unit) +
                    underflow(r.value);
          break;
        }
        r.value = std::pow(x, e);
        r.error = spread([&](double u) { return std::pow(u, e); }, x, a[i].error, r.value) +
                  spread([&](double u) { return std::pow(x, u); }, e, b[i].error, r.value) +
                  std::fabs(r.value) * unit;
        break;
      }
      case Op::call: r = call_at(n, id, i); break;
      case Op::less: r.value = a[i].value < b[i].value; break;
      case Op::less_equal: r.value = a[i].value <= b[i].value; break;
      case Op::equal: r.value = a[i].value == b[i].value; break;
      case Op::not_equal: r.value = a[i].value != b[i].value; break;
      case Op::both: r.value = a[i].value != 0 && b[i].value != 0; break;
      case Op::either: r.value = a[i].value != 0 || b[i].value != 0; break;
      case Op::negation: r.value = a[i].value == 0; break;
      case Op::select: r = a[i].value != 0 ? b[i] : c[i]; break;
      case Op::data_sum: r = a[i]; break;  // one row
      case Op::apply1:
      case Op::apply2:
      case Op::apply3: r = applied_at(n, i); break;
    }
    to[i] = r;
  }
}

// Some smooth function of the operands, another one for each name: what the program's function is
// worth is not asked, and equal operands have to give equal values.
Samples::Value Samples::applied_at(const Node& n, std::size_t i) {
  std::uint64_t h = 0;
  for (const char c : g_.functions()[n.detail].name) h = mix(h ^ static_cast<unsigned char>(c));
  double angle = 6 * fraction(h), error = 0;
  for (int k = 0; k < operand_count(n); ++k) {
    const Value u = values_[place_[index(n.operand(k))] - 1 + i];
    angle += (k + 1) * u.value;
    error += (k + 1) * u.error;
  }
  const double value = 1.5 + std::sin(angle) / 2;
  return {value, error / 2 + std::fabs(value) * unit};
}

Samples::Value Samples::call_at(const Node& n, NodeId id, std::size_t i) {
  const auto at = [&](NodeId u) { return values_[place_[index(u)] - 1 + i]; };
  const FunctionRow& f = row(n.fn());
  const bool two = f.value.arity == 2;
  const Value u = at(n.a), v = two ? at(n.b) : Value{0, 0};
  const auto unary = [&](auto&& g) {
    const double value = g(u.value);
    return Value{value, spread(g, u.value, u.error, value) + 2 * unit * std::fabs(value)};
  };
  if (f.value.kind == nabla::Value::Kind::machine && !two) return unary(f.value.unary);
  switch (n.fn()) {
    case "sign"_fn: return {u.value > 0 ? 1.0 : u.value < 0 ? -1.0 : u.value, 0};
    case "heaviside"_fn: return {u.value > 0 ? 1.0 : u.value < 0 ? 0.0 : 0.5, 0};
    case "max"_fn: return u.value < v.value ? v : u;
    case "min"_fn: return v.value < u.value ? v : u;
    case "sigmoid"_fn:
      return unary([](double x) {
        const double e = std::exp(-std::fabs(x));
        return (x >= 0 ? 1 : e) / (1 + e);
      });
    case "softplus"_fn:
      return unary([](double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x))); });
    default: break;
  }
  const auto binary = [&](auto&& g) {
    const double value = g(u.value, v.value);
    const auto first = [&](double x) { return g(x, v.value); };
    const auto second = [&](double x) { return g(u.value, x); };
    return Value{value, spread(first, u.value, u.error, value) +
                            spread(second, v.value, v.error, value) + 2 * unit * std::fabs(value)};
  };
  if (f.value.kind == nabla::Value::Kind::machine) return binary(f.value.binary);
  if (n.fn() == "logsumexp"_fn) {
    return binary([](double x, double y) {
      return std::max(x, y) + std::log1p(std::exp(-std::fabs(x - y)));
    });
  }
  // Something that is the same for the same node will do, and is large far away.
  const double part = fraction(std::uint64_t{index(id)} * points + i);
  return {i < far ? 0.5 + part : far_away(i) * (0.75 + part / 2), 0};
}

Samples::Verdict Samples::compare(NodeId original, NodeId form) {
  if (original == form) return Verdict::same;
  values(original);
  values(form);
  const Value *x = values(original), *y = values(form);
  Verdict result = Verdict::unknown;
  for (std::size_t i = 0; i < points; ++i) {
    if (!std::isfinite(x[i].value)) continue;
    const bool known = x[i].error < 0.1 * std::fabs(x[i].value) + 1e-100;
    if (!std::isfinite(y[i].value)) return Verdict::differs;
    if (!known) continue;
    // Far away the bound of what lost everything to overflow allows everything.
    const double own = i < far ? y[i].error : 1e-6 * std::fabs(x[i].value);
    if (!std::isfinite(own)) continue;
    const double allowed = 8 * (x[i].error + own) + negligible_;
    if (std::fabs(x[i].value - y[i].value) > allowed) return Verdict::differs;
    result = Verdict::same;
  }
  return result;
}

int Samples::lost(NodeId form) {
  const Value* y = values(form);
  int count = 0;
  for (std::size_t i = far; i < points; ++i) count += std::isnan(y[i].value);
  return count;
}

double Samples::error(NodeId original, NodeId form) {
  values(original);
  values(form);
  const Value *x = values(original), *y = values(form);
  double worst = 0;
  for (std::size_t i = 0; i < far; ++i) {
    if (!std::isfinite(x[i].value) || std::fabs(x[i].value) < negligible_) continue;
    // Near a root of the original, what it computes there is the size to compare with.
    const double size =
        std::max(std::fabs(y[i].value), y[i].error < x[i].error ? std::fabs(x[i].value) : 0);
    const double relative = y[i].error == 0 ? 0 : size == 0 ? infinite_error : y[i].error / size;
    if (std::isnan(relative)) return infinite_error;
    worst = std::max(worst, relative);
  }
  return worst / unit;
}

}  // namespace nabla
