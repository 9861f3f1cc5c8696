#pragma once

// Four rows at once with AVX2 and FMA. To be included where the compiler may use them.

#include <immintrin.h>

#include <cstdint>

#include "lib/eval/inline.hpp"
#include "lib/eval/kernels/tables.hpp"
#include "lib/eval/opcode.hpp"

namespace nabla {
namespace {

class Lanes {
 public:
  static constexpr std::size_t count = 4;
  using Value = __m256d;
  struct Condition {  // all bits of a lane, or none
    __m256d mask;
  };

  static NABLA_INLINE Value load(const double* p) { return _mm256_loadu_pd(p); }
  static NABLA_INLINE void store(double* p, Value x) { _mm256_storeu_pd(p, x); }
  static NABLA_INLINE Value constant(double x) { return _mm256_set1_pd(x); }
  static NABLA_INLINE Value bits(std::uint64_t x) {
    return _mm256_castsi256_pd(_mm256_set1_epi64x(static_cast<long long>(x)));
  }
  static NABLA_INLINE Condition truth(Value x) {
    return {_mm256_cmp_pd(x, _mm256_setzero_pd(), _CMP_NEQ_UQ)};
  }
  static NABLA_INLINE Value number(Condition c) {
    return _mm256_and_pd(c.mask, _mm256_set1_pd(1));
  }

  template <Opcode s>
  static NABLA_INLINE auto make(Value a, Value b, Value c) {
    if constexpr (s == Opcode::add) return _mm256_add_pd(a, b);
    else if constexpr (s == Opcode::subtract) return _mm256_sub_pd(a, b);
    else if constexpr (s == Opcode::multiply) return _mm256_mul_pd(a, b);
    else if constexpr (s == Opcode::divide) return _mm256_div_pd(a, b);
    else if constexpr (s == Opcode::square_root) return _mm256_sqrt_pd(a);
    else if constexpr (s == Opcode::multiply_add) return _mm256_fmadd_pd(a, b, c);
    else if constexpr (s == Opcode::multiply_subtract) return _mm256_fmsub_pd(a, b, c);
    else if constexpr (s == Opcode::subtract_product) return _mm256_fnmadd_pd(a, b, c);
    else if constexpr (s == Opcode::minimum) return _mm256_min_pd(a, b);
    else if constexpr (s == Opcode::maximum) return _mm256_max_pd(a, b);
    else if constexpr (s == Opcode::round_even) return _mm256_round_pd(a, 8);
    else if constexpr (s == Opcode::floor) return _mm256_round_pd(a, 9);
    else if constexpr (s == Opcode::ceiling) return _mm256_round_pd(a, 10);
    else if constexpr (s == Opcode::truncate) return _mm256_round_pd(a, 11);
    else if constexpr (s == Opcode::bit_and) return _mm256_and_pd(a, b);
    else if constexpr (s == Opcode::bit_or) return _mm256_or_pd(a, b);
    else if constexpr (s == Opcode::bit_xor) return _mm256_xor_pd(a, b);
    else if constexpr (s == Opcode::integer_add)
      return _mm256_castsi256_pd(_mm256_add_epi64(word(a), word(b)));
    else if constexpr (s == Opcode::integer_subtract)
      return _mm256_castsi256_pd(_mm256_sub_epi64(word(a), word(b)));
    else if constexpr (s == Opcode::scale) return scale(a, b);
    else if constexpr (s == Opcode::less) return Condition{_mm256_cmp_pd(a, b, _CMP_LT_OQ)};
    else if constexpr (s == Opcode::less_equal) return Condition{_mm256_cmp_pd(a, b, _CMP_LE_OQ)};
    else if constexpr (s == Opcode::equal) return Condition{_mm256_cmp_pd(a, b, _CMP_EQ_OQ)};
    else if constexpr (s == Opcode::not_equal) return Condition{_mm256_cmp_pd(a, b, _CMP_NEQ_UQ)};
  }
  template <Opcode s>
  static NABLA_INLINE Condition make(Condition a, Condition b, Value) {
    if constexpr (s == Opcode::both) return {_mm256_and_pd(a.mask, b.mask)};
    else if constexpr (s == Opcode::either) return {_mm256_or_pd(a.mask, b.mask)};
    else return {_mm256_xor_pd(a.mask, _mm256_castsi256_pd(_mm256_set1_epi64x(-1)))};  // negation
  }
  template <Opcode s>
  static NABLA_INLINE Value make(Condition a, Value b, Value c) {
    return _mm256_blendv_pd(c, b, a.mask);
  }
  template <Opcode s>
  static NABLA_INLINE Value shift(Value a, unsigned by) {
    const auto count = _mm_cvtsi32_si128(static_cast<int>(by));
    return _mm256_castsi256_pd(s == Opcode::shift_left ? _mm256_sll_epi64(word(a), count)
                                                       : _mm256_srl_epi64(word(a), count));
  }
  template <Opcode s, int by>
  static NABLA_INLINE Value shift(Value a) {
    return _mm256_castsi256_pd(s == Opcode::shift_left ? _mm256_slli_epi64(word(a), by)
                                                       : _mm256_srli_epi64(word(a), by));
  }
  static NABLA_INLINE Value lookup(Value a, std::uint8_t table) {
    const auto at = _mm256_and_si256(word(a), _mm256_set1_epi64x(15));
    return _mm256_i64gather_pd(kernel::tables[table].data(), at, 8);
  }

  // Lanes that a kernel leaves to the library.
  Condition trouble{_mm256_setzero_pd()};
  NABLA_INLINE Value rescue(Condition where, std::uint8_t, Value, Value y) {
    trouble.mask = _mm256_or_pd(trouble.mask, where.mask);
    return y;
  }
  NABLA_INLINE Value repair(std::uint8_t, Value, Value, Value z) {
    trouble.mask = _mm256_or_pd(trouble.mask, _mm256_cmp_pd(z, z, _CMP_UNORD_Q));
    return z;
  }
  NABLA_INLINE bool any_trouble() const { return _mm256_movemask_pd(trouble.mask) != 0; }

 private:
  static NABLA_INLINE __m256i word(Value x) { return _mm256_castpd_si256(x); }
  // As word::scale.
  static NABLA_INLINE Value scale(Value a, Value b) {
    const Value n = _mm256_floor_pd(b), half = _mm256_floor_pd(_mm256_mul_pd(n, constant(0.5)));
    const Value bias = constant(nabla::word::round_shift + 1023);
    const auto power = [&](Value e) NABLA_INLINED {
      return _mm256_castsi256_pd(_mm256_slli_epi64(word(_mm256_add_pd(e, bias)), 52));
    };
    return _mm256_mul_pd(_mm256_mul_pd(a, power(half)), power(_mm256_sub_pd(n, half)));
  }
};

}  // namespace
}  // namespace nabla
