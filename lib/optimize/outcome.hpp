#pragma once

// How a search for a minimum ends. Every one of them ends with a reason, and only one of the
// reasons means that the answer is one.

#include <cstdint>
#include <string_view>

namespace nabla {

enum class Reason : std::uint8_t {
  converged,   // nothing more to gain in double precision, or within the tolerance
  step_limit,  // as many steps as were allowed
  diverging,   // the value grows without bound
  flat,        // the value does not depend on (all of) the parameters here
  not_finite,  // no finite value where the search began, or nowhere around
  stopped,     // from outside
};

constexpr std::string_view name_of(Reason reason) {
  switch (reason) {
    case Reason::converged: return "converged";
    case Reason::step_limit: return "step limit";
    case Reason::diverging: return "diverging";
    case Reason::flat: return "flat";
    case Reason::not_finite: return "not finite";
    case Reason::stopped: return "stopped";
  }
  return {};
}

}  // namespace nabla
