#include "lib/core/build.hpp"
#include "lib/core/substitute.hpp"
#include "parser/reader.hpp"

namespace nabla {

// --- sums

Reader::Item Reader::data_sum_of(Item body, bool mean, Span place) {
  Quantity q = quantity(body);
  if (!q.is_scalar()) {
    // the sum of a vector is over its entries
    for (const Expr& e : q.entries) {
      if ((node(e).flags & varies_by_row) != 0)
        fail("N104", "the sum of a vector is over its entries, and these vary by row", place,
             "sum each entry over the data: [sum(a), sum(b)]");
    }
    NodeId total = q.entries[0].id;
    for (std::size_t i = 1; i < q.entries.size(); ++i) total = add(g_, total, q.entries[i].id);
    if (mean) total = divide(g_, total, g_.insert(static_cast<std::int64_t>(q.entries.size())));
    return {total, 0, body.token};
  }
  // Definitions made outside speak of x or x_i; under the sum these are columns.
  std::vector<Replacement> replacements;
  if ((node(q.entries[0]).flags & depends_on_symbol) != 0 &&
      !(scope_.names().empty() && options_.columns.empty())) {
    for (const std::string& name : g_.symbols({&q.entries[0].id, 1})) {
      const std::uint32_t id = tokens_.names.intern(name, false);
      grow_names();
      if (declared_[id]) continue;
      const std::size_t bar = name.rfind('_');
      const bool indexed =
          bar != name.npos && bar != 0 && is_index(std::string_view(name).substr(bar + 1));
      const std::string base = indexed ? name.substr(0, bar) : name;
      const Definition* d = scope_.find(base);
      if ((d != nullptr && d->kind == Definition::Kind::data) || indexed) {
        replacements.push_back({symbol(g_, name), column(g_, base)});
      }
    }
  }
  NodeId inner = q.entries[0].id;
  if (!replacements.empty()) inner = substitute(q.entries[0], replacements).id;
  if ((g_[inner].flags & varies_by_row) == 0 && (g_[inner].flags & depends_on_symbol) != 0) {
    note("S718", "nothing in this sum varies by row", place,
         "data is written x_i or x[i], or bound as in x = [1, 2, 3]", "rows times the same value",
         "a sum over entries of data", false);
  }
  NodeId total = data_sum(g_, inner);
  if (mean) total = divide(g_, total, data_sum(g_, Graph::one));
  return {total, 0, body.token};
}

Reader::Item Reader::finite_sum(NodeId body, NodeId variable, NodeId from, NodeId to, bool product,
                                Span place) {
  const auto bound = [&](NodeId id) {
    const Node& n = g_[id];
    if (n.op != Op::integer)
      fail("N108", "the bounds of a finite sum are integers", place, "write sum(k, 1, 10, expr)");
    return g_.integer_of(n);
  };
  const std::int64_t low = bound(from), high = bound(to);
  if (high >= low &&
      static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) >= g_.limits.arguments) {
    fail("L103", "a finite sum has at most " + std::to_string(g_.limits.arguments) + " terms",
         place, "the limit is named 'arguments'");
  }
  NodeId result = product ? Graph::one : Graph::zero;
  for (std::int64_t k = low; k <= high; ++k) {
    const Replacement replacement{g_.expr(variable), g_.expr(g_.insert(k))};
    const NodeId term = substitute(g_.expr(body), {&replacement, 1}).id;
    result = product ? multiply(g_, result, term) : add(g_, result, term);
  }
  return {result, 0, 0};
}

void Reader::read_sum_sign() {
  const std::uint32_t first = at_;
  const auto& list = tokens_.list;
  const bool product = static_cast<Command>(list[first].data) == Command::product;
  const bool limits = written(first).back() == '_';
  ++at_;
  std::optional<std::uint32_t> open;  // the brace we are in
  const auto complain = [&] {
    fail("P012", "the limits of a sum sign are written _{i=1}^{n}", span(at_),
         "n or a number on top",
         open ? std::vector<Label>{{span(*open), "opened here"}} : std::vector<Label>{});
  };
  // a number or a name, with or without braces
  const auto bound = [&](std::optional<NodeId>& value) {
    const bool braced = list[at_].kind == Kind::open_brace;
    open.reset();
    if (braced) open = at_++;
    const bool negative = is_symbol(token(), "-");
    if (negative) ++at_;
    if (token().kind == Kind::integer) {
      const NodeId n = number(token());
      value = negative ? negate(g_, n) : n;
    } else if (token().kind != Kind::name) {
      complain();
    }
    ++at_;
    if (braced && list[at_++].kind != Kind::close_brace) --at_, complain();
  };
  std::uint32_t name = tokens_.names.intern("i", true);
  std::optional<NodeId> from, to;
  if (limits) {
    const bool braced = token().kind == Kind::open_brace;
    if (braced) open = at_++;
    if (token().kind != Kind::name) complain();
    name = token().data;
    ++at_;
    if (braced && is_symbol(token(), "=")) {
      const std::optional<std::uint32_t> outer = open;
      ++at_;
      if (token().kind != Kind::integer && !is_symbol(token(), "-")) complain();
      bound(from);
      open = outer;
    }
    if (braced && list[at_++].kind != Kind::close_brace) --at_, complain();
    if (is_symbol(token(), "^")) {
      ++at_;
      bound(to);
    }
  }
  grow_names();
  Prefix prefix{.by = {},
                .name = name,
                .locals = static_cast<std::uint32_t>(locals_.size()),
                .product = product};
  const bool finite = from && to;
  if (product && !finite)
    fail("P012", "a product sign needs a first and a last number", span(first),
         "write \\prod_{k=1}^{5}");
  if (finite) {
    prefix.from = *from;
    prefix.to = *to;
    push_local(name, Local::Kind::symbol);
  } else {
    push_local(name, limits ? Local::Kind::index : Local::Kind::suffix);
    ++data_sums_;
    summed_ = true;
  }
  prefixes_.push_back(std::move(prefix));
  push_prefix(finite ? Form::finite : Form::data_sum, Precedence::sum, first,
              static_cast<std::uint32_t>(prefixes_.size() - 1));
}

