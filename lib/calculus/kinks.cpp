#include "lib/calculus/kinks.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_set>

#include "lib/calculus/derivative.hpp"
#include "lib/calculus/rules.hpp"
#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/substitute.hpp"

namespace nabla {

namespace {

using Kind = KinkPlace::Kind;
using Where = KinkPlace::Where;

class Search {
 public:
  explicit Search(Graph& graph) : g_(graph) {}

  void look_at(NodeId id) {
    const Node n = g_[id];
    switch (n.op) {
      case Op::call: return look_at_call(id, n);
      case Op::power: return look_at_power(n);
      case Op::select: return look_at_choice(n.a);
      default: return;
    }
  }

  std::vector<KinkPlace> found;

 private:
  void add(Kind kind, Where where, NodeId surface, std::string_view of,
           std::string_view derivative) {
    if (!(g_[surface].flags & depends_on_symbol)) return;
    if (!known_.emplace(kind, where, surface, of).second) return;
    found.push_back({.kind = kind,
                     .where = where,
                     .surface = g_.expr(surface),
                     .of = of,
                     .derivative = derivative,
                     .at = {}});
  }

  void look_at_call(NodeId id, const Node& n) {
    const FunctionRow& f = row(n.fn());
    const NodeId ratio = f.value.arity == 2 ? divide(g_, n.a, n.b) : n.a;
    switch (f.kink) {
      case Kink::none:
        if (n.fn() == "cbrt"_fn) add(Kind::edge, Where::zero, n.a, f.name, "infinite");
        return;
      case Kink::at_zero: {
        // A flat function that is not constant jumps.
        const Args args{.u = g_.expr(n.a), .v = {}, .w = {}, .y = g_.expr(id)};
        const bool flat = f.partials.by[0](args).id == Graph::zero;
        return add(flat ? Kind::jump : Kind::kink, Where::zero, n.a, f.name, "0");
      }
      case Kink::at_integers:
        return add(Kind::jump, Where::whole, ratio, f.name,
                   f.value.arity == 2 ? "that from above" : "0");
      case Kink::at_half_integers: return add(Kind::jump, Where::half_whole, n.a, f.name, "0");
      case Kink::at_equality:
        return add(Kind::kink, Where::zero, subtract(g_, n.a, n.b), f.name,
                   "that of the first operand");
    }
  }

  // u^(p/q) with 0 < p/q < 1 begins at u = 0 with an infinite slope.
  void look_at_power(const Node& n) {
    if (!g_[n.b].is_number()) return;
    const double p = g_.value_of_number(g_[n.b]);
    if (p > 0 && p < 1) add(Kind::edge, Where::zero, n.a, "power", "infinite");
  }

  // The comparisons a condition is made of.
  void look_at_choice(NodeId condition) {
    std::vector<NodeId> stack{condition};
    while (!stack.empty()) {
      const NodeId id = stack.back();
      stack.pop_back();
      if (!conditions_.insert(id).second) continue;
      const Node n = g_[id];
      switch (n.op) {
        case Op::both:
        case Op::either:
          stack.push_back(n.b);
          stack.push_back(n.a);
          break;
        case Op::negation: stack.push_back(n.a); break;
        case Op::less:
        case Op::less_equal:
        case Op::equal:
        case Op::not_equal:
          // x > y is stored as y < x and reads x - y, x < 2 reads x - 2.
          add(Kind::choice, Where::zero,
              g_[n.b].is_number() ? subtract(g_, n.a, n.b) : subtract(g_, n.b, n.a), "if",
              "that of the arm chosen");
          break;
        default: add(Kind::choice, Where::zero, id, "if", "that of the arm chosen");
      }
    }
  }

  Graph& g_;
  std::set<std::tuple<Kind, Where, NodeId, std::string_view>> known_;
  std::unordered_set<NodeId> conditions_;  // those taken apart
};

// Sums, products and powers only. What switches has derivatives that are 0 as well, such as those
// of abs, and is no polynomial.
bool is_arithmetic(const Graph& g, NodeId root) {
  return std::ranges::all_of(g.below(root), [&](NodeId id) {
    const Node& n = g[id];
    return n.is_leaf() || n.op == Op::sum || n.op == Op::product || n.op == Op::power;
  });
}

// Solutions of u = 0 for x where u is linear or quadratic in it, by its value and slopes at 0.
std::vector<Expr> solutions(Expr u, Expr x) {
  Graph& g = *u.graph;
  if (!is_arithmetic(g, u.id)) return {};
  const Replacement at_zero{x, number(g, 0)};
  std::vector<Expr> coefficient;  // u(0), u'(0), u''(0)
  Expr slope = u;
  for (int k = 0; k <= 2; ++k) {
    coefficient.push_back(substitute(slope, {&at_zero, 1}));
    const auto next = derivative(slope, x);
    if (!next) return {};
    slope = *next;
  }
  // A higher derivative that is not 0 is that of no polynomial of degree 2.
  if (slope.id != Graph::zero) return {};
  const auto is_exact = [&](Expr e) { return node(e).op <= Op::rational; };
  if (!std::ranges::all_of(coefficient, is_exact)) return {};
  const Number c = g.exact_of(node(coefficient[0])), b = g.exact_of(node(coefficient[1])),
               twice_a = g.exact_of(node(coefficient[2]));
  const auto make = [&](const Number& value) { return g.expr(g.insert(value)); };
  if (twice_a.is_zero()) {
    if (b.is_zero()) return {};
    return {make(-c / b)};
  }
  const Number discriminant = b * b - twice_a * c * Number(2);
  if (discriminant.sign() < 0) return {};
  if (discriminant.is_zero()) return {make(-b / twice_a)};
  const Expr root = pow(make(discriminant), rational(g, 1, 2));
  const Expr minus = (make(-b) - root) / make(twice_a), plus = (make(-b) + root) / make(twice_a);
  return twice_a.sign() > 0 ? std::vector{minus, plus} : std::vector{plus, minus};
}

}  // namespace

Result<std::vector<KinkPlace>> kinks(Expr f) {
  Graph& g = *f.graph;
  return calculus::attempt<std::vector<KinkPlace>>([&] {
    Search search(g);
    for (const NodeId id : g.below(f.id)) search.look_at(id);
    const std::vector<std::string> names = g.symbols({&f.id, 1});
    if (names.size() == 1) {
      for (KinkPlace& place : search.found) {
        if (place.where == Where::zero) place.at = solutions(place.surface, symbol(g, names[0]));
      }
    }
    return std::move(search.found);
  });
}

std::string_view name_of(KinkPlace::Kind kind) {
  switch (kind) {
    case Kind::kink: return "kink";
    case Kind::jump: return "jump";
    case Kind::choice: return "choice";
    default: return "edge";
  }
}

}  // namespace nabla
