#include "cli/options.hpp"

#include <algorithm>

#include "cli/text.hpp"
#include "parser/render.hpp"
#include "parser/suggest.hpp"

namespace nabla {
namespace {

struct Found {
  const Option* option = nullptr;
  std::string_view attached = {};  // what follows the = of --name=value
  bool has_attached = false;
};

// The row a word spells, if any. Only --name may carry its value after an equals sign.
template <std::size_t N>
Found find(const Option (&rows)[N], std::string_view word) {
  for (const Option& row : rows) {
    if (word.starts_with("--")) {
      const std::string_view rest = word.substr(2);
      if (rest == row.name) return {&row};
      if (rest.starts_with(row.name) && rest[row.name.size()] == '=') {
        return {&row, rest.substr(row.name.size() + 1), true};
      }
    } else if (!row.letter.empty() && word.size() == 2 && word.ends_with(row.letter)) {
      return {&row};
    }
  }
  return {};
}

std::vector<std::string_view> all_names(std::span<const std::string_view> taken) {
  std::vector<std::string_view> names(taken.begin(), taken.end());
  for (const Option& row : common_options) names.push_back(row.name);
  return names;
}

Diagnostic unknown(std::string_view word, std::span<const std::string_view> taken) {
  const std::string_view name = word.substr(0, word.find('=')).substr(2);
  const std::string_view near = nearest(name, all_names(taken));
  return {
      .code = "U502",
      .message = "no option '" + printable(word.substr(0, word.find('='))) + "' here",
      .span = {},
      .hint = near.empty()
                  ? "--help lists the options; an expression that begins with -- goes after a --"
                  : "did you mean '--" + std::string(near) + "'?"};
}

}  // namespace

Result<Arguments> Arguments::read(std::span<const std::string> words,
                                  std::span<const std::string_view> taken) {
  Arguments result;
  bool only_operands = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (only_operands || word.size() < 2 || word.front() != '-') {
      result.operands.emplace_back(word);
      continue;
    }
    if (word == "--") {
      only_operands = true;
      continue;
    }
    Found found = find(common_options, word);
    if (!found.option) {
      found = find(options, word);
      if (found.option && std::ranges::find(taken, found.option->name) == taken.end()) {
        // Of another command: --at where no point is taken.
        if (word.starts_with("--")) return unknown(word, taken);
        found = {};
      }
    }
    if (!found.option) {
      // --x is an expression, --atx=1 a misspelling: three letters or more look like an option.
      const bool looks_like_one =
          word.size() > 4 && word.starts_with("--") &&
          std::ranges::all_of(word.substr(2, word.find('=') - 2),
                              [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
      if (looks_like_one) return unknown(word, taken);
      result.operands.emplace_back(word);
      continue;
    }
    const Option& option = *found.option;
    if (option.value.empty()) {
      if (found.has_attached) {
        return Diagnostic{.code = "U501",
                          .message = "--" + std::string(option.name) + " takes no value",
                          .span = {}};
      }
      result.given_.emplace_back(option.name, std::string());
    } else if (found.has_attached) {
      result.given_.emplace_back(option.name, found.attached);
    } else if (i + 1 < words.size()) {
      result.given_.emplace_back(option.name, words[++i]);
    } else {
      return Diagnostic{.code = "U501",
                        .message = "'" + std::string(word) + "' needs a value: " +
                                   std::string(word) + " " + std::string(option.value),
                        .span = {},
                        .hint = "an expression that looks like an option goes after a --"};
    }
  }
  return result;
}

bool Arguments::has(std::string_view name) const {
  return std::ranges::any_of(given_, [&](const auto& given) { return given.first == name; });
}

std::string_view Arguments::value(std::string_view name, std::string_view otherwise) const {
  for (auto given = given_.rbegin(); given != given_.rend(); ++given) {
    if (given->first == name) return given->second;
  }
  return otherwise;
}

std::vector<std::string_view> Arguments::values(std::string_view name) const {
  std::vector<std::string_view> result;
  for (const auto& [given, value] : given_) {
    if (given == name) result.emplace_back(value);
  }
  return result;
}

std::vector<std::string_view> split_list(std::string_view text, char separator) {
  std::vector<std::string_view> result;
  if (trimmed(text).empty()) return result;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || (text[i] == separator && depth == 0)) {
      result.push_back(trimmed(text.substr(begin, i - begin)));
      begin = i + 1;
    } else if (text[i] == '(' || text[i] == '[' || text[i] == '{') {
      ++depth;
    } else if (text[i] == ')' || text[i] == ']' || text[i] == '}') {
      depth = depth > 0 ? depth - 1 : 0;
    }
  }
  return result;
}

}  // namespace nabla
