#include "cli/fit_answer.hpp"

#include <algorithm>

#include "cli/reply.hpp"
#include "cli/text.hpp"
#include "cli/watchdog.hpp"
#include "lib/optimize/student.hpp"

namespace nabla {
namespace {

void print_text(Console& console, const FitData& data, const FitAnswer& answer,
                const SearchOptions& options) {
  const std::vector<std::string>& names = data.model.parameters;
  const std::vector<double>& at = answer.found.at;
  const std::vector<double>& errors = answer.standard_errors;
  const auto freedom = static_cast<double>(data.table.rows - answer.free_parameters);
  const double t = errors.empty() ? 0 : student_quantile(0.95, answer.normal ? 1e12 : freedom);
  std::vector<std::string> lines(names.size());
  std::size_t width = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    lines[i] = names[i] + "=";
    append_number(lines[i], at[i], console.digits);
    width = std::max(width, lines[i].size());
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!errors.empty()) {
      lines[i].resize(width + 2, ' ');
      lines[i] += "standard error ";
      append_number(lines[i], errors[i], 5);
      lines[i] += ", 95 % from ";
      append_number(lines[i], at[i] - t * errors[i], 5);
      lines[i] += " to ";
      append_number(lines[i], at[i] + t * errors[i], 5);
    }
    console.out << lines[i] << '\n';
  }
  std::string summary = "loss=";
  append_number(summary, answer.loss, 6);
  summary += ", rss=";
  append_number(summary, answer.rss, 6);
  summary += ", r_squared=";
  append_number(summary, answer.r_squared, 6);
  summary += ", rows=" + std::to_string(data.table.rows);
  if (data.table.dropped > 0) summary += " (" + std::to_string(data.table.dropped) + " left out)";
  console.out << summary << '\n';
  if (data.held_out.rows > 0) {
    summary = "held out: loss=";
    append_number(summary, answer.held_out_loss, 6);
    summary += ", r_squared=";
    append_number(summary, answer.held_out_r_squared, 6);
    summary += ", rows=" + std::to_string(data.held_out.rows);
    console.out << summary << '\n';
  }
  for (const FitData::Scaling& s : data.scaled) {
    summary = "scaled: " + s.column + " is (" + s.column + " - ";
    append_number(summary, s.mean, 6);
    summary += ")/";
    append_number(summary, s.deviation, 6);
    console.out << summary << '\n';
  }
  if (answer.sums > 0) {
    console.out << "the data were read once, into " << std::to_string(answer.sums) << " sums\n";
  }
  console.out << ending(answer.found, options.descent) << '\n';
}

void print_json(Console& console, const FitData& data, const FitAnswer& answer,
                const SearchOptions& options, const std::string& formula) {
  const std::vector<std::string>& names = data.model.parameters;
  std::string out = "{\"ok\":true,\"command\":\"fit\",\"read_as\":";
  append_json(out, data.model.text);
  append_object(out, "parameters", names, answer.found.at);
  append_object(out, "standard_errors", names, answer.standard_errors);
  append_field(out, "loss", answer.loss);
  append_field(out, "rss", answer.rss);
  append_field(out, "r_squared", answer.r_squared);
  append_field(out, "rows", static_cast<double>(data.table.rows));
  append_field(out, "iterations", static_cast<double>(answer.found.iterations));
  out += std::string(",\"converged\":") +
         (answer.found.reason == Reason::converged ? "true" : "false");
  out += ",\"reason\":";
  append_json(out, ending(answer.found, options.descent));
  append_field(out, "gradient_norm", answer.found.gradient_norm);
  if (data.held_out.rows > 0) {
    out += ",\"held_out\":{\"rows\":" + std::to_string(data.held_out.rows);
    append_field(out, "loss", answer.held_out_loss);
    append_field(out, "r_squared", answer.held_out_r_squared);
    out += '}';
  }
  if (answer.sums > 0) append_field(out, "sums", static_cast<double>(answer.sums));
  out += ",\"notes\":";
  append_json(out, data.notes, {formula});
  console.out << out << "}\n";
}

}  // namespace

void append_object(std::string& out, std::string_view name, const std::vector<std::string>& keys,
                   const std::vector<double>& values) {
  out += ",\"" + std::string(name) + "\":{";
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ',';
    append_json(out, keys[i]);
    out += ':';
    append_json(out, values[i]);
  }
  out += '}';
}

void append_field(std::string& out, std::string_view name, double value) {
  out += ",\"" + std::string(name) + "\":";
  append_json(out, value);
}

Exit exit_of(const Console& console, Reason reason) {
  if (reason == Reason::converged) return Exit::ok;
  if (reason != Reason::stopped) return Exit::no;
  return console.watchdog && console.watchdog->expired() ? Exit::limit : Exit::interrupted;
}

Exit print(Console& console, const FitData& data, const FitAnswer& answer,
           const SearchOptions& options, const std::string& formula) {
  if (console.json) {
    print_json(console, data, answer, options, formula);
  } else {
    report_notes(console, data.notes, formula);
    print_text(console, data, answer, options);
  }
  return exit_of(console, answer.found.reason);
}

}  // namespace nabla
