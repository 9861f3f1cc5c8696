#include "lib/eval/rolled.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lib/core/graph.hpp"
#include "lib/eval/sums.hpp"

namespace nabla {

namespace {

constexpr std::size_t rows_at_once = 1024;  // gathered columns stay in the cache

// Where each node stands among some expressions; 0 for nowhere, else its place plus one.
using Places = std::vector<std::uint32_t>;

std::optional<Diagnostic> enter(std::span<const Expr> names, std::uint32_t first, Places& places) {
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    const std::uint32_t id = index(names[i].id);
    if (id >= places.size()) places.resize(id + 1);
    if (node(names[i]).op != Op::symbol || places[id] != 0) {
      return Diagnostic{.code = "E303",
                        .message = "a variable or parameter is no name, or given twice",
                        .span = {}};
    }
    places[id] = first + i + 1;
  }
  return std::nullopt;
}

std::vector<Expr> joined(std::span<const Expr> a, std::span<const Expr> b) {
  std::vector<Expr> all(a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  return all;
}

// Compiles value, and value and slopes together.
std::optional<Diagnostic> compile_both(std::span<const Expr> inputs, Expr body,
                                       std::span<const Expr> slopes, const CompileOptions& options,
                                       Function& value, Function& all) {
  auto one = Function::compile(inputs, {&body, 1}, options);
  if (!one) return one.error();
  value = std::move(*one);
  if (value.needs_data()) {
    return Diagnostic{.code = "E306", .message = "the function sums over data", .span = {}};
  }
  const auto outputs = joined({&body, 1}, slopes);
  auto both = Function::compile(inputs, outputs, options);
  if (!both) return both.error();
  all = std::move(*both);
  return std::nullopt;
}

[[noreturn]] void refuse(std::string_view what, std::size_t given, std::size_t needed) {
  throw CallError({.code = "E305",
                   .message = fmt::format("{} {} given, {} needed", given, what, needed),
                   .span = {}});
}

}  // namespace

// The values of all terms, added up in the order asked for.
class RolledFunction::Sum {
 public:
  // -0 is what changes no first term.
  Sum(SumOrder order, double start) : order_(order), total_(start) {}

  void add(std::span<const double> values) {
    if (order_ == SumOrder::in_order) {
      for (const double v : values) total_ += v;
      return;
    }
    add_to_lanes(lane_, values.data(), values.size());
    rows_ += values.size();
    if (rows_ == TileSum::tile) finish_tile();
  }
  void finish_loop() {
    if (rows_ != 0) finish_tile();
    if (order_ == SumOrder::lanes) total_ += tiles_.total();
    tiles_ = {};
  }
  double total() const { return total_; }

 private:
  void finish_tile() {
    tiles_.add(sum_of_lanes(lane_));
    std::ranges::fill(lane_, 0.0);
    rows_ = 0;
  }

