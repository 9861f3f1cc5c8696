#include "cli/search_report.hpp"

#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>

#include "cli/text.hpp"
#include "parser/render.hpp"

namespace nabla {
namespace {

std::string short_number(double x) {
  std::string out;
  append_number(out, x, 5);
  return out;
}

std::string steps_of(std::size_t n) { return std::to_string(n) + (n == 1 ? " step" : " steps"); }

Diagnostic cannot_write(const std::string& path) {
  return {.code = "I603",
          .message = "cannot write '" + printable(path) + "': " + std::strerror(errno),
          .span = {}};
}

}  // namespace

Found found_of(Minimum m) {
  return {.at = std::move(m.at),
          .value = m.value,
          .gradient_norm = m.gradient_norm,
          .iterations = m.iterations,
          .evaluations = m.evaluations,
          .reason = m.reason,
          .kind = m.kind,
          .rate = m.rate,
          .largest_stable_rate = m.largest_stable_rate,
          .detail = {}};
}

std::string ending(const Found& found, const DescentOptions& options) {
  std::string text;
  switch (found.reason) {
    case Reason::converged:
      text = "converged after " + steps_of(found.iterations);
      if (found.kind == CriticalPoint::minimum) text += ": a minimum";
      break;
    case Reason::step_limit:
      text = "not converged: step limit of " + steps_of(found.iterations) +
             " reached, gradient norm " + short_number(found.gradient_norm);
      break;
    case Reason::diverging:
      text = "not converged: diverging after " + steps_of(found.iterations);
      if (found.largest_stable_rate > 0) {
        text +=
            "; the rate is " + short_number(options.rate > 0 ? options.rate : found.rate) +
            ", the largest stable one 2/lambda_max = " + short_number(found.largest_stable_rate);
      } else {
        text += ", the value falls without bound";
      }
      break;
    case Reason::flat:
      text = "not converged: ";
      if (found.kind == CriticalPoint::saddle)
        text += "a saddle point, not a minimum: the gradient is 0 and the curvature has both signs";
      else if (found.kind == CriticalPoint::maximum)
        text += "a maximum, not a minimum: the gradient is 0 and the curvature negative";
      else
        text += "flat after " + steps_of(found.iterations);
      break;
    case Reason::not_finite: text = "not converged: no finite value at the start"; break;
    case Reason::stopped:
      text = "not converged: stopped after " + steps_of(found.iterations);
      break;
  }
  if (!found.detail.empty()) text += ", " + found.detail;
  return text;
}

Result<std::unique_ptr<Watcher>> Watcher::start(Console& console, const std::string& trace,
                                                const std::vector<std::string>& parameters,
                                                std::size_t steps, bool keep_path) {
  std::unique_ptr<Watcher> watcher(new Watcher);
  watcher->terminal_ = !console.json && ::isatty(STDERR_FILENO);
  watcher->steps_ = steps;
  watcher->keep_path_ = keep_path;
  watcher->path_ = trace;
  if (!trace.empty()) {
    watcher->trace_ = std::fopen(trace.c_str(), "wb");
    if (!watcher->trace_) return cannot_write(trace);
    std::string line = "step,value,gradient_norm,rate";
    for (const std::string& name : parameters) line += "," + name;
    line += "\n";
    std::fwrite(line.data(), 1, line.size(), watcher->trace_);
  }
  return watcher;
}

Watcher::~Watcher() {
  if (trace_) std::fclose(trace_);
}

void Watcher::operator()(const Progress& p) {
  if (trace_) {
    std::string line = std::to_string(p.step);
    for (const double x : {p.value, p.gradient_norm, p.rate}) {
      line += ',';
      append_number(line, x);
    }
    for (const double x : p.at) {
      line += ',';
      append_number(line, x);
    }
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), trace_);
  }
  if (calls_++ % every_ == 0) {
    constexpr std::size_t most = 4096;
    if (seen_.size() == most) {
      // Every second one, from now on too.
      for (std::size_t i = 0; i < most / 2; ++i) seen_[i] = std::move(seen_[2 * i]);
      seen_.resize(most / 2);
      every_ *= 2;
    }
    seen_.push_back({static_cast<double>(p.step), p.value, {}});
    if (keep_path_) seen_.back().at.assign(p.at.begin(), p.at.end());
  }
  if (terminal_ && calls_ % 16 == 1) show(p);
}

void Watcher::show(const Progress& p) {
  const auto now = Clock::now();
  const double elapsed = std::chrono::duration<double>(now - begin_).count();
  const double since = std::chrono::duration<double>(now - last_).count();
  if (elapsed < 0.5 || since < 0.1) return;
  last_ = now;
  const double rate = static_cast<double>(p.step) / elapsed;
  std::string line = "\rstep " + std::to_string(p.step) + ", " + short_number(rate) +
                     " a second, loss " + short_number(p.value) + ", gradient " +
                     short_number(p.gradient_norm);
  if (steps_ > p.step && rate > 0) {
    line += ", at most " + short_number(std::ceil(static_cast<double>(steps_ - p.step) / rate)) +
            " s left";
  }
  line += "\x1b[K";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
  shown_ = true;
}

std::optional<Diagnostic> Watcher::finish() {
  if (shown_) {
    constexpr std::string_view clear = "\r\x1b[K";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, clear.data(), clear.size());
    shown_ = false;
  }
  if (!trace_) return std::nullopt;
  const bool fine = !std::ferror(trace_) && std::fclose(trace_) == 0;
  trace_ = nullptr;
  if (fine) return std::nullopt;
  return cannot_write(path_);
}

}  // namespace nabla
