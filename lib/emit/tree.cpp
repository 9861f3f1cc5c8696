#include "lib/emit/tree.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

#include "lib/core/constants.hpp"
#include "lib/core/diagnostic.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/operators.hpp"
#include "lib/core/order.hpp"
#include "lib/core/stop.hpp"
#include "lib/emit/numerals.hpp"
#include "lib/emit/view.hpp"

namespace nabla {

namespace {

std::string leaf_text(const Graph& g, const Node& n) {
  switch (n.op) {
    case Op::integer:
    case Op::rational: return digits(g.exact_of(n), g.limits);
    case Op::real: return numeral(g.real_of(n));
    case Op::constant: return std::string(constants[n.detail].name);
    case Op::column: return g.name_of(n) + "_i";
    default: return g.name_of(n);
  }
}

std::string_view head_text(const Graph& g, const Node& n) {
  switch (n.op) {
    case Op::call: return row(n.fn()).name;
    case Op::select: return "if";
    case Op::data_sum: return "sum";
    case Op::apply1:
    case Op::apply2:
    case Op::apply3: return g.functions()[n.detail].name;
    default: break;
  }
  for (const Operator& o : operators) {
    if (o.op == n.op && !o.inverts && !o.swaps) return o.spelling;
  }
  return "?";
}

void check_length(const Graph& g, const std::string& out) {
  if (out.size() <= g.limits.output_bytes) return;
  throw LimitError(
      {.code = "L106",
       .message = fmt::format("the text is longer than {} bytes", g.limits.output_bytes),
       .span = {},
       .hint = "raise the limit 'output_bytes'"});
}

// Operands in the order they are read in.
std::vector<NodeId> operands(const Graph& g, ReadingOrder& order, NodeId id) {
  const Node& n = g[id];
  std::vector<NodeId> list;
  list.reserve(3);
  for (int i = 0; i < operand_count(n); ++i) list.push_back(n.operand(i));
  if (is_commutative(n)) {
    const auto [first, second] =
        operands_to_read(NodeView{g}, order, id, [&](NodeId u) { return g[u].op; });
    list = {first, second};
  }
  return list;
}

}  // namespace

std::string sexpr(Expr e) {
  const Graph& g = *e.graph;
  ReadingOrder order(g);
  std::string out;
  struct Piece {
    NodeId id;
    std::string_view text = {};  // written before the node, or alone
    bool closes = false;
    bool link = false;  // the list of its user goes on
  };
  std::vector<Piece> stack{{.id = e.id}};
  StopCheck stop(g.limits);
  while (!stack.empty()) {
    stop();
    const Piece piece = stack.back();
    stack.pop_back();
    out += piece.text;
    check_length(g, out);
    if (piece.closes) continue;
    const Node& n = g[piece.id];
    if (n.is_leaf()) {
      out += leaf_text(g, n);
      continue;
    }
    if (!piece.link) {
      out += '(';
      out += head_text(g, n);
      out += ' ';
      stack.push_back({.id = piece.id, .text = ")", .closes = true});
    }
    const std::vector<NodeId> list = operands(g, order, piece.id);
    for (std::size_t i = list.size(); i-- > 0;) {
      const bool chain = i == 0 && is_commutative(n) && n.op != Op::call && n.op != Op::equal &&
                         n.op != Op::not_equal && g[list[0]].op == n.op;
      stack.push_back({.id = list[i], .text = i == 0 ? "" : " ", .link = chain});
    }
  }
  return out;
}

std::string dot(Expr e) {
  const Graph& g = *e.graph;
  ReadingOrder order(g);
  std::string out = "digraph expression {\n  node [shape=box, style=rounded];\n  ordering=out;\n";
  // Numbered as they are met from the root, so that the text depends on nothing else.
  std::vector<std::uint32_t> number(std::size_t{index(e.id)} + 1);
  std::uint32_t met = 0;
  std::vector<NodeId> stack{e.id};
  number[index(e.id)] = ++met;
  StopCheck stop(g.limits);
  while (!stack.empty()) {
    stop();
    const NodeId id = stack.back();
    stack.pop_back();
    const Node& n = g[id];
    const std::uint32_t own = number[index(id)];
    const std::string label = n.is_leaf() ? leaf_text(g, n) : std::string(head_text(g, n));
    check_length(g, out);
    out += fmt::format("  n{} [label=\"{}\"];\n", own, label);
    const std::vector<NodeId> list = operands(g, order, id);
    for (const NodeId operand : list) {
      std::uint32_t& other = number[index(operand)];
      if (other == 0) {
        other = ++met;
        stack.push_back(operand);
      }
      out += fmt::format("  n{} -> n{};\n", own, other);
    }
  }
  return out + "}\n";
}

}  // namespace nabla
