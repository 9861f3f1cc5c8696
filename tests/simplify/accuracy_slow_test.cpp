// What simplifying does to the rounding error of derivatives: double arithmetic against 256 bits.
// The environment variable NABLA_SHOW_ERRORS prints the table of docs/performance.md.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>

#include "lib/eval/function.hpp"
#include "simplify/simplify.hpp"
#include "tests/simplify/corpus.hpp"
#include "tests/simplify/soundness.hpp"

namespace nabla {
namespace {

struct Errors {
  std::vector<double> raw, form;  // relative, at the points where both are real numbers
};

// As the interpreter and machine code compute them, point by point.
Errors errors(const test::Case& c, Expr form, int points) {
  Graph& g = *c.raw.graph;
  const std::vector<NodeId> roots{c.f.id, c.raw.id, form.id};
  std::vector<NodeId> symbols;
  for (const NodeId id : g.below(roots)) {
    if (g[id].op == Op::symbol) symbols.push_back(id);
  }
  std::vector<Expr> inputs;
  for (const NodeId id : symbols) inputs.push_back(g.expr(id));
  const std::vector<Expr> one{c.raw}, other{form};
  const auto raw_function = Function::compile(inputs, one);
  const auto form_function = Function::compile(inputs, other);
  test::MpfrEvaluator exact(g, roots, 256);
  test::Points random(1);
  Errors result;
  std::vector<double> in(symbols.size());
  for (int i = 0; i < points; ++i) {
    for (std::size_t k = 0; k < symbols.size(); ++k) {
      in[k] = random.next();
      exact.set(symbols[k], in[k]);
    }
    exact.run();
    if (!test::has_real_values(g, exact, {c.f.id, c.raw.id})) continue;
    const double value = mpfr_get_d(exact.value(c.raw.id), MPFR_RNDN);
    if (value != 0 && !std::isnormal(value)) continue;
    const auto error = [&](const Function& f) {
      double out = 0;
      f(in, {&out, 1});
      const double difference = std::fabs(out - value);
      if (std::isnan(difference)) return std::numeric_limits<double>::infinity();
      return value == 0 ? difference : difference / std::fabs(value);
    };
    result.raw.push_back(error(*raw_function));
    result.form.push_back(error(*form_function));
  }
  return result;
}

double percentile_99(std::vector<double> values) {
  std::ranges::sort(values);
  return values[(values.size() - 1) * 99 / 100];
}

TEST(Accuracy, SimplifiedDerivativesAreAsAccurateAsTheyWere) {
  CORPUS_OR_SKIP(lines, "simplify_public.txt", ';');
  const bool show = std::getenv("NABLA_SHOW_ERRORS") != nullptr;
  for (const int level : {2, 3}) {
    int no_worse = 0;
    std::string worse;
    for (std::size_t item = 0; item < lines.size(); ++item) {
      Graph g;
      const test::Case c = test::read_case(g, lines[item]);
      const Expr form = simplify(c.raw, {.level = level});
      const Errors e = errors(c, form, 1000);
      ASSERT_GT(e.raw.size(), 50u) << lines[item][0];
      const double raw = percentile_99(e.raw), now = percentile_99(e.form);
      EXPECT_LE(now, 64 * std::max(raw, 1e-15)) << print(form) << ", raw " << raw;
      no_worse += now <= raw;
      char line[200];
      std::snprintf(line, sizeof line, "| P%02zu | %.2g | %.2g | ", item + 1, raw, now);
      if (now > raw) worse += line + print(form) + "\n";
      if (show) std::cout << line << '`' << print(form) << "` |\n";
    }
    EXPECT_GE(no_worse, 35) << "level " << level << "\n" << worse;
    if (show) std::cout << "level " << level << ": " << no_worse << " no worse\n" << worse;
  }
}

}  // namespace
}  // namespace nabla
