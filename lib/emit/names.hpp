#pragma once

// Identifiers of generated code: names that the language keeps for itself are changed, always into
// different ones, so that what was told apart stays apart.

#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "lib/emit/dialects.hpp"

namespace nabla {

class Identifiers {
 public:
  explicit Identifiers(const Dialect&);

  // The language or its library means something else by it.
  bool is_reserved(std::string_view name) const;

  // Keeps the words that stand in a pattern for what they mean there.
  void reserve(std::string_view pattern);

  // A spelling for each of these names, which differ from one another. Names that may stay do;
  // the others get underscores or numbers at the end until nobody has them.
  std::vector<std::string> take(std::span<const std::string> names);

  // A spelling nobody has yet, `wanted` if possible.
  std::string fresh(std::string_view wanted);

 private:
  bool claim(const std::string& name);
  std::string key(std::string_view name) const;  // names with one key are one name

  const Dialect& dialect_;
  std::unordered_set<std::string> taken_;
  std::unordered_set<std::string> reserved_;
};

}  // namespace nabla
