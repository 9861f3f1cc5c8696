#include <charconv>
#include <cmath>

#include "tests/parser/reading.hpp"
#include "tests/support/process.hpp"

namespace nabla {
namespace {

using Corpus = Text;

double number_of(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

TEST_F(Corpus, OfFormulasIsReadWithTheRightValues) {
  const auto lines = test::corpus("parse_public.tsv");
  if (lines.empty()) GTEST_SKIP() << "the corpus is not here";
  EXPECT_EQ(lines.size(), 150u);
  for (const auto& line : lines) {
    std::vector<Binding> at;
    options.variables.clear();
    std::string_view rest = line[2];
    if (rest == "-") rest = {};
    while (!rest.empty()) {
      const std::string_view one = rest.substr(0, rest.find(','));
      const std::size_t sign = one.find('=');
      at.push_back({one.substr(0, sign), number_of(one.substr(sign + 1))});
      options.variables.emplace_back(one.substr(0, sign));
      rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    }
    const double expected = number_of(line[3]),
                 tolerance = std::max(1e-12, 100 * number_of(line[5]));
    EXPECT_NEAR(value(line[1], at), expected,
                tolerance * std::max(std::abs(expected), 1e-300) + (expected == 0 ? tolerance : 0))
        << line[0];
  }
}

}  // namespace
}  // namespace nabla
