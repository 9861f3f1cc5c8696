// Kernels: their relations, their ranges, and writing.

#include "simplify/field.hpp"

#include <algorithm>

#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"

namespace nabla::fractions {

Range Field::range(const Polynomial& p) {
  Range total{0, 0};
  for (const Term& t : p.terms()) {
    Range r = range_of(t.coefficient);
    for (std::size_t k = 0; k < kernels_.size(); ++k) {
      if (t.powers[k] == 0) continue;
      r = r * power(facts_.range(kernels_[k].node), t.powers[k]);
    }
    total = total + r;
  }
  if (total.is_nonnegative() || total.high <= 0 || p.terms().size() < 2) return total;
  // a k^2 + b k + c without real roots
  for (std::size_t k = 0; k < kernels_.size(); ++k) {
    if (p.degree(k) != 2) continue;
    const Polynomial a = p.coefficient(k, 2), b = p.coefficient(k, 1), c = p.coefficient(k, 0);
    if (!a.is_constant() || !b.is_constant() || !c.is_constant()) return total;
    const Number d =
        b.constant_term() * b.constant_term() - a.constant_term() * c.constant_term() * Number(4);
    if (d.sign() < 0) {
      return a.constant_term().sign() > 0 ? Range::positive() : -Range::positive();
    }
    return total;
  }
  return total;
}

Polynomial Field::reduced(Polynomial p) const {
  const auto replace = [&](std::size_t k, int degree, const Polynomial& by) {
    while (p.degree(k) >= degree) {
      Polynomial next;
      for (int d = p.degree(k); d >= 0; --d) {
        Polynomial part = p.coefficient(k, d);
        if (part.is_zero()) continue;
        if (d % degree != 0) part = part * kernel(k, d % degree);
        if (d >= degree) part = part * power(by, d / degree);
        next = next + part;
      }
      p = std::move(next);
    }
  };
  for (std::size_t pass = 0; pass < kernels_.size(); ++pass) {
    const Polynomial before = p;
    for (std::size_t k = kernels_.size(); k-- > 0;) {
      const Kernel& kernel = kernels_[k];
      if (kernel.kind == Kernel::Kind::root && p.degree(k) >= kernel.degree) {
        replace(k, static_cast<int>(kernel.degree), kernel.base);
      } else if (kernel.kind == Kernel::Kind::absolute && p.degree(k) >= 2) {
        replace(k, 2, kernel.base * kernel.base);
      }
    }
    for (const Angle& angle : angles_) {
      const std::size_t away = keep_sines_ ? angle.cosine : angle.sine;
      if (p.degree(away) < 2) continue;
      const Polynomial kept = kernel(kernels_[away].partner, 2), one(Number(1));
      // s^2 = 1 - c^2, S^2 = C^2 - 1, C^2 = 1 + S^2
      const Polynomial by = !angle.hyperbolic ? one - kept : keep_sines_ ? one + kept : kept - one;
      replace(away, 2, by);
    }
    if (p == before) break;
  }
  return p;
}

std::size_t Field::add_kernel(Kernel kernel) {
  for (std::size_t k = 0; k < kernels_.size(); ++k) {
    if (kernels_[k].node == kernel.node && kernels_[k].kind == kernel.kind) return k;
  }
  if (kernels_.size() == most_kernels) throw TooLarge{};
  kernels_.push_back(std::move(kernel));
  return kernels_.size() - 1;
}

std::size_t Field::root_kernel(const Polynomial& base, std::int64_t degree) {
  const NodeId inside = write(base);
  const NodeId node = power(g_, inside, g_.insert(Number::ratio(1, degree)));
  return add_kernel({.node = node, .kind = Kernel::Kind::root, .base = base, .degree = degree});
}

std::size_t Field::absolute_kernel(const Polynomial& base) {
  const NodeId node = call(g_, "abs"_fn, write(base));
  return add_kernel({.node = node, .kind = Kernel::Kind::absolute, .base = base});
}

NodeId Field::write(const Polynomial& p) {
  NodeId total = Graph::zero;
  for (const Term& t : p.terms()) {
    NodeId term = g_.insert(t.coefficient);
    for (std::size_t k = 0; k < kernels_.size(); ++k) {
      if (t.powers[k] == 0) continue;
      const NodeId factor = power(g_, kernels_[k].node, g_.insert(std::int64_t{t.powers[k]}));
      term = multiply(g_, term, factor);
    }
    total = add(g_, total, term);
  }
  return total;
}

}  // namespace nabla::fractions
