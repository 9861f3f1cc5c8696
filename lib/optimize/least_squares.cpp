#include "lib/optimize/least_squares.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "lib/optimize/factored.hpp"

namespace nabla {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using LongMatrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
using LongVector = Eigen::Matrix<long double, Eigen::Dynamic, 1>;
using Index = Eigen::Index;

constexpr double smallest_singular_value = 1e-14;  // relative, columns scaled to length 1

// The factors at one point, to calculate with.
struct Factored {
  LongMatrix r;
  LongVector c;
  long double rho = 0;
  bool finite = true;

  double squares() const { return static_cast<double>(c.squaredNorm() + rho * rho); }
};

Factored factored(const Residuals& f, std::span<const double> at, Workers& workers) {
  const Factors found = factor(f, at, workers);
  const auto p = static_cast<Index>(f.parameters());
  return {.r = Eigen::Map<const LongMatrix>(found.r.data(), p, p),
          .c = Eigen::Map<const LongVector>(found.c.data(), p),
          .rho = found.rho,
          .finite = found.finite};
}

class Search {
 public:
  Search(const Residuals& f, std::span<const double> start, const LeastSquaresOptions& options,
         double radius)
      : f_(f),
        options_(options),
        workers_(options.workers ? options.workers : std::make_shared<Workers>(1)),
        radius_(radius),
        n_(static_cast<Index>(f.parameters())) {
    fit_.at.assign(start.begin(), start.end());
    for (std::size_t i = 0; i < fit_.at.size(); ++i)
      fit_.at[i] = options.box.clamped(i, fit_.at[i]);
    fit_.rows = f.rows();
    scale_ = Vector::Zero(n_);
  }

  LeastSquaresFit run() {
    if (f_.is_linear() && options_.box.empty())
      solve_linear();
    else
      descend();
    finish();
    return std::move(fit_);
  }

 private:
  bool stopped() const { return options_.stopped && options_.stopped(); }
  double gradient_norm(const Factored& q) const {
    const LongVector g = q.r.transpose() * q.c;
    return static_cast<double>(g.norm()) * 2 /
           static_cast<double>(std::max<std::size_t>(f_.rows(), 1));
  }
  double offset(const Factored& q) const;
  void choose_free(const Factored&);
  void decompose(const Factored&);
  Vector step_of(double lambda) const;
  double choose_lambda(double radius, Vector& step) const;
  std::vector<double> moved(const Vector& scaled_step) const;
  void accept(const std::vector<double>& at, double squares);
  void solve_linear();
  void descend();
  void polish();
  void finish();
  void tell(const Factored&) const;

