// Hash and equality of short texts: every byte counts, at every length.

#include "lib/core/short_text.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace nabla {
namespace {

TEST(ShortText, IsEqualToACopyAndDiffersInEveryByte) {
  for (std::size_t size = 0; size <= 40; ++size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 23);
    const std::string copy = text;
    EXPECT_TRUE(same_text(text, copy));
    EXPECT_EQ(hash_of_text(text), hash_of_text(copy));
    EXPECT_FALSE(same_text(text, text + "a"));
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = text;
      other[i] = '_';
      EXPECT_FALSE(same_text(text, other)) << text << " and " << other;
      EXPECT_NE(hash_of_text(text), hash_of_text(other)) << text << " and " << other;
    }
  }
}

TEST(ShortText, HashesOfNumberedNamesDiffer) {
  std::set<std::uint32_t> low;
  for (int i = 0; i < 10'000; ++i)
    low.insert(static_cast<std::uint32_t>(hash_of_text("x" + std::to_string(i))));
  // birthdays: 0.01 pairs are expected among 2^32
  EXPECT_GE(low.size(), 9'999u);
}

TEST(ShortText, HashIsTheSameWhenCompiled) {
  constexpr std::uint64_t four = hash_of_text("else"), nine = hash_of_text("numerator"),
                          twenty = hash_of_text("a name of twenty-six bytes");
  for (const auto& [text, hash] :
       {std::pair{std::string("else"), four}, std::pair{std::string("numerator"), nine},
        std::pair{std::string("a name of twenty-six bytes"), twenty}})
    EXPECT_EQ(hash_of_text(text), hash);
}

}  // namespace
}  // namespace nabla
