#include "cli/commands/commands.hpp"
#include "cli/text.hpp"

namespace nabla {
namespace {

constexpr Example examples[] = {{"nabla version", "nabla " NABLA_VERSION}};

Exit run(Console& console, const Arguments&) {
  if (console.json) {
    console.out << "{\"ok\":true,\"command\":\"version\",\"version\":\"" NABLA_VERSION "\"}\n";
  } else {
    console.out << "nabla " NABLA_VERSION "\n";
  }
  return Exit::ok;
}

}  // namespace

constinit const Command version_command{
    .name = "version",
    .synopsis = "version",
    .summary = "the version of this program",
    .examples = examples,
    .run = run,
};

}  // namespace nabla
