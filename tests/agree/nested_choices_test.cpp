// Random nestings of if, min, max, abs, clamp, relu, sign and floor, with arms that have no value
// where they are not taken: first and second derivatives against differences in MPFR, single points
// against batches and generated C, bit for bit.
// NABLA_RANDOM_CASES sets the number of expressions.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "lib/calculus/gradient.hpp"
#include "lib/core/graph.hpp"
#include "lib/emit/print.hpp"
#include "lib/emit/source.hpp"
#include "lib/eval/function.hpp"
#include "parser/parse.hpp"
#include "tests/support/central_difference.hpp"
#include "tests/support/foreign.hpp"
#include "tests/support/mpfr_eval.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

constexpr double margin = 0.01;  // distance kept from the places where what counts switches

// Formulas in x and y, as text, each with its value at a point of fractions: those are exact in
// MPFR and in double.
class Nestings {
 public:
  Nestings(Graph& g, std::uint64_t seed) : graph_(g), random_(g, {.seed = seed, .variables = 2}) {}

  std::span<const Expr> variables() const { return random_.variables(); }
  std::span<const double> point() const { return point_; }

  Expr next() {
    for (double& p : point_) p = (random_.below(2) ? 1 : -1) * (3 + random_.below(180)) / 64.0;
    pool_.clear();
    const int wanted = 3 + random_.below(12);
    for (int made = 0, tries = 0; made < wanted && tries < 20 * wanted; ++tries) {
      if (auto item = combined()) {
        pool_.push_back(std::move(*item));
        ++made;
      }
    }
    Item total = leaf();
    for (const Item& part : pool_) total.text += " + " + part.text;
    return read(total.text);
  }

 private:
  struct Item {
    std::string text;
    double value = 0;
  };

  Expr read(const std::string& text) {
    const auto result = parse(graph_, text);
    if (result) return result->value.scalar();
    ADD_FAILURE() << text << ": " << result.error().message;
    return number(graph_, 0);
  }
  std::optional<Item> item(std::string text) {
    if (text.size() > 2000) return std::nullopt;
    const double value = value_at(read(text), variables(), point_);
    if (!(std::fabs(value) <= 50)) return std::nullopt;
    return Item{std::move(text), value};
  }

  Item leaf() {
    const int i = random_.below(3);
    if (i < 2) return {i == 0 ? "x" : "y", point_[static_cast<std::size_t>(i)]};
    const int n = random_.below(13) - 6;
    return {fmt::format("({}/4)", n), n / 4.0};
  }
  Item take() {
    if (pool_.empty() || random_.below(3) == 0) return leaf();
    const auto i = static_cast<std::size_t>(random_.below(static_cast<int>(pool_.size())));
    const Item taken = pool_[i];
    if (random_.below(4) != 0) pool_.erase(pool_.begin() + static_cast<std::ptrdiff_t>(i));
    return taken;
  }
  // Has no value, or an infinite slope, at the point.
  std::string nothing() {
    const Item u = take();
    const std::string pole = fmt::format("(x - ({}/64))", std::lround(point_[0] * 64)),
                      zero = fmt::format("(y - ({}/64))", std::lround(point_[1] * 64));
    switch (random_.below(9)) {
      case 0: return fmt::format("sqrt({} - {})", u.text, std::lround(u.value) + 2);
      case 1: return fmt::format("log({} - {})", u.text, std::lround(u.value) + 2);
      case 2: return fmt::format("{}/{}", u.text, pole);
      case 3: return fmt::format("{}^({})*{}", pole, u.text, zero);
      case 4: return fmt::format("{}/{}", pole, zero);
      case 5: return fmt::format("sqrt(abs{})*log(abs{})", pole, zero);
      case 6: return fmt::format("asin({} + {})", u.text, 3 - std::lround(u.value));
      case 7:
        return fmt::format("max(1/{}, sqrt({} - {}))", pole, u.text, std::lround(u.value) + 2);
      default: return fmt::format("atan2({}, {})^(1/3)", pole, zero);
    }
  }
  std::string condition(bool& holds) {
    const Item a = take();
    Item b = take();
    if (std::fabs(a.value - b.value) < margin) {
      const long far = std::lround(a.value) + 2;
      b = {fmt::format("({})", far), static_cast<double>(far)};
    }
    holds = a.value < b.value;
    switch (random_.below(4)) {
      case 0: return fmt::format("{} < {}", a.text, b.text);
      case 1: return fmt::format("{} <= {}", a.text, b.text);
      case 2: holds = !holds; return fmt::format("{} > {}", a.text, b.text);
      default: holds = !holds; return fmt::format("not ({} < {})", a.text, b.text);
    }
  }

