#include <array>

#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

// THE subcommand table, in the order of the overview.
constexpr std::array table{
    &diff_command,    &grad_command,     &hessian_command,   &jacobian_command, &direction_command,
    &eval_command,    &simplify_command, &expand_command,    &codegen_command,  &kinks_command,
    &explain_command, &cost_command,     &fit_command,       &minimize_command, &plot_command,
    &check_command,   &batch_command,    &functions_command, &limits_command,   &tour_command,
    &help_command,    &version_command,
};

void print_options(Output& out, std::span<const Option> rows,
                   std::span<const std::string_view> taken, bool all) {
  for (const Option& row : rows) {
    bool shown = all;
    for (const std::string_view name : taken) shown = shown || name == row.name;
    if (!shown) continue;
    std::string line = row.letter.empty() ? "      " : "  -" + std::string(row.letter) + ", ";
    line += "--" + std::string(row.name);
    if (!row.value.empty()) line += ' ' + std::string(row.value);
    line.resize(std::max<std::size_t>(line.size() + 2, 36), ' ');
    out << line << row.summary << '\n';
  }
}

}  // namespace

std::span<const Command* const> commands() { return table; }

const Command* find_command(std::string_view name) {
  for (const Command* command : table) {
    if (command->name == name) return command;
  }
  return nullptr;
}

void print_help(Output& out, const Command& command) {
  for (const Example& example : command.examples) {
    out << "$ " << example.line << '\n';
    if (!example.output.empty()) out << example.output << '\n';
  }
  out << "\nnabla " << command.synopsis << "\n    " << command.summary << "\n\n";
  if (!command.options.empty()) print_options(out, options, command.options, false);
  print_options(out, common_options, {}, true);
  if (!command.more.empty()) out << '\n' << command.more << '\n';
}

}  // namespace nabla
