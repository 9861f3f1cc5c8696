#include "simplify/range.hpp"

#include <algorithm>
#include <array>

#include "lib/core/build.hpp"
#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"

namespace nabla {

namespace {

bool is_whole(double x) { return std::floor(x) == x && std::fabs(x) < 9e15; }

// The bounds of a result of some doubles, moved outward unless it is surely exact.
double down(double x) { return is_whole(x) || std::isinf(x) ? x : x - std::fabs(x) * 4e-16; }
double up(double x) { return is_whole(x) || std::isinf(x) ? x : x + std::fabs(x) * 4e-16; }

double times(double a, double b) { return a == 0 || b == 0 ? 0 : a * b; }

// 0.1 + 0.2 - 0.3 must not come out above 0.
double slack(double a, double b) {
  if (is_whole(a) && is_whole(b)) return 0;
  return std::isfinite(a) && std::isfinite(b) ? 4e-16 * (std::fabs(a) + std::fabs(b)) : 0;
}

}  // namespace

Range operator+(const Range& a, const Range& b) {
  Range r{a.low + b.low - slack(a.low, b.low), a.high + b.high + slack(a.high, b.high)};
  r.nonzero = (a.low >= 0 && b.low >= 0 && (a.nonzero || b.nonzero)) ||
              (a.high <= 0 && b.high <= 0 && (a.nonzero || b.nonzero));
  return r;
}

Range operator-(const Range& a) { return {-a.high, -a.low, a.nonzero}; }

Range operator*(const Range& a, const Range& b) {
  const std::array ends{times(a.low, b.low), times(a.low, b.high), times(a.high, b.low),
                        times(a.high, b.high)};
  const auto [low, high] = std::ranges::minmax(ends);
  return {down(low), up(high), a.is_nonzero() && b.is_nonzero()};
}

Range both(const Range& a, const Range& b) {
  Range r{std::max(a.low, b.low), std::min(a.high, b.high), a.nonzero || b.nonzero};
  return r.low > r.high ? a : r;  // contradictory: no point is left, anything holds
}

Range power(const Range& a, int exponent) {
  if (exponent == 0) return {1, 1, true};
  if (exponent % 2 == 0) {
    const double far = std::max(std::fabs(a.low), std::fabs(a.high));
    const double near = a.low > 0 ? a.low : a.high < 0 ? -a.high : 0;
    return {down(std::pow(near, exponent)), up(std::pow(far, exponent)), a.is_nonzero()};
  }
  return {down(std::pow(a.low, exponent)), up(std::pow(a.high, exponent)), a.is_nonzero()};
}

Range range_of(const Number& n) {
  const double x = n.to_double();
  if (n.is_integer() && is_whole(x)) return {x, x, x != 0};
  return {x - std::fabs(x) * 4e-16, x + std::fabs(x) * 4e-16, true};
}

void Facts::assume(NodeId id, const Range& range) {
  auto [at, inserted] = known_.try_emplace(id, range);
  if (!inserted) at->second = both(at->second, range);
  ranges_.clear();
  done_.clear();
}

bool Facts::is_integer(NodeId id) {
  const Node& n = g_[id];
  if (n.op == Op::integer || integers_.contains(id)) return true;
  if (n.op != Op::sum && n.op != Op::product) return false;
  // A few levels, no more: chains of integers are short.
  std::vector<NodeId> stack{n.a, n.b};
  for (int budget = 32; !stack.empty(); --budget) {
    if (budget == 0) return false;
    const NodeId next = stack.back();
    const Node& m = g_[next];
    stack.pop_back();
    if (m.op == Op::integer || integers_.contains(next)) continue;
    if (m.op != Op::sum && m.op != Op::product) return false;
    stack.push_back(m.a);
    stack.push_back(m.b);
  }
  return true;
}

void Facts::harvest(std::span<const NodeId> roots) {
  std::vector<NodeId> stack(roots.begin(), roots.end());
  std::unordered_set<NodeId> seen;
  std::vector<std::pair<NodeId, Range>> found;
  while (!stack.empty()) {
    const NodeId id = stack.back();
    stack.pop_back();
    if (!seen.insert(id).second) continue;
    const Node& n = g_[id];
    if (n.is_leaf() || (n.op > Op::call)) continue;
    for (int i = operand_count(n); i-- > 0;) stack.push_back(n.operand(i));
    if (n.op == Op::power) {
      const Node& e = g_[n.b];
      if (e.op == Op::integer) {
        if (g_.integer_of(e) < 0) found.emplace_back(n.a, Range{.nonzero = true});
      } else if (e.op == Op::rational) {
        const Number exponent = g_.exact_of(e);
        if (exponent.is_integer()) continue;
        found.emplace_back(n.a, Range{0, Range::infinite, exponent.sign() < 0});
      }
    } else if (n.op == Op::call) {
      const Domain& domain = row(n.fn()).domain;
      if (domain.low == -Range::infinite && domain.high == Range::infinite) continue;
      const bool open_zero = domain.open && (domain.low == 0 || domain.high == 0);
      found.emplace_back(n.a, Range{domain.low, domain.high, open_zero});
    }
  }
  // A bound on u^2, -3*u or 1/u says something about u.
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto [id, range] = found[i];
    assume(id, range);
    const Node& n = g_[id];
    if (n.op == Op::product && g_[n.a].is_number()) {
      const double c = g_.value_of_number(g_[n.a]);
      if (!std::isfinite(c) || c == 0) continue;
      const Range by{1 / c, 1 / c, true};
      found.emplace_back(n.b, range * by);
    } else if (n.op == Op::power && g_[n.b] == g_[Graph::minus_one]) {
      if (range.low >= 0) found.emplace_back(n.a, Range::positive());
    } else if (n.op == Op::product && range.nonzero && range.low == -Range::infinite) {
      found.emplace_back(n.a, Range{.nonzero = true});
      found.emplace_back(n.b, Range{.nonzero = true});
    } else if (n.op == Op::power && g_[n.b].op == Op::integer && range.nonzero) {
      found.emplace_back(n.a, Range{.nonzero = true});
    }
  }
}

