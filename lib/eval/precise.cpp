#include "lib/eval/precise.hpp"

#include <cmath>

namespace nabla::precise {

namespace {

double sinh(double x) { return static_cast<double>(std::sinh(static_cast<long double>(x))); }
double cosh(double x) { return static_cast<double>(std::cosh(static_cast<long double>(x))); }
double tanh(double x) { return static_cast<double>(std::tanh(static_cast<long double>(x))); }
double cbrt(double x) { return static_cast<double>(std::cbrt(static_cast<long double>(x))); }
double erf(double x) { return static_cast<double>(std::erf(static_cast<long double>(x))); }

double sigmoid(double x) {
  // Neither overflows: exp of a number that is never positive.
  const long double e = std::exp(-std::fabs(static_cast<long double>(x)));
  return static_cast<double>((x >= 0 ? 1 : e) / (1 + e));
}

double softplus(double x) {
  const long double u = x, rest = std::log1p(std::exp(-std::fabs(u)));
  return static_cast<double>(x > 0 ? u + rest : rest);
}

struct Row {
  Fn function;
  double (*value)(double);
};
constexpr Row rows[] = {{"sinh"_fn, sinh},        {"cosh"_fn, cosh}, {"tanh"_fn, tanh},
                        {"cbrt"_fn, cbrt},        {"erf"_fn, erf},   {"sigmoid"_fn, sigmoid},
                        {"softplus"_fn, softplus}};
constexpr Fn defined_by_others[] = {"sigmoid"_fn, "softplus"_fn};

}  // namespace

double (*function(Fn f))(double) {
  for (const Row& r : rows) {
    if (r.function == f) return r.value;
  }
  return nullptr;
}

std::span<const Fn> kept() { return defined_by_others; }

}  // namespace nabla::precise
