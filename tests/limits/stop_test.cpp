// A stop is seen by every pass: one that is asked to stop before it begins gives L110 and never a
// result, one that is asked in the middle gives either, soon; the graph goes on working, and a
// second try gives what a graph that was never stopped gives. Latencies are printed, not judged.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <random>
#include <thread>

#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/core/diagnostic.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/order.hpp"
#include "lib/core/substitute.hpp"
#include "lib/emit/latex.hpp"
#include "lib/emit/print.hpp"
#include "lib/emit/source.hpp"
#include "lib/emit/tree.hpp"
#include "lib/eval/function.hpp"
#include "parser/parse.hpp"
#include "simplify/expand.hpp"
#include "simplify/metric.hpp"
#include "simplify/normal_form.hpp"

namespace nabla {
namespace {

using Clock = std::chrono::steady_clock;

// Terms of the sums; NABLA_STOP_SIZE=100000 makes passes last seconds.
const int size = [] {
  const char* const given = std::getenv("NABLA_STOP_SIZE");
  return given ? std::atoi(given) : 3'000;
}();

// What a pass works on, made while no stop is asked for.
struct Input {
  Graph g;
  std::vector<Expr> xs;
  Expr f;         // a sum of `size` different terms
  Expr deep;      // a chain of 3 size links
  Expr wide;      // a power to expand
  Expr long_one;  // an exact number of millions of bits
  std::string text, digits;
  std::vector<double> column;

