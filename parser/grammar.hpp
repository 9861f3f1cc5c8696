#pragma once

// The grammar: how characters make tokens. Rules only; what is done with a match stands in
// lexer.cpp, and how tokens make expressions in reader.hpp, where nesting costs no stack (ADR
// 0010).
//
// No rule recurses, no two alternatives begin alike over more than one token, so time is linear.

#include <array>
#include <tao/pegtl.hpp>

#include "parser/spelling.hpp"
#include "parser/symbols.hpp"

namespace nabla::grammar {
namespace p = tao::pegtl;
// clang-format off

// One code point of a class of letters beyond ASCII.
template <bool (*Class)(std::uint32_t)>
struct beyond_ascii {
  using rule_t = beyond_ascii;
  using subs_t = p::type_list<>;
  template <typename Input> static bool match(Input& in) {
    if (in.empty() || static_cast<signed char>(*in.current()) >= 0) return false;
    const CodePoint c = first_code_point({in.current(), in.size()});
    if (c.size == 0 || !Class(c.value)) return false;
    in.bump_in_this_line(c.size);
    return true;
  }
};

// The longest spelling of the operator table that begins here.
struct symbol {
  using rule_t = symbol;
  using subs_t = p::type_list<>;
  template <typename Input> static bool match(Input& in) {
    const std::size_t size = in.empty() ? 0 : longest_symbol({in.current(), in.size()}).size;
    if (size != 0) in.bump_in_this_line(size);
    return size != 0;
  }
};

// --- white space
struct break_line   : p::sor<p::one<'\n'>, p::seq<p::one<'\r'>, p::opt<p::one<'\n'>>>> {};
struct tex_space    : p::seq<p::one<'\\'>, p::sor<p::one<',', ';', '!', ':', ' '>, p::string<'r','i','g','h','t','.'>,
                             p::seq<p::sor<p::string<'q','q','u','a','d'>, p::string<'q','u','a','d'>, p::seq<p::string<'l','e','f','t'>, p::not_at<p::one<'.'>>>,
                                           p::string<'r','i','g','h','t'>, p::string<'d','i','s','p','l','a','y','s','t','y','l','e'>,
                                           p::string<'t','e','x','t','s','t','y','l','e'>, p::string<'l','i','m','i','t','s'>,
                                           p::seq<p::sor<p::string<'b','i','g'>, p::string<'B','i','g'>>, p::opt<p::one<'g'>>, p::opt<p::one<'l','r'>>>>,
                                    p::not_at<p::alpha>>>> {};
struct gap          : p::plus<p::sor<p::one<' ', '\t', '\f', '\v'>, tex_space, beyond_ascii<is_space_beyond_ascii>>> {};

// --- numbers
struct digits       : p::plus<p::digit> {};
struct hexadecimal  : p::seq<p::one<'0'>, p::one<'x', 'X'>, p::star<p::alnum>> {};
struct fraction     : p::seq<p::one<'.'>, p::star<p::digit>> {};
struct exponent     : p::seq<p::one<'e', 'E'>, p::opt<p::one<'+', '-'>>, digits> {};
struct cut_exponent : p::seq<p::one<'e', 'E'>, p::sor<p::eof, p::one<'+', '-'>>> {};
struct second_part  : p::seq<p::one<'.', '_'>, p::star<p::sor<p::alnum, p::one<'.', '_'>>>> {};
struct number_fault : p::sor<second_part, cut_exponent> {};
struct whole        : p::seq<digits, p::opt<fraction>> {};
struct bare         : p::seq<p::one<'.'>, digits> {};
struct number       : p::seq<p::sor<whole, bare>, p::opt<exponent>, p::opt<number_fault>> {};

// --- names
struct in_braces    : p::seq<p::one<'{'>, p::plus<p::sor<p::alnum, p::one<',', ' ', '_'>>>, p::one<'}'>> {};
struct marks        : p::plus<p::sor<p::seq<p::one<'_'>, in_braces>,
                                     p::plus<beyond_ascii<is_mark>>, p::plus<beyond_ascii<is_subscript>>>> {};
struct letters      : p::seq<p::sor<p::alpha, p::one<'_'>>, p::star<p::sor<p::alnum, p::seq<p::one<'_'>, p::not_at<p::one<'{'>>>>>> {};
struct subscript    : p::seq<p::one<'_'>, p::sor<in_braces, p::plus<p::alnum>>> {};
template <char... C> struct part : p::seq<p::string<C...>, p::one<'.'>> {};
struct module       : p::seq<p::at<p::one<'n','m','t','j','s','F'>>,
                             p::sor<part<'n','p'>, part<'n','u','m','p','y'>, part<'m','a','t','h'>, part<'t','o','r','c','h'>, part<'j','n','p'>,
                                    part<'j','a','x'>, part<'t','f'>, part<'s','p'>, part<'s','c','i','p','y'>, part<'s','y','m','p','y'>,
                                    part<'s','p','e','c','i','a','l'>, part<'F'>>,
                             p::star<p::sor<part<'l','i','n','a','l','g'>, part<'s','p','e','c','i','a','l'>, part<'n','u','m','p','y'>,
                                            part<'n','n'>, part<'f','u','n','c','t','i','o','n','a','l'>, part<'m','a','t','h'>>>> {};
struct member       : p::seq<module, p::at<p::alpha>, letters> {};
struct plain_name   : p::seq<letters, p::opt<marks>> {};
struct other_name   : p::seq<beyond_ascii<is_letter_beyond_ascii>, p::star<p::digit>, p::opt<marks>, p::opt<subscript>> {};

// --- LaTeX commands
template <char... C> struct word : p::seq<p::one<'\\'>, p::string<C...>, p::not_at<p::alpha>> {};
struct tex_fraction : p::sor<word<'f','r','a','c'>, word<'d','f','r','a','c'>, word<'t','f','r','a','c'>, word<'c','f','r','a','c'>> {};
struct tex_root     : p::seq<p::one<'\\'>, p::one<'s'>, p::string<'q','r','t'>, p::not_at<p::alpha>> {};
// lim_{...}, sum_{...} and prod_{...} without a backslash
struct named_limit  : p::seq<p::string<'l','i','m','_'>, p::at<p::one<'{'>>> {};
struct named_sum    : p::seq<p::string<'s','u','m','_'>, p::at<p::one<'{'>>> {};
struct named_product: p::seq<p::string<'p','r','o','d','_'>, p::at<p::one<'{'>>> {};
struct tex_sum      : p::seq<p::sor<word<'s','u','m'>, beyond_ascii<is_sum_sign>>, p::opt<p::one<'_'>>> {};
struct tex_product  : p::seq<p::sor<word<'p','r','o','d'>, beyond_ascii<is_product_sign>>, p::opt<p::one<'_'>>> {};
struct tex_limit    : p::seq<word<'l','i','m'>, p::opt<p::one<'_'>>> {};
struct tex_partial  : p::sor<word<'p','a','r','t','i','a','l'>, beyond_ascii<is_partial_sign>> {};
struct tex_nabla    : p::sor<word<'n','a','b','l','a'>, beyond_ascii<is_nabla_sign>> {};
struct tex_arrow    : p::sor<word<'t','o'>, p::string<'-','>'>, beyond_ascii<is_arrow>> {};
struct tex_brace    : p::seq<p::one<'\\'>, p::one<'{'>> {};
struct tex_unbrace  : p::seq<p::one<'\\'>, p::one<'}'>> {};
struct tex_style    : p::sor<p::string<'h','a','t'>, p::string<'w','i','d','e','h','a','t'>, p::string<'b','a','r'>,
                             p::string<'o','v','e','r','l','i','n','e'>, p::string<'t','i','l','d','e'>, p::string<'d','o','t'>,
                             p::string<'m','a','t','h','r','m'>, p::string<'m','a','t','h','b','f'>, p::string<'m','a','t','h','i','t'>,
                             p::string<'t','e','x','t'>, p::string<'v','e','c'>,
                             p::string<'o','p','e','r','a','t','o','r','n','a','m','e'>> {};
struct tex_styled   : p::seq<p::one<'\\'>, tex_style, p::sor<p::seq<p::one<'{'>, p::plus<p::alnum>, p::one<'}'>>,
                                                            p::seq<p::plus<p::one<' '>>, p::alpha, p::not_at<p::alnum>>>, p::opt<subscript>> {};
// \text{if }, \text{otherwise}: the words between the parts of cases
struct tex_filler   : p::seq<p::string<'\\','t','e','x','t','{'>, p::star<p::one<' '>>,
                             p::sor<p::string<'i','f'>, p::string<'f','o','r'>, p::string<'w','h','e','n'>, p::string<'e','l','s','e'>,
                                    p::string<'o','t','h','e','r','w','i','s','e'>>,
                             p::star<p::one<' ', ',', '.'>>, p::one<'}'>> {};
struct cases        : p::string<'{','c','a','s','e','s','}'> {};
struct open_cases   : p::seq<p::string<'\\','b','e','g','i','n'>, cases> {};
struct close_cases  : p::seq<p::string<'\\','e','n','d'>, cases> {};
struct open_left    : p::string<'\\','l','e','f','t','.'> {};
struct row_break    : p::string<'\\','\\'> {};
struct tex_bar      : p::sor<word<'l','v','e','r','t'>, word<'r','v','e','r','t'>, word<'v','e','r','t'>, word<'m','i','d'>> {};
struct norm_bar     : p::sor<p::string<'\\','|'>, word<'l','V','e','r','t'>, word<'r','V','e','r','t'>, word<'V','e','r','t'>,
                             beyond_ascii<is_norm_bar>> {};
struct open_floor   : p::sor<word<'l','f','l','o','o','r'>, beyond_ascii<is_open_floor>> {};
struct close_floor  : p::sor<word<'r','f','l','o','o','r'>, beyond_ascii<is_close_floor>> {};
struct open_ceiling : p::sor<word<'l','c','e','i','l'>, beyond_ascii<is_open_ceiling>> {};
struct close_ceiling: p::sor<word<'r','c','e','i','l'>, beyond_ascii<is_close_ceiling>> {};
struct tex_name     : p::seq<p::one<'\\'>, p::plus<p::alpha>, p::opt<subscript>> {};

// --- the rest
struct semicolon    : p::one<';'> {};
struct open         : p::one<'('> {};
struct close        : p::one<')'> {};
struct open_square  : p::one<'['> {};
struct close_square : p::one<']'> {};
struct open_brace   : p::sor<p::one<'{'>, tex_brace> {};
struct close_brace  : p::sor<p::one<'}'>, tex_unbrace> {};
struct bar          : p::one<'|'> {};
struct comma        : p::one<','> {};
struct define       : p::string<':', '='> {};
struct colon        : p::one<':'> {};
struct question     : p::one<'?'> {};
struct primes       : p::plus<p::sor<p::one<'\''>, beyond_ascii<is_prime_sign>>> {};
struct superscript  : p::plus<beyond_ascii<is_superscript>> {};
struct root         : beyond_ascii<is_root_sign> {};
struct vulgar       : beyond_ascii<is_vulgar_fraction> {};
struct illegal      : p::any {};

struct token : p::sor<tex_arrow, symbol, open, close, hexadecimal, number, member, named_limit, named_sum, named_product, plain_name, comma, bar, semicolon,
                      define, colon, question, open_square, close_square, open_brace, close_brace, primes, superscript,
                      root, vulgar, open_floor, close_floor, open_ceiling, close_ceiling, norm_bar, tex_sum, tex_product, tex_partial, tex_nabla, other_name,
                      open_cases, close_cases, open_left, row_break, tex_bar, tex_fraction, tex_root, tex_limit, tex_filler, tex_styled, tex_name, illegal> {};
// clang-format on

// --- what most texts consist of, read in one step; whatever goes on differently is left to `token`

// What a byte may begin.
enum class Start : std::uint8_t { other, letter, digit, blank, sign };
inline constexpr auto starts = [] {
  std::array<Start, 256> result{};
  for (std::size_t c = 0; c < 128; ++c) {
    const char lower = static_cast<char>(c | 0x20);
    if ((lower >= 'a' && lower <= 'z') || c == '_') result[c] = Start::letter;
    if (c >= '0' && c <= '9') result[c] = Start::digit;
    if (short_symbols[c].exists) result[c] = Start::sign;
  }
  for (const char c : {'(', ')', '[', ']', ','}) result[static_cast<std::size_t>(c)] = Start::sign;
  result[' '] = Start::blank;
  return result;
}();
constexpr Start start_of(char c) { return starts[static_cast<unsigned char>(c)]; }
constexpr bool is_name_byte(char c) {
  return start_of(c) == Start::letter || start_of(c) == Start::digit;
}

// The run of letters, digits and '_' that a plain_name is when nothing else may follow: no module,
// no subscript in braces, no mark.
struct ascii_name {
  using rule_t = ascii_name;
  using subs_t = p::type_list<>;
  template <typename Input>
  static bool match(Input& in) {
    const char *at = in.current() + 1, *const end = in.end();
    while (at != end && is_name_byte(*at)) ++at;
    if (at != end && (*at == '.' || *at == '{' || static_cast<signed char>(*at) < 0)) return false;
    in.bump_in_this_line(static_cast<std::size_t>(at - in.current()));
    return true;
  }
};

// Digits that are a number as they stand, without point and exponent.
struct short_integer {
  using rule_t = short_integer;
  using subs_t = p::type_list<>;
  template <typename Input>
  static bool match(Input& in) {
    const char *at = in.current() + 1, *const end = in.end();
    while (at != end && start_of(*at) == Start::digit) ++at;
    if (at != end) {
      const char lower = static_cast<char>(*at | 0x20);
      if (*at == '.' || *at == '_' || lower == 'e' || lower == 'x') return false;
    }
    in.bump_in_this_line(static_cast<std::size_t>(at - in.current()));
    return true;
  }
};

struct blanks : p::plus<p::one<' '>> {};

// An operator, bracket or comma of one byte.
struct short_sign {
  using rule_t = short_sign;
  using subs_t = p::type_list<>;
  template <typename Input>
  static bool match(Input& in) {
    const char unless = short_symbols[static_cast<unsigned char>(*in.current())].unless;
    if (unless != 0 && in.current() + 1 != in.end() && in.current()[1] == unless) return false;
    in.bump_in_this_line(1);
    return true;
  }
};

struct other : p::sor<gap, break_line, token> {};

// One of these, chosen by the first byte.
struct item {
  using rule_t = item;
  using subs_t = p::type_list<ascii_name, short_integer, blanks, short_sign, other>;
  template <p::apply_mode A, p::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input, typename... States>
  static bool match(Input& in, States&&... states) {
    if (in.empty()) return false;
    bool found = false;
    switch (start_of(*in.current())) {
      case Start::letter:
        found = Control<ascii_name>::template match<A, M, Action, Control>(in, states...);
        break;
      case Start::digit:
        found = Control<short_integer>::template match<A, M, Action, Control>(in, states...);
        break;
      case Start::blank:
        found = Control<blanks>::template match<A, M, Action, Control>(in, states...);
        break;
      case Start::sign:
        found = Control<short_sign>::template match<A, M, Action, Control>(in, states...);
        break;
      case Start::other: break;
    }
    return found || Control<other>::template match<A, M, Action, Control>(in, states...);
  }
};

struct text : p::seq<p::star<item>, p::eof> {};

}  // namespace nabla::grammar
