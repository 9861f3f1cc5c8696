#include "tests/fuzz/vocabulary.hpp"

#include <algorithm>

#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/operators.hpp"
#include "parser/python.hpp"
#include "parser/spelling.hpp"
#include "parser/symbols.hpp"
#include "parser/verbs.hpp"

namespace nabla::test {
namespace {

std::string utf8(std::uint32_t c) {
  std::string s;
  const auto put = [&](std::uint32_t byte) { s.push_back(static_cast<char>(byte)); };
  if (c < 0x800) {
    put(0xC0 | (c >> 6));
  } else {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
  }
  put(0x80 | (c & 0x3F));
  return s;
}

// The code points of a class; all classes of the language lie below U+3100 or are U+FEFF.
Words letters_where(bool (*is)(std::uint32_t)) {
  Words all;
  for (std::uint32_t c = 0x80; c < 0x3100; ++c) {
    if (is(c)) all.push_back(utf8(c));
  }
  return all;
}

}  // namespace

Words spellings(std::string_view name, std::string_view aliases) {
  Words all{std::string(name)};
  while (!aliases.empty()) {
    const std::size_t end = std::min(aliases.find(' '), aliases.size());
    if (end != 0) all.emplace_back(aliases.substr(0, end));
    aliases.remove_prefix(std::min(end + 1, aliases.size()));
  }
  return all;
}

const Alphabet& alphabet() {
  static const Alphabet all{.letters = letters_where(is_letter_beyond_ascii),
                            .marks = letters_where(is_mark),
                            .subscripts = letters_where(is_subscript),
                            .superscripts = letters_where(is_superscript),
                            .spaces = letters_where(is_space_beyond_ascii),
                            .primes = letters_where(is_prime_sign),
                            .vulgar = letters_where(is_vulgar_fraction)};
  return all;
}

const Words& vocabulary() {
  static const Words all = [] {
    Words words{"(",
                ")",
                "[",
                "]",
                "{",
                "}",
                "|",
                ",",
                ";",
                "\n",
                ":",
                ":=",
                "?",
                "->",
                "'",
                "0x1F",
                "1e9",
                ".5",
                "2.",
                "99999999999999999999",
                "if",
                "else",
                "lambda",
                "def f(",
                "return ",
                "d/dx",
                "d^2/dx^2",
                "\\frac{",
                "\\sqrt{",
                "\\sqrt[3]{",
                "\\sum_{i=1}^{n}",
                "\\prod_{k=1}^{5}",
                "\\lim_{h \\to 0}",
                "\\partial",
                "\\nabla",
                "\\left(",
                "\\right)",
                "\\{",
                "\\}",
                "\\hat{",
                "_{",
                "^{",
                "x_i",
                "x[i]",
                "_i",
                "∑",
                "∏",
                "∂",
                "∇",
                "√",
                "→",
                "f(x) = ",
                "f'(",
                "\\mathrm{d}",
                "D_u ",
                "⌊",
                "⌋",
                "⌈",
                "⌉",
                "‖",
                "\\lfloor ",
                "\\rfloor ",
                "\\lceil ",
                "\\rceil ",
                "\\lvert ",
                "\\rvert ",
                "\\mid ",
                "\\begin{cases}",
                "\\end{cases}",
                "\\\\",
                "\\left.",
                "\\right|_{x=",
                "|_{x=2}",
                "\\frac",
                "\\cfrac",
                "\\max\\{",
                "^\\prime",
                "^{\\prime\\prime}",
                "np.array([",
                "\\text{if }",
                "\\text{otherwise}"};
    const auto add = [&](const Words& more) {
      words.insert(words.end(), more.begin(), more.end());
    };
    for (const Operator& row : operators) {
      add(spellings(row.spelling, row.aliases));
      words.emplace_back(row.latex);
    }
    for (const TexOperator& row : tex_operators) words.emplace_back(row.command);
    for (const FunctionRow& row : functions) add(spellings(row.name, row.aliases));
    for (const Constant& row : constants) {
      add(spellings(row.name, row.aliases));
      words.emplace_back(row.latex);
    }
    for (const VerbRow& row : verbs) add(spellings(row.name, row.aliases));
    for (const PythonName& row : python_names) words.push_back("np." + std::string(row.name));
    for (const PythonFunction& row : python_functions) words.emplace_back(row.name);
    for (const std::string_view module : module_prefixes) words.emplace_back(module);
    const Alphabet& a = alphabet();
    for (const Words* some :
         {&a.letters, &a.marks, &a.subscripts, &a.superscripts, &a.spaces, &a.primes, &a.vulgar})
      add(*some);
    std::ranges::sort(words);
    words.erase(std::unique(words.begin(), words.end()), words.end());
    std::erase(words, "");
    return words;
  }();
  return all;
}

}  // namespace nabla::test
