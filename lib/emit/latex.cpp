#include "lib/emit/latex.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "lib/core/build.hpp"
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

// One string, searched for whole words.
constexpr std::string_view greek =
    " alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ";

std::string escaped(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c == '_') text += '\\';
    text += c;
  }
  return text;
}

// One letter or a number is set as it is, a word upright.
std::string letters(std::string_view name) {
  if (greek.find(" " + std::string(name) + " ") != greek.npos) return "\\" + std::string(name);
  if (name.size() <= 1 || name.find_first_not_of("0123456789") == name.npos) {
    return std::string(name);
  }
  return "\\mathrm{" + escaped(name) + "}";
}

struct Piece {
  enum class Role : std::uint8_t {
    text,
    node,
    magnitude,    // without its minus sign
    denominator,  // of a power with a negative exponent
    numerator,    // of a coefficient times the rest
    divisor,      // denominator of a rational number
  } role = Role::text;
  bool last = true;  // nothing follows in the same product
  Precedence least = Precedence::none;
  NodeId id{};
  std::string_view text = {};
};

class LatexPrinter {
 public:
  explicit LatexPrinter(const Graph& g) : g_(g), view_{g}, order_(g) {}

  std::string run(NodeId root);

 private:
  using Role = Piece::Role;

  void put(std::string_view text);
  void add(std::string_view text) { next_.push_back({.text = text}); }
  void add(NodeId id, Precedence least = Precedence::none, Role role = Role::node,
           bool last = true) {
    next_.push_back({.role = role, .last = last, .least = least, .id = id});
  }

  Op op(NodeId id) const { return view_.is_mean(g_[id]) ? Op::symbol : g_[id].op; }
  std::pair<NodeId, NodeId> operands(NodeId id) {
    if (!is_commutative(g_[id])) return {g_[id].a, g_[id].b};
    return operands_to_read(view_, order_, id, [this](NodeId u) { return op(u); });
  }
  Precedence precedence(NodeId id, Role role) const;
  bool starts_with_digit(NodeId id);
  bool is_function_power(const Node& n) const;

  void expand(const Piece& piece);
  void expand_node(NodeId id, bool last);
  void expand_product(NodeId id, bool magnitude, bool last);
  void expand_power(NodeId id, bool below);
  void expand_root(NodeId radicand);
  void expand_call(NodeId id, NodeId exponent);
  void expand_select(NodeId id);
  void add_factor(NodeId before, NodeId id, bool last);
  bool is_word(NodeId id);
  bool is_open_ended(NodeId id) const {
    const Node& n = g_[id];
    return (n.op == Op::data_sum && n.a != Graph::one) || view_.is_mean(n);
  }
  void put_number(const Node& n, bool negated);

  const Graph& g_;
  NodeView view_;
  ReadingOrder order_;
  std::string out_;
  std::vector<Piece> stack_, next_;
};

void LatexPrinter::put(std::string_view text) {
  out_ += text;
  if (out_.size() > g_.limits.output_bytes) {
    throw LimitError(
        {.code = "L106",
         .message = fmt::format("the text is longer than {} bytes", g_.limits.output_bytes),
         .span = {},
         .hint = "raise the limit 'output_bytes'"});
  }
}

std::string LatexPrinter::run(NodeId root) {
  stack_.push_back({.role = Role::node, .id = root});
  StopCheck stop(g_.limits);
  while (!stack_.empty()) {
    stop();
    const Piece piece = stack_.back();
    stack_.pop_back();
    if (piece.role == Role::text) {
      put(piece.text);
      continue;
    }
    next_.clear();
    const bool brackets = precedence(piece.id, piece.role) < piece.least ||
                          (!piece.last && piece.role == Role::node && is_open_ended(piece.id));
    if (brackets) {
      put("\\left(");
      expand({.role = piece.role, .id = piece.id});
      add("\\right)");
    } else {
      expand(piece);
    }
    stack_.insert(stack_.end(), next_.rbegin(), next_.rend());
  }
  return std::move(out_);
}

bool LatexPrinter::is_function_power(const Node& n) const {
  if (n.op != Op::power || g_[n.a].op != Op::call || g_[n.b].op != Op::integer) return false;
  const std::string_view pattern = row(g_[n.a].fn()).latex;
  return g_.integer_of(g_[n.b]) > 1 && pattern.find('#') == pattern.npos;
}