  SumOrder order_;
  double total_;
  double lane_[TileSum::lanes] = {};
  std::size_t rows_ = 0;
  TileSum tiles_;
};

Result<RolledFunction> RolledFunction::compile(const Rolled& rolled,
                                               std::span<const Expr> variables,
                                               std::span<const Expr> parameters,
                                               const RolledGradient* slopes,
                                               const CompileOptions& wanted) try {
  const Graph& g = *rolled.rest.graph;
  RolledFunction result;
  result.variables_ = variables.size();
  result.parameters_ = parameters.size();
  result.has_gradient_ = slopes != nullptr;
  result.order_ = wanted.sums;
  CompileOptions options = wanted;
  options.threads = 1;

  Places places;
  if (auto error = enter(variables, 0, places)) return *error;
  const auto first_parameter = static_cast<std::uint32_t>(variables.size());
  if (auto error = enter(parameters, first_parameter, places)) return *error;

  // The rest, of the variables that occur in it.
  std::vector<Expr> rest_slopes, rest_inputs;
  Remainder& rest = result.rest_;
  rest.is_zero = rolled.rest.id == Graph::zero;
  if (slopes != nullptr) {
    for (std::uint32_t i = 0; i < slopes->rest.size(); ++i) {
      if (slopes->rest[i].id == Graph::zero) continue;
      rest.outputs.push_back(i);
      rest_slopes.push_back(slopes->rest[i]);
    }
  }
  std::vector<NodeId> roots{rolled.rest.id};
  for (const Expr e : rest_slopes) roots.push_back(e.id);
  for (const NodeId id : g.below(roots)) {
    const std::uint32_t place = index(id) < places.size() ? places[index(id)] : 0;
    if (place == 0 || place > first_parameter) continue;
    rest.inputs.push_back(place - 1);
    rest_inputs.push_back(variables[place - 1]);
  }
  if (auto error = compile_both(joined(rest_inputs, parameters), rolled.rest, rest_slopes, options,
                                rest.value, rest.all)) {
    return *error;
  }

  options.parameters = parameters.size();
  for (std::size_t t = 0; t < rolled.templates.size(); ++t) {
    const Template& body = rolled.templates[t];
    Loop loop;
    loop.table = body.table;
    loop.width = body.slots.size();
    loop.terms = body.terms();
    const std::span<const Expr> of_slots =
        slopes == nullptr ? std::span<const Expr>{} : std::span<const Expr>(slopes->slopes[t]);
    if (auto error = compile_both(joined(body.slots, parameters), body.body, of_slots, options,
                                  loop.value, loop.all)) {
      return *error;
    }
    result.loops_.push_back(std::move(loop));
  }
  return result;
} catch (const LimitError& error) {
  return error.diagnostic();
} catch (const std::bad_alloc&) {
  return out_of_memory();
}

double RolledFunction::operator()(std::span<const double> at, std::span<const double> parameters,
                                  std::span<double> slopes, const Stop* stop) const {
  if (at.size() != variables_) refuse("variables", at.size(), variables_);
  if (parameters.size() != parameters_) refuse("parameters", parameters.size(), parameters_);
  const std::size_t room = has_gradient_ ? variables_ : 0;
  if (!slopes.empty() && slopes.size() != room) refuse("slopes", slopes.size(), room);
  std::ranges::fill(slopes, 0.0);
  const double rest =
      rest_.is_zero && !loops_.empty() ? -0.0 : run_rest(at, parameters, slopes, stop);
  Sum sum(order_, rest);
  for (const Loop& loop : loops_) run(loop, at, parameters, slopes, sum, stop);
  return sum.total();
}

double RolledFunction::run_rest(std::span<const double> at, std::span<const double> parameters,
                                std::span<double> slopes, const Stop* stop) const {
  std::vector<double> in;
  in.reserve(rest_.inputs.size() + parameters.size());
  for (const std::uint32_t i : rest_.inputs) in.push_back(at[i]);
  in.insert(in.end(), parameters.begin(), parameters.end());
  const Function& f = slopes.empty() ? rest_.value : rest_.all;
  std::vector<double> out(f.outputs());
  f(in, out, stop);
  if (!slopes.empty()) {
    for (std::size_t i = 0; i < rest_.outputs.size(); ++i) slopes[rest_.outputs[i]] = out[i + 1];
  }
  return out[0];
}

void RolledFunction::run(const Loop& loop, std::span<const double> at,
                         std::span<const double> parameters, std::span<double> slopes, Sum& sum,
                         const Stop* stop) const {
  const Function& f = slopes.empty() ? loop.value : loop.all;
  const std::size_t width = loop.width, outputs = f.outputs();
  const std::size_t rows = std::min(rows_at_once, loop.terms);
  std::vector<double> columns((width + outputs) * rows);
  std::vector<const double*> in(width);
  std::vector<double*> out(outputs);
  for (std::size_t j = 0; j < width; ++j) in[j] = columns.data() + j * rows;
  for (std::size_t j = 0; j < outputs; ++j) out[j] = columns.data() + (width + j) * rows;

  for (std::size_t first = 0; first < loop.terms; first += rows) {
    const std::size_t count = std::min(rows, loop.terms - first);
    const std::uint32_t* const places = loop.table.data() + first * width;
    for (std::size_t j = 0; j < width; ++j) {
      double* const column = columns.data() + j * rows;
      for (std::size_t k = 0; k < count; ++k) column[k] = at[places[k * width + j]];
    }
    f.batch(in, parameters, out, count, stop);
    sum.add({out[0], count});
    if (slopes.empty()) continue;
    for (std::size_t k = 0; k < count; ++k) {
      for (std::size_t j = 0; j < width; ++j) slopes[places[k * width + j]] += out[j + 1][k];
    }
  }
  sum.finish_loop();
}

}  // namespace nabla
