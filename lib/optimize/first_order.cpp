#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "lib/optimize/methods.hpp"
#include "lib/optimize/random.hpp"

namespace nabla {
namespace {

// Rows in an order drawn by the seed, block after block; drawn anew after each round.
class Batches {
 public:
  Batches(const Data& data, std::size_t size, std::uint64_t seed)
      : data_(data), size_(std::min(size, data.rows)), random_(seed) {
    order_.resize(data.rows);
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    columns_.resize(data.columns.size());
    batch_.names = data.names;
    batch_.columns.resize(data.columns.size());
  }

  // False at the end of a round.
  bool next() {
    if (at_ == 0) shuffle();
    const std::size_t count = std::min(size_, data_.rows - at_);
    for (std::size_t k = 0; k < columns_.size(); ++k)
      batch_.columns[k] = std::span(columns_[k]).subspan(at_, count);
    batch_.rows = count;
    at_ += count;
    if (at_ < data_.rows) return true;
    at_ = 0;
    return false;
  }
  const Data& batch() const { return batch_; }

 private:
  void shuffle() {
    for (std::size_t i = order_.size(); i > 1; --i)
      std::swap(order_[i - 1], order_[random_.below(i)]);
    for (std::size_t k = 0; k < columns_.size(); ++k) {
      columns_[k].resize(data_.rows);
      for (std::size_t i = 0; i < data_.rows; ++i) columns_[k][i] = data_.columns[k][order_[i]];
    }
  }

  const Data& data_;
  std::size_t size_, at_ = 0;
  Random random_;
  std::vector<std::size_t> order_;
  std::vector<std::vector<double>> columns_;
  Data batch_;
};

class FirstOrder {
 public:
  FirstOrder(const Objective& f, const DescentOptions& options, Minimum& found)
      : f_(f),
        options_(options),
        found_(found),
        n_(f.size()),
        x_(found.at),
        slope_(n_),
        velocity_(n_, 0),
        squares_(n_, 0) {}

  void run();

 private:
  double first_rate() const;
  bool in_batches() const { return options_.batch > 0 && options_.batch < f_.rows(); }
  void step(double rate, std::size_t t);
  bool search_step(double& rate);
  void project() {
    for (std::size_t i = 0; i < n_; ++i) x_[i] = options_.box.clamped(i, x_[i]);
  }
  void gradient_of_batch(Batches& batches);

