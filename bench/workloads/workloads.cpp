#include "bench/workloads/workloads.hpp"

#include "bench/workloads/nests.hpp"
#include "bench/workloads/sums.hpp"

namespace nabla::workloads {

namespace {

Workload of(Problem<NablaAlgebra> p) { return {p.outputs[0], std::move(p.variables)}; }

}  // namespace

Workload chain_sum(Graph& g, std::size_t n) { return of(chain_sum(NablaAlgebra{g}, n)); }
Workload rosenbrock(Graph& g, std::size_t n) { return of(rosenbrock(NablaAlgebra{g}, n)); }
Workload speelpenning(Graph& g, std::size_t n) { return of(speelpenning(NablaAlgebra{g}, n)); }
Workload four_sines(Graph& g) { return of(four_sines(NablaAlgebra{g})); }
Workload exponential_sines(Graph& g) { return of(exponential_sines(NablaAlgebra{g})); }
Workload shared_bomb(Graph& g, std::size_t steps) {
  return of(shared_bomb(NablaAlgebra{g}, steps));
}
Workload power_terms(Graph& g, std::size_t n) { return of(expanded_power(NablaAlgebra{g}, n)); }

}  // namespace nabla::workloads
