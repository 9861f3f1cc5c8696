#include <algorithm>

#include "lib/core/build.hpp"
#include "lib/core/constants.hpp"
#include "parser/python.hpp"
#include "parser/reader.hpp"
#include "parser/spelling.hpp"
#include "parser/suggest.hpp"
#include "parser/vocabulary.hpp"

// What names mean.

namespace nabla {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Letters at the start of a name.
std::size_t count_letters(std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find_if_not(name, is_letter) - name.begin());
}

}  // namespace

const Reader::Meaning& Reader::meaning(std::uint32_t name) {
  if (name_states_[name].meaning.generation != generation_) {
    Meaning m = resolve(name);  // may make room for more names
    m.generation = generation_;
    name_states_[name].meaning = m;
  }
  return name_states_[name].meaning;
}

// `name` is x_i for an index i of a sum we are in.
bool Reader::is_index(std::string_view suffix) const {
  return std::ranges::any_of(locals_, [&](const Local& local) {
    return local.kind != Local::Kind::symbol && tokens_.names[local.name] == suffix;
  });
}

Reader::Meaning Reader::resolve(std::uint32_t name) {
  using M = Meaning::Kind;
  const std::string_view text = tokens_.names[name];
  const auto symbol = [&] { return g_.insert_name(Op::symbol, text); };
  for (auto local = locals_.rbegin(); local != locals_.rend(); ++local) {
    if (local->name == name && local->kind != Local::Kind::suffix)
      return {.kind = M::symbol, .node = symbol()};
  }
  if (columns_[name]) return {.kind = M::column, .node = g_.insert_name(Op::column, text)};
  if (declared_[name]) return {.kind = M::symbol, .node = symbol()};
  if (text.starts_with("np.")) return python_name(text);
  if (const Definition* d = scope_.find(text)) {
    if (d->kind == Definition::Kind::number) return {.kind = M::symbol, .node = symbol()};
    if (d->kind == Definition::Kind::data && in_data_sum())
      return {.kind = M::column, .node = g_.insert_name(Op::column, text)};
    return {.kind = M::definition, .definition = d};
  }

  if (const std::size_t bar = text.rfind('_');
      bar != text.npos && bar != 0 && bar + 1 < text.size()) {
    const std::string_view base = text.substr(0, bar), suffix = text.substr(bar + 1);
    const Definition* d = scope_.find(base);
    if (in_data_sum() && is_index(suffix)) {
      const auto is_column = [&](std::string_view s) {
        const Definition* data = scope_.find(s);
        return (data != nullptr && data->kind == Definition::Kind::data) ||
               std::ranges::find(options_.columns, s) != options_.columns.end();
      };
      if (!is_column(base) && split_letters(text)) return {.kind = M::letters};
      return {.kind = M::column, .node = g_.insert_name(Op::column, base)};
    }
    if (d != nullptr && d->value.shape == Quantity::Shape::vector && suffix.size() < 10 &&
        std::ranges::all_of(suffix, is_digit)) {
      const std::size_t i = static_cast<std::size_t>(std::stoul(std::string(suffix)));
      if (i >= 1 && i <= d->value.entries.size())
        return {.kind = M::constant, .node = d->value.entries[i - 1].id};
      return {.kind = M::no_entry, .definition = d};
    }
    // \log_2 and log_10
    std::string joined(base);
    joined += suffix;
    if (std::ranges::all_of(suffix, is_digit) && find_function(joined))
      return {.kind = M::function};
  }
  if (may_be_a_word(text)) {
    if (const VerbRow* verb = find_verb(text)) return {.kind = M::verb, .verb = verb};
    if (find_function(text)) return {.kind = M::function};
    if (const auto row = find_constant(text))
      return {.kind = M::constant, .node = g_.insert_constant(*row)};
  }
  if (text.size() == 1 || scope_.has_met(text)) return {.kind = M::symbol, .node = symbol()};
  if (split_letters(text)) return {.kind = M::letters};
  return {.kind = M::fresh, .node = symbol()};
}

// np.square and its kin; the lexer leaves the dot in these names only.
Reader::Meaning Reader::python_name(std::string_view name) {
  if (makes_array(name)) return {.kind = Meaning::Kind::verb, .verb = &array_row};
  const PythonFunction& f = *find_python_function(name);
  derivatives_.push_back({.kind = Definition::Kind::function,
                          .parameters = {"u"},
                          .value = f.value(symbol(g_, "u"), symbol(g_, "v"))});
  if (f.arity == 2) derivatives_.back().parameters.emplace_back("v");
  return {.kind = Meaning::Kind::definition, .definition = &derivatives_.back()};
}

bool Reader::is_known_letter(std::uint32_t name) {
  const std::string_view text = tokens_.names[name];
  const Definition* d = scope_.find(text);
  return declared_[name] || columns_[name] ||
         (d != nullptr ? d->kind != Definition::Kind::function : scope_.has_met(text)) ||
         std::ranges::any_of(
             locals_,
             [&](const Local& l) { return l.name == name && l.kind == Local::Kind::symbol; }) ||
         (may_be_a_word(text) && find_constant(text).has_value()) || appears_alone(name);
}

// The names that a run of letters is a product of, when each of them is known; whatever follows the
// letters belongs to the last one.
std::optional<std::vector<std::uint32_t>> Reader::split_letters(std::string_view name) {
  const std::size_t letters = count_letters(name);
  if (letters < 2 || is_greek_name(name.substr(0, letters))) return std::nullopt;
  const bool indexed = in_data_sum() && letters + 1 < name.size() && name[letters] == '_' &&
                       is_index(name.substr(letters + 1));
  std::vector<std::uint32_t> parts;
  for (std::size_t i = 0; i < letters; ++i) {
    const bool last = i + 1 == letters;
    const std::uint32_t part =
        tokens_.names.intern(std::string(last ? name.substr(i) : name.substr(i, 1)), false);
    grow_names();
    // w x_i next to a sum sign: data has an index, a parameter has none
    if (!(indexed && (last || letters == 2)) && !is_known_letter(part)) return std::nullopt;
    parts.push_back(part);
  }
  return parts;
}

void Reader::grow_names() {
  if (name_states_.size() != tokens_.names.size()) name_states_.resize(tokens_.names.size());
}

// Whether the name occurs in the text as a value, not in front of a parenthesis.
bool Reader::appears_alone(std::uint32_t name) {
  if (!alone_known_) {
    alone_known_ = true;
    for (std::size_t i = 0; i + 1 < tokens_.list.size(); ++i) {
      const Token& t = tokens_.list[i];
      if (t.kind == Kind::name && tokens_.list[i + 1].kind != Kind::open &&
          tokens_.list[i + 1].kind != Kind::prime)
        alone_[t.data] = true;
    }
  }
  return alone_[name];
}

// True the first time that a statement has the name.
bool Reader::first_mention(std::uint32_t name) {
  const bool first = name_states_[name].mentioned != statement_;
  name_states_[name].mentioned = statement_;
  return first;
}

void Reader::mention(std::uint32_t name) {
  if (!first_mention(name)) return;
  if (std::ranges::none_of(locals_, [&](const Local& l) { return l.name == name; }))
    variables_.push_back(name);
}

}  // namespace nabla
