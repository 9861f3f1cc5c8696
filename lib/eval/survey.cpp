#include "lib/eval/survey.hpp"

#include <algorithm>
#include <cmath>

#include "lib/core/functions.hpp"
#include "lib/core/stop.hpp"

namespace nabla {

namespace {

constexpr int largest_power = 32;  // longer chains lose more digits than pow does

double value_of(const Graph& g, const Node& n) {
  return n.op == Op::integer ? static_cast<double>(g.integer_of(n)) : g.value_of_number(n);
}

std::uint8_t marks_of(const Graph& g, NodeId id, const Node& n) {
  unsigned marks = 0;
  if ((n.flags & varies_by_row) != 0) marks |= Surveyed::varies;
  if (!n.is_number()) return static_cast<std::uint8_t>(marks);
  marks |= Surveyed::number;
  if (std::signbit(value_of(g, n))) marks |= Surveyed::negative;
  if (id == Graph::minus_one) marks |= Surveyed::minus_one;
  if (id == Graph::one) marks |= Surveyed::one;
  return static_cast<std::uint8_t>(marks);
}

std::int8_t small_power(const Graph& g, const Node& n) {
  const Node& e = g[n.b];
  if (e.op != Op::integer && e.op != Op::rational) return 0;
  const double twice = 2 * value_of(g, e);
  if (std::fabs(twice) > 2 * largest_power || twice != std::floor(twice)) return 0;
  return static_cast<std::int8_t>(twice);
}

}  // namespace

bool Survey::is_subtracted(const Surveyed& n) const {
  if (n.is(Surveyed::number)) return n.is(Surveyed::negative);
  if (n.op != Op::product) return false;
  const Surveyed& a = nodes_[n.a];
  return a.is(Surveyed::minus_one) || (n.uses == 1 && a.is(Surveyed::negative));
}

Survey::Survey(const Graph& g, std::span<const NodeId> roots, std::span<const NodeId> order)
    : count_(order.size()) {
  places_.grow(std::size_t{index(order.back())} + 1);
  nodes_.grow(count_);
  StopCheck stop(g.limits);
  std::uint32_t place = 0;
  for (const NodeId id : order) {
    stop();
    const Node& n = g[id];
    places_[index(id)] = place + 1;
    Surveyed& s = nodes_[place++];
    s.op = n.op;
    s.detail = n.detail;
    s.id = id;
    s.value = s.other = nothing;
    s.marks = marks_of(g, id, n);
    s.loop = s.is(Surveyed::varies) ? no_loop : std::uint8_t{0};
    const int operands = operand_count(n);
    s.operands = static_cast<std::uint8_t>(operands);
    symbols_ += n.op == Op::symbol;
    std::uint8_t stage = 0;
    const auto look_at = [&](NodeId operand) {
      const std::uint32_t p = place_of(operand);
      Surveyed& o = nodes_[p];
      o.uses = static_cast<std::uint8_t>(o.uses == 0 ? 1 : 2);
      stage = std::max(stage, o.stage);
      return p;
    };
    if (operands > 0) s.a = look_at(n.a);
    if (operands > 1) s.b = look_at(n.b);
    if (operands > 2) s.c = look_at(n.c);
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
          if (stage == deepest_loop) {
            too_deep_ = true;
          } else {
            ++stage;
          }
        }
        break;
      default: break;
    }
    s.stage = stage;
  }
  for (const NodeId root : roots) {  // an output asked for twice is one use
    Surveyed& s = nodes_[place_of(root)];
    if (s.value == nothing) s.uses = static_cast<std::uint8_t>(s.uses == 0 ? 1 : 2);
    s.value = 0;
  }
  for (const NodeId root : roots) nodes_[place_of(root)].value = nothing;
  for (std::uint32_t p = 0; p < place; ++p) {
    Surveyed& s = nodes_[p];
    if (s.op != Op::sum) continue;
    if (is_subtracted(nodes_[s.b])) {
      s.marks |= Surveyed::other_b;
    } else if (is_subtracted(nodes_[s.a])) {
      s.marks |= Surveyed::other_a;
    }
  }
}

}  // namespace nabla
