#pragma once

// The sizes at which W1 to W12 are measured, what is differentiated, and what must come out.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bench/workloads/problem.hpp"

namespace nabla::workloads {

enum class Wanted { jacobian, hessian, repeated };

// Sums over all entries. A sum that is not known is not compared.
struct Checksums {
  std::optional<double> values = {}, derivatives = {}, magnitudes = {};
};

struct Case {
  std::string name;
  std::function<Problem<NablaAlgebra>(Graph&)> build;
  Wanted wanted = Wanted::jacobian;
  unsigned order = 1;       // of a repeated derivative
  bool with_value = false;  // count the operations of f and its derivative together
  Checksums sums = {};
  std::size_t most_operations = 0;  // 0: no bound
  bool mirrored = false;            // a Hessian whose sums are over both triangles
};

// All cases whose checksums can be computed in a moment.
const std::vector<Case>& cases();

// What a case asks for: the entries that are not structurally zero; of a Hessian the lower
// triangle.
struct Outcome {
  Problem<NablaAlgebra> problem;
  std::vector<Expr> values;  // of the outputs
  std::vector<Expr> derivatives;
  std::vector<bool> doubled;  // stands for a second entry above the diagonal

  // What the operation count is about.
  std::vector<Expr> counted(const Case&) const;
};

// As differentiation leaves it, or with the fewest operations.
enum class Form { raw, shared };
Outcome differentiate(Graph&, const Case&, Form);

// Sums over all entries at the point of the problem.
struct Sums {
  double values = 0, derivatives = 0, magnitudes = 0;
};
Sums sums(const Outcome&, std::span<const double> values, std::span<const double> derivatives);

}  // namespace nabla::workloads
