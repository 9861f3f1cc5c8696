#pragma once

// Expr: the small handle every layer speaks. It points into a Graph, is cheap to copy, and is valid
// as long as the graph lives. Equal handles mean equal structure, because a graph stores no node
// twice (a + b and b + a are one node).

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace nabla {

class Graph;

// Position of a node in its graph. Operands are stored before the nodes that use them, so ascending
// ids are a topological order and a pass over an expression is a loop, never a recursion.
enum class NodeId : std::uint32_t {};

constexpr std::uint32_t index(NodeId id) { return static_cast<std::uint32_t>(id); }

// Row number in the function table. Written "sinh"_fn, checked while compiling.
enum class Fn : std::uint8_t {};

struct Expr {
  Graph* graph = nullptr;
  NodeId id{};

  friend bool operator==(const Expr&, const Expr&) = default;
};

// Leaves.
Expr number(Graph&, std::int64_t);
Expr rational(Graph&, std::int64_t numerator, std::int64_t denominator);
Expr real(Graph&, double);
Expr symbol(Graph&, std::string_view name);  // throws NameError unless it is an identifier
// prefix0, prefix1, ...: the same as symbol(graph, "prefix0") and so on, in O(count) and without
// making texts. Throws as symbol, when prefix or the last name is no identifier.
std::vector<Expr> symbols(Graph&, std::string_view prefix, std::size_t count);
Expr column(Graph&, std::string_view name);  // a column of the data a sum runs over

Expr operator+(Expr, Expr);
Expr operator-(Expr, Expr);
Expr operator*(Expr, Expr);
Expr operator/(Expr, Expr);
Expr operator-(Expr);
Expr pow(Expr base, Expr exponent);
Expr call(Fn, Expr u, Expr v = {});
Expr call(std::string_view name, Expr u,
          Expr v = {});  // by name; throws NameError if there is none

// Conditions are expressions worth 1 or 0.
Expr less(Expr, Expr);
Expr less_equal(Expr, Expr);
Expr equal(Expr, Expr);
Expr not_equal(Expr, Expr);
Expr both(Expr, Expr);
Expr either(Expr, Expr);
Expr negation(Expr);

// `then` where the condition holds, `otherwise` elsewhere; the value not chosen never matters, be
// it NaN or infinite.
Expr select(Expr condition, Expr then, Expr otherwise);

// The sum of `body` over the rows of the data; columns inside stand for the row's entries.
Expr data_sum(Expr body);

template <std::integral N>
Expr literal(Graph& g, N n) {
  return number(g, static_cast<std::int64_t>(n));
}
inline Expr literal(Graph& g, double x) { return real(g, x); }

template <typename N>
requires std::is_arithmetic_v<N> Expr operator+(Expr e, N n) { return e + literal(*e.graph, n); }
template <typename N>
requires std::is_arithmetic_v<N> Expr operator+(N n, Expr e) { return literal(*e.graph, n) + e; }
template <typename N>
requires std::is_arithmetic_v<N> Expr operator-(Expr e, N n) { return e - literal(*e.graph, n); }
template <typename N>
requires std::is_arithmetic_v<N> Expr operator-(N n, Expr e) { return literal(*e.graph, n) - e; }
template <typename N>
requires std::is_arithmetic_v<N> Expr operator*(Expr e, N n) { return e * literal(*e.graph, n); }
template <typename N>
requires std::is_arithmetic_v<N> Expr operator*(N n, Expr e) { return literal(*e.graph, n) * e; }
template <typename N>
requires std::is_arithmetic_v<N> Expr operator/(Expr e, N n) { return e / literal(*e.graph, n); }
template <typename N>
requires std::is_arithmetic_v<N> Expr operator/(N n, Expr e) { return literal(*e.graph, n) / e; }
template <typename N>
requires std::is_arithmetic_v<N> Expr pow(Expr e, N n) { return pow(e, literal(*e.graph, n)); }

}  // namespace nabla
