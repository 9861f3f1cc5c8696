#pragma once

// Program: a tape ready to run. It brings the pieces of code into order, hands values from one to
// the next, and adds up rows; the engines below it only ever see straight-line code.

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "lib/eval/columns.hpp"
#include "lib/eval/function.hpp"
#include "lib/eval/machine.hpp"
#include "lib/eval/options.hpp"
#include "lib/eval/stages.hpp"
#include "lib/eval/tape.hpp"

namespace nabla {

class Program {
 public:
  // Code is made on the first call that needs it, O(operations); one point and the rows of a batch
  // are different code.
  Program(std::shared_ptr<const Tape>, const CompileOptions&);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  std::size_t inputs() const { return tape_->input_names.size(); }
  std::size_t outputs() const { return tape_->outputs.size(); }
  std::size_t parameters() const { return parameters_; }
  const Tape& tape() const { return *tape_; }
  const CompileOptions& options() const { return options_; }

  // All of these are const and reentrant, and sizes are the caller's business. They throw
  // LimitError (L110) once `stop` is set; the outputs then mean nothing.
  // One point; `columns` and `rows` are the data that loops run over.
  void run(std::span<const double> in, std::span<double> out, const InputColumns& columns,
           std::size_t rows = 0, const Stop* stop = nullptr) const;

  // `count` points, one column per input that is no parameter and per output. Only for tapes
  // without loops. An output column may be an input column, but must not overlap one otherwise.
  void batch(const InputColumns& in, std::span<const double> parameters, const OutputColumns& out,
             std::size_t count, const Stop* stop = nullptr) const;

  // One point of a function without data; good as long as the program is.
  PointCall point_call() const;
  // The same as soon as there is machine code.
  const NativePoint& native_point() const { return native_point_; }

  // Makes the code for points, or for rows, now.
  void prepare_point() const { (void)point_plan(); }
  void prepare_batch() const { (void)batch_plan(); }

  // The engine that runs points.
  Engine engine() const;
  // The code for points or for the rows of a batch, for people.
  std::string source(bool batch) const;

 private:
  struct Plan {
    Stages stages;
    std::vector<Machine> machines;
    PointCall point;  // where one machine does it all
  };
  const Plan& point_plan() const {
    const Plan* plan = point_.load(std::memory_order_acquire);
    return plan ? *plan : make_plan(point_, false);
  }
  const Plan& batch_plan() const {
    const Plan* plan = batch_.load(std::memory_order_acquire);
    return plan ? *plan : make_plan(batch_, true);
  }
  const Plan& make_plan(std::atomic<const Plan*>&, bool batch) const;
  void run_loop(const Stage&, const Machine&, double* frame, const InputColumns&, std::size_t rows,
                const Stop*) const;

  std::shared_ptr<const Tape> tape_;
  CompileOptions options_;
  std::size_t parameters_;
  bool direct_;  // one stage whose frame is the inputs
  mutable std::mutex making_;
  mutable std::atomic<const Plan*> point_{nullptr}, batch_{nullptr};
  mutable NativePoint native_point_;
};

}  // namespace nabla
