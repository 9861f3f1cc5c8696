#include "simplify/expand.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "lib/core/build.hpp"
#include "lib/core/diagnostic.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/stop.hpp"
#include "simplify/normal_form.hpp"

namespace nabla {

namespace {

using Terms = std::vector<NodeId>;

class Expansion {
 public:
  explicit Expansion(Graph& g) : g_(g), stop_(g.limits) {}

  NodeId run(NodeId root) {
    const std::vector<NodeId> nodes = g_.below(root);
    NodeMap<NodeId> out(root);
    for (const NodeId id : nodes) {
      stop_();
      out[id] = node(id, out);
    }
    return collected(out[root]);
  }

 private:
  NodeId node(NodeId id, const NodeMap<NodeId>& out) {
    const Node n = g_[id];
    if (n.is_leaf()) return id;
    std::array<NodeId, 3> operands{};
    const auto count = static_cast<std::size_t>(operand_count(n));
    for (std::size_t i = 0; i < count; ++i) operands[i] = out[n.operand(static_cast<int>(i))];
    if (n.op == Op::product) return product(operands[0], operands[1]);
    if (n.op == Op::power && g_[n.b].op == Op::integer && g_.integer_of(g_[n.b]) > 1) {
      return power_of(operands[0], g_.integer_of(g_[n.b]));
    }
    return rebuild(g_, n, std::span(operands).first(count));
  }

  NodeId collected(NodeId id) { return canonical(g_.expr(id)).id; }

  // The terms of a sum, or of a number times a sum.
  Terms terms_of(NodeId id) {
    const Scaled s = split_coefficient(g_, id);
    if (g_[s.rest].op != Op::sum) return {id};
    Terms terms, waiting{s.rest};
    while (!waiting.empty()) {
      const NodeId top = waiting.back();
      waiting.pop_back();
      const Node n = g_[top];
      if (n.op == Op::sum) {
        waiting.push_back(n.b);
        waiting.push_back(n.a);
      } else {
        terms.push_back(multiply(g_, s.coefficient, top));
      }
      stop_();
    }
    return terms;
  }

  NodeId sum_of(const Terms& terms) {
    NodeId sum = Graph::zero;
    for (const NodeId term : terms) sum = add(g_, sum, term);
    return collected(sum);
  }

  // Counts the terms that are about to be formed.
  void form(double count) {
    formed_ += count;
    if (formed_ <= static_cast<double>(g_.limits.expansion_terms)) return;
    throw LimitError(
        {.code = "L109",
         .message = fmt::format("expanding forms more than {} terms", g_.limits.expansion_terms),
         .span = {},
         .hint = "raise the limit 'expansion_terms'"});
  }

  NodeId product(NodeId a, NodeId b) {
    const Terms left = terms_of(a), right = terms_of(b);
    if (left.size() == 1 && right.size() == 1) return multiply(g_, a, b);
    form(static_cast<double>(left.size()) * static_cast<double>(right.size()));
    Terms terms;
    terms.reserve(left.size() * right.size());
    for (const NodeId s : left) {
      for (const NodeId t : right) terms.push_back(multiply(g_, s, t));
    }
    return sum_of(terms);
  }

  // A term as a number times powers.
  struct Factors {
    NodeId coefficient = Graph::one;
    std::vector<Raised> rest;
  };
  Factors factors_of(NodeId term) {
    Factors factors;
    Terms waiting{term};
    while (!waiting.empty()) {
      const NodeId id = waiting.back();
      waiting.pop_back();
      const Node n = g_[id];
      if (n.op == Op::product) {
        waiting.push_back(n.b);
        waiting.push_back(n.a);
      } else if (n.is_number()) {
        factors.coefficient = multiply(g_, factors.coefficient, id);
      } else if (n.op == Op::power && g_[n.b].op == Op::integer) {
        factors.rest.push_back({n.a, n.b});
      } else {
        factors.rest.push_back({id, Graph::one});
      }
    }
    return factors;
  }
  NodeId raised(const Factors& factors, std::int64_t k) {
    const NodeId exponent = g_.insert(k);
    NodeId result = power(g_, factors.coefficient, exponent);
    for (const Raised& r : factors.rest) {
      result = multiply(g_, result, power(g_, r.base, multiply(g_, r.exponent, exponent)));
    }
    return result;
  }

