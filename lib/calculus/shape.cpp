#include "lib/calculus/shape.hpp"

#include <algorithm>

namespace nabla::calculus {

bool ShapeReader::read(NodeId term) {
  ++serial_;
  shape_.clear();
  slots_.clear();
  stack_.assign(1, term);
  std::uint32_t count = 0;
  while (!stack_.empty()) {
    const NodeId id = stack_.back();
    stack_.pop_back();
    std::uint64_t& met = met_[index(id)];
    if (met >> 32 == serial_) {
      shape_.push_back(again | static_cast<std::uint32_t>(met));
      continue;
    }
    if (count == largest_) return false;
    met = std::uint64_t{serial_} << 32 | count++;
    if (const std::uint32_t place = place_[index(id)]; place != 0) {
      shape_.push_back(slot);
      slots_.push_back(place - 1);
      continue;
    }
    const Node& n = g_[id];
    const int operands = operand_count(n);
    shape_.push_back(static_cast<std::uint32_t>(operands) << 16 |
                     static_cast<std::uint32_t>(n.op) << 8 | n.detail);
    if (operands == 0) {
      for (const NodeId payload : {n.a, n.b, n.c}) shape_.push_back(index(payload));
    } else {
      for (int i = operands; i-- > 0;) stack_.push_back(n.operand(i));
    }
  }
  return true;
}

// That different nodes of the shape are different ones in the term, too, needs no look: as long as
// different slots hold different variables, equal ones would be built alike in the shape.
bool ShapeReader::matches(const Shape& shape, NodeId term) {
  // As long as the term follows, what waits has words left, and each node is one word at least.
  if (numbered_.size() < shape.size()) {
    numbered_.resize(shape.size());
    stack_.reserve(shape.size() + 3);
  }
  slots_.clear();
  NodeId* const numbered = numbered_.data();
  std::size_t met = 0;
  stack_.assign(1, term);
  for (std::size_t at = 0; at < shape.size(); ++at) {
    const std::uint32_t word = shape[at];
    const NodeId id = stack_.back();
    stack_.pop_back();
    if (word & again) {
      if (numbered[word & ~again] != id) return false;
      continue;
    }
    numbered[met++] = id;
    if (word == slot) {
      const std::uint32_t place = place_[index(id)];
      if (place == 0 || std::ranges::find(slots_, place - 1) != slots_.end()) return false;
      slots_.push_back(place - 1);
      continue;
    }
    const Node& n = g_[id];
    if ((static_cast<std::uint32_t>(n.op) << 8 | n.detail) != (word & 0xffff)) return false;
    switch (word >> 16) {
      case 3: stack_.push_back(n.c); [[fallthrough]];
      case 2: stack_.push_back(n.b); [[fallthrough]];
      case 1: stack_.push_back(n.a); break;
      default:
        if (place_[index(id)] != 0 || index(n.a) != shape[at + 1] || index(n.b) != shape[at + 2] ||
            index(n.c) != shape[at + 3]) {
          return false;
        }
        at += 3;
    }
  }
  return true;
}

}  // namespace nabla::calculus