  std::optional<Item> combined() {
    const Item u = take();
    const auto away = [](double x) { return std::fabs(x) > margin; };
    switch (random_.below(13)) {
      case 0:
      case 1:
      case 2: {
        bool holds = false, more = false;
        std::string when = condition(holds);
        if (random_.below(3) == 0) {
          const std::string other = condition(more);
          const bool all = random_.below(2) == 0;
          when = fmt::format("({}) {} ({})", when, all ? "and" : "or", other);
          holds = all ? holds && more : holds || more;
        }
        const std::string other = random_.below(3) == 0 ? take().text : nothing();
        return item(holds ? fmt::format("if({}, {}, {})", when, u.text, other)
                          : fmt::format("if({}, {}, {})", when, other, u.text));
      }
      case 3:
      case 4: {
        const Item v = take();
        if (!away(u.value - v.value)) return std::nullopt;
        const char* const name = random_.below(2) ? "min" : "max";
        return item(fmt::format("{}({}, {})", name, u.text, v.text));
      }
      case 5:
        if (!away(u.value)) return std::nullopt;
        return item(fmt::format("abs({})", u.text));
      case 6: {
        const int low = random_.below(4) - 3, high = low + 1 + random_.below(3);
        if (!away(u.value - low) || !away(u.value - high)) return std::nullopt;
        return item(fmt::format("clamp({}, {}, {})", u.text, low, high));
      }
      case 7:
        if (!away(u.value)) return std::nullopt;
        return item(fmt::format("relu({})", u.text));
      case 8:
        if (!away(u.value)) return std::nullopt;
        return item(fmt::format("sign({})*{}", u.text, take().text));
      case 9:
        if (!away(u.value - std::nearbyint(u.value))) return std::nullopt;
        return item(fmt::format("floor({})*{}", u.text, take().text));
      case 10: return item(fmt::format("({})*({})", u.text, take().text));
      case 11: return item(fmt::format("sin({})", u.text));
      default:
        // A root of what is 0 around the point, where a choice makes it so.
        return u.value < -margin ? item(fmt::format("sqrt(max(0, {}))", u.text))
                                 : item(fmt::format("({} - {})", u.text, take().text));
    }
  }

  Graph& graph_;
  RandomExpressions random_;
  std::array<double, 2> point_{};
  std::vector<Item> pool_;
};

// f, its gradient and its Hessian, row by row.
std::vector<Expr> outputs_of(Expr f, std::span<const Expr> variables) {
  const auto slopes = gradient(f, variables);
  const auto curvature = hessian(f, variables);
  EXPECT_TRUE(slopes && curvature) << print(f);
  std::vector<Expr> all{f};
  if (!slopes || !curvature) return all;
  all.insert(all.end(), slopes->begin(), slopes->end());
  all.insert(all.end(), curvature->entries.begin(), curvature->entries.end());
  return all;
}

// Points of every kind: also on kinks and at the edges of the number line.
std::vector<std::array<double, 2>> points_near(std::span<const double> point) {
  std::vector<std::array<double, 2>> points{{point[0], point[1]}};
  for (const double x : edge_values()) {
    points.push_back({x, point[1]});
    points.push_back({point[0], x});
    points.push_back({x, x});
  }
  for (int i = -12; i <= 12; ++i) points.push_back({i / 4.0, (i * 7 % 13) / 4.0});
  return points;
}

TEST(NestedChoices, HaveTheDerivativesOfDifferencesAwayFromKinks) {
  const int cases = random_cases(2000);
  int unresolved = 0;
  for (int done = 0; done < cases;) {
    Graph g;
    Nestings random(g, 300 + static_cast<std::uint64_t>(done));
    for (int i = 0; i < 20; ++i, ++done) {
      const Expr f = random.next();
      const auto variables = random.variables();
      const std::vector<Expr> all = outputs_of(f, variables);
      ASSERT_EQ(all.size(), 7u);
      for (std::size_t by = 0; by < 2; ++by) {
        for (std::size_t of = 0; of < 3; ++of) {
          const Expr slope = of == 0 ? all[1 + by] : all[3 + 2 * (of - 1) + by];
          const Verdict verdict = check_slope(all[of], slope, variables, random.point(), by);
          unresolved += verdict.outcome == Verdict::Outcome::unresolved;
          ASSERT_NE(verdict.outcome, Verdict::Outcome::differ)
              << print(all[of]) << "\nby " << print(variables[by]) << " at " << random.point()[0]
              << ", " << random.point()[1] << " is said to be " << print(slope) << "\n"
              << verdict.explanation;
        }
      }
    }
  }
  EXPECT_LE(unresolved, 0.001 * 6 * cases);
}

