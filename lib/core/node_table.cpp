#include "lib/core/node_table.hpp"

#include <algorithm>
#include <bit>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace nabla {

namespace {

constexpr std::size_t window = 8;   // slots tried next to an operand
constexpr std::size_t spread = 15;  // hash bits that choose where in the neighbourhood to begin
// Bits of a slot that say how much younger than its operand a node is; the others are of its hash.
constexpr std::uint32_t youth = (std::uint32_t{1} << 25) - 1;

// Both halves of the 128-bit product, folded.
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Neighbouring integers stand side by side, in blocks that are scattered: exponents and
// coefficients tend to come in order. The upper half counts, as for all leaves.
std::uint64_t hash_of_integer(const Node& n) {
  const std::uint64_t bits = std::uint64_t{index(n.c)} << 32 | index(n.b);
  const std::uint64_t block = fold((bits >> 10) ^ 0x9E3779B97F4A7C15u, 0xA0761D6478BD642Fu);
  return (block & ~std::uint64_t{2047} << 32) | (bits & 1023) << 33;
}

// Symmetric in a and b for commutative nodes, so that both orders meet in one place.
std::uint64_t hash_of(const Node& n, bool commutative) {
  if (n.op == Op::integer) return hash_of_integer(n);
  std::uint64_t a = index(n.a), b = index(n.b);
  if (commutative && a > b) std::swap(a, b);
  const std::uint64_t head = (std::uint64_t{n.detail} << 8) | static_cast<std::uint64_t>(n.op);
  return fold((b << 32 | a) ^ 0x9E3779B97F4A7C15u, 0xA0761D6478BD642Fu + (head << 40) + index(n.c));
}

// The slots of a window that are empty, and those with a tag: a bit each.
struct Window {
  unsigned empty = 0, tagged = 0;
};
Window look(const std::uint32_t* slots, std::uint32_t tag) {
  static_assert(window == 8);
#if defined(__SSE2__)
  const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(slots));
  const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(slots + 4));
  const auto equal = [&](int mask, int value) {
    const __m128i m = _mm_set1_epi32(mask), v = _mm_set1_epi32(value);
    const __m128i words = _mm_packs_epi32(_mm_cmpeq_epi32(_mm_and_si128(low, m), v),
                                          _mm_cmpeq_epi32(_mm_and_si128(high, m), v));
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_packs_epi16(words, _mm_setzero_si128())));
  };
  return {equal(-1, 0), equal(static_cast<int>(~youth), static_cast<int>(tag))};
#else
  Window seen;
  for (unsigned i = 0; i < window; ++i) {
    seen.empty |= static_cast<unsigned>(slots[i] == 0) << i;
    seen.tagged |= static_cast<unsigned>((slots[i] & ~youth) == tag) << i;
  }
  return seen;
#endif
}

bool same(const Node& m, const Node& n, bool commutative) {
  if (m.op != n.op || m.detail != n.detail || m.c != n.c) return false;
  if (m.a == n.a && m.b == n.b) return true;
  return commutative && m.a == n.b && m.b == n.a;
}

}  // namespace

void NodeTable::reserve(std::size_t nodes) { near_.grow(2 * nodes + spread + window + 1); }

NodeTable::Entry NodeTable::find(const Node* nodes, NodeId next, const Node& n,
                                 bool commutative) const {
  const std::uint64_t hash = hash_of(n, commutative);
  if (n.is_leaf()) return find_scattered(nodes, n, commutative, hash);
  // The youngest operand's neighbourhood, then that of the next one: a symbol that meets
  // everything has a crowded neighbourhood, its partners do not.
  const std::uint32_t a = index(n.a), b = index(n.b), c = index(n.c);
  std::uint32_t first = std::max(a, b), second = std::min(a, b);
  if (c != 0) [[unlikely]] {
    second = std::max(second, std::min(first, c));
    first = std::max(first, c);
  }
  const std::uint32_t tag = static_cast<std::uint32_t>(hash >> 32) & ~youth;
  for (std::uint32_t operand = first;; operand = second) {
    const std::size_t begin = 2 * std::size_t{operand} + (hash & spread);
    std::uint32_t* const slots = &near_[begin];
    // Counted from here, so that users of all slots of the window are younger.
    const auto origin = static_cast<std::uint32_t>(begin / 2 - window);
    Window seen = look(slots, tag);
    // Slots are filled from the first one on.
    const unsigned vacant = seen.empty & (0u - seen.empty);
    for (seen.tagged &= vacant - 1; seen.tagged != 0; seen.tagged &= seen.tagged - 1) {
      const NodeId found{origin + (slots[std::countr_zero(seen.tagged)] & youth)};
      // Counted from elsewhere, a slot may mean a node that is not there yet.
      if (found < next && same(nodes[index(found)], n, commutative))
        return {.found = found, .exists = true};
    }
    if (vacant != 0) {
      // Users of old operands may stand elsewhere although there is room.
      const std::uint32_t age = index(next) - origin;
      if (age > youth) break;
      return {.near = slots + std::countr_zero(vacant), .mark = tag | age, .hash = hash};
    }
    if (operand == second) break;
  }
  return find_scattered(nodes, n, commutative, hash);
}

NodeTable::Entry NodeTable::find_scattered(const Node* nodes, const Node& n, bool commutative,
                                           std::uint64_t hash) const {
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  if (scattered_.size() != 0) {
    const std::size_t mask = scattered_.size() - 1;
    for (std::size_t at = tag & mask;; at = (at + 1) & mask) {
      const Scattered& s = scattered_[at];
      if (s.id_plus_one == 0) break;
      if (s.hash == tag && same(nodes[s.id_plus_one - 1], n, commutative)) {
        return {.found = NodeId{s.id_plus_one - 1}, .exists = true};
      }
    }
  }
  return {.hash = hash};
}

void NodeTable::insert(const Entry& at, NodeId id) {
  if (at.near != nullptr) {
    *at.near = at.mark;
    return;
  }
  const auto tag = static_cast<std::uint32_t>(at.hash >> 32);
  put(scattered_, {index(id) + 1, tag});
  ++scattered_count_;
}

void NodeTable::put(Pages<Scattered>& table, const Scattered& entry) {
  const std::size_t mask = table.size() - 1;
  std::size_t place = entry.hash & mask;
  while (table[place].id_plus_one != 0) place = (place + 1) & mask;
  table[place] = entry;
}

void NodeTable::grow_scattered() {
  Pages<Scattered> larger;
  larger.grow(std::max<std::size_t>(32, 2 * scattered_.size()));
  for (std::size_t i = 0; i < scattered_.size(); ++i) {
    if (scattered_[i].id_plus_one != 0) put(larger, scattered_[i]);
  }
  scattered_.swap(larger);
}

void NodeTable::clear(std::size_t nodes) {
  // The last windows begin with the last node.
  const std::size_t used = std::min(near_.size(), 2 * nodes + spread + window + 1);
  near_.zero(used);
  if (scattered_.size() > 16 * (scattered_count_ + 4)) {
    Pages<Scattered>().swap(scattered_);
  } else {
    scattered_.zero(scattered_.size());
  }
  scattered_count_ = 0;
}

void NodeTable::release() {
  Pages<std::uint32_t>().swap(near_);
  Pages<Scattered>().swap(scattered_);
  scattered_count_ = 0;
}

std::size_t NodeTable::bytes(std::size_t nodes) const {
  return 2 * nodes * sizeof(std::uint32_t) + scattered_.size() * sizeof(Scattered);
}

}  // namespace nabla