Precedence LatexPrinter::precedence(NodeId id, Role role) const {
  const Node& n = g_[id];
  switch (n.op) {
    case Op::integer:
    case Op::rational:
    case Op::real: {
      if (role == Role::node && is_negative_number(g_, id)) return Precedence::sum;
      if (n.op == Op::real) {
        return numeral(g_.real_of(n)).find('e') == std::string::npos ? Precedence::atom
                                                                     : Precedence::product;
      }
      // A fraction bar holds together as a factor; raised to a power it needs parentheses.
      return view_.is_fraction(id) ? Precedence::power : Precedence::atom;
    }
    case Op::product:
      if (view_.is_mean(n)) return Precedence::product;
      if (role == Role::node && view_.leading_minus(n)) return Precedence::sum;
      return Precedence::product;
    case Op::power:
      if (role == Role::denominator) {
        return n.b == Graph::minus_one ? precedence(n.a, Role::node) : Precedence::power;
      }
      if (view_.is_root(n)) return Precedence::atom;
      return Precedence::power;
    case Op::call: {
      const std::string_view pattern = row(n.fn()).latex;
      return pattern.find("^{#") != pattern.npos ? Precedence::power : Precedence::atom;
    }
    case Op::select: return Precedence::sum;
    case Op::data_sum: return n.a == Graph::one ? Precedence::atom : Precedence::product;
    default: return precedence_of(n.op);
  }
}

void LatexPrinter::expand(const Piece& piece) {
  const Node& n = g_[piece.id];
  const bool last = piece.last;
  switch (piece.role) {
    case Role::magnitude:
      if (n.op == Op::product) return expand_product(piece.id, true, last);
      return put_number(n, true);
    case Role::denominator: return expand_power(piece.id, true);
    case Role::divisor: return put(digits(g_.exact_of(n).denominator(), g_.limits));
    case Role::numerator: {
      const Number p = g_.exact_of(n).numerator();
      return put(digits(p.sign() < 0 ? -p : p, g_.limits));
    }
    default: return expand_node(piece.id, last);
  }
}

void LatexPrinter::put_number(const Node& n, bool negated) {
  if (n.op != Op::real) {
    const Number value = negated ? -g_.exact_of(n) : g_.exact_of(n);
    if (value.is_integer()) return put(digits(value, g_.limits));
    const Number size = value.sign() < 0 ? -value : value;
    if (value.sign() < 0) put("-");
    put("\\frac{" + digits(size.numerator(), g_.limits) + "}{");
    return put(digits(size.denominator(), g_.limits) + "}");
  }
  const double value = negated ? -g_.real_of(n) : g_.real_of(n);
  std::string text = numeral(value);
  if (text == "inf") return put("\\infty");
  if (text == "-inf") return put("-\\infty");
  if (text == "nan") return put("\\mathrm{NaN}");
  if (const auto e = text.find('e'); e != std::string::npos) {
    std::string exponent = text.substr(e + 1);
    if (exponent.front() == '+') exponent.erase(0, 1);
    if (exponent.front() == '-' ? exponent[1] == '0' : exponent.front() == '0') {
      exponent.erase(exponent.front() == '-' ? 1 : 0, 1);
    }
    text = text.substr(0, e) + " \\cdot 10^{" + exponent + "}";
  }
  put(text);
}

