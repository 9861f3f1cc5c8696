#include <algorithm>

#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/core/build.hpp"
#include "lib/core/substitute.hpp"
#include "parser/reader.hpp"

namespace nabla {

NodeId Reader::derivative_of(NodeId f, NodeId x, unsigned order, Span place) {
  const auto result = derivative(g_.expr(f), g_.expr(x), order);
  if (!result) {
    Diagnostic d = result.error();
    d.span = place;
    throw Refusal{std::move(d)};
  }
  return result->id;
}

Reader::Item Reader::differentiate(Item f, std::span<const std::pair<std::uint32_t, unsigned>> by,
                                   Span place) {
  Quantity q = quantity(f);
  for (Expr& e : q.entries) {
    for (const auto& [name, order] : by) {
      if (order != 0) note_absent(e, name, place);
      e = g_.expr(
          derivative_of(e.id, g_.insert_name(Op::symbol, tokens_.names[name]), order, place));
    }
  }
  return q.is_scalar() ? Item{q.entries[0].id, 0, f.token} : array(std::move(q), f.token);
}

// A derivative by a name that does not occur is 0, and perhaps a slip: dL/dw where L has wx.
void Reader::note_absent(Expr e, std::uint32_t name, Span place) {
  if ((node(e).flags & (depends_on_symbol | has_data_sum)) == 0) return;
  const std::string_view x = tokens_.names[name];
  const std::vector<std::string> inside = g_.symbols({&e.id, 1});
  if (inside.empty() || std::ranges::find(inside, x) != inside.end()) return;
  std::string hint = "it depends on " + inside[0];
  for (std::size_t i = 1; i < inside.size() && i < 5; ++i) hint += ", " + inside[i];
  if (inside.size() > 5) hint += ", ...";
  note("S726", "'" + std::string(x) + "' does not occur in it, so this derivative is 0", place,
       hint, "0", "a dependence on " + std::string(x), false);
}

Quantity Reader::along(Expr f, std::span<const Expr> variables, const Quantity& direction,
                       Span place) {
  if (direction.entries.size() != variables.size()) {
    fail("N105",
         "a direction has one entry for each of the " + std::to_string(variables.size()) + " names",
         place);
  }
  auto result = directional(f, variables, direction.entries);
  if (!result) {
    Diagnostic d = result.error();
    d.span = place;
    throw Refusal{std::move(d)};
  }
  return *result;
}

// --- words of calculus

// The names given after the expression, else the parameters of a function, else all names in it.
std::vector<Expr> Reader::variables_of(std::span<const Item> given, Item f, const Call&) {
  std::vector<Expr> variables;
  for (const Item& item : given) {
    for (const Expr& e : quantity(item).entries) {
      if (node(e).op != Op::symbol)
        fail("N108", "a derivative is taken by a name", span(item.token),
             "constants and expressions do not vary by themselves");
      variables.push_back(e);
    }
  }
  if (!given.empty()) return variables;
  const Token& t = tokens_.list[f.token];
  if (t.kind == Kind::name && f.token + 1 < tokens_.list.size() &&
      tokens_.list[f.token + 1].kind != Kind::open) {
    const Definition* d = scope_.find(tokens_.names[t.data]);
    if (d != nullptr && d->kind == Definition::Kind::function) {
      for (const std::string& p : d->parameters)
        variables.push_back(g_.expr(g_.insert_name(Op::symbol, p)));
      return variables;
    }
  }
  std::vector<NodeId> roots;
  bool sums = false;
  for (const Expr& e : quantity(f).entries) {
    roots.push_back(e.id);
    sums = sums || (node(e).flags & has_data_sum) != 0;
  }
  for (const std::string& name : g_.symbols(roots)) {
    if (!(sums && name == "n")) variables.push_back(g_.expr(g_.insert_name(Op::symbol, name)));
  }
  return variables;
}

// Gradient or Hessian.
Quantity Reader::differential(const VerbRow& verb, Expr f, std::span<const Expr> variables,
                              Span place) {
  const auto fail_with = [&](Diagnostic d) {
    d.span = place;
    throw Refusal{std::move(d)};
  };
  if (verb.verb == Verb::gradient) {
    auto result = gradient(f, variables);
    if (!result) fail_with(result.error());
    return Quantity::vector(std::move(*result));
  }
  auto result = hessian(f, variables);
  if (!result) fail_with(result.error());
  return Quantity::matrix(result->rows, result->columns, std::move(result->entries));
}

Reader::Item Reader::calculus_verb(const Call& call, std::span<const Item> arguments, Span place) {
  const auto value_of = [&](auto result) {
    if (!result) {
      Diagnostic d = result.error();
      d.span = place;
      throw Refusal{std::move(d)};
    }
    return *result;
  };
  const Item f = arguments[0];
  switch (call.verb->verb) {
    case Verb::diff: {
      std::vector<std::pair<std::uint32_t, unsigned>> by;
      for (const Item& item : arguments.subspan(1)) {
        const NodeId x = scalar(item, "a variable");
        const Node& n = g_[x];
        if (n.op == Op::integer && !by.empty()) {
          const std::int64_t order = g_.integer_of(n);
          if (order < 0 || order > 1000)
            fail("N108", "an order of differentiation is an integer from 0 to 1000",
                 span(item.token));
          by.back().second = static_cast<unsigned>(order);
        } else if (n.op == Op::symbol) {
          by.emplace_back(tokens_.names.intern(g_.name_of(n), false), 1u);
        } else {
          fail("N108", "a derivative is taken by a name", span(item.token),
               "constants and expressions do not vary by themselves");
        }
      }
      grow_names();
      if (by.empty()) {
        const std::vector<Expr> variables = variables_of({}, f, call);
        if (variables.size() != 1) fail("N107", "by which name?", place, "write diff(f, x)");
        by.emplace_back(tokens_.names.intern(g_.name_of(node(variables[0])), false), 1u);
        grow_names();
      }
      return differentiate(f, by, place);
    }
    case Verb::gradient:
    case Verb::hessian: {
      const NodeId u = scalar(f, "what is differentiated");
      const std::vector<Expr> variables = variables_of(arguments.subspan(1), f, call);
      if (variables.empty()) fail("N107", "there is no name to differentiate by", place);
      return array(differential(*call.verb, g_.expr(u), variables, place), call.token);
    }
    case Verb::jacobian: {
      const std::vector<Expr> variables = variables_of(arguments.subspan(1), f, call);
      if (variables.empty()) fail("N107", "there is no name to differentiate by", place);
      const Quantity outputs = quantity(f);
      Matrix m = value_of(jacobian(outputs.entries, variables));
      return array(Quantity::matrix(m.rows, m.columns, std::move(m.entries)), call.token);
    }
    case Verb::directional: {
      const NodeId u = scalar(f, "a directional derivative");
      const std::vector<Expr> variables = variables_of(
          arguments.size() == 3 ? arguments.subspan(1, 1) : arguments.first(0), f, call);
      const Quantity direction =
          call.definition != nullptr ? call.definition->value : quantity(arguments.back());
      return {along(g_.expr(u), variables, direction, place).scalar().id, 0, call.token};
    }
    default: fail("P008", "this word has no meaning here", place);
  }
}

void Reader::finish_prefix(const Pending& p) {
  const Prefix prefix = std::move(prefixes_.back());
  prefixes_.pop_back();
  const Item body = pop();
  const Span place{tokens_.list[p.token].begin, tokens_.list[at_ - 1].end};
  Item result;
  switch (p.form) {
    case Form::derivative: result = differentiate(body, prefix.by, place); break;
    case Form::data_sum:
      result = data_sum_of(body, false, place);
      --data_sums_;
      break;
    case Form::finite:
      result =
          finite_sum(scalar(body, "a sum"), g_.insert_name(Op::symbol, tokens_.names[prefix.name]),
                     prefix.from, prefix.to, prefix.product, place);
      break;
    default:
      result = {limit_of(scalar(body, "a limit"),
                         g_.insert_name(Op::symbol, tokens_.names[prefix.name]), prefix.to, place),
                0, 0};
  }
  pop_locals(prefix.locals);
  ++generation_;
  result.token = p.token;
  values_.push_back(result);
}

}  // namespace nabla
