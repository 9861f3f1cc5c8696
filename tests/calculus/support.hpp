#pragma once

// A graph with a few variables, and derivatives as numbers.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"
#include "tests/support/mpfr_eval.hpp"

namespace nabla::test {

class Calculus : public testing::Test {
 protected:
  Graph g;
  Expr x = symbol(g, "x"), y = symbol(g, "y"), z = symbol(g, "z");
  const std::vector<Expr> xyz{x, y, z};

  Expr num(std::int64_t n) { return number(g, n); }
  Expr half() { return rational(g, 1, 2); }
  Expr root(Expr u) { return call("sqrt", u); }

  Expr d(Expr f, Expr by, unsigned order = 1) {
    const auto result = derivative(f, by, order);
    if (!result) {
      ADD_FAILURE() << result.error().message;
      return num(0);
    }
    return *result;
  }

  std::vector<Expr> grad(Expr f) {
    const auto result = gradient(f, xyz);
    if (!result) {
      ADD_FAILURE() << result.error().message;
      return std::vector<Expr>(3, num(0));
    }
    return *result;
  }

  // At x, y, z; 53 bits round like doubles.
  double at(Expr f, double px, double py = 0, double pz = 0, mpfr_prec_t bits = 53) {
    return value_at(f, xyz, std::vector{px, py, pz}, bits);
  }

  // Distinct operations below the expressions.
  std::size_t operations(std::span<const Expr> roots) {
    std::vector<NodeId> ids;
    for (const Expr root : roots) ids.push_back(root.id);
    return static_cast<std::size_t>(
        std::ranges::count_if(g.below(ids), [&](NodeId id) { return !g[id].is_leaf(); }));
  }
  std::size_t operations(Expr root) { return operations({&root, 1}); }

  std::size_t count(Op op, Expr root) {
    return static_cast<std::size_t>(
        std::ranges::count_if(g.below(root.id), [&](NodeId id) { return g[id].op == op; }));
  }
};

}  // namespace nabla::test
