#pragma once

// A contest of compiled functions, hand-written code and other evaluators: who takes part, on which
// rows, and how time is taken and set side by side.

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bench/rivals/hand.hpp"
#include "bench/rivals/script.hpp"
#include "lib/eval/options.hpp"

namespace nabla::rivals {

// Nanoseconds of this thread.
double now();
double median(std::vector<double>);

struct Case {
  const char* name;
  std::size_t inputs, parameters, outputs;
  std::size_t rows;
};
inline constexpr Case cases[expressions] = {
    {"poly10", 1, 0, 1, 2048},   {"powers", 1, 0, 1, 2048},  {"sxe", 2, 0, 1, 2048},
    {"logistic", 5, 5, 6, 2048}, {"gmm", 1, 0, 1, 2048},     {"rosenbrock", 100, 0, 101, 256},
    {"rational", 6, 0, 1, 2048}, {"network", 3, 0, 1, 2048}, {"hessian", 3, 0, 10, 2048},
};

struct Mode {
  const char* name;
  CompileOptions options;
};
struct Peer {
  const char* name;
  std::unique_ptr<Foreign> (*make)(const Script&);
  Choice choice;
};
std::span<const Hand* const> hands();
std::span<const Mode> modes();
std::span<const Peer> peers();

struct Contestant {
  std::string name;
  std::function<void(std::size_t)> run;  // some times; nothing where it cannot
  std::vector<double> times = {};
};

// Lets every contestant run once and compares what it leaves in `out` with the first one's; who
// differs by more than rounding is named and does not take part.
void leave_out_wrong(std::vector<Contestant>&, std::span<std::vector<double>> out);

// ns per unit of work: rounds of all contestants in turn.
std::vector<double> measure(std::vector<Contestant>&, double units);

// Ratios to the best of the first `hand_count` rows of `time`, which has one row per name.
void print_table(const char* title, const std::vector<std::string>& names,
                 const std::vector<std::vector<double>>& time, std::size_t hand_count);

struct Rows {
  std::vector<std::vector<double>> in, out;
  std::vector<const double*> in_pointers;
  std::vector<double*> out_pointers;
  std::vector<double> parameters;

  Rows(const Case& c, std::size_t rows) {
    std::uint64_t state = 7;
    const auto next = [&] {
      state = state * 6364136223846793005u + 1442695040888963407u;
      return 0.1 + 0.8 * static_cast<double>(state >> 11) * 0x1p-53;
    };
    // Columns do not begin at the same place of a page.
    for (std::size_t k = 0; k < c.inputs; ++k) {
      in.emplace_back(rows + 24);
      for (double& x : in.back()) x = next();
      in_pointers.push_back(in.back().data());
    }
    for (std::size_t k = 0; k < c.outputs; ++k) {
      out.emplace_back(rows + 24);
      out_pointers.push_back(out.back().data());
    }
    for (std::size_t k = 0; k < c.parameters; ++k) parameters.push_back(next());
  }
};

// The parts of bench_evaluate that have files of their own.
void compiling();

}  // namespace nabla::rivals
