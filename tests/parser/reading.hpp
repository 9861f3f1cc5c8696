#pragma once

// What the tests of the parser ask again and again.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "lib/core/graph.hpp"
#include "lib/eval/function.hpp"
#include "parser/parse.hpp"

namespace nabla {

class Text : public testing::Test {
 protected:
  Graph g;
  Scope scope;
  ReadOptions options;

  // The last statement of the text; the definitions stay.
  Statement read(std::string_view text) {
    auto result = parse_statements(g, scope, text, options);
    if (!result) {
      ADD_FAILURE() << text << "\n" << result.error().code << " " << result.error().message;
      Statement none;
      none.value = number(g, 0);
      return none;
    }
    return result->back();
  }
  Expr expr(std::string_view text) {
    const Statement s = read(text);
    EXPECT_TRUE(s.value.is_scalar()) << text;
    return s.value.scalar();
  }
  Diagnostic error(std::string_view text) {
    auto result = parse_statements(g, scope, text, options);
    EXPECT_FALSE(result) << text << " was read";
    return result ? Diagnostic{} : result.error();
  }
  std::vector<std::string> note_codes(std::string_view text) {
    std::vector<std::string> codes;
    for (const Diagnostic& d : read(text).notes) codes.push_back(d.code);
    return codes;
  }
  double value(std::string_view text, const std::vector<Binding>& at = {}) {
    const auto result = evaluate(expr(text), at);
    if (!result) ADD_FAILURE() << text << ": " << result.error().message;
    return result ? *result : 0;
  }
};

// Both texts give the same node.
#define EXPECT_SAME(a, b) EXPECT_EQ(expr(a), expr(b)) << (a) << "   and   " << (b)

// Both texts have the same value at a point.
#define EXPECT_SAME_VALUE(a, b)                                                               \
  EXPECT_NEAR(value((a), {{"x", 1.25}, {"y", 0.75}}), value((b), {{"x", 1.25}, {"y", 0.75}}), \
              1e-13)                                                                          \
      << (a) << "   and   " << (b)

}  // namespace nabla
