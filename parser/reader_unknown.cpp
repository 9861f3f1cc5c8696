#include <algorithm>

#include "lib/core/constants.hpp"
#include "parser/reader.hpp"
#include "parser/spelling.hpp"
#include "parser/suggest.hpp"
#include "parser/vocabulary.hpp"

// Names that mean nothing yet, or something else than usual: what is said about them.

namespace nabla {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

// A name of the user's before a constant, a function or a word of the same spelling.
void Reader::note_shadowing(std::uint32_t name, Span place) {
  if (noted_[name]) return;
  noted_[name] = true;
  if (!may_be_a_word(tokens_.names[name])) return;
  const std::string text(tokens_.names[name]);
  const bool constant = find_constant(text).has_value();
  if (!constant && !find_function(text) && (find_verb(text) == nullptr || text.size() < 2)) return;
  const std::string hidden = constant              ? "the constant"
                             : find_function(text) ? "the function"
                                                   : "the word";
  note("S714", "'" + text + "' is your name here, not " + hidden, place, "another name keeps both",
       "your name " + text, hidden + " " + text, false);
}

// Nothing of that name is known: what else could have been meant?
void Reader::note_fresh(std::uint32_t t) {
  const std::uint32_t name = tokens_.list[t].data;
  const std::string_view text = tokens_.names[name];
  if (noted_[name] || is_greek_name(text)) return;
  const auto first_not = [&](std::size_t from, bool (*kind)(char)) {
    while (from < text.size() && kind(text[from])) ++from;
    return from;
  };
  const std::size_t letters = first_not(0, is_letter), behind = first_not(letters, is_digit);
  const bool has_digits = behind != letters;
  const bool words = letters > 1 && !is_greek_name(text.substr(0, letters));
  const bool split_by_digits = has_digits && behind < text.size() && is_letter(text[behind]);
  // n3 beside n
  const auto known_letter = [&] {
    if (letters != 1 || !has_digits || behind < text.size()) return false;
    const std::uint32_t letter = tokens_.names.intern(text.substr(0, 1), true);
    grow_names();
    return is_known_letter(letter);
  };
  if (!words && !split_by_digits && !known_letter()) return;
  noted_[name] = true;
  const std::string shown(written(t));
  // sinx, cos2x: a function and its argument run together
  std::string call;
  for (std::size_t size = std::min<std::size_t>(letters, 10); size >= 2 && call.empty(); --size) {
    if (size < text.size() && find_function(text.substr(0, size), 1))
      call = std::string(text.substr(0, size)) + "(" + std::string(text.substr(size)) + ")";
  }
  // an index belongs to the last letter
  const std::size_t stem = std::min(text.find('_'), text.size());
  std::string product;
  for (std::size_t i = 0; i < stem; ++i) {
    const bool together = i > 0 && is_digit(text[i - 1]) && is_digit(text[i]);
    product += (product.empty() || together ? "" : "*") + std::string(1, text[i]);
  }
  if (stem + 1 < text.size()) product += text.substr(stem);
  // "sinn x" asks for a function
  const Token& next = tokens_.list[t + 1];
  const bool applied =
      letters == text.size() && letters > 2 && next.spaced && next.kind == Kind::name;
  if (const std::string f = applied ? nearest_function(text) : ""; !f.empty()) {
    fail("N102", "unknown function '" + std::string(text) + "'", span(t),
         "did you mean '" + f + "'?  (for a product write " + std::string(text) + "*...)", {},
         Fix{span(t), f});
  }
  if (!call.empty()) {
    note("S713", "'" + shown + "' is read as one name", span(t), "for the function write " + call,
         shown, call);
  } else {
    constexpr std::size_t longest_shown = 17;
    const std::string brief =
        product.size() <= longest_shown ? product : product.substr(0, longest_shown) + "...";
    note("S713", "'" + shown + "' is read as one name", span(t), "for a product write " + brief,
         shown, product);
  }
}

std::string Reader::suggestion(std::string_view name) {
  if (const std::string_view ours = synonym_of(name); !ours.empty()) return std::string(ours);
  std::vector<std::string_view> candidates = table_names();
  for (const VerbRow& row : verbs) candidates.push_back(row.name);
  for (const std::string& s : scope_.names()) candidates.push_back(s);
  for (const std::string& s : options_.variables) candidates.push_back(s);
  return std::string(nearest(name.substr(0, 300), candidates));
}

// A function that is one slip away.
std::string Reader::nearest_function(std::string_view name) {
  if (const std::string_view ours = synonym_of(name); !ours.empty()) return std::string(ours);
  std::vector<std::string_view> candidates;
  for (const FunctionRow& f : functions) candidates.push_back(f.name);
  const std::string_view near = nearest(name, candidates);
  const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  const bool case_only = std::ranges::equal(near, name, same);
  if (near.empty() || (!case_only && edit_distance(name, near, 1) > 1)) return {};
  return std::string(near);
}

void Reader::unknown_function(std::uint32_t t) {
  const std::string name(name_of(t));
  // letters before a function: xsin(x)
  for (std::size_t i = 1; i + 2 <= name.size() && i < 4; ++i) {
    const std::string f = name.substr(i);
    if (!find_function(f) || !std::ranges::all_of(name.substr(0, i), is_letter)) continue;
    std::string product;
    for (const char c : name.substr(0, i)) product += std::string(1, c) + "*";
    fail("N102", "unknown function '" + name + "'", span(t),
         "did you mean " + product + f + "(...)?", {}, Fix{span(t), product + f});
  }
  const std::string near = suggestion(name);
  std::string product;
  for (const char c : name) product += product.empty() ? std::string(1, c) : std::string("*") + c;
  const std::string_view advice = advice_for_word(name);
  std::string hint = near.empty() ? "" : "did you mean '" + near + "'?";
  if (near.empty() && !advice.empty())
    hint = advice;
  else if (near.empty() && name.size() <= 2)
    hint = "define it first, as in " + name + "(x) = x^2, or write " + product +
           "*(...) for a product";
  else if (near.empty())
    hint = "define it first, as in " + name + "(x) = x^2; help lists the functions";
  else if (name.size() <= 8)
    hint += "  (for a product write " + product + "*(...))";
  std::vector<Label> labels;
  fail("N102", "unknown function '" + name + "'", span(t), hint, std::move(labels),
       near.empty() ? std::nullopt : std::optional(Fix{span(t), near}));
}

void Reader::unknown_name(std::uint32_t t) {
  const std::string name(name_of(t));
  const std::string near = suggestion(name);
  fail("N101", "unknown name '" + std::string(written(t)) + "'", span(t),
       written(t).starts_with("\\int") ? "integrals are not worked out here"
       : !near.empty()                 ? "did you mean '" + near + "'?"
       : is_member(t)                  ? "no name of a module that is known here"
                                       : "this LaTeX command is not understood here",
       {},
       near.empty() || written(t).starts_with("\\int") ? std::nullopt
                                                       : std::optional(Fix{span(t), near + " "}));
}

void Reader::verb_without_parentheses(std::uint32_t t, const VerbRow& verb) {
  std::optional<Fix> fix;
  if (verb.fewest == 1 && peek(2).kind == Kind::end)
    fix = Fix{{token().begin, peek(1).end},
              std::string(written(t)) + "(" + std::string(written(t + 1)) + ")"};
  fail("N103", "'" + std::string(written(t)) + "' needs its arguments in parentheses", span(t),
       "write " + std::string(verb.synopsis), {}, std::move(fix));
}

}  // namespace nabla
