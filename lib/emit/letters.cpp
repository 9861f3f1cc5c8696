#include "lib/emit/letters.hpp"

namespace nabla {

NameParts split_name(std::string_view name) {
  const auto bar = name.find('_');
  NameParts parts{.head = name.substr(0, bar)};
  std::string_view tail = bar == name.npos ? std::string_view() : name.substr(bar + 1);
  if (parts.head.empty()) return {.head = name};
  if (tail == "hat" || tail.starts_with("hat_")) {
    parts.hat = true;
    tail.remove_prefix(tail.size() == 3 ? 3 : 4);
  }
  const auto last = parts.head.find_last_not_of("0123456789");
  if (last != name.npos && last + 1 < parts.head.size()) {
    parts.indices.push_back(parts.head.substr(last + 1));
    parts.head = parts.head.substr(0, last + 1);
  }
  while (!tail.empty()) {
    const auto end = tail.find('_');
    parts.indices.push_back(tail.substr(0, end));
    tail.remove_prefix(end == tail.npos ? tail.size() : end + 1);
  }
  return parts;
}

}  // namespace nabla
