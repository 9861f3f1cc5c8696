#include "lib/calculus/proof.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "lib/core/functions.hpp"

namespace nabla::calculus {

namespace {

constexpr std::size_t most_nodes = 48, most_terms = 64, most_products = 1000;
constexpr std::int64_t largest_exponent = 16;

// Exponents of kernels, by id; a sum of such with exact coefficients.
using Monomial = std::map<NodeId, std::int64_t>;
using Polynomial = std::map<Monomial, Number>;

class Expander {
 public:
  explicit Expander(const Graph& g) : g_(g) {}

  bool names_only = true;

  // Nothing when it grows too large.
  std::optional<Polynomial> expand(NodeId root) {
    std::vector<NodeId> stack{root};
    while (!stack.empty()) {
      const NodeId id = stack.back();
      if (known_.contains(id)) {
        stack.pop_back();
        continue;
      }
      if (known_.size() + stack.size() > 2 * most_nodes) return std::nullopt;
      const Node& n = g_[id];
      const std::size_t before = stack.size();
      for (int i = 0; i < opened(n); ++i) {
        if (!known_.contains(n.operand(i))) stack.push_back(n.operand(i));
      }
      if (stack.size() > before) continue;
      auto value = combined(id, n);
      if (!value || value->size() > most_terms) return std::nullopt;
      known_.emplace(id, std::move(*value));
      stack.pop_back();
    }
    return known_.at(root);
  }

 private:
  std::optional<std::int64_t> whole_exponent(const Node& n) const {
    if (n.op != Op::power || g_[n.b].op != Op::integer) return std::nullopt;
    const std::int64_t p = g_.integer_of(g_[n.b]);
    if (p > largest_exponent || p < -largest_exponent) return std::nullopt;
    return p;
  }

  // Operands that are multiplied out; those of a kernel are left alone.
  int opened(const Node& n) const {
    if (n.op == Op::sum || n.op == Op::product) return 2;
    return whole_exponent(n) ? 1 : 0;
  }

  std::optional<Polynomial> combined(NodeId id, const Node& n) {
    if (n.op == Op::integer || n.op == Op::rational) return constant(g_.exact_of(n));
    if (n.op == Op::real && g_.real_of(n) - g_.real_of(n) == 0) {
      return constant(Number::from_double(g_.real_of(n)));
    }
    if (n.op == Op::sum) {
      Polynomial p = known_.at(n.a);
      for (const auto& [monomial, c] : known_.at(n.b)) add_to(p, monomial, c);
      return p;
    }
    if (n.op == Op::product) return times(known_.at(n.a), known_.at(n.b));
    if (const auto exponent = whole_exponent(n)) {
      const Polynomial& base = known_.at(n.a);
      if (*exponent > 0) {
        std::optional<Polynomial> p = constant(Number(1));
        for (std::int64_t i = 0; i < *exponent && p; ++i) p = times(*p, base);
        return p;
      }
      if (base.size() == 1) {
        // One term has an inverse among the terms.
        const auto& [monomial, c] = *base.begin();
        Monomial inverse;
        for (const auto& [kernel, e] : monomial) inverse.emplace(kernel, e * *exponent);
        names_only = false;
        return Polynomial{{std::move(inverse), power(c, *exponent)}};
      }
    }
    if (n.op != Op::symbol && n.op != Op::column) names_only = false;
    return Polynomial{{Monomial{{id, 1}}, Number(1)}};
  }

  static Polynomial constant(const Number& c) {
    return c.is_zero() ? Polynomial{} : Polynomial{{Monomial{}, c}};
  }
  static void add_to(Polynomial& p, const Monomial& monomial, const Number& c) {
    Number& sum = p.try_emplace(monomial, Number(0)).first->second;
    sum = sum + c;
    if (sum.is_zero()) p.erase(monomial);
  }

  std::optional<Polynomial> times(const Polynomial& a, const Polynomial& b) {
    Polynomial p;
    for (const auto& [m, c] : a) {
      for (const auto& [n, d] : b) {
        Monomial product = m;
        for (const auto& [kernel, e] : n) {
          if ((product[kernel] += e) == 0) product.erase(kernel);
        }
        reduce(p, std::move(product), c * d);
        if (++products_ > most_products || p.size() > most_terms) return std::nullopt;
      }
    }
    return p;
  }

  // Squares of cosines go; every square makes two terms of one.
  void reduce(Polynomial& p, Monomial monomial, const Number& c) const {
    for (const auto& [kernel, e] : monomial) {
      const Node& n = g_[kernel];
      const bool circle = n.op == Op::call && n.fn() == "cos"_fn;
      const bool hyperbola = n.op == Op::call && n.fn() == "cosh"_fn;
      if (e < 2 || !(circle || hyperbola)) continue;
      const NodeId other = sine_of(n.a, circle ? "sin"_fn : "sinh"_fn);
      if (other == NodeId{}) continue;
      const NodeId cosine = kernel;
      if ((monomial[cosine] -= 2) == 0) monomial.erase(cosine);
      Monomial square = monomial;
      if ((square[other] += 2) == 0) square.erase(other);
      reduce(p, std::move(monomial), c);
      reduce(p, std::move(square), circle ? -c : c);
      return;
    }
    add_to(p, monomial, c);
  }

  // The sine of the same argument, if it has been met.
  NodeId sine_of(NodeId argument, Fn fn) const {
    for (const auto& [id, value] : known_) {
      const Node& n = g_[id];
      if (n.op == Op::call && n.fn() == fn && n.a == argument) return id;
    }
    return NodeId{};
  }

  const Graph& g_;
  std::map<NodeId, Polynomial> known_;
  std::size_t products_ = 0;  // of terms, so far
};

}  // namespace

Verdict compare_exactly(const Graph& g, NodeId a, NodeId b, const Number& factor) {
  Expander expander(g);
  const auto p = expander.expand(a);
  if (!p) return Verdict::undecided;
  auto q = expander.expand(b);
  if (!q) return Verdict::undecided;
  for (auto& term : *q) term.second = term.second * factor;
  if (*p == *q) return Verdict::equal;
  return expander.names_only ? Verdict::different : Verdict::undecided;
}

}  // namespace nabla::calculus
