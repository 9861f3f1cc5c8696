#ifdef NABLA_HAS_SYMENGINE

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wextra"
#include <symengine/add.h>
#include <symengine/derivative.h>
#include <symengine/functions.h>
#include <symengine/integer.h>
#include <symengine/mul.h>
#include <symengine/pow.h>
#include <symengine/rational.h>
#include <symengine/symbol.h>
#include <symengine/visitor.h>
#pragma GCC diagnostic pop

#include "bench/peers/clock.hpp"
#include "bench/peers/peers.hpp"
#include "bench/workloads/nests.hpp"
#include "bench/workloads/sums.hpp"

namespace nabla::peers {

namespace {

namespace se = SymEngine;
using Basic = se::RCP<const se::Basic>;

struct Scalar {
  Basic value;

  friend Scalar operator+(const Scalar& a, const Scalar& b) { return {se::add(a.value, b.value)}; }
  friend Scalar operator-(const Scalar& a, const Scalar& b) { return {se::sub(a.value, b.value)}; }
  friend Scalar operator*(const Scalar& a, const Scalar& b) { return {se::mul(a.value, b.value)}; }
};

struct Algebra {
  using Scalar = peers::Scalar;

  // Fresh names each time: results of the same symbols may be remembered.
  Scalar variable(const std::string& name) {
    static unsigned serial = 0;
    return {se::symbol(name + "_" + std::to_string(serial++))};
  }
  Scalar number(std::int64_t n) { return {se::integer(static_cast<long>(n))}; }
  Scalar ratio(std::int64_t p, std::int64_t q) {
    return {se::Rational::from_two_ints(static_cast<long>(p), static_cast<long>(q))};
  }
  Scalar exact(const Number& n) { return {se::integer(se::integer_class(n.to_string()))}; }
  Scalar sin(const Scalar& u) { return {se::sin(u.value)}; }
  Scalar cos(const Scalar& u) { return {se::cos(u.value)}; }
  Scalar exp(const Scalar& u) { return {se::exp(u.value)}; }
  Scalar log(const Scalar& u) { return {se::log(u.value)}; }
  Scalar pow(const Scalar& u, const Scalar& v) { return {se::pow(u.value, v.value)}; }
};

se::RCP<const se::Symbol> name(const Scalar& x) {
  return se::rcp_static_cast<const se::Symbol>(x.value);
}

}  // namespace

Peer symengine() {
  Peer p{.name = "SymEngine"};
  p.nested = [](bool exponential, unsigned order) {
    return Figure{least_of(
        exponential && order > 12 ? 1 : 3,
        [&] {
          return exponential ? workloads::exponential_sines(Algebra{})
                             : workloads::four_sines(Algebra{});
        },
        [&](auto& w) {
          for (unsigned k = 0; k < order; ++k) {
            w.outputs[0].value = w.outputs[0].value->diff(name(w.variables[0]));
          }
        })};
  };
  p.expanded = [](std::size_t n) {
    return Figure{least_of(
        n > 100 ? 2 : 5,
        [&] {
          // Expanded by itself: summing its terms one after another would be quadratic.
          auto x = se::symbol("x"), y = se::symbol("y"), z = se::symbol("z");
          const auto sum = se::add(se::add(se::pow(x, y), se::pow(y, z)), se::pow(z, x));
          return se::expand(se::pow(sum, se::integer(static_cast<long>(n))));
        },
        [&](Basic& f) { f = f->diff(se::symbol("x")); })};
  };
  p.tower = [] {
    return Figure{least_of(
        20, [] { return workloads::power_tower(Algebra{}, true); },
        [](auto& w) { w.outputs[0].value = w.outputs[0].value->diff(name(w.variables[0])); })};
  };
  p.chain_gradient = [](std::size_t n) {
    return Figure{least_of(
        1,
        [&] {
          // One flat sum, as for GiNaC.
          Algebra a;
          workloads::Problem<Algebra> w;
          se::vec_basic terms;
          for (std::size_t i = 0; i < n; ++i) w.variable(a, "x" + std::to_string(i));
          for (std::size_t i = 0; i + 1 < n; ++i) {
            const Scalar x = w.variables[i], next = w.variables[i + 1], u = x * next;
            terms.push_back(se::add(se::mul(x.value, u.value), se::sin(u.value)));
          }
          w.outputs = {{se::add(terms)}};
          return w;
        },
        [&](auto& w) {
          se::vec_basic slopes;
          for (const Scalar& x : w.variables) slopes.push_back(w.outputs[0].value->diff(name(x)));
        })};
  };
  return p;
}

}  // namespace nabla::peers

#endif
