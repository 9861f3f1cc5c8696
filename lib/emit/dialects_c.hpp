#pragma once

// The rows of C and its kin.

#include "lib/emit/dialect.hpp"
#include "lib/emit/reserved_words.hpp"

namespace nabla::detail {

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

inline constexpr Layout c_layout{
    .comment_open = "/* ", .comment_line = " * ", .comment_close = " */",
    .head = "#include <math.h>\n", .data_head = "#include <stddef.h>\n",
    .open = "#r #n(#p) {", .close = "}",
    .value_type = "double", .no_type = "void", .no_parameters = "void",
    .number_parameter = "double #n", .column_parameter = "const double* #n",
    .count_parameter = "size_t #n", .array_parameter = "double* #n",
    .count_rows = "", .store = "#n[#i] = #v;", .result = "return #v;", .local = "static "};

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

constexpr Layout cuda_layout() {
  Layout layout = c_layout;
  layout.open = "__host__ __device__ #r #n(#p) {";
  layout.no_parameters = "";
  layout.local = "";
  return layout;
}

constexpr Statements cuda_statements() {
  Statements statements = c_statements;
  statements.condition = "const bool #n = #v;";
  return statements;
}

// clang-format off
inline constexpr Dialect c_row{
    .name = "c", .aliases = "c99", .extension = "c",
    .layout = c_layout, .statements = c_statements,
    .spellings = c_spellings,
    .number_of_condition = {"(#a ? 1.0 : 0.0)", 9, {1}},
    .condition_of_number = {"#a != 0.0", 3, {5}},
    .number_of_rows = {"(double)#a", 7, {8}},
    .infinity = "INFINITY", .not_a_number = "NAN",
    .column = &FunctionRow::c,
    .reserved = {c_reserved},
    .is_reserved = begins_like_the_compiler};

inline constexpr Dialect cpp_row{
    .name = "cpp", .aliases = "c++ cxx", .extension = "cpp",
    .layout = cpp_layout(), .statements = cpp_statements(),
    .spellings = with(c_spellings, {{Primitive::square_root, {"std::sqrt(#a)"}},
                                    {Primitive::power, {"std::pow(#a, #b)"}}}),
    .number_of_condition = {"(#a ? 1.0 : 0.0)", 9, {1}},
    .condition_of_number = {"#a != 0.0", 3, {5}},
    .number_of_rows = {"static_cast<double>(#a)"},
    .infinity = "std::numeric_limits<double>::infinity()",
    .not_a_number = "std::numeric_limits<double>::quiet_NaN()",
    .column = &FunctionRow::c, .own_prefix = "std::", .name_prefix = "std::",
    .reserved = {c_reserved, cpp_reserved},
    .is_reserved = [](std::string_view s) {
      return begins_like_the_compiler(s) || s.find("__") != s.npos;
    }};

inline constexpr Dialect cuda_row{
    .name = "cuda", .aliases = "cu", .extension = "cu",
    .layout = cuda_layout(), .statements = cuda_statements(),
    .spellings = c_spellings,
    .number_of_condition = {"(#a ? 1.0 : 0.0)", 9, {1}},
    .condition_of_number = {"#a != 0.0", 3, {5}},
    .number_of_rows = {"static_cast<double>(#a)"},
    .infinity = "INFINITY", .not_a_number = "NAN",
    .column = &FunctionRow::c,
    .reserved = {c_reserved, cpp_reserved, cuda_reserved},
    .is_reserved = [](std::string_view s) {
      return begins_like_the_compiler(s) || s.find("__") != s.npos;
    }};
// clang-format on

}  // namespace nabla::detail
