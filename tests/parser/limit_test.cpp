#include <pthread.h>

#include "tests/parser/reading.hpp"

namespace nabla {
namespace {

using Limit = Text;

std::string repeated(std::string_view s, std::size_t n) {
  std::string result;
  for (std::size_t i = 0; i < n; ++i) result += s;
  return result;
}

TEST_F(Limit, OfNestingIsExact) {
  for (const auto& [open, close] :
       std::vector<std::pair<const char*, const char*>>{{"(", ")"},
                                                        {"sin(", ")"},
                                                        {"|", "|"},
                                                        {"-", ""},
                                                        {"not ", ""},
                                                        {"√", ""},
                                                        {"exp ", ""},
                                                        {"{", "}"},
                                                        {"\\frac{1}{", "}"},
                                                        {"max(1,", ")"}}) {
    for (const std::size_t cap : {3u, 1000u}) {
      g.limits.nesting = cap;
      const auto text = [&, before = open, after = close](std::size_t n) {
        return repeated(before, n) + "x" + repeated(after, n);
      };
      EXPECT_TRUE(parse(g, text(cap - 1))) << open;
      EXPECT_TRUE(parse(g, text(cap))) << open;
      const auto over = parse(g, text(cap + 1));
      ASSERT_FALSE(over) << open;
      EXPECT_EQ(over.error().code, "L102");
    }
  }
}

TEST_F(Limit, OfNestingHoldsForWhatIsNeverClosed) {
  for (const char* open : {"(", "[", "{", "|", "sin(", "max(1,", "-", "sin ", "2(", "x?", "\\frac{",
                           "\\sqrt{", "d/dx ", "\\sum ", "lim(h->0) ", "∇", "f("}) {
    EXPECT_FALSE(parse(g, repeated(open, 100'000))) << open;
  }
}

TEST_F(Limit, OfTheTextIsExact) {
  g.limits.input_bytes = 5;
  EXPECT_TRUE(parse(g, "a+b+c"));
  EXPECT_EQ(parse(g, "a+b+cd").error().code, "L104");
}

TEST_F(Limit, OfArgumentsIsExact) {
  g.limits.arguments = 3;
  EXPECT_TRUE(parse(g, "max(1, 2, 3)"));
  EXPECT_TRUE(parse(g, "[1, 2, 3]"));
  EXPECT_EQ(parse(g, "max(1, 2, 3, 4)").error().code, "L103");
  EXPECT_EQ(parse(g, "[1, 2, 3, 4]").error().code, "L103");
}

TEST_F(Limit, OfNamesIsExact) {
  EXPECT_TRUE(parse(g, repeated("a", 255)));
  EXPECT_EQ(parse(g, repeated("a", 256)).error().code, "L107");
  EXPECT_EQ(parse(g, repeated("a", 256) + " = 2").error().code, "L107");
  EXPECT_EQ(parse(g, repeated("a", 256) + "(x) = x").error().code, "L107");
}

TEST_F(Limit, OfNodesIsReported) {
  g.limits.nodes = 100;
  const auto result = parse(
      g, "1" + [] {
        std::string s;
        for (int i = 0; i < 200; ++i) s += "+a" + std::to_string(i);
        return s;
      }());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "L101");
}

// A million levels on a stack of 256 KiB: only the limits bound the depth.
TEST_F(Limit, MayBeRaisedWithoutUsingTheStack) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  pthread_t thread;
  const auto run = [](void* self) -> void* {
    Graph& g = *static_cast<Graph*>(self);
    g.limits.nesting = 10'000'000;
    const std::size_t n = 1'000'000;
    for (const auto& [open, close] : std::vector<std::pair<const char*, const char*>>{{"(", ")"},
                                                                                      {"sin(", ")"},
                                                                                      {"-", ""},
                                                                                      {"x^", ""},
                                                                                      {"x+", ""},
                                                                                      {"x?1:", ""},
                                                                                      {"|", "|"}}) {
      const auto result = parse(g, repeated(open, n) + "x" + repeated(close, n));
      EXPECT_TRUE(result) << open << (result ? "" : result.error().message);
    }
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, run, &g), 0);
  pthread_join(thread, nullptr);
}

}  // namespace
}  // namespace nabla
