#pragma once

// Encoder: writes the instructions of one processor family for steps whose operands have been given
// places. Which register holds what is decided by the generator; how an instruction is spelled is
// decided here, and nowhere else. encoder_x86.cpp is for x86-64 with AVX2 or AVX-512.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lib/eval/code.hpp"
#include "lib/eval/options.hpp"

namespace nabla {

// Where an operand is found.
struct Place {
  enum Kind : std::uint8_t { in_register, column, uniform, constant, slot, lanes } kind;
  std::uint8_t copy = 0;    // of a column or of lanes: which of the vectors of one round
  std::uint32_t index = 0;  // register, column, uniform, constant, slot of the stack frame, or
                            // output whose eight lanes are meant
};

struct KernelShape {
  Width width = Width::one;
  bool rows = false;     // loops over rows; otherwise one point
  bool sums = false;     // rows of outputs are added to eight lanes per output, row mod 8
  bool calls = false;    // has steps that always call
  bool rescues = false;  // has steps that call now and then
  unsigned copies = 1;   // vectors of one round
  std::uint32_t columns = 0, outputs = 0;
  std::size_t steps = 0;                       // about as many instructions
  std::uint32_t tables_at = 0, extras_at = 0;  // where in the pool, in doubles
};

class Encoder {
 public:
  // Nothing where this processor has no encoder.
  static std::unique_ptr<Encoder> make(const KernelShape&);
  // The widest vectors of this processor, or nothing where it has no encoder.
  static bool supports(Width);
  virtual ~Encoder() = default;

  virtual unsigned registers() const = 0;
  // Whether the step takes its last operand from such a place as well as from a register.
  virtual bool takes(Opcode, Place::Kind) const = 0;

  virtual void begin() = 0;  // entry; loads what the body needs to find its operands
  virtual void
  begin_rows() = 0;  // where each round starts; registers filled before keep their value
  virtual void load(unsigned to, Place) = 0;
  virtual void spill(std::uint32_t slot, unsigned from) = 0;
  virtual void store(std::uint32_t output, unsigned copy, unsigned from) = 0;
  virtual void store_lanes(std::uint32_t output, unsigned copy, unsigned from) = 0;

  // Arithmetic, bits and integers of two operands; roots and rounding have `a` only.
  virtual void binary(Opcode, unsigned to, unsigned a, Place b) = 0;
  virtual void unary(Opcode, std::uint8_t detail, unsigned to, Place a) = 0;
  // to = a*b + c and its relatives, in a register that holds one of them already:
  enum class Fused : std::uint8_t { c_is_to, a_is_to };  // to = x*y o to; to = x*to o y
  virtual void fused(Opcode, Fused, unsigned to, unsigned x, Place y) = 0;
  // How many registers that hold nothing a step wants besides.
  virtual unsigned spares(Opcode) const = 0;
  virtual void scale(unsigned to, unsigned a, unsigned b, unsigned spare, unsigned spare2) = 0;
  virtual void lookup(unsigned table, unsigned to, unsigned a, unsigned spare, unsigned spare2) = 0;

  // Conditions: all bits of a lane or none.
  virtual void compare(Opcode, unsigned to, unsigned a, Place b) = 0;
  virtual void negate_condition(unsigned to, unsigned a) = 0;
  // Makes a condition the current one, from a register or by comparing; `spare` may be used for it.
  virtual void take_condition(unsigned from) = 0;
  virtual void take_comparison(Opcode, unsigned spare, unsigned a, Place b) = 0;
  virtual void take_unordered(unsigned spare, unsigned a) = 0;
  virtual void select(unsigned to, Place b, unsigned c) = 0;  // the current condition ? b : c

  // y in the lanes where the current condition does not hold, else the function; calls it only if a
  // lane needs it. Every register but `to` keeps its value.
  virtual void rescue(Unary, unsigned to, unsigned x, unsigned y) = 0;
  virtual void repair(Binary, unsigned to, unsigned x, unsigned y, unsigned z) = 0;
  // Calls for every lane; no register keeps its value.
  virtual void call(Unary, unsigned to, unsigned x) = 0;
  virtual void call(Binary, unsigned to, unsigned x, unsigned y) = 0;

  virtual void end_rows() = 0;  // back to where rounds start, while rows are left
  virtual void end(std::uint32_t slots) = 0;
  virtual std::span<const std::uint8_t> bytes() = 0;
};

// Numbers that encoders want in the pool, each four times.
inline constexpr double encoder_extras[] = {0.5, word::round_shift + 1023};

// What a kernel over rows is called with.
struct RowCall {
  const double* uniforms;
  const double* const* columns;
  double* const* out;  // the columns of results; of sums, the lanes of all outputs instead
  const double* pool;
  std::size_t begin, end;  // in bytes of a column
};

}  // namespace nabla
