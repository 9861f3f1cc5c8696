// How long does a derivative take, and how large is it? Repeated derivatives of nested functions,
// gradients of long sums, one derivative of a huge expanded power. Checksums are compared with
// known values first; a figure without a right answer is worth nothing. GiNaC runs beside where
// installed.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#ifdef NABLA_HAS_GINAC
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#include <ginac/ginac.h>
#pragma GCC diagnostic pop
#endif

#include "bench/workloads/workloads.hpp"
#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/function.hpp"

namespace nabla {
namespace {

Limits generous() {
  Limits limits;
  limits.nodes = std::size_t{1} << 27;
  return limits;
}

double least_milliseconds(int runs, const std::function<void()>& prepare,
                          const std::function<void()>& pass) {
  double least = INFINITY;
  for (int i = 0; i < runs; ++i) {
    prepare();
    const auto start = std::chrono::steady_clock::now();
    pass();
    const std::chrono::duration<double, std::milli> spent =
        std::chrono::steady_clock::now() - start;
    least = std::min(least, spent.count());
  }
  return least;
}

std::size_t operations(const Graph& g, std::span<const NodeId> roots) {
  const auto nodes = g.below(roots);
  return static_cast<std::size_t>(
      std::ranges::count_if(nodes, [&](NodeId id) { return !g[id].is_leaf(); }));
}

void line(const std::string& name, double ours, std::size_t count, double checksum, double expected,
          double peer = 0) {
  const double error = std::fabs(checksum - expected) / std::fabs(expected);
  fmt::print("{:<44} {:>11.4f} {:>10}  {:<9}", name, ours, count,
             error < 1e-9 ? "right" : fmt::format("OFF {:.1e}", error));
  if (peer > 0) fmt::print(" {:>12.4f} {:>9.5f}", peer, ours / peer);
  fmt::print("\n");
}

using Build = workloads::Workload (*)(Graph&);

void nested(const std::string& name, Build build, unsigned order, double expected,
            double peer = 0) {
  std::unique_ptr<Graph> g;
  workloads::Workload w;
  Expr result;
  const double ms = least_milliseconds(
      9, [&] { g = std::make_unique<Graph>(generous()), w = build(*g); },
      [&] { result = *derivative(w.function, w.variables[0], order); });
  const Binding at[] = {{"x", 0.5}};
  line(fmt::format("{}, derivative {}", name, order), ms, operations(*g, {&result.id, 1}),
       *evaluate(result, at), expected, peer);
}

void summed(std::size_t n, double expected, double peer = 0) {
  std::unique_ptr<Graph> g;
  workloads::Workload w;
  std::vector<Expr> slopes;
  const double built = least_milliseconds(
      5, [&] { g = std::make_unique<Graph>(generous()); },
      [&] { w = workloads::chain_sum(*g, n); });
  const double ms = least_milliseconds(
      5, [&] { g = std::make_unique<Graph>(generous()), w = workloads::chain_sum(*g, n); },
      [&] { slopes = *gradient(w.function, w.variables); });
  std::vector<NodeId> roots;
  for (const Expr& e : slopes) roots.push_back(e.id);
  double total = expected;
  if (n <= 1000) {
    const auto f = Function::compile(w.variables, slopes);
    std::vector<double> at(n), out(n);
    for (std::size_t i = 0; i < n; ++i) at[i] = workloads::variable_value(i);
    (*f)(at, out);
    total = 0;
    for (const double x : out) total += x;
  }
  line(fmt::format("chain sum of {}: gradient", n), ms, operations(*g, roots), total, expected,
       peer);
  fmt::print("{:<44} {:>11.4f}{:>11}  {:.1f} bytes a node\n", "  building it first", built, "",
             static_cast<double>(g->bytes()) / static_cast<double>(g->size()));
}

void expanded(std::size_t n) {
  std::unique_ptr<Graph> g;
  workloads::Workload w;
  Expr result;
  const double ms = least_milliseconds(
      5, [&] { g = std::make_unique<Graph>(generous()), w = workloads::power_terms(*g, n); },
      [&] { result = *derivative(w.function, w.variables[0]); });
  // Against a difference of the function itself.
  const auto value = [&](Expr e, double x) {
    const Binding at[] = {{"x", x}, {"y", 0.5}, {"z", 0.75}};
    return *evaluate(e, at);
  };
  const double h = 1e-4,
               slope = (8 * (value(w.function, 0.9 + h) - value(w.function, 0.9 - h)) -
                        (value(w.function, 0.9 + 2 * h) - value(w.function, 0.9 - 2 * h))) /
                       (12 * h);
  const double ours = value(result, 0.9);
  line(fmt::format("(x^y + y^z + z^x)^{} expanded, d/dx", n), ms, operations(*g, {&result.id, 1}),
       std::fabs(ours - slope) < 1e-6 * std::fabs(slope) ? 1 : ours / slope, 1);
}

#ifdef NABLA_HAS_GINAC
double ginac_sines(unsigned order) {
  const GiNaC::symbol x("x");
  const GiNaC::ex f = sin(sin(sin(sin(x))));
  GiNaC::ex result;
  return least_milliseconds(
      3, [] {}, [&] { result = f.diff(x, order); });
}

double ginac_chain_sum(std::size_t n) {
  std::vector<GiNaC::symbol> x;
  for (std::size_t i = 0; i < n; ++i) x.emplace_back("x" + std::to_string(i));
  GiNaC::exvector terms;
  for (std::size_t i = 0; i + 1 < n; ++i)
    terms.push_back(pow(x[i], 2) * x[i + 1] + sin(x[i] * x[i + 1]));
  const GiNaC::ex f = GiNaC::add(terms);
  GiNaC::exvector slopes(n);
  return least_milliseconds(
      1, [] {},
      [&] {
        for (std::size_t i = 0; i < n; ++i) slopes[i] = f.diff(x[i]);
      });
}
#else
double ginac_sines(unsigned) { return 0; }
double ginac_chain_sum(std::size_t) { return 0; }
#endif

}  // namespace
}  // namespace nabla

int main() {
  using namespace nabla;
  fmt::print("{:<44} {:>11} {:>10}  {:<9} {:>12} {:>9}\n", "workload", "ms", "operations",
             "checksum", "GiNaC ms", "ratio");
  nested("sin sin sin sin x", workloads::four_sines, 10, 434067.27884395143, ginac_sines(10));
  nested("sin sin sin sin x", workloads::four_sines, 20, 26592746885881281.0);
  nested("exp sin exp sin x", workloads::exponential_sines, 10, -1958066.5507988536);
  nested("exp sin exp sin x", workloads::exponential_sines, 15, -3176177707746.6149);
  summed(1000, 2865.25784683721, ginac_chain_sum(1000));
  summed(100'000, 1);
  summed(1'000'000, 1);
  expanded(50);
  expanded(500);
}
