#pragma once

// The grammar: how characters make tokens. Rules only; what is done with a match stands in
// lexer.cpp, and how tokens make expressions in reader.hpp, where nesting costs no stack (ADR
// 0010).
//
// No rule recurses, no two alternatives begin alike over more than one token, so time is linear.

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
struct tex_space    : p::seq<p::one<'\\'>, p::sor<p::one<',', ';', '!', ':', ' '>,
                             p::seq<p::sor<p::string<'q','q','u','a','d'>, p::string<'q','u','a','d'>, p::string<'l','e','f','t'>,
                                           p::string<'r','i','g','h','t'>, p::string<'d','i','s','p','l','a','y','s','t','y','l','e'>>,
                                    p::not_at<p::alpha>>>> {};
struct gap          : p::plus<p::sor<p::one<' ', '\t', '\f', '\v'>, tex_space, beyond_ascii<is_space_beyond_ascii>>> {};

// --- numbers
struct digits       : p::plus<p::digit> {};
struct hexadecimal  : p::seq<p::one<'0'>, p::one<'x', 'X'>, p::plus<p::xdigit>> {};
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
struct module       : p::seq<p::at<p::one<'n','m','t','j'>>, p::sor<p::string<'n','p'>, p::string<'n','u','m','p','y'>, p::string<'m','a','t','h'>,
                                    p::string<'t','o','r','c','h'>, p::string<'j','n','p'>>, p::one<'.'>> {};
struct member       : p::seq<module, p::at<p::alpha>, letters> {};
struct plain_name   : p::seq<letters, p::opt<marks>> {};
struct other_name   : p::seq<beyond_ascii<is_letter_beyond_ascii>, p::star<p::digit>, p::opt<marks>, p::opt<subscript>> {};

// --- LaTeX commands
template <char... C> struct word : p::seq<p::one<'\\'>, p::string<C...>, p::not_at<p::alpha>> {};
struct tex_fraction : p::sor<word<'f','r','a','c'>, word<'d','f','r','a','c'>, word<'t','f','r','a','c'>> {};
struct tex_root     : p::seq<p::one<'\\'>, p::one<'s'>, p::string<'q','r','t'>, p::not_at<p::alpha>> {};
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
struct tex_styled   : p::seq<p::one<'\\'>, tex_style, p::one<'{'>, p::plus<p::alnum>, p::one<'}'>, p::opt<subscript>> {};
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
struct illegal      : p::any {};

struct token : p::sor<tex_arrow, symbol, open, close, hexadecimal, number, member, plain_name, comma, bar, semicolon,
                      define, colon, question, open_square, close_square, open_brace, close_brace, primes, superscript,
                      root, tex_sum, tex_product, tex_partial, tex_nabla, other_name,
                      tex_fraction, tex_root, tex_limit, tex_styled, tex_name, illegal> {};
struct text  : p::seq<p::star<p::sor<gap, break_line, token>>, p::eof> {};

// clang-format on
}  // namespace nabla::grammar
