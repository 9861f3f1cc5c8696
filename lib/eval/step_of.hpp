#pragma once

// Which step of code an operation of a tape becomes.

#include <array>
#include <cstdint>

#include "lib/eval/opcode.hpp"
#include "lib/eval/options.hpp"
#include "lib/eval/primitive.hpp"

namespace nabla {

// Operations that are one step with the same operands.
struct SameStep {
  Primitive op;
  Opcode step;
};
inline constexpr std::array same_steps{
    SameStep{Primitive::add, Opcode::add},
    SameStep{Primitive::subtract, Opcode::subtract},
    SameStep{Primitive::multiply, Opcode::multiply},
    SameStep{Primitive::divide, Opcode::divide},
    SameStep{Primitive::square_root, Opcode::square_root},
    SameStep{Primitive::less, Opcode::less},
    SameStep{Primitive::less_equal, Opcode::less_equal},
    SameStep{Primitive::equal, Opcode::equal},
    SameStep{Primitive::not_equal, Opcode::not_equal},
    SameStep{Primitive::both, Opcode::both},
    SameStep{Primitive::either, Opcode::either},
    SameStep{Primitive::negation, Opcode::negation},
    SameStep{Primitive::select, Opcode::select},
};

// How a function of the machine is called: `bit_and` takes the sign away, rounding is a step, a
// kernel may become many.
struct Called {
  Opcode step;
  std::uint8_t detail = 0;
};
Called called(std::uint8_t function, const CompileOptions&);
Called raised(const CompileOptions&);  // the power

}  // namespace nabla
