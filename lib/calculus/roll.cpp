#include "lib/calculus/roll.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "lib/calculus/field.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/calculus/guarded.hpp"
#include "lib/calculus/rules.hpp"
#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/stop.hpp"
#include "lib/core/substitute.hpp"

namespace nabla {

namespace {

using calculus::attempt;
using calculus::scatter;

class Roller {
 public:
  Roller(Graph& g, std::span<const Expr> variables, const RollOptions& options)
      : g_(g), options_(options), variables_(variables) {}

  Rolled run(NodeId f) {
    const std::size_t ids = std::size_t{index(f)} + 1;
    place_.grow(ids);
    met_.grow(ids);
    for (std::size_t i = 0; i < variables_.size(); ++i) {
      const NodeId id = variables_[i].id;
      if (index(id) < ids) place_[index(id)] = static_cast<std::uint32_t>(i) + 1;
    }
    const auto nodes = g_.below(f);
    const std::string prefix = free_prefix(nodes);
    const auto terms = terms_of(f, nodes);
    for (std::uint32_t i = 0; i < terms.size(); ++i) file(terms[i], i);
    split_short_sums();

    Rolled result{.templates = {}, .rest = {}, .variables = variables_.size()};
    for (const Group& group : groups_) {
      if (!is_template(group)) {
        apart_.insert(apart_.end(), group.terms.begin(), group.terms.end());
      } else {
        result.templates.push_back(template_of(group, prefix));
      }
    }
    // In the order in which they were built, whatever their groups.
    std::ranges::sort(apart_);
    NodeId total = Graph::zero;
    for (const NodeId term : apart_) total = add(g_, total, term);
    result.rest = g_.expr(total);
    return result;
  }

 private:
  struct Group {
    std::vector<std::uint32_t> code;  // the shape
    std::vector<NodeId> terms;
    std::vector<std::uint32_t> order;  // of the terms among all
    std::vector<std::uint32_t> table;
    std::size_t slots = 0;
  };
  // A term found inside another.
  struct Part {
    std::uint32_t group, order;
    NodeId term;
    std::vector<std::uint32_t> slots;
  };

  // Names for slots that f does not use.
  std::string free_prefix(std::span<const NodeId> nodes) const {
    std::string prefix = "_s";
    std::vector<std::string_view> taken;
    for (const NodeId id : nodes) {
      const Node& n = g_[id];
      if (n.op == Op::symbol && g_.name_of(n).starts_with(prefix)) taken.push_back(g_.name_of(n));
    }
    while (std::ranges::any_of(taken, [&](std::string_view n) { return n.starts_with(prefix); })) {
      prefix += '_';
    }
    return prefix;
  }

  // The terms of the sum at the top, first to last. A short sum inside is part of a term: its parts
  // may have something in common.
  std::vector<NodeId> terms_of(NodeId f, std::span<const NodeId> nodes) const {
    constexpr std::uint32_t long_sum = 8;
    calculus::ZeroedArray<std::uint32_t> additions(std::size_t{index(f)} + 1);
    for (const NodeId id : nodes) {
      const Node& n = g_[id];
      if (n.op != Op::sum) continue;
      const std::uint32_t total = 1 + additions[index(n.a)] + additions[index(n.b)];
      additions[index(id)] = std::min(total, std::uint32_t{1} << 30);
    }
    std::vector<NodeId> stack{f}, result;
    while (!stack.empty()) {
      const NodeId id = stack.back();
      stack.pop_back();
      const Node& n = g_[id];
      if (n.op != Op::sum || additions[index(id)] < long_sum) {
        result.push_back(id);
        continue;
      }
      stack.push_back(n.b);
      stack.push_back(n.a);
    }
    return result;
  }

  void file(NodeId term, std::uint32_t order) {
    const auto found = group_of(term);
    if (!found) {
      apart_.push_back(term);
      return;
    }
    if (*found == groups_.size()) {
      by_hash_[hash_].push_back(*found);
      groups_.push_back({code_, {term}, {order}, slots_, slots_.size()});
      return;
    }
    Group& group = groups_[*found];
    group.terms.push_back(term);
    group.order.push_back(order);
    group.table.insert(group.table.end(), slots_.begin(), slots_.end());
  }

