#pragma once

// What the shell is told at the end of the program.

#include "lib/core/diagnostic.hpp"

namespace nabla {

enum class Exit : int {
  ok = 0,
  no = 1,  // a mathematical "no": undefined there, no derivative
  usage = 2,
  input = 3,  // not understood
  limit = 4,  // a limit or the timeout
  io = 5,
  tool = 6,  // an external tool is missing
  interrupted = 130,
};

// Which of them an error is, by the stage its code names.
inline Exit exit_of(const Diagnostic& error) {
  switch (error.code.empty() ? ' ' : error.code.front()) {
    case 'D': return Exit::no;
    case 'U': return Exit::usage;
    case 'L': return Exit::limit;
    case 'I': return Exit::io;
    case 'G':
      return error.code == "G401"   ? Exit::usage  // no such language
             : error.code == "G406" ? Exit::tool
                                    : Exit::input;
    default: return Exit::input;
  }
}

}  // namespace nabla
