#include "lib/eval/survey.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "lib/core/functions.hpp"
#include "lib/core/stop.hpp"
#include "lib/eval/inline.hpp"

namespace nabla {

namespace {

constexpr int largest_power = 32;  // longer chains lose more digits than pow does

double value_of(const Graph& g, const Node& n) {
  return n.op == Op::integer ? static_cast<double>(g.integer_of(n)) : g.value_of_number(n);
}

constexpr auto operands_by_op = [] {
  std::array<std::uint8_t, static_cast<std::size_t>(Op::apply3) + 1> table{};
  const auto set = [&](Op from, Op to, std::uint8_t operands) {
    for (auto op = static_cast<std::size_t>(from); op <= static_cast<std::size_t>(to); ++op)
      table[op] = operands;
  };
  set(Op::sum, Op::power, 2);
  set(Op::less, Op::either, 2);
  set(Op::negation, Op::negation, 1);
  set(Op::select, Op::select, 3);
  set(Op::data_sum, Op::apply1, 1);
  set(Op::apply2, Op::apply2, 2);
  set(Op::apply3, Op::apply3, 3);
  return table;
}();

int operands_of(Op op, std::uint8_t detail) {
  if (op == Op::call) [[unlikely]]
    return row(Fn{detail}).value.arity;
  return operands_by_op[static_cast<std::size_t>(op)];
}

std::int8_t small_power(const Graph& g, const Node& n) {
  const Node& e = g[n.b];
  if (e.op == Op::integer) {
    const std::int64_t k = g.integer_of(e);
    return k >= -largest_power && k <= largest_power ? static_cast<std::int8_t>(2 * k)
                                                     : std::int8_t{0};
  }
  if (e.op != Op::rational) return 0;
  const double twice = 2 * value_of(g, e);
  if (std::fabs(twice) > 2 * largest_power || twice != std::floor(twice)) return 0;
  return static_cast<std::int8_t>(twice);
}

}  // namespace

int Surveyed::operands() const { return operands_of(op, detail); }

Survey::Survey(const Graph& g, std::span<const NodeId> roots) {
  const std::size_t ids = std::size_t{index(*std::ranges::max_element(roots))} + 1;
  places_.grow(ids);
  nodes_.grow(std::min<std::size_t>(ids + 4, 256));
  enter_all(g, roots);
  for (const NodeId root : roots) {  // an output asked for twice is one use
    Surveyed& s = nodes_[place_of(root)];
    if ((s.wanted & Surveyed::plain) == 0) s.uses = s.uses == 0 ? 1 : 2;
    s.wanted |= Surveyed::plain;
  }
}

NABLA_INLINE Surveyed& Survey::append(NodeId id, const Node& n) {
  Surveyed& s = nodes_[count_++];
  places_[index(id)] = static_cast<std::uint32_t>(count_);
  s.op = n.op;
  s.detail = n.detail;
  s.value = s.c = nothing;
  if ((n.flags & varies_by_row) != 0) [[unlikely]] {
    s.marks = Surveyed::varies;
    s.loop = no_loop;
  }
  return s;
}

void Survey::enter_leaf(const Graph& g, NodeId id, const Node& n) {
  if (count_ == nodes_.size()) nodes_.grow(2 * count_);  // for roots; others have room
  Surveyed& s = append(id, n);
  s.a = index(id);
  symbols_ += n.op == Op::symbol;
  if (!n.is_number()) return;
  unsigned marks = Surveyed::number;
  if (std::signbit(value_of(g, n))) marks |= Surveyed::negative;
  if (id == Graph::minus_one) marks |= Surveyed::minus_one;
  if (id == Graph::one) marks |= Surveyed::one;
  s.marks = static_cast<std::uint8_t>(marks);
}

NABLA_INLINE std::uint32_t Survey::user_of(NodeId operand) {
  const std::uint32_t place = places_[index(operand)] - 1;
  Surveyed& o = nodes_[place];
  o.uses = o.uses == 0 ? 1 : 2;
  return place;
}

NABLA_INLINE void Survey::enter(const Graph& g, NodeId id, const Node& n, int operands) {
  Surveyed& s = append(id, n);
  s.a = user_of(n.a);
  if (operands > 1) s.b = user_of(n.b);
  if (operands > 2) s.c = user_of(n.c);
  if ((n.flags & has_data_sum) != 0) {
    for (int i = 0; i < operands; ++i) s.stage = std::max(s.stage, nodes_[s.operand(i)].stage);
  }
  switch (n.op) {
    case Op::power: s.twice = small_power(g, n); break;
    case Op::product:
      if (nodes_[s.b].twice < 0) {
        s.marks |= Surveyed::other_b;
      } else if (nodes_[s.a].twice < 0) {
        s.marks |= Surveyed::other_a;
      }
      break;
    case Op::call:
      has_lowered_ = has_lowered_ || row(n.fn()).value.kind == Value::Kind::lowered;
      break;
    case Op::data_sum:
      if (nodes_[s.a].is(Surveyed::varies)) {
        has_loops_ = true;
        if (s.stage == deepest_loop) {
          too_deep_ = true;
        } else {
          ++s.stage;
        }
      }
      break;
    default: break;
  }
}

void Survey::enter_all(const Graph& g, std::span<const NodeId> roots) {
  std::vector<NodeId> stack;
  stack.reserve(64);
  StopCheck stop(g.limits);
  bool all_known = true;
  // Leaves are entered as they come, other nodes are left for later.
  const auto reach = [&](NodeId id) NABLA_INLINED {
    if (places_[index(id)] != 0) return;
    const Node& n = g[id];
    if (n.is_leaf()) return enter_leaf(g, id, n);
    stack.push_back(id);
    all_known = false;
  };
  for (const NodeId root : roots) {
    reach(root);
    while (!stack.empty()) {
      stop();
      if (count_ + 4 > nodes_.size()) nodes_.grow(2 * nodes_.size());
      const NodeId id = stack.back();
      if (places_[index(id)] != 0) {
        stack.pop_back();
        continue;
      }
      const Node& n = g[id];
      const int operands = operands_of(n.op, n.detail);
      all_known = true;
      if (operands > 2) reach(n.c);
      if (operands > 1) reach(n.b);
      reach(n.a);
      if (!all_known) continue;
      stack.pop_back();
      enter(g, id, n, operands);
    }
  }
}

bool Survey::is_subtracted(const Surveyed& n) const {
  if (n.is(Surveyed::number)) return n.is(Surveyed::negative);
  if (n.op != Op::product) return false;
  const Surveyed& a = nodes_[n.a];
  return a.is(Surveyed::minus_one) || (n.uses == 1 && a.is(Surveyed::negative));
}

NABLA_INLINE void Survey::want_operands(const Surveyed& s) {
  switch (s.op) {
    case Op::product: {
      const Surveyed& coefficient = nodes_[s.a];
      if (coefficient.is(Surveyed::minus_one)) {
        if ((s.wanted & Surveyed::plain) != 0) want(s.b, s.is(Surveyed::other_b));
        if ((s.wanted & Surveyed::second) != 0) want(s.b, false);
        return;
      }
      if (coefficient.is(Surveyed::number)) return want(s.b, s.is(Surveyed::other_b));
      [[fallthrough]];
    }
    case Op::sum:
      want(s.a, s.is(Surveyed::other_a));
      want(s.b, s.is(Surveyed::other_b));
      return;
    case Op::power:
      want(s.a, false);
      if (s.twice == 0) want(s.b, false);
      return;
    default:
      for (int i = s.operands(); i-- > 0;) want(s.operand(i), false);
  }
}

// Users come after what they use, so backwards what is wanted of a node is known before it is met.
void Survey::find_faces(const Limits& limits) {
  StopCheck stop(limits);
  for (std::size_t p = count_; p-- > 0;) {
    stop();
    Surveyed& s = nodes_[p];
    if (s.op == Op::sum) {
      if (is_subtracted(nodes_[s.b])) {
        s.marks |= Surveyed::other_b;
      } else if (is_subtracted(nodes_[s.a])) {
        s.marks |= Surveyed::other_a;
      }
    }
    if (s.wanted != 0) want_operands(s);
  }
}

std::vector<NodeId> Survey::order() const {
  std::vector<NodeId> ids(count_);
  for (std::uint32_t id = 0; id < places_.size(); ++id) {
    if (places_[id] != 0) ids[places_[id] - 1] = NodeId{id};
  }
  return ids;
}

}  // namespace nabla
