#include "lib/emit/print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
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

// What is still to be written: fixed text, or a node in one of several roles.
struct Piece {
  enum class Role : std::uint8_t {
    text,
    node,         // as it is, in parentheses where `least` asks for them
    magnitude,    // without its leading minus sign
    denominator,  // a power with a negative exponent, as what stands below the fraction bar
    numerator,    // of a rational number, unsigned
    divisor,      // its denominator
  } role = Role::text;
  Precedence least = Precedence::none;
  NodeId id{};
  std::string_view text = {};
};

class Printer {
 public:
  Printer(Expr root, const PrintOptions& options, bool share);

  std::string run();

 private:
  using Role = Piece::Role;

  void write(NodeId root);
  void put(std::string_view text) {
    out_ += text;
    if (out_.size() > max_bytes_) fail();
  }
  [[noreturn]] void fail() const;

  void add(std::string_view text) { next_.push_back({.text = text}); }
  void add(NodeId id, Precedence least = Precedence::none, Role role = Role::node) {
    next_.push_back({.role = role, .least = least, .id = id});
  }
  void add_infix(NodeId first, std::string_view text, NodeId second, Precedence left,
                 Precedence right);

  bool is_named(NodeId id) const { return share_ && id != root_ && named_[index(id)] != 0; }
  // Chains end at what is written as one thing.
  Op op(NodeId id) const { return is_named(id) || view_.is_mean(g_[id]) ? Op::symbol : g_[id].op; }
  bool is_negative(NodeId id) const { return !is_named(id) && view_.is_negative(id); }
  bool divides(NodeId id) const { return !is_named(id) && view_.is_quotient(id); }
  bool abs_numerator_is_one(NodeId fraction) const {
    const auto p = g_.exact_of(g_[fraction]).numerator().as_int64();
    return p == 1 || p == -1;
  }
  std::pair<NodeId, NodeId> operands(NodeId id) {
    if (as_written_ || !is_commutative(g_[id])) return {g_[id].a, g_[id].b};
    return operands_to_read(view_, order_, id, [this](NodeId u) { return op(u); });
  }
  Precedence precedence(NodeId id, Role role);

  void expand(const Piece& piece);
  void expand_node(NodeId id);
  void expand_sum(NodeId id);
  void expand_product(NodeId id, bool magnitude);
  void expand_comparison(NodeId id);
  void expand_call(NodeId id);
  void add_times(NodeId second);

  const Graph& g_;
  NodeView view_;
  ReadingOrder order_;
  bool as_written_, share_;
  std::size_t max_bytes_;
  NodeId root_;
  std::string out_;
  std::vector<Piece> stack_, next_;

  // Shared subexpressions: 0 has no name, 1 will get one, else the number of its name plus 1.
  std::vector<std::uint32_t> named_;
  std::vector<NodeId> definitions_;
  std::string prefix_;
};

Printer::Printer(Expr root, const PrintOptions& options, bool share)
    : g_(*root.graph),
      view_{g_},
      order_(g_),
      as_written_(options.as_written),
      share_(share),
      max_bytes_(options.max_bytes ? options.max_bytes : g_.limits.output_bytes),
      root_(root.id) {
  if (!share_) return;
  named_.resize(std::size_t{index(root.id)} + 1);
  const std::vector<NodeId> nodes = g_.below(root.id);
  StopCheck stop(g_.limits);
  for (const NodeId id : nodes) {
    stop();
    const Node& n = g_[id];
    for (int i = operand_count(n); i-- > 0;) {
      auto& uses = named_[index(n.operand(i))];
      uses = std::min(uses + 1, 2u);
    }
  }
  for (const NodeId id : nodes) {
    named_[index(id)] = named_[index(id)] == 2 && view_.deserves_name(id) ? 1 : 0;
  }
  prefix_ = view_.unused_prefix(g_.symbols({&root.id, 1}));
}

void Printer::fail() const {
  throw LimitError(
      {.code = "L106",
       .message = fmt::format("the text is longer than {} bytes", max_bytes_),
       .span = {},
       .hint = "ask for it with shared parts named, or raise the limit 'output_bytes'"});
}

