#pragma once

// Rules between functions that rational simplification does not know, as text: see rule.hpp for how
// they are written. Each holds from left to right wherever the left side has a value; `drops` says
// what the right side does not ask for any more. Tests sample every line at 10^5 points and prove
// those that are rational over kernels, 52 of 74 (rule_proofs_test.cpp names the others).

#include <string_view>

namespace nabla {

inline constexpr std::string_view function_rules = R"(
# --- exponentials and logarithms
exp of log           : exp(log(a))                        -> a                      drops a > 0
exp of multiple log  : exp(b*log(a))                      -> a^b                    drops a > 0
power of exp         : exp(a)^b                           -> exp(a*b)
log beside exp       : log(a*exp(b))                      -> log(a) + b
log of quotient exp  : log(exp(a)/b)                      -> a - log(b)
sum of logs          : log(a) + log(b)                    -> log(a*b)               drops a > 0, b > 0
difference of logs   : log(a) - log(b)                    -> log(a/b)               drops a > 0, b > 0
log of power         : log(a^b)                           -> b*log(a)               if a > 0
log2 of power        : log2(2^a)                          -> a
log10 of power       : log10(10^a)                        -> a
asinh from log       : log(a + sqrt(a^2 + 1))             -> asinh(a)
acosh from log       : log(a + sqrt(a^2 - 1))             -> acosh(a)
atanh from log       : log((1 + a)/(1 - a))               -> 2*atanh(a)

# --- powers
power of power       : (a^b)^c                            -> a^(b*c)                if a > 0
integer outer power  : (a^b)^c                            -> a^(b*c)                if c integer
product of powers    : a^b*a^c                            -> a^(b + c)              drops a != 0
equal exponents      : a^c*b^c                            -> (a*b)^c                drops a > 0, b > 0

# --- angles
sine of sum          : sin(a)*cos(b) + cos(a)*sin(b)      -> sin(a + b)
sine of difference   : sin(a)*cos(b) - cos(a)*sin(b)      -> sin(a - b)
cosine of sum        : cos(a)*cos(b) - sin(a)*sin(b)      -> cos(a + b)
cosine of difference : cos(a)*cos(b) + sin(a)*sin(b)      -> cos(a - b)
half angle           : sin(a)/(1 + cos(a))                -> tan(a/2)
half angle, below    : (1 - cos(a))/sin(a)                -> tan(a/2)               drops sin(a) != 0
tangent              : sin(a)/cos(a)                      -> tan(a)
sine, whole turns    : sin(pi*a)                          -> 0                      if a integer
tangent, whole turns : tan(pi*a)                          -> 0                      if a integer
cosine, whole turns  : cos(2*pi*a)                        -> 1                      if a integer

# --- hyperbolic
exp from cosh, sinh  : cosh(a) + sinh(a)                  -> exp(a)
exp of minus         : cosh(a) - sinh(a)                  -> exp(-a)
hyperbolic sum       : sinh(a)*cosh(b) + cosh(a)*sinh(b)  -> sinh(a + b)
hyperbolic cosh sum  : cosh(a)*cosh(b) + sinh(a)*sinh(b)  -> cosh(a + b)
hyperbolic cosh diff : cosh(a)*cosh(b) - sinh(a)*sinh(b)  -> cosh(a - b)
hyperbolic half      : sinh(a)/(1 + cosh(a))              -> tanh(a/2)
hyperbolic half below: (cosh(a) - 1)/sinh(a)              -> tanh(a/2)              drops a != 0
hyperbolic tangent   : sinh(a)/cosh(a)                    -> tanh(a)

# --- functions of their inverses
sin of asin          : sin(asin(a))                       -> a                      drops -1 <= a <= 1
cos of acos          : cos(acos(a))                       -> a                      drops -1 <= a <= 1
tan of atan          : tan(atan(a))                       -> a
sinh of asinh        : sinh(asinh(a))                     -> a
cosh of acosh        : cosh(acosh(a))                     -> a                      drops a >= 1
tanh of atanh        : tanh(atanh(a))                     -> a                      drops -1 < a < 1
acosh of cosh        : acosh(cosh(a))                     -> abs(a)
cos of asin          : cos(asin(a))                       -> sqrt(1 - a^2)
sin of acos          : sin(acos(a))                       -> sqrt(1 - a^2)
tan of asin          : tan(asin(a))                       -> a/sqrt(1 - a^2)        if -1 < a < 1
tan of acos          : tan(acos(a))                       -> sqrt(1 - a^2)/a
sin of atan          : sin(atan(a))                       -> a/sqrt(1 + a^2)
cos of atan          : cos(atan(a))                       -> 1/sqrt(1 + a^2)
sinh of acosh        : sinh(acosh(a))                     -> sqrt(a^2 - 1)          drops a >= 1
tanh of acosh        : tanh(acosh(a))                     -> sqrt(a^2 - 1)/a        drops a >= 1
cosh of asinh        : cosh(asinh(a))                     -> sqrt(1 + a^2)
tanh of asinh        : tanh(asinh(a))                     -> a/sqrt(1 + a^2)
sinh of atanh        : sinh(atanh(a))                     -> a/sqrt(1 - a^2)
cosh of atanh        : cosh(atanh(a))                     -> 1/sqrt(1 - a^2)
complementary angles : asin(a) + acos(a)                  -> pi/2                   drops -1 <= a <= 1
angle and reciprocal : atan(a) + atan(1/a)                -> pi*sign(a)/2           drops a != 0

# --- signs and whole numbers
sign times size      : sign(a)*abs(a)                     -> a
square of a sign     : sign(a)^2                          -> 1                      if a != 0
sign of positive     : sign(a)                            -> 1                      if a > 0
sign of negative     : sign(a)                            -> -1                     if a < 0
step, positive       : heaviside(a)                       -> 1                      if a > 0
step, negative       : heaviside(a)                       -> 0                      if a < 0
floor of integer     : floor(a)                           -> a                      if a integer
ceil of integer      : ceil(a)                            -> a                      if a integer
round of integer     : round(a)                           -> a                      if a integer
trunc of integer     : trunc(a)                           -> a                      if a integer
larger and smaller   : max(a, b) + min(a, b)              -> a + b

# --- the same number of operations, more digits
log1p                : log(1 + a)                         -> log1p(a)
expm1                : exp(a) - 1                         -> expm1(a)
expm1, negative      : 1 - exp(a)                         -> -expm1(a)
complement of erf    : 1 - erf(a)                         -> erfc(a)
sigmoid              : 1/(1 + exp(-a))                    -> sigmoid(a)
sigmoid, above       : exp(a)/(1 + exp(a))                -> sigmoid(a)
softplus             : log(1 + exp(a))                    -> softplus(a)
)";

}  // namespace nabla
