#pragma once

// Checks of a simplified form against its original in MPFR: the same value wherever the original
// has one. Points are the same in every run: whole and half numbers, moderate and large values.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "lib/core/graph.hpp"
#include "lib/emit/print.hpp"
#include "tests/support/mpfr_eval.hpp"

namespace nabla::test {

struct Soundness {
  int tested = 0, wrong = 0, narrowed = 0;
  std::string example;
  bool fine() const { return wrong == 0 && narrowed == 0; }
};

class Points {
 public:
  explicit Points(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 1) {}

  double next() {
    static constexpr double special[] = {0, 1, -1, 0.5, -0.5, 2, -2, 3, -3};
    const std::uint64_t kind = bits() % 100;
    if (kind < 15) return special[bits() % 9];
    const double t = static_cast<double>(bits() >> 11) * 0x1p-53;
    const double sign = (bits() & 1) != 0 ? 1 : -1;
    if (kind < 45) return sign * t;
    if (kind < 75) return sign * 4 * t;
    if (kind < 92) return 10 * t;
    return sign * std::pow(10, -2 + 3.3 * t);
  }

 private:
  std::uint64_t bits() {
    state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

// Every value that the roots depend on is a real number: no pole, no infinity inside that a later
// step hides. Arms that are not chosen do not count.
inline bool has_real_values(const Graph& g, const MpfrEvaluator& at, std::vector<NodeId> stack) {
  constexpr mpfr_exp_t pole = 220;  // what rounding makes of 1/0 in 256 bits is beyond
  std::unordered_set<NodeId> seen;
  while (!stack.empty()) {
    const NodeId id = stack.back();
    stack.pop_back();
    if (!seen.insert(id).second) continue;
    const mpfr_srcptr value = at.value(id);
    if (mpfr_number_p(value) == 0) return false;
    if (mpfr_regular_p(value) != 0 && mpfr_get_exp(value) > pole) return false;
    const Node& n = g[id];
    if (n.op == Op::select) {
      stack.push_back(n.a);
      stack.push_back(mpfr_zero_p(at.value(n.a)) != 0 ? n.c : n.b);
      continue;
    }
    for (int i = 0; i < operand_count(n); ++i) stack.push_back(n.operand(i));
  }
  return true;
}

// Rounding decides a comparison, as it would whether 2/x*x is 2.
inline bool rounding_decides(const Graph& g, const MpfrEvaluator& at,
                             std::span<const NodeId> nodes) {
  return std::ranges::any_of(nodes, [&](NodeId id) {
    const Node& n = g[id];
    if (n.op < Op::less || n.op > Op::not_equal) return false;
    const mpfr_srcptr a = at.value(n.a), b = at.value(n.b);
    if (mpfr_regular_p(a) == 0 || mpfr_regular_p(b) == 0) return false;
    Real apart(64);
    mpfr_sub(apart, a, b, MPFR_RNDN);
    return mpfr_regular_p(apart) != 0 && mpfr_get_exp(apart) < mpfr_get_exp(a) - 128;
  });
}

// `form` against `original`, at points where `domain` (such as the function differentiated) and the
// original are made of real numbers.
// `adjust` moves the value of a variable to where it is allowed.
inline Soundness check_form(
    Expr domain, Expr original, Expr form, int points, std::uint64_t seed = 1,
    const std::function<double(const std::string&, double)>& adjust = nullptr) {
  Graph& g = *original.graph;
  constexpr mpfr_prec_t bits = 256;
  const std::vector<NodeId> roots{domain.id, original.id, form.id};
  std::vector<NodeId> symbols;
  const std::vector<NodeId> nodes = g.below(roots);
  for (const NodeId id : nodes) {
    if (g[id].op == Op::symbol) symbols.push_back(id);
  }
  MpfrEvaluator at(g, roots, bits);
  std::optional<MpfrEvaluator> closer;  // for what 256 bits leave open, such as 1 - tanh(60)^2
  Points random(seed);
  Soundness result;
  for (int i = 0; i < points; ++i) {
    std::string where;
    std::vector<double> point;
    for (const NodeId s : symbols) {
      double value = random.next();
      if (adjust) value = adjust(g.name_of(g[s]), value);
      point.push_back(value);
      at.set(s, value);
      where += " " + g.name_of(g[s]) + "=" + std::to_string(value);
    }
    at.run();
    if (!has_real_values(g, at, {domain.id, original.id})) continue;
    if (rounding_decides(g, at, nodes)) continue;
    ++result.tested;
    const auto say = [&](const char* what) {
      if (result.example.empty()) {
        result.example = std::string(what) + " at" + where + ": " + print(original) + " is " +
                         std::to_string(mpfr_get_d(at.value(original.id), MPFR_RNDN)) + ", " +
                         print(form) + " is " +
                         std::to_string(mpfr_get_d(at.value(form.id), MPFR_RNDN));
      }
    };
    if (mpfr_number_p(at.value(form.id)) == 0) {
      ++result.narrowed;
      say("narrowed");
      continue;
    }
    const auto differs = [&](const MpfrEvaluator& by) {
      Real difference(bits), size(bits);
      mpfr_sub(difference, by.value(original.id), by.value(form.id), MPFR_RNDN);
      mpfr_abs(difference, difference, MPFR_RNDN);
      mpfr_abs(size, by.value(original.id), MPFR_RNDN);
      mpfr_add_ui(size, size, 1, MPFR_RNDN);
      mpfr_mul_d(size, size, 1e-30, MPFR_RNDN);
      return mpfr_cmp(difference, size) > 0;
    };
    if (!differs(at)) continue;
    if (!closer) closer.emplace(g, roots, 8 * bits);
    for (std::size_t k = 0; k < symbols.size(); ++k) closer->set(symbols[k], point[k]);
    closer->run();
    if (differs(*closer)) {
      ++result.wrong;
      say("wrong");
    }
  }
  return result;
}

}  // namespace nabla::test
