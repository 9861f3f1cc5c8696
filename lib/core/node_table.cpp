#include "lib/core/node_table.hpp"

#include <algorithm>

namespace nabla {

namespace {

constexpr std::size_t window = 8;   // slots tried next to an operand
constexpr std::size_t spread = 15;  // hash bits that choose where in the neighbourhood to begin

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

bool same(const Node& m, const Node& n, bool commutative) {
  if (m.op != n.op || m.detail != n.detail || m.c != n.c) return false;
  if (m.a == n.a && m.b == n.b) return true;
  return commutative && m.a == n.b && m.b == n.a;
}

}  // namespace

void NodeTable::reserve(std::size_t nodes) { near_.grow(2 * nodes + spread + window + 1); }

NodeTable::Entry NodeTable::find(const Node* nodes, const Node& n, bool commutative) const {
  const std::uint64_t hash = hash_of(n, commutative);
  if (!n.is_leaf()) {
    // The youngest operand's neighbourhood, then that of the next one: a symbol that meets
    // everything has a crowded neighbourhood, its partners do not.
    const std::uint32_t a = index(n.a), b = index(n.b), c = index(n.c);
    const std::uint32_t first = std::max({a, b, c});
    const std::uint32_t second = std::max({std::min(a, b), std::min(b, c), std::min(a, c)});
    for (const std::uint32_t operand : {first, second}) {
      std::uint32_t* slot = &near_[2 * std::size_t{operand} + (hash & spread)];
      for (std::size_t i = 0; i < window; ++i, ++slot) {
        if (*slot == 0) return {.near = slot, .hash = hash};
        if (same(nodes[*slot - 1], n, commutative))
          return {.found = NodeId{*slot - 1}, .exists = true};
      }
    }
  }
  return find_scattered(nodes, n, commutative, hash);
}

NodeTable::Entry NodeTable::find_scattered(const Node* nodes, const Node& n, bool commutative,
                                           std::uint64_t hash) const {
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  if (scattered_) {
    for (std::size_t at = tag & scattered_mask_;; at = (at + 1) & scattered_mask_) {
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
    *at.near = index(id) + 1;
    return;
  }
  const auto tag = static_cast<std::uint32_t>(at.hash >> 32);
  std::size_t place = tag & scattered_mask_;
  while (scattered_[place].id_plus_one != 0) place = (place + 1) & scattered_mask_;
  scattered_[place] = {index(id) + 1, tag};
  ++scattered_count_;
}

void NodeTable::grow_scattered() {
  const std::size_t old_size = scattered_ ? scattered_mask_ + 1 : 0;
  const std::size_t size = old_size == 0 ? 32 : 2 * old_size;
  auto larger = std::make_unique<Scattered[]>(size);
  for (std::size_t i = 0; i < old_size; ++i) {
    if (scattered_[i].id_plus_one == 0) continue;
    std::size_t place = scattered_[i].hash & (size - 1);
    while (larger[place].id_plus_one != 0) place = (place + 1) & (size - 1);
    larger[place] = scattered_[i];
  }
  scattered_ = std::move(larger);
  scattered_mask_ = size - 1;
}

std::size_t NodeTable::bytes(std::size_t nodes) const {
  const std::size_t scattered = scattered_ ? scattered_mask_ + 1 : 0;
  return 2 * nodes * sizeof(std::uint32_t) + scattered * sizeof(Scattered);
}

}  // namespace nabla
