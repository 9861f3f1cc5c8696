#include "lib/calculus/conditioning.hpp"

#include <bit>
#include <cmath>
#include <string_view>

#include "lib/calculus/field.hpp"
#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/stop.hpp"

namespace nabla::calculus {

namespace {

using Real = long double;

constexpr double unit = 0x1p-53;

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t h = 14695981039346656037u;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return scatter(h);
}

double fraction(std::uint64_t h) { return static_cast<double>(h >> 11) * 0x1p-53; }

double input(std::uint64_t name, std::size_t point) {
  const std::uint64_t h = scatter(name + point);
  const double size = fraction(h), sign = scatter(h) & 1 ? -1 : 1;
  switch (point) {
    case 0: return sign * (0.4 + 1.2 * size);
    case 1: return 0.2 + 0.7 * size;
    case 2: return sign * 1e-6 * (0.5 + size);
    default: return sign * std::pow(10, -3 + 4.5 * size);
  }
}

Reading rounded(Real value, double inherited) {
  return {value, inherited + static_cast<double>(std::fabs(value))};
}

Reading product(const Reading& a, const Reading& b) {
  return rounded(a.value * b.value, static_cast<double>(std::fabs(a.value)) * b.error +
                                        static_cast<double>(std::fabs(b.value)) * a.error);
}

// How much f moves when its argument moves by the given error.
double carried(auto f, Real u, double error) {
  if (error == 0) return 0;
  const Real step = std::fabs(u) * Real{1e-6} + Real{1e-30};
  const double slope = static_cast<double>((f(u + step) - f(u - step)) / (2 * step));
  return std::fabs(slope) * error;
}

class Reader {
 public:
  Reader(const Graph& g, std::span<const NodeId> nodes, const Positions& at)
      : g_(g), nodes_(nodes), at_(at), result_(nodes.size()) {}

  std::vector<Readings> run() {
    StopCheck stop(g_.limits, 64);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      stop();
      for (std::size_t k = 0; k < real_points; ++k) result_[i][k] = read(g_[nodes_[i]], k);
    }
    return std::move(result_);
  }

 private:
  const Reading& of(NodeId id, std::size_t k) const { return result_[at_[id]][k]; }

  Reading read(const Node& n, std::size_t k) const {
    const auto truth = [](bool b) { return Reading{b ? Real{1} : Real{0}, 0}; };
    const auto a = [&]() -> const Reading& { return of(n.a, k); };
    const auto b = [&]() -> const Reading& { return of(n.b, k); };
    switch (n.op) {
      case Op::integer: return {static_cast<Real>(g_.integer_of(n)), 0};
      case Op::rational: {
        const Number x = g_.exact_of(n);
        return {static_cast<Real>(x.numerator().to_double()) / x.denominator().to_double(), 0};
      }
      case Op::real: return {g_.real_of(n), 0};
      case Op::constant: return {constants[n.detail].value, 0};
      case Op::symbol:
      case Op::column: return {input(hash_of(g_.name_of(n)), k), 0};
      case Op::sum: return rounded(a().value + b().value, a().error + b().error);
      case Op::product:
        if (n.a == Graph::minus_one) return {-b().value, b().error};
        return product(a(), b());
      case Op::power: return power(n, k);
      case Op::call: return call(n, k);
      case Op::less: return truth(a().value < b().value);
      case Op::less_equal: return truth(a().value <= b().value);
      case Op::equal: return truth(a().value == b().value);
      case Op::not_equal: return truth(a().value != b().value);
      case Op::both: return truth(a().value != 0 && b().value != 0);
      case Op::either: return truth(a().value != 0 || b().value != 0);
      case Op::negation: return truth(a().value == 0);
      case Op::select: return a().value != 0 ? b() : of(n.c, k);
      case Op::data_sum: return a();  // as if there were one row
      case Op::apply1:
      case Op::apply2:
      case Op::apply3: return anything(g_.functions()[n.detail].name, n, k);
    }
    return {};
  }

  Reading power(const Node& n, std::size_t k) const {
    const Reading &u = of(n.a, k), &v = of(n.b, k);
    const Real y = std::pow(u.value, v.value);
    const double by_base = carried([&](Real x) { return std::pow(x, v.value); }, u.value, u.error);
    const double by_exponent =
        carried([&](Real x) { return std::pow(u.value, x); }, v.value, v.error);
    const double steps = g_[n.b].is_number() ? static_cast<double>(std::fabs(v.value)) : 1;
    return {y, by_base + by_exponent + (1 + steps) * static_cast<double>(std::fabs(y))};
  }

  // Some value that depends on the operands alone.
  Reading anything(std::string_view name, const Node& n, std::size_t k) const {
    std::uint64_t h = hash_of(name);
    for (int i = 0; i < operand_count(n); ++i) {
      const auto value = static_cast<double>(of(n.operand(i), k).value);
      h = scatter(h ^ std::bit_cast<std::uint64_t>(value));
    }
    return {input(h, k), 1};
  }

  Reading call(const Node& n, std::size_t k) const {
    const FunctionRow& f = row(n.fn());
    if (f.value.kind != Value::Kind::machine) return anything(f.name, n, k);
    const Reading& u = of(n.a, k);
    const double x = static_cast<double>(u.value);
    if (f.value.arity == 1) {
      const double y = f.value.unary(x);
      const auto moved = [&](Real t) { return Real{f.value.unary(static_cast<double>(t))}; };
      return {y, carried(moved, u.value, u.error) + 2 * std::fabs(y)};
    }
    const Reading& v = of(n.b, k);
    const double z = static_cast<double>(v.value), y = f.value.binary(x, z);
    const auto first = [&](Real t) { return Real{f.value.binary(static_cast<double>(t), z)}; };
    const auto second = [&](Real t) { return Real{f.value.binary(x, static_cast<double>(t))}; };
    return {
        y, carried(first, u.value, u.error) + carried(second, v.value, v.error) + 2 * std::fabs(y)};
  }

  const Graph& g_;
  std::span<const NodeId> nodes_;
  const Positions& at_;
  std::vector<Readings> result_;
};

}  // namespace

std::vector<Readings> readings(const Graph& g, std::span<const NodeId> nodes, const Positions& at) {
  return Reader(g, nodes, at).run();
}

bool as_accurate(const Readings& original, const Readings& replacement, long double factor) {
  std::size_t informative = 0;
  for (std::size_t k = 0; k < real_points; ++k) {
    const Reading &a = original[k], &b = replacement[k];
    if (!a.is_finite()) continue;
    if (!b.is_finite()) return false;
    ++informative;
    const double size = static_cast<double>(std::fabs(a.value));
    const double error = b.error * static_cast<double>(std::fabs(factor));
    const double apart = static_cast<double>(std::fabs(a.value - factor * b.value));
    constexpr double tiny = 0x1p-1000;
    if (apart > 4 * unit * (a.error + error + size) + tiny) return false;
    if (error > 4 * (a.error + size) + tiny) return false;
  }
  return informative > 0;
}

}  // namespace nabla::calculus
