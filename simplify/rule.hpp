#pragma once

// Rewrite rules as text. One a line:
//
//   name : left -> right  if a > 0, n integer  drops b != 0
//
// Every name on the left stands for any expression. `if` is what must be known before the rule may
// be used. `drops` tells readers what the right side asks for no longer. A rule must hold from left
// to right wherever the left side has a value and its conditions hold.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/graph.hpp"
#include "simplify/assume.hpp"

namespace nabla {

struct Rule {
  std::string name, text;  // text: left -> right
  NodeId left{}, right{};  // in the graph of its book
  std::vector<Assumption> conditions;
  std::string condition, drops;  // as written
  std::uint64_t mentions = 0;    // what must occur for the rule to match: see mentioned()
};

// A mask of the functions and kinds of powers that occur in one node, without its operands. What a
// rule mentions and an expression does not rules out a match.
std::uint64_t mentioned(const Graph& g, const Node& n);

class RuleBook {
 public:
  // Adds the rules of a text; empty lines and those that begin with # are skipped. Errors: U515
  // with the line, and those of the parser.
  std::optional<Diagnostic> add(std::string_view text);

  std::span<const Rule> rules() const { return rules_; }
  const Graph& graph() const { return graph_; }

  // The rules that come with the program; constant, made on first use.
  static const RuleBook& built_in();

 private:
  std::optional<Diagnostic> add_line(std::string_view line);
  Graph graph_;
  std::vector<Rule> rules_;
};

}  // namespace nabla
