#include "lib/optimize/one_scan.hpp"

#include <algorithm>

#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"

namespace nabla {
namespace {

using Exponents = std::vector<std::uint8_t>;

class Expansion {
 public:
  Expansion(Graph& g, std::span<const Expr> parameters, std::size_t most)
      : g_(g), parameters_(parameters), most_(most) {}

  std::optional<Polynomial> of(NodeId root);

 private:
  void add_to(Polynomial& p, const Exponents& e, NodeId coefficient) {
    const auto [at, fresh] = p.try_emplace(e, coefficient);
    if (!fresh) at->second = add(g_, at->second, coefficient);
    if (at->second == Graph::zero) p.erase(at);
  }
  std::optional<Polynomial> product(const Polynomial& a, const Polynomial& b);
  std::optional<Polynomial> power(const Polynomial& base, std::int64_t n);

  Graph& g_;
  std::span<const Expr> parameters_;
  std::size_t most_;
};

std::optional<Polynomial> Expansion::product(const Polynomial& a, const Polynomial& b) {
  Polynomial result;
  for (const auto& [left, u] : a) {
    for (const auto& [right, v] : b) {
      Exponents e = left;
      for (std::size_t i = 0; i < e.size(); ++i) {
        if (e[i] + right[i] > 255) return std::nullopt;
        e[i] = static_cast<std::uint8_t>(e[i] + right[i]);
      }
      add_to(result, e, multiply(g_, u, v));
      if (result.size() > most_) return std::nullopt;
    }
  }
  return result;
}

std::optional<Polynomial> Expansion::power(const Polynomial& base, std::int64_t n) {
  std::optional<Polynomial> result = base;
  for (std::int64_t i = 1; i < n && result; ++i) result = product(*result, base);
  return result;
}

std::optional<Polynomial> Expansion::of(NodeId root) {
  const Exponents none(parameters_.size(), 0);
  // Only what depends on the parameters is opened; a number stays the coefficient it is.
  std::map<NodeId, Polynomial> opened;
  const auto polynomial = [&](NodeId id) {
    const auto found = opened.find(id);
    if (found != opened.end()) return found->second;
    return id == Graph::zero ? Polynomial{} : Polynomial{{none, id}};
  };
  for (const NodeId id : g_.below(root)) {
    const Node n = g_[id];
    bool depends = false;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      if (parameters_[i].id != id) continue;
      Exponents e = none;
      e[i] = 1;
      opened[id] = {{e, Graph::one}};
      depends = true;
    }
    if (depends) continue;
    for (int k = 0; k < operand_count(n); ++k) depends = depends || opened.contains(n.operand(k));
    if (!depends) continue;
    std::optional<Polynomial> made;
    if (n.op == Op::sum) {
      made = polynomial(n.a);
      for (const auto& [e, c] : polynomial(n.b)) add_to(*made, e, c);
    } else if (n.op == Op::product) {
      made = product(polynomial(n.a), polynomial(n.b));
    } else if (n.op == Op::power && g_[n.b].op == Op::integer) {
      const std::int64_t exponent = g_.integer_of(g_[n.b]);
      if (exponent < 1 || exponent > 64) return std::nullopt;
      made = power(polynomial(n.a), exponent);
    } else if (n.op == Op::data_sum) {
      made.emplace();
      for (const auto& [e, c] : polynomial(n.a)) add_to(*made, e, data_sum(g_, c));
    }
    if (!made || made->size() > most_) return std::nullopt;
    opened[id] = std::move(*made);
  }
  return polynomial(root);
}

}  // namespace

std::optional<Polynomial> polynomial_in(Expr e, std::span<const Expr> parameters,
                                        std::size_t most) {
  return Expansion(*e.graph, parameters, most).of(e.id);
}

Result<std::optional<OneScan>> one_scan(Expr loss, std::span<const Expr> parameters,
                                        const Data& data) {
  Graph& g = *loss.graph;
  if (!(node(loss).flags & has_data_sum)) return std::optional<OneScan>();
  const auto polynomial = polynomial_in(loss, parameters);
  if (!polynomial) return std::optional<OneScan>();
  std::vector<Expr> coefficients;
  for (const auto& [exponents, coefficient] : *polynomial)
    coefficients.push_back(g.expr(coefficient));
  // One pass over the rows for all of them.
  const auto values = evaluate(coefficients, {}, data);
  if (!values) return values.error();
  NodeId total = Graph::zero;
  std::size_t k = 0;
  for (const auto& [exponents, coefficient] : *polynomial) {
    NodeId term = g.insert((*values)[k++]);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      if (exponents[i] > 0)
        term = multiply(g, term, power(g, parameters[i].id, g.insert(std::int64_t{exponents[i]})));
    }
    total = add(g, total, term);
  }
  return std::optional<OneScan>({g.expr(total), polynomial->size()});
}

}  // namespace nabla
