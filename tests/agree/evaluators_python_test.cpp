// Interpreter and generated Python give the same numbers at points where the functions are defined.
// Python calls the same mathematical library for most functions; gamma, lgamma and hypot are its
// own. NABLA_RANDOM_CASES sets the number of expressions.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "lib/calculus/gradient.hpp"
#include "lib/emit/print.hpp"
#include "lib/emit/source.hpp"
#include "lib/eval/function.hpp"
#include "tests/support/central_difference.hpp"
#include "tests/support/foreign.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

struct Case {
  Expr f;
  Function compiled;
  std::array<double, 3> at{};
  std::array<double, 4> expected{};
};

bool calls(const Tape& tape, std::initializer_list<Fn> rows) {
  for (std::size_t i = 0; i < tape.op.size(); ++i) {
    if (tape.op[i] == Primitive::call && std::ranges::count(rows, Fn{tape.detail[i]}) > 0)
      return true;
  }
  return false;
}

TEST(Python, GivesTheNumbersOfTheInterpreter) {
  if (run({"python3", "-c", "import math; math.cbrt(8.0)"}).status != 0) {
    GTEST_SKIP() << "no python3 with math.cbrt (3.11 or later)";
  }
  const int count = random_cases(1000);
  Graph g;
  RandomExpressions random(g, {.seed = 31, .operations = 20});
  std::vector<Case> cases;
  std::string text;
  for (int i = 0; i < count; ++i) {
    const Expr f = random.next();
    const auto slopes = gradient(f, random.variables());
    ASSERT_TRUE(slopes) << slopes.error().message;
    std::vector<Expr> outputs{f};
    outputs.insert(outputs.end(), slopes->begin(), slopes->end());
    auto compiled = Function::compile(random.variables(), outputs);
    ASSERT_TRUE(compiled);
    Case drawn{.f = f, .compiled = std::move(*compiled)};
    std::ranges::copy(random.point(), drawn.at.begin());
    drawn.compiled(drawn.at, drawn.expected);
    const std::string name = "function" + std::to_string(i);
    const auto code = generate({.language = "python",
                                .name = name,
                                .inputs = {random.variables().begin(), random.variables().end()},
                                .function = f,
                                .gradient = *slopes});
    ASSERT_TRUE(code) << code.error().message;
    char call[200];
    std::snprintf(call, sizeof call, "show(lambda: %s(*map(float.fromhex, ('%a', '%a', '%a'))))\n",
                  name.c_str(), drawn.at[0], drawn.at[1], drawn.at[2]);
    text += *code + call;
    cases.push_back(std::move(drawn));
  }
  const Folder folder;
  folder.write("code.py",
               "def show(f):\n"
               "    try:\n"
               "        value, gradient = f()\n"
               "        print(*(float.hex(float(v)) for v in [value] + gradient))\n"
               "    except (ValueError, ZeroDivisionError, OverflowError):\n"
               "        print('raised')\n" +
                   text);
  const Outcome outcome = run({"python3", "-I", folder / "code.py"});
  ASSERT_EQ(outcome.status, 0) << outcome.output.substr(0, 4000);

  std::istringstream lines(outcome.output);
  int raised = 0;
  for (const Case& drawn : cases) {
    std::string line;
    ASSERT_TRUE(std::getline(lines, line));
    if (line == "raised") {
      ++raised;
      continue;
    }
    const bool own = calls(drawn.compiled.tape(), {"gamma"_fn, "lgamma"_fn, "hypot"_fn});
    const char* at = line.c_str();
    for (const double expected : drawn.expected) {
      char* end = nullptr;
      const double found = std::strtod(at, &end);
      at = end;
      const bool same = found == expected || (std::isnan(found) && std::isnan(expected));
      const double allowed = own ? 1e-9 * std::max(1.0, std::fabs(expected)) : 0;
      EXPECT_TRUE(same || std::fabs(found - expected) <= allowed)
          << print(drawn.f) << ": interpreter " << expected << ", Python " << found << "\n"
          << to_text(drawn.compiled.tape());
    }
  }
  // Python raises where a step of an arm that is not taken has no value.
  EXPECT_LE(raised, count / 20);
}

}  // namespace
}  // namespace nabla::test
