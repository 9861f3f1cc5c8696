#include "cli/simplified.hpp"

#include "simplify/simplify.hpp"

namespace nabla {

std::optional<Diagnostic> simplify_entries(const Question& question, std::vector<Expr>& entries,
                                           std::vector<std::string>& explanation) {
  RuleBook rules;
  SimplifyOptions options{
      .level = question.level, .profile = question.profile, .assume = question.assume};
  for (const std::string& text : question.assume) {
    if (const auto read = read_assumption(text); !read) return read.error();
  }
  for (const std::string& text : question.rules) {
    if (auto error = rules.add(text)) return error;
  }
  if (!question.rules.empty()) options.rules = &rules;
  if (!question.explain) {
    entries = simplify(entries, options);
    return std::nullopt;
  }
  for (Expr& e : entries) {
    SimplifyReport report;
    e = simplify(e, options, &report);
    for (std::string& line : nabla::explanation(report)) explanation.push_back(std::move(line));
  }
  return std::nullopt;
}

}  // namespace nabla
