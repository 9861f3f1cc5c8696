#include "cli/prompt_commands.hpp"

#include <algorithm>
#include <vector>

#include "cli/text.hpp"

namespace nabla {
namespace {

constexpr PromptCommand table[] = {
    {":fit", ":fit y ~ w*x + b FILE [options]", "fit a model to a data file"},
    {":minimize", ":minimize EXPR [options]", "find the minimum of an expression"},
    {":plot", ":plot EXPR, EXPR [--on -3:3]", "draw curves"},
    {":explain", ":explain EXPR [-x VAR] [--by-limit]", "the rules behind a derivative, in order"},
    {":check", ":check EXPR [--answer EXPR]", "a derivative against differences, or your answer"},
};

// Words as a shell takes them apart, without its other tricks. Quotes stand at the beginning of a
// word only: f' is a derivative.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == ' ' || text[i] == '\t' || text[i] == '\n') {
      ++i;
      continue;
    }
    std::size_t end = std::string_view::npos;
    if (text[i] == '\'' || text[i] == '"') {
      end = text.find(text[i], i + 1);
      if (end != text.npos) {
        words.emplace_back(text.substr(i + 1, end - i - 1));
        i = end + 1;
        continue;
      }
    }
    end = std::min(text.find_first_of(" \t\n", i), text.size());
    words.emplace_back(text.substr(i, end - i));
    i = end;
  }
  return words;
}

}  // namespace

std::span<const PromptCommand> prompt_commands() { return table; }

std::optional<std::string> run_at_prompt(std::string_view name, std::string_view rest,
                                         const std::string& definitions, const Console& settings) {
  const bool known = std::ranges::any_of(table, [&](const auto& row) { return row.name == name; });
  const Command* const command = known ? find_command(name.substr(1)) : nullptr;
  if (!command) return std::nullopt;
  std::string text;
  Output out(text);
  Console console{.out = out,
                  .err = out,
                  .limits = settings.limits,
                  .format = settings.format,
                  .digits = settings.digits,
                  .json = false,
                  .strict = settings.strict,
                  .color = settings.color,
                  .watchdog = nullptr};
  auto arguments = Arguments::read(words_of(rest), command->options);
  if (!arguments) {
    (void)report(console, arguments.error(), {});
  } else {
    // An expression that was written with blanks is one operand; a fit has its file after it.
    auto& operands = arguments->operands;
    const std::size_t files = name == ":fit" ? 1 : 0;
    while (operands.size() > files + 1) {
      operands[0] += " " + operands[1];
      operands.erase(operands.begin() + 1);
    }
    if (!operands.empty() && files == 0) operands[0] = definitions + operands[0];
    (void)run_guarded(console, *command, *arguments);
  }
  out.flush();
  return text;
}

}  // namespace nabla
