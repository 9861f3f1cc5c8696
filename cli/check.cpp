#include "cli/check.hpp"

#include <algorithm>

#include "cli/ask.hpp"
#include "cli/fit_answer.hpp"
#include "cli/question.hpp"
#include "cli/reply.hpp"
#include "cli/text.hpp"
#include "cli/verify_derivative.hpp"
#include "lib/emit/print.hpp"

namespace nabla {
namespace {

std::string cell(double x) {
  std::string out;
  append_number(out, x, 4);
  out.insert(0, out.size() < 12 ? 12 - out.size() : 1, ' ');
  return out;
}

std::string point_text(const std::vector<std::string>& names, std::span<const double> at) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    out += (i > 0 ? ", " : "") + names[i] + "=";
    append_number(out, at[i], 6);
  }
  return out;
}

void print_sweep(Console& console, const Comparison& found, const std::string& name,
                 const std::vector<std::string>& names) {
  if (found.sweep.empty()) return;
  console.out << "differences by " << name << " at " << point_text(names, found.sweep_at)
              << ", over a sweep of step sizes:\n"
              << "           h       error  truncation    rounding\n";
  for (const DifferenceRow& row : found.sweep) {
    console.out << cell(row.h) << cell(row.error) << cell(row.truncation) << cell(row.rounding)
                << '\n';
  }
}

struct Checked {
  std::string name;  // of the variable
  Expr derivative;
  Comparison found;
};

void print_json(Console& console, const Answer& answer, const std::vector<std::string>& texts,
                const std::vector<std::string>& names, const std::vector<Checked>& all, bool equal,
                const Checked& worst) {
  std::string out = "{\"ok\":true,\"command\":\"check\",\"read_as\":";
  append_json(out, answer.asked, Format::text);
  out += std::string(",\"equal\":") + (equal ? "true" : "false");
  std::size_t points = 0;
  for (const Checked& one : all) points += one.found.points;
  append_field(out, "points", static_cast<double>(points));
  append_field(out, "max_relative_error", worst.found.max_relative_error);
  if (equal || worst.found.worst.empty()) {
    out += ",\"counterexample\":null";
  } else {
    append_object(out, "counterexample", names, worst.found.worst);
  }
  out += ",\"derivatives\":{";
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) out += ',';
    append_json(out, all[i].name);
    out += ':';
    append_json(out, print(all[i].derivative));
  }
  out += "},\"notes\":";
  append_json(out, answer.notes, texts);
  console.out << out << "}\n";
}

// What --at gives, in the order of the names; every one needs a number.
Result<std::vector<std::vector<double>>> points_of(const Arguments& arguments,
                                                   const std::vector<std::string>& names,
                                                   const Limits& limits) {
  std::vector<std::vector<double>> points;
  for (const std::string_view text : arguments.values("at")) {
    const auto point = read_point(text, limits);
    if (!point) return point.error();
    std::vector<double> at;
    for (const std::string& name : names) {
      const auto given = std::ranges::find(point->entries, name, &Point::Entry::name);
      if (given == point->entries.end() || given->is_column) {
        return Diagnostic{.code = "E301",
                          .message = "no value for '" + printable(name) + "'",
                          .span = {},
                          .hint = "give one: " + printable(name) + "=1"};
      }
      at.push_back(given->number);
    }
    points.push_back(std::move(at));
  }
  return points;
}

Exit checked(Console& console, const Arguments& arguments) {
  const auto fail = [&](Diagnostic error) {
    return report(console, error, arguments.operands.empty() ? "" : arguments.operands[0]);
  };
  if (arguments.operands.size() != 1) {
    return fail({.code = "U503", .message = "check takes one expression, in quotes", .span = {}});
  }
  Graph graph(console.limits);
  Question question{.task = Task::diff, .texts = arguments.operands, .strict = console.strict};
  for (const std::string_view name : split_list(arguments.value("wrt")))
    question.wrt.emplace_back(name);
  for (const std::string_view name : split_list(arguments.value("variables")))
    question.variables.emplace_back(name);
  const auto found = answer(graph, question);
  if (!found) return fail(found.error());
  if (!found->asked.is_scalar()) {
    return fail(
        {.code = "U505", .message = "check takes one expression, not a vector", .span = {}});
  }
  const Expr f = found->asked.scalar();
  const bool has_answer = arguments.has("answer");
  if (has_answer && found->variables.size() != 1) {
    return fail({.code = "N107",
                 .message = "an answer is the derivative by one name; here are " +
                            std::to_string(found->variables.size()),
                 .span = {},
                 .hint = "-x chooses it"});
  }
  std::vector<Expr> theirs;
  if (has_answer) {
    ReadOptions options;
    options.variables = question.variables;
    for (const std::string& name : graph.symbols({&f.id, 1})) options.variables.push_back(name);
    const std::string text(arguments.value("answer"));
    const auto read = parse(graph, text, options);
    if (!read) return report(console, read.error(), text);
    if (!read->value.is_scalar()) {
      return report(console, {.code = "U505", .message = "an answer is one expression", .span = {}},
                    text);
    }
    theirs.push_back(read->value.scalar());
  }
  std::vector<NodeId> roots{f.id};
  for (const Expr e : theirs) roots.push_back(e.id);
  const std::vector<std::string> names = graph.symbols(roots);
  std::vector<Expr> variables;
  for (const std::string& name : names) variables.push_back(symbol(graph, name));

  const auto points = points_of(arguments, names, console.limits);
  if (!points) return fail(points.error());

  std::vector<Checked> all;
  bool equal = true;
  for (std::size_t i = 0; i < found->variables.size(); ++i) {
    const Expr x = symbol(graph, found->variables[i]);
    const Expr slope = found->result.entries[i];
    auto compared = has_answer ? against_each_other(slope, theirs.front(), variables, *points)
                               : against_differences(f, slope, x, variables, *points);
    if (!compared) return fail(compared.error());
    equal = equal && compared->equal && compared->points > 0;
    all.push_back({found->variables[i], slope, std::move(*compared)});
  }
  if (all.empty()) {
    return fail({.code = "N107", .message = "there is no name to differentiate by", .span = {}});
  }
  const Checked& worst = *std::ranges::max_element(all, {}, [](const Checked& c) {
    return std::pair(!c.found.equal, c.found.max_relative_error);
  });
  if (console.json) {
    print_json(console, *found, question.texts, names, all, equal, worst);
    return equal ? Exit::ok : Exit::no;
  }
  report_notes(console, found->notes, arguments.operands[0]);
  for (const Checked& one : all) {
    console.out << "d/d" << one.name << " = " << print(one.derivative) << '\n';
    if (has_answer) continue;
    print_sweep(console, one.found, one.name, names);
  }
  std::string verdict;
  if (worst.found.points == 0) {
    verdict = "not checked: no point with a finite value was found";
  } else if (equal) {
    verdict = has_answer ? "right: the same at " : "agrees with differences at ";
    verdict += std::to_string(worst.found.points) +
               (worst.found.points == 1 ? " point" : " points") + ", relative error at most ";
    append_number(verdict, worst.found.max_relative_error, 3);
  } else {
    verdict = has_answer ? "different: at " : "does not agree with differences: at ";
    verdict += point_text(names, worst.found.worst) + " the derivative is ";
    append_number(verdict, worst.found.left, 8);
    verdict += has_answer ? ", the answer " : ", the difference ";
    append_number(verdict, worst.found.right, 8);
  }
  console.out << verdict << '\n';
  return equal ? Exit::ok : Exit::no;
}

}  // namespace

Exit check(Console& console, const Arguments& arguments) { return checked(console, arguments); }

}  // namespace nabla
