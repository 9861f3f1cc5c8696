#include "lib/core/graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

#include "lib/core/constants.hpp"
#include "lib/core/diagnostic.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/stop.hpp"

namespace nabla {

namespace {

// What insertion asks about operations and calls, close together in memory.
struct Facts {
  std::int8_t operands = 2;
  bool commutative = false;
};
constexpr auto op_facts = [] {
  std::array<Facts, static_cast<std::size_t>(Op::apply3) + 1> facts{};
  const auto at = [&](Op op) -> Facts& { return facts[static_cast<std::size_t>(op)]; };
  for (const Op op : {Op::integer, Op::rational, Op::real, Op::constant, Op::symbol, Op::column})
    at(op).operands = 0;
  for (const Op op : {Op::negation, Op::data_sum, Op::apply1}) at(op).operands = 1;
  for (const Op op : {Op::select, Op::apply3}) at(op).operands = 3;
  for (const Op op : {Op::sum, Op::product, Op::equal, Op::not_equal, Op::both, Op::either})
    at(op).commutative = true;
  return facts;
}();
constexpr auto call_facts = [] {
  std::array<Facts, functions.size()> facts{};
  for (std::size_t i = 0; i < functions.size(); ++i) {
    facts[i].operands = static_cast<std::int8_t>(functions[i].value.arity);
    facts[i].commutative = functions[i].commutative;
  }
  return facts;
}();
const Facts& facts_of(const Node& n) {
  return n.op == Op::call ? call_facts[n.detail] : op_facts[static_cast<std::size_t>(n.op)];
}

[[noreturn]] void fail(const char* code, std::string message, const char* hint) {
  throw LimitError({.code = code, .message = std::move(message), .span = {}, .hint = hint});
}

}  // namespace

int operand_count(const Node& n) { return facts_of(n).operands; }

bool is_commutative(const Node& n) { return facts_of(n).commutative; }

bool is_identifier(std::string_view s, std::size_t max) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  if (s.empty() || s.size() > max || !letter(s.front())) return false;
  return std::ranges::all_of(s, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

Graph::Graph(Limits l) : limits(l) { insert_basics(); }

void Graph::insert_basics() {
  insert(std::int64_t{0});
  insert(std::int64_t{1});
  insert(std::int64_t{-1});
  insert(std::int64_t{2});
}

Graph::~Graph() = default;

void Graph::clear(std::size_t keep) {
  if (bytes() > keep) {
    Pages<Node>().swap(nodes_);
    table_.release();
  } else {
    table_.clear(count_);
  }
  count_ = 0;
  until_look_ = 1024;
  small_integers_.fill(NodeId{});
  numbers_.clear();
  number_bytes_ = 0;
  number_index_.clear();
  names_.clear();
  families_.clear();
  named_count_ = 0;
  named_nodes_.clear();
  functions_ = {};
  insert_basics();
}

std::size_t Graph::bytes() const {
  return count_ * sizeof(Node) + table_.bytes(count_) + numbers_.capacity() * sizeof(Number) +
         number_bytes_ + names_.bytes() + families_.bytes() +
         named_nodes_.capacity() * sizeof(named_nodes_[0]);
}

NodeId Graph::insert(Node n) {
  if (n.op == Op::symbol || n.op == Op::column) return insert_named(n.op, index(n.a));
  if (--until_look_ == 0) [[unlikely]]
    look_around();
  if (count_ == nodes_.size()) [[unlikely]]
    make_room();
  const Facts& facts = facts_of(n);
  const NodeId next{static_cast<std::uint32_t>(count_)};
  const NodeTable::Entry entry = table_.find(&nodes_[0], next, n, facts.commutative);
  if (entry.exists) return entry.found;

  unsigned flags = 0;
  if (facts.operands > 0) flags |= nodes_[index(n.a)].flags;
  if (facts.operands > 1) flags |= nodes_[index(n.b)].flags;
  if (facts.operands > 2) flags |= nodes_[index(n.c)].flags;
  if (n.op == Op::data_sum)
    flags = (flags & ~unsigned{varies_by_row}) | has_data_sum | depends_on_symbol;
  table_.make_room(entry);
  if (count_ >= limits.nodes) check_nodes(1);
  // Part by part: a copy of the whole would wait for the stores that have just made `n`.
  Node& to = nodes_[count_++];
  to.flags = static_cast<std::uint16_t>(flags);
  to.op = n.op;
  to.detail = n.detail;
  to.a = n.a;
  to.b = n.b;
  to.c = n.c;
  table_.insert(entry, next);
  return next;
}

// Names lead to their nodes directly: reading one costs one look-up, by its text.
NodeId Graph::insert_named(Op kind, std::uint32_t name) {
  if (name & numbered) return families_.node(name & ~numbered);
  if (name >= named_nodes_.size()) {
    if (named_nodes_.empty()) named_nodes_.reserve(8);
    named_nodes_.resize(names_.size());
  }
  NodeId& known = named_nodes_[name][kind == Op::column ? 1 : 0];
  if (known != NodeId{}) return known;
  make_room();
  const std::uint16_t varies = kind == Op::column ? varies_by_row : 0;
  known = append({.op = kind,
                  .flags = static_cast<std::uint16_t>(depends_on_symbol | varies),
                  .a = NodeId{name}});
  ++named_count_;
  return known;
}

std::vector<NodeId> Graph::insert_names(std::string_view prefix, std::size_t count) {
  if (count == 0) return {};
  const std::string last = std::string(prefix) + std::to_string(count - 1);
  if (!is_identifier(last, limits.name_bytes) || !is_identifier(prefix, limits.name_bytes)) {
    throw NameError(
        fmt::format("'{}' is no identifier: letters, digits and '_' only", last.substr(0, 80)));
  }
  const std::uint32_t there = families_.size(prefix);
  const std::size_t more = count - std::min<std::size_t>(there, count);
  if (!are_new(prefix, there, more)) {
    std::vector<NodeId> ids;
    ids.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      ids.push_back(insert_name(Op::symbol, std::string(prefix) + std::to_string(i)));
    }
    return ids;
  }
  if (more != 0) {
    check_stop(limits);
    check_nodes(more);
    check_memory(more * (sizeof(Node) + 2 * sizeof(std::uint32_t)));
    make_room(more);
    const NodeId first{static_cast<std::uint32_t>(count_)};
    std::uint32_t member = families_.extend(prefix, static_cast<std::uint32_t>(more), first);
    for (std::size_t i = 0; i < more; ++i, ++member) {
      nodes_[count_++] = {
          .op = Op::symbol, .flags = depends_on_symbol, .a = NodeId{numbered | member}};
    }
    named_count_ += more;
  }
  return families_.nodes(prefix, count);
}

// No name prefixN with N in the range is a symbol, nor can be found in another family.
bool Graph::are_new(std::string_view prefix, std::uint32_t first, std::size_t count) const {
  if (count == 0) return true;
  if (families_.overlaps(prefix)) return false;
  for (std::uint32_t name = 0; name < named_nodes_.size(); ++name) {
    if (named_nodes_[name][0] == NodeId{} || !names_[name].starts_with(prefix)) continue;
    const bool taken = each_split(names_[name], [&](std::string_view front, std::uint64_t number) {
      return front == prefix && number >= first && number - first < count;
    });
    if (taken) return false;
  }
  return true;
}

bool Graph::name_starts_with(const Node& n, std::string_view beginning) const {
  const std::uint32_t name = index(n.a);
  return name & numbered ? families_.starts_with(name & ~numbered, beginning)
                         : names_[name].starts_with(beginning);
}

void Graph::make_room(std::size_t more) {
  if (count_ + more <= nodes_.size()) return;
  const std::size_t capacity = std::max<std::size_t>({64, 2 * count_, count_ + more});
  check_memory(0);
  table_.reserve(capacity);
  nodes_.grow(capacity);
}

void Graph::check_memory(std::size_t more) const {
  if (bytes() + more <= limits.memory_bytes) return;
  fail("L111",
       fmt::format("the expressions need more than {} bytes of memory", limits.memory_bytes),
       "raise the limit 'memory_bytes'");
}

// Every loop that builds comes by here, also where nothing new is built.
void Graph::look_around() {
  until_look_ = 1024;
  check_stop(limits);
  check_memory(0);
}

void Graph::check_nodes(std::size_t more) const {
  if (count_ <= limits.nodes && more <= limits.nodes - count_) return;
  fail("L101", fmt::format("the expression needs more than {} nodes", limits.nodes),
       "raise the limit 'nodes' (--max-nodes)");
}

NodeId Graph::append(const Node& n) {
  check_nodes(1);
  nodes_[count_] = n;
  return NodeId{static_cast<std::uint32_t>(count_++)};
}

NodeId Graph::insert_integer(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  const NodeId id = insert(Node{.op = Op::integer,
                                .b = NodeId{static_cast<std::uint32_t>(bits)},
                                .c = NodeId{static_cast<std::uint32_t>(bits >> 32)}});
  const std::uint64_t place = bits + small_integers_.size() / 2;
  if (place < small_integers_.size()) small_integers_[place] = id;
  return id;
}

NodeId Graph::insert(const Number& value) {
  if (const auto small = value.as_int64()) return insert(*small);
  check_stop(limits);  // long numbers take their time, and few nodes
  const std::size_t hash = value.hash();
  const auto [first, last] = number_index_.equal_range(hash);
  for (auto it = first; it != last; ++it) {
    if (numbers_[it->second] == value)
      return insert(Node{.op = Op::rational, .a = NodeId{it->second}});
  }
  const auto at = static_cast<std::uint32_t>(numbers_.size());
  const std::size_t more = value.bytes();
  check_memory(more);
  numbers_.push_back(value);
  try {
    number_index_.emplace(hash, at);
  } catch (...) {
    numbers_.pop_back();
    throw;
  }
  number_bytes_ += more;
  return insert(Node{.op = Op::rational, .a = NodeId{at}});
}

NodeId Graph::insert(double value) {
  // One NaN: payloads carry no meaning here.
  if (value != value) value = std::numeric_limits<double>::quiet_NaN();
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return insert(Node{.op = Op::real,
                     .b = NodeId{static_cast<std::uint32_t>(bits)},
                     .c = NodeId{static_cast<std::uint32_t>(bits >> 32)}});
}

NodeId Graph::insert_name(Op kind, std::string_view name) {
  if (kind == Op::symbol && !families_.empty()) {
    if (const auto known = families_.find(name)) return *known;
  }
  // What is there has been looked at before.
  if (const auto known = names_.find(name); known && name.size() <= limits.name_bytes)
    return insert_named(kind, *known);
  if (!is_identifier(name, limits.name_bytes)) {
    throw NameError(
        fmt::format("'{}' is no identifier: letters, digits and '_' only", name.substr(0, 80)));
  }
  return insert_named(kind, names_.intern(name));
}

NodeId Graph::insert_constant(std::uint8_t which) {
  const double value = constants[which].value;
  if (!(value - value == 0)) return insert(value);  // infinity and NaN are reals
  return insert(Node{.op = Op::constant, .detail = which});
}

std::int64_t Graph::integer_of(const Node& n) const {
  return static_cast<std::int64_t>((std::uint64_t{index(n.c)} << 32) | index(n.b));
}

double Graph::real_of(const Node& n) const {
  return std::bit_cast<double>((std::uint64_t{index(n.c)} << 32) | index(n.b));
}

Number Graph::exact_of(const Node& n) const {
  return n.op == Op::integer ? Number(integer_of(n)) : numbers_[index(n.a)];
}

double Graph::value_of_number(const Node& n) const {
  return n.op == Op::real ? real_of(n) : exact_of(n).to_double();
}

std::vector<NodeId> Graph::below(std::span<const NodeId> roots) const {
  std::vector<NodeId> order;
  if (roots.empty()) return order;
  const std::uint32_t last = index(*std::ranges::max_element(roots));
  std::vector<std::uint64_t> used(last / 64 + 1);
  const auto mark = [&](NodeId id) {
    used[index(id) / 64] |= std::uint64_t{1} << (index(id) % 64);
  };
  for (const NodeId id : roots) mark(id);

  // Descending scan: when a node is reached, all its users have been seen. Bit by bit, with the
  // word at hand in a register, since a processor guesses well that the next node is used, too.
  StopCheck stop(limits, 256);
  std::size_t total = 0;
  for (std::size_t w = used.size(); w-- > 0;) {
    stop();
    std::uint64_t word = used[w];
    if (word == 0) continue;
    const auto find = [&](NodeId id) {
      mark(id);
      word |= index(id) / 64 == w ? std::uint64_t{1} << (index(id) % 64) : 0;
    };
    for (auto at = w * 64 + 64 - static_cast<std::size_t>(std::countl_zero(word)); at-- > w * 64;) {
      if ((word >> (at % 64) & 1) == 0) continue;
      ++total;
      const Node& n = nodes_[at];
      const int operands = facts_of(n).operands;
      if (operands == 0) continue;
      find(n.a);
      if (operands > 1) find(n.b);
      if (operands > 2) find(n.c);
    }
  }
  order.reserve(total);
  for (std::size_t w = 0; w < used.size(); ++w) {
    stop();
    for (std::uint64_t rest = used[w]; rest != 0; rest &= rest - 1) {
      order.push_back(NodeId{static_cast<std::uint32_t>(w * 64) +
                             static_cast<std::uint32_t>(std::countr_zero(rest))});
    }
  }
  return order;
}

std::vector<std::string> Graph::symbols(std::span<const NodeId> roots, Op kind) const {
  std::vector<std::string> names;
  if (roots.empty()) return names;
  std::vector<bool> seen(std::size_t{index(*std::ranges::max_element(roots))} + 1);
  std::vector<NodeId> stack(roots.rbegin(), roots.rend());
  StopCheck stop(limits);
  while (!stack.empty()) {
    stop();
    const NodeId id = stack.back();
    stack.pop_back();
    if (seen[index(id)]) continue;
    seen[index(id)] = true;
    const Node& n = nodes_[index(id)];
    if (n.op == kind) names.push_back(name_of(n));
    for (int i = operand_count(n); i-- > 0;) stack.push_back(n.operand(i));
  }
  return names;
}

}  // namespace nabla