std::string Printer::run() {
  write(root_);
  for (std::size_t i = 0; i < definitions_.size(); ++i) {
    put(i == 0 ? " where " : "; ");
    put(fmt::format("{}{} = ", prefix_, i + 1));
    root_ = definitions_[i];
    write(root_);
  }
  return std::move(out_);
}

void Printer::write(NodeId root) {
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
    const bool brackets = precedence(piece.id, piece.role) < piece.least;
    if (brackets) put("(");
    expand(piece);
    if (brackets) add(")");
    stack_.insert(stack_.end(), next_.rbegin(), next_.rend());
  }
}

Precedence Printer::precedence(NodeId id, Role role) {
  if (is_named(id)) return Precedence::atom;
  const Node& n = g_[id];
  switch (n.op) {
    case Op::integer:
    case Op::rational:
    case Op::real:
      if (role == Role::node && is_negative_number(g_, id)) return Precedence::sum;
      return n.op == Op::rational && !g_.exact_of(n).is_integer() ? Precedence::product
                                                                  : Precedence::atom;
    case Op::product:
      if (role == Role::node && view_.leading_minus(n)) return Precedence::sum;
      return view_.is_mean(n) && !is_named(n.a) && !is_named(n.b) ? Precedence::atom
                                                                  : Precedence::product;
    case Op::power:
      if (view_.is_root(n)) return Precedence::atom;
      if (!view_.is_quotient(id)) return Precedence::power;
      if (role != Role::denominator) return Precedence::product;
      if (n.b == Graph::minus_one) return precedence(n.a, Role::node);
      return view_.is_inverse_root(n) ? Precedence::atom : Precedence::power;
    default: return precedence_of(n.op);
  }
}

void Printer::expand(const Piece& piece) {
  const Node& n = g_[piece.id];
  switch (piece.role) {
    case Role::numerator: {
      const Number value = g_.exact_of(n).numerator();
      return put(digits(value.sign() < 0 ? -value : value, g_.limits, max_bytes_));
    }
    case Role::divisor: return put(digits(g_.exact_of(n).denominator(), g_.limits, max_bytes_));
    case Role::magnitude:
      if (n.op == Op::product) return expand_product(piece.id, true);
      if (n.op == Op::real) return put(numeral(-g_.real_of(n)));
      return put(digits(-g_.exact_of(n), g_.limits, max_bytes_));
    case Role::denominator:
      if (n.b == Graph::minus_one) return add(n.a);
      if (view_.is_inverse_root(n)) {
        add(row("sqrt"_fn).name);
        add("(");
        add(n.a);
        return add(")");
      }
      add(n.a, Precedence::postfix);
      add("^");
      if (g_.exact_of(g_[n.b]).is_integer()) return add(n.b, Precedence::none, Role::magnitude);
      add("(");
      add(n.b, Precedence::none, Role::magnitude);
      return add(")");
    default: return expand_node(piece.id);
  }
}

void Printer::expand_node(NodeId id) {
  const Node& n = g_[id];
  if (is_named(id)) {
    auto& number = named_[index(id)];
    if (number == 1) {
      definitions_.push_back(id);
      number = static_cast<std::uint32_t>(definitions_.size()) + 1;
    }
    return put(fmt::format("{}{}", prefix_, number - 1));
  }
  switch (n.op) {
    case Op::integer:
    case Op::rational: return put(digits(g_.exact_of(n), g_.limits, max_bytes_));
    case Op::real: return put(numeral(g_.real_of(n)));
    case Op::constant: return put(constants[n.detail].name);
    case Op::symbol: return put(g_.name_of(n));
    case Op::column: put(g_.name_of(n)); return put("_i");
    case Op::sum: return expand_sum(id);
    case Op::product: return expand_product(id, false);
    case Op::power:
      if (view_.is_root(n)) {
        add(row("sqrt"_fn).name);
        add("(");
        add(n.a);
        return add(")");
      }
      if (view_.is_quotient(id)) {
        add("1/");
        return add(id, Precedence::power, Role::denominator);
      }
      add(n.a, Precedence::postfix);
      add("^");
      return add(n.b, Precedence::postfix);
    case Op::call: return expand_call(id);
    case Op::less:
    case Op::less_equal:
    case Op::equal:
    case Op::not_equal: return expand_comparison(id);
    case Op::both: {
      const auto [first, second] = operands(id);
      return add_infix(first, " and ", second, Precedence::both, Precedence::negation);
    }
    case Op::either: {
      const auto [first, second] = operands(id);
      return add_infix(first, " or ", second, Precedence::either, Precedence::both);
    }
    case Op::negation: add("not "); return add(n.a, Precedence::comparison);
    case Op::select:
      add("if(");
      add(n.a);
      add(", ");
      add(n.b);
      add(", ");
      add(n.c);
      return add(")");
    case Op::apply1:
    case Op::apply2:
    case Op::apply3:
      put(g_.functions()[n.detail].name);
      put("(");
      for (int i = 0; i < operand_count(n); ++i) {
        if (i > 0) add(", ");
        add(n.operand(i));
      }
      return add(")");
    case Op::data_sum:
      add("sum(");
      add(n.a);
      return add(")");
  }
}

