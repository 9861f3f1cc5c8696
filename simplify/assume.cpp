#include "simplify/assume.hpp"

#include <vector>

#include "parser/parse.hpp"
#include "simplify/samples.hpp"
#include "simplify/workspace.hpp"

namespace nabla {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Diagnostic unreadable(std::string_view text) {
  return {.code = "U514",
          .message = "'" + std::string(text) + "' is no assumption",
          .span = {},
          .hint = "assumptions look like x > 0, 0 <= x < 1, x != 0 or n integer"};
}

// The value of something without variables.
std::optional<double> number_in(std::string_view text) {
  Graph g;
  const auto read = parse(g, text);
  if (!read || !read->value.is_scalar() || !read->variables.empty()) return std::nullopt;
  Facts facts(g);
  Samples samples(g, facts);
  return samples.value(read->value.scalar().id);
}

struct Comparison {
  std::string_view sign;
  std::size_t at;
};

// <, <=, >, >=, != in the text, at most two.
std::vector<Comparison> comparisons(std::string_view text) {
  std::vector<Comparison> found;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '<' && c != '>' && c != '!') continue;
    const bool longer = i + 1 < text.size() && text[i + 1] == '=';
    if (c == '!' && !longer) continue;
    found.push_back({text.substr(i, longer ? 2 : 1), i});
    i += longer ? 1 : 0;
  }
  return found;
}

}  // namespace

Result<Assumption> read_assumption(std::string_view whole) {
  const std::string_view text = trimmed(whole);
  constexpr std::string_view integer = " integer";
  if (text.ends_with(integer)) {
    const std::string_view name = trimmed(text.substr(0, text.size() - integer.size()));
    if (!is_identifier(name)) return unreadable(whole);
    return Assumption{.name = std::string(name), .range = {}, .integer = true};
  }
  const auto signs = comparisons(text);
  if (signs.empty() || signs.size() > 2) return unreadable(whole);
  std::vector<std::string_view> parts;
  std::size_t from = 0;
  for (const Comparison& c : signs) {
    parts.push_back(trimmed(text.substr(from, c.at - from)));
    from = c.at + c.sign.size();
  }
  parts.push_back(trimmed(text.substr(from)));
  // The name: in the middle of three, or on either side.
  std::size_t name = signs.size() == 2 ? 1 : 0;
  if (signs.size() == 1 && !is_identifier(parts[0])) name = 1;
  if (!is_identifier(parts[name])) return unreadable(whole);
  Assumption result{.name = std::string(parts[name]), .range = {}};
  for (std::size_t i = 0; i < signs.size(); ++i) {
    const std::size_t other = i == name ? i + 1 : i;
    const auto bound = number_in(parts[other]);
    if (!bound || !(*bound - *bound == 0)) return unreadable(whole);
    const bool name_left = other > name;
    const char c = signs[i].sign.front();
    Range r;
    if (c == '!') {
      if (*bound != 0) return unreadable(whole);
      r.nonzero = true;
    } else if ((c == '<') == name_left) {
      r.high = *bound;
    } else {
      r.low = *bound;
    }
    r.nonzero = r.nonzero || (*bound == 0 && signs[i].sign.size() == 1);
    result.range = both(result.range, r);
  }
  return result;
}

void assume(Workspace& work, std::span<const std::string> texts) {
  for (const std::string& text : texts) {
    const auto read = read_assumption(text);
    if (!read) continue;
    const NodeId id = work.graph.insert_name(Op::symbol, read->name);
    if (read->integer) work.facts.assume_integer(id);
    work.facts.assume(id, read->range);
  }
}

}  // namespace nabla
