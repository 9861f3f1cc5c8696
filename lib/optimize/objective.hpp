#pragma once

// Objective: what is to be made small, with its exact derivatives by the parameters. A loss over
// data is one pass over the rows for value and gradient together; the sums stay sums.

#include <span>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/expr.hpp"
#include "lib/eval/function.hpp"

namespace nabla {

class Objective {
 public:
  enum class Depth { gradient, hessian };

  // The data must outlive the object; none for a function without sums over data. Sums use
  // `threads` threads, 0 for all of the machine; values do not depend on it. Errors: E301 a name
  // that is no parameter, E302 a column outside every sum, E306 data that do not fit, D201, L1xx.
  static Result<Objective> compile(Expr f, std::span<const Expr> parameters, const Data& data = {},
                                   Depth depth = Depth::hessian, unsigned threads = 0);

  std::size_t size() const { return parameters_; }
  std::size_t rows() const { return data_.rows; }
  bool has_data() const { return value_.needs_data(); }
  bool has_hessian() const { return hessian_.outputs() > 0; }
  const Data& data() const { return data_; }  // the columns that are used

  // All of these are const and reentrant. O(operations * rows).
  double value(std::span<const double> at) const;
  double gradient(std::span<const double> at, std::span<double> slope) const;
  // `curvature`: the Hessian row by row, both triangles.
  double hessian(std::span<const double> at, std::span<double> slope,
                 std::span<double> curvature) const;
  // The gradient over other rows of the same columns.
  double gradient(std::span<const double> at, std::span<double> slope, const Data& rows) const;

 private:
  double call(const Function&, std::span<const double> at, std::span<double> out,
              const Data& rows) const;

  Function value_, gradient_, hessian_;
  std::size_t parameters_ = 0;
  Data data_;
};

}  // namespace nabla
