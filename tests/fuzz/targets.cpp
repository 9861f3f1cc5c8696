#include "tests/fuzz/targets.hpp"

#include <array>

namespace nabla::test {

std::span<const FuzzTarget> fuzz_targets() {
  static constexpr std::array targets{
      FuzzTarget{"parse", try_parse, text_like}, FuzzTarget{"pipeline", try_pipeline, text_like},
      FuzzTarget{"batch", try_batch, request_like}, FuzzTarget{"script", try_script, script_like}};
  return targets;
}

}  // namespace nabla::test
