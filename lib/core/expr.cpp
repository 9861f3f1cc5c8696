#include "lib/core/expr.hpp"

#include <fmt/format.h>

#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"

namespace nabla {

Expr number(Graph& g, std::int64_t value) { return g.expr(g.insert(value)); }
Expr rational(Graph& g, std::int64_t numerator, std::int64_t denominator) {
  return g.expr(g.insert(Number::ratio(numerator, denominator)));
}
Expr real(Graph& g, double value) { return g.expr(g.insert(value)); }
Expr symbol(Graph& g, std::string_view name) { return g.expr(g.insert_name(Op::symbol, name)); }
std::vector<Expr> symbols(Graph& g, std::string_view prefix, std::size_t count) {
  std::vector<Expr> all;
  all.reserve(count);
  for (const NodeId id : g.insert_names(prefix, count)) all.push_back(g.expr(id));
  return all;
}
Expr column(Graph& g, std::string_view name) { return g.expr(g.insert_name(Op::column, name)); }

Expr operator+(Expr a, Expr b) { return a.graph->expr(add(*a.graph, a.id, b.id)); }
Expr operator-(Expr a, Expr b) { return a.graph->expr(subtract(*a.graph, a.id, b.id)); }
Expr operator*(Expr a, Expr b) { return a.graph->expr(multiply(*a.graph, a.id, b.id)); }
Expr operator/(Expr a, Expr b) { return a.graph->expr(divide(*a.graph, a.id, b.id)); }
Expr operator-(Expr a) { return a.graph->expr(negate(*a.graph, a.id)); }
Expr pow(Expr base, Expr exponent) {
  return base.graph->expr(power(*base.graph, base.id, exponent.id));
}

Expr call(Fn fn, Expr u, Expr v) { return u.graph->expr(call(*u.graph, fn, u.id, v.id)); }

Expr call(std::string_view name, Expr u, Expr v) {
  const auto fn = find_function(name, v.graph ? 2 : 1);
  if (!fn) throw NameError(fmt::format("no function '{}' of {} operand(s)", name, v.graph ? 2 : 1));
  return call(*fn, u, v);
}

Expr less(Expr a, Expr b) { return a.graph->expr(compare(*a.graph, Op::less, a.id, b.id)); }
Expr less_equal(Expr a, Expr b) {
  return a.graph->expr(compare(*a.graph, Op::less_equal, a.id, b.id));
}
Expr equal(Expr a, Expr b) { return a.graph->expr(compare(*a.graph, Op::equal, a.id, b.id)); }
Expr not_equal(Expr a, Expr b) {
  return a.graph->expr(compare(*a.graph, Op::not_equal, a.id, b.id));
}
Expr both(Expr a, Expr b) { return a.graph->expr(both(*a.graph, a.id, b.id)); }
Expr either(Expr a, Expr b) { return a.graph->expr(either(*a.graph, a.id, b.id)); }
Expr negation(Expr a) { return a.graph->expr(negation(*a.graph, a.id)); }
Expr select(Expr condition, Expr then, Expr otherwise) {
  return then.graph->expr(select(*then.graph, condition.id, then.id, otherwise.id));
}
Expr data_sum(Expr body) { return body.graph->expr(data_sum(*body.graph, body.id)); }

}  // namespace nabla
