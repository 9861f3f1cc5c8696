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
  if (definitions_.insert_or_assign(std::string(name), std::move(definition)).second) {
    order_.emplace_back(name);
  }
}

void Scope::remove(std::string_view name) {
  if (definitions_.erase(std::string(name)) != 0) std::erase(order_, name);
}

void Scope::clear() { *this = {}; }

}  // namespace nabla
