#pragma once

// What people and programs see of a search: how it goes while it runs, every step in a file, and in
// words how it ended.

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "lib/optimize/descent.hpp"

namespace nabla {

// An answer of any method.
struct Found {
  std::vector<double> at;
  double value = 0, gradient_norm = 0;
  std::size_t iterations = 0, evaluations = 0;
  Reason reason = Reason::step_limit;
  CriticalPoint kind = CriticalPoint::unknown;
  double rate = 0, largest_stable_rate = 0;
  std::string detail;  // added to the reason in words
};
Found found_of(Minimum);

// "converged after 12 steps", "not converged: step limit of 500 reached, ..." in one line.
std::string ending(const Found&, const DescentOptions&);

// Watches the steps of one or more searches: a progress line on a terminal once it takes long, the
// trace file, and what is drawn afterwards.
class Watcher {
 public:
  // Error I603 when the trace cannot be written.
  static Result<std::unique_ptr<Watcher>> start(Console&, const std::string& trace,
                                                const std::vector<std::string>& parameters,
                                                std::size_t steps, bool keep_path);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  void operator()(const Progress&);

  // Takes the progress line away, and closes the trace. Error I603.
  std::optional<Diagnostic> finish();

  struct Seen {
    double step, value;
    std::vector<double> at;  // where a path was asked for
  };
  // At most a few thousand of the steps, evenly.
  const std::vector<Seen>& seen() const { return seen_; }

 private:
  using Clock = std::chrono::steady_clock;
  Watcher() = default;
  void show(const Progress&);

  bool terminal_ = false, shown_ = false, keep_path_ = false;
  std::size_t steps_ = 0, every_ = 1, calls_ = 0;
  Clock::time_point begin_ = Clock::now(), last_ = Clock::now();
  std::FILE* trace_ = nullptr;
  std::string path_;
  std::vector<Seen> seen_;
};

}  // namespace nabla
