#pragma once

// The batch protocol: one JSON request a line, one JSON reply a line, in the same order.

#include "cli/command.hpp"

namespace nabla {

// Appends the reply to one line of input, without the line's end. What the request built is gone
// when it returns.
void append_reply(std::string& out, std::string_view line, const Console&);

// Serves every line of the descriptor. A bad line gets an error reply, and the next one is served.
Exit serve(Console&, int descriptor);

}  // namespace nabla
