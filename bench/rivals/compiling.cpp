// What compiling takes, per operation of the tape.

#include <algorithm>
#include <cstdio>

#include "bench/rivals/contest.hpp"
#include "bench/rivals/problem.hpp"
#include "lib/eval/code_cache.hpp"
#include "lib/eval/function.hpp"

namespace nabla::rivals {

void compiling() {
  std::printf("\nFrom graph to callable, kernels of our own, per operation of the tape\n");
  std::printf("%-12s %10s %12s %12s %12s\n", "", "operations", "tape, ns/op", "point, ns/op",
              "batch, ns/op");
  const auto show = [](const char* name, std::span<const Expr> in, std::span<const Expr> out,
                       Math math) {
    std::vector<double> t0, t1, t2;
    std::size_t operations = 0;
    for (int round = 0; round < 15; ++round) {
      const double a = now();
      const auto f = Function::compile(in, out, {.math = math});
      const double b = now();
      f->prepare_point();
      const double c = now();
      f->prepare_batch();
      const double d = now();
      operations = f->operations();
      t0.push_back(b - a);
      t1.push_back(c - a);
      t2.push_back(d - c + b - a);
      if (d - a > 1e8 && round > 2) break;
    }
    const double n = static_cast<double>(operations);
    std::printf("%-12s %10zu %12.1f %12.1f %12.1f   point %.1f us\n", name, operations,
                median(t0) / n, median(t1) / n, median(t2) / n, median(t1) / 1000);
  };
  for (std::size_t e = 0; e < expressions; ++e) {
    const Problem problem(static_cast<Expression>(e));
    show(cases[e].name, problem.inputs, problem.outputs, Math::library);
  }
  for (const std::size_t n : {1000u, 10000u, 100000u}) {
    Graph g;
    std::vector<Expr> inputs, outputs;
    for (std::size_t i = 0; i < n; ++i) inputs.push_back(symbol(g, "x" + std::to_string(i)));
    Expr f = number(g, 0);
    for (std::size_t i = 0; i + 1 < n; ++i) {
      f = f + 100 * pow(inputs[i + 1] - pow(inputs[i], 2), 2) + pow(1 - inputs[i], 2);
    }
    outputs.push_back(f);
    const auto slopes = gradient(f, inputs);
    outputs.insert(outputs.end(), slopes->begin(), slopes->end());
    show(("n=" + std::to_string(n)).c_str(), inputs, outputs, Math::library);
  }
  // Rosenbrock's function of 100 variables with another coefficient each time.
  for (const bool shared : {false, true}) {
    const auto cache = shared ? std::make_shared<CodeCache>() : nullptr;
    Graph g;
    std::vector<Expr> inputs;
    for (int i = 0; i < 100; ++i) inputs.push_back(symbol(g, "x" + std::to_string(i)));
    std::vector<double> times;
    double operations = 1;
    for (int k = 0; k < 31; ++k) {
      Expr f = number(g, 0);
      for (std::size_t i = 0; i + 1 < inputs.size(); ++i) {
        f = f + literal(g, 100.5 + k) * pow(inputs[i + 1] - pow(inputs[i], 2), 2) +
            pow(literal(g, 1.25 + k) - inputs[i], 2);
      }
      std::vector<Expr> outputs{f};
      const auto slopes = gradient(f, inputs);
      outputs.insert(outputs.end(), slopes->begin(), slopes->end());
      const double start = now();
      const auto compiled = Function::compile(inputs, outputs, {.code = cache});
      compiled->prepare_point();
      times.push_back(now() - start);
      operations = static_cast<double>(compiled->operations());
    }
    std::printf("constants swept, %s: %.1f ns/op\n", shared ? "code shared" : "each on its own",
                median(times) / operations);
  }
  std::vector<double> t;
  for (int round = 0; round < 101; ++round) {
    const double start = now();
    Graph g;
    const auto parsed = parse(g, NABLA_TEXT(NABLA_SXE));
    const std::vector<Expr> in{symbol(g, "x"), symbol(g, "y")};
    const auto f = Function::compile(in, parsed->value.entries, {});
    f->prepare_point();
    t.push_back(now() - start);
  }
  std::printf("text to callable, sin(x)*exp(-x*x/2) + y*y*y: %.1f us\n", median(t) / 1000);
}

}  // namespace nabla::rivals
