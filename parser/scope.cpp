#include "parser/scope.hpp"

#include <algorithm>

namespace nabla {

Quantity Quantity::vector(std::vector<Expr> entries) {
  Quantity q;
  q.shape = Shape::vector;
  q.rows = entries.size();
  q.entries = std::move(entries);
  return q;
}

Quantity Quantity::matrix(std::size_t rows, std::size_t columns, std::vector<Expr> entries) {
  Quantity q;
  q.shape = Shape::matrix;
  q.rows = rows;
  q.columns = columns;
  q.entries = std::move(entries);
  return q;
}

const Definition* Scope::find(std::string_view name) const {
  if (definitions_.empty()) return nullptr;
  const auto found = definitions_.find(std::string(name));
  return found == definitions_.end() ? nullptr : &found->second;
}

void Scope::define(std::string_view name, Definition definition) {
  // All that may fail comes first.
  std::string key(name), listed(name);
  if (order_.size() == order_.capacity()) order_.reserve(2 * order_.size() + 8);
  if (definitions_.insert_or_assign(std::move(key), std::move(definition)).second) {
    order_.push_back(std::move(listed));
  }
}

void Scope::remove(std::string_view name) {
  if (definitions_.erase(std::string(name)) != 0) std::erase(order_, name);
}

void Scope::clear() { *this = {}; }

}  // namespace nabla
