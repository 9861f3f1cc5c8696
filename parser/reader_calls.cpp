#include <algorithm>

#include "lib/calculus/derivative.hpp"
#include "lib/core/build.hpp"
#include "lib/core/substitute.hpp"
#include "parser/reader.hpp"

namespace nabla {

void Reader::wrong_count(const Call& call, std::size_t given, std::string_view expected) {
  const std::string name(call.kind == Call::Kind::verb ? call.verb->name
                                                       : tokens_.names[call.name]);
  std::string hint;
  std::vector<Label> labels;
  if (call.kind == Call::Kind::verb) {
    hint = "write " + std::string(call.verb->synopsis);
  } else if (call.kind == Call::Kind::definition) {
    std::string parameters;
    for (const std::string& p : call.definition->parameters)
      parameters += (parameters.empty() ? "" : ", ") + p;
    hint = "it was defined as " + name + "(" + parameters + ")";
  } else if (const auto fn = find_function(name); fn && expected.size() == 1) {
    static constexpr std::string_view usual[] = {"(u)", "(u, v)", "(u, v, w)"};
    const FunctionRow& f = row(*fn);
    if (f.value.arity >= 1 && f.value.arity <= 3)
      hint =
          "write " + name + std::string(usual[f.value.arity - 1]) + ", " + std::string(f.summary);
  }
  fail("N103",
       "'" + name + "' takes " + std::string(expected) +
           (expected == "1" ? " argument" : " arguments") + ", not " + std::to_string(given),
       span(call.token), hint, std::move(labels));
}

void Reader::finish_call(const Call& last, std::uint32_t base, std::uint32_t end) {
  const Call call = last;
  const std::span<const Item> arguments(values_.data() + base, values_.size() - base);
  // Names bound by the call are bound in its arguments only, so they go before it is applied.
  if (call.kind == Call::Kind::verb && call.verb->verb == Verb::limit) {
    finish_limit_head(call, arguments, end);
    return;
  }
  Item result = apply(call, arguments, span(call.token, end));
  if (call.sums) --data_sums_, ++generation_;
  result.token = call.token;
  pop_locals(call.locals);
  calls_.pop_back();
  values_.resize(base);
  values_.push_back(result);
}

Reader::Item Reader::apply(const Call& call, std::span<const Item> arguments, Span place) {
  Item result;
  switch (call.kind) {
    case Call::Kind::function: result = apply_function(call, arguments, place); break;
    case Call::Kind::definition: result = apply_definition(call, arguments, place); break;
    case Call::Kind::verb: return apply_verb(call, arguments, place);
  }
  if (call.exponent) result = {power(g_, scalar(result, "a power"), *call.exponent), 0, call.token};
  return result;
}

// asin for sin, and so on: the row whose name is that of the function behind an "a".
NodeId Reader::inverse_function(const Call& call, NodeId argument) {
  std::string joined(tokens_.names[call.name]);
  if (!find_function(joined)) std::erase(joined, '_');  // log_2
  const std::string_view name = row(*find_function(joined)).name;
  const std::string inverse = "a" + std::string(name);
  const auto fn = find_function(inverse, 1);
  if (!fn) {
    fail("N102", "'" + std::string(name) + "' has no inverse function here", span(call.token),
         "for the reciprocal write 1/" + std::string(name) + "(x)");
  }
  return nabla::call(g_, *fn, argument);
}

Reader::Item Reader::apply_function(const Call& call, std::span<const Item> arguments, Span place) {
  const std::string_view name = tokens_.names[call.name];
  const std::size_t n = arguments.size();
  std::string joined;
  const auto find = [&](int arity) {
    auto fn = find_function(name, arity);
    if (!fn && name.find('_') != name.npos) {
      joined = name;
      std::erase(joined, '_');
      fn = find_function(joined, arity);
    }
    return fn;
  };
  if (call.inverse || call.primes != 0) {
    if (n != 1) wrong_count(call, n, "1");
    const NodeId u = scalar(arguments[0], "an argument");
    if (call.inverse) return {inverse_function(call, u), 0, call.token};
    const auto fn = find(1);
    if (!fn) wrong_count(call, n, "2");
    const NodeId x = g_.insert_name(Op::symbol, "x");
    const NodeId y = derivative_of(nabla::call(g_, *fn, x), x, call.primes, place);
    const Replacement replacement{g_.expr(x), g_.expr(u)};
    return {substitute(g_.expr(y), {&replacement, 1}).id, 0, call.token};
  }
  // max([1, 2, 3]) is max(1, 2, 3)
  std::vector<Item> spread;
  const auto first = find(0);
  const FunctionRow& any = row(*first);
  if (n == 1 && arguments[0].array != 0 && any.variadic) {
    for (const Expr& e : quantity(arguments[0]).entries)
      spread.push_back({e.id, 0, arguments[0].token});
    if (!spread.empty()) arguments = spread;
  }
  const std::size_t count = arguments.size();
  if (count == 1 && !any.variadic && arguments[0].array != 0) {
    if (const auto fn = find(1)) {
      Quantity q = quantity(arguments[0]);
      for (Expr& e : q.entries) e = nabla::call(*fn, e);
      return array(std::move(q), call.token);
    }
  }
  if (any.variadic && count != 0) {
    NodeId result = scalar(arguments[0], "an argument");
    for (std::size_t i = 1; i < count; ++i)
      result = nabla::call(g_, *first, result, scalar(arguments[i], "an argument"));
    return {result, 0, call.token};
  }
  const auto fn = count == 0 ? std::nullopt
                  : static_cast<std::size_t>(any.value.arity) == count
                      ? first
                      : find(static_cast<int>(count));
  if (!fn) {
    std::string expected;
    for (int arity = 1; arity <= 3; ++arity) {
      if (find(arity)) expected += (expected.empty() ? "" : " or ") + std::to_string(arity);
    }
    wrong_count(call, n, any.variadic ? "1 or more" : expected);
  }
  const NodeId u = scalar(arguments[0], "an argument");
  if (count == 1) return {nabla::call(g_, *fn, u), 0, call.token};
  const NodeId v = scalar(arguments[1], "an argument");
  if (count == 2) return {nabla::call(g_, *fn, u, v), 0, call.token};
  const NodeId w = scalar(arguments[2], "an argument");
  return {row(*fn).value.expression({.u = g_.expr(u), .v = g_.expr(v), .w = g_.expr(w)}).id, 0,
          call.token};
}

Reader::Item Reader::apply_definition(const Call& call, std::span<const Item> arguments,
                                      Span place) {
  const Definition& d = *call.definition;
  std::vector<Item> spread;
  const bool by_entry = tokens_.names[call.name].starts_with("np.");
  if (!by_entry && arguments.size() == 1 && arguments[0].array != 0 && d.parameters.size() != 1) {
    for (const Expr& e : quantity(arguments[0]).entries)
      spread.push_back({e.id, 0, arguments[0].token});
    arguments = spread;
  }
  if (arguments.size() != d.parameters.size())
    wrong_count(call, arguments.size(), std::to_string(d.parameters.size()));
  const auto is_array = [](const Item& item) { return item.array != 0; };
  if (by_entry && std::ranges::any_of(arguments, is_array))
    return apply_by_entry(call, arguments, place);
  Quantity body = d.value;
  if (call.verb != nullptr) {
    // of the function as it is defined, before its parameters get their values
    std::vector<Expr> variables;
    for (const std::string& p : d.parameters) variables.push_back(symbol(g_, p));
    body = call.along != nullptr ? along(d.value.scalar(), variables, call.along->value, place)
                                 : differential(*call.verb, d.value.scalar(), variables, place);
  }
  std::vector<Expr>& bodies = body.entries;
  if (call.primes != 0) {
    if (d.parameters.size() != 1) {
      fail("N107", "a prime needs a function of one argument", span(call.token),
           "write diff(f(x, y), x)");
    }
    const NodeId x = g_.insert_name(Op::symbol, d.parameters[0]);
    for (Expr& body : bodies) body = g_.expr(derivative_of(body.id, x, call.primes, place));
  }
  std::vector<Replacement> replacements;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const NodeId by = scalar(arguments[i], "an argument");
    const NodeId parameter = g_.insert_name(Op::symbol, d.parameters[i]);
    if (by != parameter) replacements.push_back({g_.expr(parameter), g_.expr(by)});
  }
  if (!replacements.empty()) bodies = substitute(bodies, replacements);
  return array(std::move(body), call.token);
}

