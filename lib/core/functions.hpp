#pragma once

// THE function table: one row per elementary function, and the only place that lists them. Parser,
// derivative, simplifier, evaluators, printers, code generators, help text and tests read these
// rows.
//
// To add a function, add a row. `ctest -R FunctionTable` then checks it: partials against
// differences, parity, exact values, identities, printing, generated code.

#include <math.h>

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <type_traits>

#include "lib/core/build.hpp"
#include "lib/core/expr.hpp"
#include "lib/core/special.hpp"

namespace nabla {

// A row gets its meaning in one of three ways:
//  - a machine function on doubles, called by evaluators and spelled per target by generators;
//  - Lowered: an expression of other rows that evaluators and generators use in its place, so that
//  it
//    is the same, bit for bit, in all of them; differentiation still sees the function itself;
//  - Shorthand: an expression put in its place as soon as it is written (sec u is 1/cos u).
using Meaning = Expr (*)(Args);
struct Lowered {
  int arity;
  Meaning expression;
};
struct Shorthand {
  int arity;
  Meaning expression;
};
struct Value {
  enum class Kind : std::uint8_t { machine, lowered, shorthand } kind;
  int arity;
  double (*unary)(double) = nullptr;
  double (*binary)(double, double) = nullptr;
  Meaning expression = nullptr;

  constexpr Value(double (*f)(double)) : kind(Kind::machine), arity(1), unary(f) {}
  constexpr Value(double (*f)(double, double)) : kind(Kind::machine), arity(2), binary(f) {}
  constexpr Value(Lowered d) : kind(Kind::lowered), arity(d.arity), expression(d.expression) {}
  constexpr Value(Shorthand d) : kind(Kind::shorthand), arity(d.arity), expression(d.expression) {}
};

// How to differentiate by each operand; a partial may use the operands and the value y.
// Branch says where the function equals its first operand (elsewhere it equals the second), so that
// the derivative is selected and never multiplied by 0 or 1. `undefined` marks an operand without a
// derivative: differentiating by it is an error, never a silent zero.
struct Undefined {};
inline constexpr Undefined undefined;
struct Branch {
  Meaning first_where;
};
struct Partials {
  enum class Kind : std::uint8_t { none, each, branch } kind = Kind::none;
  int count = 0;
  std::array<Meaning, 2> by{};
  std::array<bool, 2> defined{};

  constexpr Partials() = default;
  constexpr Partials(Meaning u) : kind(Kind::each), count(1), by{u}, defined{true} {}
  constexpr Partials(Meaning u, Meaning v)
      : kind(Kind::each), count(2), by{u, v}, defined{true, true} {}
  constexpr Partials(Undefined, Meaning v)
      : kind(Kind::each), count(2), by{v, v}, defined{false, true} {}
  constexpr Partials(Branch b)
      : kind(Kind::branch), count(2), by{b.first_where}, defined{true, true} {}
};

enum class Parity : std::uint8_t { none, even, odd };

// Arguments for which the value is a real number; `open` excludes the ends.
struct Domain {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool open = false;
};

// Where tests draw arguments: well inside the domain, away from poles.
struct Sample {
  double low = -3, high = 3;
};

// Points where the derivative jumps; what it is worth there is said in `summary`.
enum class Kink : std::uint8_t { none, at_zero, at_integers, at_half_integers, at_equality };

// Exact results for exact arguments; nothing where the result is no rational number.
struct Exact {
  std::optional<Number> (*unary)(const Number&) = nullptr;
  std::optional<Number> (*binary)(const Number&, const Number&) = nullptr;
  int arity = 0;

