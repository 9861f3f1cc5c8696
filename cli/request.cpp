#include "cli/request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "cli/reply.hpp"
#include "parser/suggest.hpp"

namespace nabla {
namespace {

using nlohmann::json;

struct TaskRow {
  std::string_view name;
  Task task;
  bool here = true;
  int level = 1;  // of simplification, unless the request says
};
constexpr std::array tasks{TaskRow{"parse", Task::parse, true, 0},
                           TaskRow{"diff", Task::diff},
                           TaskRow{"grad", Task::grad},
                           TaskRow{"hessian", Task::hessian},
                           TaskRow{"jacobian", Task::jacobian},
                           TaskRow{"simplify", Task::simplify, true, 2},
                           TaskRow{"expand", Task::expand},
                           TaskRow{"eval", Task::eval, true, 0},
                           TaskRow{"codegen", Task::codegen},
                           TaskRow{"kinks", Task::kinks},
                           TaskRow{"cost", Task::cost},
                           TaskRow{"explain", Task::explain}};

Diagnostic bad_field(const std::string& field, const std::string& wanted) {
  return {.code = "U512", .message = "field '" + field + "' must be " + wanted, .span = {}};
}

std::optional<double> read_number(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  constexpr double inf = std::numeric_limits<double>::infinity();
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "inf") return inf;
  if (text == "-inf") return -inf;
  return std::nullopt;
}

bool read_names(const json& value, std::vector<std::string>& names) {
  if (value.is_string()) {
    names.push_back(value.get<std::string>());
    return true;
  }
  if (!value.is_array()) return false;
  for (const json& entry : value) {
    if (!entry.is_string()) return false;
    names.push_back(entry.get<std::string>());
  }
  return true;
}

bool read_point(const json& value, Point& point) {
  if (!value.is_object()) return false;
  for (const auto& [name, entry] : value.items()) {
    if (entry.is_null()) continue;  // no value here
    Point::Entry to{.name = name, .is_column = entry.is_array()};
    if (to.is_column) {
      for (const json& number : entry) {
        const auto read = read_number(number);
        if (!read) return false;
        to.column.push_back(*read);
      }
    } else {
      const auto read = read_number(entry);
      if (!read) return false;
      to.number = *read;
    }
    point.entries.push_back(std::move(to));
  }
  return true;
}

bool read_points(const json& value, std::vector<Point>& points) {
  if (value.is_object()) return read_point(value, points.emplace_back());
  if (!value.is_array()) return false;
  points.reserve(value.size());
  for (const json& entry : value) {
    if (!read_point(entry, points.emplace_back())) return false;
  }
  return true;
}

std::optional<Diagnostic> read_task(const json& value, Request& request) {
  if (!value.is_string()) return bad_field("op", "a string");
  const auto& name = value.get_ref<const std::string&>();
  std::vector<std::string_view> known;
  for (const TaskRow& row : tasks) {
    if (row.here) known.push_back(row.name);
    if (row.name != name) continue;
    if (!row.here) {
      return Diagnostic{.code = "U513",
                        .message = "op '" + name + "' is not available in this version",
                        .span = {}};
    }
    request.question.task = row.task;
    request.question.level = row.level;
    if (row.task == Task::codegen) request.question.profile = CostProfile::run;
    return std::nullopt;
  }
  const std::string_view near = nearest(name, known);
  return Diagnostic{
      .code = "U513",
      .message = "unknown op '" + name + "'",
      .span = {},
      .hint = near.empty() ? std::string() : "did you mean '" + std::string(near) + "'?"};
}

// A field whose meaning does not depend on the others.
std::optional<Diagnostic> read_field(const std::string& key, const json& value, Request& request) {
  Question& q = request.question;
  const auto whole = [&](std::uint64_t most) {
    return value.is_number_unsigned() && value.get<std::uint64_t>() <= most;
  };
  if (key == "id" || key == "op") return std::nullopt;
  if (key == "expr") {
    if (!value.is_string()) return bad_field(key, "a string");
    q.texts = {value.get<std::string>()};
  } else if (key == "exprs") {
    q.texts.clear();
    if (!value.is_array() || !read_names(value, q.texts))
      return bad_field(key, "a list of strings");
  } else if (key == "wrt") {
    if (!read_names(value, q.wrt)) return bad_field(key, "a list of names");
  } else if (key == "variables") {
    if (!read_names(value, q.variables)) return bad_field(key, "a list of names");
  } else if (key == "order") {
    if (!whole(1'000'000)) return bad_field(key, "a whole number from 0 to 1000000");
    q.order = value.get<unsigned>();
  } else if (key == "simplify") {
    if (!whole(3)) return bad_field(key, "a level from 0 to 3");
    q.level = value.get<int>();
  } else if (key == "for") {
    const auto profile =
        value.is_string() ? find_profile(value.get_ref<const std::string&>()) : std::nullopt;
    if (!profile) return bad_field(key, "display, shared, run or accuracy");
    q.profile = *profile;
    q.level = 2;  // unless the field simplify, which comes later in the alphabet, says otherwise
  } else if (key == "at") {
    if (!read_points(value, q.at)) return bad_field(key, "a list of objects name to number");
  } else if (key == "format") {
    const auto format =
        value.is_string() ? find_format(value.get_ref<const std::string&>()) : std::nullopt;
    if (!format) return bad_field(key, "one of " + format_names());
    request.format = *format;
  } else if (key == "lang") {
    if (!value.is_string()) return bad_field(key, "the name of a language");
    q.language = value.get<std::string>();
  } else if (key == "name") {
    if (!value.is_string()) return bad_field(key, "a name");
    q.name = value.get<std::string>();
  } else if (key == "faithful" || key == "roll") {
    if (!value.is_boolean()) return bad_field(key, "true or false");
    (key == "roll" ? q.roll : q.faithful) = value.get<bool>();
  } else if (key == "strict") {
    if (!value.is_boolean()) return bad_field(key, "true or false");
    q.strict = value.get<bool>();
  } else if (key == "limits") {
    if (!value.is_object()) return bad_field(key, "an object of name to number");
    for (const auto& [name, number] : value.items()) {
      const LimitRow* row = find_limit(name);
      if (row == nullptr) {
        return Diagnostic{.code = "U512",
                          .message = "there is no limit '" + name + "'",
                          .span = {},
                          .hint = "nabla limits lists them"};
      }
      std::size_t& limit = request.limits.*row->value;
      const bool fits = number.is_number_unsigned() && number.get<std::uint64_t>() >= 1 &&
                        number.get<std::uint64_t>() <= limit;
      if (!fits) {
        return bad_field(key + "." + name,
                         "a number from 1 to " + std::to_string(limit) + ", what the program has");
      }
      limit = number.get<std::size_t>();
    }
  } else if (key == "assume") {
    q.assume.clear();
    if (!read_names(value, q.assume)) return bad_field(key, "a list of conditions");
  } else if (key == "rules") {
    q.rules.clear();
    if (!read_names(value, q.rules)) return bad_field(key, "a list of rules");
  } else if (key == "explain") {
    if (!value.is_boolean()) return bad_field(key, "true or false");
    q.explain = value.get<bool>();
  } else if (key == "engine") {
    if (value != "interpreter" && value != "jit") return bad_field(key, "interpreter or jit");
    q.engine = value == "jit" ? Engine::native : Engine::interpreter;
  } else {
    request.notes.push_back({.code = "U522",
                             .severity = Severity::note,
                             .message = "unknown field '" + key + "'",
                             .span = {}});
  }
  return std::nullopt;
}

// Requests are flat. The echo of an id recurses over its levels, so depth is bounded first.
constexpr int deepest = 64;

int nesting(std::string_view line) {
  int depth = 0, most = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      most = std::max(most, ++depth);
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return most;
}

}  // namespace

