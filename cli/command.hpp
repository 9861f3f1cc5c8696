#pragma once

// What a subcommand is. Each is a row in a file of its own, commands/NAME.cpp; the table of all of
// them is commands.cpp.

#include <span>
#include <string_view>

#include "cli/exit_code.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "lib/core/limits.hpp"
#include "parser/render.hpp"

namespace nabla {

class Watchdog;

enum class Format { text, unicode, latex, mathml, sexpr, dot };

// Where a subcommand writes, and what the common options ask for. Data goes to `out`, words for
// people to `err`.
struct Console {
  Output& out;
  Output& err;
  Limits limits = {};
  Format format = Format::text;
  int digits = 0;  // significant digits of numbers; 0: all that matter
  bool json = false, strict = false, color = false;
  std::size_t width = 100;       // columns of the terminal
  Watchdog* watchdog = nullptr;  // set when there is a timeout
};

// A command line and what it prints; run by the tests. No output: too long to show.
struct Example {
  std::string_view line, output = {};
};

struct Command {
  std::string_view name, synopsis, summary;
  std::span<const Example> examples;
  std::span<const std::string_view> options =
      {};  // rows of the option table, besides the common ones
  Exit (*run)(Console&, const Arguments&);
  std::string_view more = {};  // shown at the end of the help
};

std::span<const Command* const> commands();
const Command* find_command(std::string_view name);

// Runs a command and reports what it could not keep to itself: a limit reached, a name or data that
// do not fit, memory that ran out.
Exit run_guarded(Console&, const Command&, const Arguments&);

// Writes the error the way the console asks for and says what the program ends with. `source` is
// the text its span points into.
Exit report(Console&, const Diagnostic&, std::string_view source);
void report_notes(Console&, std::span<const Diagnostic>, std::string_view source);
RenderOptions render_options(const Console&);

// The help of one command: examples first.
void print_help(Output&, const Command&);

// The whole program.
Exit run(std::span<const std::string> arguments);

}  // namespace nabla
