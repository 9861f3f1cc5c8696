#include "lib/optimize/table.hpp"

namespace nabla {

Data Table::view() const {
  Data data;
  data.names = names;
  for (const auto& column : columns) data.columns.emplace_back(column);
  data.rows = rows;
  return data;
}

}  // namespace nabla