std::optional<Diagnostic> read_request(std::string_view line, Request& request) {
  json parsed;
  if (nesting(line) > deepest) {
    return Diagnostic{.code = "U510",
                      .message = fmt::format("nested more than {} levels deep", deepest),
                      .span = {0, line.size()}};
  }
  try {
    parsed = json::parse(line);
  } catch (const json::out_of_range&) {
    return Diagnostic{.code = "U510",
                      .message = "a number of this line is too large",
                      .span = {0, line.size()},
                      .hint = "infinity is written \"inf\""};
  } catch (const json::parse_error& error) {
    const std::size_t at = error.byte == 0 ? 0 : std::min(error.byte - 1, line.size());
    return Diagnostic{
        .code = "U510",
        .message = "this line is no JSON object",
        .span = {at, at},
        .hint = "one request a line, such as {\"id\":1,\"op\":\"diff\",\"expr\":\"x^2\"}"};
  }
  if (!parsed.is_object()) {
    return Diagnostic{
        .code = "U510", .message = "this line is no JSON object", .span = {0, line.size()}};
  }
  if (const auto id = parsed.find("id"); id != parsed.end()) {
    request.id = id->dump(-1, ' ', false, json::error_handler_t::replace);
  }
  const auto op = parsed.find("op");
  if (op == parsed.end())
    return Diagnostic{.code = "U511", .message = "field 'op' is missing", .span = {}};
  if (auto error = read_task(*op, request)) return error;
  for (const auto& [key, value] : parsed.items()) {
    if (auto error = read_field(key, value, request)) return error;
  }
  if (request.question.texts.empty()) {
    return Diagnostic{.code = "U511", .message = "field 'expr' is missing", .span = {}};
  }
  return std::nullopt;
}

}  // namespace nabla
