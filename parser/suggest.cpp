#include "parser/suggest.hpp"

#include <algorithm>

#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"

namespace nabla {

std::size_t edit_distance(std::string_view from, std::string_view to, std::size_t limit) {
  const std::size_t longer = std::max(from.size(), to.size());
  if (longer - std::min(from.size(), to.size()) > limit) return limit + 1;
  std::vector<std::size_t> before(to.size() + 1), row(to.size() + 1), next(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    next[0] = i;
    std::size_t least = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t changed = row[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      next[j] = std::min({changed, row[j] + 1, next[j - 1] + 1});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
        next[j] = std::min(next[j], before[j - 2] + 1);
      }
      least = std::min(least, next[j]);
    }
    if (least > limit) return limit + 1;
    before.swap(row);
    row.swap(next);
  }
  return std::min(row[to.size()], limit + 1);
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  const auto lower = [](std::string_view s) {
    std::string result(s);
    for (char& c : result) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
  };
  std::string_view best;
  std::size_t fewest = word.size() <= 3 ? 1 : word.size() <= 6 ? 2 : 3;
  const std::string small = lower(word);
  for (const std::string_view candidate : candidates) {
    if (candidate == word) continue;
    if (lower(candidate) == small) return candidate;
    const std::size_t edits = edit_distance(word, candidate, fewest);
    if (edits < candidate.size() && (edits < fewest || (edits == fewest && best.empty()))) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}

std::vector<std::string_view> table_names() {
  std::vector<std::string_view> names;
  const auto keep = [&](std::string_view s) {
    if (!s.empty() && static_cast<signed char>(s[0]) > 0) names.push_back(s);
  };
  for (const FunctionRow& f : functions) for_each_spelling(f.name, f.aliases, keep);
  for (const auto& c : constants) for_each_spelling(c.name, {}, keep);
  return names;
}

}  // namespace nabla