  const Objective& f_;
  const DescentOptions& options_;
  Minimum& found_;
  std::size_t n_;
  std::vector<double> x_, slope_, velocity_, squares_;
  double value_ = 0;
};

// What the curvature at the start bears.
double FirstOrder::first_rate() const {
  if (options_.rate > 0) return options_.rate;
  if (options_.method == Method::adam) return 0.01;
  const double curvature = largest_curvature(f_, x_);
  return curvature > 0 ? 1 / curvature : 0.01;
}

void FirstOrder::step(double rate, std::size_t t) {
  const double m = options_.momentum;
  switch (options_.method) {
    case Method::momentum:
      for (std::size_t i = 0; i < n_; ++i) {
        velocity_[i] = m * velocity_[i] + slope_[i];
        x_[i] -= rate * velocity_[i];
      }
      break;
    case Method::nesterov:
      // The point the momentum leads to is where the gradient is taken, so it is what x holds.
      for (std::size_t i = 0; i < n_; ++i) {
        velocity_[i] = m * velocity_[i] + slope_[i];
        x_[i] -= rate * (slope_[i] + m * velocity_[i]);
      }
      break;
    case Method::adam: {
      const double b = options_.second_moment;
      const double first = 1 - std::pow(m, static_cast<double>(t)),
                   second = 1 - std::pow(b, static_cast<double>(t));
      for (std::size_t i = 0; i < n_; ++i) {
        velocity_[i] = m * velocity_[i] + (1 - m) * slope_[i];
        squares_[i] = b * squares_[i] + (1 - b) * slope_[i] * slope_[i];
        x_[i] -= rate * (velocity_[i] / first) / (std::sqrt(squares_[i] / second) + 1e-8);
      }
      break;
    }
    default:
      for (std::size_t i = 0; i < n_; ++i) x_[i] -= rate * slope_[i];
  }
  project();
}

// Gradient descent without a given rate: halved until the value falls enough (Armijo 1966), then
// doubled again. False when no step however small makes it fall.
bool FirstOrder::search_step(double& rate) {
  const std::vector<double> from = x_;
  for (int i = 0; i < 100; ++i) {
    double gain = 0;
    for (std::size_t k = 0; k < n_; ++k) {
      x_[k] = options_.box.clamped(k, from[k] - rate * slope_[k]);
      gain += slope_[k] * (from[k] - x_[k]);
    }
    if (x_ == from) break;
    const double then = f_.value(x_);
    ++found_.evaluations;
    if (then <= value_ - 1e-4 * gain) {
      rate *= 2;
      return true;
    }
    rate /= 2;
  }
  x_ = from;
  return false;
}

void FirstOrder::gradient_of_batch(Batches& batches) {
  (void)batches.next();
  f_.gradient(x_, slope_, batches.batch());
}

void FirstOrder::run() {
  const double start = found_.value;
  double rate = first_rate();
  found_.rate = rate;
  const bool searching = options_.method == Method::gd && options_.rate <= 0 && !in_batches();
  std::optional<Batches> batches;
  std::size_t per_round = 1;
  if (in_batches()) {
    batches.emplace(f_.data(), options_.batch, options_.seed);
    per_round = (f_.rows() + options_.batch - 1) / options_.batch;
  }
  std::vector<double> full(n_);
  value_ = f_.gradient(x_, full);
  slope_ = full;
  std::size_t rising = 0;
  double before = value_;
  for (std::size_t t = 0;; ++t) {
    // With mini-batches the whole loss is looked at once a round.
    if (!batches || t % per_round == 0) {
      if (t > 0) {
        value_ = f_.gradient(x_, full);
        ++found_.evaluations;
        slope_ = full;
      }
      const double norm = free_norm(options_.box, x_, full);
      if (options_.observe) {
        options_.observe({.step = t,
                          .value = value_,
                          .gradient_norm = norm,
                          .rate = searching ? rate
                                            : options_.schedule.rate(found_.rate, t > 0 ? t - 1 : 0,
                                                                     options_.iterations),
                          .at = x_});
      }
      if (!std::isfinite(value_) || !std::isfinite(norm)) {
        found_.reason = Reason::diverging;
        break;
      }
      if (value_ <= found_.value || t == 0) {
        found_.value = value_;
        found_.at = x_;
      }
      rising = value_ > before ? rising + 1 : 0;
      before = value_;
      // Far above the start and still going up, or down without end.
      if ((rising >= 5 && value_ > 1e6 * (1 + std::abs(start))) ||
          value_ < -1e30 * (1 + std::abs(start))) {
        found_.reason = Reason::diverging;
        break;
      }
      if (norm <= options_.tolerance * (1 + std::min(std::abs(value_), std::abs(start)))) {
        found_.at = x_;
        found_.reason = Reason::converged;
        break;
      }
    }
    if (t >= options_.iterations) {
      // What the steps lead to, not the best they passed: these are the same unless the rate is
      // too large, and then the reader should see it.
      found_.reason = rising >= 5 && value_ > start ? Reason::diverging : Reason::step_limit;
      if (found_.reason == Reason::step_limit && !batches) found_.at = x_;
      break;
    }
    if (options_.stopped && options_.stopped()) {
      found_.reason = Reason::stopped;
      break;
    }
    if (batches) gradient_of_batch(*batches);
    ++found_.iterations;
    if (searching) {
      if (!search_step(rate)) {
        found_.reason = Reason::converged;  // nothing that double precision could show
        break;
      }
      continue;
    }
    step(options_.schedule.rate(found_.rate, t, options_.iterations), t + 1);
  }
}

}  // namespace

void first_order(const Objective& f, const DescentOptions& options, Minimum& found) {
  FirstOrder(f, options, found).run();
}

}  // namespace nabla
