// Inputs like a given one, changed token by token: pieces of the language are put in, taken out,
// doubled, exchanged and wrapped, so that most results are almost well formed.

#include <algorithm>
#include <vector>

#include "parser/token.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/fuzz/text_generator.hpp"
#include "tests/fuzz/vocabulary.hpp"

namespace nabla::test {
namespace {

std::string changed(std::string_view text, Dice& dice) {
  TextGenerator generator(dice);
  const Tokens tokens = tokenize(text);
  const std::size_t count = tokens.list.size() - 1;
  if (count == 0) return generator.statement();
  const auto& list = tokens.list;
  // A short run of tokens.
  const std::size_t first = dice.below(count);
  const std::size_t last = std::min(count - 1, first + (dice.one_in(2) ? 0 : dice.below(6)));
  const std::size_t begin = list[first].begin, end = std::max(list[last].end, list[first].begin);
  const std::string before(text.substr(0, begin)), run(text.substr(begin, end - begin)),
      after(text.substr(end));
  switch (dice.below(9)) {
    case 0: return before + dice.of(vocabulary()) + after;
    case 1: return before + dice.of(vocabulary()) + run + after;
    case 2: return before + after;
    case 3: return before + run + run + after;
    case 4: return before + generator.expression(2) + after;
    case 5: {
      constexpr std::string_view around[][2] = {
          {"(", ")"},       {"|", "|"},       {"[", "]"},          {"{", "}"}, {"sum(", ")"},
          {"\\sqrt{", "}"}, {"diff(", ",x)"}, {"\\frac{1}{", "}"}, {"-", "!"}};
      const auto& pair = around[dice.below(std::size(around))];
      return before + std::string(pair[0]) + run + std::string(pair[1]) + after;
    }
    case 6: {
      const Token& other = list[dice.below(count)];
      return before + std::string(text.substr(other.begin, other.end - other.begin)) + after;
    }
    case 7: return std::string(text) + (dice.one_in(2) ? "; " : "\n") + generator.statement();
    default: {
      std::string bytes(text);
      bytes[dice.below(bytes.size())] = static_cast<char>(dice.bits());
      return bytes;
    }
  }
}

}  // namespace

std::string text_like(std::string_view text, Dice& dice) {
  if (text.empty() || dice.one_in(8)) return TextGenerator(dice).statement();
  std::string result = changed(text, dice);
  while (dice.one_in(3)) result = changed(result, dice);
  return result;
}

std::string script_like(std::string_view script, Dice& dice) {
  constexpr std::string_view commands[] = {
      ":vars",          ":clear", ":clear x",   ":format latex", ":format sexpr", ":format dot",
      ":format text",   ":help",  ":digits 6",  ":help sin",     ":quit",         "ans",
      "ans'",           "x = 2",  "f(x) = x^2", "x = [1, 2, 3]", "f(2)",          "# remark",
      ":help language", "f'(x)",  ":digits 99", "y = 1; y + ans"};
  if (dice.one_in(3)) {
    std::string line = dice.one_in(2) ? std::string(commands[dice.below(std::size(commands))])
                                      : TextGenerator(dice).statement();
    // in front, or behind
    return dice.one_in(2) ? line + "\n" + std::string(script) : std::string(script) + "\n" + line;
  }
  return text_like(script, dice);
}

}  // namespace nabla::test
