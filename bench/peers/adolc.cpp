#ifdef NABLA_HAS_ADOLC

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wextra"
#include <adolc/adolc.h>
#pragma GCC diagnostic pop

#include "bench/peers/clock.hpp"
#include "bench/peers/peers.hpp"
#include "bench/workloads/problem.hpp"

namespace nabla::peers {

// A tape of one evaluation, then its gradient: what an overloading tool is made for.
Peer adolc() {
  Peer p{.name = "ADOL-C"};
  p.first_gradient = [](std::size_t n) {
    return Figure{least_of(
        3, [&] { return std::vector<double>(n); },
        [&](std::vector<double>& slopes) {
          std::vector<double> at(n);
          for (std::size_t i = 0; i < n; ++i) at[i] = workloads::variable_value(i);
          trace_on(1);
          {
            std::vector<adouble> x(n);
            for (std::size_t i = 0; i < n; ++i) x[i] <<= at[i];
            adouble total = 0;
            for (std::size_t i = 0; i + 1 < n; ++i) {
              const adouble u = x[i] * x[i + 1];
              total += x[i] * u + sin(u);
            }
            double value = 0;
            total >>= value;
          }
          trace_off();
          gradient(1, static_cast<int>(n), at.data(), slopes.data());
        })};
  };
  return p;
}

}  // namespace nabla::peers

#endif
