// Is every pass linear? Doubles the input of each one and prints time(2n) / time(n); 2.3 is the
// bound. Medians of interleaved runs, so that a slow moment of the machine hits both sizes.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "bench/workloads/workloads.hpp"
#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/substitute.hpp"
#include "lib/emit/latex.hpp"
#include "lib/emit/print.hpp"
#include "lib/eval/function.hpp"
#include "parser/parse.hpp"
#include "simplify/normal_form.hpp"

namespace nabla {
namespace {

using Seconds = std::chrono::duration<double>;

// A pass over an input of size n; set-up is not timed.
struct Scaler {
  std::string name;
  std::size_t n;
  std::function<double(std::size_t n)> seconds;
};

double timed(const std::function<void()>& pass) {
  const auto start = std::chrono::steady_clock::now();
  pass();
  return Seconds(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> v) {
  std::ranges::nth_element(v, v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2));
  return v[v.size() / 2];
}

Limits generous() {
  Limits limits;
  limits.nodes = std::size_t{1} << 26;
  limits.input_bytes = std::size_t{1} << 30;
  limits.arguments = std::size_t{1} << 30;
  limits.number_bits = std::size_t{1} << 30;
  limits.output_bytes = std::size_t{1} << 30;
  return limits;
}

Scaler reading(std::string name, std::size_t n, std::function<std::string(std::size_t)> text) {
  return {std::move(name), n, [text = std::move(text)](std::size_t size) {
            const std::string input = text(size);
            Graph g(generous());
            return timed([&] {
              if (!parse(g, input)) fmt::print(stderr, "not read: {}\n", input.substr(0, 60));
            });
          }};
}

Scaler passing(std::string name, std::size_t n,
               std::function<workloads::Workload(Graph&, std::size_t)> build,
               std::function<void(const workloads::Workload&)> pass) {
  return {std::move(name), n, [build = std::move(build), pass = std::move(pass)](std::size_t size) {
            Graph g(generous());
            const workloads::Workload w = build(g, size);
            return timed([&] { pass(w); });
          }};
}

std::string joined(std::size_t n, const std::string& separator,
                   const std::function<std::string(std::size_t)>& term) {
  std::string text;
  for (std::size_t i = 1; i <= n; ++i) text += (i > 1 ? separator : "") + term(i);
  return text;
}

workloads::Workload powers(Graph& g, std::size_t n) {
  const Expr x = symbol(g, "x");
  Expr total = number(g, 0);
  for (std::size_t i = 1; i <= n; ++i) total = total + pow(x, i);
  return {total, {x}};
}

workloads::Workload nest(Graph& g, std::size_t n) {
  const Expr x = symbol(g, "x");
  Expr e = x;
  for (std::size_t i = 0; i < n; ++i) e = call("sin"_fn, e);
  return {e, {x}};
}

std::vector<Scaler> scalers() {
  const auto name = [](std::size_t i) { return "x" + std::to_string(i); };
  const auto differentiate = [](const workloads::Workload& w) {
    (void)derivative(w.function, w.variables[0]);
  };
  const auto all_partials = [](const workloads::Workload& w) {
    (void)gradient(w.function, w.variables);
  };
  const auto print_it = [](const workloads::Workload& w) { (void)print(w.function); };
  const auto tidy = [](const workloads::Workload& w) { (void)canonical(w.function); };
  const auto tape = [](const workloads::Workload& w) {
    (void)Function::compile(w.variables, {&w.function, 1});
  };
  return {
      reading("read a sum of names", 800'000,
              [=](std::size_t n) { return joined(n, " + ", name); }),
      reading("read one name over and over", 1'600'000,
              [](std::size_t n) {
                return joined(n, "+", [](std::size_t) { return std::string("x"); });
              }),
      reading("read a product of names", 800'000,
              [=](std::size_t n) { return joined(n, "*", name); }),
      reading("read powers x^k", 800'000,
              [](std::size_t n) {
                return joined(n, "+", [](std::size_t i) { return "x^" + std::to_string(i); });
              }),
      reading("read many nests of 500 parentheses", 200,
              [](std::size_t n) {
                return joined(n, "+", [](std::size_t) {
                  return std::string(500, '(') + "x" + std::string(500, ')');
                });
              }),
      reading("read digits of one integer", 2'000'000,
              [](std::size_t n) { return std::string(n, '7'); }),
      reading("read a vector", 800'000,
              [=](std::size_t n) { return "[" + joined(n, ", ", name) + "]"; }),
      reading("read max(...) of many operands", 800'000,
              [=](std::size_t n) { return "max(" + joined(n, ", ", name) + ")"; }),
      reading("read signs", 400, [](std::size_t n) { return std::string(n, '-') + "x"; }),
      reading("read implicit products", 200'000,
              [](std::size_t n) {
                return joined(n, " ", [](std::size_t) { return std::string("x y"); });
              }),
      passing("derivative of x + x^2 + ...", 800'000, powers, differentiate),
      passing("derivative of sin(sin(...))", 100'000, nest, differentiate),
      passing("derivative of e <- sin(e) e + 1", 50'000, workloads::shared_bomb, differentiate),
      passing("gradient of the chain sum", 100'000, workloads::chain_sum, all_partials),
      passing("gradient of Rosenbrock", 100'000, workloads::rosenbrock, all_partials),
      passing("gradient of a long product", 100'000, workloads::speelpenning, all_partials),
      passing("print a sum", 100'000, powers, print_it),
      passing("print a nest", 100'000, nest, print_it),
      passing("canonical form of a sum", 100'000, powers, tidy),
      passing("canonical form of a nest", 100'000, nest, tidy),
      passing("LaTeX of a sum", 50'000, powers,
              [](const workloads::Workload& w) { (void)latex(w.function); }),
      passing("tape of the chain sum", 100'000, workloads::chain_sum, tape),
      passing("substitute in a nest", 100'000, nest,
              [](const workloads::Workload& w) {
                const Replacement at[] = {{w.variables[0], number(*w.function.graph, 1) +
                                                               symbol(*w.function.graph, "y")}};
                (void)substitute(w.function, at);
              }),
  };
}

}  // namespace
}  // namespace nabla

int main() {
  int failures = 0;
  fmt::print("{:<40} {:>9} {:>11} {:>11} {:>7}\n", "pass", "n", "time(n) ms", "time(2n) ms",
             "ratio");
  for (const nabla::Scaler& s : nabla::scalers()) {
    std::vector<double> once, twice;
    for (int run = 0; run < 5; ++run) {
      once.push_back(s.seconds(s.n));
      twice.push_back(s.seconds(2 * s.n));
    }
    const double a = nabla::median(once), b = nabla::median(twice);
    fmt::print("{:<40} {:>9} {:>11.3f} {:>11.3f} {:>7.2f}{}\n", s.name, s.n, 1e3 * a, 1e3 * b,
               b / a, b / a > 2.3 ? "  above 2.3" : "");
    failures += b / a > 2.3;
  }
  fmt::print("{} of {} above 2.3\n", failures, nabla::scalers().size());
  return 0;
}
