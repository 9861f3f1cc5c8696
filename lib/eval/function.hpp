#pragma once

// Function: expressions compiled for evaluation. What embedding programs use: compile once, then
// call with spans, from any number of threads.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/expr.hpp"
#include "lib/eval/options.hpp"
#include "lib/eval/tape.hpp"

namespace nabla {

class Program;

// One point of a function without data, as a call through a pointer.
//   call(in, out, context)
// `in` has as many numbers as the function has inputs, `out` room for its outputs, and they do not
// overlap; nothing is checked.
struct PointCall {
  using Call = void (*)(const double* in, double* out, const double* context);
  Call call = nullptr;
  const double* context = nullptr;

  void operator()(const double* in, double* out) const { call(in, out, context); }
};

// The same for a program whose machine code may still have to be made.
struct NativePoint {
  const double* context = nullptr;  // written before `call`
  std::atomic<PointCall::Call> call{nullptr};
};

// A table of columns of equal length; not owned.
template <typename Number>
struct BasicData {
  std::vector<std::string> names;
  std::vector<std::span<const Number>> columns;
  std::size_t rows = 0;
};
using Data = BasicData<double>;
using FloatData = BasicData<float>;

// A call that does not fit the function: code E305 sizes, E306 data.
class CallError : public std::invalid_argument {
 public:
  explicit CallError(Diagnostic diagnostic)
      : std::invalid_argument(diagnostic.message), diagnostic_(std::move(diagnostic)) {}
  const Diagnostic& diagnostic() const { return diagnostic_; }

 private:
  Diagnostic diagnostic_;
};

class Function {
 public:
  // Inputs are symbols; columns may be inputs too, where a batch has them as its rows. All outputs
  // are compiled together and share what they have in common. The graph is only read. Linear in the
  // distinct nodes. Errors: E301 to E304 as record() says; L1xx.
  static Result<Function> compile(std::span<const Expr> inputs, std::span<const Expr> outputs,
                                  const CompileOptions& = {});

  std::size_t inputs() const { return inputs_; }
  std::size_t outputs() const { return outputs_; }
  std::size_t operations() const { return tape_->operations(); }
  bool needs_data() const { return needs_data_; }
  const std::vector<std::string>& columns() const { return tape_->column_names; }
  const std::vector<Diagnostic>& notes() const { return tape_->notes; }
  const Tape& tape() const { return *tape_; }

  // All of these are const and reentrant. They throw CallError when sizes or data do not fit, and
  // LimitError (L110) once `stop` is set; what they wrote until then means nothing.
  // One point.
  void operator()(std::span<const double> in, std::span<double> out,
                  const Stop* stop = nullptr) const {
    const PointCall::Call native = native_->call.load(std::memory_order_acquire);
    // As numbers, since pointers into different arrays have no order.
    const auto from = reinterpret_cast<std::uintptr_t>(in.data());
    const auto to = reinterpret_cast<std::uintptr_t>(out.data());
    if (native && in.size() == inputs_ && out.size() == outputs_ &&
        (to + outputs_ * sizeof(double) <= from || from + inputs_ * sizeof(double) <= to)) {
      return native(in.data(), out.data(), native_->context);
    }
    call(in, out, stop);
  }
  // One point of a function with sums over data, whose rows are added in the order of the options.
  void operator()(std::span<const double> in, std::span<double> out, const Data& data,
                  const Stop* stop = nullptr) const;
  // `n` points, a column per input and output: the same bits as n calls. An output column may be an
  // input column, but must not overlap one otherwise. Inputs that are parameters (the last ones,
  // see the options) have one value for all rows.
  void batch(std::span<const double* const> in, std::span<double* const> out, std::size_t n,
             const Stop* stop = nullptr) const {
    batch(in, {}, out, n, stop);
  }
  void batch(std::span<const double* const> in, std::span<const double> parameters,
             std::span<double* const> out, std::size_t n, const Stop* stop = nullptr) const;

  // The same with floats where memory is dear. They are computed in double by the same code, and
  // each result is rounded once: what double gives for these numbers, to the nearest float (beyond
  // the floats an infinity). Parameters and what sums give stay double. O(1) more a number.
  void operator()(std::span<const float> in, std::span<float> out,
                  const Stop* stop = nullptr) const;
  void operator()(std::span<const double> in, std::span<double> out, const FloatData& data,
                  const Stop* stop = nullptr) const;
  void batch(std::span<const float* const> in, std::span<float* const> out, std::size_t n,
             const Stop* stop = nullptr) const {
    batch(in, {}, out, n, stop);
  }
  void batch(std::span<const float* const> in, std::span<const double> parameters,
             std::span<float* const> out, std::size_t n, const Stop* stop = nullptr) const;

  // The fastest way to compute points: what is called when sizes fit, without the test whether they
  // do. Good as long as this function or a copy of it is. CallError E306 where it sums over data.
  PointCall point_call() const;

  // Makes the machine code that the first call would make.
  void prepare_point() const;
  void prepare_batch() const;
  // Who computes: the interpreter where machine code was not to be had.
  Engine engine() const;
  // What is run, for people: the tape, or the code it became for one point or for rows.
  enum class View : std::uint8_t { tape, point, batch };
  std::string source(View = View::tape) const;

 private:
  void call(std::span<const double> in, std::span<double> out, const Stop* stop) const;
  template <typename Number>
  void call_with(std::span<const double> in, std::span<double> out, const BasicData<Number>&,
                 const Stop*) const;
  void check_batch(std::size_t in, std::size_t parameters, std::size_t out) const;
  [[noreturn]] void refuse(std::size_t in, std::size_t out) const;

  std::shared_ptr<const Tape> tape_;
  std::shared_ptr<const Program> program_;
  std::size_t inputs_ = 0, outputs_ = 0;
  const NativePoint* native_ = nullptr;  // of the program
  bool needs_data_ = false;
};

struct Binding {
  std::string_view name;
  double value;
};

// The value at a point, once. Bindings that are not needed are fine; a name given twice takes the
// last value. Errors: E301 to E306, L1xx.
Result<double> evaluate(Expr f, std::span<const Binding> at, const Data& data = {});
Result<std::vector<double>> evaluate(std::span<const Expr> outputs, std::span<const Binding> at,
                                     const Data& data = {});

}  // namespace nabla