  const Residuals& f_;
  const LeastSquaresOptions& options_;
  std::shared_ptr<Workers> workers_;
  double radius_;
  Index n_;
  LeastSquaresFit fit_;
  Factored here_;
  Vector scale_;             // D of Moré: the largest length each column of J has had
  std::vector<Index> free_;  // parameters that may move: not held by a bound
  // SVD of R D^-1, free columns: singular values, right vectors, and Uᵀc.
  Vector singular_, rotated_;
  Matrix right_;
};

void Search::choose_free(const Factored& q) {
  const LongVector g = q.r.transpose() * q.c;
  free_.clear();
  for (Index i = 0; i < n_; ++i) {
    const auto k = static_cast<std::size_t>(i);
    if (!options_.box.holds(k, fit_.at[k], static_cast<double>(g(i)))) free_.push_back(i);
  }
}

void Search::decompose(const Factored& q) {
  choose_free(q);
  for (Index j = 0; j < n_; ++j)
    scale_(j) = std::max(scale_(j), static_cast<double>(q.r.col(j).norm()));
  Matrix a(n_, static_cast<Index>(free_.size()));
  for (std::size_t k = 0; k < free_.size(); ++k) {
    const Index j = free_[k];
    const double s = scale_(j) > 0 ? scale_(j) : 1;
    a.col(static_cast<Index>(k)) = (q.r.col(j) / static_cast<long double>(s)).cast<double>();
  }
  if (free_.empty()) {
    singular_.resize(0);
    rotated_.resize(0);
    right_.resize(0, 0);
    return;
  }
  const Eigen::JacobiSVD<Matrix> svd(a, Eigen::ComputeThinU | Eigen::ComputeThinV);
  singular_ = svd.singularValues();
  right_ = svd.matrixV();
  rotated_ = svd.matrixU().transpose() * q.c.cast<double>();
}

// The minimiser of ‖R d + c‖² + lambda ‖D d‖², scaled by D.
Vector Search::step_of(double lambda) const {
  Vector t = Vector::Zero(singular_.size());
  const double least = singular_.size() > 0 ? singular_(0) * smallest_singular_value : 0;
  for (Index k = 0; k < singular_.size(); ++k) {
    const double s = singular_(k);
    if (s > least || lambda > 0) t(k) = -s * rotated_(k) / (s * s + lambda);
    if (!std::isfinite(t(k))) t(k) = 0;
  }
  return right_ * t;
}

// The smallest lambda whose step stays within the radius (to 10 %), by Newton's method on
// 1/radius - 1/‖d‖ (Hebden, Moré), safeguarded.
double Search::choose_lambda(double radius, Vector& step) const {
  step = step_of(0);
  if (step.norm() <= 1.1 * radius) return 0;
  double low = 0, high = singular_.cwiseProduct(rotated_).norm() / radius;
  double lambda = 1e-3 * high;
  for (int i = 0; i < 60; ++i) {
    step = step_of(lambda);
    const double length = step.norm();
    if (std::abs(length - radius) <= 0.1 * radius) break;
    (length > radius ? low : high) = lambda;
    double slope = 0;  // -d‖d‖/dlambda * ‖d‖
    for (Index k = 0; k < singular_.size(); ++k) {
      const double s = singular_(k), q = s * s + lambda;
      slope += s * s * rotated_(k) * rotated_(k) / (q * q * q);
    }
    double next = lambda + (length / radius - 1) * length * length / slope;
    if (!(next > low && next < high)) next = low > 0 ? std::sqrt(low * high) : 1e-3 * high;
    lambda = next;
  }
  return lambda;
}

std::vector<double> Search::moved(const Vector& scaled_step) const {
  std::vector<double> to = fit_.at;
  for (std::size_t k = 0; k < free_.size(); ++k) {
    const Index j = free_[k];
    const double s = scale_(j) > 0 ? scale_(j) : 1;
    const auto i = static_cast<std::size_t>(j);
    to[i] = options_.box.clamped(i, to[i] + scaled_step(static_cast<Index>(k)) / s);
  }
  return to;
}

double Search::offset(const Factored& q) const {
  const double all = q.squares();
  if (!(all > 0)) return 0;
  double reachable = 0;
  const double least = singular_.size() > 0 ? singular_(0) * smallest_singular_value : 0;
  for (Index k = 0; k < singular_.size(); ++k) {
    if (singular_(k) > least) reachable += rotated_(k) * rotated_(k);
  }
  return std::sqrt(std::min(1.0, reachable / all));
}

void Search::tell(const Factored& q) const {
  if (!options_.observe) return;
  options_.observe({.step = fit_.iterations,
                    .value = q.squares() / static_cast<double>(f_.rows()),
                    .gradient_norm = gradient_norm(q),
                    .rate = 0,
                    .at = fit_.at});
}

// From 0, where the residuals are those of the response alone and nothing cancels.
void Search::solve_linear() {
  std::fill(fit_.at.begin(), fit_.at.end(), 0.0);
  here_ = factored(f_, fit_.at, *workers_);
  ++fit_.evaluations;
  if (!here_.finite) {
    fit_.reason = Reason::not_finite;
    return;
  }
  decompose(here_);
  fit_.iterations = 1;
  const double least = singular_.size() > 0 ? singular_(0) * smallest_singular_value : 0;
  const bool full = singular_.size() > 0 && singular_(singular_.size() - 1) > least;
  fit_.reason = full ? Reason::converged : Reason::flat;
  if (full) {
    const LongVector d = here_.r.triangularView<Eigen::Upper>().solve(-here_.c);
    LongVector rounded(n_);
    for (Index i = 0; i < n_; ++i) {
      fit_.at[static_cast<std::size_t>(i)] = static_cast<double>(d(i));
      rounded(i) = static_cast<double>(d(i));
    }
    here_.c += here_.r * rounded;  // rho is the rest, whatever the parameters
    decompose(here_);
  } else {
    fit_.at = moved(step_of(0));
    here_ = factored(f_, fit_.at, *workers_);
    ++fit_.evaluations;
    decompose(here_);
  }
  tell(here_);
}

void Search::descend() {
  here_ = factored(f_, fit_.at, *workers_);
  ++fit_.evaluations;
  if (!here_.finite) {
    fit_.reason = Reason::not_finite;
    return;
  }
  decompose(here_);
  const auto length = [&] {
    double sum = 0;
    for (Index j = 0; j < n_; ++j)
      sum += std::pow(scale_(j) * fit_.at[static_cast<std::size_t>(j)], 2);
    return std::sqrt(sum);
  };
  double radius = radius_ * length();
  if (!(radius > 0)) radius = radius_;
  tell(here_);
  for (fit_.iterations = 0;;) {
    if (stopped()) {
      fit_.reason = Reason::stopped;
      return;
    }
    const double now = here_.squares();
    if (now == 0 || free_.empty() || offset(here_) <= 1e-8) {
      fit_.reason = Reason::converged;
      return polish();
    }
    if (fit_.iterations >= options_.iterations) {
      fit_.reason = Reason::step_limit;
      return;
    }
    ++fit_.iterations;
    bool moved_on = false;
    while (!moved_on) {
      Vector step;
      const double lambda = choose_lambda(radius, step);
      const std::vector<double> to = moved(step);
      const double then = f_.sum_of_squares(to, *workers_);
      ++fit_.evaluations;
      double predicted = 0;  // relative reduction
      const Vector image = singular_.cwiseProduct(right_.transpose() * step);
      predicted = (image.squaredNorm() + 2 * lambda * step.squaredNorm()) / now;
      const double actual = std::isfinite(then) ? 1 - then / now : -1;
      const double ratio = predicted > 0 ? actual / predicted : 0;
      const double size = step.norm();
      if (ratio <= 0.25) {
        radius = std::min(radius, 10 * size) * (std::isfinite(then) && actual > -1 ? 0.25 : 0.1);
      } else if (lambda == 0 || ratio >= 0.75) {
        radius = 2 * size;
      }
      if (ratio >= 1e-4 && actual > 0) {
        fit_.at = to;
        moved_on = true;
      } else if (predicted <= 1e-15 || size <= 1e-15 * length() || radius < 1e-300) {
        // Nothing to gain that double precision could show.
        fit_.reason = offset(here_) <= 1e-4 ? Reason::converged : Reason::flat;
        return fit_.reason == Reason::converged ? polish() : void();
      }
      if (stopped()) break;
    }
    if (!moved_on) continue;
    const Factored next = factored(f_, fit_.at, *workers_);
    ++fit_.evaluations;
    if (!next.finite) {
      fit_.reason = Reason::not_finite;
      return;
    }
    here_ = next;
    decompose(here_);
    tell(here_);
  }
}

// Full steps as long as they bring the gradient down: the sum of squares is flat at its minimum, so
// it cannot show the last half of the digits.
void Search::polish() {
  for (int i = 0; i < 20 && !stopped(); ++i) {
    const double before = offset(here_);
    if (free_.empty() || here_.squares() == 0) return;
    const std::vector<double> from = fit_.at;
    const std::vector<double> to = moved(step_of(0));
    if (to == from) return;
    const Factored kept = here_;
    fit_.at = to;
    const Factored next = factored(f_, to, *workers_);
    ++fit_.evaluations;
    const Vector scale = scale_;
    if (next.finite && next.squares() <= kept.squares() * (1 + 1e-9)) {
      here_ = next;
      decompose(here_);
      if (offset(here_) < before) continue;
    }
    fit_.at = from;
    here_ = kept;
    scale_ = scale;
    decompose(here_);
    return;
  }
}

void Search::finish() {
  fit_.gradient_norm = here_.finite ? gradient_norm(here_) : std::nan("");
  fit_.rss = here_.finite ? here_.squares() : f_.sum_of_squares(fit_.at, *workers_);
  if (!here_.finite) return;
  fit_.offset = offset(here_);
  // A column that has all but vanished on the way: a plateau, not a minimum.
  for (Index j = 0; j < n_; ++j) {
    const auto length = static_cast<double>(here_.r.col(j).norm());
    const bool vanished = scale_(j) > 0 && length <= 1e-12 * scale_(j);
    if (vanished && fit_.reason == Reason::converged) fit_.reason = Reason::flat;
    if (vanished) fit_.undetermined.push_back(static_cast<std::size_t>(j));
    scale_(j) = length;  // as it is here
  }
  decompose(here_);
  const double least = singular_.size() > 0 ? singular_(0) * smallest_singular_value : 0;
  for (Index k = 0; k < singular_.size(); ++k) fit_.rank += singular_(k) > least;
  if (fit_.rank < free_.size()) {
    // Those that take part in a direction along which nothing changes.
    for (std::size_t j = 0; j < free_.size(); ++j) {
      double part = scale_(free_[j]) > 0 ? 0 : 1;
      for (auto k = static_cast<Index>(fit_.rank); k < singular_.size(); ++k)
        part = std::max(part, std::abs(right_(static_cast<Index>(j), k)));
      if (part > 1e-6) fit_.undetermined.push_back(static_cast<std::size_t>(free_[j]));
    }
    std::ranges::sort(fit_.undetermined);
    const auto end = std::unique(fit_.undetermined.begin(), fit_.undetermined.end());
    fit_.undetermined.erase(end, fit_.undetermined.end());
    if (fit_.reason == Reason::converged) fit_.reason = Reason::flat;
    return;
  }
  const std::size_t p = free_.size();
  if (f_.rows() <= p) return;
  // A QR of the free columns gives their inverse; the others do not move.
  const auto count = static_cast<Index>(p);
  LongMatrix r(n_, count);
  for (Index k = 0; k < count; ++k) r.col(k) = here_.r.col(free_[static_cast<std::size_t>(k)]);
  const Eigen::HouseholderQR<LongMatrix> qr(r);
  const LongMatrix upper = qr.matrixQR().topRows(count).triangularView<Eigen::Upper>();
  const LongMatrix inverse =
      upper.triangularView<Eigen::Upper>().solve(LongMatrix::Identity(count, count).eval());
  const long double s2 =
      static_cast<long double>(fit_.rss) / static_cast<long double>(f_.rows() - p);
  fit_.standard_errors.assign(static_cast<std::size_t>(n_), 0);
  fit_.covariance.assign(static_cast<std::size_t>(n_ * n_), 0);
  for (Index a = 0; a < count; ++a) {
    for (Index b = 0; b < count; ++b) {
      const long double entry = s2 * inverse.row(a).dot(inverse.row(b));
      const Index i = free_[static_cast<std::size_t>(a)], j = free_[static_cast<std::size_t>(b)];
      fit_.covariance[static_cast<std::size_t>(i * n_ + j)] = static_cast<double>(entry);
      if (a == b) {
        fit_.standard_errors[static_cast<std::size_t>(i)] =
            static_cast<double>(std::sqrt(std::max(entry, 0.0L)));
      }
    }
  }
}

}  // namespace

