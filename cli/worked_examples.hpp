#pragma once

// The worked examples of the teaching texts, typed as they are printed there, with the answers
// those texts give. The tour shows them; the tests ask them of the prompt, the command line and the
// batch protocol.

#include <span>
#include <string_view>

namespace nabla {

// One line at the prompt. With an answer it is checked: numbers, separated by blanks, in the order
// in which the result has them, right within half a unit of their last digit. `shown` is the
// formula the text gives, if it gives one; it must be the same function as the result.
struct Step {
  std::string_view line;
  std::string_view answer = {};
  std::string_view shown = {};
};

struct WorkedExample {
  std::string_view title;
  std::span<const Step> steps;
};

std::span<const WorkedExample> worked_examples();

}  // namespace nabla
