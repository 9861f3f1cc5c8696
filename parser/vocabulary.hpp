#pragma once

// Vocabulary: whether a name may be a function, a verb or a constant, which most names are not.

#include <string_view>

#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"
#include "parser/verbs.hpp"
#include "parser/word_filter.hpp"

namespace nabla {

namespace detail {

inline constexpr WordFilter vocabulary = [] {
  WordFilter filter;
  const auto add = [&](std::string_view word) { filter.add(word); };
  for (const FunctionRow& f : functions) for_each_spelling(f.name, f.aliases, add);
  for (const VerbRow& v : verbs) for_each_spelling(v.name, v.aliases, add);
  for (const Constant& c : constants) for_each_spelling(c.name, c.aliases, add);
  return filter;
}();

}  // namespace detail

// False when the name is in none of the tables. O(1).
constexpr bool may_be_a_word(std::string_view name) { return detail::vocabulary.may_have(name); }

}  // namespace nabla
