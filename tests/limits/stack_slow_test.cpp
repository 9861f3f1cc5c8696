// A hundred thousand levels, through every pass on a stack of 256 KiB, by chains that lean to the
// left, to the right, and through functions, powers and choices.

#include <gtest/gtest.h>
#include <pthread.h>

#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
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

constexpr int levels = 100'000;

struct Chain {
  const char* name;
  Expr (*next)(Expr before, Expr x, int i);
};
const Chain chains[] = {
    {"sums", [](Expr e, Expr x, int i) { return e + call("sin"_fn, x * (i + 1)); }},
    {"sums to the right", [](Expr e, Expr x, int i) { return pow(x, i % 7 + 2) + e; }},
    {"functions", [](Expr e, Expr x, int) { return call("sin"_fn, e) + x; }},
    {"products", [](Expr e, Expr x, int i) { return e * (x + i); }},
    {"quotients", [](Expr e, Expr x, int) { return x / (e + 1); }},
    {"powers", [](Expr e, Expr x, int) { return pow(x, e) + 1; }},
    {"choices",
     [](Expr e, Expr x, int i) { return select(less(x, number(*x.graph, i)), e + 1, x); }},
    {"largest", [](Expr e, Expr x, int i) { return call("max"_fn, e, x * (i + 2)); }},
};

void* work(void*) {
  for (const Chain& chain : chains) {
    SCOPED_TRACE(chain.name);
    Graph g;
    g.limits.nodes = 100'000'000;
    g.limits.expansion_terms = 1000;  // a product of n sums expands in time n^2
    const Expr x = symbol(g, "x"), y = symbol(g, "y");
    Expr e = x;
    for (int i = 0; i < levels; ++i) e = chain.next(e, x, i);
    EXPECT_GE(g.below(e.id).size(), static_cast<std::size_t>(levels));
    const Expr variables[] = {x, y};
    const auto slope = derivative(e, x);
    EXPECT_TRUE(slope);
    EXPECT_TRUE(gradient(e, variables));
    EXPECT_TRUE(
        hessian_entries(substitute(e, std::vector<Replacement>{{x, x + y}}), {variables, 1}));
    EXPECT_EQ(g.symbols({&e.id, 1}).size(), 1u);
    (void)Order(g, {&e.id, 1});
    (void)tree_operations(e);
    (void)shared_operations(e);
    (void)canonical(e);
    using Write = std::string (*)(Expr, Expr);
    constexpr Write writes[] = {
        [](Expr f, Expr) { return print(f); },        [](Expr f, Expr) { return latex(f); },
        [](Expr f, Expr) { return sexpr(f); },        [](Expr f, Expr) { return dot(f); },
        [](Expr, Expr f) { return print_shared(f); },
    };
    for (const Write write : writes) {
      try {
        EXPECT_FALSE(write(e, *slope).empty());
      } catch (const LimitError& error) {
        EXPECT_EQ(error.diagnostic().code, "L106");
      }
    }
    try {
      (void)expand(e);
    } catch (const LimitError& error) {
      EXPECT_EQ(error.diagnostic().code, "L109");
    }
    const auto f = Function::compile({variables, 1}, {&e, 1});
    EXPECT_TRUE(f);
    const double in = 0.5;
    double out = 0;
    (*f)({&in, 1}, {&out, 1});
    SourceRequest request;
    request.function = e;
    request.inputs = {x};
    const auto code = generate(request);
    EXPECT_TRUE(code || code.error().code == "L106");
  }
  return nullptr;
}

TEST(SmallStack, CarriesManyLevelsThroughEveryPass) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, &attributes, work, nullptr), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

}  // namespace
}  // namespace nabla
