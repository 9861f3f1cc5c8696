#include "cli/verify_code.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

#include "cli/code_program.hpp"
#include "cli/process.hpp"
#include "cli/text.hpp"
#include "lib/core/stop.hpp"
#include "lib/emit/dialects.hpp"
#include "lib/eval/function.hpp"
#include "parser/render.hpp"

namespace nabla {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double edges[] = {0.0,
                            -0.0,
                            1.0,
                            -1.0,
                            infinity,
                            -infinity,
                            std::numeric_limits<double>::quiet_NaN(),
                            1e-8,
                            -1e8,
                            700.0,
                            -1e300,
                            std::numeric_limits<double>::max(),
                            std::numeric_limits<double>::min(),
                            std::numeric_limits<double>::denorm_min()};
constexpr std::size_t moderate_points = 24, varied_inputs = 8, rows = 5;

// Numbers from -4 to 4 without pattern, the same in every run.
class Moderate {
 public:
  double operator()() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(static_cast<std::int64_t>(state_ >> 11)) * 0x1p-53 * 8 - 4;
  }

 private:
  std::uint64_t state_ = 1;
};

// Moderate points, half of them positive; every edge in all inputs at once and in each alone.
std::vector<std::vector<double>> sample_points(std::size_t inputs) {
  std::vector<std::vector<double>> points;
  Moderate draw;
  const auto moderate = [&](bool positive) {
    std::vector<double> point(inputs);
    for (double& x : point) x = positive ? std::abs(draw()) + 0.0625 : draw();
    return point;
  };
  const std::size_t count = inputs == 0 ? 1 : moderate_points;
  for (std::size_t i = 0; i < count; ++i) points.push_back(moderate(i % 2 == 0));
  if (inputs == 0) return points;
  for (const double edge : edges) {
    points.emplace_back(inputs, edge);
    if (inputs == 1) continue;
    for (std::size_t k = 0; k < std::min(inputs, varied_inputs); ++k) {
      points.push_back(moderate(true));
      points.back()[k] = edge;
    }
  }
  return points;
}

// How many doubles lie between two; both zeros are one.
std::uint64_t ulps_between(double a, double b) {
  const auto place = [](double x) {
    const auto bits = std::bit_cast<std::uint64_t>(std::abs(x));
    return x < 0 ? -static_cast<std::int64_t>(bits) : static_cast<std::int64_t>(bits);
  };
  const std::int64_t p = place(a), q = place(b);
  return p > q ? static_cast<std::uint64_t>(p) - static_cast<std::uint64_t>(q)
               : static_cast<std::uint64_t>(q) - static_cast<std::uint64_t>(p);
}

bool agree(double ours, double theirs, bool same_bits) {
  if (std::isnan(ours) || std::isnan(theirs)) return std::isnan(ours) && std::isnan(theirs);
  if (same_bits) return std::bit_cast<std::uint64_t>(ours) == std::bit_cast<std::uint64_t>(theirs);
  if (std::isinf(ours) || std::isinf(theirs)) return ours == theirs;
  return std::abs(ours - theirs) <= 1e-9 * (1 + std::abs(ours));
}

Diagnostic differs(std::string message, std::string hint) {
  return {.code = "D206", .message = std::move(message), .span = {}, .hint = std::move(hint)};
}

Diagnostic missing(const std::string& tool) {
  return {.code = "G406",
          .message = "'" + tool + "' is not on this machine, so the code was not verified",
          .span = {},
          .hint = "install it, or verify where it is"};
}

std::vector<std::string> with_folder(const std::string& tool, std::vector<std::string> words,
                                     const TemporaryFolder& folder) {
  for (std::string& word : words) {
    if (word.starts_with("@/")) word = folder / word.substr(2);
  }
  words.insert(words.begin(), tool);
  return words;
}

// The first line that says what is wrong.
std::string first_complaint(const std::string& output) {
  const std::size_t error = output.find("rror");
  const std::size_t begin =
      error == output.npos ? 0 : output.rfind('\n', error) + 1;  // npos + 1 is 0
  return printable(
      output.substr(begin, std::min(output.find('\n', begin) - begin, std::size_t{200})));
}