  // The number of the group with the shape of the term, or the number of groups; nothing when it is
  // too large to be one.
  std::optional<std::uint32_t> group_of(NodeId term) {
    ++serial_;
    stop_();
    if (!read(term)) return std::nullopt;
    // Mostly a term is like the one before.
    if (last_ < groups_.size() && groups_[last_].code == code_) return last_;
    hash_ = code_.size();
    for (const std::uint32_t word : code_) hash_ = scatter(hash_ ^ word);
    if (const auto it = by_hash_.find(hash_); it != by_hash_.end()) {
      for (const std::uint32_t candidate : it->second) {
        if (groups_[candidate].code == code_) return last_ = candidate;
      }
    }
    return last_ = static_cast<std::uint32_t>(groups_.size());
  }

  bool is_template(const Group& group) const {
    return group.terms.size() >= options_.least_terms && group.slots != 0;
  }

  // A sum that grew from the left begins with a few terms that are a short sum themselves, and so
  // were read as one. They are told apart by the shapes of the others.
  void split_short_sums() {
    parts_.clear();
    for (Group& group : groups_) {
      if (is_template(group) || g_[group.terms.front()].op != Op::sum) continue;
      // All of them have one shape, and come apart alike.
      bool apart = false;
      for (std::size_t k = 0; k < group.terms.size(); ++k) {
        apart = split(group.terms[k], group.order[k]);
      }
      if (apart) group.terms.clear();
    }
    std::ranges::stable_sort(parts_, {},
                             [](const Part& p) { return std::uint64_t{p.group} << 32 | p.order; });
    for (auto part = parts_.begin(); part != parts_.end();) {
      const auto end =
          std::find_if(part, parts_.end(), [&](const Part& p) { return p.group != part->group; });
      insert(groups_[part->group], {part, end});
      part = end;
    }
  }

  // Takes the terms that have the shape of others off both ends of a sum; false where there are
  // none.
  bool split(const NodeId sum, std::uint32_t order) {
    std::vector<Part> left, right;
    const auto take = [&](NodeId term, std::vector<Part>& to) {
      const auto found = group_of(term);
      if (!found || *found == groups_.size()) return false;
      to.push_back({*found, order, term, slots_});
      return true;
    };
    for (NodeId id = sum; id == sum || !take(id, left);) {
      const Node n = g_[id];
      if (n.op == Op::sum && take(n.b, right)) {
        id = n.a;
      } else if (n.op == Op::sum && take(n.a, left)) {
        id = n.b;
      } else if (id == sum) {
        return false;
      } else {
        apart_.push_back(id);
        break;
      }
    }
    parts_.insert(parts_.end(), left.begin(), left.end());
    parts_.insert(parts_.end(), right.rbegin(), right.rend());
    return true;
  }

  // Merges terms into a group, by their order.
  static void insert(Group& group, std::span<const Part> parts) {
    Group merged{std::move(group.code), {}, {}, {}, group.slots};
    std::size_t next = 0;
    const auto take_until = [&](std::uint32_t order) {
      while (next < group.terms.size() && group.order[next] < order) {
        merged.terms.push_back(group.terms[next]);
        merged.order.push_back(group.order[next]);
        const auto row = group.table.begin() + static_cast<std::ptrdiff_t>(next * group.slots);
        merged.table.insert(merged.table.end(), row,
                            row + static_cast<std::ptrdiff_t>(group.slots));
        ++next;
      }
    };
    for (const Part& part : parts) {
      take_until(part.order);
      merged.terms.push_back(part.term);
      merged.order.push_back(part.order);
      merged.table.insert(merged.table.end(), part.slots.begin(), part.slots.end());
    }
    take_until(~std::uint32_t{0});
    group = std::move(merged);
  }

