#pragma once

// Kernels written into code, step by step.

#include <cstdint>

#include "lib/eval/code_builder.hpp"

namespace nabla::kernel {

// Is there one for a function of one operand, or of two? `detail` as in calls (opcode.hpp).
bool exists(std::uint8_t detail, bool two);

// Its place in list.hpp: those of one operand, of two, the power. Only where it exists.
std::uint8_t number_of(std::uint8_t detail, bool two);

// Appends its steps; y where there are two operands. Only where it exists.
CodeBuilder::Value lower(CodeBuilder&, std::uint8_t detail, CodeBuilder::Value x,
                         CodeBuilder::Value y = CodeBuilder::none);

}  // namespace nabla::kernel
