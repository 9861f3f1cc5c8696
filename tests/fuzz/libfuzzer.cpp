// The target chosen by NABLA_FUZZ_TARGET as libFuzzer wants it: half of the changes to an input are
// libFuzzer's own (with the dictionary), half follow the grammar.

#include <cstdio>
#include <cstring>

#include "tests/fuzz/targets.hpp"

#define NABLA_JOIN(a, b) a##b
#define NABLA_TRY(target) NABLA_JOIN(try_, target)

using namespace nabla::test;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string fault =
      NABLA_TRY(NABLA_FUZZ_TARGET)({reinterpret_cast<const char*>(data), size});
  if (!fault.empty()) {
    std::fprintf(stderr, "fault: %s\n", fault.c_str());
    __builtin_trap();
  }
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  Dice dice(seed);
  if (dice.one_in(2)) return LLVMFuzzerMutate(data, size, most);
  const std::string input = NABLA_FUZZ_LIKE({reinterpret_cast<const char*>(data), size}, dice);
  if (input.size() > most) return LLVMFuzzerMutate(data, size, most);
  std::memcpy(data, input.data(), input.size());
  return input.size();
}