Range Facts::range(NodeId id) {
  if (done_.size() <= index(id)) {
    done_.resize(std::size_t{index(id)} + 1);
    ranges_.resize(done_.size());
  }
  if (done_[index(id)]) return ranges_[index(id)];
  std::vector<NodeId> stack{id};
  while (!stack.empty()) {
    const NodeId next = stack.back();
    if (done_[index(next)]) {
      stack.pop_back();
      continue;
    }
    const Node& n = g_[next];
    bool ready = true;
    for (int i = operand_count(n); i-- > 0;) {
      if (!done_[index(n.operand(i))]) {
        stack.push_back(n.operand(i));
        ready = false;
      }
    }
    if (!ready) continue;
    stack.pop_back();
    Range r = examine(n, next);
    if (const auto known = known_.find(next); known != known_.end()) r = both(r, known->second);
    ranges_[index(next)] = r;
    done_[index(next)] = true;
  }
  return ranges_[index(id)];
}

Range Facts::examine(const Node& n, NodeId id) {
  const auto of = [&](NodeId u) -> const Range& { return ranges_[index(u)]; };
  const double inf = Range::infinite;
  switch (n.op) {
    case Op::integer:
    case Op::rational: return range_of(g_.exact_of(n));
    case Op::real: {
      const double x = g_.real_of(n);
      return std::isnan(x) ? Range{} : Range{x, x, x != 0};
    }
    case Op::constant: {
      const double x = constants[n.detail].value;
      return std::isfinite(x) ? Range{down(x), up(x), true} : Range{};
    }
    case Op::sum: return of(n.a) + of(n.b);
    case Op::product: return n.a == n.b ? power(of(n.a), 2) : of(n.a) * of(n.b);
    case Op::power: {
      const Range& base = of(n.a);
      const Node& e = g_[n.b];
      if (e.op == Op::integer) {
        const std::int64_t k = g_.integer_of(e);
        if (k > 0 && k < 1000) return power(base, static_cast<int>(k));
        if (k % 2 == 0) return Range::positive();
        if (base.is_nonnegative()) return Range::positive();
        if (base.high <= 0) return -Range::positive();
        return {.nonzero = true};
      }
      if (e.op == Op::rational) {
        if (g_.exact_of(e).sign() < 0) return Range::positive();
        const double p = g_.value_of_number(e);
        const double low = base.low > 0 ? down(std::pow(base.low, p)) : 0;
        const double high = base.high < inf && base.high >= 0 ? up(std::pow(base.high, p)) : inf;
        return {low, high, base.is_nonzero()};
      }
      if (base.is_positive()) return Range::positive();
      return base.is_nonnegative() ? Range{0, inf} : Range{};
    }
    case Op::call: {
      const Range& u = of(n.a);
      switch (n.fn()) {
        case "exp"_fn:
          return {u.low > -700 ? std::exp(u.low) * (1 - 1e-15) : 0,
                  u.high < 700 ? std::exp(u.high) * (1 + 1e-15) : inf, true};
        case "log"_fn:
          if (u.low > 1) return Range::positive();
          if (u.low == 1) return {0, inf};
          return u.high < 1 ? -Range::positive() : u.high == 1 ? Range{-inf, 0} : Range{};
        case "sin"_fn:
        case "cos"_fn: return {-1, 1};
        case "tanh"_fn:
        case "erf"_fn: {
          const Range unit = u.is_positive()   ? Range{0, 1, true}
                             : u.is_negative() ? Range{-1, 0, true}
                                               : Range{-1, 1, u.nonzero};
          return unit;
        }
        case "sinh"_fn:
        case "asinh"_fn:
        case "atanh"_fn:
        case "atan"_fn:
        case "asin"_fn:
        case "cbrt"_fn:
        case "expm1"_fn:
        case "log1p"_fn:
        case "sign"_fn: {
          Range r{u.low >= 0 ? 0 : -inf, u.high <= 0 ? 0 : inf, u.is_nonzero()};
          if (n.fn() == "sign"_fn || n.fn() == "asin"_fn || n.fn() == "atan"_fn) {
            r.low = std::max(r.low, -2.0);
            r.high = std::min(r.high, 2.0);
          }
          return r;
        }
        case "cosh"_fn: return {1, inf, true};
        case "acosh"_fn:
        case "heaviside"_fn: return {0, inf};
        case "acos"_fn: return {0, 4};
        case "abs"_fn: {
          if (u.is_nonnegative()) return u;
          return {u.high < 0 ? -u.high : 0, std::max(std::fabs(u.low), std::fabs(u.high)),
                  u.is_nonzero()};
        }
        case "sigmoid"_fn: return {0, 1, true};
        case "softplus"_fn: return Range::positive();
        case "erfc"_fn: return {0, 2, true};
        case "hypot"_fn: return {0, inf, u.is_nonzero() || of(n.b).is_nonzero()};
        case "max"_fn: {
          const Range& v = of(n.b);
          return {std::max(u.low, v.low), std::max(u.high, v.high),
                  u.is_positive() || v.is_positive()};
        }
        case "min"_fn: {
          const Range& v = of(n.b);
          return {std::min(u.low, v.low), std::min(u.high, v.high),
                  u.is_negative() || v.is_negative()};
        }
        default: return {};
      }
    }
    case Op::select: {
      const Range &u = of(n.b), &v = of(n.c);
      return {std::min(u.low, v.low), std::max(u.high, v.high), u.is_nonzero() && v.is_nonzero()};
    }
    case Op::data_sum: {
      const Range& u = of(n.a);
      return {u.low >= 0 ? 0 : -inf, u.high <= 0 ? 0 : inf, n.a == Graph::one};
    }
    case Op::symbol:
    case Op::column:
    case Op::apply1:
    case Op::apply2:
    case Op::apply3: (void)id; return {};
    default: return {0, 1};  // conditions
  }
}

}  // namespace nabla
