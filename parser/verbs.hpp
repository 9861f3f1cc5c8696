#pragma once

// Words that act on expressions rather than on numbers: sums over data, derivatives, choices. They
// are read by the parser and are no rows of the function table.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace nabla {

enum class Verb : std::uint8_t {
  sum,
  product,
  mean,
  diff,
  gradient,
  hessian,
  jacobian,
  directional,
  subs,
  choose,
  limit,
  norm,
  dot,
  array,  // np.array, see python.hpp
};

struct VerbRow {
  std::string_view name;
  std::string_view aliases = {};  // separated by spaces
  Verb verb;
  std::uint8_t fewest = 1, most = 255;  // arguments
  std::string_view synopsis;
  std::string_view summary;
};

// clang-format off
inline constexpr std::array verbs{
    VerbRow{.name = "sum", .verb = Verb::sum, .most = 4, .synopsis = "sum(expr) or sum(k, 1, 10, expr)",
            .summary = "sum over the rows of the data, or over k = 1, ..., 10"},
    VerbRow{.name = "prod", .aliases = "product", .verb = Verb::product, .most = 4,
            .synopsis = "prod(k, 1, 5, expr) or prod([a, b])", .summary = "product over k = 1, ..., 5, or of the entries of a vector"},
    VerbRow{.name = "mean", .aliases = "average", .verb = Verb::mean, .most = 2, .synopsis = "mean(expr)",
            .summary = "mean over the rows of the data"},
    VerbRow{.name = "diff", .aliases = "derivative D", .verb = Verb::diff, .synopsis = "diff(f, x) or diff(f, x, 3) or diff(f, x, y)",
            .summary = "derivative; an integer after a variable is its order"},
    VerbRow{.name = "grad", .aliases = "gradient", .verb = Verb::gradient, .synopsis = "grad(f) or grad(f, x, y)",
            .summary = "vector of the partial derivatives"},
    VerbRow{.name = "hessian", .aliases = "hess", .verb = Verb::hessian, .synopsis = "hessian(f) or hessian(f, x, y)",
            .summary = "matrix of the second derivatives"},
    VerbRow{.name = "jacobian", .aliases = "jac", .verb = Verb::jacobian, .synopsis = "jacobian([f, g], [x, y])",
            .summary = "matrix of the partial derivatives of a vector"},
    VerbRow{.name = "direction", .aliases = "directional", .verb = Verb::directional, .fewest = 2, .most = 3,
            .synopsis = "direction(f, [1, 2]) or direction(f, [x, y], [1, 2])", .summary = "derivative along a vector"},
    VerbRow{.name = "subs", .aliases = "substitute", .verb = Verb::subs, .fewest = 2, .synopsis = "subs(f, x = 2, y = a)",
            .summary = "f with names replaced, all at once"},
    VerbRow{.name = "if", .aliases = "where ifelse piecewise", .verb = Verb::choose, .fewest = 3, .synopsis = "if(c, a, b)",
            .summary = "a where c holds, b elsewhere; if(c, a, d, b, e) for several conditions"},
    VerbRow{.name = "lim", .aliases = "limit", .verb = Verb::limit, .synopsis = "lim(h -> 0) expr",
            .summary = "limit of a quotient, as in the definition of the derivative"},
    VerbRow{.name = "norm", .verb = Verb::norm, .most = 1, .synopsis = "norm([x, y])", .summary = "length of a vector"},
    VerbRow{.name = "dot", .verb = Verb::dot, .fewest = 2, .most = 2, .synopsis = "dot(u, v)", .summary = "scalar product of two vectors"},
};
// clang-format on

namespace detail {

// Where the spellings of verbs are: open addressing, filled when the program is compiled.
struct VerbIndex {
  static constexpr std::size_t size = 128;
  std::array<std::string_view, size> spellings{};
  std::array<std::uint8_t, size> rows{};

  static constexpr std::size_t hash(std::string_view s) {
    return (static_cast<std::uint8_t>(s.front()) * 29u + static_cast<std::uint8_t>(s.back()) * 5u +
            s.size() * 17u) %
           size;
  }
  constexpr std::size_t place_of(std::string_view s) const {
    std::size_t at = hash(s);
    while (!spellings[at].empty() && spellings[at] != s) at = (at + 1) % size;
    return at;
  }
  constexpr VerbIndex() {
    for (std::size_t i = 0; i < verbs.size(); ++i) {
      const auto add = [&](std::string_view s) {
        const std::size_t at = place_of(s);
        spellings[at] = s;
        rows[at] = static_cast<std::uint8_t>(i);
      };
      add(verbs[i].name);
      for (std::string_view rest = verbs[i].aliases; !rest.empty();) {
        const std::size_t end = rest.find(' ') == rest.npos ? rest.size() : rest.find(' ');
        add(rest.substr(0, end));
        rest.remove_prefix(end == rest.size() ? end : end + 1);
      }
    }
  }
};
inline constexpr VerbIndex verb_index;

}  // namespace detail

constexpr const VerbRow* find_verb(std::string_view spelling) {
  if (spelling.empty()) return nullptr;
  const std::size_t at = detail::verb_index.place_of(spelling);
  return detail::verb_index.spellings[at].empty() ? nullptr : &verbs[detail::verb_index.rows[at]];
}

}  // namespace nabla
