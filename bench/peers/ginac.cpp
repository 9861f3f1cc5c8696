#ifdef NABLA_HAS_GINAC

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#include <ginac/ginac.h>
#pragma GCC diagnostic pop

#include "bench/peers/clock.hpp"
#include "bench/peers/peers.hpp"
#include "bench/workloads/nests.hpp"
#include "bench/workloads/sums.hpp"

namespace nabla::peers {

namespace {

struct Algebra {
  using Scalar = GiNaC::ex;

  GiNaC::ex variable(const std::string& name) { return GiNaC::symbol(name); }
  GiNaC::ex number(std::int64_t n) { return GiNaC::numeric(static_cast<long>(n)); }
  GiNaC::ex ratio(std::int64_t p, std::int64_t q) { return number(p) / number(q); }
  GiNaC::ex exact(const Number& n) { return GiNaC::numeric(n.to_string().c_str()); }
  GiNaC::ex sin(const GiNaC::ex& u) { return GiNaC::sin(u); }
  GiNaC::ex cos(const GiNaC::ex& u) { return GiNaC::cos(u); }
  GiNaC::ex exp(const GiNaC::ex& u) { return GiNaC::exp(u); }
  GiNaC::ex log(const GiNaC::ex& u) { return GiNaC::log(u); }
  GiNaC::ex pow(const GiNaC::ex& u, const GiNaC::ex& v) { return GiNaC::pow(u, v); }
};

GiNaC::symbol name(const GiNaC::ex& x) { return GiNaC::ex_to<GiNaC::symbol>(x); }

}  // namespace

Peer ginac() {
  Peer p{.name = "GiNaC"};
  p.nested = [](bool exponential, unsigned order) {
    return Figure{least_of(
        2,
        [&] {
          return exponential ? workloads::exponential_sines(Algebra{})
                             : workloads::four_sines(Algebra{});
        },
        [&](auto& w) { w.outputs[0] = w.outputs[0].diff(name(w.variables[0]), order); })};
  };
  // One flat sum of the terms: a sum that grows by one term at a time is quadratic here.
  p.chain_gradient = [](std::size_t n) {
    std::vector<GiNaC::symbol> x;
    for (std::size_t i = 0; i < n; ++i) x.emplace_back("x" + std::to_string(i));
    GiNaC::exvector terms;
    for (std::size_t i = 0; i + 1 < n; ++i) {
      terms.push_back(GiNaC::pow(x[i], 2) * x[i + 1] + GiNaC::sin(x[i] * x[i + 1]));
    }
    const GiNaC::ex f = GiNaC::add(terms);
    return Figure{least_of(
        1, [] { return GiNaC::exvector(); },
        [&](GiNaC::exvector& slopes) {
          for (std::size_t i = 0; i < n; ++i) slopes.push_back(f.diff(x[i]));
        })};
  };
  p.normal = [](const std::string& text, const std::string& variable, unsigned order) {
    GiNaC::symtab names;
    for (const char* n : {"a", "b", "c", "d", "x", "y", "z"}) names[n] = GiNaC::symbol(n);
    names["pi"] = GiNaC::Pi;
    GiNaC::parser reader(names);
    const GiNaC::ex f = reader(text);
    return Figure{least_of(
        7, [&] { return f.diff(name(names[variable]), order); },
        [](GiNaC::ex& raw) { raw = raw.normal(); })};
  };
  return p;
}

}  // namespace nabla::peers

#endif