  NodeId power_of(NodeId base, std::int64_t n) {
    std::vector<Factors> parts;
    for (const NodeId term : terms_of(base)) parts.push_back(factors_of(term));
    if (parts.size() == 1) return raised(parts.front(), n);
    check_size(n, parts.size());

    // Exponents k_1 + ... + k_m = n, the last part taking what is left; `open` holds those chosen.
    struct Chosen {
      std::size_t part;
      std::int64_t k, left;  // what is left for the parts behind it
      Number choices;        // left + k over k
      Number coefficient;    // without this part
      NodeId factors;        // without this part
    };
    const std::size_t last = parts.size() - 1;
    Terms terms;
    std::vector<Chosen> open{{0, 0, n, 1, 1, Graph::one}};
    while (!open.empty()) {
      Chosen& c = open.back();
      if (c.part == last || c.left == 0) {
        // With nothing left the parts behind are raised to 0.
        const std::int64_t k = c.part == last ? c.left : c.k;
        const NodeId factor =
            k == 0 ? c.factors : multiply(g_, c.factors, raised(parts[c.part], k));
        const NodeId number = g_.insert(c.coefficient * (c.part == last ? Number(1) : c.choices));
        terms.push_back(multiply(g_, number, factor));
        open.pop_back();
        advance(open);
        continue;
      }
      const NodeId factor =
          c.k == 0 ? c.factors : multiply(g_, c.factors, raised(parts[c.part], c.k));
      const Chosen next{c.part + 1, 0, c.left, 1, c.coefficient * c.choices, factor};
      open.push_back(next);
    }
    return sum_of(terms);
  }

  // The innermost choice that can take one more takes it.
  template <typename Chosen>
  static void advance(std::vector<Chosen>& open) {
    while (!open.empty()) {
      Chosen& c = open.back();
      if (c.left > 0) {
        c.choices = c.choices * Number::ratio(c.left, c.k + 1);
        ++c.k;
        --c.left;
        return;
      }
      open.pop_back();
    }
  }

  // Multisets of n out of m parts: n + m - 1 over m - 1.
  void check_size(std::int64_t n, std::size_t m) {
    const auto most = static_cast<double>(g_.limits.expansion_terms);
    double count = 1;
    const double larger = std::max(static_cast<double>(n), static_cast<double>(m - 1));
    const double smaller = std::min(static_cast<double>(n), static_cast<double>(m - 1));
    for (double i = 1; i <= smaller && count <= most; ++i) count *= (larger + i) / i;
    form(std::round(count));
    const double bits = static_cast<double>(n) * std::log2(static_cast<double>(m));
    if (bits > static_cast<double>(g_.limits.number_bits)) {
      throw LimitError(
          {.code = "L108",
           .message = fmt::format("the coefficients have more than {} bits", g_.limits.number_bits),
           .span = {},
           .hint = "raise the limit 'number_bits'"});
    }
    // On average about half of the longest.
    if (count * bits / 16 > static_cast<double>(g_.limits.memory_bytes)) {
      throw LimitError({.code = "L111",
                        .message = fmt::format("the coefficients need more than {} bytes of memory",
                                               g_.limits.memory_bytes),
                        .span = {},
                        .hint = "raise the limit 'memory_bytes'"});
    }
  }

  Graph& g_;
  StopCheck stop_;
  double formed_ = 0;
};

}  // namespace

Expr expand(Expr e) { return e.graph->expr(Expansion(*e.graph).run(e.id)); }

}  // namespace nabla
