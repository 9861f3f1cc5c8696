#pragma once

// RolledFunction: a rolled sum compiled for evaluation. Every body is compiled once, however many
// terms it has, and run over its table as a loop: variables are gathered, a batch of terms is
// computed, values are added up and slopes scattered (ExaModels: Shin, Pacaud & Anitescu, 2023).

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/rolled.hpp"
#include "lib/eval/function.hpp"

namespace nabla {

class RolledFunction {
 public:
  // Value, and where `slopes` are given also the gradient by the variables. `parameters` are the
  // names that are no variables. O(bodies + rest + tables). Errors: E301 a symbol that is neither,
  // E303 one that is no name or given twice, E306 a rest that sums over data; L1xx.
  static Result<RolledFunction> compile(const Rolled&, std::span<const Expr> variables,
                                        std::span<const Expr> parameters = {},
                                        const RolledGradient* slopes = nullptr,
                                        const CompileOptions& = {});

  std::size_t variables() const { return variables_; }
  std::size_t parameters() const { return parameters_; }
  bool has_gradient() const { return has_gradient_; }

  // The value at a point; `slopes`, unless empty, receives the gradient. Both are const, reentrant
  // and run in one thread. With SumOrder::in_order the value has the bits of the function that
  // unroll() writes out: rest, then template by template, term by term. The same number of terms
  // is added into each slope, in the order of the tables, so that it differs from the unrolled
  // one's by rounding: at most k - 1 units of 2^-53 of the sum of the sizes of its k terms. Throws
  // CallError (E305) where sizes do not fit and LimitError (L110) once `stop` is set. O(terms).
  double operator()(std::span<const double> at, std::span<const double> parameters = {},
                    std::span<double> slopes = {}, const Stop* stop = nullptr) const;

 private:
  struct Loop {
    Function value, all;  // of the slots and parameters; `all`: and slopes by slot
    std::vector<std::uint32_t> table;
    std::size_t width = 0, terms = 0;
  };
  struct Remainder {
    Function value, all;                         // of some variables and the parameters
    std::vector<std::uint32_t> inputs, outputs;  // which variables, and which slopes
    bool is_zero = true;
  };

  class Sum;
  void run(const Loop&, std::span<const double> at, std::span<const double> parameters,
           std::span<double> slopes, Sum&, const Stop*) const;
  double run_rest(std::span<const double> at, std::span<const double> parameters,
                  std::span<double> slopes, const Stop*) const;

  std::vector<Loop> loops_;
  Remainder rest_;
  std::size_t variables_ = 0, parameters_ = 0;
  bool has_gradient_ = false;
  SumOrder order_ = SumOrder::in_order;
};

}  // namespace nabla
