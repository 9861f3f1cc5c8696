#pragma once

// Diagnostics are values: what is wrong, where, and the way out. They are built where the mistake
// is seen and rendered once, at the edge of the program (render.hpp of the parser layer). Bad input
// is a Result; running into a limit while building an expression throws LimitError, because an
// operator such as `a + b` has no other way to say so.

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nabla {

// Half-open range of byte offsets into the text that was read.
struct Span {
  std::size_t begin = 0, end = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

enum class Severity { note, warning, error };

// A second place that explains the first: "opened here", "first defined here".
struct Label {
  Span span;
  std::string text;

  friend bool operator==(const Label&, const Label&) = default;
};

// Text that would mend the input when put in place of `span`.
struct Fix {
  Span span;
  std::string replacement;

  friend bool operator==(const Fix&, const Fix&) = default;
};

// `code` is stable and documented: one letter for the stage and three digits (see
// diagnostic_codes.hpp).
struct Diagnostic {
  std::string code;
  Severity severity = Severity::error;
  std::string message;
  Span span;
  std::string hint = {};
  std::vector<Label> labels = {};
  std::optional<Fix> fix = {};
  // Of a note: the text at its span written so that nobody can read it otherwise, and the other way
  // to mean it; in words where no text says it.
  std::string reading = {}, alternative = {};
  std::size_t source = 0;  // of several texts, the one the spans point into

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

// A limit of limits.hpp was reached, or the computation was stopped from outside. What was built so
// far stays valid.
class LimitError : public std::runtime_error {
 public:
  explicit LimitError(Diagnostic diagnostic)
      : std::runtime_error(diagnostic.message), diagnostic_(std::move(diagnostic)) {}
  const Diagnostic& diagnostic() const { return diagnostic_; }

 private:
  Diagnostic diagnostic_;
};

// L190, for the boundary where std::bad_alloc becomes a diagnostic; allocates nothing itself.
inline Diagnostic out_of_memory() {
  return {.code = "L190", .message = "out of memory", .span = {}};
}

// A value, or the diagnostics that explain why there is none (at least one of them an error).
template <typename T>
class Result {
 public:
  Result(T value) : content_(std::move(value)) {}
  Result(Diagnostic error) : content_(std::move(error)) {}

  explicit operator bool() const { return content_.index() == 0; }
  T& operator*() { return std::get<0>(content_); }
  const T& operator*() const { return std::get<0>(content_); }
  T* operator->() { return &std::get<0>(content_); }
  const T* operator->() const { return &std::get<0>(content_); }
  const Diagnostic& error() const { return std::get<1>(content_); }

 private:
  std::variant<T, Diagnostic> content_;
};

}  // namespace nabla
