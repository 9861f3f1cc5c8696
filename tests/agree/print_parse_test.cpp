#include <gtest/gtest.h>
#include <pthread.h>

#include <functional>

#include "lib/core/graph.hpp"
#include "lib/emit/latex.hpp"
#include "lib/emit/print.hpp"
#include "lib/emit/tree.hpp"
#include "parser/parse.hpp"
#include "simplify/metric.hpp"
#include "simplify/normal_form.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla {
namespace {

using test::RandomExpressions;

void expect_same_node(Graph& g, Expr e, const ReadOptions& names, const PrintOptions& options,
                      std::uint64_t seed) {
  const std::string text = print(e, options);
  const auto read = parse(g, text, names);
  ASSERT_TRUE(read) << seed << ": " << text << ": " << read.error().message;
  ASSERT_EQ(read->value.entries.front(), e)
      << seed << ": " << text << " read as " << print(read->value.entries.front());
}

TEST(PrintParse, PrintedTextParsesBackToTheSameNode) {
  constexpr std::uint64_t expressions = 200'000;
  for (std::uint64_t seed = 1; seed <= expressions; ++seed) {
    Graph g;
    RandomExpressions random(g, {.seed = seed,
                                 .operations = 2 + static_cast<int>(seed % 25),
                                 .functions = seed % 3 != 0,
                                 .choices = seed % 2 == 0,
                                 .decimals = seed % 5 != 0,
                                 .columns = seed % 7 == 0,
                                 .anywhere = seed % 4 != 0});
    ReadOptions names;
    for (const Expr x : random.variables()) names.variables.push_back(g.name_of(node(x)));
    names.columns = {"c1", "c2"};
    const Expr e = random.next();
    ASSERT_NO_FATAL_FAILURE(expect_same_node(g, e, names, {}, seed));
    ASSERT_NO_FATAL_FAILURE(expect_same_node(g, e, names, {.as_written = true}, seed));
    ASSERT_NO_FATAL_FAILURE(expect_same_node(g, canonical(e), names, {}, seed));
  }
}

// Runs on a stack far too small for a recursion over a million nodes.
void on_small_stack(std::function<void()> body) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 << 10);
  pthread_t thread;
  const auto run = [](void* f) -> void* {
    (*static_cast<std::function<void()>*>(f))();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, run, &body), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

TEST(PrintParse, AMillionLevelsNeedNoStack) {
  using Step = Expr (*)(Graph&, Expr, int);
  const Step steps[] = {
      [](Graph& g, Expr e, int) { return call("sin", e) + symbol(g, "x"); },
      [](Graph&, Expr e, int) { return 1 / (1 + e); },
      [](Graph& g, Expr e, int i) { return select(less(symbol(g, "x"), number(g, i)), e * 2, e); },
      [](Graph& g, Expr e, int) { return pow(symbol(g, "y"), e); },
      [](Graph& g, Expr e, int i) { return symbol(g, "x_" + std::to_string(i)) - e; },
      [](Graph& g, Expr e, int i) { return e / symbol(g, "x_" + std::to_string(i)); },
  };
  for (const Step step : steps) {
    on_small_stack([step] {
      Graph g;
      Expr e = symbol(g, "x");
      for (int i = 0; i < 1'000'000; ++i) e = step(g, e, i);
      const Expr c = canonical(e);
      try {
        EXPECT_GT(print(c).size(), 1'000'000u);
        EXPECT_GT(latex(c).size(), 1'000'000u);
        EXPECT_GT(sexpr(c).size(), 1'000'000u);
      } catch (const LimitError&) {  // a choice with two long arms is a tree of 2^n nodes
      }
      g.limits.output_bytes = std::size_t{1} << 30;
      EXPECT_GT(print_shared(c).size(), 1'000'000u);
      EXPECT_GT(dot(c).size(), 1'000'000u);
      EXPECT_GT(tree_operations(c), 900'000u);
      EXPECT_GT(shared_operations(c), 900'000u);
    });
  }
}

TEST(PrintParse, SumsOfAMillionTermsAreSorted) {
  Graph g;
  Expr e = number(g, 0);
  constexpr std::int64_t n = 1'000'000;
  for (std::int64_t i = 0; i < n; ++i) {
    e = e + symbol(g, "x_" + std::to_string((i * 7919) % n)) * (i % 3 + 1);
  }
  const std::string text = print(canonical(e));
  EXPECT_TRUE(text.starts_with("x_0 + "));
  EXPECT_TRUE(text.ends_with("*x_999999") || text.ends_with(" x_999999"));
  EXPECT_EQ(tree_operations(canonical(e)), tree_operations(e));
}

}  // namespace
}  // namespace nabla
