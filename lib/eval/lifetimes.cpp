#include "lib/eval/lifetimes.hpp"

namespace nabla {

Lifetimes::Lifetimes(const Code& code) {
  const std::uint32_t first = code.first_step();
  LifetimeCount count(code.size());
  const auto read = [&](std::uint32_t v) {
    if (v >= first) count.read(v - first);
  };
  for (std::size_t i = code.size(); i-- > 0;) {
    count.made(i);
    const int operands = arity(code.step[i]);
    read(code.a[i]);
    if (operands > 1) read(code.b[i]);
    if (operands > 2) read(code.c[i]);
  }
  most = count.most;
  beyond = count.beyond;
}

}  // namespace nabla
