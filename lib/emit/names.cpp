#include "lib/emit/names.hpp"

#include <fmt/format.h>

namespace nabla {

Identifiers::Identifiers(const Dialect& dialect) : dialect_(dialect) {
  const auto reserve = [&](std::string_view word) { reserved_.insert(word); };
  for (std::string_view words : dialect.reserved) {
    if (!words.empty())
      for_each_spelling(words.substr(0, words.find(' ')),
                        words.substr(std::min(words.size(), words.find(' ') + 1)), reserve);
  }
  for (const FunctionRow& f : functions) {
    if (f.value.kind != Value::Kind::machine) continue;
    const std::string_view spelling = f.*dialect.column;
    reserve(spelling.empty() ? f.name : spelling);
  }
}

bool Identifiers::is_reserved(std::string_view name) const {
  if (reserved_.contains(name)) return true;
  // The library has each function for float and long double too: sinf, sinl.
  if (name.size() > 1 && (name.back() == 'f' || name.back() == 'l') &&
      reserved_.contains(name.substr(0, name.size() - 1))) {
    return true;
  }
  return dialect_.is_reserved != nullptr && dialect_.is_reserved(name);
}

bool Identifiers::claim(const std::string& name) {
  return !is_reserved(name) && taken_.insert(name).second;
}

std::string Identifiers::fresh(std::string_view wanted) {
  std::string base(wanted);
  if (claim(base)) return base;
  // Two underscores together, or one in front of a capital, are the compiler's.
  std::string tame;
  for (const char c : wanted) {
    if (c != '_' || (!tame.empty() && tame.back() != '_')) tame += c;
  }
  if (tame.empty() || (tame[0] >= '0' && tame[0] <= '9')) tame.insert(0, 1, 'v');
  const bool open = tame.back() == '_';
  for (std::size_t i = 1;; ++i) {
    std::string candidate = i == 1 ? tame : fmt::format("{}{}{}", tame, open ? "" : "_", i);
    if (i == 1 && !open) candidate += '_';
    if (claim(candidate)) return candidate;
  }
}

std::vector<std::string> Identifiers::take(std::span<const std::string> names) {
  std::vector<std::string> spellings(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (claim(names[i])) spellings[i] = names[i];
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (spellings[i].empty()) spellings[i] = fresh(names[i]);
  }
  return spellings;
}

}  // namespace nabla
