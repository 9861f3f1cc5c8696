// How long does a derivative take, how large is it, and who is faster? W1 to W12 with checksums and
// the largest deviation from 50 digits, then the goals of docs/performance.md as ratios to other
// systems in this process. Processor time throughout, the least of some runs.
//
// Round r + 1 of a question to us runs in the graph of round r, emptied, so that its memory is
// there already, as the heap is from which malloc serves the others. The first round is printed,
// too.

#include <fmt/format.h>
#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "bench/peers/clock.hpp"
#include "bench/peers/peers.hpp"
#include "bench/workloads/cases.hpp"
#include "bench/workloads/matrices.hpp"
#include "bench/workloads/nests.hpp"
#include "bench/workloads/sums.hpp"
#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/calculus/operations.hpp"
#include "lib/calculus/roll.hpp"
#include "lib/calculus/share.hpp"
#include "lib/eval/function.hpp"
#include "lib/eval/rolled.hpp"
#include "tests/support/mpfr_eval.hpp"

namespace nabla {
namespace {

using workloads::Case;
using workloads::Form;
using workloads::NablaAlgebra;
using workloads::Outcome;

Limits generous() {
  Limits limits;
  limits.nodes = std::size_t{1} << 27;
  return limits;
}

using Problem = workloads::Problem<NablaAlgebra>;

using Build = std::function<Problem(Graph&)>;

// Runs of a pass, all in one graph; emptying it and building are not timed.
template <typename Pass>
Times rounds(int runs, const Build& build, Pass pass) {
  Graph g(generous());
  return times_of(
      runs,
      [&] {
        g.clear();
        return build(g);
      },
      [&](Problem& p) { pass(g, p); });
}

peers::Figure figure(const Times& t, std::size_t operations = 0) {
  return {.milliseconds = t.least, .operations = operations, .first = t.first};
}

// ---- W1 to W12

// The largest relative deviation of the doubles from 50 digits over all entries of the original.
double deviation(const Outcome& o, std::span<const Expr> truth, std::span<const double> values) {
  if (truth.empty()) return 0;
  std::vector<NodeId> roots;
  for (const Expr e : truth) roots.push_back(e.id);
  test::MpfrEvaluator exact(*truth.front().graph, roots, 170);
  const auto& p = o.problem;
  for (std::size_t i = 0; i < p.variables.size(); ++i) {
    exact.set(p.variables[i].id, p.variable_values[i]);
  }
  for (std::size_t i = 0; i < p.parameters.size(); ++i) {
    exact.set(p.parameters[i].id, p.parameter_values[i]);
  }
  exact.run();
  double worst = 0;
  test::Real difference(170);
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const double right = mpfr_get_d(exact.value(roots[i]), MPFR_RNDN);
    if (right == 0) continue;
    mpfr_sub_d(difference, exact.value(roots[i]), values[i], MPFR_RNDN);
    worst = std::max(worst, std::fabs(mpfr_get_d(difference, MPFR_RNDN) / right));
  }
  return worst;
}

std::vector<double> evaluated(const Outcome& o, std::span<const Expr> outputs) {
  const auto& p = o.problem;
  std::vector<Expr> names = p.variables;
  names.insert(names.end(), p.parameters.begin(), p.parameters.end());
  std::vector<double> at = p.variable_values, out(outputs.size());
  at.insert(at.end(), p.parameter_values.begin(), p.parameter_values.end());
  const auto f = Function::compile(names, outputs);
  (*f)(at, out);
  return out;
}

void workload(const Case& c) {
  const double build = least_of(
      3, [] { return std::make_unique<Graph>(generous()); },
      [&](std::unique_ptr<Graph>& g) { (void)c.build(*g); });
  const double all = least_of(
      3, [] { return std::make_unique<Graph>(generous()); },
      [&](std::unique_ptr<Graph>& g) { (void)differentiate(*g, c, Form::raw); });
  Graph g(generous());
  const Outcome raw = differentiate(g, c, Form::raw);
  const double bytes = static_cast<double>(g.bytes()) / static_cast<double>(g.size());
  const double start = processor_milliseconds();
  const Outcome shared = differentiate(g, c, Form::shared);
  const double sharing = processor_milliseconds() - start;

  const auto values = evaluated(shared, shared.derivatives);
  const auto s = workloads::sums(shared, evaluated(shared, shared.values), values);
  const double expected = c.sums.derivatives.value_or(s.derivatives);
  const double scale = c.sums.magnitudes.value_or(s.magnitudes);
  const bool right = std::fabs(s.derivatives - expected) <= 1e-9 * scale;
  const bool same = raw.derivatives.size() == shared.derivatives.size();
  const Operations before = operations(raw.counted(c)), after = operations(shared.counted(c));
  fmt::print("{:<46} {:>9.3f} {:>9.3f} {:>9.3f} {:>8} {:>7}+{:<5} {:>6} {:>6.1f} {:>8} {:>9}\n",
             c.name, build, all - build, sharing, before.count, after.count, after.signs,
             c.most_operations == 0 ? std::string("-") : std::to_string(c.most_operations), bytes,
             !c.sums.derivatives ? "-"
             : right             ? "right"
                                 : "OFF",
             same ? fmt::format("{:.1e}", deviation(shared, raw.derivatives, values)) : "-");
}

// ---- ours, asked what the peers are asked

peers::Figure nested(bool exponential, unsigned order) {
  std::size_t count = 0;
  const Build build = [&](Graph& g) {
    return exponential ? workloads::exponential_sines(NablaAlgebra{g})
                       : workloads::four_sines(NablaAlgebra{g});
  };
  const Times t = rounds(9, build, [&](Graph&, Problem& p) {
    const Expr result = *derivative(p.outputs[0], p.variables[0], order);
    count = operations({&result, 1}).count;
  });
  return figure(t, count);
}

peers::Figure expanded(std::size_t n) {
  std::size_t count = 0;
  const Build build = [&](Graph& g) { return expanded_power(NablaAlgebra{g}, n); };
  const Times t = rounds(n > 100 ? 3 : 9, build, [&](Graph& g, Problem& p) {
    const std::size_t before = g.size();
    (void)logarithmic_gradient(p.outputs[0], {p.variables.data(), 1});
    count = g.size() - before;
  });
  return figure(t, count);
}

peers::Figure tower() {
  return figure(rounds(
      20, [](Graph& g) { return power_tower(NablaAlgebra{g}, true); },
      [](Graph&, Problem& p) { (void)derivative(p.outputs[0], p.variables[0]); }));
}

Build chain(std::size_t n) {
  return [n](Graph& g) { return workloads::chain_sum(NablaAlgebra{g}, n); };
}

peers::Figure chain_build(std::size_t n) {
  return figure(rounds(
      4, [](Graph&) { return Problem{}; },
      [&](Graph& g, Problem& p) { p = workloads::chain_sum(NablaAlgebra{g}, n); }));
}

peers::Figure chain_gradient(std::size_t n) {
  std::size_t count = 0;
  const Times t = rounds(4, chain(n), [&](Graph&, Problem& p) {
    count = gradient(p.outputs[0], p.variables)->size();
  });
  return figure(t, count);
}

// Derivatives of what roll() found; finding is a question of its own.
peers::Figure rolled_gradient(std::size_t n) {
  Graph g(generous());
  return figure(times_of(
      5,
      [&] {
        g.clear();
        Problem p = chain(n)(g);
        Rolled rolled = *roll(p.outputs[0], p.variables);
        return std::pair{std::move(p), std::move(rolled)};
      },
      [](auto& input) { (void)*gradient(input.second, input.first.variables); }));
}

peers::Figure rolling(std::size_t n) {
  return figure(
      rounds(4, chain(n), [](Graph&, Problem& p) { (void)*roll(p.outputs[0], p.variables); }));
}

// Everything is timed here, emptying the graph as well.
template <typename Pass>
peers::Figure from_nothing(int runs, std::size_t n, Pass pass) {
  Graph g(generous());
  return figure(times_of(
      runs, [] { return 0; },
      [&](int) {
        g.clear();
        pass(chain(n)(g));
      }));
}

peers::Figure first_gradient(std::size_t n) {
  return from_nothing(4, n, [](const Problem& p) {
    const auto slopes = *gradient(p.outputs[0], p.variables);
    const auto f = Function::compile(p.variables, slopes);
    std::vector<double> out(slopes.size());
    (*f)(p.variable_values, out);
  });
}

// The same by templates: built, rolled, differentiated once, run as a loop.
peers::Figure first_rolled(std::size_t n) {
  return from_nothing(6, n, [n](const Problem& p) {
    const Rolled rolled = *roll(p.outputs[0], p.variables);
    const RolledGradient slopes = *gradient(rolled, p.variables);
    const auto f = RolledFunction::compile(rolled, p.variables, {}, &slopes);
    std::vector<double> out(n);
    (void)(*f)(p.variable_values, {}, out);
  });
}

// ---- side by side

std::string wanted_question;  // only those with this in their text

template <typename... Arguments>
void against(const std::string& question, std::string_view peer_name,
             std::function<peers::Figure(Arguments...)> peers::Peer::*asked,
             peers::Figure (*ours)(Arguments...), double goal,
             std::type_identity_t<Arguments>... arguments) {
  if (!wanted_question.empty() && question.find(wanted_question) == question.npos) return;
  const peers::Figure mine = ours(arguments...);
  fmt::print("{:<44} {:>11.4f} {:>11.4f} {:>9}", question, mine.first, mine.milliseconds,
             mine.operations == 0 ? "" : std::to_string(mine.operations));
  bool there = false;
  for (const peers::Peer& peer : peers::all()) {
    if (peer.name != peer_name || !(peer.*asked)) continue;
    there = true;
    const peers::Figure theirs = (peer.*asked)(arguments...);
    const double ratio = mine.milliseconds / theirs.milliseconds;
    fmt::print(" {:>10} {:>12.4f} {:>9} {:>10.2e} {:>8.0e} {}", peer.name, theirs.milliseconds,
               theirs.operations == 0 ? "" : std::to_string(theirs.operations), ratio, goal,
               ratio <= goal ? "met" : "missed");
  }
  fmt::print("{}\n", there ? "" : fmt::format(" {:>10} not here", peer_name));
  std::fflush(stdout);
}

void duel() {
  using peers::Peer;
  fmt::print("\n{:<44} {:>11} {:>11} {:>9} {:>10} {:>12} {:>9} {:>10} {:>8}\n", "question",
             "ms, first", "ms", "count", "peer", "ms", "count", "ratio", "goal");
  against("W7a derivative 10", "SymEngine", &Peer::nested, nested, 0.01, false, 10u);
  against("W7a derivative 10", "GiNaC", &Peer::nested, nested, 0.01, false, 10u);
  against("W7a derivative 10", "CasADi", &Peer::nested, nested, 0.004, false, 10u);
  against("W7a derivative 30", "CasADi", &Peer::nested, nested, 0.001, false, 30u);
  against("W7b derivative 15", "SymEngine", &Peer::nested, nested, 1e-4, true, 15u);
  against("W7b derivative 15", "CasADi", &Peer::nested, nested, 0.002, true, 15u);
  against("W11 S3, power 50", "SymEngine", &Peer::expanded, expanded, 0.05, std::size_t{50});
  against("W11 S3a, power 500", "SymEngine", &Peer::expanded, expanded, 0.05, std::size_t{500});
  against("W11 tower of powers, common", "SymEngine", &Peer::tower, tower, 0.07);
  constexpr std::size_t thousand = 1000, million = 1'000'000;
  against("W8 gradient, 1000 terms", "GiNaC", &Peer::chain_gradient, chain_gradient, 0.01,
          thousand);
  against("W8 gradient, 3000 terms", "SymEngine", &Peer::chain_gradient, chain_gradient, 5e-5,
          3 * thousand);
  against("W8 building, 10^6 terms", "CasADi", &Peer::chain_build, chain_build, 0.1, million);
  against("W8 gradient, 10^6 terms", "CasADi", &Peer::chain_gradient, chain_gradient, 0.12,
          million);
  against("W8 templates, 10^6 terms: derivatives", "CasADi", &Peer::chain_gradient, rolled_gradient,
          1e-3, million);
  against("W8 templates, 10^6 terms: finding them", "CasADi", &Peer::chain_gradient, rolling, 0.12,
          million);
  against("W8 to the first gradient, 10^5 terms", "ADOL-C", &Peer::first_gradient, first_gradient,
          0.6, 100 * thousand);
  against("W8 to the first gradient, 10^5 terms", "CasADi", &Peer::first_gradient, first_gradient,
          0.05, 100 * thousand);
  against("W8 the same by templates", "ADOL-C", &Peer::first_gradient, first_rolled, 0.6,
          100 * thousand);
  against("W8 the same by templates", "CasADi", &Peer::first_gradient, first_rolled, 0.05,
          100 * thousand);
}

// ---- time(2n)/time(n)

void doubling(const std::string& name, const std::function<Problem(Graph&, std::size_t)>& build,
              std::size_t n) {
  Graph graphs[2]{Graph(generous()), Graph(generous())};
  const auto time = [&](Graph& g, std::size_t size) {
    return least_of(
        2,
        [&] {
          g.clear();
          return build(g, size);
        },
        [&](Problem& p) { (void)gradient(p.outputs[0], p.variables); });
  };
  // Taken in turn, so that a busy neighbour meets both.
  double once = 1e300, twice = 1e300;
  for (int round = 0; round < 4; ++round) {
    once = std::min(once, time(graphs[0], n));
    twice = std::min(twice, time(graphs[1], 2 * n));
  }
  fmt::print("{:<44} {:>9} {:>11.2f} {:>11.2f} {:>7.2f}\n", name, n, once, twice, twice / once);
}

// Size, time and memory of one gradient.
void gradient_of(const std::string& name, const Build& build) {
  double bytes = 0;
  std::size_t count = 0, nodes = 0;
  const Times time = rounds(3, build, [&](Graph& g, Problem& p) {
    const auto slopes = *gradient(p.outputs[0], p.variables);
    nodes = g.size();
    bytes = static_cast<double>(g.bytes()) / static_cast<double>(nodes);
    count = operations(slopes).count;
  });
  fmt::print("{:<44} {:>9} {:>11.2f} {:>11} {:>7.1f}\n", name, count, time.least, nodes, bytes);
}

void sizes() {
  fmt::print("\n{:<44} {:>9} {:>11} {:>11} {:>7}\n", "gradient", "ops", "ms, counted", "nodes",
             "B/node");
  for (const std::size_t steps : {15u, 30u, 60u}) {
    gradient_of(fmt::format("e <- sin(e) e + 1, {} steps", steps),
                [=](Graph& g) { return shared_bomb(NablaAlgebra{g}, steps); });
  }
  gradient_of("W10 determinant 11",
              [](Graph& g) { return workloads::determinant(NablaAlgebra{g}, 11); });
  gradient_of("W8 chain sum, 10^6", [](Graph& g) { return chain_sum(NablaAlgebra{g}, 1'000'000); });
}

void linear() {
  fmt::print("\n{:<44} {:>9} {:>11} {:>11} {:>7}\n", "gradient", "n", "ms", "ms of 2n", "ratio");
  for (const std::size_t n : {std::size_t{50'000}, std::size_t{500'000}}) {
    doubling(
        "W3 Rosenbrock", [](Graph& g, std::size_t k) { return rosenbrock(NablaAlgebra{g}, k); }, n);
    doubling(
        "W6 product", [](Graph& g, std::size_t k) { return speelpenning(NablaAlgebra{g}, k); }, n);
    doubling(
        "W8 chain sum", [](Graph& g, std::size_t k) { return chain_sum(NablaAlgebra{g}, k); }, n);
  }
}

}  // namespace
}  // namespace nabla

// Without arguments everything, else the parts named: workloads, peers, sizes, linear; "peers=W8"
// asks only the questions with W8 in their text.
int main(int argc, char** argv) {
  const auto wanted = [&](std::string_view part) {
    return argc == 1 || std::find(argv + 1, argv + argc, part) != argv + argc;
  };
  for (const std::string_view argument : std::span(argv, static_cast<std::size_t>(argc))) {
    if (!argument.starts_with("peers=")) continue;
    nabla::wanted_question = argument.substr(6);
    nabla::duel();
  }
  if (wanted("workloads")) {
    fmt::print("{:<46} {:>9} {:>9} {:>9} {:>8} {:>13} {:>6} {:>6} {:>8} {:>9}\n", "workload",
               "build ms", "diff ms", "share ms", "ops raw", "ops+signs", "bound", "B/node", "sum",
               "deviation");
    for (const auto& c : nabla::workloads::cases()) nabla::workload(c);
  }
  if (wanted("peers")) nabla::duel();
  if (wanted("sizes")) nabla::sizes();
  if (wanted("linear")) nabla::linear();
}
