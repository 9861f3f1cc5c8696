#pragma once

// The rows of Python: floats and the module math, and arrays of NumPy.

#include "lib/emit/dialects_c.hpp"

namespace nabla::detail {

// Python raises where IEEE arithmetic has a value. That may happen in a branch that is not taken,
// so code with choices uses these instead; and so does what has to call math for arrays.
inline constexpr Helper python_helpers[] = {{"_each(", R"py(

import math


def _each(f, x):
    """f of every entry."""
    return np.vectorize(lambda u: _ieee(f, float(u)), otypes=[float])(x)
)py"},
                                            {"_whole(", R"py(

def _whole(f, x):
    """f(x) as a float: floor, ceil or trunc."""
    return math.copysign(float(f(x)), x) if x - x == 0.0 else x
)py"},
                                            {"_quotient(", R"py(

def _quotient(a, b):
    """a / b, infinite or NaN where b is 0."""
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)
)py"},
                                            {"_ieee(", R"py(

def _ieee(f, x, *y):
    """f(x, ...), infinite or NaN where Python raises."""
    try:
        return f(x, *y)
    except OverflowError:
        odd = f is math.sinh or f is math.pow and abs(math.fmod(y[0], 2.0)) == 1.0
        return math.copysign(math.inf, x) if odd else math.inf
    except ValueError:
        if f is math.pow and x == 0.0:
            return math.copysign(math.inf, x if abs(math.fmod(y[0], 2.0)) == 1.0 else 1.0)
        if f in (math.log, math.log2, math.log10) and x == 0.0 or f is math.log1p and x == -1.0:
            return -math.inf
        if f is math.atanh and abs(x) == 1.0 or f is math.gamma and x == 0.0:
            return math.copysign(math.inf, x)
        return math.inf if f is math.lgamma and x - x == 0.0 else math.nan
)py"}};

// clang-format off
inline constexpr Layout python_layout{
    .comment_open = "\"\"\"", .comment_line = "", .comment_close = "\"\"\"", .comment_inside = true,
    .head = "import math\n", .data_head = "",
    .open = "def #n(#p):", .close = "",
    .value_type = "", .no_type = "", .no_parameters = "",
    .number_parameter = "#n", .column_parameter = "#n",
    .count_parameter = "", .array_parameter = "",
    .count_rows = "#n = len(#v)", .store = "", .result = "return #v"};

inline constexpr Statements python_statements{
    .number = "#n = #v", .condition = "#n = #v",
    .start_total = "#n = 0.0", .add_row = "#n += #v",
    .loop = "for #i in range(#n):", .end_loop = "",
    .element = "#n[#i]", .unused = ""};

inline constexpr auto python_spellings = with(c_spellings,
    {{Primitive::square_root, {"math.sqrt(#a)"}},
     {Primitive::power, {"math.pow(#a, #b)"}},
     {Primitive::equal, {"#a == #b", 4, {5, 5}}},
     {Primitive::not_equal, {"#a != #b", 4, {5, 5}}},
     {Primitive::both, {"#a and #b", 2, {4, 4}}},
     {Primitive::either, {"#a or #b", 1, {4, 4}}},
     {Primitive::negation, {"not #a", 3, {8}}},
     {Primitive::select, {"#b if #a else #c", 0, {1, 1, 1}}}});

// `f` names the function of math to hand over to a helper.
inline constexpr FunctionSpelling python_functions_with_choices[] = {
    {"abs"_fn, "abs(#)"},
    {"floor"_fn, "_whole(math.floor, #)"}, {"ceil"_fn, "_whole(math.ceil, #)"},
    {"trunc"_fn, "_whole(math.trunc, #)"}, {"rem"_fn, "_ieee(math.fmod, #)"}};

inline constexpr Dialect python_with_choices{
    .name = "python", .aliases = "", .extension = "py",
    .layout = python_layout, .statements = python_statements,
    .spellings = with(python_spellings, {{Primitive::divide, {"_quotient(#a, #b)"}},
                                         {Primitive::square_root, {"_ieee(math.sqrt, #a)"}},
                                         {Primitive::power, {"_ieee(math.pow, #a, #b)"}}}),
    .number_of_condition = {"(1.0 if #a else 0.0)", 9, {1}},
    .condition_of_number = {"#a != 0.0", 4, {5}},
    .number_of_rows = {"#a"},
    .infinity = "math.inf", .not_a_number = "math.nan",
    .name_prefix = "math.", .call = "_ieee(#n, #p)",
    .functions = python_functions_with_choices,
    .helpers = python_helpers,
    .reserved = {python_reserved}};

inline constexpr Dialect python_row{
    .name = "python", .aliases = "py", .extension = "py",
    .layout = python_layout, .statements = python_statements,
    .spellings = python_spellings,
    .number_of_condition = {"(1.0 if #a else 0.0)", 9, {1}},
    .condition_of_number = {"#a != 0.0", 4, {5}},
    .number_of_rows = {"#a"},
    .infinity = "math.inf", .not_a_number = "math.nan",
    .column = &FunctionRow::python, .name_prefix = "math.",
    .helpers = python_helpers,
    .reserved = {python_reserved},
    .caveat = "Raises ZeroDivisionError, ValueError or OverflowError where a step has no finite value.",
    .with_choices = &python_with_choices};

// Parameters are numbers or arrays that fit together; every result has their common shape, also a
// constant one.
constexpr Layout numpy_layout() {
  Layout layout = python_layout;
  layout.head = "import numpy as np\n";
  layout.open = "@np.errstate(all=\"ignore\")\ndef #n(#p):";
  layout.store = "#n[#i] = #v";
  layout.returns_arrays = true;
  layout.value = "np.array(np.broadcast_to(#v, shape))";
  layout.prepare_number = "#n = np.asarray(#n, dtype=float)";
  layout.prepare = "shape = np.broadcast_shapes(*[np.shape(a) for a in [#p]])";
  layout.make_gradient = "#n = np.empty((#k,) + shape)";
  layout.make_hessian = "#n = np.empty((#k,) + shape)";
  layout.finish_hessian = "#n = #n.reshape((#m, #m) + shape)";
  return layout;
}

inline constexpr FunctionSpelling numpy_functions[] = {
    {"asin"_fn, "np.arcsin"}, {"acos"_fn, "np.arccos"}, {"atan"_fn, "np.arctan"},
    {"atan2"_fn, "np.arctan2"}, {"asinh"_fn, "np.arcsinh"}, {"acosh"_fn, "np.arccosh"},
    {"atanh"_fn, "np.arctanh"}, {"rem"_fn, "np.fmod"},
    {"erf"_fn, "_each(math.erf, #)"}, {"erfc"_fn, "_each(math.erfc, #)"},
    {"gamma"_fn, "_each(math.gamma, #)"}, {"lgamma"_fn, "_each(math.lgamma, #)"}};

inline constexpr Dialect numpy_row{
    .name = "numpy", .aliases = "np", .extension = "py",
    .layout = numpy_layout(), .statements = python_statements,
    .spellings = with(python_spellings, {{Primitive::square_root, {"np.sqrt(#a)"}},
                                         {Primitive::power, {"np.power(#a, #b)"}},
                                         {Primitive::both, {"np.logical_and(#a, #b)"}},
                                         {Primitive::either, {"np.logical_or(#a, #b)"}},
                                         {Primitive::negation, {"np.logical_not(#a)"}},
                                         {Primitive::select, {"np.where(#a, #b, #c)"}}}),
    .number_of_condition = {"np.where(#a, 1.0, 0.0)"},
    .condition_of_number = {"#a != 0.0", 4, {5}},
    .number_of_rows = {"float(#a)"},
    .infinity = "np.inf", .not_a_number = "np.nan",
    .name_prefix = "np.",
    .functions = numpy_functions,
    .helpers = python_helpers,
    .reserved = {python_reserved, numpy_reserved}};
// clang-format on

}  // namespace nabla::detail