TEST(NestedChoices, NeverLeakNaNFromArmsThatAreNotTaken) {
  const int cases = random_cases(4000);
  for (int done = 0; done < cases;) {
    Graph g;
    Nestings random(g, 70'000 + static_cast<std::uint64_t>(done));
    for (int i = 0; i < 20; ++i, ++done) {
      const Expr f = random.next();
      const auto variables = random.variables();
      const std::vector<Expr> all = outputs_of(f, variables);
      const auto compiled = Function::compile(variables, all);
      ASSERT_TRUE(compiled) << compiled.error().message;
      std::vector<double> found(all.size());
      (*compiled)(random.point(), found);
      for (std::size_t o = 0; o < all.size(); ++o) {
        const double exact = value_at(all[o], variables, random.point());
        ASSERT_TRUE(std::isfinite(exact)) << print(all[o]);
        ASSERT_NEAR(found[o], exact, 1e-7 * (1 + std::fabs(exact)))
            << "output " << o << " of " << print(f) << " at " << random.point()[0] << ", "
            << random.point()[1];
      }
    }
  }
}

TEST(NestedChoices, GiveTheSameBitsAtOnePointInBatchesAndInC) {
  using Generated = double (*)(double, double, double*, double*);
  const int cases = std::min(random_cases(200), 1000);
  Graph g;
  Nestings random(g, 5);
  std::string text, names;
  std::vector<Expr> formulas;
  std::vector<Function> functions;
  std::vector<std::vector<std::array<double, 2>>> points;
  for (int i = 0; i < cases; ++i) {
    const Expr f = random.next();
    const std::vector<Expr> all = outputs_of(f, random.variables());
    ASSERT_EQ(all.size(), 7u);
    const std::string name = fmt::format("function{}", i);
    const auto code = generate({.language = "c",
                                .name = name,
                                .inputs = {random.variables().begin(), random.variables().end()},
                                .function = f,
                                .gradient = {all.begin() + 1, all.begin() + 3},
                                .hessian = {all.begin() + 3, all.end()}});
    ASSERT_TRUE(code) << code.error().message;
    text += *code;
    names += name + ", ";
    auto compiled = Function::compile(random.variables(), all);
    ASSERT_TRUE(compiled) << compiled.error().message;
    formulas.push_back(f);
    functions.push_back(std::move(*compiled));
    points.push_back(points_near(random.point()));
  }
  const Library library({"cc", "-std=c99"}, "code.c",
                        text + "typedef double (*function)(double, double, double*, double*);\n" +
                            "const function table[] = {" + names + "};\n");
  ASSERT_TRUE(library) << library.messages().substr(0, 4000);
  const Generated* table = library.find<const Generated>("table");

  for (std::size_t i = 0; i < functions.size(); ++i) {
    const std::size_t count = points[i].size();
    std::vector<double> columns[2], results[7];
    for (const auto& at : points[i]) {
      columns[0].push_back(at[0]);
      columns[1].push_back(at[1]);
    }
    const double* in[] = {columns[0].data(), columns[1].data()};
    double* out[7];
    for (std::size_t o = 0; o < 7; ++o) {
      results[o].resize(count);
      out[o] = results[o].data();
    }
    functions[i].batch(in, out, count);
    for (std::size_t k = 0; k < count; ++k) {
      const auto& at = points[i][k];
      std::array<double, 7> single{}, generated{};
      functions[i](at, single);
      generated[0] = table[i](at[0], at[1], generated.data() + 1, generated.data() + 3);
      for (std::size_t o = 0; o < 7; ++o) {
        ASSERT_TRUE(same_bits(single[o], results[o][k]))
            << print(formulas[i]) << " output " << o << " at " << at[0] << ", " << at[1]
            << ": one point " << single[o] << ", batch " << results[o][k];
        ASSERT_TRUE(same_bits(single[o], generated[o]))
            << print(formulas[i]) << " output " << o << " at " << at[0] << ", " << at[1]
            << ": interpreter " << single[o] << ", C " << generated[o];
      }
    }
  }
}

}  // namespace
}  // namespace nabla::test
