#pragma once

// The rows of JavaScript, Rust, Julia, Fortran and MATLAB (and Octave).

#include "lib/emit/dialects_c.hpp"

namespace nabla::detail {

// clang-format off

// --- JavaScript

inline constexpr Helper js_helpers[] = {{"ieeePow(", R"js(
// Math.pow gives NaN for powers of 1 and -1 where IEEE arithmetic gives 1.
function ieeePow(x, y) {
    return x === 1 || (x === -1 && (y === Infinity || y === -Infinity)) ? 1 : Math.pow(x, y);
}
)js"}};

inline constexpr FunctionSpelling js_functions[] = {
    {"rem"_fn, "#a % #b", 6},
    {"erf"_fn, "-"}, {"erfc"_fn, "-"}, {"gamma"_fn, "-"}, {"lgamma"_fn, "-"}};

inline constexpr Dialect js_row{
    .name = "js", .aliases = "javascript ecmascript node", .extension = "js",
    .layout = {
        .comment_open = "/* ", .comment_line = " * ", .comment_close = " */",
        .head = "", .data_head = "",
        .open = "function #n(#p) {", .close = "}",
        .value_type = "", .no_type = "", .no_parameters = "",
        .number_parameter = "#n", .column_parameter = "#n",
        .count_parameter = "", .array_parameter = "#n",
        .count_rows = "const #n = #v.length;", .store = "#n[#i] = #v;", .result = "return #v;"},
    .statements = {
        .number = "const #n = #v;", .condition = "const #n = #v;",
        .start_total = "let #n = 0.0;", .add_row = "#n += #v;",
        .loop = "for (let #i = 0; #i < #n; ++#i) {", .end_loop = "}",
        .element = "#n[#i]", .unused = ""},
    .spellings = with(c_spellings, {{Primitive::square_root, {"Math.sqrt(#a)"}},
                                    {Primitive::power, {"ieeePow(#a, #b)"}},
                                    {Primitive::equal, {"#a === #b", 3, {5, 5}}},
                                    {Primitive::not_equal, {"#a !== #b", 3, {5, 5}}}}),
    .number_of_condition = {"(#a ? 1.0 : 0.0)", 9, {1}},
    .condition_of_number = {"#a !== 0.0", 3, {5}},
    .number_of_rows = {"#a"},
    .infinity = "Infinity", .not_a_number = "NaN",
    .name_prefix = "Math.",
    .functions = js_functions,
    .helpers = js_helpers,
    .reserved = {js_reserved}};

// --- Rust

inline constexpr FunctionSpelling rust_functions[] = {
    {"log"_fn, "f64::ln(#)"}, {"expm1"_fn, "f64::exp_m1"}, {"log1p"_fn, "f64::ln_1p"},
    {"rem"_fn, "#a % #b", 6},
    {"erf"_fn, "-"}, {"erfc"_fn, "-"}, {"gamma"_fn, "-"}, {"lgamma"_fn, "-"}};

inline constexpr Dialect rust_row{
    .name = "rust", .aliases = "rs", .extension = "rs",
    .layout = {
        .comment_open = "/// ", .comment_line = "/// ", .comment_close = "",
        .head = "", .data_head = "",
        .open = "#[allow(non_snake_case)]\npub fn #n(#p)#r {", .close = "}",
        .value_type = " -> f64", .no_type = "", .no_parameters = "",
        .number_parameter = "#n: f64", .column_parameter = "#n: &[f64]",
        .count_parameter = "", .array_parameter = "#n: &mut [f64]",
        .count_rows = "let #n = #v.len();", .store = "#n[#i] = #v;", .result = "#v"},
    .statements = {
        .number = "let #n: f64 = #v;", .condition = "let #n: bool = #v;",
        .start_total = "let mut #n: f64 = 0.0;", .add_row = "#n += #v;",
        .loop = "for #i in 0..#n {", .end_loop = "}",
        .element = "#n[#i]", .unused = "let _ = #n;"},
    .spellings = with(c_spellings, {{Primitive::square_root, {"f64::sqrt(#a)"}},
                                    {Primitive::power, {"f64::powf(#a, #b)"}},
                                    {Primitive::select, {"if #a { #b } else { #c }", 0, {1, 0, 0}}}}),
    .number_of_condition = {"if #a { 1.0 } else { 0.0 }", 0, {1}},
    .condition_of_number = {"#a != 0.0", 3, {5}},
    .number_of_rows = {"(#a as f64)"},
    .infinity = "f64::INFINITY", .not_a_number = "f64::NAN",
    .name_prefix = "f64::",
    .functions = rust_functions,
    .reserved = {rust_reserved}};

// --- Julia

inline constexpr Helper julia_helpers[] = {{"ieee(", R"jl(
# NaN where a function of Julia throws because its value is not real.
function ieee(f, x...)
    try
        return f(x...)
    catch e
        e isa DomainError || rethrow()
        return NaN
    end
end
)jl"}};

inline constexpr FunctionSpelling julia_functions[] = {
    {"log"_fn, "ieee(log, #)"}, {"log2"_fn, "ieee(log2, #)"}, {"log10"_fn, "ieee(log10, #)"},
    {"log1p"_fn, "ieee(log1p, #)"}, {"sin"_fn, "ieee(sin, #)"}, {"cos"_fn, "ieee(cos, #)"},
    {"tan"_fn, "ieee(tan, #)"}, {"asin"_fn, "ieee(asin, #)"}, {"acos"_fn, "ieee(acos, #)"},
    {"acosh"_fn, "ieee(acosh, #)"}, {"atanh"_fn, "ieee(atanh, #)"}, {"atan2"_fn, "atan(#)"},
    {"erf"_fn, "-"}, {"erfc"_fn, "-"}, {"gamma"_fn, "-"}, {"lgamma"_fn, "-"}};

inline constexpr Dialect julia_row{
    .name = "julia", .aliases = "jl", .extension = "jl",
    .layout = {
        .comment_open = "# ", .comment_line = "# ", .comment_close = "",
        .head = "", .data_head = "",
        .open = "function #n(#p)", .close = "end",
        .value_type = "", .no_type = "", .no_parameters = "",
        .number_parameter = "#n::Float64", .column_parameter = "#n::AbstractVector{Float64}",
        .count_parameter = "", .array_parameter = "#n::AbstractVector{Float64}",
        .count_rows = "#n = length(#v)", .store = "#n[#i] = #v", .result = "return #v",
        .first_index = 1},
    .statements = {
        .number = "#n = #v", .condition = "#n = #v",
        .start_total = "#n = 0.0", .add_row = "#n += #v",
        .loop = "for #i in 1:#n", .end_loop = "end",
        .element = "#n[#i]", .unused = ""},
    .spellings = with(c_spellings, {{Primitive::square_root, {"ieee(sqrt, #a)"}},
                                    {Primitive::power, {"ieee(^, #a, #b)"}}}),
    .number_of_condition = {"(#a ? 1.0 : 0.0)", 9, {1}},
    .condition_of_number = {"#a != 0.0", 3, {5}},
    .number_of_rows = {"Float64(#a)"},
    .infinity = "Inf", .not_a_number = "NaN",
    .functions = julia_functions,
    .helpers = julia_helpers,
    .reserved = {julia_reserved}};

// --- Fortran 2008, free form. What it lacks comes from the C library.

inline constexpr Helper fortran_helpers[] = {
    {"ieee_value(", "    use, intrinsic :: ieee_arithmetic, only: ieee_value, ieee_positive_inf, ieee_quiet_nan\n", HelperPlace::top},
    {"c_expm1(", R"f(    interface
        pure function c_expm1(u) bind(c, name='expm1') result(y)
            use, intrinsic :: iso_c_binding, only: c_double
            real(c_double), value :: u
            real(c_double) :: y
        end function
    end interface
)f", HelperPlace::body},
    {"c_log1p(", R"f(    interface
        pure function c_log1p(u) bind(c, name='log1p') result(y)
            use, intrinsic :: iso_c_binding, only: c_double
            real(c_double), value :: u
            real(c_double) :: y
        end function
    end interface
)f", HelperPlace::body},
    {"c_log2(", R"f(    interface
        pure function c_log2(u) bind(c, name='log2') result(y)
            use, intrinsic :: iso_c_binding, only: c_double
            real(c_double), value :: u
            real(c_double) :: y
        end function
    end interface
)f", HelperPlace::body},
    {"c_cbrt(", R"f(    interface
        pure function c_cbrt(u) bind(c, name='cbrt') result(y)
            use, intrinsic :: iso_c_binding, only: c_double
            real(c_double), value :: u
            real(c_double) :: y
        end function
    end interface
)f", HelperPlace::body},
    {"c_floor(", R"f(    interface
        pure function c_floor(u) bind(c, name='floor') result(y)
            use, intrinsic :: iso_c_binding, only: c_double
            real(c_double), value :: u
            real(c_double) :: y
        end function
    end interface
)f", HelperPlace::body},
    {"c_ceil(", R"f(    interface
        pure function c_ceil(u) bind(c, name='ceil') result(y)
            use, intrinsic :: iso_c_binding, only: c_double
            real(c_double), value :: u
            real(c_double) :: y
        end function
    end interface
)f", HelperPlace::body},
    {"c_trunc(", R"f(    interface
        pure function c_trunc(u) bind(c, name='trunc') result(y)
            use, intrinsic :: iso_c_binding, only: c_double
            real(c_double), value :: u
            real(c_double) :: y
        end function
    end interface
)f", HelperPlace::body},
    {"c_fmod(", R"f(    interface
        pure function c_fmod(u, v) bind(c, name='fmod') result(y)
            use, intrinsic :: iso_c_binding, only: c_double
            real(c_double), value :: u, v
            real(c_double) :: y
        end function
    end interface
)f", HelperPlace::body},
    {"c_pow(", R"f(    interface
        pure function c_pow(u, v) bind(c, name='pow') result(y)
            use, intrinsic :: iso_c_binding, only: c_double
            real(c_double), value :: u, v
            real(c_double) :: y
        end function
    end interface
)f", HelperPlace::body},
    {"c_atan2(", R"f(    interface
        pure function c_atan2(u, v) bind(c, name='atan2') result(y)
            use, intrinsic :: iso_c_binding, only: c_double
            real(c_double), value :: u, v
            real(c_double) :: y
        end function
    end interface
)f", HelperPlace::body}};

inline constexpr FunctionSpelling fortran_functions[] = {
    {"expm1"_fn, "c_expm1"}, {"log1p"_fn, "c_log1p"}, {"log2"_fn, "c_log2"}, {"cbrt"_fn, "c_cbrt"},
    {"floor"_fn, "c_floor"}, {"ceil"_fn, "c_ceil"}, {"trunc"_fn, "c_trunc"}, {"rem"_fn, "c_fmod"},
    {"lgamma"_fn, "log_gamma"}, {"atan2"_fn, "c_atan2"}};

inline constexpr Dialect fortran_row{
    .name = "fortran", .aliases = "f90 f95 f03 f08", .extension = "f90",
    .layout = {
        .comment_open = "! ", .comment_line = "! ", .comment_close = "",
        .head = "", .data_head = "",
        .open = "function #n(#p) result(#o)", .close = "end function #n",
        .open_without_value = "subroutine #n(#p)", .close_without_value = "end subroutine #n",
        .value_type = "", .no_type = "", .no_parameters = "",
        .number_parameter = "#n", .column_parameter = "#n",
        .count_parameter = "#n", .array_parameter = "#n",
        .count_rows = "", .store = "#n(#i) = #v", .result = "#o = #v",
        .first_index = 1,
        .preamble = "implicit none",
        .declare_number = "real(kind(1d0)), intent(in) :: #n",
        .declare_column = "real(kind(1d0)), intent(in) :: #n(#k)",
        .declare_count = "integer, intent(in) :: #n",
        .declare_array = "real(kind(1d0)), intent(out) :: #n(#k)",
        .declare_value = "real(kind(1d0)) :: #o",
        .declare_temporary = "real(kind(1d0)) :: #n",
        .declare_condition = "logical :: #n",
        .declare_index = "integer :: #n",
        .longest_line = 120},
    .statements = {
        .number = "#n = #v", .condition = "#n = #v",
        .start_total = "#n = 0.0d0", .add_row = "#n = #n + (#v)",
        .loop = "do #i = 1, #n", .end_loop = "end do",
        .element = "#n(#i)", .unused = ""},
    // No two operators may follow one another, so a sign holds together like a sum.
    .spellings = with(c_spellings, {{Primitive::negate, {"-#a", 5, {6}}},
                                    {Primitive::power, {"c_pow(#a, #b)"}},
                                    {Primitive::equal, {"#a == #b", 4, {5, 5}}},
                                    {Primitive::not_equal, {"#a /= #b", 4, {5, 5}}},
                                    {Primitive::both, {"#a .and. #b", 2, {3, 3}}},
                                    {Primitive::either, {"#a .or. #b", 1, {2, 2}}},
                                    {Primitive::negation, {".not. #a", 3, {4}}},
                                    {Primitive::select, {"merge(#b, #c, #a)"}}}),
    .number_of_condition = {"merge(1.0d0, 0.0d0, #a)"},
    .condition_of_number = {"#a /= 0.0d0", 4, {5}},
    .number_of_rows = {"dble(#a)"},
    .infinity = "ieee_value(1d0, ieee_positive_inf)",
    .not_a_number = "ieee_value(1d0, ieee_quiet_nan)",
    .literal = [](std::string numeral) {
      const auto exponent = numeral.find('e');
      if (exponent == numeral.npos) return numeral + "d0";
      numeral[exponent] = 'd';
      return numeral;
    },
    .functions = fortran_functions,
    .helpers = fortran_helpers,
    .reserved = {fortran_reserved},
    .is_reserved = [](std::string_view s) { return s.starts_with('_'); },
    .folds_case = true, .longest_name = 63};

// --- MATLAB and Octave, whose functions turn to complex numbers where the real ones end

inline constexpr Helper matlab_helpers[] = {{"real_or_nan(", R"m(
function y = real_or_nan(y)
    if ~isreal(y)
        y = NaN;
    end
end
)m", HelperPlace::tail}};

inline constexpr FunctionSpelling matlab_functions[] = {
    {"log"_fn, "real_or_nan(log(#))"}, {"log2"_fn, "real_or_nan(log2(#))"},
    {"log10"_fn, "real_or_nan(log10(#))"}, {"log1p"_fn, "real_or_nan(log1p(#))"},
    {"asin"_fn, "real_or_nan(asin(#))"}, {"acos"_fn, "real_or_nan(acos(#))"},
    {"acosh"_fn, "real_or_nan(acosh(#))"}, {"atanh"_fn, "real_or_nan(atanh(#))"},
    {"cbrt"_fn, "nthroot(#, 3)"}, {"trunc"_fn, "fix"}, {"lgamma"_fn, "-"}};

inline constexpr Dialect matlab_row{
    .name = "matlab", .aliases = "octave m", .extension = "m",
    .layout = {
        .comment_open = "% ", .comment_line = "% ", .comment_close = "", .comment_inside = true,
        .head = "", .data_head = "",
        .open = "function [#o] = #n(#p)", .close = "end",
        .value_type = "", .no_type = "", .no_parameters = "",
        .number_parameter = "#n", .column_parameter = "#n",
        .count_parameter = "", .array_parameter = "",
        .count_rows = "#n = numel(#v);", .store = "#n(#i) = #v;", .result = "#o = #v;",
        .first_index = 1, .returns_arrays = true, .named_results = true,
        .make_gradient = "#n = zeros(1, #k);", .make_hessian = "#n = zeros(#m, #m);"},
    .statements = {
        .number = "#n = #v;", .condition = "#n = #v;",
        .start_total = "#n = 0.0;", .add_row = "#n = #n + (#v);",
        .loop = "for #i = 1:#n", .end_loop = "end",
        .element = "#n(#i)", .unused = "",
        .choose = "if #a, #n = #b; else, #n = #c; end"},
    .spellings = with(c_spellings, {{Primitive::square_root, {"real_or_nan(sqrt(#a))"}},
                                    {Primitive::power, {"real_or_nan((#a) ^ (#b))"}},
                                    {Primitive::equal, {"#a == #b", 4, {5, 5}}},
                                    {Primitive::not_equal, {"#a ~= #b", 4, {5, 5}}},
                                    {Primitive::negation, {"~#a", 7, {8}}}}),
    .number_of_condition = {"double(#a)"},
    .condition_of_number = {"#a ~= 0.0", 4, {5}},
    .number_of_rows = {"#a"},
    .infinity = "Inf", .not_a_number = "NaN",
    .functions = matlab_functions,
    .helpers = matlab_helpers,
    .reserved = {matlab_reserved},
    .is_reserved = [](std::string_view s) { return s.starts_with('_'); },
    .longest_name = 63};
// clang-format on

}  // namespace nabla::detail