  constexpr Exact() = default;
  template <typename F>
  requires std::is_invocable_v<F, const Number&>
  constexpr Exact(F f) : unary(f), arity(1) {}
  template <typename F>
  requires std::is_invocable_v<F, const Number&, const Number&>
  constexpr Exact(F f) : binary(f), arity(2) {}
};

// How a call is set on paper: by its name, or by a sign around the operand.
enum class Notation : std::uint8_t { call, exponential, root, cube_root, bars, floor, ceiling };

struct FunctionRow {
  std::string_view name;               // what the parser reads and the printer writes
  std::string_view aliases = {};       // further spellings, separated by spaces
  std::string_view summary;            // one line of help
  std::string_view latex = {};         // the name in LaTeX; empty: \operatorname{name}
  Notation notation = Notation::call;  // on paper
  std::string_view c = {};             // machine functions: spelling in C; empty: the name
  std::string_view python = {};        // "#" pattern or spelling; empty: math.name
  Value value;
  Partials partials = {};
  Parity parity = Parity::none;
  bool commutative = false;  // f(u, v) = f(v, u)
  bool variadic = false;     // f(u, v, w) reads as f(f(u, v), w)
  Domain domain = {}, second_domain = {};
  Sample sample = {}, second_sample = {};
  Kink kink = Kink::none;
  int cost = 20;  // in additions; guides extraction and benchmarks
  Exact exact = {};
  std::string_view identities = {};  // rules of this function alone, "lhs = rhs; ..."
  std::string_view undoes = {};      // g with f(g(u)) = u for every real u; done at construction
};

// clang-format off
inline constexpr double infinite = std::numeric_limits<double>::infinity();

inline constexpr std::array functions{
    // --- exponential and logarithm
    FunctionRow{.name = "exp", .summary = "exponential function", .notation = Notation::exponential, .value = ::exp,
                .partials = {[](Args a) { return a.y; }},
                .exact = [](const Number& u) { return exact_at(u, 0, 1); },
                .identities = "exp(0) = 1; exp(log(u)) = u"},
    FunctionRow{.name = "log", .aliases = "ln", .summary = "natural logarithm", .latex = "\\ln", .value = ::log,
                .partials = {[](Args a) { return 1 / a.u; }},
                .domain = {.low = 0, .open = true}, .sample = {0.1, 4},
                .exact = [](const Number& u) { return exact_at(u, 1, 0); },
                .identities = "log(1) = 0; log(exp(u)) = u", .undoes = "exp"},
    FunctionRow{.name = "log", .summary = "logarithm to a base, log(x, base)",
                .value = Shorthand{2, log_to_base},
                .domain = {.low = 0, .open = true}, .second_domain = {.low = 0, .open = true},
                .sample = {0.1, 4}, .second_sample = {1.5, 4}},
    FunctionRow{.name = "expm1", .summary = "exp(u) - 1, accurate near 0", .value = ::expm1,
                .partials = {[](Args a) { return call("exp", a.u); }},
                .exact = [](const Number& u) { return exact_at(u, 0, 0); }, .identities = "expm1(0) = 0"},
    FunctionRow{.name = "log1p", .summary = "log(1 + u), accurate near 0", .value = ::log1p,
                .partials = {[](Args a) { return 1 / (1 + a.u); }},
                .domain = {.low = -1, .open = true}, .sample = {-0.9, 4},
                .exact = [](const Number& u) { return exact_at(u, 0, 0); }, .identities = "log1p(0) = 0", .undoes = "expm1"},
    FunctionRow{.name = "log2", .summary = "logarithm to base 2", .latex = "\\log_2", .value = ::log2,
                .partials = {[](Args a) { return 1 / (a.u * call("log", number(*a.u.graph, 2))); }},
                .domain = {.low = 0, .open = true}, .sample = {0.1, 4},
                .exact = [](const Number& u) { return exact_logarithm(u, 2); }, .identities = "log2(8) = 3"},
    FunctionRow{.name = "log10", .aliases = "lg", .summary = "logarithm to base 10", .latex = "\\log_{10}", .value = ::log10,
                .partials = {[](Args a) { return 1 / (a.u * call("log", number(*a.u.graph, 10))); }},
                .domain = {.low = 0, .open = true}, .sample = {0.1, 4},
                .exact = [](const Number& u) { return exact_logarithm(u, 10); }, .identities = "log10(100) = 2"},

    // --- roots and powers
    FunctionRow{.name = "sqrt", .aliases = "√", .summary = "square root, u^(1/2)", .notation = Notation::root,
                .value = Shorthand{1, [](Args a) { return pow(a.u, rational(*a.u.graph, 1, 2)); }},
                .domain = {.low = 0}, .sample = {0.1, 4}, .cost = 6},
    FunctionRow{.name = "cbrt", .summary = "real cube root, also of negative numbers", .notation = Notation::cube_root, .value = ::cbrt,
                .partials = {[](Args a) { return 1 / (3 * pow(a.y, 2)); }},
                .parity = Parity::odd, .sample = {0.1, 4}, .exact = exact_cube_root, .identities = "cbrt(u)^3 = u"},
    FunctionRow{.name = "hypot", .summary = "sqrt(u^2 + v^2) without overflow", .value = ::hypot,
                .partials = {[](Args a) { return a.u / a.y; }, [](Args a) { return a.v / a.y; }},
                .commutative = true, .sample = {0.2, 3}, .second_sample = {0.2, 3}, .cost = 10},
    FunctionRow{.name = "pow", .summary = "power, u^v", .value = Shorthand{2, [](Args a) { return pow(a.u, a.v); }},
                .sample = {0.2, 3}},
    FunctionRow{.name = "factorial", .summary = "u!, which is gamma(u + 1)",
                .value = Shorthand{1, [](Args a) { return call("gamma", a.u + 1); }},
                .sample = {0.2, 4}},

    // --- trigonometric
    FunctionRow{.name = "sin", .summary = "sine", .latex = "\\sin", .value = ::sin,
                .partials = {[](Args a) { return call("cos", a.u); }},
                .parity = Parity::odd, .exact = [](const Number& u) { return exact_at(u, 0, 0); },
                .identities = "sin(0) = 0"},
    FunctionRow{.name = "cos", .summary = "cosine", .latex = "\\cos", .value = ::cos,
                .partials = {[](Args a) { return -call("sin", a.u); }},
                .parity = Parity::even, .exact = [](const Number& u) { return exact_at(u, 0, 1); },
                .identities = "cos(0) = 1"},
    FunctionRow{.name = "tan", .summary = "tangent", .latex = "\\tan", .value = ::tan,
                .partials = {[](Args a) { return pow(a.y, 2) + 1; }},
                .parity = Parity::odd, .sample = {-1.3, 1.3},
                .exact = [](const Number& u) { return exact_at(u, 0, 0); }, .identities = "tan(0) = 0"},
    FunctionRow{.name = "sec", .summary = "secant, 1/cos(u)", .latex = "\\sec",
                .value = Shorthand{1, [](Args a) { return 1 / call("cos", a.u); }}, .sample = {-1.3, 1.3}},
    FunctionRow{.name = "csc", .aliases = "cosec", .summary = "cosecant, 1/sin(u)", .latex = "\\csc",
                .value = Shorthand{1, [](Args a) { return 1 / call("sin", a.u); }}, .sample = {0.2, 2.9}},
    FunctionRow{.name = "cot", .aliases = "cotan", .summary = "cotangent, 1/tan(u)", .latex = "\\cot",
                .value = Shorthand{1, [](Args a) { return 1 / call("tan", a.u); }}, .sample = {0.2, 1.3}},
    FunctionRow{.name = "asin", .aliases = "arcsin", .summary = "inverse sine", .latex = "\\arcsin", .value = ::asin,
                .partials = {[](Args a) { return 1 / call("sqrt", (1 - a.u) * (1 + a.u)); }},
                .parity = Parity::odd, .domain = {.low = -1, .high = 1}, .sample = {-0.9, 0.9},
                .exact = [](const Number& u) { return exact_at(u, 0, 0); },
                .identities = "asin(0) = 0; sin(asin(u)) = u"},
    FunctionRow{.name = "acos", .aliases = "arccos", .summary = "inverse cosine", .latex = "\\arccos", .value = ::acos,
                .partials = {[](Args a) { return -1 / call("sqrt", (1 - a.u) * (1 + a.u)); }},
                .domain = {.low = -1, .high = 1}, .sample = {-0.9, 0.9},
                .exact = [](const Number& u) { return exact_at(u, 1, 0); },
                .identities = "acos(1) = 0; cos(acos(u)) = u"},
    FunctionRow{.name = "atan", .aliases = "arctan", .summary = "inverse tangent", .latex = "\\arctan", .value = ::atan,
                .partials = {[](Args a) { return 1 / (pow(a.u, 2) + 1); }},
                .parity = Parity::odd, .exact = [](const Number& u) { return exact_at(u, 0, 0); },
                .identities = "atan(0) = 0; tan(atan(u)) = u"},
    FunctionRow{.name = "asec", .aliases = "arcsec", .summary = "inverse secant, acos(1/u)",
                .value = Shorthand{1, [](Args a) { return call("acos", 1 / a.u); }}, .sample = {1.2, 4}},
    FunctionRow{.name = "acsc", .aliases = "arccsc", .summary = "inverse cosecant, asin(1/u)",
                .value = Shorthand{1, [](Args a) { return call("asin", 1 / a.u); }}, .sample = {1.2, 4}},
    FunctionRow{.name = "acot", .aliases = "arccot", .summary = "inverse cotangent, atan(1/u)",
                .value = Shorthand{1, [](Args a) { return call("atan", 1 / a.u); }}, .sample = {0.2, 3}},
    FunctionRow{.name = "atan2", .aliases = "arctan2", .summary = "angle of the point (v, u), atan2(y, x)", .value = ::atan2,
                .partials = {[](Args a) { return a.v / (pow(a.u, 2) + pow(a.v, 2)); },
                             [](Args a) { return -a.u / (pow(a.u, 2) + pow(a.v, 2)); }},
                .sample = {0.2, 3}, .second_sample = {0.2, 3}},

    // --- hyperbolic
    FunctionRow{.name = "sinh", .summary = "hyperbolic sine", .latex = "\\sinh", .value = ::sinh,
                .partials = {[](Args a) { return call("cosh", a.u); }},
                .parity = Parity::odd, .cost = 30, .exact = [](const Number& u) { return exact_at(u, 0, 0); },
                .identities = "sinh(0) = 0"},
    FunctionRow{.name = "cosh", .summary = "hyperbolic cosine", .latex = "\\cosh", .value = ::cosh,
                .partials = {[](Args a) { return call("sinh", a.u); }},
                .parity = Parity::even, .cost = 30, .exact = [](const Number& u) { return exact_at(u, 0, 1); },
                .identities = "cosh(0) = 1"},
    FunctionRow{.name = "tanh", .summary = "hyperbolic tangent", .latex = "\\tanh", .value = ::tanh,
                // not 1 - y^2, which loses every digit for large |u|
                .partials = {[](Args a) { return 1 / pow(call("cosh", a.u), 2); }},
                .parity = Parity::odd, .exact = [](const Number& u) { return exact_at(u, 0, 0); },
                .identities = "tanh(0) = 0"},
    FunctionRow{.name = "sech", .summary = "hyperbolic secant, 1/cosh(u)",
                .value = Shorthand{1, [](Args a) { return 1 / call("cosh", a.u); }}},
    FunctionRow{.name = "csch", .summary = "hyperbolic cosecant, 1/sinh(u)",
                .value = Shorthand{1, [](Args a) { return 1 / call("sinh", a.u); }}, .sample = {0.2, 3}},
    FunctionRow{.name = "coth", .summary = "hyperbolic cotangent, 1/tanh(u)", .latex = "\\coth",
                .value = Shorthand{1, [](Args a) { return 1 / call("tanh", a.u); }}, .sample = {0.2, 3}},
    FunctionRow{.name = "asinh", .aliases = "arcsinh arsinh", .summary = "inverse hyperbolic sine", .value = ::asinh,
                .partials = {[](Args a) { return 1 / call("sqrt", pow(a.u, 2) + 1); }},
                .parity = Parity::odd, .exact = [](const Number& u) { return exact_at(u, 0, 0); },
                .identities = "asinh(0) = 0; sinh(asinh(u)) = u", .undoes = "sinh"},
    FunctionRow{.name = "acosh", .aliases = "arccosh arcosh", .summary = "inverse hyperbolic cosine", .value = ::acosh,
                // two roots: u^2 - 1 overflows for large u and cancels near 1
                .partials = {[](Args a) { return 1 / (call("sqrt", a.u - 1) * call("sqrt", a.u + 1)); }},
                .domain = {.low = 1}, .sample = {1.1, 4},
                .exact = [](const Number& u) { return exact_at(u, 1, 0); },
                .identities = "acosh(1) = 0; cosh(acosh(u)) = u"},
    FunctionRow{.name = "atanh", .aliases = "arctanh artanh", .summary = "inverse hyperbolic tangent", .value = ::atanh,
                .partials = {[](Args a) { return 1 / ((1 - a.u) * (1 + a.u)); }},
                .parity = Parity::odd, .domain = {.low = -1, .high = 1, .open = true}, .sample = {-0.9, 0.9},
                .exact = [](const Number& u) { return exact_at(u, 0, 0); },
                .identities = "atanh(0) = 0; tanh(atanh(u)) = u", .undoes = "tanh"},
    FunctionRow{.name = "asech", .aliases = "arcsech", .summary = "inverse hyperbolic secant, acosh(1/u)",
                .value = Shorthand{1, [](Args a) { return call("acosh", 1 / a.u); }}, .sample = {0.1, 0.9}},
    FunctionRow{.name = "acsch", .aliases = "arccsch", .summary = "inverse hyperbolic cosecant, asinh(1/u)",
                .value = Shorthand{1, [](Args a) { return call("asinh", 1 / a.u); }}, .sample = {0.2, 3}},
    FunctionRow{.name = "acoth", .aliases = "arccoth", .summary = "inverse hyperbolic cotangent, atanh(1/u)",
                .value = Shorthand{1, [](Args a) { return call("atanh", 1 / a.u); }}, .sample = {1.2, 4}},

    // --- steps, kinks, choices
    FunctionRow{.name = "abs", .aliases = "fabs", .summary = "absolute value; derivative 0 at 0", .notation = Notation::bars,
                .c = "fabs", .python = "abs", .value = ::fabs,
                .partials = {[](Args a) { return call("sign", a.u); }},
                .parity = Parity::even, .sample = {0.1, 3}, .kink = Kink::at_zero, .cost = 1,
                .exact = [](const Number& u) { return std::optional(u.sign() < 0 ? -u : u); },
                .identities = "abs(u)^2 = u^2"},
    FunctionRow{.name = "sign", .aliases = "sgn signum", .summary = "-1, 0 or 1; derivative 0", .latex = "\\operatorname{sgn}",
                .value = Lowered{1, [](Args a) { return select(less(literal(*a.u.graph, 0), a.u), literal(*a.u.graph, 1),
                                                               select(less(a.u, literal(*a.u.graph, 0)), literal(*a.u.graph, -1), a.u)); }},
                .partials = {[](Args a) { return number(*a.u.graph, 0); }},
                .parity = Parity::odd, .sample = {0.1, 3}, .kink = Kink::at_zero, .cost = 2,
                .exact = [](const Number& u) { return std::optional(Number(u.sign())); },
                .identities = "sign(u)*abs(u) = u"},
    FunctionRow{.name = "heaviside", .aliases = "step", .summary = "0 below 0, 1 above, 1/2 at 0; derivative 0", .latex = "\\theta",
                .value = Lowered{1, [](Args a) { return (call("sign", a.u) + 1) * rational(*a.u.graph, 1, 2); }},
                .partials = {[](Args a) { return number(*a.u.graph, 0); }},
                .sample = {0.1, 3}, .kink = Kink::at_zero, .cost = 3,
                .exact = [](const Number& u) { return std::optional(Number::ratio(u.sign() + 1, 2)); }},
    FunctionRow{.name = "floor", .summary = "largest integer not above u; derivative 0", .notation = Notation::floor, .python = "float(math.floor(#))",
                .value = ::floor, .partials = {[](Args a) { return number(*a.u.graph, 0); }},
                .sample = {0.1, 0.9}, .kink = Kink::at_integers, .cost = 1,
                .exact = [](const Number& u) { return std::optional(u.floor()); }},
    FunctionRow{.name = "ceil", .aliases = "ceiling", .summary = "smallest integer not below u; derivative 0", .notation = Notation::ceiling, .python = "float(math.ceil(#))",
                .value = ::ceil, .partials = {[](Args a) { return number(*a.u.graph, 0); }},
                .sample = {0.1, 0.9}, .kink = Kink::at_integers, .cost = 1,
                .exact = [](const Number& u) { return std::optional(-(-u).floor()); }},
    FunctionRow{.name = "trunc", .summary = "u without its fraction; derivative 0", .python = "float(math.trunc(#))",
                .value = ::trunc, .partials = {[](Args a) { return number(*a.u.graph, 0); }},
                .parity = Parity::odd, .sample = {0.1, 0.9}, .kink = Kink::at_integers, .cost = 1,
                .exact = [](const Number& u) { return std::optional(u.sign() < 0 ? -(-u).floor() : u.floor()); }},
    FunctionRow{.name = "round", .summary = "nearest integer, halves away from 0; derivative 0",
                .value = Lowered{1, round_half_away},
                .partials = {[](Args a) { return number(*a.u.graph, 0); }},
                .parity = Parity::odd, .sample = {0.1, 0.4}, .kink = Kink::at_half_integers, .cost = 4,
                .exact = [](const Number& u) {
                  const Number half = Number::ratio(1, 2);
                  return std::optional(u.sign() < 0 ? -(half - u).floor() : (u + half).floor());
                }},
    FunctionRow{.name = "min", .aliases = "minimum", .summary = "smallest operand; the first one's derivative where they are equal", .latex = "\\min",
                .value = Lowered{2, [](Args a) { return select(less_equal(a.u, a.v), a.u, select(less(a.v, a.u), a.v, a.u + a.v)); }},
                .partials = {Branch{[](Args a) { return less_equal(a.u, a.v); }}},
                .commutative = true, .variadic = true, .sample = {0, 1}, .second_sample = {1.5, 3},
                .kink = Kink::at_equality, .cost = 2,
                .exact = [](const Number& u, const Number& v) { return std::optional(u < v ? u : v); },
                .identities = "min(u, u) = u"},
    FunctionRow{.name = "max", .aliases = "maximum", .summary = "largest operand; the first one's derivative where they are equal", .latex = "\\max",
                .value = Lowered{2, [](Args a) { return select(less_equal(a.v, a.u), a.u, select(less(a.u, a.v), a.v, a.u + a.v)); }},
                .partials = {Branch{[](Args a) { return less_equal(a.v, a.u); }}},
                .commutative = true, .variadic = true, .sample = {0, 1}, .second_sample = {1.5, 3},
                .kink = Kink::at_equality, .cost = 2,
                .exact = [](const Number& u, const Number& v) { return std::optional(u < v ? v : u); },
                .identities = "max(u, u) = u"},
    FunctionRow{.name = "clamp", .aliases = "clip", .summary = "u held between v and w, min(max(u, v), w)",
                .value = Shorthand{3, [](Args a) { return call("min", call("max", a.u, a.v), a.w); }}},
    FunctionRow{.name = "mod", .summary = "remainder with the sign of v, u - v*floor(u/v)",
                .value = Lowered{2, floored_remainder},
                .partials = {[](Args a) { return number(*a.u.graph, 1); }, [](Args a) { return -call("floor", a.u / a.v); }},
                .sample = {0.2, 1}, .second_sample = {1.5, 3}, .kink = Kink::at_integers, .cost = 10,
                .exact = [](const Number& u, const Number& v) { return v.is_zero() ? std::nullopt : std::optional(u - v * (u / v).floor()); }},
    FunctionRow{.name = "rem", .aliases = "fmod", .summary = "remainder with the sign of u", .c = "fmod", .python = "math.fmod",
                .value = ::fmod,
                .partials = {[](Args a) { return number(*a.u.graph, 1); }, [](Args a) { return -call("trunc", a.u / a.v); }},
                .sample = {0.2, 1}, .second_sample = {1.5, 3}, .kink = Kink::at_integers, .cost = 10},

    // --- learning
    FunctionRow{.name = "sigmoid", .aliases = "logistic expit", .summary = "1/(1 + exp(-u)) without overflow", .latex = "\\sigma",
                .value = Lowered{1, sigmoid_without_overflow},
                // not y (1 - y), which loses every digit for large u
                .partials = {[](Args a) { return a.y * call("sigmoid", -a.u); }},
                .exact = [](const Number& u) { return u.is_zero() ? std::optional(Number::ratio(1, 2)) : std::nullopt; },
                .identities = "sigmoid(u) = 1/(1 + exp(-u))"},
    FunctionRow{.name = "softplus", .summary = "log(1 + exp(u)) without overflow",
                .value = Lowered{1, [](Args a) { return call("max", a.u, number(*a.u.graph, 0)) + call("log1p", call("exp", -call("abs", a.u))); }},
                .partials = {[](Args a) { return call("sigmoid", a.u); }},
                .cost = 40, .identities = "softplus(u) = log(1 + exp(u))"},
    FunctionRow{.name = "relu", .summary = "max(u, 0)",
                .value = Shorthand{1, [](Args a) { return call("max", a.u, number(*a.u.graph, 0)); }}, .sample = {0.1, 3}},
    FunctionRow{.name = "logsumexp", .aliases = "logaddexp", .summary = "log(exp(u) + exp(v)) without overflow",
                .value = Lowered{2, [](Args a) { return call("max", a.u, a.v) + call("log1p", call("exp", -call("abs", a.u - a.v))); }},
                .partials = {[](Args a) { return call("sigmoid", a.u - a.v); }, [](Args a) { return call("sigmoid", a.v - a.u); }},
                .commutative = true, .variadic = true, .cost = 40,
                .identities = "logsumexp(u, v) = log(exp(u) + exp(v))"},

    // --- special functions
    FunctionRow{.name = "erf", .summary = "error function", .value = ::erf,
                .partials = {[](Args a) { return 2 / call("sqrt", constant(*a.u.graph, "pi")) * call("exp", -pow(a.u, 2)); }},
                .parity = Parity::odd, .exact = [](const Number& u) { return exact_at(u, 0, 0); }, .identities = "erf(0) = 0"},
    FunctionRow{.name = "erfc", .summary = "1 - erf(u), accurate for large u", .value = ::erfc,
                .partials = {[](Args a) { return -2 / call("sqrt", constant(*a.u.graph, "pi")) * call("exp", -pow(a.u, 2)); }},
                .exact = [](const Number& u) { return exact_at(u, 0, 1); }, .identities = "erfc(u) = 1 - erf(u)"},
    FunctionRow{.name = "gamma", .aliases = "tgamma Gamma", .summary = "gamma function", .latex = "\\Gamma", .c = "tgamma",
                .value = ::tgamma, .partials = {[](Args a) { return a.y * call("digamma", a.u); }},
                .sample = {0.3, 4}, .cost = 60, .exact = exact_gamma, .identities = "gamma(u + 1) = u*gamma(u)"},
    FunctionRow{.name = "lgamma", .aliases = "loggamma", .summary = "log(abs(gamma(u)))", .value = ::lgamma,
                .partials = {[](Args a) { return call("digamma", a.u); }},
                .sample = {0.3, 4}, .cost = 60, .identities = "lgamma(1) = 0"},
    FunctionRow{.name = "digamma", .aliases = "psi", .summary = "derivative of log(gamma(u))", .latex = "\\psi",
                .value = Lowered{1, digamma_series},
                .partials = {[](Args a) { return call("polygamma", number(*a.u.graph, 1), a.u); }},
                .sample = {0.3, 4}, .cost = 120, .identities = "digamma(u + 1) = digamma(u) + 1/u"},
    FunctionRow{.name = "polygamma", .summary = "u-th derivative of digamma at v; u a literal 0, 1, 2, ...",
                .value = Lowered{2, polygamma_series},
                .partials = {undefined, [](Args a) { return call("polygamma", a.u + 1, a.v); }},
                .sample = {1, 1}, .second_sample = {0.3, 4}, .cost = 150,
                .identities = "polygamma(0, u) = digamma(u)"},
};
// clang-format on

static_assert(functions.size() < 256);

constexpr const FunctionRow& row(Fn f) { return functions[static_cast<std::size_t>(f)]; }

// Calls visit(spelling) for the name and each alias of a row.
constexpr void for_each_spelling(std::string_view name, std::string_view aliases, auto visit) {
  visit(name);
  while (!aliases.empty()) {
    const std::size_t end = aliases.find(' ') == aliases.npos ? aliases.size() : aliases.find(' ');
    visit(aliases.substr(0, end));
    aliases.remove_prefix(end == aliases.size() ? end : end + 1);
  }
}

namespace detail {

// Open-addressing index over all spellings, built while compiling.
struct SpellingIndex {
  static constexpr std::size_t size = 512;
  struct Slot {
    std::string_view text;
    std::uint8_t row = 0;
  };
  std::array<Slot, size> slots{};

