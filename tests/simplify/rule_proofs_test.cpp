// Rules that are identities of rational functions over kernels, proved exactly: the difference of
// their sides is the polynomial 0, by the relations of field.hpp. That they narrow no domain is
// sampled, and so are the others altogether (rules_slow_test.cpp).

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>
#include <unordered_map>

#include "lib/core/build.hpp"
#include "lib/core/expr.hpp"
#include "lib/core/functions.hpp"
#include "parser/parse.hpp"
#include "simplify/field.hpp"
#include "simplify/normal_form.hpp"
#include "simplify/rule.hpp"
#include "tests/simplify/corpus.hpp"

namespace nabla {
namespace {

// Sides of a rule in terms of exponentials, by definitions and by putting a function of another
// variable for one:
//
//   cosh(u) is (exp(u) + exp(-u))/2; cos(u) the same with exp(i u), sin(u) with a factor j, j^2 =
//   -1 expm1(u) is exp(u) - 1, and so on; u^v is exp(v log u) where u > 0 where the left side takes
//   log(a), or a > 0 is required, a is exp(t); where asinh(a), sinh(t) angle = asin(a): sine,
//   cosine are 2m/(1 + m^2), (1 - m^2)/(1 + m^2), |m| <= 1; so for others
class Definitions {
 public:
  Definitions(Graph& g, Facts& facts) : g_(g), facts_(facts) {}

  // Chooses what stands for the variables of the left side, by where it has a value.
  void look_at_left(NodeId root) {
    for (const NodeId id : g_.below(root)) {
      const Node n = g_[id];
      if (n.op != Op::call) continue;
      if (n.fn() == "log"_fn) positive_argument(n.a);
      if (g_[n.a].op != Op::symbol) continue;
      switch (n.fn()) {
        case "asin"_fn:
        case "acos"_fn:
        case "atan"_fn:
        case "acosh"_fn: angle(n.a, n.fn()); break;
        case "atanh"_fn: inverse(n.a, n.fn(), "tanh"_fn); break;
        default: break;
      }
    }
    look_at(root);
  }

  // asinh has a value everywhere.
  void look_at(NodeId root) {
    for (const NodeId id : g_.below(root)) {
      const Node n = g_[id];
      if (n.op != Op::call || g_[n.a].op != Op::symbol) continue;
      if (n.fn() == "asinh"_fn) inverse(n.a, n.fn(), "sinh"_fn);
    }
  }

  void positive(NodeId name) {
    if (instead_.contains(name)) return;
    instead_[name] = exponential(fresh(name));
  }

  NodeId rewritten(NodeId root) {
    NodeMap<NodeId> done(root);
    for (const NodeId id : g_.below(root)) {
      const Node n = g_[id];
      if (n.is_leaf()) {
        done[id] = instead_.contains(id) ? instead_[id] : id;
        continue;
      }
      std::array<NodeId, 3> operands{};
      const auto count = static_cast<std::size_t>(operand_count(n));
      for (std::size_t i = 0; i < count; ++i) operands[i] = done[n.operand(static_cast<int>(i))];
      const NodeId u = operands[0];
      done[id] = rebuild(g_, n, std::span(operands).first(count));
      if (n.op == Op::power && g_[n.b].op > Op::rational) {
        if (const auto w = logarithm(u)) done[id] = exponential(multiply(g_, operands[1], *w));
      } else if (n.op == Op::call && count == 1) {
        if (const auto d = definition(n.fn(), u)) done[id] = *d;
      }
    }
    return done[root];
  }

  bool has_angles() const { return has_angles_; }
  NodeId turn() { return g_.insert_name(Op::symbol, "j_"); }

