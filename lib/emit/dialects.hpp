#pragma once

// THE table of output languages: one row each, read by source.cpp alone. To add a language, add a
// row; the tests in tests/emit find it by themselves where its compiler is there.

#include <array>
#include <string_view>

#include "lib/eval/primitive.hpp"

namespace nabla {

// How an operation is written: #a, #b, #c are its operands. `level` tells how tightly it holds
// together (9: never needs parentheses); an operand below the level wanted is put in parentheses.
struct Spelling {
  std::string_view text;
  int level = 9;
  std::array<int, 3> operands{};  // 0: any
};

// Statements and declarations. #n name, #v value, #i index, #a array.
struct Statements {
  std::string_view number, condition;     // a temporary of either kind
  std::string_view start_total, add_row;  // of a sum over rows
  std::string_view loop, end_loop;        // #i from 0 below #n
  std::string_view element;               // row #i of column #n
  std::string_view unused;                // tells the compiler that a parameter may be
};

struct Layout {
  std::string_view comment_open, comment_line, comment_close;
  bool comment_inside;               // after the signature, as Python has it
  std::string_view head, data_head;  // what the file begins with; what sums over data need more
  std::string_view open, close;  // of the function: #n name, #p parameters, #r type of the result
  std::string_view value_type, no_type, no_parameters;
  std::string_view number_parameter, column_parameter, count_parameter, array_parameter;
  std::string_view count_rows;  // how the number of rows is found when it is no parameter
  std::string_view store;       // #v into entry #i of array #n; empty: arrays are returned
  std::string_view result;      // #v is returned
};

struct Dialect {
  std::string_view name, aliases, extension;
  Layout layout;
  Statements statements;
  std::array<Spelling, primitives.size()> spellings;  // empty for call and total
  Spelling number_of_condition, condition_of_number, number_of_rows;
  std::string_view infinity, not_a_number;
  // Where function rows are spelled in this language; "-" says that it has no such function.
  std::string_view FunctionRow::*column;
  std::string_view own_prefix;                      // before a spelling in that column without '#'
  std::string_view name_prefix;                     // before the name of a row that has none
  std::array<std::string_view, 2> reserved;         // names the language or its library takes
  bool (*is_reserved)(std::string_view) = nullptr;  // patterns of such names
  std::string_view caveat = {};                     // where it differs from IEEE arithmetic
};

namespace detail {

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

// clang-format off
inline constexpr std::array<Spelling, primitives.size()> c_spellings{{
    {"#a + #b", 5, {5, 6}},
    {"#a - #b", 5, {5, 6}},
    {"#a * #b", 6, {6, 7}},
    {"#a / #b", 6, {6, 7}},
    {"-#a", 7, {8}},
    {"sqrt(#a)"},
    {"pow(#a, #b)"},
    {"#a < #b", 4, {5, 5}},
    {"#a <= #b", 4, {5, 5}},
    {"#a == #b", 3, {5, 5}},
    {"#a != #b", 3, {5, 5}},
    {"#a && #b", 2, {3, 3}},
    {"#a || #b", 1, {3, 3}},
    {"!#a", 7, {8}},
    {"#a ? #b : #c", 0, {1, 1, 1}},
}};

constexpr std::array<Spelling, primitives.size()> with(
    std::array<Spelling, primitives.size()> spellings,
    std::initializer_list<std::pair<Primitive, Spelling>> changes) {
  for (const auto& [op, spelling] : changes) spellings[static_cast<std::size_t>(op)] = spelling;
  return spellings;
}

inline constexpr Layout c_layout{
    .comment_open = "/* ", .comment_line = " * ", .comment_close = " */", .comment_inside = false,
    .head = "#include <math.h>\n", .data_head = "#include <stddef.h>\n",
    .open = "#r #n(#p) {", .close = "}",
    .value_type = "double", .no_type = "void", .no_parameters = "void",
    .number_parameter = "double #n", .column_parameter = "const double* #n",
    .count_parameter = "size_t #n", .array_parameter = "double* #n",
    .count_rows = "", .store = "#n[#i] = #v;", .result = "return #v;"};

inline constexpr Statements c_statements{
    .number = "const double #n = #v;", .condition = "const int #n = #v;",
    .start_total = "double #n = 0.0;", .add_row = "#n += #v;",
    .loop = "for (size_t #i = 0; #i < #n; ++#i) {", .end_loop = "}",
    .element = "#n[#i]", .unused = "(void)#n;"};
// clang-format on

constexpr Layout cpp_layout() {
  Layout layout = c_layout;
  layout.head = "#include <cmath>\n#include <limits>\n";
  layout.data_head = "#include <cstddef>\n";
  layout.no_parameters = "";
  layout.count_parameter = "std::size_t #n";
  return layout;
}

constexpr Statements cpp_statements() {
  Statements statements = c_statements;
  statements.condition = "const bool #n = #v;";
  statements.loop = "for (std::size_t #i = 0; #i < #n; ++#i) {";
  statements.unused = "static_cast<void>(#n);";
  return statements;
}

}  // namespace detail

// clang-format off
inline constexpr std::array dialects{
    Dialect{
        .name = "c", .aliases = "c99", .extension = "c",
        .layout = detail::c_layout, .statements = detail::c_statements,
        .spellings = detail::c_spellings,
        .number_of_condition = {"(#a ? 1.0 : 0.0)", 9, {1}},
        .condition_of_number = {"#a != 0.0", 3, {5}},
        .number_of_rows = {"(double)#a", 7, {8}},
        .infinity = "INFINITY", .not_a_number = "NAN",
        .column = &FunctionRow::c, .own_prefix = "", .name_prefix = "",
        .reserved = {detail::c_reserved},
        .is_reserved = [](std::string_view s) { return detail::begins_like_the_compiler(s); }},
    Dialect{
        .name = "cpp", .aliases = "c++ cxx", .extension = "cpp",
        .layout = detail::cpp_layout(), .statements = detail::cpp_statements(),
        .spellings = detail::with(detail::c_spellings, {{Primitive::square_root, {"std::sqrt(#a)"}},
                                                        {Primitive::power, {"std::pow(#a, #b)"}}}),
        .number_of_condition = {"(#a ? 1.0 : 0.0)", 9, {1}},
        .condition_of_number = {"#a != 0.0", 3, {5}},
        .number_of_rows = {"static_cast<double>(#a)"},
        .infinity = "std::numeric_limits<double>::infinity()",
        .not_a_number = "std::numeric_limits<double>::quiet_NaN()",
        .column = &FunctionRow::c, .own_prefix = "std::", .name_prefix = "std::",
        .reserved = {detail::c_reserved, detail::cpp_reserved},
        .is_reserved = [](std::string_view s) {
          return detail::begins_like_the_compiler(s) || s.find("__") != s.npos;
        }},
    Dialect{
        .name = "python", .aliases = "py", .extension = "py",
        .layout = {
            .comment_open = "\"\"\"", .comment_line = "", .comment_close = "\"\"\"", .comment_inside = true,
            .head = "import math\n", .data_head = "",
            .open = "def #n(#p):", .close = "",
            .value_type = "", .no_type = "", .no_parameters = "",
            .number_parameter = "#n", .column_parameter = "#n",
            .count_parameter = "", .array_parameter = "",
            .count_rows = "#n = len(#v)", .store = "", .result = "return #v"},
        .statements = {
            .number = "#n = #v", .condition = "#n = #v",
            .start_total = "#n = 0.0", .add_row = "#n += #v",
            .loop = "for #i in range(#n):", .end_loop = "",
            .element = "#n[#i]", .unused = ""},
        .spellings = detail::with(detail::c_spellings, {{Primitive::square_root, {"math.sqrt(#a)"}},
                                                        {Primitive::power, {"math.pow(#a, #b)"}},
                                                        {Primitive::equal, {"#a == #b", 4, {5, 5}}},
                                                        {Primitive::not_equal, {"#a != #b", 4, {5, 5}}},
                                                        {Primitive::both, {"#a and #b", 2, {4, 4}}},
                                                        {Primitive::either, {"#a or #b", 1, {4, 4}}},
                                                        {Primitive::negation, {"not #a", 3, {8}}},
                                                        {Primitive::select, {"#b if #a else #c", 0, {1, 1, 1}}}}),
        .number_of_condition = {"(1.0 if #a else 0.0)", 9, {1}},
        .condition_of_number = {"#a != 0.0", 4, {5}},
        .number_of_rows = {"#a"},
        .infinity = "math.inf", .not_a_number = "math.nan",
        .column = &FunctionRow::python, .own_prefix = "", .name_prefix = "math.",
        .reserved = {detail::python_reserved},
        .caveat = "Raises ZeroDivisionError, ValueError or OverflowError where a step has no finite value."},
};
// clang-format on

}  // namespace nabla