  static constexpr std::size_t hash(std::string_view s) {
    std::uint32_t h = 2166136261u;
    for (const char c : s) h = (h ^ static_cast<std::uint8_t>(c)) * 16777619u;
    return (h ^ (h >> 15)) % size;
  }
};

inline constexpr SpellingIndex spelling_index = [] {
  SpellingIndex result;
  for (std::size_t i = 0; i < functions.size(); ++i) {
    for_each_spelling(functions[i].name, functions[i].aliases, [&](std::string_view s) {
      std::size_t at = SpellingIndex::hash(s);
      for (; !result.slots[at].text.empty(); at = (at + 1) % SpellingIndex::size) {
        // Two rows may share a spelling when they differ in the number of operands.
        if (result.slots[at].text == s &&
            functions[result.slots[at].row].value.arity == functions[i].value.arity) {
          throw "two rows of the function table share a spelling and a number of operands";
        }
      }
      result.slots[at] = {s, static_cast<std::uint8_t>(i)};
    });
  }
  return result;
}();

}  // namespace detail

// The row of a spelling with that many operands (any number when arity is 0; the first row then).
constexpr std::optional<Fn> find_function(std::string_view spelling, int arity = 0) {
  using Index = detail::SpellingIndex;
  for (std::size_t at = Index::hash(spelling); !detail::spelling_index.slots[at].text.empty();
       at = (at + 1) % Index::size) {
    const auto& slot = detail::spelling_index.slots[at];
    if (slot.text == spelling && (arity == 0 || functions[slot.row].value.arity == arity)) {
      return Fn{slot.row};
    }
  }
  return std::nullopt;
}

// "sinh"_fn names a row; a misspelled name does not compile.
consteval Fn operator""_fn(const char* text, std::size_t size) {
  const auto found = find_function({text, size});
  if (!found) throw "no such row in the function table";
  return *found;
}

// Every operand of a machine or lowered row has its partial (or says that it has none).
static_assert([] {
  for (const FunctionRow& f : functions) {
    const bool shorthand = f.value.kind == Value::Kind::shorthand;
    if (f.partials.count != (shorthand ? 0 : f.value.arity)) return false;
  }
  return true;
}());

}  // namespace nabla
