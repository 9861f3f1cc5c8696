#pragma once

// Triangle: the factor R of A = QR for a tall matrix A that comes in blocks of rows and is never
// kept: memory O(columns^2) for any number of rows. With the residuals as a last column, least
// squares keep the accuracy of QR (errors grow with the condition number, not with its square).
//
// Golub & Van Loan, Matrix Computations, 4th ed., 5.2 and 6.5 (updating by rows).

#include <cstddef>
#include <vector>

namespace nabla {

template <typename T>
class Triangle {
 public:
  explicit Triangle(std::size_t columns);

  // `count` rows, column by column (entry (i, j) at rows[j * count + i]), and one more column.
  // O(count * columns^2).
  void add(const double* rows, const double* last, std::size_t count);

  // The rows of another R of as many columns: what is left of rows that were folded apart.
  void add(const Triangle& other);

  std::size_t columns() const { return columns_; }
  T operator()(std::size_t row, std::size_t column) const { return r_[column * columns_ + row]; }

 private:
  void fold(std::size_t count);  // the rows in work_

  std::size_t columns_;
  std::vector<T> r_, work_;  // column by column
};

extern template class Triangle<double>;
extern template class Triangle<long double>;

}  // namespace nabla