// np.square([a, b]): the function of each entry; numbers go with every one of them.
Reader::Item Reader::apply_by_entry(const Call& call, std::span<const Item> arguments, Span place) {
  const Definition& d = *call.definition;
  std::vector<Quantity> given;
  for (const Item& item : arguments) given.push_back(quantity(item));
  Quantity result = *std::ranges::find_if(given, [](const Quantity& q) { return !q.is_scalar(); });
  for (const Quantity& q : given) {
    if (!q.is_scalar() && (q.rows != result.rows || q.columns != result.columns ||
                           q.entries.size() != result.entries.size()))
      fail("N105", "the arguments have different shapes", place);
  }
  for (std::size_t i = 0; i < result.entries.size(); ++i) {
    std::vector<Replacement> replacements;
    for (std::size_t k = 0; k < given.size(); ++k) {
      const Expr by = given[k].entries[given[k].is_scalar() ? 0 : i];
      replacements.push_back({symbol(g_, d.parameters[k]), by});
    }
    result.entries[i] = substitute(d.value.scalar(), replacements);
  }
  return array(std::move(result), call.token);
}

// Some words bind the names in their arguments, so what follows the parenthesis is looked at first.
void Reader::open_verb(Call& call) {
  const std::uint32_t open = at_++;
  const Verb verb = call.verb->verb;
  if (verb == Verb::sum || verb == Verb::mean || verb == Verb::product) {
    pair_brackets();
    const std::uint32_t commas = commas_[open];
    const bool named = token().kind == Kind::name && peek(1).kind == Kind::comma;
    const bool over_data = verb != Verb::product && commas < 2;
    if (over_data) ++data_sums_, call.sums = true, summed_ = true;
    if (named && commas != 0)
      push_local(token().data, over_data ? Local::Kind::index : Local::Kind::symbol);
    else if (over_data)
      push_local(tokens_.names.intern("i", true), Local::Kind::suffix);
    grow_names();
    ++generation_;
  } else if (verb == Verb::limit && token().kind == Kind::name) {
    push_local(token().data, Local::Kind::symbol);
  }
  calls_.push_back(call);
  push_bracket(Form::call, open, static_cast<std::uint32_t>(calls_.size() - 1));
}

