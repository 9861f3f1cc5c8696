#include "cli/fit_loss.hpp"

#include <algorithm>
#include <optional>

#include "lib/core/build.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/substitute.hpp"
#include "parser/parse.hpp"
#include "parser/suggest.hpp"

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

enum class Named { mse, mae, huber, logistic };

std::optional<Named> named_loss(std::string_view name) {
  if (name == "mse") return Named::mse;
  if (name == "mae") return Named::mae;
  if (name == "huber") return Named::huber;
  for (const std::string_view other : {"logloss", "log-loss", "cross-entropy", "cross_entropy"}) {
    if (name == other) return Named::logistic;
  }
  // The function that gives the loss one of its names.
  const auto fn = find_function(name);
  return fn && *fn == "sigmoid"_fn ? std::optional(Named::logistic) : std::nullopt;
}

// A word that is neither a loss nor anything a loss could be made of.
std::optional<Diagnostic> no_such_loss(std::string_view word,
                                       std::span<const std::string> meanings) {
  const bool is_word = !word.empty() && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
  if (!is_word || std::ranges::find(meanings, word) != meanings.end()) return std::nullopt;
  constexpr std::string_view losses[] = {"mse", "mae", "huber", "logloss", "cross-entropy"};
  const std::string_view near = nearest(word, losses);
  return Diagnostic{.code = "U501",
                    .message = "there is no loss '" + std::string(word) +
                               "': mse, mae, huber, logistic (cross-entropy) or an expression",
                    .span = {},
                    .hint = near.empty() ? "such as --loss 'abs(residual)^1.5'"
                                         : "did you mean '" + std::string(near) + "'?"};
}

}  // namespace

Result<Loss> loss_of(Graph& g, const Model& model, std::string_view name,
                     const std::string& weights, double delta, double l1, double l2,
                     std::span<const CsvColumn> columns) {
  const Expr y = model.response, p = model.prediction, r = y - p;
  Loss loss;
  const std::optional<Named> known = named_loss(name);
  if (known == Named::mse) {
    loss.total = mean(g, r * r, weights);
    loss.squares = l1 == 0 && l2 == 0;
  } else if (known == Named::mae) {
    loss.total = mean(g, call("abs"_fn, r), weights);
  } else if (known == Named::huber) {
    loss.total = mean(g, huber(r, delta), weights);
  } else if (known == Named::logistic) {
    loss.total = mean(g, log_loss(y, p), weights);
    loss.probability = true;
    loss.likelihood = weights.empty() && l1 == 0 && l2 == 0;
  } else {
    ReadOptions options;
    for (const CsvColumn& c : columns) options.columns.push_back(c.name);
    options.variables = {"residual", "observed", "predicted"};
    options.variables.insert(options.variables.end(), model.parameters.begin(),
                             model.parameters.end());
    std::vector<std::string> meanings = options.variables;
    meanings.insert(meanings.end(), options.columns.begin(), options.columns.end());
    if (auto error = no_such_loss(name, meanings)) return *error;
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
