#include "tests/fuzz/text_generator.hpp"

#include <algorithm>
#include <array>

#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/operators.hpp"
#include "parser/python.hpp"
#include "parser/symbols.hpp"
#include "parser/verbs.hpp"
#include "tests/fuzz/vocabulary.hpp"

namespace nabla::test {
namespace {

constexpr std::array<std::string_view, 18> usual_names{"x", "y", "z",  "t",   "a",   "b",
                                                       "w", "i", "k",  "n",   "f",   "g",
                                                       "h", "u", "xy", "x_1", "y_i", "rate"};
constexpr std::array<std::string_view, 12> styles{"hat",      "bar",    "tilde",   "dot",
                                                  "mathrm",   "mathbf", "text",    "vec",
                                                  "overline", "mathit", "widehat", "operatorname"};
constexpr std::array<std::string_view, 16> tex_spaces{
    "\\displaystyle ", "\\,",      "\\;",     "\\!",      "\\:",      "\\ ",
    "\\quad ",         "\\left",   "\\right", "\\right.", "\\qquad ", "\\limits ",
    "\\textstyle ",    "\\Biggl ", "\\bigr ", "\\big "};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

// --- leaves

std::string TextGenerator::number() {
  switch (dice_.below(10)) {
    case 6: return dice_.of(alphabet().vulgar);
    case 0: return std::to_string(dice_.bits());
    case 1: return std::to_string(dice_.below(1000)) + "." + std::to_string(dice_.below(1000));
    case 2: return "." + std::to_string(dice_.below(100));
    case 3: return std::to_string(dice_.below(10)) + ".";
    case 4: {
      constexpr std::array<std::string_view, 6> exponents{"e", "E", "e-", "E+", "e+", "e-10"};
      return std::to_string(dice_.below(100)) + std::string(dice_.of(exponents)) +
             std::to_string(dice_.below(400));
    }
    case 5: {
      constexpr std::array<std::string_view, 5> hexadecimal{"0x0", "0xFF", "0X1a", "0xffffffff",
                                                            "0x7"};
      return std::string(dice_.of(hexadecimal));
    }
    default: return std::to_string(dice_.below(12));
  }
}

std::string TextGenerator::name() {
  const Alphabet& a = alphabet();
  std::string text(dice_.of(usual_names));
  switch (dice_.below(14)) {
    case 0: return dice_.of(a.letters);
    case 1: return dice_.of(a.letters) + dice_.of(a.subscripts);
    case 2: return text + dice_.of(a.marks);
    case 3: return text + dice_.of(a.subscripts) + dice_.of(a.subscripts);
    case 4:
      return text + "_{" + std::string(dice_.of(usual_names)) + (dice_.one_in(2) ? ",1}" : "}");
    case 5:
      return "\\" + std::string(dice_.of(styles)) + "{" + text + "}" +
             (dice_.one_in(2) ? "_i" : "");
    case 6:
      return text + "[" + (dice_.one_in(2) ? number() : std::string(dice_.of(usual_names))) + "]";
    case 7: return dice_.of(a.letters) + std::to_string(dice_.below(10)) + "_1";
    case 9: return "\\" + std::string(dice_.of(styles)) + " " + text.substr(0, 1) + " ";
    case 8: {
      constexpr std::array<std::string_view, 5> greek{"\\alpha", "\\theta_1", "\\varepsilon",
                                                      "\\beta_{ij}", "\\Omega"};
      return std::string(dice_.of(greek));
    }
    default: return text;
  }
}

std::string TextGenerator::leaf() {
  switch (dice_.below(8)) {
    case 0:
    case 1: return number();
    case 2: {
      const Constant& row = dice_.of(constants);
      return dice_.one_in(4) ? std::string(row.latex) : dice_.of(spellings(row.name, row.aliases));
    }
    default: return name();
  }
}

std::string TextGenerator::small(int depth) {
  return dice_.one_in(3) ? "(" + expression(depth - 1) + ")" : leaf();
}

// --- what is written around smaller expressions

std::string TextGenerator::expression(int depth) {
  if (depth <= 0 || dice_.one_in(8)) return leaf();
  return (this->*dice_.of(notations()))(depth - 1);
}

std::span<const TextGenerator::Notation> TextGenerator::notations() {
  using T = TextGenerator;
  static constexpr std::array<Notation, 16> all{
      &T::infix,   &T::infix,    &T::infix,        &T::chain,    &T::sign,     &T::postfix,
      &T::bracket, &T::choice,   &T::side_by_side, &T::function, &T::function, &T::verb,
      &T::tex,     &T::sum_sign, &T::derivative,   &T::limit};
  return all;
}

std::string TextGenerator::infix(int depth) {
  const Operator& row = dice_.of(operators);
  if (row.fixity != Fixity::infix)
    return row.fixity == Fixity::prefix
               ? dice_.of(spellings(row.spelling, row.aliases)) + " " + expression(depth)
               : small(depth) + dice_.of(spellings(row.spelling, row.aliases));
  std::string sign =
      dice_.one_in(6) ? std::string(row.latex) : dice_.of(spellings(row.spelling, row.aliases));
  if (dice_.one_in(6)) sign = std::string(dice_.of(tex_operators).command);
  const bool word = is_letter(sign.back());
  const std::string gap = word               ? " "
                          : dice_.one_in(12) ? dice_.of(alphabet().spaces)
                          : dice_.one_in(12) ? std::string(dice_.of(tex_spaces))
                          : dice_.one_in(2)  ? " "
                                             : "";
  const bool braces = row.op == Op::power && dice_.one_in(3);
  return expression(depth) + gap + sign + gap +
         (braces ? "{" + expression(depth) + "}" : expression(depth));
}

std::string TextGenerator::chain(int depth) {
  constexpr std::array<std::string_view, 6> signs{"<", "<=", " > ", ">=", " = ", "!="};
  return leaf() + std::string(dice_.of(signs)) + expression(depth) + std::string(dice_.of(signs)) +
         leaf();
}

std::string TextGenerator::sign(int depth) {
  constexpr std::array<std::string_view, 6> signs{"-", "+", "−", "not ", "√", "¬"};
  return std::string(dice_.of(signs)) + expression(depth);
}

std::string TextGenerator::postfix(int depth) {
  const Alphabet& a = alphabet();
  switch (dice_.below(6)) {
    case 0:
      return small(depth) + dice_.of(a.superscripts) +
             (dice_.one_in(3) ? dice_.of(a.superscripts) : "");
    case 1: return small(depth) + (dice_.one_in(2) ? "'" : dice_.of(a.primes));
    case 2: return small(depth) + "!";
    case 3: {
      constexpr std::array<std::string_view, 3> values{"|_{x=2}", "\\right|_{x=y, y=1}",
                                                       "\\Big|_{t \\to 0}"};
      return small(depth) + std::string(dice_.of(values));
    }
    case 4: return "f^\\prime(" + expression(depth) + ")";
    default: return "f''(" + expression(depth) + ")";
  }
}

std::string TextGenerator::bracket(int depth) {
  const std::string inside = expression(depth);
  switch (dice_.below(15)) {
    case 12: return "\\left. " + inside + " \\right|_{x=" + leaf() + "}";
    case 0: return "|" + inside + "|";
    case 6: return "⌊" + inside + "⌋";
    case 7: return "\\lfloor " + inside + "\\rfloor ";
    case 8: return "⌈" + inside + "⌉";
    case 9: return "\\lceil " + inside + "\\rceil ";
    case 10: {
      constexpr std::array<std::string_view, 4> norms{"‖", "\\|", "\\lVert ", "\\Vert "};
      const std::string open(dice_.of(norms));
      return open + "[" + inside + ", 1]" + (open == "\\lVert " ? "\\rVert " : open);
    }
    case 11: {
      constexpr std::array<std::string_view, 4> bars{"\\vert ", "\\mid ", "\\lvert ", "|"};
      const std::string open(dice_.of(bars));
      return open + inside + (open == "\\lvert " ? "\\rvert " : open);
    }
    case 1: return "\\left(" + inside + "\\right)";
    case 2: return "{" + inside + "}";
    case 3: return "[" + inside + ", " + expression(depth) + "]";
    case 4: return "[[" + inside + ", " + leaf() + "], [" + leaf() + ", " + leaf() + "]]";
    case 5: return "\\left|" + inside + "\\right|";
    default: return "(" + inside + ")";
  }
}

std::string TextGenerator::choice(int depth) {
  const std::string c = chain(depth - 1), a = expression(depth), b = expression(depth);
  switch (dice_.below(7)) {
    case 5: {
      constexpr std::array<std::string_view, 5> fillers{"\\text{if }", "\\text{ for }",
                                                        "\\text{when }", "\\text{if, }", ""};
      return "\\begin{cases} " + a + " & " + std::string(dice_.of(fillers)) + c + " \\\\ " + b +
             " & \\text{" + (dice_.one_in(2) ? "otherwise" : "else") + "} \\end{cases}";
    }
    case 0: return c + " ? " + a + " : " + b;
    case 1: return a + " if " + c + " else " + b;
    case 2: return "{" + c + ": " + a + ", " + b + "}";
    case 3: return "\\{" + c + ": " + a + ", " + expression(depth) + ": " + b + "\\}";
    default: return "if(" + c + ", " + a + ", " + b + ")";
  }
}

std::string TextGenerator::side_by_side(int depth) {
  return leaf() + (dice_.one_in(2) ? " " : "") + (dice_.one_in(2) ? small(depth) : function(depth));
}

std::string TextGenerator::python(int depth) {
  if (dice_.one_in(8)) return "np.array([" + expression(depth) + ", " + leaf() + "])";
  if (dice_.one_in(4)) {
    const PythonName& row = dice_.of(python_names);
    const auto fn = find_function(row.ours);
    std::string text = "np." + std::string(row.name);
    if (!fn) return find_constant(row.ours) ? text : text + "([" + leaf() + ", " + leaf() + "])";
    return text + "(" + expression(depth) +
           (find_function(row.ours, 1) ? ")" : ", " + leaf() + ")");
  }
  const PythonFunction& row = dice_.of(python_functions);
  return std::string(row.name) + "(" + expression(depth) +
         (row.arity == 2 ? ", " + leaf() + ")" : ")");
}

std::string TextGenerator::function(int depth) {
  if (dice_.one_in(10)) return python(depth);
  const FunctionRow& row = dice_.of(functions);
  std::string text =
      std::string(dice_.of(module_prefixes)) + dice_.of(spellings(row.name, row.aliases));
  const bool one = row.value.arity == 1;
  if (one) {
    constexpr std::array<std::string_view, 9> suffixes{"",    "",      "",  "^2",  "²",
                                                       "^-1", "^{-1}", "'", "^(3)"};
    text += dice_.of(suffixes);
    if (dice_.one_in(4)) return text + " " + (dice_.one_in(2) ? number() : "") + leaf();
    if (dice_.one_in(6)) return "\\" + text + "{" + expression(depth) + "}";
  }
  if (row.variadic && dice_.one_in(4))
    return "\\" + std::string(row.name) + "\\{" + expression(depth) + ", " + leaf() + "\\}";
  text += "(" + expression(depth);
  for (int i = 1; i < row.value.arity; ++i) text += ", " + expression(depth);
  if (row.variadic && dice_.one_in(2)) text += ", " + leaf();
  return text + ")";
}

// Verbs are written as their synopses are: `diff(f, x) or diff(f, x, 3)`; letters that stand for
// expressions become such.
std::string TextGenerator::verb(int depth) {
  const VerbRow& row = dice_.of(verbs);
  std::vector<std::string_view> ways;
  for (std::string_view rest = row.synopsis;;) {
    const std::size_t end = rest.find(" or ");
    ways.push_back(rest.substr(0, end));
    if (end == rest.npos) break;
    rest.remove_prefix(end + 4);
  }
  const std::string_view way = dice_.of(ways);
  const std::size_t open = way.find('(');
  std::string text =
      std::string(dice_.of(module_prefixes)) + dice_.of(spellings(row.name, row.aliases));
  for (std::size_t i = open; i < way.size();) {
    std::size_t end = i;
    while (end < way.size() && is_letter(way[end])) ++end;
    const std::string_view word = way.substr(i, end - i);
    if (word.empty()) {
      text += way[i++];
      continue;
    }
    i = end;
    const bool place = word == "expr" || word == "f" || word == "g" || word == "a" || word == "b" ||
                       word == "c" || word == "u" || word == "v";
    text += place || dice_.one_in(8) ? expression(depth) : std::string(word);
  }
  return text;
}

std::string TextGenerator::tex(int depth) {
  constexpr std::array<std::string_view, 4> fractions{"\\frac", "\\dfrac", "\\tfrac", "\\cfrac"};
  switch (dice_.below(6)) {
    case 4: {
      constexpr std::array<std::string_view, 5> shorts{"\\frac12", "\\frac xy", "\\frac1{x}",
                                                       "\\sqrt2x", "\\frac{t}2"};
      return std::string(dice_.of(shorts));
    }
    case 0: return "\\sqrt{" + expression(depth) + "}";
    case 1: return "\\sqrt[" + leaf() + "]{" + expression(depth) + "}";
    case 2: return small(depth) + "^{" + expression(depth) + "}";
    default:
      return std::string(dice_.of(fractions)) + "{" + expression(depth) + "}{" + expression(depth) +
             "}";
  }
}

std::string TextGenerator::sum_sign(int depth) {
  constexpr std::array<std::string_view, 4> signs{"\\sum", "\\prod", "∑", "∏"};
  if (dice_.one_in(6)) {
    return std::string(dice_.one_in(2) ? "sum" : "prod") + "_{k=1}^{3} " + expression(depth);
  }
  std::string text(dice_.of(signs));
  if (dice_.one_in(4)) return "\\sum_i " + expression(depth);
  if (dice_.one_in(5)) return "\\sum " + expression(depth);
  text += "_{k=" + std::string(dice_.one_in(4) ? "-1" : "1") + "}^";
  text += dice_.one_in(3) ? "n" : dice_.one_in(2) ? "3" : "{4}";
  return text + " " + expression(depth);
}

std::string TextGenerator::derivative(int depth) {
  const std::string f = "(" + expression(depth) + ")";
  const std::string by(dice_.of(usual_names));
  switch (dice_.below(11)) {
    case 0: return "d/d" + by + " " + f;
    case 1: return "d^2/d" + by + "^2 " + f;
    case 2: return "∂/∂" + by + " " + f;
    case 3: return "\\frac{d}{d" + by + "} " + f;
    case 4: return "\\frac{\\partial}{\\partial " + by + "} " + f;
    case 5: return "∇" + f;
    case 6: return "∇²" + f;
    case 7: return "\\nabla^2 " + f;
    case 8: return "\\frac{d^2}{d" + by + "^2}" + f;
    case 9: return "∂²/∂x∂" + by + f;
    default: return "df/d" + by;
  }
}

std::string TextGenerator::limit(int depth) {
  constexpr std::array<std::string_view, 3> arrows{"->", "→", "\\to "};
  const std::string head =
      "h " + std::string(dice_.of(arrows)) + " " + (dice_.one_in(3) ? "a" : "0");
  const std::string body = " (" + expression(depth) + ")/h";
  if (dice_.one_in(4)) return "lim_{" + head + "}" + body;
  return (dice_.one_in(2) ? "lim(" + head + ")" : "\\lim_{" + head + "}") + body;
}

std::string TextGenerator::statement() {
  const std::string f(dice_.of(usual_names));
  switch (dice_.below(12)) {
    case 0: return f + " = " + expression();
    case 1: return f + "(x) = " + expression();
    case 2: return f + "(x, y) := " + expression();
    case 3: return f + " = lambda x: " + expression();
    case 4: return "def " + f + "(x): return " + expression();
    case 5: return "def " + f + "(x, y):\n  z = " + expression(2) + "\n  return " + expression(2);
    case 6: return "lambda x, y: " + expression();
    case 7: return f + " = [" + number() + ", " + number() + "]";
    default: return expression();
  }
}

}  // namespace nabla::test
