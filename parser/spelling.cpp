#include "parser/spelling.hpp"

#include <algorithm>
#include <array>

#include "parser/word_filter.hpp"

namespace nabla {
namespace {

// Pairs "letter name".
constexpr std::string_view greek =
    "α alpha β beta γ gamma δ delta ε epsilon ϵ epsilon ζ zeta η eta θ theta ϑ theta ι iota κ "
    "kappa λ lambda μ mu "
    "µ mu ν nu ξ xi ο omicron π pi ρ rho σ sigma ς sigma τ tau υ upsilon φ phi ϕ phi χ chi ψ psi ω "
    "omega "
    "Α Alpha Β Beta Γ Gamma Δ Delta Ε Epsilon Ζ Zeta Η Eta Θ Theta Ι Iota Κ Kappa Λ Lambda Μ Mu Ν "
    "Nu Ξ Xi "
    "Ο Omicron Π Pi Ρ Rho Σ Sigma Τ Tau Υ Upsilon Φ Phi Χ Chi Ψ Psi Ω Omega ∞ inf ";
constexpr std::string_view hatted =
    "â a_hat ĉ c_hat ê e_hat ĝ g_hat ĥ h_hat î i_hat ĵ j_hat ô o_hat ŝ s_hat û u_hat ŵ w_hat ŷ "
    "y_hat ẑ z_hat "
    "Â A_hat Ĉ C_hat Ê E_hat Ĝ G_hat Ĥ H_hat Î I_hat Ĵ J_hat Ô O_hat Ŝ S_hat Û U_hat Ŵ W_hat Ŷ "
    "Y_hat Ẑ Z_hat "
    "ȳ y_bar ā a_bar ē e_bar ī i_bar ō o_bar ū u_bar ";
constexpr std::string_view subscripts =
    "₀ 0 ₁ 1 ₂ 2 ₃ 3 ₄ 4 ₅ 5 ₆ 6 ₇ 7 ₈ 8 ₉ 9 ᵢ i ⱼ j ₖ k ₗ l ₘ m ₙ n ₚ p ₛ s ₜ t ₓ x ₐ a ₑ e ₒ o ";
constexpr std::string_view superscripts = "⁰ 0 ¹ 1 ² 2 ³ 3 ⁴ 4 ⁵ 5 ⁶ 6 ⁷ 7 ⁸ 8 ⁹ 9 ⁻ - ⁺ + ";

struct Mark {
  std::uint32_t code_point;
  std::string_view suffix;
};
constexpr std::array marks{Mark{0x302, "_hat"}, Mark{0x304, "_bar"}, Mark{0x305, "_bar"},
                           Mark{0x303, "_tilde"}, Mark{0x307, "_dot"}};

// The pairs of a string, sorted by letter when the program is compiled.
struct Letter {
  std::uint32_t code_point = 0;
  std::string_view name;
};

template <const std::string_view& pairs>
constexpr auto letters = [] {
  std::array<Letter, std::ranges::count(pairs, ' ') / 2> rows{};
  std::size_t at = 0;
  for (Letter& row : rows) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(pairs[at + i]); };
    const auto tail = [&](std::size_t i) { return byte(i) & 0x3Fu; };
    const bool two = byte(0) < 0xE0;
    row.code_point =
        two ? (byte(0) & 0x1Fu) << 6 | tail(1) : (byte(0) & 0x0Fu) << 12 | tail(1) << 6 | tail(2);
    at += two ? 3 : 4;
    const std::size_t end = pairs.find(' ', at);
    row.name = pairs.substr(at, end - at);
    at = end + 1;
  }
  std::ranges::sort(rows, {}, &Letter::code_point);
  return rows;
}();

// The name of a letter; empty when it is not there.
template <const std::string_view& pairs>
std::string_view lookup(std::uint32_t code_point) {
  const auto& rows = letters<pairs>;
  const auto at = std::ranges::lower_bound(rows, code_point, {}, &Letter::code_point);
  return at != rows.end() && at->code_point == code_point ? at->name : std::string_view();
}

}  // namespace

