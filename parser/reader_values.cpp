#include "parser/reader.hpp"

// Numbers, vectors and matrices on the value stack.

namespace nabla {

Reader::Item Reader::array(Quantity q, std::uint32_t t) {
  if (q.is_scalar()) return {q.scalar().id, 0, t};
  arrays_.push_back(std::move(q));
  return {Graph::zero, static_cast<std::uint32_t>(arrays_.size()), t};
}

Quantity Reader::quantity(const Item& item) const {
  return item.array == 0 ? Quantity(g_.expr(item.id)) : arrays_[item.array - 1];
}

NodeId Reader::scalar(const Item& item, std::string_view place) {
  if (item.array != 0) {
    fail("N104", "a number is expected as " + std::string(place) + ", not a vector or matrix",
         {tokens_.list[item.token].begin,
          tokens_.list[at_ > item.token ? at_ - 1 : item.token].end});
  }
  return item.id;
}

}  // namespace nabla
