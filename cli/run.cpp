#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "cli/command.hpp"
#include "cli/interrupt.hpp"
#include "cli/pages.hpp"
#include "cli/repl.hpp"
#include "cli/reply.hpp"
#include "cli/text.hpp"
#include "cli/watchdog.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/function.hpp"
#include "parser/render.hpp"
#include "parser/suggest.hpp"

namespace nabla {
namespace {

bool wants_color(std::string_view when) {
  if (when == "always") return true;
  const char* const off = std::getenv("NO_COLOR");
  return when == "auto" && !(off && *off) && ::isatty(STDERR_FILENO);
}

// COLUMNS says it, else the terminal does.
std::size_t terminal_width() {
  constexpr std::size_t least = 20, most = 1000, usual = 100;
  if (const char* const columns = std::getenv("COLUMNS")) {
    const auto n = to_count(columns);
    if (n && *n >= least && *n <= most) return static_cast<std::size_t>(*n);
  }
  struct winsize size {};
  const bool known = ::isatty(STDERR_FILENO) && ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0;
  return known && size.ws_col >= least ? size.ws_col : usual;
}

std::optional<Diagnostic> bad(std::string_view option, std::string_view wanted) {
  return Diagnostic{.code = "U501",
                    .message = "--" + std::string(option) + " takes " + std::string(wanted),
                    .span = {}};
}

std::optional<Diagnostic> read_common(const Arguments& arguments, Console& console,
                                      double& seconds) {
  console.json = arguments.has("json");
  console.strict = arguments.has("strict");
  const std::string_view color = arguments.value("color", "auto");
  if (color != "auto" && color != "always" && color != "never")
    return bad("color", "auto, always or never");
  console.color = wants_color(color);
  if (arguments.has("format")) {
    const auto format = find_format(arguments.value("format"));
    if (!format) return bad("format", "one of " + format_names());
    console.format = *format;
  }
  if (arguments.has("digits")) {
    const auto digits = to_count(arguments.value("digits"));
    if (!digits || *digits < 1 || *digits > 17) return bad("digits", "a number from 1 to 17");
    console.digits = static_cast<int>(*digits);
  }
  if (arguments.has("max-nodes")) {
    const auto nodes = to_count(arguments.value("max-nodes"));
    if (!nodes || *nodes < 1 || *nodes > 0xffff'ffff) return bad("max-nodes", "a number of nodes");
    console.limits.nodes = *nodes;
  }
  for (const std::string_view text : arguments.values("limit")) {
    if (auto error = set_limit(console.limits, text)) return error;
  }
  if (arguments.has("timeout")) {
    const auto time = to_number(arguments.value("timeout"));
    if (!time || !(*time > 0) || *time > 1e9) return bad("timeout", "a number of seconds");
    seconds = *time;
  }
  return std::nullopt;
}

Exit unknown_command(Console& console, const std::string& word) {
  std::vector<std::string_view> names;
  for (const Command* command : commands()) names.push_back(command->name);
  const std::string_view near = nearest(word, names);
  return report(
      console,
      {.code = "U500",
       .message = "no command '" + printable(word) + "'",
       .span = {},
       .hint = near.empty() ? "nabla help lists the commands; nabla eval EXPR works one out"
                            : "did you mean '" + std::string(near) + "'?"},
      {});
}

Exit run_command(Console& console, const Command& command, std::span<const std::string> words) {
  const auto arguments = Arguments::read(words, command.options);
  if (!arguments) return report(console, arguments.error(), {});
  if (arguments->has("help")) {
    print_help(console.out, command);
    return Exit::ok;
  }
  double seconds = 0;
  if (const auto error = read_common(*arguments, console, seconds))
    return report(console, *error, {});
  if (seconds == 0) return run_guarded(console, command, *arguments);

  const bool batch = command.name == "batch";
  Watchdog watchdog(Watchdog::Seconds(seconds), stop_flag(), !batch);
  console.watchdog = &watchdog;
  if (!batch) watchdog.arm();
  const Exit result = run_guarded(console, command, *arguments);
  console.watchdog = nullptr;
  return result;
}

Exit talk(Console& console, const Arguments& arguments) {
  if (!arguments.operands.empty()) return unknown_command(console, arguments.operands.front());
  return ::isatty(STDIN_FILENO) ? converse(console) : run_script(console, STDIN_FILENO);
}

// `nabla` alone, with common options at most.
constinit const Command prompt_command{
    .name = "",
    .synopsis = "[options]",
    .summary = "a prompt on a terminal; otherwise a script from stdin",
    .examples = {},
    .options = {},
    .run = talk};

Exit dispatch(Console& console, std::span<const std::string> arguments) {
  if (arguments.empty()) return run_command(console, prompt_command, arguments);
  const std::string& word = arguments.front();
  if (const Command* command = find_command(word)) {
    return run_command(console, *command, arguments.subspan(1));
  }
  if (word == "--help" || word == "-h") return run_command(console, *find_command("help"), {});
  if (word == "--version") return run_command(console, *find_command("version"), {});
  if (word.starts_with("--")) return run_command(console, prompt_command, arguments);
  return unknown_command(console, word);
}

}  // namespace

Exit run_guarded(Console& console, const Command& command, const Arguments& arguments) try {
  return command.run(console, arguments);
} catch (const LimitError& error) {
  return report(console, error.diagnostic(), {});
} catch (const NameError& error) {
  return report(console, {.code = "N101", .message = error.what(), .span = {}}, {});
} catch (const CallError& error) {
  return report(console, error.diagnostic(), {});
} catch (const std::bad_alloc&) {
  return report(console, out_of_memory(), {});
}

Exit report(Console& console, const Diagnostic& found, std::string_view source) {
  Diagnostic error = found;
  if (error.code == "L110" && console.watchdog && console.watchdog->expired()) {
    error.message = "the time is up";
    error.hint = "--timeout gives more";
  } else if (error.code == "L110" && interrupted()) {
    error.message = "interrupted";
  }
  if (console.json) {
    std::string out = "{\"ok\":false,\"error\":";
    append_json(out, error, source);
    console.out << out << "}\n";
  } else {
    console.err << render(error, source, render_options(console));
  }
  return error.code == "L110" && interrupted() ? Exit::interrupted : exit_of(error);
}

RenderOptions render_options(const Console& console) {
  return {.color = console.color, .width = console.width};
}

void report_notes(Console& console, std::span<const Diagnostic> notes, std::string_view source) {
  console.err << render_notes(notes, source, render_options(console));
}

namespace {

// A standard descriptor that is closed must not become a file or pipe that is opened later: it is
// filled with one that fails when it is used.
void keep_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    const int other = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    [[maybe_unused]] const int opened = ::open("/dev/null", other);
  }
}

}  // namespace

Exit run(std::span<const std::string> arguments) {
  keep_standard_descriptors();
  const InterruptHandler handler;
  Output out(STDOUT_FILENO), err(STDERR_FILENO);
  Console console{.out = out, .err = err, .width = terminal_width()};
  console.limits.stop = &stop_flag();
  const Exit result = dispatch(console, arguments);
  if (!out.flush()) {
    err << "nabla: cannot write the result: " << std::strerror(out.error()) << '\n';
    return Exit::io;
  }
  return result;
}

}  // namespace nabla
