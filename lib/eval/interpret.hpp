#pragma once

// The interpreters: register machines that run code at one point, or for many rows in blocks. They
// are portable, ask for no executable memory, and are what machine code is compared with: one point
// and a batch give the same bits.

#include "lib/core/limits.hpp"
#include "lib/eval/interpret/chain.hpp"

namespace nabla {

struct PointMachine;
struct RowMachine;

class PointInterpreter {
 public:
  explicit PointInterpreter(const Code& code);

  // One value per output. Const and reentrant. One heap allocation when more than about a thousand
  // registers are live.
  // Throws LimitError (L110) once `stop` is set; the outputs then mean nothing.
  void run(const double* uniforms, double* out, const Stop* stop = nullptr) const;

 private:
  Chain chain_;
  const PointMachine& machine_;
};

class RowInterpreter {
 public:
  explicit RowInterpreter(const Code& code);
  RowInterpreter(const Code& code, const RowMachine& machine)
      : chain_(code, Chain::For::rows), machine_(machine) {}

  // Rows `begin` up to `end` of the columns, which may be the outputs' rows too if nobody reads
  // them. As above.
  void run(const double* const* columns, const double* uniforms, double* const* out,
           std::size_t begin, std::size_t end, const Stop* stop = nullptr) const;

 private:
  Chain chain_;
  const RowMachine& machine_;
};

}  // namespace nabla
