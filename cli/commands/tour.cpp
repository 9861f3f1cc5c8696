#include "cli/tour.hpp"

#include "cli/commands/commands.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {{"nabla tour"}};

Exit run(Console& console, const Arguments&) { return tour(console); }

}  // namespace

constinit const Command tour_command{
    .name = "tour",
    .synopsis = "tour",
    .summary = "worked examples of textbooks, each with its computed answer; ends in a fit",
    .examples = examples,
    .options = {},
    .run = run,
};

}  // namespace nabla
