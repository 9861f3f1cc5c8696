#include "lib/calculus/rules.hpp"

#include <fmt/format.h>

#include "lib/calculus/sign.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/substitute.hpp"

namespace nabla::calculus {

namespace {

Args args_of(Graph& g, NodeId y, const Node& n) {
  const bool two = row(n.fn()).value.arity == 2;
  return {.u = g.expr(n.a), .v = two ? g.expr(n.b) : Expr{}, .w = {}, .y = g.expr(y)};
}

// d(u^v)/dv = u^v log(u), which is 0 and not 0 * log(0) where u is 0 and v positive. There x^x has
// no derivative, so u = v goes without.
Partial by_exponent(Graph& g, NodeId y, const Node& n) {
  const NodeId logarithm = call(g, "log"_fn, n.a);
  const NodeId factor = multiply(g, y, logarithm);
  if (n.a == n.b || !sign_of(g, n.a).zero) return {.factor = factor};
  const NodeId at_zero = compare(g, Op::equal, n.a, Graph::zero);
  if (sign_of(g, n.b).is_positive()) return {.factor = factor, .guard = negation(g, at_zero)};
  const NodeId rising = compare(g, Op::less, Graph::zero, n.b);
  const NodeId vanishes = at_zero == Graph::one ? rising : both(g, at_zero, rising);
  return {.factor = factor, .guard = negation(g, vanishes)};
}

// p u^(p-1), never u^p p/u: right at 0.
Partial by_base(Graph& g, const Node& n) {
  const NodeId lower = add(g, n.b, Graph::minus_one);
  const NodeId rest = power(g, n.a, lower);
  return {.factor = multiply(g, n.b, rest)};
}

Partial by_branch(Graph& g, NodeId y, const Node& n, int operand) {
  const NodeId first = row(n.fn()).partials.by[0](args_of(g, y, n)).id;
  return {.factor = Graph::one, .guard = operand == 0 ? first : negation(g, first)};
}

Partial by_operand(Graph& g, NodeId y, const Node& n, int operand) {
  const FunctionRow& f = row(n.fn());
  const auto i = static_cast<std::size_t>(operand);
  if (f.partials.kind == Partials::Kind::branch) return by_branch(g, y, n, operand);
  if (!f.partials.defined[i]) {
    throw NoDerivative({.code = "D201",
                        .message = fmt::format("{} has no derivative by its {} operand", f.name,
                                               operand == 0 ? "first" : "second"),
                        .span = {},
                        .hint = "keep the variable out of that operand"});
  }
  return {.factor = f.partials.by[i](args_of(g, y, n)).id};
}

// What the program said its function changes by; never a silent 0.
Partial by_argument(Graph& g, const Node& n, int operand) {
  const auto i = static_cast<std::size_t>(operand);
  const UserFunction& f = g.functions()[n.detail];
  const std::optional<NodeId> known = g.functions().partial(n.detail, i);
  if (!known) {
    throw NoDerivative(
        {.code = "D201",
         .message = fmt::format("no derivative of {} by its argument {} is known", f.name,
                                f.parameters[i]),
         .span = {},
         .hint = "the program that defines the function has to give this partial derivative"});
  }
  std::vector<Replacement> replacements;
  for (std::size_t k = 0; k < f.parameters.size(); ++k) {
    replacements.push_back({symbol(g, f.parameters[k]), g.expr(n.operand(static_cast<int>(k)))});
  }
  return {.factor = substitute(g.expr(*known), replacements).id};
}

}  // namespace

Partial partial(Graph& g, NodeId y, int operand) {
  const Node n = g[y];
  switch (n.op) {
    case Op::sum:
    case Op::data_sum: return {.factor = Graph::one};
    case Op::product: return {.factor = operand == 0 ? n.b : n.a};
    case Op::power: return operand == 0 ? by_base(g, n) : by_exponent(g, y, n);
    case Op::call: return by_operand(g, y, n, operand);
    case Op::apply1:
    case Op::apply2:
    case Op::apply3: return by_argument(g, n, operand);
    case Op::select:
      if (operand == 0) return {};
      return {.factor = Graph::one, .guard = operand == 1 ? n.a : negation(g, n.a)};
    default: return {};  // comparisons and logic are flat wherever they are continuous
  }
}

Guarded tangent(Graph& g, NodeId y, const Sheet& tangents) {
  const Node n = g[y];
  switch (n.op) {
    case Op::sum: return plus(g, tangents[n.a], tangents[n.b]);
    case Op::product: {
      const Guarded first = times(g, tangents[n.a], n.b), second = times(g, tangents[n.b], n.a);
      return plus(g, first, second);
    }
    case Op::select: return choose(g, n.a, tangents[n.b], tangents[n.c]);
    case Op::data_sum: return over_rows(g, tangents[n.a]);
    case Op::power:
    case Op::call:
    case Op::apply1:
    case Op::apply2:
    case Op::apply3: break;
    default: return {};
  }
  const bool branch = n.op == Op::call && row(n.fn()).partials.kind == Partials::Kind::branch;
  if (branch) {
    const Guarded first = tangents[n.a], second = tangents[n.b];
    if (first.is_zero() && second.is_zero()) return {};
    const NodeId condition = row(n.fn()).partials.by[0](args_of(g, y, n)).id;
    return choose(g, condition, first, second);
  }
  Guarded total;
  const int operands = operand_count(n);
  for (int i = 0; i < operands; ++i) {
    const Guarded t = tangents[n.operand(i)];
    if (t.is_zero()) continue;
    const Partial p = partial(g, y, i);
    const Guarded scaled = times(g, t, p.factor);
    total = plus(g, total, under(g, p.guard, scaled));
  }
  return total;
}

void check_variable(const Graph& g, Expr x) {
  if (x.graph != &g) {
    throw NoDerivative({.code = "D203",
                        .message = "the expression and the variable belong to different graphs",
                        .span = {}});
  }
  const Op op = g[x.id].op;
  if (op == Op::symbol || op == Op::column) return;
  throw NoDerivative({.code = "D202",
                      .message = "can only differentiate by a name",
                      .span = {},
                      .hint = "give the inner expression a name first"});
}

}  // namespace nabla::calculus
