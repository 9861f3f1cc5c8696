#include "lib/core/pages.hpp"
#include "parser/reader.hpp"
#include "parser/suggest.hpp"

namespace nabla {

Reader::Reader(Graph& graph, Scope& scope, std::string_view text, const ReadOptions& options)
    : g_(graph),
      scope_(scope),
      text_(text),
      options_(options),
      tokens_(tokenize(text, graph.limits)),
      tex_(text.find('\\') != text.npos) {
  const auto flag = [&](const std::vector<std::string>& names, const auto& flags) {
    for (const std::string& name : names) {
      const std::uint32_t id = tokens_.names.intern(name, true);
      grow_names();
      flags[id] = true;
    }
  };
  values_.reserve(32);
  pending_.reserve(32);
  calls_.reserve(8);
  variables_.reserve(8);
  name_states_.reserve(tokens_.names.size() + options.variables.size());
  prefer_large_pages(name_states_.data(), name_states_.capacity() * sizeof(NameState));
  grow_names();
  flag(options.variables, declared_);
  flag(options.columns, columns_);
  // Functions of the program read like definitions, which may hide them.
  for (std::size_t i = 0; i < g_.functions().size(); ++i) {
    const UserFunction& f = g_.functions()[i];
    if (scope_.find(f.name) != nullptr) continue;
    std::vector<NodeId> operands;
    for (const std::string& p : f.parameters) operands.push_back(g_.insert_name(Op::symbol, p));
    scope_.define(f.name,
                  {.kind = Definition::Kind::function,
                   .parameters = f.parameters,
                   .value = g_.expr(nabla::apply(g_, static_cast<std::uint8_t>(i), operands))});
  }
}

bool Reader::at_end() {
  while (token().kind == Kind::newline || token().kind == Kind::semicolon) ++at_;
  return token().kind == Kind::end;
}

// One-letter names and names of several letters that a statement used can be told apart in the
// next.
void Reader::remember_names() {
  if (!meets_) return;
  for (const std::uint32_t name : variables_) scope_.meet(tokens_.names[name]);
  meets_ = false;
}

Statement Reader::statement() {
  remember_names();
  values_.clear();
  pending_.clear();
  calls_.clear();
  prefixes_.clear();
  arrays_.clear();
  derivatives_.clear();
  locals_.clear();
  notes_.clear();
  variables_.clear();
  ++statement_;
  nesting_ = open_ended_ = brackets_ = data_sums_ = 0;
  noted_product_ = summed_ = assigning_ = false;
  last_division_ = last_product_ = 0;
  products_.clear();
  signs_.clear();
  unlisted_ = 0;
  ++generation_;

  const std::uint32_t first = at_;
  const Token& t = token();
  Statement result;
  check_foreign_word();
  if (is_word(t, Word::def) && peek(1).kind == Kind::name) {
    result = read_python_function();
  } else if (t.kind == Kind::name &&
             (peek(1).kind == Kind::define ||
              (is_symbol(peek(1), "=") && peek(1).end - peek(1).begin == 1))) {
    result = read_assignment(at_);
  } else if (starts_function_definition()) {
    result = read_function_definition();
  } else {
    check_parameters();
    result.value = starts_lambda() ? read_lambda(result.parameters) : expression();
    end_of_statement();
  }
  result.span = span(first, at_ == first ? first : at_ - 1);
  if (result.parameters.empty()) {
    result.variables.reserve(variables_.size());
    for (const std::uint32_t name : variables_) {
      if (!counts_rows(name)) result.variables.emplace_back(tokens_.names[name]);
    }
    meets_ = true;
  } else {
    result.variables = result.parameters;
  }
  finish_product_notes();
  note_rows(first);
  if (unlisted_ != 0) {
    notes_.push_back({.code = "S700",
                      .severity = Severity::note,
                      .message = std::to_string(unlisted_) + " more notes are not listed",
                      .span = result.span});
  }
  result.notes = std::move(notes_);
  return result;
}

// A free n beside a sum over data.
bool Reader::counts_rows(std::uint32_t name) const {
  return summed_ && tokens_.names[name] == "n" && !declared_[name];
}

void Reader::note_rows(std::uint32_t first) {
  for (const std::uint32_t name : variables_) {
    if (!counts_rows(name) || scope_.find("n") != nullptr) continue;
    std::uint32_t t = first;
    while (t + 1 < at_ && !(tokens_.list[t].kind == Kind::name && tokens_.list[t].data == name))
      ++t;
    if (t + 1 >= at_ && tokens_.list[t].data != name)
      return;  // it comes with a definition, noted there
    note("S701", "n is taken as the number of rows of the data", span(t),
         "declare n, or give it a value, for a variable of that name", "number of rows",
         "variable n", false);
  }
}

void Reader::end_of_statement() {
  if (token().kind == Kind::newline || token().kind == Kind::semicolon || token().kind == Kind::end)
    return;
  fail("P008", "'" + std::string(written(at_)) + "' is not expected here", span(at_));
}

// Words of other languages at the start of a statement, where they would read as products.
void Reader::check_foreign_word() {
  if (token().kind != Kind::name || peek(1).kind != Kind::name || !peek(1).spaced) return;
  const std::string_view word = written(at_);
  const std::string_view advice = advice_for_word(word);
  if (advice.empty() || declared_[token().data] || scope_.find(name_of(at_)) != nullptr) return;
  std::optional<Fix> fix;
  if (word == "let") fix = Fix{{token().begin, peek(1).begin}, ""};
  fail("P008", "'" + std::string(word) + "' is no word of this language", span(at_),
       std::string(advice), {}, std::move(fix));
}

}  // namespace nabla
