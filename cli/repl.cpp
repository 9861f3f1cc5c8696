#include "cli/repl.hpp"

#include <cstdlib>
#include <filesystem>

#include "cli/interrupt.hpp"
#include "cli/line_editor.hpp"
#include "cli/lines.hpp"
#include "cli/pager.hpp"
#include "cli/session.hpp"
#include "cli/text.hpp"
#include "cli/watchdog.hpp"
#include "parser/render.hpp"

namespace nabla {
namespace {

// Where the history is kept; empty when there is no home.
std::string history_path() {
  namespace fs = std::filesystem;
  const char* const state = std::getenv("XDG_STATE_HOME");
  const char* const home = std::getenv("HOME");
  fs::path folder;
  if (state && *state == '/')
    folder = state;
  else if (home && *home == '/')
    folder = fs::path(home) / ".local" / "state";
  else
    return {};
  folder /= "nabla";
  std::error_code error;
  fs::create_directories(folder, error);
  return error ? std::string() : (folder / "history").string();
}

void print(Console& console, const Session::Reply& reply, std::string_view text,
           std::string_view source) {
  console.out << text;
  console.out.flush();
  report_notes(console, reply.notes, source);
  if (reply.error) console.err << render(*reply.error, source, render_options(console));
  console.err.flush();
}

// Shown below a part of a result.
void announce_more(Console& console, const Pager& pager) {
  if (!pager.has_more()) return;
  console.out << "\n";
  console.out.flush();
  const Diagnostic note{.code = "U531",
                        .severity = Severity::note,
                        .message = std::to_string(pager.left()) + " more bytes",
                        .span = {},
                        .hint = ":more goes on"};
  console.err << render(note, {}, render_options(console));
  console.err.flush();
}

// What was found, as if the text stood where it stands in its file, so that line numbers are right.
std::string rendered_in_file(const Session::Reply& reply, std::string_view text, std::size_t line,
                             const RenderOptions& options) {
  const bool far = line > 10'000;
  const std::size_t shift = far ? 0 : line - 1;
  const std::string file = std::string(shift, '\n') + std::string(text) + "\n";
  const auto shifted = [&](Diagnostic d) {
    const auto move = [&](Span& span) { span = {span.begin + shift, span.end + shift}; };
    move(d.span);
    for (Label& label : d.labels) move(label.span);
    if (d.fix) move(d.fix->span);
    return d;
  };
  std::vector<Diagnostic> notes;
  for (const Diagnostic& note : reply.notes) notes.push_back(shifted(note));
  std::string out = render_notes(notes, file, options);
  if (reply.error) {
    if (far) out += "line " + std::to_string(line) + ": ";
    out += render(shifted(*reply.error), file, options);
  }
  return out;
}

// A statement that goes on over lines: an open bracket with something to follow, or `def f(x):`.
bool goes_on(std::string_view text) {
  const std::string_view line = trimmed(text);
  return !line.empty() && is_unfinished(line) &&
         std::string_view("([{,+-*/^=:").find(line.back()) != std::string_view::npos;
}

}  // namespace

Exit converse(Console& console) {
  keep_running_when_interrupted();
  Session session(console, true);
  Pager pager(console.limits.screen_bytes);
  LineEditor editor([&](std::string_view word) { return session.completions(word); }, interrupted,
                    interrupt_descriptor());
  const std::string path = history_path();
  bool keep = !path.empty();
  if (keep && std::filesystem::exists(path)) editor.load(path);
  console.out << "nabla " NABLA_VERSION ". An expression, a definition, or :help\n";
  console.out.flush();

  std::string text, line;
  for (;;) {
    const auto got = editor.read(text.empty() ? "> " : "... ", line);
    if (got == LineEditor::Got::end) break;
    if (got == LineEditor::Got::interrupted) {
      take_interrupt();
      text.clear();
      console.out << "\n";
      console.out.flush();
      continue;
    }
    const bool last = trimmed(line).empty();
    if (!text.empty()) text += '\n';
    text += line;
    if (is_unfinished(text) && !last) continue;
    if (!trimmed(text).empty()) editor.remember(text);
    if (trimmed(text) == ":more" && pager.has_more()) {
      console.out << pager.more();
      announce_more(console, pager);
      text.clear();
      continue;
    }
    Session::Reply reply = session.enter(text);
    if (take_interrupt()) console.out << "\n";
    print(console, reply, pager.show(std::move(reply.text), session.limits().screen_bytes), text);
    announce_more(console, pager);
    text.clear();
    if (reply.over) break;
  }
  console.out << "\n";
  if (keep && !editor.save(path)) {
    console.err << "nabla: the history could not be kept in " << printable(path) << '\n';
  }
  return Exit::ok;
}

Exit run_script(Console& console, int descriptor) {
  Session session(console, false);
  Lines lines(descriptor, console.limits.input_bytes, interrupt_descriptor());
  std::string text;
  std::string_view line;
  std::size_t number = 0, first = 0;
  Exit result = Exit::ok;
  const auto finish = [&] {
    if (text.empty()) return false;
    const Session::Reply reply = session.enter(text);
    console.out << reply.text;
    console.out.flush();
    console.err << rendered_in_file(reply, text, first, render_options(console));
    if (reply.error) result = exit_of(*reply.error);
    console.err.flush();
    text.clear();
    if (interrupted()) result = Exit::interrupted;
    return reply.over || interrupted();
  };
  for (;;) {
    const auto got = lines.next(line, [&] { console.out.flush(); });
    if (got == Lines::Got::interrupted) return Exit::interrupted;
    if (got == Lines::Got::end) break;
    if (got == Lines::Got::error)
      return report(console, {.code = "I601", .message = "cannot read", .span = {}}, {});
    ++number;
    if (got == Lines::Got::too_long) {
      result = report(console,
                      {.code = "L104",
                       .message = "line " + std::to_string(number) + " is too long",
                       .span = {}},
                      {});
      continue;
    }
    // A first line may carry a byte order mark.
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    const bool indented = line.starts_with(' ') || line.starts_with('\t');
    const bool in_body = text.starts_with("def ") && indented;
    if (!text.empty() && !in_body && !goes_on(text)) {
      if (finish()) return result;
    }
    if (text.empty())
      first = number;
    else
      text += '\n';
    text += line;
    if (!text.starts_with("def ") && !goes_on(text) && finish()) return result;
  }
  finish();
  return result;
}

}  // namespace nabla
