#include "cli/fit_loss.hpp"

#include <optional>

#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/substitute.hpp"
#include "parser/parse.hpp"

namespace nabla {
namespace {

Expr mean(Graph& g, Expr row, const std::string& weights) {
  if (weights.empty()) return data_sum(row) / data_sum(number(g, 1));
  const Expr w = column(g, weights);
  return data_sum(w * row) / data_sum(w);
}

bool is_call(const Graph& g, NodeId id, Fn fn) { return g[id].op == Op::call && g[id].fn() == fn; }

// z where p is the logistic function of z, in one of the ways it is written: sigmoid(z),
// 1/(1 + exp(-z)), exp(z)/(1 + exp(z)).
std::optional<Expr> logit_of(Expr p) {
  Graph& g = *p.graph;
  const Node n = node(p);
  if (is_call(g, p.id, "sigmoid"_fn)) return g.expr(n.a);
  // exp(u) of a power (1 + exp(u))^-1
  const auto exponent = [&](NodeId id) -> std::optional<NodeId> {
    if (g[id].op != Op::power || g[id].b != Graph::minus_one) return std::nullopt;
    const Node below = g[g[id].a];
    if (below.op != Op::sum) return std::nullopt;
    for (const auto& [one, other] : {std::pair(below.a, below.b), std::pair(below.b, below.a)}) {
      if (one == Graph::one && is_call(g, other, "exp"_fn)) return g[other].a;
    }
    return std::nullopt;
  };
  if (const auto u = exponent(p.id)) return -g.expr(*u);
  if (n.op != Op::product) return std::nullopt;
  for (const auto& [up, down] : {std::pair(n.a, n.b), std::pair(n.b, n.a)}) {
    const auto u = exponent(down);
    if (u && is_call(g, up, "exp"_fn) && g[up].a == *u) return g.expr(*u);
  }
  return std::nullopt;
}

// -(y log p + (1 - y) log(1 - p)); a log that is multiplied by 0 does not count. Of the logistic
// function without its overflow and without the digits that 1 - p loses.
Expr log_loss(Expr y, Expr p) {
  Graph& g = *y.graph;
  if (const auto z = logit_of(p)) return call("softplus"_fn, *z) - y * *z;
  const Expr zero = number(g, 0);
  const auto part = [&](Expr weight, Expr probability) {
    return select(equal(weight, zero), zero, weight * call("log"_fn, probability));
  };
  return -(part(y, p) + part(1 - y, 1 - p));
}

Expr huber(Expr r, double delta) {
  const Expr size = call("abs"_fn, r), d = real(*r.graph, delta);
  return select(less_equal(size, d), r * r / 2, d * (size - d / 2));
}

// The function that gives the loss one of its names.
bool is_logistic(std::string_view name) {
  const auto fn = find_function(name);
  return fn && *fn == "sigmoid"_fn;
}

}  // namespace

Result<Loss> loss_of(Graph& g, const Model& model, std::string_view name,
                     const std::string& weights, double delta, double l1, double l2,
                     std::span<const CsvColumn> columns) {
  const Expr y = model.response, p = model.prediction, r = y - p;
  Loss loss;
  if (name == "mse") {
    loss.total = mean(g, r * r, weights);
    loss.squares = l1 == 0 && l2 == 0;
  } else if (name == "mae") {
    loss.total = mean(g, call("abs"_fn, r), weights);
  } else if (name == "huber") {
    loss.total = mean(g, huber(r, delta), weights);
  } else if (name == "logloss" || name == "cross-entropy" || is_logistic(name)) {
    loss.total = mean(g, log_loss(y, p), weights);
    loss.likelihood = weights.empty() && l1 == 0 && l2 == 0;
  } else {
    ReadOptions options;
    for (const CsvColumn& c : columns) options.columns.push_back(c.name);
    options.variables = {"residual", "observed", "predicted"};
    options.variables.insert(options.variables.end(), model.parameters.begin(),
                             model.parameters.end());
    const auto read = parse(g, name, options);
    if (!read) return read.error();
    if (!read->value.is_scalar())
      return Diagnostic{.code = "N104", .message = "a loss is one expression", .span = {}};
    const Replacement meaning[] = {
        {symbol(g, "residual"), r}, {symbol(g, "observed"), y}, {symbol(g, "predicted"), p}};
    const Expr row = substitute(read->value.scalar(), meaning);
    const bool sums = node(row).flags & has_data_sum && !(node(row).flags & varies_by_row);
    loss.total = sums ? row : mean(g, row, weights);
  }
  for (const std::string& parameter : model.parameters) {
    const Expr x = symbol(g, parameter);
    if (l1 > 0) loss.total = loss.total + l1 * call("abs"_fn, x);
    if (l2 > 0) loss.total = loss.total + l2 * (x * x);
  }
  return loss;
}

}  // namespace nabla