void Printer::add_infix(NodeId first, std::string_view text, NodeId second, Precedence left,
                        Precedence right) {
  add(first, left);
  add(text);
  add(second, right);
}

void Printer::expand_sum(NodeId id) {
  const auto [first, second] = operands(id);
  add(first, Precedence::sum);
  if (is_negative(second)) {
    add(" - ");
    add(second, Precedence::product, Role::magnitude);
  } else {
    add(" + ");
    add(second, Precedence::product);
  }
}

void Printer::add_times(NodeId second) {
  const bool quotient = divides(second);
  add(quotient ? "/" : "*");
  add(second, Precedence::power, quotient ? Role::denominator : Role::node);
}

void Printer::expand_product(NodeId id, bool magnitude) {
  const Node& n = g_[id];
  if (view_.is_mean(n) && !is_named(n.a) && !is_named(n.b)) {
    add("mean(");
    add(view_.mean_body(n));
    return add(")");
  }
  if (!g_[n.a].is_number()) {
    const auto [first, second] = operands(id);
    add(first, Precedence::product);
    return add_times(second);
  }
  const bool minus = view_.leading_minus(n);
  if (minus && !magnitude) {
    add("-");
    return add(id, Precedence::product, Role::magnitude);
  }
  if (n.a == Graph::minus_one) return add(n.b, Precedence::product);
  // Any coefficient inside the rest would swallow a part of this one.
  const bool plain = is_named(n.b) || split_coefficient(g_, n.b).coefficient == Graph::one;
  const bool unit = view_.is_fraction(n.a) && abs_numerator_is_one(n.a);
  if (unit) {
    add(n.b, Precedence::product);
  } else if (view_.is_fraction(n.a) && plain) {
    add(n.a, Precedence::none, Role::numerator);
    add_times(n.b);
  } else {
    add(n.a, Precedence::product, minus ? Role::magnitude : Role::node);
    return add_times(n.b);
  }
  add("/");
  add(n.a, Precedence::none, Role::divisor);
}

void Printer::expand_comparison(NodeId id) {
  auto [first, second] = operands(id);
  const Op op = g_[id].op;
  // x > 0 rather than 0 < x.
  const bool turn =
      (op == Op::less || op == Op::less_equal) && g_[first].is_number() && !g_[second].is_number();
  if (turn) std::swap(first, second);
  add(first, Precedence::sum);
  add(op == Op::less         ? turn ? " > " : " < "
      : op == Op::less_equal ? turn ? " >= " : " <= "
      : op == Op::equal      ? " == "
                             : " != ");
  add(second, Precedence::sum);
}

void Printer::expand_call(NodeId id) {
  const Node& n = g_[id];
  put(row(n.fn()).name);
  put("(");
  bool later = false;
  for (const NodeId u : operands_of_call(
           view_, id, [this](NodeId v) { return operands(v); },
           [this](NodeId v) { return op(v); })) {
    if (std::exchange(later, true)) add(", ");
    add(u);
  }
  add(")");
}

}  // namespace

std::string print(Expr e, const PrintOptions& options) { return Printer(e, options, false).run(); }

std::string print_shared(Expr e, const PrintOptions& options) {
  return Printer(e, options, true).run();
}

}  // namespace nabla
