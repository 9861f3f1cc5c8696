#include "cli/session.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <set>

#include "cli/evaluate.hpp"
#include "cli/pages.hpp"
#include "cli/prompt_commands.hpp"
#include "cli/question.hpp"
#include "cli/reply.hpp"
#include "cli/text.hpp"
#include "lib/core/constants.hpp"
#include "lib/eval/function.hpp"
#include "parser/render.hpp"
#include "parser/suggest.hpp"
#include "parser/verbs.hpp"
#include "simplify/expand.hpp"
#include "simplify/simplify.hpp"

namespace nabla {
namespace {

constexpr std::string_view last_answer = "ans";

struct Word {
  std::string_view name, synopsis, summary;
};
constexpr Word words[] = {
    {":help", ":help [topic]", "this list; a function, a word or 'language'"},
    {":vars", ":vars", "what is defined"},
    {":clear", ":clear [name]", "forget one definition, or everything"},
    {":kinks", ":kinks EXPR", "where abs, min, if, floor and their kin switch"},
    {":format", ":format text|unicode|latex|mathml|sexpr|dot", "how results are written"},
    {":digits", ":digits N", "significant digits of values; 0: all that matter"},
    {":level", ":level 0..3", "how results are simplified: 0 not, 1 like terms, 2 shortest"},
    {":expand", ":expand EXPR", "products and powers of sums multiplied out"},
    {":limit", ":limit [NAME=N]", "the limits, or another value for one"},
    {":more", ":more", "the next part of a long result"},
    {":quit", ":quit", "leave; so does Ctrl-D"},
};

constexpr std::string_view first_steps =
    "Type an expression, or a definition:\n"
    "  f(x) = x^2 sin x      then   f'(x)   f''(1)   d/dx (f(x)/x)\n"
    "  x = 3                 gives x a value; results show it\n"
    "  grad(x^2 + 3x*y)      hessian(...)   jacobian([x*y, x+y], [x, y])\n"
    "  ans                   the last answer\n\n";

// A value worth a line of its own: more than the number that was just printed.
bool says_more(const Quantity& quantity) {
  return std::ranges::any_of(quantity.entries, [](Expr e) {
    const Node& n = node(e);
    return !n.is_number() || (n.op == Op::rational && !e.graph->exact_of(n).is_integer());
  });
}

}  // namespace

Session::Session(const Console& console, bool echo)
    : limits_(console.limits),
      format_(console.format),
      digits_(console.digits),
      strict_(console.strict),
      echo_(echo),
      graph_(std::make_unique<Graph>(limits_)) {}

void Session::clear() {
  scope_ = Scope();
  graph_ = std::make_unique<Graph>(limits_);
}

std::string Session::definition_text(const std::string& name, const Definition& definition) const {
  std::string text = name;
  if (definition.kind == Definition::Kind::function) {
    text += '(';
    for (std::size_t i = 0; i < definition.parameters.size(); ++i) {
      text += (i == 0 ? "" : ", ") + definition.parameters[i];
    }
    text += ')';
  }
  return text + " = " + write(definition.value, Format::text) + "\n";
}

// Functions, expressions and data; a name that merely has a value stays free to vary.
std::string Session::definitions_before() const {
  std::string text;
  for (const std::string& name : scope_.names()) {
    const Definition* found = scope_.find(name);
    if (!found || found->kind == Definition::Kind::number || name == last_answer) continue;
    std::string line = definition_text(name, *found);
    line.pop_back();
    text += line + "; ";
  }
  return text;
}

Console Session::console() const {
  return {.out = nowhere_,
          .err = nowhere_,
          .limits = limits_,
          .format = format_,
          .digits = digits_,
          .json = false,
          .strict = strict_,
          .color = false,
          .watchdog = nullptr};
}

void Session::show_names(Reply& reply) const {
  for (const std::string& name : scope_.names()) {
    if (const Definition* found = scope_.find(name)) reply.text += definition_text(name, *found);
  }
  if (reply.text.empty()) reply.text = "nothing is defined yet\n";
}

void Session::answer(const Statement& statement, bool expanded, Reply& reply) {
  for (const Diagnostic& note : statement.notes) reply.notes.push_back(note);
  if (statement.kind != Statement::Kind::expression) {
    const Definition* known = scope_.find(statement.name);
    if (echo_ && known) reply.text += definition_text(statement.name, *known);
    return;
  }
  Quantity result = statement.value;
  std::vector<Expr> valued;
  if (expanded) {
    for (Expr& entry : result.entries) entry = expand(entry);
    valued = result.entries;
  } else {
    // A short form may have a value where what was asked for has none.
    valued = simplify(result.entries, {.level = std::min(level_, 1)});
    result.entries = simplify(result.entries, {.level = level_});
  }
  reply.text += write(result, format_) + "\n";

  const Point nowhere;
  const auto found = evaluate_at(*graph_, scope_, valued, std::span(&nowhere, 1));
  // A name without a value is no error here; a stop is.
  if (!found && found.error().code.starts_with('L')) throw LimitError(found.error());
  reply.values.clear();
  if (found && !found->rows.front().missing) {
    reply.values = found->rows.front().values;
    if (format_ == Format::text && says_more(result)) {
      reply.text += "= " + write_values(result, found->rows.front(), digits_) + "\n";
      for (const Diagnostic& note : found->notes) reply.notes.push_back(note);
    }
  }
  reply.result = result;
  scope_.define(last_answer,
                {.kind = Definition::Kind::expression, .parameters = {}, .value = result});
}

// The rest of the line is an expression; blanks in front keep the spans of its errors right.
void Session::show_kinks(std::string_view line, std::size_t begin, Reply& reply) {
  const std::string text = std::string(begin, ' ') + std::string(line.substr(begin));
  try {
    const auto read =
        parse(*graph_, scope_, text, {.variables = {}, .columns = {}, .strict = strict_});
    if (!read) {
      reply.error = read.error();
      return;
    }
    reply.notes = read->notes;
    const auto places = places_of(read->value.entries);
    if (!places) {
      reply.error = places.error();
      return;
    }
    for (const KinkPlace& place : *places) reply.text += describe(place, format_) + "\n";
    if (places->empty()) reply.text += "no place where a function switches\n";
  } catch (const LimitError& error) {
    reply.error = error.diagnostic();
  }
}

void Session::command(std::string_view line, Reply& reply) {
  const std::size_t end = line.find_first_of(" \t");
  const std::string_view name = line.substr(0, end);
  const std::string_view rest = end == line.npos ? std::string_view() : trimmed(line.substr(end));
  const auto fail = [&](std::string message, std::string hint) {
    reply.error = Diagnostic{.code = "U530",
                             .message = std::move(message),
                             .span = {0, line.size()},
                             .hint = std::move(hint)};
  };
  if (name == ":quit" || name == ":q" || name == ":exit") {
    reply.over = true;
  } else if (name == ":vars") {
    show_names(reply);
  } else if (name == ":clear") {
    if (rest.empty())
      clear();
    else
      scope_.remove(rest);
  } else if (name == ":kinks") {
    show_kinks(line, end == line.npos ? line.size() : end, reply);
  } else if (name == ":format") {
    const auto format = find_format(rest);
    if (format)
      format_ = *format;
    else
      fail("no format '" + printable(rest) + "'", "one of " + format_names());
  } else if (name == ":digits") {
    const auto digits = to_count(rest);
    if (digits && *digits <= 17)
      digits_ = static_cast<int>(*digits);
    else
      fail("a number of digits is 0 to 17", {});
  } else if (name == ":level") {
    const auto level = to_count(rest);
    if (level && *level <= 3)
      level_ = static_cast<int>(*level);
    else
      fail("a level is 0 to 3", {});
  } else if (name == ":limit" || name == ":limits") {
    if (rest.empty()) {
      reply.text = limit_list(graph_->limits);
    } else if (auto error = set_limit(graph_->limits, rest)) {
      error->span = {0, line.size()};
      reply.error = std::move(error);
    } else {
      const Stop* const stop = limits_.stop;
      limits_ = graph_->limits;
      limits_.stop = stop;
    }
  } else if (name == ":more") {
    fail("there is no more of the last result", {});
  } else if (name == ":help" || name == ":h" || name == ":?") {
    if (rest.empty()) {
      reply.text = first_steps;
      for (const Word& word : words) {
        std::string synopsis(word.synopsis);
        synopsis.resize(std::max<std::size_t>(synopsis.size() + 2, 32), ' ');
        reply.text += "  " + synopsis + std::string(word.summary) + "\n";
      }
      for (const PromptCommand& row : prompt_commands()) {
        std::string synopsis(row.synopsis);
        synopsis.resize(std::max<std::size_t>(synopsis.size() + 2, 32), ' ');
        reply.text += "  " + synopsis + std::string(row.summary) + "\n";
      }
    } else if (const auto page = find_page(rest)) {
      reply.text = *page;
    } else {
      const std::string_view near = nearest(rest, topics());
      fail("no help on '" + printable(rest) + "'",
           near.empty() ? "" : "did you mean '" + std::string(near) + "'?");
    }
  } else if (auto text = run_at_prompt(name, rest, definitions_before(), console())) {
    reply.text = std::move(*text);
  } else {
    std::vector<std::string_view> known;
    for (const Word& word : words) known.push_back(word.name);
    for (const PromptCommand& row : prompt_commands()) known.push_back(row.name);
    const std::string_view near = nearest(name, known);
    fail("no command '" + printable(name) + "'",
         near.empty() ? ":help lists them" : "did you mean '" + std::string(near) + "'?");
  }
}

Session::Reply Session::enter(std::string_view line) {
  Reply reply;
  try {
    obey(line, reply);
  } catch (const LimitError& error) {
    reply.error = error.diagnostic();
    if (reply.error->hint.empty() && reply.error->code == "L101") {
      reply.error->hint = ":clear forgets everything";
    }
  } catch (const NameError& error) {
    reply.error = Diagnostic{.code = "N101", .message = error.what(), .span = {}};
  } catch (const CallError& error) {
    reply.error = error.diagnostic();
  } catch (const std::bad_alloc&) {
    reply.error = out_of_memory();
  }
  return reply;
}

void Session::obey(std::string_view line, Reply& reply) {
  const std::string_view words_only = trimmed(line);
  if (words_only.empty() || words_only.front() == '#') return;
  constexpr std::string_view expanding = ":expand ";
  if (words_only.starts_with(expanding)) {
    const auto skipped =
        static_cast<std::size_t>(words_only.data() - line.data()) + expanding.size();
    read(line.substr(skipped), true, reply);
    const auto move = [&](Span& span) { span = {span.begin + skipped, span.end + skipped}; };
    const auto move_all = [&](Diagnostic& d) {
      move(d.span);
      for (Label& label : d.labels) move(label.span);
      if (d.fix) move(d.fix->span);
    };
    if (reply.error) move_all(*reply.error);
    for (Diagnostic& note : reply.notes) move_all(note);
    return;
  }
  if (words_only.front() == ':') return command(words_only, reply);
  // What everybody tries first.
  if (words_only == "quit" || words_only == "exit") {
    if (!scope_.find(words_only)) {
      reply.over = true;
      return;
    }
  } else if (words_only == "help") {
    return command(":help", reply);
  }
  read(line, false, reply);
}

void Session::read(std::string_view text, bool expanded, Reply& reply) {
  ReadOptions options;
  options.strict = strict_;
  const auto statements = parse_statements(*graph_, scope_, text, options);
  if (!statements) {
    reply.error = statements.error();
    return;
  }
  for (const Statement& statement : *statements) answer(statement, expanded, reply);
}

bool Session::agrees(const Quantity& result, std::string_view text) {
  Scope scope = scope_;
  const auto read = parse_statements(*graph_, scope, text);
  if (!read || read->empty()) return false;
  const Quantity& wanted = read->back().value;
  if (wanted.entries.size() != result.entries.size()) return false;
  std::vector<Expr> both = result.entries;
  both.insert(both.end(), wanted.entries.begin(), wanted.entries.end());
  std::vector<NodeId> roots;
  roots.reserve(both.size());
  for (const Expr e : both) roots.push_back(e.id);
  std::vector<Point> points(3);
  double number = 0.6;
  for (Point& point : points) {
    for (const std::string& name : graph_->symbols(roots)) {
      if (!scope.find(name)) point.entries.push_back({.name = name, .number = number += 0.37});
    }
  }
  const auto found = evaluate_at(*graph_, scope, both, points);
  if (!found) return false;
  const std::size_t size = result.entries.size();
  for (const Row& row : found->rows) {
    if (row.missing) return false;
    for (std::size_t i = 0; i < size; ++i) {
      const double difference = std::abs(row.values[i] - row.values[i + size]);
      if (!(difference <= 1e-12 * (1 + std::abs(row.values[i])))) return false;
    }
  }
  return true;
}

std::vector<std::string> Session::completions(std::string_view beginning) const {
  std::set<std::string> found;
  const auto consider = [&](std::string_view word) {
    if (word.starts_with(beginning)) found.emplace(word);
  };
  if (beginning.starts_with(':')) {
    for (const Word& word : words) consider(word.name);
    for (const PromptCommand& row : prompt_commands()) consider(row.name);
  } else {
    for (const std::string_view word : table_names()) consider(word);
    for (const VerbRow& row : verbs) consider(row.name);
    for (const std::string& name : scope_.names()) consider(name);
  }
  return {found.begin(), found.end()};
}

bool is_unfinished(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
  }
  return depth > 0;
}

}  // namespace nabla