void LatexPrinter::expand_node(NodeId id, bool last) {
  const Node& n = g_[id];
  const auto infix = [&](NodeId first, std::string_view text, NodeId second, Precedence left,
                         Precedence right) {
    add(first, left);
    add(text);
    add(second, right);
  };
  switch (n.op) {
    case Op::integer:
    case Op::rational:
    case Op::real: return put_number(n, false);
    case Op::constant: return put(constants[n.detail].latex);
    case Op::symbol: return put(latex_name(g_.name_of(n)));
    case Op::column: {
      const std::string name = latex_name(g_.name_of(n));
      if (!name.ends_with('}') || name.find("_{") == name.npos) return put(name + "_{i}");
      return put(name.substr(0, name.size() - 1) + ",i}");
    }
    case Op::sum: {
      const auto [first, second] = operands(id);
      const bool minus = view_.is_negative(second);
      add(first, Precedence::sum);
      add(minus ? " - " : " + ");
      return add(second, Precedence::product, minus ? Role::magnitude : Role::node);
    }
    case Op::product: return expand_product(id, false, last);
    case Op::power: return expand_power(id, false);
    case Op::call: return expand_call(id, Graph::one);
    case Op::less:
    case Op::less_equal: {
      const bool turn = g_[n.a].is_number() && !g_[n.b].is_number();
      const bool strict = n.op == Op::less;
      return infix(turn ? n.b : n.a,
                   turn ? (strict ? " > " : " \\ge ") : (strict ? " < " : " \\le "),
                   turn ? n.a : n.b, Precedence::sum, Precedence::sum);
    }
    case Op::equal:
    case Op::not_equal: {
      const auto [first, second] = operands(id);
      return infix(first, n.op == Op::equal ? " = " : " \\ne ", second, Precedence::sum,
                   Precedence::sum);
    }
    case Op::both: {
      const auto [first, second] = operands(id);
      return infix(first, " \\land ", second, Precedence::both, Precedence::negation);
    }
    case Op::either: {
      const auto [first, second] = operands(id);
      return infix(first, " \\lor ", second, Precedence::either, Precedence::both);
    }
    case Op::negation: add("\\lnot "); return add(n.a, Precedence::atom);
    case Op::select: return expand_select(id);
    case Op::apply1:
    case Op::apply2:
    case Op::apply3: {
      const std::string& name = g_.functions()[n.detail].name;
      put(name.size() == 1 ? name : latex_name(name));
      add("\\left(");
      for (int i = 0; i < operand_count(n); ++i) {
        if (i > 0) add(", ");
        add(n.operand(i));
      }
      return add("\\right)");
    }
    case Op::data_sum:
      if (n.a == Graph::one) return put("n");
      add("\\sum_{i=1}^{n} ");
      return add(n.a, Precedence::product);
  }
}

// ---- the rest of the pieces

bool LatexPrinter::starts_with_digit(NodeId id) {
  for (;;) {
    const Node& n = g_[id];
    if (n.is_number()) return true;
    if (n.op == Op::product && !view_.is_mean(n)) {
      id = operands(id).first;
    } else if (n.op == Op::power && !view_.is_quotient(id) && !view_.is_root(n) &&
               !(precedence(n.a, Role::node) < Precedence::postfix)) {
      id = n.a;
    } else {
      return false;
    }
  }
}

// Set in several letters or with a large sign: wants a space beside it. Of a product, its last
// factor.
bool LatexPrinter::is_word(NodeId id) {
  if (g_[id].op == Op::product && !view_.is_mean(g_[id])) id = operands(id).second;
  const Node& n = g_[id];
  if (n.op == Op::power) id = n.a;
  if (is_open_ended(id)) return true;
  return g_[id].op == Op::symbol && latex_name(g_.name_of(g_[id])).starts_with("\\mathrm");
}

// A factor after others. Sums over data reach to the end of the term, so only the last one may
// stand without parentheses.
void LatexPrinter::add_factor(NodeId before, NodeId id, bool last) {
  add(starts_with_digit(id) ? " \\cdot " : is_word(id) || is_word(before) ? " \\, " : " ");
  add(id, last && is_open_ended(id) ? Precedence::none : Precedence::power, Role::node, last);
}

void LatexPrinter::expand_product(NodeId id, bool magnitude, bool last) {
  const Node& n = g_[id];
  if (view_.is_mean(n)) {
    add("\\frac{1}{n} \\sum_{i=1}^{n} ");
    return add(view_.mean_body(n), Precedence::product);
  }
  if (!g_[n.a].is_number()) {
    const auto [first, second] = operands(id);
    if (view_.is_quotient(second)) {
      add("\\frac{");
      add(first);
      add("}{");
      add(second, Precedence::none, Role::denominator);
      return add("}");
    }
    add(first, Precedence::product, Role::node, false);
    return add_factor(first, second, last);
  }
  const bool minus = view_.leading_minus(n);
  if (minus && !magnitude) {
    add("-");
    return add(id, Precedence::product, Role::magnitude, last);
  }
  if (n.a == Graph::minus_one) return add(n.b, Precedence::product, Role::node, last);
  const bool fraction = view_.is_fraction(n.a), over = view_.is_quotient(n.b);
  if (!fraction && !over) {
    add(n.a, Precedence::product, minus ? Role::magnitude : Role::node);
    return add_factor(n.a, n.b, last);
  }
  const Number p = fraction ? g_.exact_of(g_[n.a]).numerator() : Number(0);
  const bool unit = p == Number(1) || p == Number(-1);
  add("\\frac{");
  if (fraction) {
    if (!unit || over) add(n.a, Precedence::none, Role::numerator);
    if (unit && !over) add(n.b);
    if (!unit && !over) add_factor(n.a, n.b, true);
  } else {
    add(n.a, Precedence::none, minus ? Role::magnitude : Role::node);
  }
  add("}{");
  if (fraction) add(n.a, Precedence::none, Role::divisor);
  if (over) {
    if (fraction) add(" \\, ");
    add(n.b, fraction ? Precedence::product : Precedence::none, Role::denominator);
  }
  add("}");
}

