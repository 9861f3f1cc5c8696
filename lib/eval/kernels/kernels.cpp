#include "lib/eval/kernels/kernels.hpp"

#include "lib/eval/kernels/exponential.hpp"
#include "lib/eval/kernels/list.hpp"
#include "lib/eval/kernels/lowering.hpp"
#include "lib/eval/kernels/special.hpp"
#include "lib/eval/kernels/trigonometric.hpp"

namespace nabla::kernel {

namespace {

struct Writer {
  using Value = CodeBuilder::Value;
  using Condition = Value;
  CodeBuilder& code;

  Value constant(double x) { return code.constant(x); }
  Value bits(std::uint64_t pattern) { return code.bits(pattern); }
  template <Opcode s>
  Value make(Value a, Value b, Value c) {
    constexpr int operands = arity(s);
    return code.emit(s, a, operands > 1 ? b : CodeBuilder::none,
                     operands > 2 ? c : CodeBuilder::none);
  }
  template <Opcode s, int by>
  Value shift(Value a) {
    return code.emit(s, a, CodeBuilder::none, CodeBuilder::none, by);
  }
  Value lookup(Value a, std::uint8_t table) {
    return code.emit(Opcode::lookup, a, CodeBuilder::none, CodeBuilder::none, table);
  }
  Value rescue(Condition where, std::uint8_t f, Value x, Value y) {
    return code.emit(Opcode::rescue, where, x, y, f);
  }
  Value repair(std::uint8_t f, Value x, Value y, Value z) {
    return code.emit(Opcode::repair, x, y, z, f);
  }
};

using Steps = Kernels<Writer>;
using Value = CodeBuilder::Value;

struct One {
  Fn function;
  Value (*lower)(Steps, Value);
};
struct Two {
  Fn function;
  Value (*lower)(Steps, Value, Value);
};

constexpr One of_one[] = {
#define NABLA_KERNEL(name) {#name##_fn, [](Steps k, Value x) { return k.name(x); }},
    NABLA_KERNELS_OF_ONE(NABLA_KERNEL)
#undef NABLA_KERNEL
};
constexpr Two of_two[] = {
#define NABLA_KERNEL(name) {#name##_fn, [](Steps k, Value x, Value y) { return k.name(x, y); }},
    NABLA_KERNELS_OF_TWO(NABLA_KERNEL)
#undef NABLA_KERNEL
};

const One* find_one(std::uint8_t detail) {
  for (const One& k : of_one) {
    if (static_cast<std::uint8_t>(k.function) == detail) return &k;
  }
  return nullptr;
}
const Two* find_two(std::uint8_t detail) {
  for (const Two& k : of_two) {
    if (static_cast<std::uint8_t>(k.function) == detail) return &k;
  }
  return nullptr;
}

}  // namespace

bool exists(std::uint8_t detail, bool two) {
  return two ? detail == power_function || find_two(detail) : find_one(detail) != nullptr;
}

std::uint8_t number_of(std::uint8_t detail, bool two) {
  const std::ptrdiff_t at = !two                       ? find_one(detail) - std::begin(of_one)
                            : detail != power_function ? find_two(detail) - std::begin(of_two)
                                                       : std::ssize(of_two);
  return static_cast<std::uint8_t>(at + (two ? std::ssize(of_one) : 0));
}

Value lower(CodeBuilder& to, std::uint8_t detail, Value x, Value y) {
  Writer writer{to};
  const Steps steps(writer);
  if (y == CodeBuilder::none) return find_one(detail)->lower(steps, x);
  if (detail == power_function) return Steps(writer).power(x, y);
  return find_two(detail)->lower(steps, x, y);
}

}  // namespace nabla::kernel
