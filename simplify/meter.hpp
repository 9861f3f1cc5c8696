#pragma once

// A bound on work, counted: what runs on it stops at the same place in every run.

#include <cstddef>
#include <cstdint>

namespace nabla::fractions {

// Thrown when a computation outgrows its bounds; the caller keeps the form it had.
struct TooLarge {};

// Does something that may turn out too large, and is left undone then.
void attempt(auto&& compute) {
  try {
    compute();
  } catch (const TooLarge&) {
  }
}

// Polynomials carry the meter they were made under and count on it, and on the outer ones, every
// term they form. It outlives them.
class Meter {
 public:
  explicit Meter(std::int64_t most_terms, Meter* outer = nullptr)
      : left_(most_terms), outer_(outer) {}
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;

  // Throws TooLarge when this or an outer meter has run out.
  void count(std::size_t terms) {
    for (Meter* m = this; m != nullptr; m = m->outer_) {
      m->left_ -= static_cast<std::int64_t>(terms);
      if (m->left_ < 0) throw TooLarge{};
    }
  }

 private:
  std::int64_t left_;
  Meter* outer_;
};

}  // namespace nabla::fractions
