#include <algorithm>

#include "lib/core/constants.hpp"
#include "lib/core/pages.hpp"
#include "lib/core/substitute.hpp"
#include "parser/reader.hpp"
#include "parser/suggest.hpp"

namespace nabla {

Reader::Reader(Graph& graph, Scope& scope, std::string_view text, const ReadOptions& options)
    : g_(graph),
      scope_(scope),
      text_(text),
      options_(options),
      tokens_(tokenize(text, graph.limits)) {
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

// f(2) = 3 and f(x, y=2) = x look like definitions and are none.
void Reader::check_parameters() {
  if (token().kind != Kind::name || peek(1).kind != Kind::open || peek(1).spaced) return;
  const Meaning::Kind kind = meaning(token().data).kind;
  const bool unknown = kind == Meaning::Kind::fresh ||
                       (kind == Meaning::Kind::symbol && !is_known_letter(token().data));
  if (!unknown) return;
  const std::uint32_t close = closing_bracket(at_ + 1);
  if (close == 0) return;
  const Token& sign = tokens_.list[close + 1];
  const bool defines =
      sign.kind == Kind::define || (is_symbol(sign, "=") && sign.end - sign.begin == 1);
  const bool maps = sign.kind == Kind::arrow;
  if (!(defines || maps)) return;
  if (maps) {
    fail("P009", "an arrow defines nothing", span(close + 1), "write f(x) = x^2", {},
         Fix{span(close + 1), "="});
  }
  for (std::uint32_t t = at_ + 2; t < close; t += 2) {
    const bool name = tokens_.list[t].kind == Kind::name;
    if (!name || (tokens_.list[t + 1].kind != Kind::comma && t + 1 != close)) {
      fail("P009", "a parameter is a name", span(t),
           name ? "a parameter has no value yet; names are separated by commas"
                : "write f(x) = ... and then f(2)");
    }
  }
}

// f(x, y) = ... or f(x, y) := ...
bool Reader::starts_function_definition() const {
  const auto& list = tokens_.list;
  if (token().kind != Kind::name || peek(1).kind != Kind::open) return false;
  std::size_t at = at_ + 2;
  while (list[at].kind == Kind::name && list[at + 1].kind == Kind::comma) at += 2;
  if (list[at].kind == Kind::name) ++at;
  return list[at].kind == Kind::close &&
         (list[at + 1].kind == Kind::define ||
          (is_symbol(list[at + 1], "=") && list[at + 1].end - list[at + 1].begin == 1));
}

// lambda x, y: ...; elsewhere lambda is a name like any other.
bool Reader::starts_lambda() const {
  if (!is_word(token(), Word::lambda)) return false;
  const auto& list = tokens_.list;
  std::size_t at = at_ + 1;
  while (list[at].kind == Kind::name || list[at].kind == Kind::comma) ++at;
  return list[at].kind == Kind::colon;
}

std::vector<std::uint32_t> Reader::read_parameters(Kind closing) {
  std::vector<std::uint32_t> parameters;
  while (token().kind != closing) {
    if (token().kind != Kind::name) fail("P009", "a parameter is a name", span(at_));
    if (std::ranges::find(parameters, token().data) != parameters.end())
      fail("P009", "this parameter is named twice", span(at_));
    parameters.push_back(token().data);
    ++at_;
    if (token().kind == Kind::comma)
      ++at_;
    else if (token().kind != closing)
      fail("P001", "a comma or the end of the parameters is expected", span(at_));
  }
  if (parameters.empty())
    fail("P009", "a function has parameters", span(at_), "without any it is a name: a = 2");
  ++at_;
  return parameters;
}

Quantity Reader::body_with(std::span<const std::uint32_t> parameters) {
  const std::size_t height = locals_.size();
  for (const std::uint32_t p : parameters) push_local(p, Local::Kind::symbol);
  Quantity value = expression();
  pop_locals(height);
  return value;
}

Quantity Reader::read_lambda(std::vector<std::string>& names) {
  ++at_;
  const std::vector<std::uint32_t> parameters = read_parameters(Kind::colon);
  for (const std::uint32_t p : parameters) names.emplace_back(tokens_.names[p]);
  return body_with(parameters);
}

Statement Reader::read_assignment(std::uint32_t name_token) {
  Statement s;
  s.kind = Statement::Kind::definition;
  s.name = name_of(name_token);
  at_ += 2;
  skip_newlines();
  assigning_ = true;
  if (starts_lambda()) {
    s.kind = Statement::Kind::function;
    s.value = read_lambda(s.parameters);
  } else {
    s.value = expression();
  }
  end_of_statement();
  define(s, name_token);
  return s;
}

Statement Reader::read_function_definition() {
  Statement s;
  s.kind = Statement::Kind::function;
  const std::uint32_t name_token = at_;
  s.name = name_of(name_token);
  at_ += 2;
  const std::vector<std::uint32_t> parameters = read_parameters(Kind::close);
  ++at_;
  assigning_ = true;
  for (const std::uint32_t p : parameters) s.parameters.emplace_back(tokens_.names[p]);
  s.value = body_with(parameters);
  end_of_statement();
  define(s, name_token);
  return s;
}

// def f(x): statements, the last of them "return expr". Local names are expanded in what follows
// them.
Statement Reader::read_python_function() {
  Statement s;
  s.kind = Statement::Kind::function;
  const std::uint32_t name_token = ++at_;
  s.name = name_of(name_token);
  ++at_;
  if (token().kind != Kind::open)
    fail("P009", "a function has parameters in parentheses", span(at_),
         "write def f(x): return x^2");
  ++at_;
  const std::vector<std::uint32_t> parameters = read_parameters(Kind::close);
  for (const std::uint32_t p : parameters) s.parameters.emplace_back(tokens_.names[p]);
  if (token().kind != Kind::colon) fail("P001", "':' is expected before the body", span(at_));
  ++at_;
  const Scope outside = scope_;
  for (;;) {
    at_end();
    if (is_word(token(), Word::return_)) {
      ++at_;
      break;
    }
    if (token().kind != Kind::name || !is_symbol(peek(1), "=")) {
      fail("P009", "the body of a function ends with 'return'", span(at_),
           "write def f(x): return x^2");
    }
    const std::uint32_t local_token = at_;
    at_ += 2;
    Definition local{
        .kind = Definition::Kind::expression, .parameters = {}, .value = body_with(parameters)};
    end_of_statement();
    scope_.define(name_of(local_token), std::move(local));
    ++generation_;
  }
  s.value = body_with(parameters);
  end_of_statement();
  scope_ = outside;
  ++generation_;
  define(s, name_token);
  return s;
}

void Reader::define(Statement& s, std::uint32_t name_token) {
  const std::string& name = s.name;
  const std::uint32_t id = tokens_.list[name_token].data;
  if (name.size() > g_.limits.name_bytes)
    fail("L107", "a name of more than " + std::to_string(g_.limits.name_bytes) + " letters",
         span(name_token));
  note_shadowing(id, span(name_token));
  Definition d{.kind = Definition::Kind::expression, .parameters = s.parameters, .value = s.value};
  if (s.kind == Statement::Kind::function) {
    d.kind = Definition::Kind::function;
  } else {
    bool numbers = true;
    for (Expr& e : d.value.entries) {
      // x = x + 1 uses the value x had
      const Definition* before = scope_.find(name);
      if (before != nullptr && before->kind == Definition::Kind::number &&
          (node(e).flags & depends_on_symbol) != 0) {
        const Replacement old{symbol(g_, name), before->value.scalar()};
        e = substitute(e, {&old, 1});
      }
      if ((node(e).flags & depends_on_symbol) != 0) {
        const std::vector<std::string> inside = g_.symbols({&e.id, 1});
        if (std::ranges::find(inside, name) != inside.end()) {
          fail("N106", "'" + name + "' is defined in terms of itself", span(name_token),
               "give it a value first, or choose another name");
        }
      }
      numbers = numbers && (node(e).flags & depends_on_symbol) == 0;
    }
    s.value = d.value;
    if (numbers && d.value.is_scalar()) d.kind = Definition::Kind::number;
    if (numbers && d.value.shape == Quantity::Shape::vector) d.kind = Definition::Kind::data;
  }
  scope_.define(name, std::move(d));
  scope_.meet(name);
  ++generation_;
}

// --- odds and ends

Reader::Item Reader::array(Quantity q, std::uint32_t t) {
  if (q.is_scalar()) return {q.scalar().id, 0, t};
  arrays_.push_back(std::move(q));
  return {Graph::zero, static_cast<std::uint32_t>(arrays_.size()), t};
}

Quantity Reader::quantity(const Item& item) const {
  return item.array == 0 ? Quantity(g_.expr(item.id)) : arrays_[item.array - 1];
}

NodeId Reader::scalar(const Item& item, std::string_view place) {
  if (item.array != 0) {
    fail("N104", "a number is expected as " + std::string(place) + ", not a vector or matrix",
         {tokens_.list[item.token].begin,
          tokens_.list[at_ > item.token ? at_ - 1 : item.token].end});
  }
  return item.id;
}

void Reader::note(std::string_view code, std::string message, Span place, std::string hint,
                  std::string reading, std::string alternative, bool mends) {
  Diagnostic d{.code = std::string(code),
               .severity = Severity::note,
               .message = std::move(message),
               .span = place,
               .hint = std::move(hint)};
  if (mends && !reading.empty() && reading != text_.substr(place.begin, place.end - place.begin))
    d.fix = Fix{place, reading};
  d.reading = std::move(reading);
  d.alternative = std::move(alternative);
  add_note(std::move(d));
}

void Reader::add_note(Diagnostic d) {
  if (options_.strict) {
    d.severity = Severity::error;
    throw Refusal{std::move(d)};
  }
  if (notes_.size() < options_.notes)
    notes_.push_back(std::move(d));
  else
    ++unlisted_;
}

void Reader::fail(std::string_view code, std::string message, Span place, std::string hint,
                  std::vector<Label> labels, std::optional<Fix> fix) const {
  throw Refusal{{.code = std::string(code),
                 .message = std::move(message),
                 .span = place,
                 .hint = std::move(hint),
                 .labels = std::move(labels),
                 .fix = std::move(fix)}};
}

void Reader::push_local(std::uint32_t name, Local::Kind kind) {
  locals_.push_back({name, kind});
  ++generation_;
}

void Reader::pop_locals(std::size_t height) {
  if (locals_.size() == height) return;
  locals_.resize(height);
  ++generation_;
}

}  // namespace nabla
