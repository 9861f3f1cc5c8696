// What may be done from several threads at once: anything that only reads a graph, a compiled
// function, and whatever happens in graphs of their own. Run under the thread sanitizer, too.

#include <gtest/gtest.h>

#include <thread>

#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/order.hpp"
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

constexpr const char* texts[] = {
    "x^2*sin(x*y) + 3^100*y",
    "sigmoid(x*y - 1)*max(x, y, 2) + digamma(x + 2)",
    "if(x > 0, sqrt(x), 0) + mod(y, 3)^2",
    "(x + y + 1)^6/(x - y)^3 + log(abs(x) + 1/3)",
};

void in_threads(int count, auto work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
}

// Everything that takes expressions of a graph and leaves the graph as it is.
std::string read_all(Expr e, Expr x, Expr y) {
  const Graph& g = *e.graph;
  std::string text = print(e) + print_shared(e) + latex(e) + sexpr(e) + dot(e);
  text += std::to_string(tree_operations(e)) + " " + std::to_string(shared_operations({&e, 1}));
  text += std::to_string(Order(g, {&e.id, 1}).rank(e.id));
  text += std::to_string(g.below(e.id).size()) + g.symbols({&e.id, 1}).front();
  const Expr inputs[] = {x, y};
  const auto f = Function::compile(inputs, {&e, 1});
  const double in[] = {0.5, 1.25};
  double out = 0;
  (*f)(in, {&out, 1});
  const Binding at[] = {{"x", 0.5}, {"y", 1.25}};
  EXPECT_EQ(*evaluate(e, at), out);
  SourceRequest request;
  request.function = e;
  request.inputs = {x, y};
  text += *generate(request) + std::to_string(out);
  return text;
}

TEST(Threads, ReadOneGraph) {
  for (const int count : {1, 2, 8}) {
    Graph g;
    std::vector<Expr> all;
    for (const char* text : texts) all.push_back(parse(g, text)->value.scalar());
    const Expr x = symbol(g, "x"), y = symbol(g, "y");
    for (std::size_t i = 0; i < std::size(texts); ++i) {
      all.push_back(*derivative(all[i], x));
    }
    std::vector<std::string> alone;
    for (const Expr e : all) alone.push_back(read_all(e, x, y));
    in_threads(count, [&](int) {
      for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(read_all(all[i], x, y), alone[i]);
    });
  }
}

TEST(Threads, CallOneFunction) {
  Graph g;
  const Expr f = parse(g, texts[1])->value.scalar();
  const Expr inputs[] = {symbol(g, "x"), symbol(g, "y")};
  const auto gradient_of_f = gradient(f, inputs);
  const auto function = Function::compile(inputs, *gradient_of_f);
  const auto worked_out = [&](int i) {
    std::vector<double> x, y;
    for (int k = 0; k < 1000; ++k) x.push_back(k * 0.01 + i), y.push_back(k * 0.02 - i);
    std::vector<double> u(x.size()), v(x.size());
    const double* in[] = {x.data(), y.data()};
    double* out[] = {u.data(), v.data()};
    function->batch(in, out, x.size());
    for (std::size_t k = 0; k < x.size(); ++k) {
      const double point[] = {x[k], y[k]};
      double slope[2];
      (*function)(point, slope);
      EXPECT_EQ(slope[0], u[k]);
      EXPECT_EQ(slope[1], v[k]);
    }
    return u;
  };
  const std::vector<double> alone = worked_out(3);
  in_threads(8, [&](int i) {
    worked_out(i);
    EXPECT_EQ(worked_out(3), alone);
  });
}

TEST(Threads, WorkInGraphsOfTheirOwn) {
  const auto work = [](int) {
    std::string text;
    for (const char* formula : texts) {
      Graph g;
      const Expr f = parse(g, formula)->value.scalar(), x = symbol(g, "x"), y = symbol(g, "y");
      const Expr variables[] = {x, y};
      const auto slopes = gradient(f, variables);
      for (const Expr e : *slopes) text += print(canonical(e));
      const auto second = hessian(f, variables);
      for (const Expr e : second->entries) text += print(canonical(e));
      text += print(expand(f));
      text += parse(g, "x +* 2").error().message;
    }
    return text;
  };
  const std::string alone = work(0);
  in_threads(8, [&](int i) { EXPECT_EQ(work(i), alone); });
}

TEST(Threads, OneStopsTheWorkOfAnother) {
  Stop stop = false;
  in_threads(2, [&](int i) {
    if (i == 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      stop = true;
      return;
    }
    Graph g({.stop = &stop});
    const Expr x = symbol(g, "x");
    const Expr f = call("sin"_fn, call("exp"_fn, call("sin"_fn, x)));
    const auto slope = derivative(f, x, 1000);
    ASSERT_FALSE(slope);
    EXPECT_EQ(slope.error().code, "L110");
  });
}

}  // namespace
}  // namespace nabla
