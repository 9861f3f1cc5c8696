#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "cli/batch.hpp"
#include "lib/core/diagnostic_codes.hpp"
#include "lib/core/graph.hpp"
#include "tests/fuzz/targets.hpp"

namespace nabla::test {

std::string try_batch(std::string_view line) {
  Output nowhere(-1);
  const Console console{.out = nowhere, .err = nowhere, .limits = small_limits()};
  std::string reply;
  Graph graph;
  append_reply(reply, line, console, graph);
  if (reply.find('\n') != reply.npos) return "a reply of several lines";
  const auto json = nlohmann::json::parse(reply, nullptr, false);
  if (!json.is_object() || !json.contains("id") || !json.contains("ok"))
    return "no reply: " + reply;
  if (json["ok"] == true) return json.contains("result") ? "" : "no result: " + reply;
  const std::string code = json["error"]["code"];
  return find_diagnostic_code(code) != nullptr ? "" : "unknown code " + code;
}

}  // namespace nabla::test
