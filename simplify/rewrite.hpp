#pragma once

// Rewriting by rules: one rule at one place at a time, kept when the whole gets better. A rewrite
// that is a little longer is tried with rational simplification on top.

#include <string>
#include <vector>

#include "simplify/islands.hpp"
#include "simplify/pattern.hpp"
#include "simplify/rule.hpp"
#include "simplify/workspace.hpp"

namespace nabla {

// One step of a simplification, for people.
struct SimplifyStep {
  std::string rule;       // its name
  std::string from, to;   // the whole expression before and after
  std::string condition;  // what the rule needed
  std::string drops;      // what is asked for no longer
};

class Rewriter {
 public:
  struct Bounds {
    std::size_t nodes = 100;  // larger expressions are left alone
    int tries = 4;            // longer forms that are simplified to see what becomes of them
    std::size_t longer = 1;   // by how many operations they may be longer
  };

  Rewriter(Workspace& work, const RuleBook* own, const Bounds& bounds,
           const Islands::Bounds& islands, bool thorough)
      : work_(work), own_(own), bounds_(bounds), islands_(islands), thorough_(thorough) {}

  // The best single rewrite of the root, or the root itself. `step` tells about it.
  NodeId improve(NodeId root, SimplifyStep* step);

 private:
  struct Candidate {
    Workspace::Cost cost;
    NodeId id;
    const Rule* rule;
  };
  std::vector<Candidate> candidates(NodeId root);
  NodeId replaced(NodeId root, NodeId at, NodeId by);
  bool accepted(NodeId root, NodeId form, const Workspace::Cost& cost, const Workspace::Cost& now);

  Workspace& work_;
  const RuleBook* own_;
  Bounds bounds_;
  Islands::Bounds islands_;
  bool thorough_;
};

}  // namespace nabla
