// Runs a target on inputs made from the grammar alone, one after the other and without feedback:
// many times faster than libFuzzer, so it is the one that counts to 10^8. Each input comes with
// seven neighbours: cut short, or with some bytes changed, lost or doubled. The same seed gives the
// same inputs.
//
//   fuzz_steady TARGET --runs N [--seed S] [--seconds T]
//
// Prints the runs made; at a fault it prints the input and ends with 1. An input that takes more
// than a second of processor time is a fault.

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <fstream>

#include "tests/fuzz/targets.hpp"
#include "tests/fuzz/text_generator.hpp"
#include "tests/fuzz/vocabulary.hpp"

namespace {

using namespace nabla::test;

double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

std::string input;  // of the run at hand, for the report of a crash

void keep_input() {
  std::ofstream("fuzz-input", std::ios::binary) << input;
  std::fprintf(stderr, "the input is in ./fuzz-input:\n%s\n", input.c_str());
}

// One or two changes that cost nothing to make.
void disturb(std::string& text, Dice& dice) {
  do {
    if (text.empty()) return;
    const std::size_t at = dice.below(text.size()), size = 1 + dice.below(4);
    switch (dice.below(5)) {
      case 0: text.resize(at); break;
      case 1: text.erase(at, size); break;
      case 2: text.insert(at, text, dice.below(text.size()), size); break;
      case 3: text.insert(at, dice.of(vocabulary())); break;
      default: text[at] = static_cast<char>(dice.one_in(4) ? dice.bits() : 32 + dice.below(95));
    }
  } while (dice.one_in(3));
}

}  // namespace

// Called by the sanitizers before they end the program.
extern "C" void __asan_on_error() { keep_input(); }

int main(int count, char** words) {
  std::uint64_t runs = 100'000, seed = 1;
  double seconds = 1e9;
  const FuzzTarget* target = nullptr;
  for (const FuzzTarget& row : fuzz_targets()) {
    if (count > 1 && row.name == words[1]) target = &row;
  }
  for (int i = 2; i + 1 < count; i += 2) {
    const std::string_view option = words[i];
    if (option == "--runs") runs = std::strtoull(words[i + 1], nullptr, 10);
    if (option == "--seed") seed = std::strtoull(words[i + 1], nullptr, 10);
    if (option == "--seconds") seconds = std::strtod(words[i + 1], nullptr);
  }
  if (target == nullptr) {
    std::fprintf(stderr, "usage: fuzz_steady TARGET [--runs N] [--seed S] [--seconds T]\n");
    return 2;
  }
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  Dice dice(seed);
  std::uint64_t done = 0;
  double before = processor_seconds();
  std::string whole;
  while (done < runs) {
    if (done % 8 == 0) {
      if (whole.size() > 200) whole.clear();
      whole = target->like(whole, dice);
      input = whole;
    } else {
      input = whole;
      disturb(input, dice);
    }
    std::string fault;
    try {
      fault = target->check(input);
    } catch (const std::exception& escaped) {
      fault = std::string("an exception escapes: ") + escaped.what();
    }
    ++done;
    if ((done & 15) == 0) {
      const double now = processor_seconds();
      if (now - before > 1) {
        std::fprintf(stderr, "fault: one of the last 16 inputs took long\n");
        keep_input();
        return 1;
      }
      before = now;
    }
    if (!fault.empty()) {
      std::fprintf(stderr, "fault: %s\n", fault.c_str());
      keep_input();
      return 1;
    }
    if ((done & 1023) == 0 && elapsed() > seconds) break;
  }
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  std::printf("%s: %llu runs, %.0f s, %.0f runs/s, %ld MB\n", words[1],
              static_cast<unsigned long long>(done), elapsed(),
              static_cast<double>(done) / elapsed(), used.ru_maxrss / 1024);
}
