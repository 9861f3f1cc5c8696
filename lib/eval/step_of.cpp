#include "lib/eval/step_of.hpp"

#include "lib/eval/kernels/lowering.hpp"
#include "lib/eval/precise.hpp"

namespace nabla {

Called called(std::uint8_t function, const CompileOptions& options) {
  const Fn f{function};
  if (f == "abs"_fn) return {Opcode::bit_and};
  if (f == "floor"_fn) return {Opcode::floor};
  if (f == "ceil"_fn) return {Opcode::ceiling};
  if (f == "trunc"_fn) return {Opcode::truncate};
  const bool two = row(f).value.arity == 2;
  if (options.math == Math::fast && kernel::exists(function, two)) {
    return {two ? Opcode::kernel_two : Opcode::kernel_one, function};
  }
  if (options.math == Math::precise && precise::function(f) != nullptr) {
    function = static_cast<std::uint8_t>(function + precise_functions);
  }
  return {two ? Opcode::call_two : Opcode::call, function};
}

Called raised(const CompileOptions& options) {
  return {options.math == Math::fast ? Opcode::kernel_two : Opcode::call_two, power_function};
}

}  // namespace nabla
