#include "lib/eval/function.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <unordered_map>

#include "lib/core/graph.hpp"
#include "lib/eval/polynomials.hpp"
#include "lib/eval/precise.hpp"
#include "lib/eval/program.hpp"
#include "lib/eval/reciprocals.hpp"
#include "lib/eval/row_copies.hpp"
#include "lib/eval/workspace.hpp"

namespace nabla {

namespace {

[[noreturn]] void fail(std::string code, std::string message, std::string hint = {}) {
  throw CallError({.code = std::move(code),
                   .message = std::move(message),
                   .span = {},
                   .hint = std::move(hint)});
}

const InputColumns no_columns{std::span<const double* const>{}};

// The columns of the data that a function reads, in its order.
template <typename Number>
class Found {
 public:
  Found(const BasicData<Number>& data, std::span<const std::string> names)
      : pointers_(names.size()) {
    if (data.names.size() != data.columns.size()) {
      fail("E306", fmt::format("the data has {} names for {} columns", data.names.size(),
                               data.columns.size()));
    }
    for (std::size_t i = 0; i < names.size(); ++i) pointers_.data()[i] = find(data, names[i]);
    size_ = names.size();
  }
  InputColumns columns() { return std::span<const Number* const>(pointers_.data(), size_); }

 private:
  static const Number* find(const BasicData<Number>& data, std::string_view name) {
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

  Workspace<64, const Number*> pointers_;
  std::size_t size_ = 0;
};

}  // namespace

Result<Function> Function::compile(std::span<const Expr> inputs, std::span<const Expr> outputs,
                                   const CompileOptions& options) {
  const bool precise = options.math == Math::precise;
  auto tape = record(inputs, outputs, {}, precise ? precise::kept() : std::span<const Fn>{});
  if (!tape) return tape.error();
  try {
    if (options.polynomials) *tape = with_nested_polynomials(*tape);
    if (options.reciprocals) *tape = with_reciprocals(*tape);
    Function f;
    f.needs_data_ = tape->needs_data();
    f.inputs_ = tape->input_names.size();
    f.outputs_ = tape->outputs.size();
    f.tape_ = std::make_shared<const Tape>(std::move(*tape));
    f.program_ = std::make_shared<const Program>(f.tape_, options);
    f.native_ = &f.program_->native_point();
    return f;
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

void Function::call(std::span<const double> in, std::span<double> out, const Stop* stop) const {
  if (needs_data_ || in.size() != inputs() || out.size() != outputs())
    refuse(in.size(), out.size());
  program_->run(in, out, no_columns, 0, stop);
}

PointCall Function::point_call() const {
  if (needs_data_) refuse(inputs_, outputs_);
  return program_->point_call();
}

void Function::prepare_point() const { program_->prepare_point(); }
void Function::prepare_batch() const { program_->prepare_batch(); }
Engine Function::engine() const { return program_->engine(); }

void Function::refuse(std::size_t in, std::size_t out) const {
  if (in != inputs()) fail("E305", fmt::format("{} inputs given, {} needed", in, inputs()));
  if (out != outputs()) {
    fail("E305", fmt::format("room for {} outputs given, {} needed", out, outputs()));
  }
  fail("E306", "the function sums over data, and none is given");
}

template <typename Number>
void Function::call_with(std::span<const double> in, std::span<double> out,
                         const BasicData<Number>& data, const Stop* stop) const {
  if (in.size() != inputs() || out.size() != outputs()) refuse(in.size(), out.size());
  if (!needs_data_) return program_->run(in, out, no_columns, 0, stop);
  Found<Number> found(data, columns());
  program_->run(in, out, found.columns(), data.rows, stop);
}

void Function::operator()(std::span<const double> in, std::span<double> out, const Data& data,
                          const Stop* stop) const {
  call_with(in, out, data, stop);
}
void Function::operator()(std::span<const double> in, std::span<double> out, const FloatData& data,
                          const Stop* stop) const {
  call_with(in, out, data, stop);
}

void Function::operator()(std::span<const float> in, std::span<float> out, const Stop* stop) const {
  Workspace<64> numbers(in.size()), results(out.size());
  row_copies().read_floats(in.data(), in.size(), numbers.data());
  call({numbers.data(), in.size()}, {results.data(), out.size()}, stop);
  row_copies().write_floats(results.data(), out.size(), out.data());
}

void Function::check_batch(std::size_t in, std::size_t parameters, std::size_t out) const {
  const std::size_t needed = program_->parameters();
  if (in + needed != inputs() || out != outputs()) refuse(in + needed, out);
  if (parameters != needed) {
    fail("E305", fmt::format("{} parameters given, {} needed", parameters, needed));
  }
  if (needs_data_) fail("E306", "a function that sums over data takes one point at a time");
}

void Function::batch(std::span<const double* const> in, std::span<const double> parameters,
                     std::span<double* const> out, std::size_t n, const Stop* stop) const {
  check_batch(in.size(), parameters.size(), out.size());
  program_->batch(in, parameters, out, n, stop);
}
void Function::batch(std::span<const float* const> in, std::span<const double> parameters,
                     std::span<float* const> out, std::size_t n, const Stop* stop) const {
  check_batch(in.size(), parameters.size(), out.size());
  program_->batch(in, parameters, out, n, stop);
}

std::string Function::source(View view) const {
  return view == View::tape ? to_text(tape()) : program_->source(view == View::batch);
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
  const auto f = Function::compile(inputs, outputs, {.engine = Engine::interpreter});
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
