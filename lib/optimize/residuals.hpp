#pragma once

// Residuals: one expression per row of the data, compiled with its exact derivatives by the
// parameters. What least squares is made of.

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/expr.hpp"
#include "lib/eval/function.hpp"
#include "lib/eval/workers.hpp"

namespace nabla {

class Residuals {
 public:
  // `residual` holds columns outside any sum, such as y - (w*x + b). Sums over the data inside it
  // must not depend on the parameters; they are computed once. The data must outlive the object.
  // Errors: E301 a name that is no parameter, E306 columns missing or of different lengths, F904 a
  // sum that depends on a parameter; D201, L1xx.
  static Result<Residuals> compile(Expr residual, std::span<const Expr> parameters,
                                   const Data& data);

  std::size_t parameters() const { return parameters_; }
  std::size_t rows() const { return rows_; }

  // The derivatives do not depend on the parameters.
  bool is_linear() const { return linear_; }

  // Residuals of `count` rows from `first` on; with `jacobian` (row i, parameter j at
  // [j * count + i]) their derivatives too. Const and reentrant. O(count * operations).
  void rows_at(std::span<const double> at, std::size_t first, std::size_t count, double* residual,
               double* jacobian = nullptr) const;

  // Sum of squares at a point, blocks of rows added up in extended precision. Not finite where some
  // row is not.
  double sum_of_squares(std::span<const double> at, Workers&) const;

  // Rows are worked on in spans; how they are cut does not depend on who works on them. Rows from
  // first to before second.
  std::size_t spans() const;
  std::pair<std::size_t, std::size_t> span_of(std::size_t i) const;

 private:
  long double squares(std::span<const double> at, std::size_t begin, std::size_t end) const;

  Function value_, all_;
  std::vector<std::string> names_;  // of the columns that are inputs
  std::vector<const double*> columns_;
  std::size_t parameters_ = 0, rows_ = 0;
  bool linear_ = false;
};

// Sums over the data that do not depend on the parameters, replaced by their values.
Result<Expr> with_sums_computed(Expr e, std::span<const Expr> parameters, const Data& data);

}  // namespace nabla
