#pragma once

// What the fuzzers try on any bytes: each door of the program through which text comes in. A target
// says what is wrong with the outcome, and nothing when all is well; a crash, a leak, a hang or an
// exception that escapes is found by whoever runs it. Limits are small, so that no input can take
// long by asking for much.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "lib/core/limits.hpp"
#include "tests/fuzz/dice.hpp"

namespace nabla::test {

// Reading: every error and note has a known code and a place inside the text, and is rendered
// without raw control bytes.
std::string try_parse(std::string_view text);

// Reading, differentiating, the canonical form, simplifying, printing: what is printed reads back
// as the same node, and both forms stay as they are when asked for again.
std::string try_pipeline(std::string_view text);

// A line of the batch protocol: the reply is one line of JSON, with a result or a known error.
std::string try_batch(std::string_view line);

// A script through the session: what it writes holds no control bytes.
std::string try_script(std::string_view script);

// A fresh input, or a changed copy of one, that is well formed more often than not.
std::string text_like(std::string_view text, Dice&);
std::string script_like(std::string_view script, Dice&);
std::string request_like(std::string_view line, Dice&);

struct FuzzTarget {
  std::string_view name;  // its seeds are in tests/fuzz/seeds/NAME, found cases in found/NAME
  std::string (*check)(std::string_view);
  std::string (*like)(std::string_view, Dice&);
};
std::span<const FuzzTarget> fuzz_targets();

Limits small_limits();

}  // namespace nabla::test
