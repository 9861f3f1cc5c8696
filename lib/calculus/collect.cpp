#include "lib/calculus/collect.hpp"

#include <algorithm>
#include <unordered_map>

#include "lib/calculus/fingerprint.hpp"
#include "lib/calculus/rewrite.hpp"
#include "lib/core/build.hpp"

namespace nabla::calculus {

namespace {

using Position = std::uint32_t;

struct Term {
  Number coefficient;
  NodeId rest;
};

class Collector : public Rewrite {
 public:
  using Rewrite::Rewrite;

  std::vector<NodeId> run(std::span<const NodeId> roots) {
    mark_inner();
    return rewrite(
        roots, [&](NodeId id) { return inner_[at_[id]]; }, [&](NodeId id) { return image_of(id); });
  }

 private:
  bool is_exact(NodeId id) const { return g_[id].op == Op::integer || g_[id].op == Op::rational; }
  bool varies(const Node& n) const { return (n.flags & depends_on_symbol) != 0; }

  // Sums, and exact multiples of them, that only their sum needs: they get no image of their own.
  void mark_inner() {
    inner_.assign(nodes_.size(), false);
    std::vector<bool> adds(nodes_.size());  // is a sum, or lies inside one
    for (Position i = static_cast<Position>(nodes_.size()); i-- > 0;) {
      const Node& n = g_[nodes_[i]];
      if (!varies(n)) continue;
      const auto enter = [&](NodeId id) {
        const Position p = at_[id];
        const Node& m = g_[id];
        if (!once(id) || !varies(m)) return;
        if (m.op == Op::sum) {
          inner_[p] = adds[p] = true;
        } else if (m.op == Op::product && is_exact(m.a) && g_[m.b].op == Op::sum && once(m.b)) {
          inner_[p] = adds[p] = true;
        }
      };
      if (n.op == Op::sum) {
        enter(n.a);
        enter(n.b);
      } else if (inner_[i]) {
        enter(n.b);  // of a multiple
      }
    }
  }

  NodeId image_of(NodeId id) {
    const Node n = g_[id];
    if (n.is_leaf() || !varies(n)) return id;
    if (n.op == Op::sum && (inner_[at_[n.a]] || inner_[at_[n.b]])) return sum_of(at_[id]);
    return plain(id);
  }

  // Reads the sum with everything inner, then decides which way of writing it is shorter.
  NodeId sum_of(Position root) {
    members_.clear();
    terms_.clear();
    operands_.clear();
    std::size_t multiples = 0;  // multiplications that disappear when the sum is opened
    struct Open {
      Position at;
      Number coefficient;
    };
    std::vector<Open> stack{{root, Number(1)}};
    while (!stack.empty()) {
      const Open open = stack.back();
      stack.pop_back();
      members_.push_back(open.at);
      const Node& n = g_[nodes_[open.at]];
      if (n.op == Op::product) {
        multiples += n.a != Graph::minus_one;
        stack.push_back({at_[n.b], open.coefficient * g_.exact_of(g_[n.a])});
        continue;
      }
      for (const NodeId operand : {n.b, n.a}) {
        const Position p = at_[operand];
        if (inner_[p]) {
          stack.push_back({p, open.coefficient});
        } else {
          term(open.coefficient, operand);
        }
      }
    }
    // Operands were pushed in reverse: first terms first.
    std::ranges::reverse(terms_);

    std::size_t before = 0;
    for (const Position p : members_) before += g_[nodes_[p]].op == Op::sum;
    before += multiples + operands_.size();
    const std::size_t after = merged();
    if (after < before) return write();

    std::ranges::sort(members_);
    for (const Position p : members_) image(nodes_[p]) = plain(nodes_[p]);
    return image(nodes_[root]);
  }

  void term(const Number& coefficient, NodeId operand) {
    const NodeId id = image(operand);
    const Scaled s = split_coefficient(g_, id);
    if (!is_exact(s.coefficient)) {
      terms_.push_back({coefficient, id});
      return;
    }
    const Number own = g_.exact_of(g_[s.coefficient]);
    if (once(operand) && !g_[id].is_number() && own != Number(1) && own != Number(-1)) {
      operands_.push_back(operand);
    }
    terms_.push_back({coefficient * own, s.rest});
  }

  // Adds up terms with the same rest, in the order of their first one; the operations it takes to
  // write them.
  std::size_t merged() {
    place_.clear();
    std::size_t kept = 0;
    for (const Term& t : terms_) {
      const auto [it, fresh] = place_.try_emplace(index(t.rest), kept);
      if (fresh) {
        terms_[kept++] = t;
      } else {
        terms_[it->second].coefficient = terms_[it->second].coefficient + t.coefficient;
      }
    }
    terms_.resize(kept);
    std::erase_if(terms_, [](const Term& t) { return t.coefficient.is_zero(); });
    if (terms_.empty()) return 0;
    std::size_t cost = terms_.size() - 1;
    for (const Term& t : terms_) cost += multiplies(t);
    return cost;
  }

  // A multiple somebody else needs anyway costs nothing here.
  bool multiplies(const Term& t) const {
    if (t.rest == Graph::one || t.coefficient == Number(1) || t.coefficient == Number(-1)) {
      return false;
    }
    return !is_shared(t);
  }

  bool is_shared(const Term& t) const {
    const NodeId id = multiply(g_, g_.insert(t.coefficient), t.rest);
    if (!at_.contains(nodes_, id)) return false;
    return !once(id) || std::ranges::find(operands_, id) == operands_.end();
  }

  NodeId write() {
    if (terms_.empty()) return Graph::zero;
    NodeId total = Graph::zero;
    for (const Term& t : terms_) {
      total = add(g_, total, multiply(g_, g_.insert(t.coefficient), t.rest));
    }
    return total;
  }

  std::vector<bool> inner_;
  std::vector<Position> members_;
  std::vector<Term> terms_;
  std::vector<NodeId> operands_;  // multiples among the terms, as they were
  std::unordered_map<std::uint32_t, std::size_t> place_;
};

}  // namespace

std::vector<NodeId> collect_sums(Graph& g, std::span<const NodeId> roots) {
  if (roots.empty()) return {};
  return Collector(g, roots).run(roots);
}

}  // namespace nabla::calculus
