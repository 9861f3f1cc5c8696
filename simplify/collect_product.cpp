// Products and powers read as flat lists of factors.

#include <algorithm>
#include <cmath>

#include "lib/core/build.hpp"
#include "simplify/pass.hpp"

namespace nabla::normal {

// Reads the chain below `id` into numbers and factors.
NodeId Pass::product(NodeId id) {
  factors_.clear();
  numbers_.clear();
  stack_.clear();
  stack_.push_back({id, Number(1), false, State::raw});
  while (!stack_.empty()) {
    stop_();
    const Item item = stack_.back();
    stack_.pop_back();
    if (item.state != State::raw) {
      read_factor(item);
      continue;
    }
    const Node& n = g_[item.id];
    if (item.id != id && !is_part(item.id)) {
      const NodeId done = out_[item.id];
      const bool open = uses_[item.id] == 1 || (open_shared_ && is_small(done, Op::product));
      stack_.push_back({done, item.exponent, false, open ? State::open : State::closed});
    } else if (n.op == Op::product) {
      stack_.push_back({n.b, item.exponent, false, State::raw});
      stack_.push_back({n.a, item.exponent, false, State::raw});
    } else {
      stack_.push_back({n.a, item.exponent * g_.exact_of(g_[n.b]), false, State::raw});
    }
  }
  return collect_factors();
}

// A canonical node as a factor: its coefficient, base and exponent are always read, the factors of
// a product only where it may be opened.
void Pass::read_factor(const Item& item) {
  const Node& n = g_[item.id];
  const bool unit = item.exponent.is_one(), integer = item.exponent.is_integer();
  if (n.is_number() && unit) {
    numbers_.push_back(item.id);
  } else if (n.op == Op::product && (unit || may_distribute(item))) {
    if (item.state == State::open || g_[n.a].is_number()) {
      stack_.push_back({n.b, item.exponent, false, item.state});
      stack_.push_back({n.a, item.exponent, false, item.state});
    } else {
      factors_.push_back({item.id, item.exponent});
    }
  } else if (n.op == Op::power && is_exact(g_[n.b]) &&
             (integer || !g_.exact_of(g_[n.b]).is_integer())) {
    // (u^m)^n is u^(m n) when n is an integer, and when u^m has no value for negative u.
    stack_.push_back({n.a, item.exponent * g_.exact_of(g_[n.b]), false, item.state});
  } else {
    factors_.push_back({item.id, item.exponent});
  }
}

// (u*v)^n is u^n*v^n for small integers n; no doubles inside, which might overflow by themselves.
bool Pass::may_distribute(const Item& item) const {
  const auto n = item.exponent.as_int64();
  if (!n || std::abs(*n) > highest_power || !is_small(item.id, Op::product)) return false;
  NodeId id = item.id;
  while (g_[id].op == Op::product) {
    const Node& p = g_[id];
    if (g_[p.a].op == Op::real || g_[p.b].op == Op::real) return false;
    id = g_[p.a].op == Op::product ? p.a : p.b;
  }
  return g_[id].op != Op::real;
}

// 2/sqrt(2) is sqrt(2), sqrt(2)/2 is 1/sqrt(2): whole powers of the base move out of the
// coefficient.
void Pass::settle_roots(Number& coefficient) {
  if (coefficient.is_zero()) return;
  for (Factor& f : factors_) {
    const Node& n = g_[f.base];
    if (n.op != Op::integer || g_.integer_of(n) < 2 || f.exponent.is_integer()) continue;
    const Number base = g_.exact_of(n);
    while (f.exponent.sign() < 0 && (coefficient.numerator() / base).is_integer()) {
      coefficient = coefficient / base;
      f.exponent = f.exponent + Number(1);
    }
    while (f.exponent.sign() > 0 && (coefficient.denominator() / base).is_integer()) {
      coefficient = coefficient * base;
      f.exponent = f.exponent - Number(1);
    }
  }
}

NodeId Pass::collect_factors() {
  const auto fixed = [&](NodeId base) {
    return (g_[base].flags & depends_on_symbol) == 0 && !is_positive(base);
  };
  std::ranges::sort(factors_, [&](const Factor& s, const Factor& t) {
    stop_();
    return s.base != t.base ? s.base < t.base : s.exponent < t.exponent;
  });
  std::size_t kept = 0;
  for (std::size_t i = 0, end = 0; i < factors_.size(); i = end) {
    Factor f = factors_[i];
    // What may be 0 or infinite does not cancel.
    const bool apart = fixed(f.base);
    for (end = i + 1; end < factors_.size() && factors_[end].base == f.base &&
                      !(apart && factors_[end].exponent.sign() != factors_[i].exponent.sign());
         ++end) {
      f.exponent = f.exponent + factors_[end].exponent;
    }
    if (f.exponent.is_zero()) continue;
    if (g_[f.base].is_number()) {
      const NodeId value = power(g_, f.base, g_.insert(f.exponent));
      if (g_[value].is_number()) {
        numbers_.push_back(value);
        continue;
      }
    }
    factors_[kept++] = f;
  }
  factors_.resize(kept);

  // Exact numbers first, then doubles in ascending order; what leaves the normal range stays apart.
  Number exact(1);
  std::vector<NodeId> apart;
  std::vector<double> reals;
  for (const NodeId id : numbers_) {
    const Node& n = g_[id];
    if (n.op == Op::real) {
      reals.push_back(g_.real_of(n));
    } else if (const Number value = g_.exact_of(n); product_fits(exact, value, g_.limits)) {
      exact = exact * value;
    } else {
      apart.push_back(id);
    }
  }
  settle_roots(exact);
  Shape shape{.coefficient = g_.insert(exact), .above = {}, .below = {}};
  std::ranges::sort(
      reals, [](double a, double b) { return std::abs(a) < std::abs(b) || (a == -b && a < b); });
  for (const double x : reals) {
    const double y = g_.value_of_number(g_[shape.coefficient]) * x;
    if (std::isnormal(y) && std::isnormal(x)) {
      shape.coefficient = g_.insert(y);
    } else {
      apart.push_back(g_.insert(x));
    }
  }

  for (const Factor& f : factors_) {
    const bool below = f.exponent.sign() < 0 && f.base != Graph::zero;
    const NodeId exponent = g_.insert(below ? -f.exponent : f.exponent);
    (below ? shape.below : shape.above).push_back(power(g_, f.base, exponent));
  }
  const auto before = [&](NodeId a, NodeId b) {
    stop_();
    return order_.factor_before(a, b);
  };
  std::ranges::sort(shape.above, before);
  std::ranges::sort(shape.below, before);
  pair_mean(shape);
  NodeId result = assemble(g_, shape);
  for (const NodeId x : apart) result = multiply(g_, x, result);
  return result;
}

// sum(u)/sum(1), once: it is written mean(u).
void Pass::pair_mean(Shape& shape) {
  const auto rows = std::ranges::find_if(
      shape.below, [&](NodeId id) { return g_[id].op == Op::data_sum && g_[id].a == Graph::one; });
  if (rows == shape.below.end()) return;
  const auto sum =
      std::ranges::find_if(shape.above, [&](NodeId id) { return g_[id].op == Op::data_sum; });
  if (sum == shape.above.end()) return;
  *sum = divide(g_, *sum, *rows);
  shape.below.erase(rows);
  std::ranges::sort(shape.above, [&](NodeId a, NodeId b) { return order_.factor_before(a, b); });
}

}  // namespace nabla::normal