void LatexPrinter::expand_root(NodeId radicand) {
  const std::string_view pattern = row("sqrt"_fn).latex;
  const auto hash = pattern.find('#');
  add(pattern.substr(0, hash));
  add(radicand);
  add(pattern.substr(hash + 1));
}

// base^exponent, or what stands below the fraction bar when the exponent is negative.
void LatexPrinter::expand_power(NodeId id, bool below) {
  const Node& n = g_[id];
  if (!below && view_.is_quotient(id)) {
    add("\\frac{1}{");
    add(id, Precedence::none, Role::denominator);
    return add("}");
  }
  if (below ? view_.is_inverse_root(n) : view_.is_root(n)) return expand_root(n.a);
  if (below && n.b == Graph::minus_one) return add(n.a);
  if (!below && is_function_power(n)) return expand_call(n.a, n.b);
  add(n.a, Precedence::postfix);
  add("^{");
  if (view_.is_fraction(n.b)) {
    if (!below && is_negative_number(g_, n.b)) add("-");
    add(n.b, Precedence::none, Role::numerator);
    add("/");
    add(n.b, Precedence::none, Role::divisor);
  } else {
    add(n.b, Precedence::none, below ? Role::magnitude : Role::node);
  }
  add("}");
}

// f(u, v); with an exponent f^n(u).
void LatexPrinter::expand_call(NodeId id, NodeId exponent) {
  const Node& n = g_[id];
  const FunctionRow& f = row(n.fn());
  std::vector<NodeId> rest;
  NodeId first = n.a;
  if (f.value.arity == 2) {
    for (NodeId at = id;;) {
      const auto [a, b] = operands(at);
      rest.push_back(b);
      first = a;
      if (!f.variadic || op(a) != Op::call || g_[a].detail != n.detail) break;
      at = a;
    }
  }
  const auto hash = f.latex.find('#');
  if (hash != f.latex.npos) {
    add(f.latex.substr(0, hash));
  } else {
    put(f.latex.empty() ? "\\operatorname{" + std::string(f.name) + "}" : std::string(f.latex));
    if (exponent != Graph::one) {
      add("^{");
      add(exponent);
      add("}");
    }
    add("\\left(");
  }
  add(first);
  for (; !rest.empty(); rest.pop_back()) {
    add(", ");
    add(rest.back());
  }
  add(hash != f.latex.npos ? f.latex.substr(hash + 1) : "\\right)");
}

void LatexPrinter::expand_select(NodeId id) {
  add("\\begin{cases} ");
  NodeId at = id;
  for (; g_[at].op == Op::select; at = g_[at].c) {
    add(g_[at].b);
    add(" & \\text{if } ");
    add(g_[at].a);
    add(" \\\\ ");
  }
  add(at);
  add(" & \\text{otherwise} \\end{cases}");
}

}  // namespace

std::string latex_name(std::string_view name) {
  const auto bar = name.find('_');
  std::string_view head = name.substr(0, bar);
  std::string_view tail = bar == name.npos ? std::string_view() : name.substr(bar + 1);
  if (head.empty()) return "\\mathrm{" + escaped(name) + "}";
  bool hat = false;
  if (tail.starts_with("hat") && (tail.size() == 3 || tail[3] == '_')) {
    hat = true;
    tail = tail.substr(std::min<std::size_t>(4, tail.size()));
  }
  std::string below(tail);
  const auto last = head.find_last_not_of("0123456789");
  if (last != head.npos && last + 1 < head.size()) {
    below = std::string(head.substr(last + 1)) + (tail.empty() ? "" : "_") + below;
    head = head.substr(0, last + 1);
  }
  std::string text = letters(head);
  if (hat) text = "\\hat{" + text + "}";
  if (below.empty()) return text;
  text += "_{";
  for (std::size_t begin = 0; begin <= below.size();) {
    const auto end = std::min(below.find('_', begin), below.size());
    if (begin != 0) text += ",";
    text += letters(std::string_view(below).substr(begin, end - begin));
    begin = end + 1;
  }
  return text + "}";
}

std::string latex(Expr e) { return LatexPrinter(*e.graph).run(e.id); }

}  // namespace nabla