 private:
  // u > 0 says a > 0 where u is an odd power of a, and exponentials.
  void positive_argument(NodeId u) {
    fractions::Meter meter(100'000);
    fractions::Field field(g_, facts_, meter, {&u, 1}, false);
    const fractions::Product p = field.read(u);
    std::vector<NodeId> names;
    for (const fractions::Factor& f : p.factors) {
      for (std::size_t k = 0; k < field.kernels().size(); ++k) {
        if (!f.base.contains(k)) continue;
        const fractions::Kernel& kernel = field.kernels()[k];
        if (kernel.kind == fractions::Kernel::Kind::exponential && f.base == field.kernel(k)) {
          continue;
        }
        const bool odd = fractions::is_odd(f.exponent) && f.base == field.kernel(k);
        if (!odd || g_[kernel.node].op != Op::symbol) return;
        names.push_back(kernel.node);
      }
    }
    if (names.size() == 1 && p.coefficient.sign() > 0) positive(names[0]);
  }

  NodeId fresh(NodeId name) {
    return g_.insert_name(Op::symbol, g_.name_of(g_[name]) + "_in_terms_of");
  }

  void inverse(NodeId name, Fn of, Fn fn) {
    if (instead_.contains(name)) return;
    const NodeId t = fresh(name);
    instead_[name] = *definition(fn, t);
    inverse_.emplace_back(of, instead_[name], t);
  }

  // The angle of an inverse function by the tangent m of its half; acosh(a) as log(1 + m).
  void angle(NodeId name, Fn of) {
    if (instead_.contains(name)) return;
    const Expr m = g_.expr(fresh(name)), t = g_.expr(g_.insert_name(Op::symbol, "angle_"));
    const double least = of == "acos"_fn || of == "acosh"_fn ? 0 : -1;
    const double most = of == "asin"_fn || of == "atan"_fn ? 1 : infinity;
    facts_.assume(m.id, {.low = least, .high = most});
    const bool hyperbolic = of == "acosh"_fn;
    const Expr e = 1 + m, square = pow(m, 2);
    const Expr sine = hyperbolic ? (e - 1 / e) / 2 : 2 * m / (1 + square);
    const Expr cosine = hyperbolic ? (e + 1 / e) / 2 : (1 - square) / (1 + square);
    const Expr tangent = sine / cosine;
    const Expr value = of == "asin"_fn ? sine : of == "atan"_fn ? tangent : cosine;
    instead_[name] = value.id;
    inverse_.emplace_back(of, value.id, t.id);
    const Fn fns[] = {hyperbolic ? "sinh"_fn : "sin"_fn, hyperbolic ? "cosh"_fn : "cos"_fn,
                      hyperbolic ? "tanh"_fn : "tan"_fn};
    const Expr values[] = {sine, cosine, tangent};
    for (int i = 0; i < 3; ++i) inverse_.emplace_back(fns[i], t.id, values[i].id);
  }

  NodeId exponential(NodeId u) { return call(g_, "exp"_fn, canonical(g_.expr(u)).id); }

  // exp(u) + sign exp(-u), halved
  NodeId pair(NodeId u, std::int64_t sign) {
    const NodeId other = multiply(g_, g_.insert(sign), exponential(negate(g_, u)));
    return multiply(g_, g_.insert(Number::ratio(1, 2)), add(g_, exponential(u), other));
  }

  // Of a product of exponentials, and of a positive number as it is.
  std::optional<NodeId> logarithm(NodeId u) {
    if (g_[u].op == Op::integer) return call(g_, "log"_fn, u);
    fractions::Meter meter(100'000);
    fractions::Field field(g_, facts_, meter, {&u, 1}, false);
    const fractions::Product p = field.read(u);
    if (!p.coefficient.is_one()) return std::nullopt;
    NodeId total = Graph::zero;
    for (const fractions::Factor& f : p.factors) {
      const auto at = std::ranges::find_if(field.kernels(), [&](const fractions::Kernel& k) {
        return k.kind == fractions::Kernel::Kind::exponential &&
               f.base == field.kernel(static_cast<std::size_t>(&k - field.kernels().data()));
      });
      if (at == field.kernels().end()) return std::nullopt;
      total = add(g_, total, multiply(g_, g_.insert(f.exponent), at->angle));
    }
    return total;
  }

  std::optional<NodeId> definition(Fn fn, NodeId u) {
    for (const auto& [of, node, t] : inverse_) {
      if (of == fn && node == u) return t;
    }
    const NodeId minus = negate(g_, u);
    switch (fn) {
      case "sinh"_fn: return pair(u, -1);
      case "cosh"_fn: return pair(u, 1);
      case "tanh"_fn: return divide(g_, pair(u, -1), pair(u, 1));
      case "sin"_fn:
      case "cos"_fn:
      case "tan"_fn: {
        has_angles_ = true;
        const NodeId cosine = pair(u, 1), sine = multiply(g_, turn(), pair(u, -1));
        return fn == "sin"_fn ? sine : fn == "cos"_fn ? cosine : divide(g_, sine, cosine);
      }
      case "expm1"_fn: return subtract(g_, exponential(u), Graph::one);
      case "erfc"_fn: return subtract(g_, Graph::one, call(g_, "erf"_fn, u));
      case "sigmoid"_fn: return divide(g_, Graph::one, add(g_, Graph::one, exponential(minus)));
      case "softplus"_fn: return call(g_, "log"_fn, add(g_, Graph::one, exponential(u)));
      case "log1p"_fn: return call(g_, "log"_fn, add(g_, Graph::one, u));
      case "log"_fn: return logarithm(u);
      case "log2"_fn:
      case "log10"_fn: {
        const auto w = logarithm(u);
        if (!w) return std::nullopt;
        const NodeId base = g_.insert(std::int64_t{fn == "log2"_fn ? 2 : 10});
        return divide(g_, *w, call(g_, "log"_fn, base));
      }
      default: return std::nullopt;
    }
  }

  Graph& g_;
  Facts& facts_;
  bool has_angles_ = false;
  std::unordered_map<NodeId, NodeId> instead_;
  static constexpr double infinity = std::numeric_limits<double>::infinity();
  std::vector<std::tuple<Fn, NodeId, NodeId>> inverse_;  // what a function of a node is
};

// Whether an expression is 0 over its kernels; `turn` is a symbol whose square is -1.
bool is_zero(Graph& g, Facts& facts, NodeId id, std::optional<NodeId> turn = {}) {
  for (const bool keep_sines : {false, true}) {
    try {
      fractions::Meter meter(100'000);
      fractions::Field field(g, facts, meter, {&id, 1}, keep_sines);
      const fractions::Product p = field.read(id);
      if (p.coefficient.is_zero()) return true;
      if (!turn) continue;
      const auto at = std::ranges::find(field.kernels(), *turn, &fractions::Kernel::node);
      if (at == field.kernels().end()) continue;
      const auto j = static_cast<std::size_t>(at - field.kernels().begin());
      const fractions::Polynomial zero = field.kernel(j, 2) + fractions::Polynomial(Number(1));
      for (const fractions::Factor& f : p.factors) {
        const bool above = f.exponent.is_integer() && f.exponent.sign() > 0;
        if (above && divide(f.base, zero)) return true;
      }
    } catch (const fractions::TooLarge&) {
    }
  }
  return false;
}

// Whether left - right is 0 over the kernels of both, where the assumptions hold: as they stand, or
// in terms of exponentials.
bool is_proved(Graph& g, NodeId left, NodeId right, std::span<const Assumption> conditions) {
  Facts facts(g);
  Definitions definitions(g, facts);
  for (const Assumption& c : conditions) {
    const NodeId name = g.insert_name(Op::symbol, c.name);
    facts.assume(name, c.range);
    if (c.integer) facts.assume_integer(name);
    if (c.range.low == 0 && c.range.nonzero) definitions.positive(name);
  }
  if (is_zero(g, facts, subtract(g, left, right))) return true;
  definitions.look_at_left(left);
  definitions.look_at(right);
  try {
    const NodeId difference =
        subtract(g, definitions.rewritten(left), definitions.rewritten(right));
    return is_zero(g, facts, difference,
                   definitions.has_angles() ? std::optional(definitions.turn()) : std::nullopt);
  } catch (const fractions::TooLarge&) {
    return false;
  }
}

bool is_proved(const std::string& text, std::span<const Assumption> conditions = {}) {
  Graph g;
  const std::size_t arrow = text.find("->");
  const Expr left = test::read(g, text.substr(0, arrow));
  const Expr right = test::read(g, text.substr(arrow + 2));
  return is_proved(g, left.id, right.id, conditions);
}

// Not rational over kernels: branches of inverse functions, powers of bases of either sign, signs,
// steps and whole numbers.
const std::vector<std::string> only_sampled{
    "acosh from log",   "atanh from log",       "integer outer power",  "product of powers",
    "equal exponents",  "sine, whole turns",    "tangent, whole turns", "cosine, whole turns",
    "acosh of cosh",    "complementary angles", "angle and reciprocal", "sign times size",
    "square of a sign", "sign of positive",     "sign of negative",     "step, positive",
    "step, negative",   "floor of integer",     "ceil of integer",      "round of integer",
    "trunc of integer", "larger and smaller"};

TEST(RuleProofs, EveryRuleIsProvedOrListedAsSampled) {
  std::vector<std::string> sampled;
  int proved = 0;
  for (const Rule& rule : RuleBook::built_in().rules()) {
    if (is_proved(rule.text, rule.conditions)) {
      ++proved;
    } else {
      sampled.push_back(rule.name);
    }
  }
  EXPECT_EQ(sampled, only_sampled);
  EXPECT_EQ(proved, 52);
}

TEST(RuleProofs, NothingFalseIsProved) {
  for (const char* text :
       {"sin(a)^2 + cos(a)^2 -> 2", "sqrt(a^2) -> a", "sqrt(1 - sin(a)^2) -> cos(a)",
        "tan(a)^2 - 1/cos(a)^2 -> 1", "exp(a + b) -> exp(a) + exp(b)", "log(a^2) -> 2*log(a)",
        "1/(1 + a/b) -> a/(a + b)", "sin(acos(a)) -> -sqrt(1 - a^2)",
        "cosh(asinh(a)) -> -sqrt(1 + a^2)", "sinh(acosh(a)) -> -sqrt(a^2 - 1)",
        "tanh(atanh(a)) -> 2*a", "asin(sin(a)) -> a", "log(a) + log(b) -> log(a + b)",
        "log(a)/log(b) -> log(a - b)", "exp(log(a)) -> a + 1",
        "sin(a)*cos(b) + cos(a)*sin(b) -> sin(a - b)", "cos(a + b) -> cos(a) + cos(b)",
        "sin(a)^2 - cos(a)^2 -> 1", "sqrt(1 - sin(a)^2) -> -cos(a)"}) {
    EXPECT_FALSE(is_proved(text)) << text;
  }
}

TEST(RuleProofs, CheckedIdentitiesAreProvedAndUnsoundOnesAreNot) {
  CORPUS_OR_SKIP(lines, "simplify_rules_checked.txt", '|');
  int proved = 0;
  for (const auto& fields : lines) {
    const bool now = is_proved(fields[2]);
    proved += now;
    EXPECT_FALSE(now && fields[0] == "U") << fields[2];
  }
  EXPECT_GE(proved, 120);  // of 145; the others are no identities of kernels, and are sampled
}

}  // namespace
}  // namespace nabla
