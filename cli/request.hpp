#pragma once

// One line of the batch protocol: JSON text to a question.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "cli/command.hpp"
#include "cli/question.hpp"

namespace nabla {

struct Request {
  std::string id = "null";  // JSON text, echoed as it is
  Question question;
  Format format = Format::text;
  Limits limits;                  // those of the program, or lower
  std::vector<Diagnostic> notes;  // what was asked for and is not there yet
};

// Fills `request`; its id is right even when the rest is refused. Errors: U51x.
std::optional<Diagnostic> read_request(std::string_view line, Request& request);

}  // namespace nabla
