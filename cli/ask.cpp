#include "cli/ask.hpp"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "cli/reply.hpp"
#include "cli/text.hpp"
#include "cli/verify_code.hpp"
#include "lib/emit/print.hpp"
#include "lib/emit/unicode.hpp"
#include "parser/render.hpp"

namespace nabla {
namespace {

std::vector<std::string> names(std::string_view list) {
  const auto parts = split_list(list);
  return {parts.begin(), parts.end()};
}

Diagnostic bad_point(std::string_view text) {
  return {.code = "U507",
          .message = "'" + printable(text) + "' gives no value",
          .span = {},
          .hint = "a point is a list such as x=1,y=pi/2; data are lists: x=[1,2,3]"};
}

// A list or number of the text, worked out.
std::optional<Diagnostic> read_entry(std::string_view text, const Limits& limits,
                                     Point::Entry& to) {
  Graph graph(limits);
  const auto read = parse(graph, text);
  if (!read) return bad_point(text);
  to.is_column = !read->value.is_scalar();
  for (const Expr e : read->value.entries) {
    const auto value = closed_value(e);
    if (!value) return bad_point(text);
    to.column.push_back(*value);
  }
  if (!to.is_column) to.number = to.column.front();
  return std::nullopt;
}

std::optional<Diagnostic> read_what(std::string_view list, Question& question) {
  question.value = question.gradient = question.hessian = false;
  for (const std::string_view word : split_list(list)) {
    if (word == "value")
      question.value = true;
    else if (word == "grad" || word == "gradient")
      question.gradient = true;
    else if (word == "hessian")
      question.hessian = true;
    else
      return Diagnostic{
          .code = "U508",
          .message = "'" + printable(word) + "' is nothing that code can compute here",
          .span = {},
          .hint = "--what takes a list of value, grad, hessian"};
  }
  return std::nullopt;
}

std::optional<Diagnostic> read_options(const Arguments& arguments, const Limits& limits,
                                       Question& question) {
  const auto count = [&](std::string_view name, unsigned long long most,
                         auto& to) -> std::optional<Diagnostic> {
    if (!arguments.has(name)) return std::nullopt;
    const auto n = to_count(arguments.value(name));
    if (!n || *n > most) {
      return Diagnostic{.code = "U501",
                        .message = "--" + std::string(name) + " takes a whole number from 0 to " +
                                   std::to_string(most),
                        .span = {}};
    }
    to = static_cast<std::remove_reference_t<decltype(to)>>(*n);
    return std::nullopt;
  };
  question.wrt = names(arguments.value("wrt"));
  question.variables = names(arguments.value("variables"));
  question.along = names(arguments.value("along"));
  if (auto error = count("order", 1'000'000, question.order)) return error;
  question.level = question.task == Task::codegen ? 1 : 2;
  if (question.task == Task::codegen) question.profile = CostProfile::run;
  if (arguments.has("for")) {
    const auto profile = find_profile(arguments.value("for"));
    if (!profile) {
      return Diagnostic{
          .code = "U501", .message = "--for takes display, shared, run or accuracy", .span = {}};
    }
    question.profile = *profile;
    question.level = 2;
  }
  if (auto error = count("level", 3, question.level)) return error;
  for (const std::string_view text : arguments.values("assume")) question.assume.emplace_back(text);
  for (const std::string_view text : arguments.values("rule")) question.rules.emplace_back(text);
  question.explain = arguments.has("explain");
  question.by_limit = arguments.has("by-limit");
  for (const std::string_view text : arguments.values("at")) {
    auto point = read_point(text, limits);
    if (!point) return point.error();
    question.at.push_back(std::move(*point));
  }
  question.language = arguments.value("lang", "c");
  question.name = arguments.value("name", "f");
  question.faithful = arguments.has("faithful");
  question.roll = arguments.has("roll");
  if (question.roll && arguments.has("verify")) {
    return Diagnostic{.code = "U501",
                      .message = "--verify takes code without --roll",
                      .span = {},
                      .hint = "verify the same code without --roll"};
  }
  if (arguments.has("what")) return read_what(arguments.value("what"), question);
  return std::nullopt;
}

void print_json(Console& console, const Question& question, const Answer& answer,
                std::string_view command, const VerifiedCode* verified) {
  std::string out = "{\"ok\":true,\"command\":";
  append_json(out, command);
  out += ",\"read_as\":";
  append_json(out, answer.asked, Format::text);
  out += ",\"variables\":";
  append_json(out, answer.variables);
  out += ',';
  append_json(out, answer, question, console.format);
  if (verified != nullptr) {
    out += ",\"verified\":{\"tool\":";
    append_json(out, verified->tool);
    out += ",\"points\":" + std::to_string(verified->points) +
           ",\"results\":" + std::to_string(verified->results) +
           ",\"exceptions\":" + std::to_string(verified->exceptions) +
           ",\"max_ulps\":" + std::to_string(verified->max_ulps) + "}";
  }
  console.out << out << "}\n";
}

// "d^2/dx^2"
std::string label(const std::string& variable, unsigned order) {
  if (order == 1) return "d/d" + variable;
  const std::string n = std::to_string(order);
  return "d^" + n + "/d" + variable + "^" + n;
}

void print_result(Console& console, const Question& question, const Answer& answer) {
  const Quantity& result = answer.result;
  const bool by_variable = (question.task == Task::diff || question.task == Task::grad) &&
                           result.shape == Quantity::Shape::vector &&
                           result.entries.size() == answer.variables.size();
  const bool unicode_lines = console.format == Format::unicode;
  if (!by_variable && (console.format == Format::text || unicode_lines)) {
    console.out << write(result, console.format, "\n") << '\n';
    return;
  }
  for (std::size_t i = 0; i < result.entries.size(); ++i) {
    const std::string name =
        by_variable ? label(answer.variables[i], question.order) + " = " : std::string();
    if (unicode_lines) {
      console.out << unicode(result.entries[i], name) << '\n';
      continue;
    }
    if (console.format == Format::text) console.out << name;
    console.out << write(result.entries[i], console.format) << '\n';
  }
}

// Exact integers with all their digits, everything else as doubles.
std::string value_text(const Answer& answer, const Row& row, int digits) {
  if (answer.result.is_scalar()) {
    const Expr e = answer.result.scalar();
    const bool exact = node(e).op == Op::integer ||
                       (node(e).op == Op::rational && e.graph->exact_of(node(e)).is_integer());
    if (exact && digits == 0) return print(e);
  }
  return write_values(answer.result, row, digits, "\n");
}

Exit print_values(Console& console, const Question& question, const Answer& answer) {
  bool undefined = false;
  for (std::size_t i = 0; i < answer.rows.size(); ++i) {
    const Row& row = answer.rows[i];
    if (row.missing) continue;  // said among the notes
    if (answer.result.shape == Quantity::Shape::matrix && (i > 0 || question.task != Task::eval)) {
      console.out << '\n';
    }
    console.out << (question.task == Task::eval
                        ? value_text(answer, row, console.digits)
                        : write_values(answer.result, row, console.digits, "\n"))
                << '\n';
    for (const double value : row.values) undefined = undefined || std::isnan(value);
  }
  if (undefined) console.err << "nabla: no real value there (nan)\n";
  return undefined ? Exit::no : Exit::ok;
}

Exit write_file(Console& console, const std::string& path, std::string_view text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  bool fine = file != nullptr;
  if (fine) {
    fine = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    fine = std::fclose(file) == 0 && fine;
  }
  if (fine) return Exit::ok;
  return report(console,
                {.code = "I603",
                 .message = "cannot write '" + printable(path) + "': " + std::strerror(errno),
                 .span = {}},
                {});
}

}  // namespace

Result<Point> read_point(std::string_view text, const Limits& limits) {
  Point point;
  for (const std::string_view part : split_list(text)) {
    const std::size_t equals = part.find('=');
    if (equals == part.npos || trimmed(part.substr(0, equals)).empty()) return bad_point(part);
    Point::Entry entry{.name = std::string(trimmed(part.substr(0, equals)))};
    if (auto error = read_entry(part.substr(equals + 1), limits, entry)) return *error;
    point.entries.push_back(std::move(entry));
  }
  return point;
}

Exit ask(Console& console, const Arguments& arguments, Task task, std::string_view command) {
  Question question{.task = task, .texts = arguments.operands, .strict = console.strict};
  const bool several = task == Task::jacobian || task == Task::cost;
  if (arguments.operands.empty()) {
    return report(console, {.code = "U503", .message = "there is no expression", .span = {}}, {});
  }
  if (arguments.operands.size() > 1) {
    if (!several) {
      return report(console,
                    {.code = "U503",
                     .message = "one expression, please; here are " +
                                std::to_string(arguments.operands.size()),
                     .span = {},
                     .hint = "the shell takes words apart: put the expression in quotes"},
                    {});
    }
    // One text, so that spans of errors point into it.
    for (std::size_t i = 1; i < arguments.operands.size(); ++i) {
      question.texts.front() += "; " + arguments.operands[i];
    }
    question.texts.resize(1);
  }
  if (const auto error = read_options(arguments, console.limits, question)) {
    return report(console, *error, {});
  }
  Graph graph(console.limits);
  const auto found = answer(graph, question);
  if (!found) return report(console, found.error(), question.texts.front());

  std::optional<Result<VerifiedCode>> verified;
  if (task == Task::codegen && arguments.has("verify"))
    verified = verify_code(*found->source, found->code, console.limits);
  if (console.json) {
    if (verified && !*verified) return report(console, verified->error(), {});
    print_json(console, question, *found, command, verified ? &**verified : nullptr);
    return Exit::ok;
  }
  report_notes(console, found->notes, question.texts.front());
  if (task == Task::codegen) {
    const std::string path(arguments.value("output"));
    Exit exit = Exit::ok;
    if (!path.empty())
      exit = write_file(console, path, found->code);
    else
      console.out << found->code;
    if (!verified || exit != Exit::ok) return exit;
    if (!*verified) return report(console, verified->error(), {});
    console.err << describe(**verified) << '\n';
    return Exit::ok;
  }
  if (found->cost) {
    console.out << write(*found->cost, found->asked.entries.size() != 1);
    return Exit::ok;
  }
  if (task == Task::kinks) {
    for (const KinkPlace& place : found->places) {
      console.out << describe(place, console.format) << '\n';
    }
    if (found->places.empty()) console.err << "no place where a function switches\n";
    return Exit::ok;
  }
  if (task == Task::explain) {
    const std::string& x = found->variables.front();
    console.out << (found->quotient ? write(*found->quotient, x, console.format)
                                    : write(found->steps, x, console.format));
    console.out << "d/d" << x << " = " << write(found->result.scalar(), console.format) << '\n';
    return print_values(console, question, *found);
  }
  if (task != Task::eval) print_result(console, question, *found);
  for (const std::string& line : found->explanation) console.out << line << '\n';
  return print_values(console, question, *found);
}

}  // namespace nabla
