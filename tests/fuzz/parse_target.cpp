#include <algorithm>

#include "lib/core/diagnostic_codes.hpp"
#include "parser/parse.hpp"
#include "parser/render.hpp"
#include "tests/fuzz/targets.hpp"

namespace nabla::test {

Limits small_limits() {
  Limits limits;
  limits.nodes = 4096;
  limits.number_bits = 4096;
  limits.input_bytes = 4096;
  limits.nesting = 64;
  limits.name_bytes = 64;
  limits.arguments = 64;
  limits.output_bytes = 1 << 15;
  return limits;
}

namespace {

std::string fault_of(const Diagnostic& d, std::string_view text) {
  const auto outside = [&](Span s) { return s.begin > s.end || s.end > text.size(); };
  if (find_diagnostic_code(d.code) == nullptr) return "unknown code " + d.code;
  if (d.message.empty()) return d.code + " says nothing";
  if (outside(d.span)) return d.code + " points outside the text";
  if (std::ranges::any_of(d.labels, [&](const Label& l) { return outside(l.span); }))
    return d.code + " has a label outside the text";
  if (d.fix && outside(d.fix->span)) return d.code + " mends outside the text";
  const std::string shown = render(d, text);
  const auto raw = [](char c) { return (c >= 0 && c < 0x20 && c != '\n') || c == 0x7F; };
  if (std::ranges::any_of(shown, raw)) return d.code + " is shown with raw control bytes";
  return {};
}

}  // namespace

std::string try_parse(std::string_view text) {
  Graph g(small_limits());
  Scope scope;
  const auto statements = parse_statements(g, scope, text);
  if (!statements) return fault_of(statements.error(), text);
  for (const Statement& statement : *statements) {
    for (const Diagnostic& note : statement.notes) {
      if (std::string fault = fault_of(note, text); !fault.empty()) return fault;
    }
    if (statement.value.entries.empty()) return "a statement without a value";
  }
  return {};
}

}  // namespace nabla::test
