#pragma once

// The two ways to talk to a session: at a prompt, and from a script.

#include "cli/command.hpp"

namespace nabla {

// At the terminal. Ctrl-C stops a computation or drops the line, Ctrl-D ends.
Exit converse(Console&);

// Statements from a descriptor, line by line; results to stdout, errors with their line number to
// stderr. Goes on after an error and ends with its exit code.
Exit run_script(Console&, int descriptor);

}  // namespace nabla
