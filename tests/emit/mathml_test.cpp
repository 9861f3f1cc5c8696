#include "lib/emit/mathml.hpp"

#include <gtest/gtest.h>

#include "lib/core/graph.hpp"
#include "parser/parse.hpp"

namespace nabla::test {
namespace {

// The markup between <math> and </math>.
std::string markup(std::string_view text) {
  Graph g;
  const std::string all = mathml(parse(g, text)->value.scalar());
  const std::string head = "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"><mrow>",
                    tail = "</mrow></math>";
  EXPECT_TRUE(all.starts_with(head) && all.ends_with(tail)) << all;
  return all.substr(head.size(), all.size() - head.size() - tail.size());
}

TEST(Mathml, SetsFractionsPowersAndRoots) {
  EXPECT_EQ(markup("x^2"), "<msup><mrow><mi>x</mi></mrow><mrow><mn>2</mn></mrow></msup>");
  EXPECT_EQ(markup("a/b"), "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>");
  EXPECT_EQ(markup("sqrt(x)"), "<msqrt><mi>x</mi></msqrt>");
  EXPECT_EQ(markup("cbrt(x)"), "<mroot><mrow><mi>x</mi></mrow><mn>3</mn></mroot>");
  EXPECT_EQ(markup("abs(x)"), "<mrow><mo>|</mo><mi>x</mi><mo>|</mo></mrow>");
}

TEST(Mathml, TellsProductsFromCalls) {
  EXPECT_EQ(markup("2*x"), "<mn>2</mn><mo>&#x2062;</mo><mi>x</mi>");
  EXPECT_EQ(markup("sin(x)"),
            "<mi>sin</mi><mo>&#x2061;</mo><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow>");
}

TEST(Mathml, SetsNamesWithIndicesHatsAndGreekLetters) {
  EXPECT_EQ(markup("alpha"), "<mi>α</mi>");
  EXPECT_EQ(markup("x_12"), "<msub><mi>x</mi><mrow><mn>12</mn></mrow></msub>");
  EXPECT_EQ(markup("y_hat"), "<mover><mi>y</mi><mo>^</mo></mover>");
  EXPECT_EQ(markup("price"), "<mi>price</mi>");
}

TEST(Mathml, EscapesWhatMarkupMeansOtherwise) {
  EXPECT_EQ(markup("x < 1"), "<mi>x</mi><mo>&lt;</mo><mn>1</mn>");
}

// Whatever is written, every element that is opened is closed again, in order.
TEST(Mathml, ElementsNest) {
  for (const char* text : {"if(x > 0, sqrt(x)/2, -x^(2/3))", "mean((w*x_i - y_i)^2)", "-1e-7*x",
                           "max(a, b, c)*log10(x)^2", "not (a < b or c == d)", "floor(x) + nan"}) {
    const std::string all = markup(text);
    std::vector<std::string> open;
    for (std::size_t at = all.find('<'); at != all.npos; at = all.find('<', at + 1)) {
      const std::size_t end = all.find('>', at);
      std::string tag = all.substr(at + 1, end - at - 1);
      if (tag[0] == '/') {
        ASSERT_FALSE(open.empty()) << all;
        EXPECT_EQ(tag.substr(1), open.back()) << all;
        open.pop_back();
      } else {
        open.push_back(tag.substr(0, tag.find(' ')));
      }
    }
    EXPECT_TRUE(open.empty()) << all;
  }
}

}  // namespace
}  // namespace nabla::test
