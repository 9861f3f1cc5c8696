#pragma once

// What fit and minimize are told about the search, from the command line.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "lib/core/limits.hpp"
#include "lib/optimize/descent.hpp"

namespace nabla {

struct SearchOptions {
  std::string method;  // as it was given; empty: what suits the task
  DescentOptions descent;
  bool has_iterations = false;

  struct Value {
    std::string name;
    double number;
  };
  std::vector<Value> from;
  bool ask = false;  // --from ask: at the terminal
  struct Bound {
    std::string name;
    double lower, upper;
  };
  std::vector<Bound> bounds;
  std::size_t starts = 0;  // 0: one where all are given, else three
  double l1 = 0, l2 = 0;
  bool one_scan = true;
  unsigned threads = 0;  // 0: those of the machine
  std::string trace, svg;
  bool plot = false;
};

// Names of the rows of the option table that this reads.
inline constexpr std::string_view search_option_names[] = {
    "from",      "method",       "rate",  "schedule", "momentum", "iterations",
    "tolerance", "bounds",       "batch", "seed",     "starts",   "l1",
    "l2",        "step-by-step", "trace", "plot",     "svg",      "threads"};

// Errors U501, U507.
Result<SearchOptions> read_search_options(const Arguments&, const Limits&);

// The method of a name of DescentOptions; nothing for lm, exact and what is none.
std::optional<Method> find_method(std::string_view name);

// The start and the box for these parameters. `given` says which have a start of their own. Errors:
// U507 a name that is none of them.
struct Start {
  std::vector<double> at;
  std::vector<bool> given;
  Box box;
};
Result<Start> start_for(const SearchOptions&, const std::vector<std::string>& parameters,
                        double otherwise);

}  // namespace nabla