// What the program printed, made or run in the folder.
Result<std::string> output_of(const CodeProgram& program, const Limits& limits) {
  const TemporaryFolder folder;
  if (!folder.exists() || !folder.write(program.file, program.text)) {
    return Diagnostic{.code = "I604", .message = "no temporary folder can be written", .span = {}};
  }
  const auto run = [&](const std::string& tool, const std::vector<std::string>& words) {
    Ended ended = run_program(with_folder(tool, words, folder), folder, limits.stop);
    if (ended.stopped) stop_now();
    return ended;
  };
  if (!program.probe.empty()) {
    const Ended probe = run(program.tool, program.probe);
    if (!probe.found) return missing(program.tool);
    if (probe.status != 0) return missing(program.library);
  }
  const bool compiled = !program.compile.empty();
  const Ended made = run(program.tool, compiled ? program.compile : program.run);
  if (!made.found) return missing(program.tool);
  if (made.status != 0) {
    return differs(std::string("the code ") + (compiled ? "is refused by '" : "fails in '") +
                       program.tool + "'",
                   first_complaint(made.output));
  }
  if (!compiled) return made.output;
  const Ended ended = run(folder / "program", {});
  if (!ended.found || ended.status != 0)
    return differs("the compiled code ends with status " + std::to_string(ended.status),
                   first_complaint(ended.output));
  return ended.output;
}

std::string entry_name(const CallPlan& plan, std::size_t i) {
  if (plan.value && i == 0) return "the value";
  i -= plan.value ? 1 : 0;
  return i < plan.gradient ? "gradient[" + std::to_string(i) + "]"
                           : "hessian[" + std::to_string(i - plan.gradient) + "]";
}

}  // namespace

Result<VerifiedCode> verify_code(const SourceRequest& request, const std::string& code,
                                 const Limits& limits) {
  std::vector<Expr> outputs;
  if (request.value) outputs.push_back(request.function);
  outputs.insert(outputs.end(), request.gradient.begin(), request.gradient.end());
  outputs.insert(outputs.end(), request.hessian.begin(), request.hessian.end());
  const auto ours = Function::compile(request.inputs, outputs);
  if (!ours) return ours.error();

  CallPlan plan{.name = request.name,
                .points = sample_points(request.inputs.size()),
                .columns = {},
                .value = request.value,
                .gradient = request.gradient.size(),
                .hessian = request.hessian.size()};
  Moderate draw;
  Data data{.names = ours->columns(), .columns = {}, .rows = rows};
  plan.columns.assign(data.names.size(), std::vector<double>(rows));
  for (auto& column : plan.columns) {
    for (double& x : column) x = draw();
    data.columns.emplace_back(column);
  }
  std::string_view language = request.language;
  for (const Dialect& d : dialects) {
    for_each_spelling(d.name, d.aliases, [&](std::string_view s) {
      if (s == request.language) language = d.name;
    });
  }
  const auto program = program_around(language, code, plan);
  if (!program) return missing("a tool for " + std::string(request.language));
  const auto printed = output_of(*program, limits);
  if (!printed) return printed.error();

  VerifiedCode report{
      .tool = program->tool, .points = plan.points.size(), .results = plan.results()};
  std::string_view rest = *printed;
  const auto next_line = [&] {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
  };
  std::vector<double> here(plan.results());
  for (const std::vector<double>& point : plan.points) {
    if (ours->needs_data())
      (*ours)(point, here, data, limits.stop);
    else
      (*ours)(point, here, limits.stop);
    for (std::size_t i = 0; i < here.size(); ++i) {
      const std::string_view line = next_line();
      if (i == 0 && line == raised) {
        ++report.exceptions;
        break;
      }
      std::uint64_t bits = 0;
      const auto read = std::from_chars(line.data(), line.data() + line.size(), bits, 16);
      if (line.size() != 16 || read.ptr != line.data() + line.size()) {
        return differs("'" + program->tool + "' printed something else than numbers",
                       printable(line.substr(0, 100)));
      }
      const double theirs = std::bit_cast<double>(bits);
      if (!agree(here[i], theirs, program->same_bits)) {
        std::string at;
        for (std::size_t k = 0; k < point.size(); ++k) {
          at += (k == 0 ? "" : ", ") + request.inputs[k].graph->name_of(node(request.inputs[k])) +
                "=";
          append_number(at, point[k], 0);
        }
        std::string message = "the code differs at " + (at.empty() ? "the only point" : at) + ": " +
                              entry_name(plan, i) + " is ";
        append_number(message, theirs, 0);
        message += " there, ";
        append_number(message, here[i], 0);
        return differs(message + " here", "computed by '" + program->tool + "'");
      }
      if (std::isfinite(theirs))
        report.max_ulps = std::max(report.max_ulps, ulps_between(here[i], theirs));
    }
  }
  return report;
}

std::string describe(const VerifiedCode& v) {
  std::string text = "verified with '" + v.tool + "': " + std::to_string(v.results) +
                     (v.results == 1 ? " result" : " results") + " at " + std::to_string(v.points) +
                     (v.points == 1 ? " point, " : " points, ");
  text +=
      v.max_ulps == 0 ? "the same bits" : "at most " + std::to_string(v.max_ulps) + " ulps apart";
  if (v.exceptions != 0) text += "; an exception at " + std::to_string(v.exceptions) + " of them";
  return text;
}

}  // namespace nabla
