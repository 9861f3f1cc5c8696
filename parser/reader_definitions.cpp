#include <algorithm>

#include "lib/core/substitute.hpp"
#include "parser/reader.hpp"

// Names and functions that a text defines: a = 2, f(x) = x^2, lambda and def of Python.

namespace nabla {

void Reader::push_local(std::uint32_t name, Local::Kind kind) {
  locals_.push_back({name, kind});
  ++generation_;
}

void Reader::pop_locals(std::size_t height) {
  if (locals_.size() == height) return;
  locals_.resize(height);
  ++generation_;
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
  const std::uint32_t first = at_;
  while (token().kind != closing) {
    if (token().kind != Kind::name) fail("P009", "a parameter is a name", span(at_));
    if (std::ranges::find(parameters, token().data) != parameters.end())
      fail(
          "P009", "this parameter is named twice", span(at_), "",
          {{span(first + 2 * static_cast<std::uint32_t>(
                                 std::ranges::find(parameters, token().data) - parameters.begin())),
            "first named here"}});
    parameters.push_back(token().data);
    ++at_;
    if (token().kind == Kind::comma)
      ++at_;
    else if (token().kind != closing)
      fail("P001", "a comma or the end of the parameters is expected", span(at_), "",
           closing == Kind::close ? std::vector<Label>{{span(first - 1), "opened here"}}
                                  : std::vector<Label>{});
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
          std::vector<Label> labels;
          for (std::uint32_t t = name_token + 1; t < at_ && labels.empty(); ++t) {
            if (tokens_.list[t].kind == Kind::name && tokens_.list[t].data == id)
              labels.push_back({span(t), "used here"});
          }
          fail("N106", "'" + name + "' is defined in terms of itself", span(name_token),
               "give it a value first, or choose another name", std::move(labels));
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

}  // namespace nabla
