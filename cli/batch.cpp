#include "cli/batch.hpp"

#include <atomic>

#include "cli/interrupt.hpp"
#include "cli/lines.hpp"
#include "cli/reply.hpp"
#include "cli/request.hpp"
#include "cli/text.hpp"
#include "cli/watchdog.hpp"

namespace nabla {
namespace {

void append_error(std::string& out, const std::string& id, const Diagnostic& error,
                  std::string_view source = {}) {
  out += "{\"id\":" + id + ",\"ok\":false,\"error\":";
  append_json(out, error, source);
  out += '}';
}

// What one large request needed is not held for the small ones that follow.
constexpr std::size_t kept_bytes = std::size_t{1} << 26;

}  // namespace

void append_reply(std::string& out, std::string_view line, const Console& console, Graph& graph) {
  Request request;
  request.question.strict = console.strict;
  request.format = console.format;
  request.limits = console.limits;
  const std::size_t start = out.size();
  const auto fail = [&](const Diagnostic& error) {
    out.resize(start);
    const auto& texts = request.question.texts;
    append_error(out, request.id, error, error.source < texts.size() ? texts[error.source] : "");
  };
  try {
    if (const auto error = read_request(line, request)) return fail(*error);
    graph.limits = request.limits;
    graph.clear(kept_bytes);
    auto found = answer(graph, request.question);
    if (!found) return fail(found.error());
    for (Diagnostic& note : request.notes) found->notes.push_back(std::move(note));
    out += "{\"id\":" + request.id + ",\"ok\":true,";
    append_json(out, *found, request.question, request.format);
    out += '}';
  } catch (const LimitError& error) {
    fail(error.diagnostic());
  } catch (const std::bad_alloc&) {
    fail(out_of_memory());
  }
}

Exit serve(Console& console, int descriptor) {
  Lines lines(descriptor, console.limits.input_bytes, interrupt_descriptor());
  std::string_view line;
  std::string reply;
  Graph graph(console.limits);
  for (;;) {
    const auto got = lines.next(line, [&] { console.out.flush(); });
    if (got == Lines::Got::interrupted) return Exit::interrupted;
    if (got == Lines::Got::end) break;
    reply.clear();
    if (got == Lines::Got::error) {
      return report(console, {.code = "I601", .message = "cannot read the requests", .span = {}},
                    {});
    }
    if (got == Lines::Got::too_long) {
      append_error(reply, "null", {.code = "L104", .message = "the line is too long", .span = {}});
    } else if (trimmed(line).empty()) {
      continue;
    } else {
      if (console.watchdog) console.watchdog->arm();
      append_reply(reply, line, console, graph);
      if (console.watchdog) console.watchdog->disarm();
    }
    reply += '\n';
    console.out << reply;
    if (console.out.error() != 0) break;
    if (interrupted()) return Exit::interrupted;
  }
  return Exit::ok;
}

}  // namespace nabla
