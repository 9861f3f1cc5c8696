#include "cli/tour.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "cli/text.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/eval/function.hpp"
#include "parser/parse.hpp"

namespace nabla {
namespace {

constexpr std::string_view right = "✓", wrong = "✗";

// Half a unit of the last digit of "0.7503".
double tolerance(std::string_view digits) {
  const std::size_t point = digits.find('.');
  const auto decimals = point == digits.npos ? 0 : digits.size() - point - 1;
  return 0.5 * std::pow(10.0, -static_cast<double>(decimals)) + 1e-9;
}

bool numbers_agree(std::string_view answer, std::span<const double> values) {
  const auto numbers = split_list(answer, ' ');
  if (numbers.size() != values.size()) return false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto known = to_number(numbers[i]);
    if (!known || !(std::abs(*known - values[i]) <= tolerance(numbers[i]))) return false;
  }
  return true;
}

std::string painted(std::string_view text, std::string_view color, const Console& console) {
  if (!console.color) return std::string(text);
  return "\x1b[" + std::string(color) + "m" + std::string(text) + "\x1b[0m";
}

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string padded(std::string text, std::size_t columns) {
  const std::size_t letters = width(text);
  if (letters < columns) text.append(columns - letters, ' ');
  return text;
}

// What was typed and what came back, on one line where it fits.
std::string typed_and_answered(std::string_view line, std::string_view reply) {
  constexpr std::size_t answers = 46, edge = 76;
  std::string text = "  > " + std::string(line);
  std::string joined(trimmed(reply));
  if (const auto at = joined.find('\n'); at != joined.npos) joined.replace(at, 1, "  ");
  if (joined.empty()) return text;
  if (width(text) < answers && answers + width(joined) <= edge)
    return padded(text, answers) + joined;
  for (const std::string_view part : split_list(trimmed(reply), '\n'))
    text += "\n      " + std::string(part);
  return text;
}

bool show(Console& console, const WorkedExample& example) {
  console.out << painted(example.title, "1", console) << '\n';
  Session session(console, false);
  session.enter(":digits 6");
  bool all_right = true;
  for (const Step& step : example.steps) {
    const Session::Reply reply = session.enter(step.line);
    const bool checked = !step.answer.empty() || !step.shown.empty();
    const bool fine = is_right(session, reply, step);
    all_right = all_right && fine;
    std::string text =
        typed_and_answered(step.line, reply.error ? reply.error->message : reply.text);
    if (checked || !fine) {
      const std::size_t last = text.rfind('\n') + 1;
      text = text.substr(0, last) + padded(text.substr(last), 78) +
             (fine ? painted(right, "32", console) : painted(wrong, "31", console));
      if (!fine)
        text += " the text says " + std::string(step.answer.empty() ? step.shown : step.answer);
    }
    console.out << text << '\n';
  }
  console.out << '\n';
  return all_right;
}

std::string fixed(double value, int decimals) {
  char text[64];
  const auto result =
      std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, decimals);
  return {text, result.ptr};
}

bool show_fit(Console& console) {
  constexpr double x[] = {1, 2, 3, 4, 5}, y[] = {5, 8, 11, 14, 17};
  constexpr unsigned steps = 500;
  console.out << painted("Fitting a line by gradient descent", "1", console)
              << "\n  loss   mean((w*x + b - y)^2) over x = 1..5, y = 3x + 2\n"
                 "  start  w = 0, b = 0; learning rate 0.01\n";
  bool fine = true;
  for (const unsigned n : {1u, 10u, 100u, steps, 20 * steps}) {
    const auto fit = fit_line(x, y, 0.01, n);
    if (!fit) {
      console.out << "  " << fit.error().message << '\n';
      return false;
    }
    std::string line = "  " +
                       padded("after " + std::to_string(n) + (n == 1 ? " step" : " steps"), 18) +
                       "w = " + fixed(fit->w, 4) + "   b = " + fixed(fit->b, 4) +
                       "   loss = " + fixed(fit->loss, 6) + "   ";
    if (n == steps) {
      fine = std::abs(fit->w - 3.0553) < 5e-5 && std::abs(fit->b - 1.8003) < 5e-5;
      line += "not yet converged";
      line = padded(line, 78);
      line += fine ? right : wrong;
    }
    if (n == 20 * steps) line += "converged";
    console.out << line << '\n';
  }
  return fine;
}

}  // namespace

bool is_right(Session& session, const Session::Reply& reply, const Step& step) {
  if (reply.error) return false;
  if (!step.answer.empty() && !numbers_agree(step.answer, reply.values)) return false;
  return step.shown.empty() || session.agrees(reply.result, step.shown);
}

Result<Fit> fit_line(std::span<const double> x, std::span<const double> y, double rate,
                     unsigned steps) {
  Graph graph;
  ReadOptions names;
  names.variables = {"w", "b"};
  names.columns = {"x", "y"};
  const auto loss = parse(graph, "mean((w*x + b - y)^2)", names);
  if (!loss) return loss.error();
  const Expr f = loss->value.scalar();
  const Expr parameters[] = {symbol(graph, "w"), symbol(graph, "b")};
  const auto slopes = gradient(f, parameters);
  if (!slopes) return slopes.error();
  const Expr outputs[] = {f, (*slopes)[0], (*slopes)[1]};
  const auto function = Function::compile(parameters, outputs);
  if (!function) return function.error();

  Data data;
  data.names = names.columns;
  data.columns = {x, y};
  data.rows = x.size();
  double at[] = {0, 0}, values[3];
  for (unsigned i = 0; i < steps; ++i) {
    (*function)(at, values, data);
    at[0] -= rate * values[1];
    at[1] -= rate * values[2];
  }
  (*function)(at, values, data);
  return Fit{.w = at[0], .b = at[1], .loss = values[0], .slope = std::hypot(values[1], values[2])};
}

Exit tour(Console& console) {
  bool all_right = true;
  for (const WorkedExample& example : worked_examples()) {
    all_right = show(console, example) && all_right;
  }
  all_right = show_fit(console) && all_right;
  console.out
      << "\nNext: nabla diff 'x^2 sin x'   nabla grad 'x^2 + 3x*y' --at x=1,y=2   nabla help\n"
         "or nabla alone for the prompt.\n";
  return all_right ? Exit::ok : Exit::no;
}

}  // namespace nabla
