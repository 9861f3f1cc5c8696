#pragma once

// Subcommands at the prompt: ":fit y ~ w*x + b data.csv --plot" does what the command line does,
// and knows the definitions of the session.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/command.hpp"

namespace nabla {

// Words for the help: ":fit", its synopsis, what it does.
struct PromptCommand {
  std::string_view name, synopsis, summary;
};
std::span<const PromptCommand> prompt_commands();

// What the command writes, to stdout and to stderr; nothing when `name` (":fit") is none. Words of
// an expression need no quotes. `definitions` ("f(x) = x^2; ") go before the expression.
std::optional<std::string> run_at_prompt(std::string_view name, std::string_view rest,
                                         const std::string& definitions, const Console& settings);

}  // namespace nabla
