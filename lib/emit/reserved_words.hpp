#pragma once

// Names that output languages or their libraries keep for themselves, beside the functions that the
// generated code calls.

#include <string_view>

namespace nabla::detail {

// A name C and C++ keep for themselves.
constexpr bool begins_like_the_compiler(std::string_view s) {
  return s.size() > 1 && s[0] == '_' && (s[1] == '_' || (s[1] >= 'A' && s[1] <= 'Z'));
}

inline constexpr std::string_view c_reserved =
    "auto break case char const continue default do double else enum extern float for goto if "
    "inline "
    "int long register restrict return short signed sizeof static struct switch typedef union "
    "unsigned void volatile while alignas alignof bool constexpr false nullptr static_assert "
    "thread_local true typeof typeof_unqual asm fortran main errno linux unix i386 NULL NAN "
    "INFINITY "
    "HUGE_VAL HUGE_VALF HUGE_VALL EOF DOMAIN SING OVERFLOW UNDERFLOW PLOSS TLOSS I complex "
    "imaginary "
    "size_t ptrdiff_t wchar_t max_align_t offsetof float_t double_t div_t signgam math_errhandling "
    "MATH_ERRNO MATH_ERREXCEPT FP_NAN FP_INFINITE FP_ZERO FP_SUBNORMAL FP_NORMAL FP_ILOGB0 "
    "FP_ILOGBNAN FP_FAST_FMA FP_FAST_FMAF FP_FAST_FMAL M_E M_LOG2E M_LOG10E M_LN2 M_LN10 M_PI "
    "M_PI_2 "
    "M_PI_4 M_1_PI M_2_PI M_2_SQRTPI M_SQRT2 M_SQRT1_2 MAXFLOAT abs labs llabs div exp2 exp10 "
    "pow10 "
    "sqrt pow fma fmin fmax fdim remainder remquo rint lrint llrint nearbyint round lround llround "
    "roundeven logb ilogb scalb scalbn scalbln ldexp frexp modf nan copysign nextafter nexttoward "
    "nextup nextdown significand drem finite isinf isnan isfinite isnormal signbit fpclassify "
    "isgreater isgreaterequal isless islessequal islessgreater isunordered iseqsig issignaling "
    "canonicalize fmaxmag fminmag getpayload setpayload llogb sincos j0 j1 jn y0 y1 yn gamma "
    "lgamma_r totalorder totalordermag ufromfp fromfp";

inline constexpr std::string_view cpp_reserved =
    "alignas alignof and and_eq asm bitand bitor bool catch char8_t char16_t char32_t class "
    "co_await "
    "co_return co_yield compl concept const_cast consteval constexpr constinit decltype delete "
    "dynamic_cast explicit export false friend import module mutable namespace new noexcept not "
    "not_eq "
    "nullptr operator or or_eq private protected public reinterpret_cast requires static_assert "
    "static_cast std template this thread_local throw true try typeid typename using virtual "
    "wchar_t "
    "xor xor_eq final override";

inline constexpr std::string_view python_reserved =
    "False None True and as assert async await break class continue def del elif else except "
    "finally "
    "for from global if import in is lambda nonlocal not or pass raise return try while with match "
    "case type self print math abs float int len range zip min max sum pow round list tuple dict "
    "set "
    "bool str bytes object super complex divmod eval exec open input id hash iter next map filter "
    "sorted reversed enumerate any all vars dir globals locals help exit quit copyright credits "
    "license repr ascii bin hex oct chr ord format slice property staticmethod classmethod "
    "callable "
    "compile breakpoint delattr getattr setattr hasattr isinstance issubclass memoryview bytearray "
    "frozenset aiter anext";

inline constexpr std::string_view cuda_reserved =
    "threadIdx blockIdx blockDim gridDim warpSize dim3 half float2 float4 double2 int2 int4 norm "
    "rsqrt rnorm rhypot sinpi cospi sincospi erfinv erfcinv erfcx normcdf normcdfinv saturate";

inline constexpr std::string_view numpy_reserved = "np numpy shape";

inline constexpr std::string_view js_reserved =
    "break case catch class const continue debugger default delete do else enum export extends "
    "false finally for function if import in instanceof new null return super switch this throw "
    "true try typeof var void while with yield let static implements interface package private "
    "protected public await async of eval arguments Math Number Infinity NaN undefined isFinite "
    "isNaN Object Array Function Symbol globalThis window document module exports require process";

inline constexpr std::string_view rust_reserved =
    "as break const continue crate else enum extern false fn for if impl in let loop match mod "
    "move mut pub ref return self Self static struct super trait true type unsafe use where while "
    "async await dyn abstract become box do final macro override priv typeof unsized virtual yield "
    "try union gen f32 f64 bool char str usize isize u8 u16 u32 u64 i8 i16 i32 i64 main std core "
    "None Some Ok Err _";

inline constexpr std::string_view julia_reserved =
    "baremodule begin break catch const continue do else elseif end export false finally for "
    "function global if import let local macro module quote return struct true try using while "
    "abstract mutable primitive type where in isa outer public im Inf NaN Float64 Bool "
    "Int AbstractVector Vector zero one sum prod min max mod div rem sign nothing missing _ __";

inline constexpr std::string_view fortran_reserved =
    "if then else elseif endif end do while enddo function subroutine return call program module "
    "use implicit none real integer logical double precision complex character parameter data "
    "save intent in out inout result interface block select case where stop continue goto go to "
    "contains kind merge transfer allocate associate print write read open close pure elemental "
    "recursive bind only intrinsic external dimension allocatable pointer target type class value "
    "size sum min max mod int sign nint dble";

inline constexpr std::string_view matlab_reserved =
    "break case catch classdef continue else elseif end endif endfor endfunction endwhile for "
    "function global if otherwise parfor persistent return spmd switch try while until do unwind "
    "i j pi e eps Inf NaN NA inf nan ans true false nargin nargout varargin varargout "
    "isreal zeros ones reshape numel length size sum prod max min mod sign double single logical "
    "disp plot clear import methods properties events enumeration beta";

}  // namespace nabla::detail
