#pragma once

// From a command line to a question, and from an answer to the terminal: what the subcommands that
// work on expressions share.

#include "cli/command.hpp"
#include "cli/question.hpp"

namespace nabla {

// "x=1,y=pi/2,z=[1,2,3]" as a point. Error U507.
Result<Point> read_point(std::string_view text, const Limits&);

// Works the question of the command line out and prints the answer: results, then one line (or
// block) of values per point.
Exit ask(Console&, const Arguments&, Task, std::string_view command);

}  // namespace nabla
