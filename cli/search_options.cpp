#include "cli/search_options.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "cli/ask.hpp"
#include "cli/text.hpp"
#include "parser/render.hpp"
#include "parser/suggest.hpp"

namespace nabla {
namespace {

constexpr Method methods[] = {Method::gd,    Method::momentum, Method::nesterov, Method::adam,
                              Method::lbfgs, Method::bfgs,     Method::newton};

Diagnostic bad(std::string_view option, std::string_view wanted, std::string hint = {}) {
  return {.code = "U501",
          .message = "--" + std::string(option) + " takes " + std::string(wanted),
          .span = {},
          .hint = std::move(hint)};
}

// Reads options one after another and keeps the first complaint.
class Reader {
 public:
  Reader(const Arguments& arguments) : arguments_(arguments) {}

  void number(std::string_view name, double least, double& to) {
    if (error || !arguments_.has(name)) return;
    const auto x = to_number(arguments_.value(name));
    if (!x || !(*x >= least) || !std::isfinite(*x))
      error = bad(name, least > 0 ? "a number above 0" : "a number, 0 or more");
    else
      to = *x;
  }
  template <typename N>
  void count(std::string_view name, unsigned long long least, N& to) {
    if (error || !arguments_.has(name)) return;
    const auto n = to_count(arguments_.value(name));
    if (!n || *n < least || *n > 1'000'000'000'000)
      error = bad(name, "a whole number from " + std::to_string(least));
    else
      to = static_cast<N>(*n);
  }
  std::optional<Diagnostic> error;

