#pragma once

// The one header a user of nabla needs: expressions, parsing, derivatives, evaluation and code.
//
//   nabla::Graph graph;
//   auto f = nabla::parse(graph, "x^2*sin(x)");            // Result: a value, or a diagnostic
//   auto slope = nabla::derivative(f->value.entries[0], nabla::symbol(graph, "x"));
//   nabla::print(nabla::simplify(*slope));                  // x*(x*cos(x) + 2*sin(x))

#include "lib/calculus/curvature_products.hpp"
#include "lib/calculus/derivative.hpp"
#include "lib/calculus/explain.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/calculus/joint.hpp"
#include "lib/calculus/kinks.hpp"
#include "lib/calculus/roll.hpp"
#include "lib/calculus/sparse.hpp"
#include "lib/calculus/taylor.hpp"
#include "lib/core/diagnostic.hpp"
#include "lib/core/expr.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/limits.hpp"
#include "lib/core/substitute.hpp"
#include "lib/core/user_functions.hpp"
#include "lib/emit/latex.hpp"
#include "lib/emit/print.hpp"
#include "lib/emit/rolled_source.hpp"
#include "lib/emit/source.hpp"
#include "lib/emit/tree.hpp"
#include "lib/eval/code_cache.hpp"
#include "lib/eval/function.hpp"
#include "lib/eval/rolled.hpp"
#include "lib/optimize/adapters.hpp"
#include "lib/optimize/csv.hpp"
#include "lib/optimize/descent.hpp"
#include "lib/optimize/least_squares.hpp"
#include "lib/optimize/one_scan.hpp"
#include "parser/parse.hpp"
#include "parser/render.hpp"
#include "simplify/cost.hpp"
#include "simplify/metric.hpp"
#include "simplify/normal_form.hpp"
#include "simplify/simplify.hpp"