  // The term as a sequence: nodes in the order in which they are met from the top, one that was met
  // before by its number, variables by the order of their first appearance. False when too large.
  bool read(NodeId term) {
    code_.clear();
    slots_.clear();
    stack_.assign(1, term);
    std::uint32_t count = 0;
    while (!stack_.empty()) {
      const NodeId id = stack_.back();
      stack_.pop_back();
      std::uint64_t& met = met_[index(id)];
      if (met >> 32 == serial_) {
        code_.push_back(again | static_cast<std::uint32_t>(met));
        continue;
      }
      if (count == options_.largest_body) return false;
      met = std::uint64_t{serial_} << 32 | count++;
      if (const std::uint32_t place = place_[index(id)]; place != 0) {
        code_.push_back(slot);
        slots_.push_back(place - 1);
        continue;
      }
      const Node& n = g_[id];
      code_.push_back(static_cast<std::uint32_t>(n.op) << 8 | n.detail);
      if (n.is_leaf()) {
        for (const NodeId payload : {n.a, n.b, n.c}) code_.push_back(index(payload));
      } else {
        for (int i = operand_count(n); i-- > 0;) stack_.push_back(n.operand(i));
      }
    }
    return true;
  }

  Template template_of(const Group& group, const std::string& prefix) {
    Template t;
    std::vector<Replacement> replacements;
    for (std::size_t j = 0; j < group.slots; ++j) {
      t.slots.push_back(symbol(g_, prefix + std::to_string(j)));
      replacements.push_back({variables_[group.table[j]], t.slots.back()});
    }
    t.body = substitute(g_.expr(group.terms.front()), replacements);
    t.table = group.table;
    return t;
  }

  static constexpr std::uint32_t again = 1u << 31, slot = 1u << 30;

  Graph& g_;
  const RollOptions& options_;
  std::span<const Expr> variables_;
  calculus::ZeroedArray<std::uint32_t> place_;  // of a variable, plus one
  calculus::ZeroedArray<std::uint64_t> met_;    // serial of the term, and number in it
  std::uint32_t serial_ = 0;
  StopCheck stop_{g_.limits};
  std::vector<std::uint32_t> code_, slots_;
  std::vector<NodeId> stack_, apart_;
  std::vector<Group> groups_;
  std::vector<Part> parts_;
  std::uint64_t hash_ = 0;    // of code_
  std::uint32_t last_ = ~0u;  // the group found last
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> by_hash_;
};

}  // namespace

Result<Rolled> roll(Expr f, std::span<const Expr> variables, const RollOptions& options) {
  Graph& g = *f.graph;
  return attempt<Rolled>([&] {
    for (const Expr x : variables) calculus::check_variable(g, x);
    return Roller(g, variables, options).run(f.id);
  });
}

Result<RolledGradient> gradient(const Rolled& rolled, std::span<const Expr> variables) {
  RolledGradient result;
  for (const Template& t : rolled.templates) {
    auto slopes = gradient(t.body, t.slots);
    if (!slopes) return slopes.error();
    result.slopes.push_back(std::move(*slopes));
  }
  if (node(rolled.rest).flags & depends_on_symbol) {
    auto slopes = gradient(rolled.rest, variables);
    if (!slopes) return slopes.error();
    result.rest = std::move(*slopes);
  }
  return result;
}

Result<Expr> unroll(const Rolled& rolled, std::span<const Expr> variables) {
  Graph& g = *rolled.rest.graph;
  return attempt<Expr>([&] {
    Expr total = rolled.rest;
    for (const Template& t : rolled.templates) {
      const std::size_t width = t.slots.size();
      std::vector<Replacement> replacements;
      for (const Expr slot : t.slots) replacements.push_back({slot, slot});
      for (std::size_t row = 0; row < t.terms(); ++row) {
        for (std::size_t j = 0; j < width; ++j) {
          replacements[j].by = variables[t.table[row * width + j]];
        }
        total = total + substitute(t.body, replacements);
      }
    }
    return g.expr(total.id);
  });
}

}  // namespace nabla