// A trust region that is large at first is fast, and may jump onto a plateau; a small one follows
// the valley it starts in.
LeastSquaresFit least_squares(const Residuals& residuals, std::span<const double> start,
                              const LeastSquaresOptions& options) {
  constexpr std::size_t few_rows = 10'000;
  LeastSquaresFit best;
  const auto better = [&](const LeastSquaresFit& a) {
    const bool a_ends = a.reason == Reason::converged, b_ends = best.reason == Reason::converged;
    // A minimum lies below every plateau next to it, so the sum of squares decides alone, unless
    // it is the same.
    if (std::abs(a.rss - best.rss) <= 1e-9 * best.rss) return a_ends && !b_ends;
    return a.rss < best.rss || std::isnan(best.rss);
  };
  for (std::size_t i = 0; i < options.radii.size(); ++i) {
    LeastSquaresFit fit = Search(residuals, start, options, options.radii[i]).run();
    const std::size_t evaluations = best.evaluations + fit.evaluations;
    const Reason reason = fit.reason;
    if (i == 0 || better(fit)) best = std::move(fit);
    best.evaluations = evaluations;
    if (residuals.is_linear() && options.box.empty()) break;
    if (reason == Reason::stopped || reason == Reason::not_finite) break;
    const bool enough = i > 0 || residuals.rows() > few_rows;
    if (best.reason == Reason::converged && enough) break;
  }
  return best;
}

}  // namespace nabla
