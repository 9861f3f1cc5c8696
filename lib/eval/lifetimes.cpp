#include "lib/eval/lifetimes.hpp"

#include <algorithm>
#include <vector>

namespace nabla {

Lifetimes::Lifetimes(const Code& code) {
  constexpr std::uint32_t ended = ~std::uint32_t{0};
  const std::uint32_t first = code.first_step();
  std::vector<std::uint32_t> last(code.size(), 0);
  for (std::uint32_t i = 0; i < code.size(); ++i) {
    for (int k = 0; k < arity(code.step[i]); ++k) {
      const std::uint32_t v = code.operand(i, k);
      if (v >= first) last[v - first] = i;
    }
  }
  std::uint32_t alive = 0;
  for (std::uint32_t i = 0; i < code.size(); ++i) {
    for (int k = 0; k < arity(code.step[i]); ++k) {
      const std::uint32_t v = code.operand(i, k);
      if (v < first || last[v - first] != i) continue;
      last[v - first] = ended;
      --alive;
    }
    if (last[i] != 0) ++alive;
    most = std::max(most, alive);
    for (const std::uint32_t registers : {fewest_registers, usual_registers}) {
      if (alive > registers) beyond += alive - registers;
    }
  }
}

}  // namespace nabla
