#include <algorithm>

#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/core/build.hpp"
#include "lib/core/substitute.hpp"
#include "parser/reader.hpp"

namespace nabla {

// --- d/dx, ∂f/∂x, \frac{d}{dx}

// An exponent after d or x: ^2, ^{2} or ². Moves `at` behind it.
unsigned Reader::leibniz_order(std::uint32_t& at) const {
  const auto& list = tokens_.list;
  std::string digits;
  if (list[at].kind == Kind::superscript) {
    digits = superscript_text(written(at++));
  } else if (is_symbol(list[at], "^")) {
    const bool braced = list[at + 1].kind == Kind::open_brace;
    const std::uint32_t number = at + (braced ? 2 : 1);
    if (list[number].kind != Kind::integer) return 0;
    digits = written(number);
    at = number + (braced ? 2 : 1);
  } else {
    return 1;
  }
  if (digits.size() > 3 || digits.find_first_not_of("0123456789") != digits.npos) return 0;
  return static_cast<unsigned>(std::stoul(digits));
}

// Reads "d", "d^2", "df", "∂²f": true when this is the upper part of a derivative.
bool Reader::leibniz_numerator(std::uint32_t& at, Leibniz& result) {
  const auto& list = tokens_.list;
  const auto taken = [&](std::uint32_t name) {
    return declared_[name] || columns_[name] || scope_.find(tokens_.names[name]) != nullptr ||
           std::ranges::any_of(locals_, [&](const Local& l) { return l.name == name; });
  };
  const std::uint32_t t = at;
  if (list[t].kind == Kind::partial || (is_word(list[t], Word::d) && !taken(list[t].data))) {
    ++at;
    result.order = leibniz_order(at);
    if (result.order == 0) return false;
    if (list[at].kind == Kind::name) result.function = at++;
    return true;
  }
  if (list[t].kind != Kind::name) return false;
  const std::string_view text = tokens_.names[list[t].data];
  if (text.size() < 2 || text[0] != 'd' || taken(list[t].data) ||
      scope_.find(text.substr(1)) == nullptr)
    return false;
  ++at;
  result.order = 1;
  result.function = t;
  result.fused = true;
  return true;
}

// Reads "dx", "dx^2", "∂x∂y".
bool Reader::leibniz_denominator(std::uint32_t& at, Leibniz& result) {
  const auto& list = tokens_.list;
  unsigned orders = 0;
  for (;;) {
    std::string_view variable;
    if (list[at].kind == Kind::partial && list[at + 1].kind == Kind::name) {
      variable = tokens_.names[list[at + 1].data];
      at += 2;
    } else if (list[at].kind == Kind::name && !declared_[list[at].data] &&
               scope_.find(tokens_.names[list[at].data]) == nullptr &&
               tokens_.names[list[at].data].size() > 1 && tokens_.names[list[at].data][0] == 'd' &&
               (orders == 0 || !find_function(tokens_.names[list[at].data]))) {
      variable = tokens_.names[list[at].data].substr(1);
      ++at;
    } else {
      break;
    }
    const unsigned order = leibniz_order(at);
    if (order == 0) return false;
    orders += order;
    result.by.emplace_back(tokens_.names.intern(std::string(variable), false), order);
  }
  grow_names();
  return !result.by.empty() && orders == result.order;
}

bool Reader::read_leibniz() {
  std::uint32_t at = at_;
  Leibniz l;
  if (!leibniz_numerator(at, l) || !is_symbol(tokens_.list[at], "/")) return false;
  ++at;
  if (!leibniz_denominator(at, l)) return false;
  start_derivative(l, at);
  return true;
}

bool Reader::read_fraction_leibniz() {
  std::uint32_t at = at_ + 1;
  Leibniz l;
  const auto& list = tokens_.list;
  if (list[at].kind != Kind::open_brace || !leibniz_numerator(++at, l) ||
      list[at].kind != Kind::close_brace || list[at + 1].kind != Kind::open_brace) {
    return false;
  }
  at += 2;
  if (!leibniz_denominator(at, l) || list[at].kind != Kind::close_brace) return false;
  start_derivative(l, at + 1);
  return true;
}

void Reader::start_derivative(const Leibniz& l, std::uint32_t behind) {
  const std::uint32_t first = at_;
  at_ = behind;
  if (l.function == 0 && !l.fused) {
    prefixes_.push_back({.by = l.by, .locals = static_cast<std::uint32_t>(locals_.size())});
    push_prefix(Form::derivative, Precedence::sum, first,
                static_cast<std::uint32_t>(prefixes_.size() - 1));
    return;
  }
  std::string_view name = name_of(l.function);
  if (l.fused) name.remove_prefix(1);
  const Definition* d = scope_.find(name);
  if (d == nullptr) {
    const std::string near = suggestion(name);
    fail("N101", "'" + std::string(name) + "' is not defined", span(l.function),
         near.empty() ? "define it first, as in f(x) = x^2" : "did you mean '" + near + "'?");
  }
  if (token().kind == Kind::open && d->kind == Definition::Kind::function) {
    fail("P008", "a derivative written as a quotient takes no arguments", span(at_),
         "write subs(df/dx, x = 3), or f'(3)");
  }
  push_definition(l.function, *d);
  values_.back() = differentiate(values_.back(), l.by, span(first, at_ - 1));
  values_.back().token = first;
}

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
      e = g_.expr(
          derivative_of(e.id, g_.insert_name(Op::symbol, tokens_.names[name]), order, place));
    }
  }
  return q.is_scalar() ? Item{q.entries[0].id, 0, f.token} : array(std::move(q), f.token);
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
      const Quantity along =
          call.definition != nullptr ? call.definition->value : quantity(arguments.back());
      if (along.entries.size() != variables.size()) {
        fail("N105",
             "a direction has one entry for each of the " + std::to_string(variables.size()) +
                 " names",
             place);
      }
      return {value_of(directional(g_.expr(u), variables, along.entries)).id, 0, call.token};
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