 private:
  const Arguments& arguments_;
};

// "constant", "steps:100:0.5", "exponential:0.999", "inverse:0.01", "cosine".
std::optional<Schedule> schedule_of(std::string_view text) {
  const auto parts = split_list(text, ':');
  const auto number = [&](std::size_t i, double otherwise) {
    return i < parts.size() ? to_number(parts[i]) : std::optional(otherwise);
  };
  using Kind = Schedule::Kind;
  Schedule schedule;
  if (parts.empty()) return std::nullopt;
  if (parts[0] == "constant" && parts.size() == 1) return schedule;
  if (parts[0] == "cosine" && parts.size() == 1) {
    schedule.kind = Kind::cosine;
    return schedule;
  }
  if (parts[0] == "steps" && parts.size() <= 3) {
    const auto every = number(1, 100), factor = number(2, 0.5);
    if (!every || !(*every >= 1) || !factor || !(*factor > 0)) return std::nullopt;
    schedule = {Kind::step, *factor, static_cast<std::size_t>(*every)};
    return schedule;
  }
  if (parts[0] == "exponential" && parts.size() <= 2) {
    const auto factor = number(1, 0.999);
    if (!factor || !(*factor > 0)) return std::nullopt;
    schedule.kind = Kind::exponential;
    schedule.factor = *factor;
    return schedule;
  }
  if (parts[0] == "inverse" && parts.size() <= 2) {
    const auto factor = number(1, 0.01);
    if (!factor || !(*factor >= 0)) return std::nullopt;
    schedule.kind = Kind::inverse;
    schedule.factor = *factor;
    return schedule;
  }
  return std::nullopt;
}

// "w=0:10,b=-1:" as bounds; a side may be left out.
std::optional<Diagnostic> read_bounds(std::string_view text,
                                      std::vector<SearchOptions::Bound>& to) {
  for (const std::string_view part : split_list(text)) {
    const std::size_t equals = part.find('='), colon = part.find(':');
    SearchOptions::Bound bound{{}, -INFINITY, INFINITY};
    bool fine = equals != part.npos && colon != part.npos && equals < colon;
    if (fine) {
      bound.name = trimmed(part.substr(0, equals));
      const auto side = [&](std::string_view words, double& value) {
        words = trimmed(words);
        if (words.empty()) return true;
        const auto number = to_number(words);
        if (number) value = *number;
        return number.has_value() && !std::isnan(value);
      };
      fine = side(part.substr(equals + 1, colon - equals - 1), bound.lower) &&
             side(part.substr(colon + 1), bound.upper) && bound.lower <= bound.upper;
    }
    if (!fine) return bad("bounds", "a list such as w=0:10,b=-1: (a side may be left out)");
    to.push_back(std::move(bound));
  }
  return std::nullopt;
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

// One number from the terminal; nothing when there is none.
std::optional<double> asked(const std::string& name) {
  std::fprintf(stderr, "%s starts at (1): ", name.c_str());
  std::array<char, 128> line{};
  if (!std::fgets(line.data(), line.size(), stdin)) return std::nullopt;
  const std::string_view words = trimmed(line.data());
  return words.empty() ? std::optional(1.0) : to_number(words);
}

}  // namespace

std::optional<Method> find_method(std::string_view name) {
  for (const Method method : methods) {
    if (name_of(method) == name) return method;
  }
  return std::nullopt;
}

Result<SearchOptions> read_search_options(const Arguments& arguments, const Limits& limits) {
  SearchOptions options;
  options.method = arguments.value("method");
  if (!options.method.empty() && !find_method(options.method) && options.method != "lm" &&
      options.method != "exact") {
    std::vector<std::string_view> names{"lm", "exact"};
    for (const Method method : methods) names.push_back(name_of(method));
    const std::string_view near = nearest(options.method, names);
    return bad("method", "gd, momentum, nesterov, adam, lbfgs, bfgs, newton, lm or exact",
               near.empty() ? "" : "did you mean '" + std::string(near) + "'?");
  }
  Reader reader(arguments);
  DescentOptions& descent = options.descent;
  reader.number("rate", 1e-300, descent.rate);
  reader.number("momentum", 0, descent.momentum);
  reader.number("tolerance", 0, descent.tolerance);
  reader.number("l1", 0, options.l1);
  reader.number("l2", 0, options.l2);
  reader.count("iterations", 1, descent.iterations);
  reader.count("batch", 1, descent.batch);
  reader.count("seed", 0, descent.seed);
  reader.count("starts", 1, options.starts);
  reader.count("threads", 1, options.threads);
  if (reader.error) return *reader.error;
  if (!(descent.momentum < 1)) return bad("momentum", "a number from 0 to below 1");
  options.has_iterations = arguments.has("iterations");
  if (arguments.has("schedule")) {
    const auto schedule = schedule_of(arguments.value("schedule"));
    if (!schedule) {
      return bad("schedule",
                 "constant, steps:EVERY:FACTOR, exponential:FACTOR, inverse:FACTOR or cosine");
    }
    descent.schedule = *schedule;
  }
  for (const std::string_view text : arguments.values("bounds")) {
    if (auto error = read_bounds(text, options.bounds)) return *error;
  }
  for (const std::string_view text : arguments.values("from")) {
    if (text == "ask") {
      options.ask = true;
      continue;
    }
    const auto point = read_point(text, limits);
    if (!point) return point.error();
    for (const Point::Entry& entry : point->entries) {
      if (entry.is_column || !std::isfinite(entry.number)) return bad("from", "numbers: w=0,b=0");
      options.from.push_back({entry.name, entry.number});
    }
  }
  options.one_scan = !arguments.has("step-by-step");
  options.trace = arguments.value("trace");
  options.svg = arguments.value("svg");
  options.plot = arguments.has("plot");
  descent.stopped = [stop = limits.stop] { return stop && *stop; };
  return options;
}

Result<Start> start_for(const SearchOptions& options, const std::vector<std::string>& parameters,
                        double otherwise) {
  Start start;
  start.at.assign(parameters.size(), otherwise);
  start.given.assign(parameters.size(), false);
  const auto index_of = [&](const std::string& name) {
    return static_cast<std::size_t>(std::ranges::find(parameters, name) - parameters.begin());
  };
  const auto unknown = [&](const std::string& name) {
    return Diagnostic{.code = "U507",
                      .message = "'" + printable(name) + "' is no parameter here",
                      .span = {},
                      .hint = "the parameters are " + listed(parameters)};
  };
  for (const auto& [name, number] : options.from) {
    const std::size_t i = index_of(name);
    if (i == parameters.size()) return unknown(name);
    start.at[i] = number;
    start.given[i] = true;
  }
  if (!options.bounds.empty()) {
    start.box.lower.assign(parameters.size(), -INFINITY);
    start.box.upper.assign(parameters.size(), INFINITY);
  }
  for (const auto& [name, lower, upper] : options.bounds) {
    const std::size_t i = index_of(name);
    if (i == parameters.size()) return unknown(name);
    start.box.lower[i] = lower;
    start.box.upper[i] = upper;
  }
  if (options.ask && ::isatty(STDIN_FILENO)) {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      if (start.given[i]) continue;
      const auto number = asked(parameters[i]);
      if (!number) return bad("from", "a number for each parameter");
      start.at[i] = *number;
      start.given[i] = true;
    }
  }
  for (std::size_t i = 0; i < parameters.size(); ++i)
    start.at[i] = start.box.clamped(i, start.at[i]);
  return start;
}

}  // namespace nabla
