#pragma once

// Eight rows at once with AVX-512. To be included where the compiler may use it.

#include <immintrin.h>

#include <cstdint>

#include "lib/eval/inline.hpp"
#include "lib/eval/kernels/tables.hpp"
#include "lib/eval/opcode.hpp"

namespace nabla {
namespace {

class Lanes {
 public:
  static constexpr std::size_t count = 8;
  using Value = __m512d;
  using Condition = __mmask8;

  static NABLA_INLINE Value load(const double* p) { return _mm512_loadu_pd(p); }
  static NABLA_INLINE void store(double* p, Value x) { _mm512_storeu_pd(p, x); }
  static NABLA_INLINE Value constant(double x) { return _mm512_set1_pd(x); }
  static NABLA_INLINE Value bits(std::uint64_t x) {
    return _mm512_castsi512_pd(_mm512_set1_epi64(static_cast<long long>(x)));
  }
  static NABLA_INLINE Condition truth(Value x) {
    return _mm512_cmp_pd_mask(x, _mm512_setzero_pd(), _CMP_NEQ_UQ);
  }
  static NABLA_INLINE Value number(Condition c) {
    return _mm512_maskz_mov_pd(c, _mm512_set1_pd(1));
  }

  template <Opcode s>
  static NABLA_INLINE auto make(Value a, Value b, Value c) {
    if constexpr (s == Opcode::add) return _mm512_add_pd(a, b);
    else if constexpr (s == Opcode::subtract) return _mm512_sub_pd(a, b);
    else if constexpr (s == Opcode::multiply) return _mm512_mul_pd(a, b);
    else if constexpr (s == Opcode::divide) return _mm512_div_pd(a, b);
    else if constexpr (s == Opcode::square_root) return _mm512_sqrt_pd(a);
    else if constexpr (s == Opcode::multiply_add) return _mm512_fmadd_pd(a, b, c);
    else if constexpr (s == Opcode::multiply_subtract) return _mm512_fmsub_pd(a, b, c);
    else if constexpr (s == Opcode::subtract_product) return _mm512_fnmadd_pd(a, b, c);
    else if constexpr (s == Opcode::minimum) return _mm512_min_pd(a, b);
    else if constexpr (s == Opcode::maximum) return _mm512_max_pd(a, b);
    else if constexpr (s == Opcode::round_even) return _mm512_roundscale_pd(a, 8);
    else if constexpr (s == Opcode::floor) return _mm512_roundscale_pd(a, 9);
    else if constexpr (s == Opcode::ceiling) return _mm512_roundscale_pd(a, 10);
    else if constexpr (s == Opcode::truncate) return _mm512_roundscale_pd(a, 11);
    else if constexpr (s == Opcode::bit_and) return _mm512_and_pd(a, b);
    else if constexpr (s == Opcode::bit_or) return _mm512_or_pd(a, b);
    else if constexpr (s == Opcode::bit_xor) return _mm512_xor_pd(a, b);
    else if constexpr (s == Opcode::integer_add)
      return _mm512_castsi512_pd(_mm512_add_epi64(word(a), word(b)));
    else if constexpr (s == Opcode::integer_subtract)
      return _mm512_castsi512_pd(_mm512_sub_epi64(word(a), word(b)));
    else if constexpr (s == Opcode::scale) return _mm512_scalef_pd(a, b);
    else if constexpr (s == Opcode::less) return _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ);
    else if constexpr (s == Opcode::less_equal) return _mm512_cmp_pd_mask(a, b, _CMP_LE_OQ);
    else if constexpr (s == Opcode::equal) return _mm512_cmp_pd_mask(a, b, _CMP_EQ_OQ);
    else if constexpr (s == Opcode::not_equal) return _mm512_cmp_pd_mask(a, b, _CMP_NEQ_UQ);
  }
  template <Opcode s>
  static NABLA_INLINE Condition make(Condition a, Condition b, Value) {
    if constexpr (s == Opcode::both) return static_cast<Condition>(a & b);
    else if constexpr (s == Opcode::either) return static_cast<Condition>(a | b);
    else return static_cast<Condition>(~a);  // negation
  }
  template <Opcode s>
  static NABLA_INLINE Value make(Condition a, Value b, Value c) {
    return _mm512_mask_blend_pd(a, c, b);
  }
  template <Opcode s>
  static NABLA_INLINE Value shift(Value a, unsigned by) {
    const auto count = _mm_cvtsi32_si128(static_cast<int>(by));
    return _mm512_castsi512_pd(s == Opcode::shift_left ? _mm512_sll_epi64(word(a), count)
                                                       : _mm512_srl_epi64(word(a), count));
  }
  template <Opcode s, int by>
  static NABLA_INLINE Value shift(Value a) {
    return _mm512_castsi512_pd(s == Opcode::shift_left ? _mm512_slli_epi64(word(a), by)
                                                       : _mm512_srli_epi64(word(a), by));
  }
  static NABLA_INLINE Value lookup(Value a, std::uint8_t table) {
    const double* const t = kernel::tables[table].data();
    return _mm512_permutex2var_pd(_mm512_load_pd(t), word(a), _mm512_load_pd(t + 8));
  }

  // Lanes that a kernel leaves to the library.
  Condition trouble = 0;
  NABLA_INLINE Value rescue(Condition where, std::uint8_t, Value, Value y) {
    trouble = static_cast<Condition>(trouble | where);
    return y;
  }
  NABLA_INLINE Value repair(std::uint8_t, Value, Value, Value z) {
    trouble = static_cast<Condition>(trouble | _mm512_cmp_pd_mask(z, z, _CMP_UNORD_Q));
    return z;
  }
  NABLA_INLINE bool any_trouble() const { return trouble != 0; }

 private:
  static NABLA_INLINE __m512i word(Value x) { return _mm512_castpd_si512(x); }
};

}  // namespace
}  // namespace nabla