// For every opening bracket the commas directly inside and its end, in one pass over the text.
void Reader::pair_brackets() {
  if (!commas_.empty()) return;
  commas_.assign(tokens_.list.size(), 0);
  closes_.assign(tokens_.list.size(), 0);
  std::vector<std::uint32_t> open;
  for (std::uint32_t i = 0; i < tokens_.list.size(); ++i) {
    switch (tokens_.list[i].kind) {
      case Kind::open:
      case Kind::open_square:
      case Kind::open_brace: open.push_back(i); break;
      case Kind::close:
      case Kind::close_square:
      case Kind::close_brace:
        if (open.empty()) break;
        closes_[open.back()] = i;
        open.pop_back();
        break;
      case Kind::comma:
        if (!open.empty()) ++commas_[open.back()];
        break;
      default: break;
    }
  }
}

std::uint32_t Reader::closing_bracket(std::uint32_t open) {
  pair_brackets();
  return closes_[open];
}

Reader::Item Reader::apply_verb(const Call& call, std::span<const Item> arguments, Span place) {
  const VerbRow& verb = *call.verb;
  if (call.definition == nullptr &&
      (arguments.size() < verb.fewest || arguments.size() > verb.most)) {
    const std::string range =
        std::to_string(verb.fewest) + (verb.most == verb.fewest ? ""
                                       : verb.most == 255       ? " or more"
                                                          : " to " + std::to_string(verb.most));
    wrong_count(call, arguments.size(), range);
  }
  switch (verb.verb) {
    case Verb::sum:
    case Verb::product:
    case Verb::mean: {
      if (arguments.size() == 4) {
        const NodeId k = scalar(arguments[0], "the name that counts");
        if (g_[k].op != Op::symbol)
          fail("N108", "the first argument is the name that counts", span(arguments[0].token),
               "write sum(k, 1, 10, expr)");
        for (const Item& bound : arguments.subspan(1, 2)) {
          if (g_[scalar(bound, "a bound")].op == Op::integer) continue;
          fail("N108", "the bounds of a finite sum are integers", span(bound.token),
               "write sum(k, 1, 10, expr)");
        }
        return finite_sum(scalar(arguments[3], "a sum"), k, scalar(arguments[1], "a bound"),
                          scalar(arguments[2], "a bound"), verb.verb == Verb::product, place);
      }
      if (verb.verb == Verb::product) {
        // of the entries of a vector
        if (arguments.size() > 1 || arguments[0].array == 0)
          wrong_count(call, arguments.size(), "4");
        NodeId product = Graph::one;
        for (const Expr& e : quantity(arguments[0]).entries) product = multiply(g_, product, e.id);
        return {product, 0, call.token};
      }
      if (arguments.size() > 2) wrong_count(call, arguments.size(), "1, 2 or 4");
      return data_sum_of(arguments.back(), verb.verb == Verb::mean, place);
    }
    case Verb::choose: {
      // if(c, a, b), and if(c, a, d, b, ..., otherwise)
      if (arguments.size() % 2 == 0) wrong_count(call, arguments.size(), "an odd number of");
      NodeId result = scalar(arguments.back(), "a choice");
      for (std::size_t i = arguments.size() - 1; i >= 2; i -= 2) {
        const NodeId value = scalar(arguments[i - 1], "a choice"),
                     condition = scalar(arguments[i - 2], "a condition");
        result = select(g_, condition, value, result);
      }
      return {result, 0, call.token};
    }
    case Verb::array: return arguments[0];
    case Verb::norm: {
      const Quantity q = quantity(arguments[0]);
      Expr squares = pow(q.entries[0], 2);
      for (std::size_t i = 1; i < q.entries.size(); ++i) squares = squares + pow(q.entries[i], 2);
      return {power(g_, squares.id, g_.insert(Number::ratio(1, 2))), 0, call.token};
    }
    case Verb::dot: {
      const Quantity u = quantity(arguments[0]), v = quantity(arguments[1]);
      if (u.entries.size() != v.entries.size())
        fail("N105", "the two vectors have different lengths", place);
      Expr result = u.entries[0] * v.entries[0];
      for (std::size_t i = 1; i < u.entries.size(); ++i)
        result = result + u.entries[i] * v.entries[i];
      return {result.id, 0, call.token};
    }
    case Verb::subs: {
      if (arguments.size() % 2 == 0)
        fail("P008", "what is replaced is written name = value", place,
             "write " + std::string(verb.synopsis));
      const std::vector<Replacement> replacements = replacements_of(arguments.subspan(1));
      Quantity q = quantity(arguments[0]);
      q.entries = substitute(q.entries, replacements);
      if (q.is_scalar()) return {q.entries[0].id, 0, call.token};
      return array(std::move(q), call.token);
    }
    default: return calculus_verb(call, arguments, place);
  }
}

}  // namespace nabla
