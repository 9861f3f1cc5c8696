#include "parser/suggest.hpp"

#include <gtest/gtest.h>

namespace nabla {
namespace {

TEST(EditDistance, CountsLettersInsertedRemovedChangedOrSwapped) {
  EXPECT_EQ(edit_distance("sin", "sin", 3), 0u);
  EXPECT_EQ(edit_distance("sin", "sinh", 3), 1u);
  EXPECT_EQ(edit_distance("sni", "sin", 3), 1u);
  EXPECT_EQ(edit_distance("kitten", "sitting", 5), 3u);
  EXPECT_EQ(edit_distance("abc", "xyz", 2), 3u);
  EXPECT_EQ(edit_distance("", "ab", 3), 2u);
  EXPECT_EQ(edit_distance("a", std::string(1000, 'b'), 3), 4u);
}

TEST(Suggestion, IsTheNearestNameIfItIsNear) {
  const std::vector<std::string_view> names{"sin", "cos", "sqrt", "arctan", "loss"};
  EXPECT_EQ(nearest("sinn", names), "sin");
  EXPECT_EQ(nearest("SQRT", names), "sqrt");
  EXPECT_EQ(nearest("artcan", names), "arctan");
  EXPECT_EQ(nearest("lossy", names), "loss");
  EXPECT_EQ(nearest("foo", names), "");
  EXPECT_EQ(nearest("zzzzzzzz", names), "");
}

}  // namespace
}  // namespace nabla
