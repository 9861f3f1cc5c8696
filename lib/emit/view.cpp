#include "lib/emit/view.hpp"

#include <algorithm>
#include <string_view>

#include "lib/core/functions.hpp"

namespace nabla {

bool NodeView::is_variadic(const Node& call) const { return row(call.fn()).variadic; }

std::string NodeView::unused_prefix(const std::vector<std::string>& names) {
  const auto taken = [&](std::string_view prefix) {
    return std::ranges::any_of(names, [&](std::string_view name) {
      return name.starts_with(prefix) && name.size() > prefix.size() &&
             name.find_first_not_of("0123456789", prefix.size()) == name.npos;
    });
  };
  for (std::string tail;; tail += '_') {
    for (const char letter : {'u', 't', 'v', 'w'}) {
      std::string prefix = letter + tail;
      if (!taken(prefix)) return prefix;
    }
  }
}

}  // namespace nabla
