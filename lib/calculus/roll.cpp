#include "lib/calculus/roll.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "lib/calculus/field.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/calculus/long_sum.hpp"
#include "lib/calculus/rules.hpp"
#include "lib/calculus/shape.hpp"
#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/stop.hpp"
#include "lib/core/substitute.hpp"

namespace nabla {

namespace {

using calculus::attempt;
using calculus::scatter;
using calculus::Shape;
using calculus::ShapeReader;

class Roller {
 public:
  Roller(Graph& g, NodeId f, std::span<const Expr> variables, const RollOptions& options)
      : g_(g),
        options_(options),
        variables_(variables),
        terms_(calculus::terms_of_long_sum(g, f)),
        reader_(g, std::size_t{index(f)} + 1, options.largest_body) {
    for (std::size_t i = 0; i < variables.size(); ++i) {
      reader_.add_variable(variables[i].id, static_cast<std::uint32_t>(i));
    }
  }

  Rolled run() {
    for (std::uint32_t i = 0; i < terms_.size(); ++i) file(terms_[i], i);
    split_short_sums();

    for (const Group& group : groups_) {
      if (!is_template(group)) apart_.insert(apart_.end(), group.terms.begin(), group.terms.end());
    }
    // In the order in which they were built, whatever their groups.
    std::ranges::sort(apart_);
    const std::string prefix = free_prefix();
    Rolled result{.templates = {}, .rest = {}, .variables = variables_.size()};
    for (Group& group : groups_) {
      if (is_template(group)) result.templates.push_back(template_of(group, prefix));
    }
    NodeId total = Graph::zero;
    for (const NodeId term : apart_) total = add(g_, total, term);
    result.rest = g_.expr(total);
    return result;
  }

 private:
  struct Group {
    Shape shape;
    std::vector<NodeId> terms;
    std::vector<std::uint32_t> order;  // of the terms among all
    std::vector<std::uint32_t> table;
    std::size_t slots = 0;
    std::uint32_t next = 0;  // whose term came after one of this group
  };
  // A term found inside another.
  struct Part {
    std::uint32_t group, order;
    NodeId term;
    std::vector<std::uint32_t> slots;
  };

  // Names for slots that f does not use.
  std::string free_prefix() const {
    std::string prefix = "_s";
    std::vector<std::string_view> taken;
    const auto look = [&](const Node& n) {
      if (g_.name_starts_with(n, "_s")) taken.push_back(g_.name_of(n));
    };
    for (const Expr x : variables_) look(node(x));
    for (const Group& group : groups_) {
      if (is_template(group)) ShapeReader::each_name(group.shape, look);
    }
    for (const NodeId id : g_.below(apart_)) {
      if (g_[id].op == Op::symbol) look(g_[id]);
    }
    while (std::ranges::any_of(taken, [&](std::string_view n) { return n.starts_with(prefix); })) {
      prefix += '_';
    }
    return prefix;
  }

  void file(NodeId term, std::uint32_t order) {
    const auto found = group_of(term);
    if (!found) {
      apart_.push_back(term);
      return;
    }
    const auto& slots = reader_.slots();
    if (*found == groups_.size()) {
      by_hash_[hash_].push_back(*found);
      groups_.push_back({reader_.shape(), {term}, {order}, slots, slots.size()});
      return;
    }
    Group& group = groups_[*found];
    if (group.terms.size() == 64) {
      const std::size_t left = terms_.size() - order + 64;
      group.terms.reserve(left);
      group.order.reserve(left);
      group.table.reserve(left * group.slots);
    }
    group.terms.push_back(term);
    group.order.push_back(order);
    group.table.insert(group.table.end(), slots.begin(), slots.end());
  }

  // The number of the group with the shape of the term, or the number of groups; nothing when it is
  // too large to be one.
  std::optional<std::uint32_t> group_of(NodeId term) {
    stop_();
    // Mostly a term is like the one before, or like the one that followed a term like that.
    if (last_ < groups_.size()) {
      Group& last = groups_[last_];
      if (reader_.matches(last.shape, term)) return last_;
      if (last.next < groups_.size() && reader_.matches(groups_[last.next].shape, term))
        return last_ = last.next;
    }
    if (!reader_.read(term)) return std::nullopt;
    const Shape& shape = reader_.shape();
    hash_ = shape.size();
    for (const std::uint32_t word : shape) hash_ = scatter(hash_ ^ word);
    auto found = static_cast<std::uint32_t>(groups_.size());
    if (const auto it = by_hash_.find(hash_); it != by_hash_.end()) {
      for (const std::uint32_t candidate : it->second) {
        if (groups_[candidate].shape == shape) found = candidate;
      }
    }
    if (last_ < groups_.size()) groups_[last_].next = found;
    return last_ = found;
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
      to.push_back({*found, order, term, reader_.slots()});
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
    Group merged{std::move(group.shape), {}, {}, {}, group.slots};
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

  Template template_of(Group& group, const std::string& prefix) {
    Template t;
    std::vector<Replacement> replacements;
    for (std::size_t j = 0; j < group.slots; ++j) {
      t.slots.push_back(symbol(g_, prefix + std::to_string(j)));
      replacements.push_back({variables_[group.table[j]], t.slots.back()});
    }
    t.body = substitute(g_.expr(group.terms.front()), replacements);
    t.table = std::move(group.table);
    return t;
  }

  Graph& g_;
  const RollOptions& options_;
  std::span<const Expr> variables_;
  std::vector<NodeId> terms_;
  ShapeReader reader_;
  StopCheck stop_{g_.limits};
  std::vector<NodeId> apart_;
  std::vector<Group> groups_;
  std::vector<Part> parts_;
  std::uint64_t hash_ = 0;    // of the shape read last
  std::uint32_t last_ = ~0u;  // the group found last
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> by_hash_;
};

}  // namespace

Result<Rolled> roll(Expr f, std::span<const Expr> variables, const RollOptions& options) {
  Graph& g = *f.graph;
  return attempt<Rolled>([&] {
    for (const Expr x : variables) calculus::check_variable(g, x);
    return Roller(g, f.id, variables, options).run();
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
