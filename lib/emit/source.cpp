#include "lib/emit/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lib/core/graph.hpp"
#include "lib/emit/source_writer.hpp"

namespace nabla {

const Dialect* find_dialect(std::string_view name) {
  const Dialect* found = nullptr;
  for (const Dialect& d : dialects) {
    for_each_spelling(d.name, d.aliases, [&](std::string_view s) {
      if (s == name) found = &d;
    });
  }
  return found;
}

std::vector<std::string_view> languages() {
  std::vector<std::string_view> names;
  names.reserve(std::size(dialects));
  for (const Dialect& d : dialects) names.push_back(d.name);
  return names;
}

Result<std::string> generate(const SourceRequest& request) {
  const auto parts = generate_parts(request);
  if (!parts) return parts.error();
  std::string text;
  for (const std::string& piece : parts->head) text += piece;
  if (!text.empty()) text += find_dialect(request.language)->layout.comment_inside ? "\n\n" : "\n";
  return text + parts->function;
}

Result<SourceParts> generate_parts(const SourceRequest& request, bool local) {
  const Dialect* dialect = find_dialect(request.language);
  if (dialect == nullptr) {
    return Diagnostic{
        .code = "G401",
        .message = fmt::format("no language is called '{}'", request.language.substr(0, 40)),
        .span = {},
        .hint = fmt::format("there are {}", join(languages()))};
  }
  std::vector<Expr> outputs;
  if (request.value) outputs.push_back(request.function);
  outputs.insert(outputs.end(), request.gradient.begin(), request.gradient.end());
  outputs.insert(outputs.end(), request.hessian.begin(), request.hessian.end());
  if (outputs.empty()) {
    return Diagnostic{.code = "G404",
                      .message = "nothing is asked of the function",
                      .span = {},
                      .hint = "ask for the value, the gradient or the Hessian"};
  }
  const auto tape = record(request.inputs, outputs, request.columns);
  if (!tape) return tape.error();
  const bool chooses = std::ranges::find(tape->op, Primitive::select) != tape->op.end();
  if (chooses && dialect->with_choices != nullptr) dialect = dialect->with_choices;
  try {
    SourceWriter writer(request, *dialect, *tape, outputs.front().graph->limits, local);
    if (auto error = writer.prepare()) return *error;
    SourceParts parts = writer.write();
    if (parts.function.size() > outputs.front().graph->limits.output_bytes) writer.too_long();
    return parts;
  } catch (const LimitError& error) {
    return error.diagnostic();
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

}  // namespace nabla
