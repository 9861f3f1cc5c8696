#pragma once

// Names of numpy, math, scipy, torch and sympy that mean something of ours under another name, or
// that are written with operators here. They are read behind a module only (np.power), so that they
// take no name away from anybody's variables.

#include <algorithm>
#include <array>
#include <string_view>

#include "lib/core/functions.hpp"
#include "lib/core/special.hpp"
#include "parser/verbs.hpp"

namespace nabla {

struct PythonName {
  std::string_view name, ours;
};

// Sorted.
inline constexpr std::array python_names{
    PythonName{"Abs", row("abs"_fn).name},
    PythonName{"E", "e"},
    PythonName{"Heaviside", row("heaviside"_fn).name},
    PythonName{"Inf", "inf"},
    PythonName{"Infinity", "inf"},
    PythonName{"Max", row("max"_fn).name},
    PythonName{"Min", row("min"_fn).name},
    PythonName{"NAN", "nan"},
    PythonName{"NaN", "nan"},
    PythonName{"absolute", row("abs"_fn).name},
    PythonName{"amax", row("max"_fn).name},
    PythonName{"amin", row("min"_fn).name},
    PythonName{"fix", row("trunc"_fn).name},
    PythonName{"float_power", row("pow"_fn).name},
    PythonName{"gammaln", row("lgamma"_fn).name},
    PythonName{"infty", "inf"},
    PythonName{"inner", "dot"},
    PythonName{"oo", "inf"},
    PythonName{"power", row("pow"_fn).name},
    PythonName{"reduce_max", row("max"_fn).name},
    PythonName{"reduce_mean", "mean"},
    PythonName{"reduce_min", row("min"_fn).name},
    PythonName{"reduce_prod", "prod"},
    PythonName{"reduce_sum", "sum"},
    PythonName{"remainder", row("mod"_fn).name},
    PythonName{"vdot", "dot"},
};
static_assert(std::ranges::is_sorted(python_names, {}, &PythonName::name));

// Our name for that of a module; empty where it is the same or unknown. O(log(rows)).
constexpr std::string_view our_name_for(std::string_view name) {
  const auto row = std::ranges::lower_bound(python_names, name, {}, &PythonName::name);
  return row != python_names.end() && row->name == name ? row->ours : std::string_view();
}

struct PythonFunction {
  std::string_view name;  // with its module, as no name of ours is written
  std::size_t arity;
  Expr (*value)(Expr u, Expr v);
};

// clang-format off
inline constexpr std::array python_functions{
    PythonFunction{"np.square", 1, [](Expr u, Expr) { return pow(u, 2); }},
    PythonFunction{"np.reciprocal", 1, [](Expr u, Expr) { return 1 / u; }},
    PythonFunction{"np.exp2", 1, [](Expr u, Expr) { return pow(number(*u.graph, 2), u); }},
    PythonFunction{"np.negative", 1, [](Expr u, Expr) { return -u; }},
    PythonFunction{"np.positive", 1, [](Expr u, Expr) { return u; }},
    PythonFunction{"np.float64", 1, [](Expr u, Expr) { return u; }},
    PythonFunction{"np.radians", 1, [](Expr u, Expr) { return u * constant(*u.graph, "pi") / 180; }},
    PythonFunction{"np.deg2rad", 1, [](Expr u, Expr) { return u * constant(*u.graph, "pi") / 180; }},
    PythonFunction{"np.degrees", 1, [](Expr u, Expr) { return u * 180 / constant(*u.graph, "pi"); }},
    PythonFunction{"np.rad2deg", 1, [](Expr u, Expr) { return u * 180 / constant(*u.graph, "pi"); }},
    PythonFunction{"np.add", 2, [](Expr u, Expr v) { return u + v; }},
    PythonFunction{"np.subtract", 2, [](Expr u, Expr v) { return u - v; }},
    PythonFunction{"np.multiply", 2, [](Expr u, Expr v) { return u * v; }},
    PythonFunction{"np.divide", 2, [](Expr u, Expr v) { return u / v; }},
    PythonFunction{"np.true_divide", 2, [](Expr u, Expr v) { return u / v; }},
    PythonFunction{"np.floor_divide", 2, [](Expr u, Expr v) { return call("floor"_fn, u / v); }},
    PythonFunction{"np.Rational", 2, [](Expr u, Expr v) { return u / v; }},
    PythonFunction{"np.less", 2, [](Expr u, Expr v) { return less(u, v); }},
    PythonFunction{"np.less_equal", 2, [](Expr u, Expr v) { return less_equal(u, v); }},
    PythonFunction{"np.greater", 2, [](Expr u, Expr v) { return less(v, u); }},
    PythonFunction{"np.greater_equal", 2, [](Expr u, Expr v) { return less_equal(v, u); }},
    PythonFunction{"np.equal", 2, [](Expr u, Expr v) { return equal(u, v); }},
    PythonFunction{"np.not_equal", 2, [](Expr u, Expr v) { return not_equal(u, v); }},
    PythonFunction{"np.logical_and", 2, [](Expr u, Expr v) { return both(u, v); }},
    PythonFunction{"np.logical_or", 2, [](Expr u, Expr v) { return either(u, v); }},
    PythonFunction{"np.logical_not", 1, [](Expr u, Expr) { return negation(u); }},
};
// clang-format on

constexpr const PythonFunction* find_python_function(std::string_view name) {
  const auto row = std::ranges::find(python_functions, name, &PythonFunction::name);
  return row == python_functions.end() ? nullptr : row;
}

// np.array([a, b]) and its kin are the vector itself.
inline constexpr VerbRow array_row{.name = "np.array",
                                   .verb = Verb::array,
                                   .most = 1,
                                   .synopsis = "np.array([a, b])",
                                   .summary = "the vector itself"};
constexpr bool makes_array(std::string_view name) {
  return name == "np.array" || name == "np.asarray" || name == "np.tensor" || name == "np.Matrix";
}

}  // namespace nabla
