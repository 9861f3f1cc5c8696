#pragma once

// The batch protocol: one JSON request a line, one JSON reply a line, in the same order.

#include "cli/command.hpp"
#include "lib/core/graph.hpp"

namespace nabla {

// Appends the reply to one line of input, without the line's end. The graph is emptied first: its
// memory serves one request after another, and nothing else passes from one to the next.
void append_reply(std::string& out, std::string_view line, const Console&, Graph&);

// Serves every line of the descriptor. A bad line gets an error reply, and the next one is served.
Exit serve(Console&, int descriptor);

}  // namespace nabla
