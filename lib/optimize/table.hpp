#pragma once

// Table: columns of numbers with names, owned; what data files become. Everything that computes
// takes the view (Data), so columns that live elsewhere need no table.

#include <string>
#include <vector>

#include "lib/eval/function.hpp"

namespace nabla {

struct Table {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;
  std::size_t rows = 0;
  std::size_t dropped = 0;  // rows left out because a value was missing

  Data view() const;
};

}  // namespace nabla
