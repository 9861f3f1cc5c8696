#include "bench/rivals/contest.hpp"

#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace nabla::rivals {

#define NABLA_VARIANT(v) extern const Hand hand_##v;
#include "bench/rivals/variants.inc"
#undef NABLA_VARIANT

namespace {

const Hand* const all_hands[] = {
#define NABLA_VARIANT(v) &hand_##v,
#include "bench/rivals/variants.inc"
#undef NABLA_VARIANT
};

const Mode all_modes[] = {
    {"machine code, kernels, 8 lanes",
     {.math = Math::fast, .contract = true, .reciprocals = true, .polynomials = true}},
    {"machine code, kernels, 4 lanes",
     {.math = Math::fast,
      .contract = true,
      .reciprocals = true,
      .polynomials = true,
      .widest = Width::four}},
    {"machine code, C library", {.contract = true, .reciprocals = true, .polynomials = true}},
    {"interpreter, kernels",
     {.math = Math::fast,
      .contract = true,
      .reciprocals = true,
      .polynomials = true,
      .engine = Engine::interpreter}},
    {"machine code, kernels, as written", {.math = Math::fast, .contract = true}},
};

const Peer all_peers[] = {
#ifdef NABLA_HAS_MUPARSER
    {"muParser", make_muparser, Choice::question_mark},
#endif
#ifdef NABLA_HAS_EXPRTK
    {"ExprTk", make_exprtk, Choice::question_mark},
#endif
#ifdef NABLA_HAS_MATHPRESSO
    {"mathpresso", make_mathpresso, Choice::product},
#endif
    {nullptr, nullptr, Choice::product}};

}  // namespace

std::span<const Hand* const> hands() { return all_hands; }
std::span<const Mode> modes() { return all_modes; }
std::span<const Peer> peers() { return std::span(all_peers).first(std::size(all_peers) - 1); }

double now() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

double median(std::vector<double> v) {
  std::ranges::nth_element(v, v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2));
  return v[v.size() / 2];
}

void leave_out_wrong(std::vector<Contestant>& contestants, std::span<std::vector<double>> out) {
  std::vector<std::vector<double>> expected;
  for (Contestant& c : contestants) {
    if (!c.run) continue;
    for (auto& column : out) std::ranges::fill(column, std::numeric_limits<double>::quiet_NaN());
    c.run(1);
    if (expected.empty()) expected.assign(out.begin(), out.end());
    double worst = 0;
    for (std::size_t k = 0; k < out.size(); ++k) {
      for (std::size_t i = 0; i < out[k].size(); ++i) {
        const double x = out[k][i], y = expected[k][i];
        if (std::isnan(x) && std::isnan(y)) continue;  // room behind the rows
        const double error = std::fabs(x - y) / (std::fabs(y) + 0.01);
        worst = error <= worst ? worst : error;
      }
    }
    if (worst <= 1e-11) continue;
    std::printf("%s is wrong by %g\n", c.name.c_str(), worst);
    c.run = nullptr;
  }
}

std::vector<double> measure(std::vector<Contestant>& contestants, double units) {
  for (Contestant& c : contestants) {
    if (c.run) c.run(1);
  }
  std::vector<std::size_t> repeat;
  for (Contestant& c : contestants) {
    const double start = now();
    if (c.run) c.run(3);
    const double once = std::max((now() - start) / 3, 20.0);
    repeat.push_back(static_cast<std::size_t>(std::clamp(4e5 / once, 1.0, 1e6)));
  }
  for (int round = 0; round < 9; ++round) {
    for (std::size_t k = 0; k < contestants.size(); ++k) {
      if (!contestants[k].run) continue;
      const double start = now();
      contestants[k].run(repeat[k]);
      contestants[k].times.push_back((now() - start) / static_cast<double>(repeat[k]) / units);
    }
  }
  std::vector<double> result;
  for (Contestant& c : contestants) result.push_back(c.run ? median(c.times) : 0);
  return result;
}

void print_table(const char* title, const std::vector<std::string>& names,
                 const std::vector<std::vector<double>>& time, std::size_t hand_count) {
  std::printf("\n%s: ns, and ratios to the best hand-written\n%-44s", title, "");
  for (const Case& c : cases) std::printf(" %10s", c.name);
  std::printf(" %10s\n%-44s", "geomean", "best hand-written, ns");
  std::vector<double> best(expressions, 1e300);
  for (std::size_t e = 0; e < expressions; ++e) {
    for (std::size_t k = 0; k < hand_count; ++k) {
      if (time[k][e] > 0) best[e] = std::min(best[e], time[k][e]);
    }
    std::printf(" %10.3g", best[e]);
  }
  std::printf("\n");
  for (std::size_t k = 0; k < names.size(); ++k) {
    std::printf("%-44s", names[k].c_str());
    double sum = 0;
    int count = 0;
    for (std::size_t e = 0; e < expressions; ++e) {
      if (time[k][e] <= 0) {
        std::printf(" %10s", "-");
        continue;
      }
      std::printf(" %10.3f", time[k][e] / best[e]);
      sum += std::log(time[k][e] / best[e]);
      ++count;
    }
    std::printf(" %10.3f\n", std::exp(sum / std::max(count, 1)));
  }
  std::fflush(stdout);
}

}  // namespace nabla::rivals
