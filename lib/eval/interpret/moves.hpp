#pragma once

// What the interpreters do in one dispatch. A move takes its first operands from the accumulator,
// where the move before left its result (A), from a value per row (V), or from a number that is
// the same in all rows (C); at one point the last two are alike. Where products and sums commute,
// the accumulator comes first and the number last.

#include <array>
#include <cstdint>

namespace nabla::moves {

// What reads one operand, two of which one may be exchanged for the other, two, and three.
#define NABLA_MOVES_OF_ONE(X, f) X(f, A, N, N) X(f, V, N, N)
#define NABLA_MOVES_COMMUTING(X, f) X(f, A, A, N) X(f, A, V, N) X(f, V, V, N)
#define NABLA_MOVES_COMMUTING_C(X, f) X(f, A, C, N) X(f, V, C, N)
#define NABLA_MOVES_OF_TWO(X, f) X(f, A, A, N) X(f, A, V, N) X(f, V, A, N) X(f, V, V, N)
#define NABLA_MOVES_OF_TWO_C(X, f) X(f, A, C, N) X(f, V, C, N) X(f, C, A, N) X(f, C, V, N)
#define NABLA_MOVES_FUSED(X, f) \
  X(f, A, A, A) X(f, A, A, V) X(f, A, V, A) X(f, A, V, V) X(f, V, V, A) X(f, V, V, V)
#define NABLA_MOVES_FUSED_C(X, f) \
  X(f, A, A, C)                   \
  X(f, A, V, C)                   \
  X(f, A, C, A) X(f, A, C, V) X(f, A, C, C) X(f, V, V, C) X(f, V, C, A) X(f, V, C, V) X(f, V, C, C)

#define NABLA_POINT_MOVES(X)              \
  NABLA_MOVES_COMMUTING(X, add)           \
  NABLA_MOVES_COMMUTING(X, multiply)      \
  NABLA_MOVES_OF_TWO(X, subtract)         \
  NABLA_MOVES_OF_TWO(X, divide)           \
  NABLA_MOVES_FUSED(X, multiply_add)      \
  NABLA_MOVES_FUSED(X, multiply_subtract) \
  NABLA_MOVES_FUSED(X, subtract_product)  \
  NABLA_MOVES_OF_ONE(X, negate)           \
  NABLA_MOVES_OF_ONE(X, square_root)
#define NABLA_ROW_MOVES(X)                  \
  NABLA_POINT_MOVES(X)                      \
  NABLA_MOVES_COMMUTING_C(X, add)           \
  NABLA_MOVES_COMMUTING_C(X, multiply)      \
  NABLA_MOVES_OF_TWO_C(X, subtract)         \
  NABLA_MOVES_OF_TWO_C(X, divide)           \
  NABLA_MOVES_FUSED_C(X, multiply_add)      \
  NABLA_MOVES_FUSED_C(X, multiply_subtract) \
  NABLA_MOVES_FUSED_C(X, subtract_product)

enum class Family : std::uint8_t {
  add,
  multiply,
  subtract,
  divide,
  multiply_add,
  multiply_subtract,
  subtract_product,
  negate,
  square_root,
  other,
};
enum Source : std::uint8_t { N, A, V, C };  // N: no such operand

enum class Move : std::uint16_t {
  pause,   // back to the caller, who looks whether to stop
  other,   // whatever the opcode says, from memory to memory
  kernel,  // a kernel of vector mathematics
#define NABLA_MOVE(f, a, b, c) f##_##a##b##c,
  NABLA_ROW_MOVES(NABLA_MOVE)
#undef NABLA_MOVE
};

struct MoveRow {
  Family family;
  Source a, b, c;
};
inline constexpr std::array rows{
#define NABLA_MOVE(f, a, b, c) MoveRow{Family::f, a, b, c},
    NABLA_ROW_MOVES(NABLA_MOVE)
#undef NABLA_MOVE
};
inline constexpr std::uint16_t first_row = 3;

constexpr std::size_t key(Family f, Source a, Source b, Source c) {
  return static_cast<std::size_t>(f) << 6 | static_cast<std::size_t>(a) << 4 |
         static_cast<std::size_t>(b) << 2 | static_cast<std::size_t>(c);
}
inline constexpr auto move_of = [] {
  std::array<Move, std::size_t{10} << 6> table{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    table[key(rows[i].family, rows[i].a, rows[i].b, rows[i].c)] = static_cast<Move>(i + first_row);
  }
  return table;
}();

}  // namespace nabla::moves
