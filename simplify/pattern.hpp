#pragma once

// Matching a rule's left side at a node. Sums and products match in any order; at the node itself
// some terms or factors may be left over, and a common number in front does not matter:
// 3*log(x) + 3*log(y) + z matches log(a) + log(b).

#include <vector>

#include "lib/core/graph.hpp"
#include "simplify/range.hpp"
#include "simplify/rule.hpp"

namespace nabla {

class Matcher {
 public:
  Matcher(Graph& g, Facts& facts) : g_(g), facts_(facts) {}

  // What the node becomes, for each way the rule matches there (at most `most_results`).
  std::vector<NodeId> rewrite(const RuleBook& book, const Rule& rule, NodeId at);

  static constexpr std::size_t most_results = 4;

 private:
  struct Part {  // coefficient*node in a sum; node^exponent in a product
    Number coefficient;
    NodeId node, exponent;
  };
  struct Flat {
    Number coefficient{1};  // of a product
    std::vector<Part> parts;
  };
  struct Goal {
    NodeId pattern, target;
  };
  struct Binding {
    NodeId name, value;
  };

  static Flat flat_sum(const Graph& g, NodeId id);
  static Flat flat_product(Graph* building, const Graph& g, NodeId id);
  bool solve(std::vector<Goal> goals);
  bool assign(const Flat& pattern, std::size_t next, const Flat& target, std::vector<bool> used,
              Number ratio, bool has_ratio, bool sum, bool whole, std::vector<Goal> goals);
  bool finish();
  bool holds() const;
  NodeId instantiate(NodeId pattern);
  NodeId raised(const Part& p);
  NodeId rest_of(const Flat& target, const std::vector<bool>& used, bool sum);

  Graph& g_;
  Facts& facts_;
  const RuleBook* book_ = nullptr;
  const Rule* rule_ = nullptr;
  std::vector<Binding> bindings_;
  // Left over at the root.
  bool root_sum_ = false, root_flat_ = false;
  Number root_ratio_{1};
  NodeId root_rest_{};
  std::vector<NodeId> results_;
  int budget_ = 0;
};

}  // namespace nabla
