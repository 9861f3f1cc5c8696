#include "cli/question.hpp"

#include <algorithm>
#include <new>

#include "cli/code.hpp"
#include "cli/simplified.hpp"
#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/core/constants.hpp"
#include "lib/eval/function.hpp"
#include "simplify/expand.hpp"
#include "simplify/normal_form.hpp"

namespace nabla {
namespace {

// Working an answer out, step by step.
class Worker {
 public:
  Worker(Graph& graph, const Question& question) : graph_(graph), question_(question) {}

  std::optional<Diagnostic> read();
  std::optional<Diagnostic> choose_variables();
  std::optional<Diagnostic> work();
  std::optional<Diagnostic> generate_code();
  std::optional<Diagnostic> work_out_cost();
  std::optional<Diagnostic> evaluate();

  Answer answer;

 private:
  ReadOptions options() const;
  std::optional<Diagnostic> read(std::string_view text, std::size_t source);
  Result<Expr> variable(const std::string& name);
  Result<Quantity> differentiate();
  Result<Quantity> along();
  std::optional<Diagnostic> find_kinks();
  std::optional<Diagnostic> explain();
  std::optional<Diagnostic> not_scalar(std::string_view task) const;

  Graph& graph_;
  const Question& question_;
  Scope scope_;
  std::vector<std::string> appeared_;
  std::vector<Expr> variables_;
  std::vector<Expr> valued_;  // what values are of, where the result has another form
};

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

ReadOptions Worker::options() const {
  ReadOptions result;
  result.variables = question_.variables;
  result.strict = question_.strict;
  for (const std::string& name : question_.wrt) {
    if (!find_constant(name) && !contains(result.variables, name)) result.variables.push_back(name);
  }
  for (const Point& point : question_.at) {
    for (const Point::Entry& entry : point.entries) {
      auto& names = entry.is_column ? result.columns : result.variables;
      if (!contains(names, entry.name)) names.push_back(entry.name);
    }
  }
  return result;
}

// What is asked is what the expressions of the text say, or its last definition when it has no
// other.
std::optional<Diagnostic> Worker::read(std::string_view text, std::size_t source) {
  auto statements = parse_statements(graph_, scope_, text, options());
  if (!statements) {
    Diagnostic error = statements.error();
    error.source = source;
    return error;
  }
  if (statements->empty())
    return Diagnostic{.code = "P013", .message = "nothing to read here", .span = {}};
  const auto is_expression = [](const Statement& s) {
    return s.kind == Statement::Kind::expression;
  };
  const auto expressions = std::ranges::count_if(*statements, is_expression);
  const bool alone = expressions <= 1 && question_.texts.size() == 1;
  for (Statement& statement : *statements) {
    for (Diagnostic& note : statement.notes) {
      note.source = source;
      answer.notes.push_back(std::move(note));
    }
    const bool asked =
        expressions == 0 ? &statement == &statements->back() : is_expression(statement);
    if (!asked) continue;
    for (const std::string& name : statement.variables) {
      const Definition* known = scope_.find(name);
      const bool has_value = known && known->kind == Definition::Kind::number;
      if (!has_value && !contains(appeared_, name)) appeared_.push_back(name);
    }
    if (alone) {
      answer.asked = std::move(statement.value);
    } else {
      answer.asked.entries.insert(answer.asked.entries.end(), statement.value.entries.begin(),
                                  statement.value.entries.end());
    }
  }
  if (!alone) answer.asked = Quantity::vector(std::move(answer.asked.entries));
  return std::nullopt;
}

std::optional<Diagnostic> Worker::read() {
  if (question_.texts.empty()) {
    return Diagnostic{.code = "U503", .message = "there is no expression", .span = {}};
  }
  for (std::size_t i = 0; i < question_.texts.size(); ++i) {
    if (auto error = read(question_.texts[i], i)) return error;
  }
  return std::nullopt;
}

// A name to differentiate by, spelled any way the parser reads (x_1, ŷ, x[1]).
Result<Expr> Worker::variable(const std::string& name) {
  if (find_constant(name) && !contains(question_.variables, name)) {
    return Diagnostic{.code = "N108",
                      .message = "'" + name + "' is a constant, not a variable",
                      .span = {},
                      .hint = "declare it as a variable to use the name for one"};
  }
  if (is_identifier(name)) return symbol(graph_, name);
  ReadOptions as_variable;
  as_variable.variables = {name};
  auto read = parse(graph_, name, as_variable);
  if (!read) return read.error();
  if (!read->value.is_scalar() || node(read->value.scalar()).op != Op::symbol) {
    return Diagnostic{
        .code = "U504", .message = "'" + name + "' is no name of a variable", .span = {}};
  }
  return read->value.scalar();
}

std::optional<Diagnostic> Worker::choose_variables() {
  const bool all = question_.wrt.empty();
  for (const std::string& name : all ? appeared_ : question_.wrt) {
    const auto x = all ? Result<Expr>(symbol(graph_, name)) : variable(name);
    if (!x) return x.error();
    variables_.push_back(*x);
    answer.variables.push_back(graph_.name_of(node(*x)));
  }
  return std::nullopt;
}

std::optional<Diagnostic> Worker::not_scalar(std::string_view task) const {
  if (answer.asked.is_scalar()) return std::nullopt;
  return Diagnostic{.code = "U505",
                    .message = "the " + std::string(task) +
                               " is that of one expression; here are " +
                               std::to_string(answer.asked.entries.size()),
                    .span = {},
                    .hint = "the jacobian takes several"};
}

// The derivative of each entry by each variable: the shape of the entries when there is one
// variable.
Result<Quantity> Worker::differentiate() {
  if (variables_.empty() && !question_.wrt.empty()) return answer.asked;
  std::vector<Expr> entries;
  for (const Expr f : answer.asked.entries) {
    if (variables_.empty()) entries.push_back(number(graph_, 0));
    for (const Expr x : variables_) {
      const auto derived = derivative(f, x, question_.order);
      if (!derived) return derived.error();
      entries.push_back(*derived);
    }
  }
  Quantity result = answer.asked;
  if (variables_.size() <= 1) {
    result.entries = std::move(entries);
    return result;
  }
  if (answer.asked.is_scalar()) return Quantity::vector(std::move(entries));
  return Quantity::matrix(answer.asked.entries.size(), variables_.size(), std::move(entries));
}

Result<Quantity> Worker::along() {
  std::vector<Expr> direction;
  for (const std::string& text : question_.along) {
    auto read = parse(graph_, scope_, text, options());
    if (!read) return read.error();
    if (!read->value.is_scalar()) {
      return Diagnostic{
          .code = "U506", .message = "a direction is a list of numbers or expressions", .span = {}};
    }
    direction.push_back(read->value.scalar());
  }
  if (direction.size() != variables_.size()) {
    std::string names;
    for (const std::string& name : answer.variables) names += (names.empty() ? "" : ", ") + name;
    return Diagnostic{.code = "U506",
                      .message = "the direction has " + std::to_string(direction.size()) +
                                 " entries, the variables are " + names,
                      .span = {}};
  }
  const auto derived = directional(answer.asked.scalar(), variables_, direction);
  if (!derived) return derived.error();
  return Quantity(*derived);
}

std::optional<Diagnostic> Worker::find_kinks() {
  auto found = places_of(answer.asked.entries);
  if (!found) return found.error();
  answer.places = std::move(*found);
  std::vector<Expr> surfaces;
  for (const KinkPlace& place : answer.places) surfaces.push_back(place.surface);
  answer.result = Quantity::vector(std::move(surfaces));
  return std::nullopt;
}

std::optional<Diagnostic> Worker::explain() {
  if (auto error = not_scalar("derivation")) return error;
  if (variables_.size() != 1) {
    return Diagnostic{.code = "N107",
                      .message = variables_.empty() ? "there is no name to differentiate by"
                                                    : "one name at a time; here are " +
                                                          std::to_string(variables_.size()),
                      .span = {},
                      .hint = "-x chooses it"};
  }
  const Expr f = answer.asked.scalar(), x = variables_.front();
  auto steps = derivation(f, x);
  if (!steps) return steps.error();
  answer.result = Quantity(steps->back().derivative);
  if (!question_.by_limit) {
    answer.steps = std::move(*steps);
    return std::nullopt;
  }
  std::optional<double> at;
  for (const Point& point : question_.at) {
    for (const Point::Entry& entry : point.entries) {
      if (entry.name == answer.variables.front() && !entry.is_column) at = entry.number;
    }
  }
  auto quotient = difference_quotient(f, x, answer.result.scalar(), at);
  if (!quotient) return quotient.error();
  answer.quotient = std::move(*quotient);
  return std::nullopt;
}

std::optional<Diagnostic> Worker::work() {
  const auto keep = [this](Result<Quantity> found) -> std::optional<Diagnostic> {
    if (!found) return found.error();
    answer.result = std::move(*found);
    return std::nullopt;
  };
  const auto keep_matrix = [this](Result<Matrix> found) -> std::optional<Diagnostic> {
    if (!found) return found.error();
    answer.result = Quantity::matrix(found->rows, found->columns, std::move(found->entries));
    return std::nullopt;
  };
  std::optional<Diagnostic> error;
  switch (question_.task) {
    case Task::parse:
    case Task::eval:
    case Task::codegen:
    case Task::cost:
    case Task::simplify: answer.result = answer.asked; break;
    case Task::expand:
      answer.result = answer.asked;
      for (Expr& entry : answer.result.entries) entry = expand(entry);
      break;
    case Task::diff: error = keep(differentiate()); break;
    case Task::grad:
      if ((error = not_scalar("gradient"))) break;
      if (auto found = gradient(answer.asked.scalar(), variables_)) {
        answer.result = Quantity::vector(std::move(*found));
      } else {
        error = found.error();
      }
      break;
    case Task::hessian:
      if ((error = not_scalar("hessian"))) break;
      error = keep_matrix(hessian(answer.asked.scalar(), variables_));
      break;
    case Task::jacobian: error = keep_matrix(jacobian(answer.asked.entries, variables_)); break;
    case Task::kinks: error = find_kinks(); break;
    case Task::explain: error = explain(); break;
    case Task::direction:
      if ((error = not_scalar("directional derivative"))) break;
      error = keep(along());
      break;
  }
  if (error) return error;

  const bool as_read = question_.task == Task::parse || question_.task == Task::eval ||
                       question_.task == Task::kinks;
  if (!as_read && question_.task != Task::expand && question_.task != Task::codegen &&
      question_.task != Task::cost && question_.level > 0) {
    // A shorter form may have a value where the derivative has none.
    if (question_.level > 1 && question_.task != Task::simplify && !question_.at.empty()) {
      valued_ = canonical(answer.result.entries);
    }
    return simplify_entries(question_, answer.result.entries, answer.explanation);
  }
  return std::nullopt;
}

std::optional<Diagnostic> Worker::generate_code() {
  if (auto error = not_scalar("generated function")) return error;
  const Expr f = answer.asked.scalar();
  for (const std::string& name : graph_.symbols(std::span(&f.id, 1))) {
    if (!contains(answer.variables, name) && !contains(appeared_, name)) appeared_.push_back(name);
  }
  // Parameters: what is differentiated by comes where it appears, or first when it does not.
  std::vector<Expr> inputs;
  for (const Expr x : variables_) {
    if (!contains(appeared_, graph_.name_of(node(x)))) inputs.push_back(x);
  }
  for (const std::string& name : appeared_) inputs.push_back(symbol(graph_, name));
  auto code = code_for(f, variables_, inputs, question_);
  if (!code) return code.error();
  answer.code = std::move(code->text);
  answer.source = std::move(code->source);
  return std::nullopt;
}

std::optional<Diagnostic> Worker::work_out_cost() {
  const auto found = cost(answer.asked.entries, variables_);
  if (!found) return found.error();
  answer.cost = *found;
  return std::nullopt;
}

std::optional<Diagnostic> Worker::evaluate() {
  // A constant has its value without any point.
  const Point nowhere;
  const bool ask_anyway = question_.at.empty() && question_.task == Task::eval;
  const std::span<const Point> points =
      ask_anyway ? std::span(&nowhere, 1) : std::span(question_.at);
  if (points.empty()) return std::nullopt;
  const auto& entries = valued_.empty() ? answer.result.entries : valued_;
  auto found = evaluate_at(graph_, scope_, entries, points, question_.engine);
  if (!found) return found.error();
  if (question_.engine != found->engine) {
    answer.notes.push_back({.code = "U521",
                            .severity = Severity::note,
                            .message = "no machine code here; the interpreter gives the same bits",
                            .span = {}});
  }
  answer.rows = std::move(found->rows);
  for (Diagnostic& note : found->notes) answer.notes.push_back(std::move(note));
  for (const Row& row : answer.rows) {
    if (!row.missing) continue;
    if (question_.task == Task::eval) return row.missing;
    answer.notes.push_back(*row.missing);
    answer.notes.back().severity = Severity::note;
  }
  return std::nullopt;
}

}  // namespace

Result<std::vector<KinkPlace>> places_of(std::span<const Expr> entries) {
  std::vector<KinkPlace> places;
  for (const Expr f : entries) {
    auto found = kinks(f);
    if (!found) return found.error();
    for (KinkPlace& place : *found) {
      place.surface = canonical(place.surface);
      const auto same = [&](const KinkPlace& p) {
        return p.kind == place.kind && p.where == place.where && p.of == place.of &&
               p.surface == place.surface;
      };
      if (std::ranges::none_of(places, same)) places.push_back(std::move(place));
    }
  }
  return places;
}

Result<Answer> answer(Graph& graph, const Question& question) try {
  Worker worker(graph, question);
  if (auto error = worker.read()) return *error;
  if (auto error = worker.choose_variables()) return *error;
  if (auto error = worker.work()) return *error;
  if (question.task == Task::codegen) {
    if (auto error = worker.generate_code()) return *error;
  } else if (question.task == Task::cost) {
    if (auto error = worker.work_out_cost()) return *error;
  } else if (auto error = worker.evaluate()) {
    return *error;
  }
  return std::move(worker.answer);
} catch (const LimitError& error) {
  return error.diagnostic();
} catch (const NameError& error) {
  return Diagnostic{.code = "N101", .message = error.what(), .span = {}};
} catch (const CallError& error) {
  return error.diagnostic();
} catch (const std::bad_alloc&) {
  return out_of_memory();
}

}  // namespace nabla
