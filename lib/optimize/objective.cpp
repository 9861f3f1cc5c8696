#include "lib/optimize/objective.hpp"

#include <algorithm>
#include <memory>

#include "lib/calculus/gradient.hpp"
#include "lib/calculus/row_factors.hpp"
#include "lib/calculus/rules.hpp"
#include "lib/calculus/share.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/workers.hpp"

namespace nabla {
namespace {

// The same values with less to do for each row. Where a limit stands in the way, as they are.
std::vector<Expr> tightened(Graph& g, std::vector<Expr> outputs) {
  std::vector<NodeId> ids;
  for (const Expr e : outputs) ids.push_back(e.id);
  const auto before = calculus::attempt<std::vector<Expr>>([&] {
    std::vector<Expr> result;
    for (const NodeId id : calculus::factors_before_sums(g, ids)) result.push_back(g.expr(id));
    return result;
  });
  if (before) outputs = *before;
  if (auto shared = share(outputs)) outputs = std::move(*shared);
  return outputs;
}

}  // namespace

Result<Objective> Objective::compile(Expr f, std::span<const Expr> parameters, const Data& data,
                                     Depth depth, unsigned threads) {
  Objective result;
  result.parameters_ = parameters.size();
  std::vector<Expr> outputs{f};
  // One choice for all three functions: where a search compares values, they are the same ones.
  CompileOptions options{.sums = SumOrder::lanes};
  if (data.rows > 0) {
    options.math = Math::fast;
    options.contract = true;
    options.workers = std::make_shared<Workers>(threads);
  }
  auto value = Function::compile(parameters, outputs, options);
  if (!value) return value.error();
  const auto slopes = nabla::gradient(f, parameters);
  if (!slopes) return slopes.error();
  outputs.insert(outputs.end(), slopes->begin(), slopes->end());
  outputs = tightened(*f.graph, std::move(outputs));
  auto gradient = Function::compile(parameters, outputs, options);
  if (!gradient) return gradient.error();
  if (depth == Depth::hessian) {
    const auto curvature = nabla::hessian(f, parameters);
    if (!curvature) return curvature.error();
    // The lower triangle is enough.
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      for (std::size_t j = 0; j <= i; ++j) outputs.push_back((*curvature)(i, j));
    }
    auto all = Function::compile(parameters, outputs, options);
    if (!all) return all.error();
    result.hessian_ = std::move(*all);
  }
  result.value_ = std::move(*value);
  result.gradient_ = std::move(*gradient);
  result.data_.rows = data.rows;
  for (const std::string& name : result.gradient_.columns()) {
    const auto found = std::ranges::find(data.names, name);
    const auto at = static_cast<std::size_t>(found - data.names.begin());
    if (found == data.names.end() || data.columns[at].size() != data.rows) {
      return Diagnostic{.code = "E306",
                        .message = "the data have no column '" + name + "' of the right length",
                        .span = {}};
    }
    result.data_.names.push_back(name);
    result.data_.columns.push_back(data.columns[at]);
  }
  if (result.has_data() && data.rows == 0) {
    return Diagnostic{.code = "E306", .message = "there are no rows to sum over", .span = {}};
  }
  return result;
}

double Objective::call(const Function& f, std::span<const double> at, std::span<double> out,
                       const Data& rows) const {
  if (f.needs_data())
    f(at, out, rows);
  else
    f(at, out);
  return out[0];
}

double Objective::value(std::span<const double> at) const {
  double out = 0;
  return call(value_, at, {&out, 1}, data_);
}

double Objective::gradient(std::span<const double> at, std::span<double> slope) const {
  return gradient(at, slope, data_);
}

double Objective::gradient(std::span<const double> at, std::span<double> slope,
                           const Data& rows) const {
  std::vector<double> out(1 + parameters_);
  const double value = call(gradient_, at, out, rows);
  std::copy(out.begin() + 1, out.end(), slope.begin());
  return value;
}

double Objective::hessian(std::span<const double> at, std::span<double> slope,
                          std::span<double> curvature) const {
  const std::size_t n = parameters_;
  std::vector<double> out(hessian_.outputs());
  const double value = call(hessian_, at, out, data_);
  std::copy_n(out.begin() + 1, n, slope.begin());
  const double* next = out.data() + 1 + n;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) curvature[i * n + j] = curvature[j * n + i] = *next++;
  }
  return value;
}

}  // namespace nabla