// --- limits

// A number or a name where a limit is taken; `at` moves behind it.
NodeId Reader::limit_point(std::uint32_t& at, bool& fits) {
  const auto& list = tokens_.list;
  const bool negative = is_symbol(list[at], "-");
  if (negative) ++at;
  const Token& t = list[at];
  NodeId point = Graph::zero;
  if (t.kind == Kind::integer || t.kind == Kind::decimal || t.kind == Kind::vulgar) {
    point = number(t);
  } else if (t.kind == Kind::name) {
    const Meaning& m = meaning(t.data);
    point = m.kind == Meaning::Kind::constant ? m.node
                                              : g_.insert_name(Op::symbol, tokens_.names[t.data]);
  } else {
    fits = false;
    return point;
  }
  ++at;
  return negative ? negate(g_, point) : point;
}

// \lim_{h \to 0}, lim_{h→0}, lim h -> 0
void Reader::read_limit() {
  const std::uint32_t first = at_++;
  const auto& list = tokens_.list;
  const bool bracketed = token().kind == Kind::open_brace || token().kind == Kind::open;
  std::uint32_t at = at_ + (bracketed ? 1 : 0);
  const std::uint32_t variable = at;
  bool fits = list[at].kind == Kind::name && list[at + 1].kind == Kind::arrow;
  NodeId point = Graph::zero;
  if (fits) {
    at += 2;
    point = limit_point(at, fits);
  }
  if (bracketed) {
    fits = fits && (list[at].kind == Kind::close_brace || list[at].kind == Kind::close);
    ++at;
  }
  if (!fits) {
    fail("P012", "a limit is written \\lim_{h \\to 0} or lim(h -> 0)", span(first),
         "what it goes to is a number or a name",
         bracketed ? std::vector<Label>{{span(first + 1), "opened here"}} : std::vector<Label>{});
  }
  prefixes_.push_back({.by = {},
                       .name = list[variable].data,
                       .locals = static_cast<std::uint32_t>(locals_.size()),
                       .to = point});
  push_local(list[variable].data, Local::Kind::symbol);
  at_ = at;
  push_prefix(Form::limit, Precedence::sum, first,
              static_cast<std::uint32_t>(prefixes_.size() - 1));
}

// lim(h -> 0): the parenthesis has been read, the expression follows; h stays bound in it.
void Reader::finish_limit_head(const Call& call, std::span<const Item> arguments,
                               std::uint32_t end) {
  if (arguments.size() != 2) wrong_count(call, arguments.size(), "h -> 0 and no further");
  const NodeId variable = scalar(arguments[0], "the variable of a limit"),
               point = scalar(arguments[1], "the point of a limit");
  if (g_[variable].op != Op::symbol)
    fail("N108", "a limit is taken in a name", span(call.token, end), "write lim(h -> 0) expr");
  const std::uint32_t first = call.token, locals = call.locals;
  const std::uint32_t name = tokens_.names.intern(g_.name_of(g_[variable]), false);
  values_.resize(values_.size() - 2);
  calls_.pop_back();
  prefixes_.push_back({.by = {}, .name = name, .locals = locals, .to = point});
  push_prefix(Form::limit, Precedence::sum, first,
              static_cast<std::uint32_t>(prefixes_.size() - 1));
  complete_ = false;
}

// The value at the point where that is defined; else the quotient of the derivatives, which for the
// difference quotient is the derivative (rule of l'Hôpital for 0/0, up to eight times).
NodeId Reader::limit_of(NodeId body, NodeId variable, NodeId point, Span place) {
  const Replacement here{g_.expr(variable), g_.expr(point)};
  const auto at_point = [&](NodeId f) { return substitute(g_.expr(f), {&here, 1}).id; };
  NodeId above = body, below = Graph::one;
  // a product of powers: what has a negative exponent stands below the line
  std::vector<NodeId> factors{body};
  above = Graph::one;
  while (!factors.empty()) {
    const NodeId f = factors.back();
    factors.pop_back();
    const Node n = g_[f];
    if (n.op == Op::product) {
      factors.push_back(n.b);
      factors.push_back(n.a);
    } else if (n.op == Op::power && is_negative_number(g_, n.b)) {
      below = multiply(g_, below, power(g_, n.a, negate(g_, n.b)));
    } else {
      above = multiply(g_, above, f);
    }
  }
  for (int round = 0; round < 8; ++round) {
    const NodeId a = at_point(above), b = at_point(below);
    if (b != Graph::zero) return divide(g_, a, b);
    if (a != Graph::zero) break;
    above = derivative_of(above, variable, 1, place);
    below = derivative_of(below, variable, 1, place);
  }
  fail("D205", "this limit is not known", place,
       "limits of quotients are found where both sides can be differentiated");
}

}  // namespace nabla
