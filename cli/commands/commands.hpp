#pragma once

// The rows of the subcommand table, one per file of this folder.

#include "cli/command.hpp"

namespace nabla {

extern const Command diff_command, grad_command, hessian_command, jacobian_command,
    direction_command, eval_command, simplify_command, expand_command, codegen_command,
    kinks_command, explain_command, cost_command, fit_command, minimize_command, plot_command,
    check_command, batch_command, functions_command, limits_command, tour_command, help_command,
    version_command;

}  // namespace nabla
