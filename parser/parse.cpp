#include "parser/parse.hpp"

#include <new>

#include "parser/reader.hpp"

namespace nabla {

namespace {

template <typename Take>
std::optional<Diagnostic> read(Graph& g, Scope& scope, std::string_view text,
                               const ReadOptions& options, bool lasting, Take take) {
  if (text.size() > g.limits.input_bytes) {
    return Diagnostic{
        .code = "L104",
        .message = "the text has more than " + std::to_string(g.limits.input_bytes) + " bytes",
        .span = {g.limits.input_bytes, text.size()},
        .hint = "the limit is named 'input_bytes'"};
  }
  try {
    Reader reader(g, scope, text, options);
    if (reader.at_end()) {
      return Diagnostic{.code = "P013", .message = "there is nothing to read", .span = {0, 0}};
    }
    do take(reader.statement());
    while (!reader.at_end());
    if (lasting) reader.remember_names();
    return std::nullopt;
  } catch (Refusal& refusal) {
    return std::move(refusal.diagnostic);
  } catch (const NameError& name) {
    return Diagnostic{.code = "N101", .message = name.what(), .span = {0, text.size()}};
  } catch (const LimitError& limit) {
    return limit.diagnostic();
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

}  // namespace

Result<std::vector<Statement>> parse_statements(Graph& g, Scope& scope, std::string_view text,
                                                const ReadOptions& options) {
  std::vector<Statement> statements;
  if (auto error = read(g, scope, text, options, true,
                        [&](Statement&& s) { statements.push_back(std::move(s)); }))
    return *std::move(error);
  return statements;
}

Result<Reading> parse(Graph& g, std::string_view text, const ReadOptions& options) {
  return parse(g, Scope(), text, options);
}

Result<Reading> parse(Graph& g, const Scope& scope, std::string_view text,
                      const ReadOptions& options) {
  Scope local = scope;
  Reading reading;
  const auto take = [&](Statement&& s) {
    reading.value = std::move(s.value);
    reading.variables = std::move(s.variables);
    reading.notes.insert(reading.notes.end(), std::make_move_iterator(s.notes.begin()),
                         std::make_move_iterator(s.notes.end()));
  };
  if (auto error = read(g, local, text, options, false, take)) return *std::move(error);
  return reading;
}

}  // namespace nabla