  explicit Input(const Stop* stop) {
    for (int i = 0; i < 40; ++i) xs.push_back(symbol(g, "x" + std::to_string(i)));
    const auto x = [&](int i) { return xs[static_cast<std::size_t>(i) % xs.size()]; };
    f = number(g, 1);
    for (int i = 1; i <= size; ++i) {
      f = f + call("sin"_fn, x(i) * rational(g, i, 7)) * pow(x(3 * i + 1), i % 5 + 1) * x(i * i);
    }
    deep = x(0);
    for (int i = 0; i < size; ++i) deep = call("sin"_fn, deep * x(i)) + x(i / 2);
    wide = pow(x(0) + x(1) + x(2) + 1, size >= 100'000 ? 60 : 15);
    long_one = pow(number(g, 3), size >= 100'000 ? 9'000'000 : 600'000);
    for (int i = 1; i <= size; ++i) {
      text += (i > 1 ? "+" : "") + std::to_string(i) + "x" + std::to_string(i) + "^2*sin(y)";
    }
    digits = std::string(static_cast<std::size_t>(size) * 40, '7');
    for (int i = 0; i < size; ++i) column.push_back(i);
    g.limits.stop = stop;
  }
};

template <typename T>
T value_of(Result<T> result) {
  return result ? std::move(*result) : throw LimitError(result.error());
}

std::string seen(std::span<const Expr> all) {
  std::size_t sum = 0;
  for (const Expr e : all) sum += print_shared(e).size();
  return std::to_string(sum);
}
std::string seen(Expr e) { return seen(std::span(&e, 1)); }

struct PassRow {
  const char* name;
  std::function<std::string(Input&)> run;  // something that tells results apart
};

const std::vector<PassRow>& passes() {
  static const std::vector<PassRow> all = {
      {"read", [](Input& in) { return seen(value_of(parse(in.g, in.text)).value.scalar()); }},
      {"read digits",
       [](Input& in) {
         return std::to_string(node(value_of(parse(in.g, in.digits)).value.scalar()).op ==
                               Op::rational);
       }},
      {"derivative", [](Input& in) { return seen(value_of(derivative(in.deep, in.xs[0]))); }},
      {"tenth derivative",
       [](Input& in) {
         const Expr x = in.xs[0];
         Expr e = call("sin"_fn, call("sin"_fn, call("sin"_fn, call("exp"_fn, x))));
         return seen(value_of(derivative(e, x, size >= 100'000 ? 30u : 10u)));
       }},
      {"gradient", [](Input& in) { return seen(value_of(gradient(in.f, in.xs))); }},
      {"Hessian",
       [](Input& in) { return std::to_string(value_of(hessian_entries(in.f, in.xs)).size()); }},
      {"Jacobian",
       [](Input& in) {
         return std::to_string(
             value_of(jacobian_entries(std::vector<Expr>{in.f, in.deep}, in.xs)).size());
       }},
      {"canonical form",
       [](Input& in) {
         return seen(canonical(value_of(derivative(in.f, in.xs[1])) + in.f * 2 + in.f));
       }},
      {"expand", [](Input& in) { return seen(expand(in.wide)); }},
      {"substitute",
       [](Input& in) {
         const Replacement change{in.xs[0], in.xs[1] + 3};
         return seen(substitute(in.f, {&change, 1})) + seen(substitute(in.deep, {&change, 1}));
       }},
      {"order",
       [](Input& in) {
         const NodeId roots[] = {in.f.id, in.deep.id};
         return std::to_string(Order(in.g, roots).rank(in.f.id));
       }},
      {"names",
       [](Input& in) {
         return std::to_string(in.g.symbols({&in.f.id, 1}).size());
       }},
      {"count operations",
       [](Input& in) {
         return std::to_string(tree_operations(in.f)) + " " +
                std::to_string(shared_operations({&in.deep, 1}));
       }},
      {"print", [](Input& in) { return std::to_string(print(in.f).size()); }},
      {"print shared", [](Input& in) { return std::to_string(print_shared(in.deep).size()); }},
      {"print LaTeX", [](Input& in) { return std::to_string(latex(in.f).size()); }},
      {"print s-expression", [](Input& in) { return std::to_string(sexpr(in.f).size()); }},
      {"print dot", [](Input& in) { return std::to_string(dot(in.f).size()); }},
      {"print digits", [](Input& in) { return std::to_string(print(in.long_one).size()); }},
      {"generate code",
       [](Input& in) {
         SourceRequest request;
         request.function = in.f;
         request.inputs = in.xs;
         return std::to_string(value_of(generate(request)).size());
       }},
      {"compile",
       [](Input& in) {
         return std::to_string(value_of(Function::compile(in.xs, {&in.f, 1})).operations());
       }},
      {"evaluate",
       [](Input& in) {
         std::vector<Binding> at;
         std::vector<std::string> names;
         for (const Expr x : in.xs) names.push_back(in.g.name_of(node(x)));
         for (const std::string& name : names) at.push_back({name, 0.5});
         return std::to_string(value_of(evaluate(in.f, at)));
       }},
      {"evaluate a batch",
       [](Input& in) {
         const Expr e = call("sin"_fn, in.xs[0]) * call("exp"_fn, -in.xs[0] / 1e5) + in.xs[0];
         Expr body = e;
         for (int i = 0; i < 40; ++i) body = call("sin"_fn, body) + e;
         const Function f = value_of(Function::compile({&in.xs[0], 1}, {&body, 1}));
         std::vector<double> out(in.column.size());
         const double* columns[] = {in.column.data()};
         double* results[] = {out.data()};
         for (int i = 0; i < 5; ++i) f.batch(columns, results, out.size(), in.g.limits.stop);
         return std::to_string(out.back());
       }},
      {"evaluate over data",
       [](Input& in) {
         Expr body = column(in.g, "t");
         for (int i = 0; i < 40; ++i) body = call("sin"_fn, body) + column(in.g, "t");
         const Data data{.names = {"t"}, .columns = {in.column}, .rows = in.column.size()};
         return std::to_string(value_of(evaluate(data_sum(body), {}, data)));
       }},
      {"long powers",
       [](Input& in) {
         Expr e = number(in.g, 1);
         for (int i = 0; i < 40; ++i) e = pow(number(in.g, 3 + i), size * 8) - e;
         return std::to_string(node(e).op == Op::rational);
       }},
      {"harmonic sum",
       [](Input& in) {
         Expr e = number(in.g, 0);
         for (int i = 1; i <= size / 5; ++i) e = e + rational(in.g, 1, i);
         return std::to_string(e.graph->exact_of(node(e)).bits());
       }},
  };
  return all;
}

// "L110", or nothing when the pass came to its end.
std::string attempt(const PassRow& pass, Input& in, std::string* result = nullptr) {
  try {
    const std::string found = pass.run(in);
    if (result) *result = found;
    return {};
  } catch (const LimitError& error) {
    return error.diagnostic().code;
  }
}

void expect_usable(Graph& g) {
  const auto read = parse(g, "diff(u^2*sin(u), u)");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(print(canonical(read->value.scalar())), "u^2*cos(u) + 2*u*sin(u)");
}

TEST(Stop, IsSeenByEveryPassBeforeItGivesAResult) {
  Stop stop = false;
  Input in(&stop);
  for (const PassRow& pass : passes()) {
    stop = true;
    EXPECT_EQ(attempt(pass, in), "L110") << pass.name;
    stop = false;
    expect_usable(in.g);
  }
}

TEST(Stop, InTheMiddleOfAPassSpoilsNothing) {
  const char* const more = std::getenv("NABLA_STOPS");
  const int stops = more ? std::atoi(more) : 5;
  std::mt19937 random(11);
  std::vector<double> latencies;
  for (const PassRow& pass : passes()) {
    Stop stop = false;
    std::string whole, again;
    double lasts = 0;
    {
      Input fresh(&stop);
      const auto begin = Clock::now();
      ASSERT_EQ(attempt(pass, fresh, &whole), "") << pass.name;
      lasts = std::chrono::duration<double>(Clock::now() - begin).count();
    }
    double worst = 0;
    int stopped = 0;
    Input in(&stop);
    for (int i = 0; i < stops; ++i) {
      std::atomic<bool> begun = false;
      Clock::time_point asked;
      const double delay = lasts * static_cast<double>(random() % 1000) / 1000;
      std::thread other([&] {
        while (!begun) std::this_thread::yield();
        std::this_thread::sleep_for(std::chrono::duration<double>(delay));
        asked = Clock::now();
        stop = true;
      });
      begun = true;
      const std::string code = attempt(pass, in);
      const auto end = Clock::now();
      other.join();
      stop = false;
      EXPECT_TRUE(code.empty() || code == "L110") << pass.name << " " << code;
      expect_usable(in.g);
      if (code.empty()) continue;
      ++stopped;
      latencies.push_back(std::chrono::duration<double, std::milli>(end - asked).count());
      worst = std::max(worst, latencies.back());
    }
    EXPECT_EQ(attempt(pass, in, &again), "") << pass.name;
    EXPECT_EQ(again, whole) << pass.name;
    std::printf("%-20s lasts %8.1f ms, stopped %d times, at the latest after %6.2f ms\n", pass.name,
                lasts * 1e3, stopped, worst);
  }
  std::ranges::sort(latencies);
  if (latencies.empty()) return;
  const auto at = [&](double share) {
    return latencies[static_cast<std::size_t>(share * static_cast<double>(latencies.size() - 1))];
  };
  std::printf("%zu stops: p50 %.3f ms, p99 %.3f ms, worst %.3f ms\n", latencies.size(), at(0.5),
              at(0.99), latencies.back());
}

}  // namespace
}  // namespace nabla
