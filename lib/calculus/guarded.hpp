#pragma once

// Guarded: a derivative together with the condition under which its expression is valid. Outside
// the condition the derivative is 0, whatever the expression would evaluate to there. Choices
// become conditions, never factors 0 or 1, so the branch not taken cannot leak NaN (ADR 0011).

#include <cstdint>
#include <cstring>
#include <utility>

#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"

namespace nabla::calculus {

// Zeros, in pages of their own when there are many: what an allocator has used before it would
// clear at once. Throws std::bad_alloc.
void* allocate_zeroed(std::size_t bytes);
void release_zeroed(void*, std::size_t bytes);

// An array of zeros whose pages cost nothing until they are touched, so that a small expression in
// a large graph is differentiated in time proportional to the expression. T: all bits zero is T{}.
template <typename T>
class ZeroedArray {
 public:
  ZeroedArray() = default;
  explicit ZeroedArray(std::size_t size) { grow(size); }
  ZeroedArray(ZeroedArray&& other) noexcept
      : items_(std::exchange(other.items_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  ZeroedArray& operator=(ZeroedArray&& other) noexcept {
    std::swap(items_, other.items_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~ZeroedArray() { release_zeroed(items_, size_ * sizeof(T)); }

  T& operator[](std::size_t i) { return items_[i]; }
  const T& operator[](std::size_t i) const { return items_[i]; }
  std::size_t size() const { return size_; }

  void grow(std::size_t size) {
    if (size <= size_) return;
    T* const larger = static_cast<T*>(allocate_zeroed(size * sizeof(T)));
    if (size_ != 0) std::memcpy(static_cast<void*>(larger), items_, size_ * sizeof(T));
    release_zeroed(items_, size_ * sizeof(T));
    items_ = larger;
    size_ = size;
  }

 private:
  T* items_ = nullptr;
  std::size_t size_ = 0;
};

struct Guarded {
  NodeId value = Graph::zero;
  NodeId guard = Graph::one;
  bool closed = true;  // the value is also right (0) where the guard does not hold

  bool is_zero() const { return value == Graph::zero; }
  bool is_plain() const { return guard == Graph::one; }
};

// The derivative as one expression: if guard then value else 0.
NodeId close(Graph&, const Guarded&);

Guarded merge(Graph&, const Guarded&, const Guarded&);
inline Guarded plus(Graph& g, const Guarded& s, const Guarded& t) {
  if (s.is_zero()) return t;
  if (t.is_zero()) return s;
  if (s.is_plain() && t.is_plain()) return {.value = add(g, s.value, t.value)};
  return merge(g, s, t);
}

// plus for a derivative nothing will be multiplied with: no guard is built that has no further use.
Guarded gather_guarded(Graph&, const Guarded&, const Guarded&);
inline Guarded gather(Graph& g, const Guarded& s, const Guarded& t) {
  if (s.is_zero()) return t;
  if (t.is_zero()) return s;
  if (s.is_plain() && t.is_plain()) return {.value = add(g, s.value, t.value)};
  return gather_guarded(g, s, t);
}

// a*b; exp(v)/(1 + exp(v))^k becomes sigmoid(v)/(1 + exp(v))^(k-1), since exp(v) may be infinite
// where the quotient is not: the slopes of 1/(1 + exp(-x)) and log(1 + exp(x)).
NodeId bounded_product(Graph&, NodeId a, NodeId b);

Guarded scale_guarded(Graph&, const Guarded&, NodeId factor);
inline Guarded times(Graph& g, const Guarded& t, NodeId factor) {
  if (t.is_zero() || factor == Graph::zero) return {};
  if (t.is_plain()) {
    return {.value = t.value == Graph::one ? factor : bounded_product(g, t.value, factor)};
  }
  return scale_guarded(g, t, factor);
}

// The same, valid only where the condition holds too.
Guarded under(Graph&, NodeId condition, const Guarded&);

// if condition then s else t.
Guarded choose(Graph&, NodeId condition, const Guarded& s, const Guarded& t);

// Summed over the rows of the data.
Guarded over_rows(Graph&, const Guarded&);

// One Guarded per node, zero where none was set.
class Sheet {
 public:
  explicit Sheet(std::size_t nodes = 0) : values_(nodes), guards_(nodes), marks_(nodes) {}

  Guarded operator[](NodeId id) const {
    const std::uint32_t i = index(id);
    if (i >= values_.size()) return {};
    if (!has_guards_ || guards_[i] == Graph::zero) return {.value = values_[i]};
    return {.value = values_[i], .guard = guards_[i], .closed = (marks_[i] & open) == 0};
  }

  void set(NodeId id, const Guarded& t) {
    const std::uint32_t i = index(id);
    values_[i] = t.value;
    if (t.is_plain() && !has_guards_) return;
    has_guards_ = true;
    guards_[i] = t.is_plain() ? Graph::zero : t.guard;
    marks_[i] = static_cast<std::uint8_t>((marks_[i] & known_bit) | (t.closed ? 0 : open));
  }

  bool known(NodeId id) const { return index(id) < marks_.size() && marks_[index(id)] & known_bit; }
  void set_known(NodeId id) { marks_[index(id)] |= known_bit; }

  void reserve(std::size_t nodes) {
    if (nodes <= values_.size()) return;
    nodes = std::max(nodes, 2 * values_.size());
    values_.grow(nodes);
    guards_.grow(nodes);
    marks_.grow(nodes);
  }

 private:
  static constexpr std::uint8_t known_bit = 1, open = 2;
  ZeroedArray<NodeId> values_, guards_;  // no guard: Graph::zero
  ZeroedArray<std::uint8_t> marks_;
  bool has_guards_ = false;
};

}  // namespace nabla::calculus
