#include "cli/code.hpp"

#include <algorithm>

#include "cli/simplified.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/calculus/joint.hpp"
#include "lib/calculus/roll.hpp"
#include "lib/core/graph.hpp"
#include "lib/emit/rolled_source.hpp"
#include "lib/emit/source.hpp"

namespace nabla {

namespace {

// Derivatives as differentiation leaves them.
std::optional<Diagnostic> as_written(std::span<const Expr> variables, const Question& question,
                                     SourceRequest& request) {
  if (question.gradient) {
    auto found = gradient(request.function, variables);
    if (!found) return found.error();
    request.gradient = std::move(*found);
  }
  if (question.hessian) {
    auto found = hessian(request.function, variables);
    if (!found) return found.error();
    request.hessian = std::move(found->entries);
  }
  return std::nullopt;
}

// All that is asked for together, with the fewest operations.
std::optional<Diagnostic> merged(std::span<const Expr> variables, const Question& question,
                                 SourceRequest& request) {
  Graph& g = *request.function.graph;
  const std::size_t n = variables.size();
  if (question.hessian && n != 0 && n > g.limits.arguments / n) {
    return as_written(variables, question, request);  // which says what is too large
  }
  const auto found =
      joint({&request.function, 1}, variables,
            {.values = question.value, .first = question.gradient, .second = question.hessian});
  if (!found) return found.error();
  request.shown = request.function;
  if (question.value) request.function = found->values.front();
  if (question.gradient) {
    request.gradient.assign(n, g.expr(Graph::zero));
    for (const Entry& e : found->first) request.gradient[e.column] = g.expr(e.value);
  }
  if (question.hessian) {
    request.hessian.assign(n * n, g.expr(Graph::zero));
    for (const Entry& e : found->second) {
      request.hessian[e.row * n + e.column] = request.hessian[e.column * n + e.row] =
          g.expr(e.value);
    }
  }
  return std::nullopt;
}

// The same with value, gradient and Hessian chosen together for the level and profile asked for.
std::optional<Diagnostic> simplified(const Question& question, SourceRequest& request) {
  std::vector<Expr> all;
  if (request.value) all.push_back(request.function);
  all.insert(all.end(), request.gradient.begin(), request.gradient.end());
  all.insert(all.end(), request.hessian.begin(), request.hessian.end());
  std::vector<std::string> steps;
  if (auto error = simplify_entries(question, all, steps)) return error;
  auto from = all.begin();
  if (request.value) {
    request.shown = request.function;
    request.function = *from++;
  }
  for (Expr& e : request.gradient) e = *from++;
  for (Expr& e : request.hessian) e = *from++;
  return std::nullopt;
}

// A loop where the sum has terms of one shape; nothing where it has none, or a Hessian is wanted.
std::optional<Result<std::string>> loops(Expr f, std::span<const Expr> variables,
                                         std::span<const Expr> inputs, const Question& question) {
  if (question.hessian) return std::nullopt;
  const auto rolled = roll(f, variables);
  if (!rolled) return Result<std::string>(rolled.error());
  if (rolled->templates.empty()) return std::nullopt;
  Result<RolledGradient> slopes = RolledGradient{};
  if (question.gradient) slopes = gradient(*rolled, variables);
  if (!slopes) return Result<std::string>(slopes.error());
  std::vector<Expr> parameters;
  for (const Expr x : inputs) {
    if (std::ranges::find(variables, x) == variables.end()) parameters.push_back(x);
  }
  return generate({.language = question.language,
                   .name = question.name,
                   .sum = &*rolled,
                   .variables = variables,
                   .parameters = parameters,
                   .slopes = question.gradient ? &*slopes : nullptr,
                   .value = question.value});
}

}  // namespace

Result<Code> code_for(Expr f, std::span<const Expr> variables, std::span<const Expr> inputs,
                      const Question& question) {
  if (question.roll) {
    if (auto code = loops(f, variables, inputs, question)) {
      if (!*code) return code->error();
      return Code{.text = std::move(**code), .source = std::nullopt};
    }
  }
  SourceRequest request{.language = question.language,
                        .name = question.name,
                        .inputs = {inputs.begin(), inputs.end()},
                        .function = f,
                        .value = question.value,
                        .variables = {variables.begin(), variables.end()}};
  const bool shortest = question.level > 1 && !question.faithful;
  auto error = question.faithful || shortest ? as_written(variables, question, request)
                                             : merged(variables, question, request);
  if (!error && shortest) error = simplified(question, request);
  if (error) return *error;
  auto code = generate(request);
  if (!code) return code.error();
  return Code{.text = std::move(*code), .source = std::move(request)};
}

}  // namespace nabla
