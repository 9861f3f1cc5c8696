#include "lib/optimize/residuals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lib/calculus/gradient.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/substitute.hpp"

namespace nabla {
namespace {

constexpr std::size_t rows_at_once = 512, rows_of_a_span = 32 * rows_at_once;

// Nodes below e that depend on one of the names.
std::vector<bool> dependent(Expr e, std::span<const NodeId> order, std::span<const Expr> on) {
  const Graph& g = *e.graph;
  std::vector<bool> depends(std::size_t{index(e.id)} + 1, false);
  for (const NodeId id : order) {
    bool here = std::ranges::any_of(on, [&](Expr p) { return p.id == id; });
    for (int k = 0; k < operand_count(g[id]) && !here; ++k) here = depends[index(g[id].operand(k))];
    depends[index(id)] = here;
  }
  return depends;
}

}  // namespace

Result<Expr> with_sums_computed(Expr e, std::span<const Expr> parameters, const Data& data) {
  if (!(node(e).flags & has_data_sum)) return e;
  Graph& g = *e.graph;
  const std::vector<NodeId> order = g.below(e.id);
  const std::vector<bool> depends = dependent(e, order, parameters);
  std::vector<Replacement> replacements;
  std::vector<Expr> sums;
  for (const NodeId id : order) {
    if (g[id].op != Op::data_sum) continue;
    if (depends[index(id)]) {
      return Diagnostic{.code = "F904",
                        .message = "a sum over the data depends on a parameter",
                        .span = {},
                        .hint = "give the whole loss to minimize instead"};
    }
    sums.push_back(g.expr(id));
  }
  const auto values = evaluate(sums, {}, data);
  if (!values) return values.error();
  for (std::size_t i = 0; i < sums.size(); ++i)
    replacements.push_back({sums[i], real(g, (*values)[i])});
  return substitute(e, replacements);
}

Result<Residuals> Residuals::compile(Expr residual, std::span<const Expr> parameters,
                                     const Data& data) {
  const auto folded = with_sums_computed(residual, parameters, data);
  if (!folded) return folded.error();
  Graph& g = *residual.graph;
  std::vector<Expr> outputs{*folded};
  const auto slopes = gradient(*folded, parameters);
  if (!slopes) return slopes.error();
  outputs.insert(outputs.end(), slopes->begin(), slopes->end());

  Residuals result;
  result.parameters_ = parameters.size();
  result.rows_ = data.rows;
  std::vector<NodeId> roots;
  for (const Expr output : outputs) roots.push_back(output.id);
  result.names_ = g.symbols(roots, Op::column);
  std::vector<Expr> inputs;
  for (const std::string& name : result.names_) {
    const auto found = std::ranges::find(data.names, name);
    const auto at = static_cast<std::size_t>(found - data.names.begin());
    if (found == data.names.end() || data.columns[at].size() != data.rows) {
      return Diagnostic{
          .code = "E306",
          .message = fmt::format("the data have no column '{}' of {} rows", name, data.rows),
          .span = {}};
    }
    inputs.push_back(column(g, name));
    result.columns_.push_back(data.columns[at].data());
  }
  inputs.insert(inputs.end(), parameters.begin(), parameters.end());
  // The number of rows, where the formula speaks of it, was replaced with the sums beside it.
  const CompileOptions options{.math = Math::fast, .parameters = parameters.size()};
  auto value = Function::compile(inputs, {outputs.data(), 1}, options);
  if (!value) return value.error();
  auto all = Function::compile(inputs, outputs, options);
  if (!all) return all.error();
  result.value_ = std::move(*value);
  result.all_ = std::move(*all);

  const std::vector<std::string> names = g.symbols(std::span(roots).subspan(1));
  result.linear_ = std::ranges::none_of(parameters, [&](Expr p) {
    return std::ranges::find(names, g.name_of(node(p))) != names.end();
  });
  return result;
}

void Residuals::rows_at(std::span<const double> at, std::size_t first, std::size_t count,
                        double* residual, double* jacobian) const {
  std::vector<const double*> in;
  for (const double* const column : columns_) in.push_back(column + first);
  std::vector<double*> out{residual};
  for (std::size_t j = 0; jacobian && j < parameters_; ++j) out.push_back(jacobian + j * count);
  (jacobian ? all_ : value_).batch(in, at, out, count);
}

std::size_t Residuals::spans() const {
  return std::max<std::size_t>((rows_ + rows_of_a_span - 1) / rows_of_a_span, 1);
}

std::pair<std::size_t, std::size_t> Residuals::span_of(std::size_t i) const {
  return {i * rows_of_a_span, std::min((i + 1) * rows_of_a_span, rows_)};
}

double Residuals::sum_of_squares(std::span<const double> at, Workers& workers) const {
  std::vector<long double> parts(spans());
  workers.run(parts.size(), [&](std::size_t i) {
    const auto [begin, end] = span_of(i);
    parts[i] = squares(at, begin, end);
  });
  long double total = 0;
  for (const long double part : parts) total += part;
  return static_cast<double>(total);
}

long double Residuals::squares(std::span<const double> at, std::size_t begin,
                               std::size_t end) const {
  std::vector<double> r(std::min(end - begin, rows_at_once));
  // Few rows are added up with all their bits; of many, blocks in eight sums side by side.
  const bool few = rows_ <= rows_of_a_span;
  long double total = 0;
  for (std::size_t first = begin; first < end; first += r.size()) {
    const std::size_t count = std::min(r.size(), end - first);
    rows_at(at, first, count, r.data());
    if (few) {
      for (std::size_t i = 0; i < count; ++i) {
        const long double v = r[i];
        total += v * v;
      }
      continue;
    }
    double sums[8] = {};
    for (std::size_t i = 0; i + 8 <= count; i += 8) {
      for (std::size_t k = 0; k < 8; ++k) sums[k] += r[i + k] * r[i + k];
    }
    for (std::size_t i = count / 8 * 8; i < count; ++i) sums[0] += r[i] * r[i];
    for (const double sum : sums) total += sum;
  }
  return total;
}

}  // namespace nabla
