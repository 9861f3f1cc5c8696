#include "lib/eval/lifetimes.hpp"

#include <algorithm>
#include <vector>

namespace nabla {

// Backwards, where the first reader that is met is the last one.
Lifetimes::Lifetimes(const Code& code) {
  const std::uint32_t first = code.first_step();
  std::vector<std::uint8_t> is_read(code.size());
  std::uint32_t alive = 0;  // after the step at hand
  const auto read = [&](std::uint32_t v) {
    if (v < first) return;
    alive += 1u - is_read[v - first];
    is_read[v - first] = 1;
  };
  for (auto i = static_cast<std::uint32_t>(code.size()); i-- > 0;) {
    if (alive > fewest_registers) {
      beyond += alive - fewest_registers;
      if (alive > usual_registers) beyond += alive - usual_registers;
    }
    most = std::max(most, alive);
    alive -= is_read[i];
    const int operands = arity(code.step[i]);
    read(code.a[i]);
    if (operands > 1) read(code.b[i]);
    if (operands > 2) read(code.c[i]);
  }
}

}  // namespace nabla