CodePoint first_code_point(std::string_view text) {
  if (text.empty()) return {};
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])) : 0u;
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead >= 0xC2 && lead < 0xE0 && tail(1)) return {(lead & 0x1F) << 6 | (byte(1) & 0x3F), 2};
  if (lead >= 0xE0 && lead < 0xF0 && tail(1) && tail(2)) {
    const std::uint32_t c = (lead & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    if (c >= 0x800 && (c < 0xD800 || c > 0xDFFF)) return {c, 3};
  }
  if (lead >= 0xF0 && lead < 0xF5 && tail(1) && tail(2) && tail(3)) {
    const std::uint32_t c =
        (lead & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
    if (c >= 0x10000 && c <= 0x10FFFF) return {c, 4};
  }
  return {};
}

bool is_letter_beyond_ascii(std::uint32_t c) {
  return !lookup<greek>(c).empty() || !lookup<hatted>(c).empty();
}
bool is_mark(std::uint32_t c) {
  return c >= 0x300 && c <= 0x307 && std::ranges::find(marks, c, &Mark::code_point) != marks.end();
}
bool is_subscript(std::uint32_t c) { return !lookup<subscripts>(c).empty(); }
bool is_superscript(std::uint32_t c) { return !lookup<superscripts>(c).empty(); }
bool is_space_beyond_ascii(std::uint32_t c) {
  return c == 0xA0 || (c >= 0x2000 && c <= 0x200D) || c == 0x202F || c == 0x205F || c == 0x2060 ||
         c == 0x2061 || c == 0x2062 || c == 0xFEFF || c == 0x3000;
}

std::string ascii_name(std::string_view written) {
  std::string name;
  bool subscript = false;  // the underscore of a run of small digits is written
  if (const std::size_t dot = written.rfind('.'); dot != written.npos)
    written.remove_prefix(dot + 1);
  for (std::size_t at = 0; at < written.size();) {
    const CodePoint c = first_code_point(written.substr(at));
    at += c.size == 0 ? 1 : c.size;
    if (const std::string_view digit = lookup<subscripts>(c.value); !digit.empty()) {
      if (!subscript) name += '_';
      subscript = true;
      name += digit;
      continue;
    }
    subscript = false;
    if (const auto mark = std::ranges::find(marks, c.value, &Mark::code_point);
        mark != marks.end()) {
      name += mark->suffix;
    } else if (const std::string_view letter = lookup<greek>(c.value); !letter.empty()) {
      name += letter;
    } else if (const std::string_view with_hat = lookup<hatted>(c.value); !with_hat.empty()) {
      name += with_hat;
    } else if (c.value == ',') {
      name += '_';
    } else if (c.value == '\\') {
      // \hat{y} is y_hat, \mathrm{rate} and \theta are what they say
      const std::size_t end = std::min(
          written.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", at),
          written.size());
      const std::string_view command = written.substr(at, end - at);
      at = end;
      if (at < written.size() && (written[at] == '{' || written[at] == ' ')) {
        // \hat{y}, or \hat y with one letter
        const bool braced = written[at] == '{';
        at = braced ? at + 1 : std::min(written.find_first_not_of(' ', at), written.size());
        const std::size_t close = braced ? std::min(written.find('}', at), written.size()) : at + 1;
        name += ascii_name(written.substr(at, close - at));
        if (command == "hat" || command == "widehat") name += "_hat";
        if (command == "bar" || command == "overline") name += "_bar";
        if (command == "tilde") name += "_tilde";
        if (command == "dot") name += "_dot";
        at = std::min(braced ? close + 1 : close, written.size());
      } else if (command.starts_with("var") && is_greek_name(command.substr(3))) {
        name += command.substr(3);
      } else {
        name += command;
      }
    } else if (c.value != '{' && c.value != '}' && c.value != ' ' && c.value < 0x80) {
      name += static_cast<char>(c.value);
    }
  }
  return name;
}

std::string superscript_text(std::string_view written) {
  std::string text;
  for (std::size_t at = 0; at < written.size();) {
    const CodePoint c = first_code_point(written.substr(at));
    text += lookup<superscripts>(c.value);
    at += std::max<std::size_t>(c.size, 1);
  }
  return text;
}

bool is_greek_name(std::string_view name) {
  static constexpr WordFilter filter = [] {
    WordFilter words;
    for (const Letter& letter : letters<greek>) words.add(letter.name);
    return words;
  }();
  if (!filter.may_have(name)) return false;
  return std::ranges::find(letters<greek>, name, &Letter::name) != letters<greek>.end();
}

bool is_quotation_mark(std::uint32_t c) {
  return c == '"' || c == '`' || c == 0x2018 || c == 0x201C || c == 0x201D;
}

std::string_view plain_for(std::uint32_t c) {
  static constexpr std::string_view full_width =
      "!\"#$%&'()*+,-./"
      "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
  if (c >= 0x2010 && c <= 0x2014) return "-";
  if (c >= 0xFF01 && c <= 0xFF5E) return full_width.substr(c - 0xFF01, 1);
  return {};
}

std::string_view advice_for(std::uint32_t c) {
  switch (c) {
    case '%': return "the remainder of a division is mod(a, b), a percentage 5/100";
    case '#': return "comments have no place in an expression";
    case '~': return "write 'not' for the negation of a condition";
    case '&': return "write 'and' between conditions";
    case '@': return "a product of vectors is dot(u, v)";
    case '.': return "a decimal point belongs to a number, as in 0.5";
    case '"':
    case '`': return "there are no strings; a name is written as it is";
    case '\\': return "after a backslash stands a LaTeX command, as in \\frac";
    case '$': return "leave out the dollar signs of LaTeX";
    case 0: return "a zero byte ends nothing here; remove it";
    case 0x222B: return "integrals are not computed here";
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014: return "a minus sign is '-'";
    case 0x2018:
    case 0x201C:
    case 0x201D: return "quotation marks have no meaning; a name is written as it is";
    case 0xD7: return "a product is written '*'";
    case 0xB1: return "write the two formulas one by one";
    case 0x2211: return "a sum is written sum(k, 1, 10, k^2)";
    case 0x1D465: return "use the plain letter x";
    default: break;
  }
  if (c >= 0xFF01 && c <= 0xFF5E) return "a full-width character; use the plain one";
  return "names consist of letters, digits and '_'";
}

}  // namespace nabla
