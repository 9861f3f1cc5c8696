#pragma once

// Objective and Residuals in the shapes that other optimisers ask for. None of their headers is
// needed here: what has to derive from a class of theirs takes that class as a parameter.
//
//   nlopt_set_min_objective(opt, nabla::nlopt_objective, &objective);
//   ceres::GradientProblem problem(new nabla::CeresFunction<ceres::FirstOrderFunction>(objective));
//   problem.AddResidualBlock(new nabla::CeresResiduals<ceres::CostFunction>(residuals), nullptr,
//   x);
//
// examples/with/ has whole programs. The adapters keep a
// pointer: what they adapt must outlive them.

#include <cmath>
#include <span>
#include <vector>

#include "lib/optimize/objective.hpp"
#include "lib/optimize/residuals.hpp"

namespace nabla {

// An nlopt_func; `objective` is the const Objective* that goes with it.
inline double nlopt_objective(unsigned n, const double* x, double* gradient, void* objective) {
  const auto& f = *static_cast<const Objective*>(objective);
  if (!gradient) return f.value({x, n});
  return f.gradient({x, n}, {gradient, n});
}

// For ceres::GradientProblem: value and exact gradient.
template <typename FirstOrderFunction>
class CeresFunction : public FirstOrderFunction {
 public:
  explicit CeresFunction(const Objective& f) : f_(f) {}

  bool Evaluate(const double* x, double* cost, double* gradient) const override {
    const std::span<const double> at(x, f_.size());
    *cost = gradient ? f_.gradient(at, {gradient, f_.size()}) : f_.value(at);
    return std::isfinite(*cost);
  }
  int NumParameters() const override { return static_cast<int>(f_.size()); }

 private:
  const Objective& f_;
};

// For ceres::Problem: all rows as one block of residuals of one block of parameters, with the exact
// Jacobian.
template <typename CostFunction>
class CeresResiduals : public CostFunction {
 public:
  explicit CeresResiduals(const Residuals& f) : f_(f) {
    this->set_num_residuals(static_cast<int>(f.rows()));
    this->mutable_parameter_block_sizes()->push_back(static_cast<int>(f.parameters()));
  }

  bool Evaluate(double const* const* x, double* residuals, double** jacobians) const override {
    const std::size_t rows = f_.rows(), n = f_.parameters();
    const std::span<const double> at(x[0], n);
    double* const to = jacobians ? jacobians[0] : nullptr;
    if (!to) {
      f_.rows_at(at, 0, rows, residuals);
      return true;
    }
    std::vector<double> by_column(rows * n);
    f_.rows_at(at, 0, rows, residuals, by_column.data());
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < n; ++j) to[i * n + j] = by_column[j * rows + i];
    }
    return true;
  }

 private:
  const Residuals& f_;
};

// The parts of an Ipopt::TNLP that say what the function is: value, gradient and the lower triangle
// of the exact Hessian, dense, row by row. A problem without constraints derives from it and adds
// bounds, start and finalize_solution.
template <typename Tnlp, typename Index>
class IpoptObjective : public Tnlp {
 public:
  explicit IpoptObjective(const Objective& f) : f_(f) {}

  bool get_nlp_info(Index& n, Index& m, Index& in_jacobian, Index& in_hessian,
                    typename Tnlp::IndexStyleEnum& style) override {
    n = static_cast<Index>(f_.size());
    m = in_jacobian = 0;
    in_hessian = n * (n + 1) / 2;
    style = Tnlp::C_STYLE;
    return true;
  }
  bool eval_f(Index, const double* x, bool, double& value) override {
    value = f_.value(at(x));
    return std::isfinite(value);
  }
  bool eval_grad_f(Index, const double* x, bool, double* gradient) override {
    return std::isfinite(f_.gradient(at(x), {gradient, f_.size()}));
  }
  bool eval_g(Index, const double*, bool, Index, double*) override { return true; }
  bool eval_jac_g(Index, const double*, bool, Index, Index, Index*, Index*, double*) override {
    return true;
  }
  bool eval_h(Index n, const double* x, bool, double factor, Index, const double*, bool, Index,
              Index* rows, Index* columns, double* values) override {
    std::vector<double> slope(f_.size()), h(f_.size() * f_.size());
    if (values) f_.hessian(at(x), slope, h);
    for (Index i = 0, k = 0; i < n; ++i) {
      for (Index j = 0; j <= i; ++j, ++k) {
        if (values) {
          values[k] = factor * h[static_cast<std::size_t>(i * n + j)];
        } else {
          rows[k] = i;
          columns[k] = j;
        }
      }
    }
    return true;
  }

 private:
  std::span<const double> at(const double* x) const { return {x, f_.size()}; }

  const Objective& f_;
};

}  // namespace nabla
