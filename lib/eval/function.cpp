#include "lib/eval/function.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <unordered_map>

#include "lib/core/graph.hpp"

namespace nabla {

namespace {

[[noreturn]] void fail(std::string code, std::string message, std::string hint = {}) {
  throw CallError({.code = std::move(code),
                   .message = std::move(message),
                   .span = {},
                   .hint = std::move(hint)});
}

void check_sizes(const Function& f, std::size_t in, std::size_t out) {
  if (in != f.inputs()) fail("E305", fmt::format("{} inputs given, {} needed", in, f.inputs()));
  if (out != f.outputs()) {
    fail("E305", fmt::format("room for {} outputs given, {} needed", out, f.outputs()));
  }
}

const double* find_column(const Data& data, std::string_view name) {
  const auto it = std::ranges::find(data.names, name);
  if (it == data.names.end()) {
    fail("E306", fmt::format("the data has no column '{}'", name));
  }
  const auto& column = data.columns[static_cast<std::size_t>(it - data.names.begin())];
  if (column.size() != data.rows) {
    fail("E306",
         fmt::format("column '{}' has {} rows, the data {}", name, column.size(), data.rows));
  }
  return column.data();
}

}  // namespace

Result<Function> Function::compile(std::span<const Expr> inputs, std::span<const Expr> outputs,
                                   const CompileOptions& options) {
  auto tape = record(inputs, outputs);
  if (!tape) return tape.error();
  try {
    Function f;
    f.program_ = outputs.empty() ? Program(*tape) : Program(*tape, outputs.front().graph->limits);
    f.operations_ = tape->operations();
    f.needs_data_ = tape->needs_data();
    f.column_names_ = tape->column_names;
    if (options.keep_tape) {
      f.tape_ = std::move(*tape);
    } else {
      f.tape_.notes = std::move(tape->notes);
    }
    return f;
  } catch (const LimitError& error) {
    return error.diagnostic();
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

void Function::operator()(std::span<const double> in, std::span<double> out,
                          const Stop* stop) const {
  check_sizes(*this, in.size(), out.size());
  if (needs_data_) fail("E306", "the function sums over data, and none is given");
  program_.run(in, out, {}, 0, stop);
}

void Function::operator()(std::span<const double> in, std::span<double> out, const Data& data,
                          const Stop* stop) const {
  check_sizes(*this, in.size(), out.size());
  if (!needs_data_) return program_.run(in, out, {}, 0, stop);
  if (data.names.size() != data.columns.size()) {
    fail("E306", fmt::format("the data has {} names for {} columns", data.names.size(),
                             data.columns.size()));
  }
  const std::size_t count = column_names_.size();
  constexpr std::size_t usual = 64;
  const double* few[usual];
  std::vector<const double*> many(count > usual ? count : 0);
  const double** columns = count > usual ? many.data() : few;
  for (std::size_t i = 0; i < count; ++i) columns[i] = find_column(data, column_names_[i]);
  program_.run(in, out, {columns, count}, data.rows, stop);
}

void Function::batch(std::span<const double* const> in, std::span<double* const> out, std::size_t n,
                     const Stop* stop) const {
  check_sizes(*this, in.size(), out.size());
  if (needs_data_) fail("E306", "a function that sums over data takes one point at a time");
  program_.batch(in, out, n, stop);
}

Result<std::vector<double>> evaluate(std::span<const Expr> outputs, std::span<const Binding> at,
                                     const Data& data) try {
  if (outputs.empty()) return std::vector<double>{};
  const Graph& g = *outputs.front().graph;
  std::vector<NodeId> roots;
  for (const Expr& output : outputs) roots.push_back(output.id);

  std::unordered_map<std::string_view, double> values;
  for (const auto& [name, value] : at) values[name] = value;
  std::vector<Expr> inputs;
  std::vector<double> in;
  for (const NodeId id : g.below(roots)) {
    if (g[id].op != Op::symbol) continue;
    const auto it = values.find(g.name_of(g[id]));
    if (it == values.end()) continue;
    inputs.push_back({outputs.front().graph, id});
    in.push_back(it->second);
  }
  const auto f = Function::compile(inputs, outputs, {.keep_tape = false});
  if (!f) return f.error();
  std::vector<double> out(outputs.size());
  (*f)(in, out, data, g.limits.stop);
  return out;
} catch (const CallError& error) {
  return error.diagnostic();
} catch (const LimitError& error) {
  return error.diagnostic();
} catch (const std::bad_alloc&) {
  return out_of_memory();
}

Result<double> evaluate(Expr f, std::span<const Binding> at, const Data& data) {
  const auto values = evaluate(std::span(&f, 1), at, data);
  if (!values) return values.error();
  return values->front();
}

}  // namespace nabla
