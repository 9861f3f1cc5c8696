#pragma once

// Evaluates expressions in MPFR, as an oracle that shares nothing with the engine's own evaluators:
// every row of the function table has its own MPFR definition here (and a test says so).
//
//   MpfrEvaluator at(graph, std::vector{f.id}, 256);   // 256 bits
//   at.set(x.id, 0.5);                                 // any symbol or column (one value per row)
//   at.run();
//   mpfr_srcptr y = at.value(f.id);

#include <gmp.h>
#include <mpfr.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/core/graph.hpp"

namespace nabla::test {

// An mpfr_t that cleans up after itself.
class Real {
 public:
  explicit Real(mpfr_prec_t bits = 256) { mpfr_init2(value_, bits); }
  Real(const Real& other) : Real(mpfr_get_prec(other.value_)) {
    mpfr_set(value_, other.value_, MPFR_RNDN);
  }
  Real(Real&& other) noexcept : Real(2) { mpfr_swap(value_, other.value_); }
  Real& operator=(Real other) noexcept {
    mpfr_swap(value_, other.value_);
    return *this;
  }
  ~Real() { mpfr_clear(value_); }

  operator mpfr_ptr() { return value_; }
  operator mpfr_srcptr() const { return value_; }
  double to_double() const { return mpfr_get_d(value_, MPFR_RNDN); }
  std::string to_string(int digits = 20) const;

 private:
  mpfr_t value_;
};

class MpfrEvaluator {
 public:
  // Throws std::runtime_error for a function row without MPFR definition.
  MpfrEvaluator(const Graph&, std::span<const NodeId> roots, mpfr_prec_t bits);

  void set(NodeId symbol, double value);
  void set(NodeId symbol, mpfr_srcptr value);
  void set_column(NodeId column, std::span<const double> values);

  void run();  // one pass over the nodes, operands first

  mpfr_srcptr value(NodeId root, std::size_t row = 0) const;

 private:
  struct Step {
    NodeId id;
    std::size_t first;  // where the node's values lie: one, or one for every row of the data
    bool by_row;
  };
  void evaluate(const Step&, std::size_t row);
  mpfr_ptr at(NodeId id, std::size_t row);

  const Graph& graph_;
  mpfr_prec_t bits_;
  std::size_t rows_ = 1;
  std::vector<Step> steps_;
  std::vector<std::int64_t> step_of_;  // by id
  std::vector<Real> values_;
  void lay_out();
};

// One application of a function row; v is ignored by rows of one operand.
void apply(Fn fn, mpfr_ptr result, mpfr_srcptr u, mpfr_srcptr v);

// The row has an MPFR definition.
bool has_mpfr(Fn fn);

// |a - b| <= tolerance * max(|a|, |b|), or both the same special value.
bool agree(mpfr_srcptr a, mpfr_srcptr b, double tolerance);

// f at a point, in double, through MPFR.
double value_at(Expr f, std::span<const Expr> variables, std::span<const double> point,
                mpfr_prec_t bits = 256);

}  // namespace nabla::test
