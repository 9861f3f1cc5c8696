#include "lib/emit/names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nabla {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

// Every word that stands in a pattern or list.
void Identifiers::reserve(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '#' && at + 1 < text.size()) {
      at += 2;  // a hole
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && (is_letter(text[end]) || (end > at && is_digit(text[end])))) ++end;
    if (end > at) reserved_.insert(key(text.substr(at, end - at)));
    at = std::max(end, at + 1);
  }
}

Identifiers::Identifiers(const Dialect& dialect) : dialect_(dialect) {
  for (const std::string_view words : dialect.reserved) reserve(words);
  for (std::size_t i = 0; i < functions.size(); ++i) {
    if (functions[i].value.kind != Value::Kind::machine) continue;
    reserve(spelling_of(dialect, Fn{static_cast<std::uint8_t>(i)}));
    if (dialect.column != nullptr && (functions[i].*dialect.column).empty()) {
      reserve(functions[i].name);
    }
  }
  for (const Spelling& s : dialect.spellings) reserve(s.text);
  for (const Helper& h : dialect.helpers) reserve(h.word);
}

std::string Identifiers::key(std::string_view name) const {
  std::string folded(name);
  if (dialect_.folds_case) {
    for (char& c : folded) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
  }
  return folded;
}

bool Identifiers::is_reserved(std::string_view name) const {
  if (name.size() > dialect_.longest_name || reserved_.contains(key(name))) return true;
  // The library has each function for float and long double too: sinf, sinl.
  if (name.size() > 1 && (name.back() == 'f' || name.back() == 'l') &&
      reserved_.contains(key(name.substr(0, name.size() - 1)))) {
    return true;
  }
  return dialect_.is_reserved != nullptr && dialect_.is_reserved(name);
}

bool Identifiers::claim(const std::string& name) {
  return !is_reserved(name) && taken_.insert(key(name)).second;
}

std::string Identifiers::fresh(std::string_view wanted) {
  std::string base(wanted);
  if (claim(base)) return base;
  // Two underscores together, or one in front of a capital, are the compiler's.
  std::string tame;
  for (const char c : wanted.substr(0, dialect_.longest_name / 2)) {
    if (c != '_' || (!tame.empty() && tame.back() != '_')) tame += c;
  }
  if (tame.empty() || is_digit(tame[0])) tame.insert(0, 1, 'v');
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
