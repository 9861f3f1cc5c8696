#ifdef NABLA_HAS_CASADI

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wextra"
#include <casadi/casadi.hpp>
#pragma GCC diagnostic pop

#include "bench/peers/clock.hpp"
#include "bench/peers/peers.hpp"
#include "bench/workloads/nests.hpp"
#include "bench/workloads/sums.hpp"

namespace nabla::peers {

namespace {

using casadi::SX;
using casadi::SXElem;

struct Algebra {
  using Scalar = SXElem;

  SXElem variable(const std::string& name) { return SXElem::sym(name); }
  SXElem number(std::int64_t n) { return static_cast<double>(n); }
  SXElem ratio(std::int64_t p, std::int64_t q) {
    return static_cast<double>(p) / static_cast<double>(q);
  }
  SXElem sin(const SXElem& u) { return SXElem::unary(casadi::OP_SIN, u); }
  SXElem cos(const SXElem& u) { return SXElem::unary(casadi::OP_COS, u); }
  SXElem exp(const SXElem& u) { return SXElem::unary(casadi::OP_EXP, u); }
};

std::size_t operations(const std::vector<SX>& in, const std::vector<SX>& out) {
  return static_cast<std::size_t>(casadi::Function("f", in, out).n_nodes());
}

}  // namespace

Peer casadi() {
  Peer p{.name = "CasADi"};
  // Forward, with common subexpressions removed after each step: the way it stays polynomial.
  p.nested = [](bool exponential, unsigned order) {
    Figure figure;
    figure.milliseconds = least_of(
        2,
        [&] {
          return exponential ? workloads::exponential_sines(Algebra{})
                             : workloads::four_sines(Algebra{});
        },
        [&](auto& w) {
          const SX x = w.variables[0];
          SX f = w.outputs[0];
          for (unsigned k = 0; k < order; ++k) f = SX::cse({SX::jtimes(f, x, SX(1), false)})[0];
          figure.operations = operations({x}, {f});
        });
    return figure;
  };
  p.chain_build = [](std::size_t n) {
    return Figure{least_of(
        2, [] { return workloads::Problem<Algebra>(); },
        [&](auto& w) { w = workloads::chain_sum(Algebra{}, n); })};
  };
  p.chain_gradient = [](std::size_t n) {
    return Figure{least_of(
        2,
        [&] {
          auto w = workloads::chain_sum(Algebra{}, n);
          return std::vector<SX>{SX(w.variables), SX(w.outputs[0])};
        },
        [&](std::vector<SX>& w) { w.push_back(SX::gradient(w[1], w[0])); })};
  };
  p.first_gradient = [](std::size_t n) {
    return Figure{least_of(
        2, [] { return 0; },
        [&](int) {
          const auto w = workloads::chain_sum(Algebra{}, n);
          const SX x(w.variables), f(w.outputs[0]);
          const casadi::Function g("g", {x}, {SX::gradient(f, x)});
          (void)g(casadi::DM(w.variable_values));
        })};
  };
  return p;
}

}  // namespace nabla::peers

#endif
