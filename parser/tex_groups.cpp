#include <algorithm>

#include "parser/token.hpp"

// What LaTeX leaves out or writes with a command: groups of one sign, and primes in an exponent.

namespace nabla {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Bytes of the sign that LaTeX takes from a name: a letter of a run of letters or of letter and
// digits. A command is one sign, and so is a letter with its index.
std::size_t first_sign(std::string_view name) {
  if (name.size() < 2 || !is_letter(name[0])) return name.size();
  const std::string_view rest = name.substr(1);
  const bool letters = is_letter(rest[0]) && std::ranges::all_of(rest, [](char c) {
                         return is_letter(c) || is_digit(c) || c == '_';
                       });
  return letters || std::ranges::all_of(rest, is_digit) ? 1 : name.size();
}

struct Grouping {
  std::string_view text;
  Spellings& names;
  std::vector<Token> out;
  std::vector<bool> first_of_two;  // by open brace: the numerator of a fraction

  std::string_view written(const Token& t) const { return text.substr(t.begin, t.end - t.begin); }

  void brace(TokenKind kind, std::uint32_t at) { out.push_back({at, at, 0, kind, false}); }

  // Takes one group from `rest`, which begins where one is wanted; false where none can be made.
  bool take(Token& rest) {
    if (rest.begin == rest.end) return false;
    const bool name = rest.kind == TokenKind::name;
    if (!name && rest.kind != TokenKind::integer) return false;
    const std::string_view whole = written(rest);
    const std::size_t size = name ? first_sign(whole) : 1;
    Token sign = rest;
    sign.end = rest.begin + static_cast<std::uint32_t>(size);
    rest.begin = sign.end;
    rest.spaced = false;
    if (name && size != whole.size()) {
      sign.data = names.intern(whole.substr(0, size), true);
      if (is_digit(whole[size])) {
        rest.kind = TokenKind::integer;
        rest.data = 0;
      } else {
        rest.data = names.intern(whole.substr(size), true);
      }
    }
    brace(TokenKind::open_brace, sign.begin);
    out.push_back(sign);
    brace(TokenKind::close_brace, sign.end);
    return true;
  }

  // How many tokens ^\prime or ^{\prime\prime} takes at this place, 0 where there is none.
  std::size_t primes_at(const std::vector<Token>& list, std::size_t at) const {
    const auto is_prime = [&](std::size_t i) {
      return list[i].kind == TokenKind::name && written(list[i]) == "\\prime";
    };
    if (list[at].kind != TokenKind::symbol || written(list[at]) != "^") return 0;
    if (is_prime(at + 1)) return 2;
    std::size_t end = at + 2;
    if (list[at + 1].kind != TokenKind::open_brace) return 0;
    while (is_prime(end)) ++end;
    return end > at + 2 && list[end].kind == TokenKind::close_brace ? end + 1 - at : 0;
  }
};

}  // namespace

void put_groups(Tokens& tokens, std::string_view text) {
  const std::vector<Token> list = std::move(tokens.list);
  Grouping g{.text = text, .names = tokens.names, .out = {}, .first_of_two = {}};
  g.out.reserve(list.size() + list.size() / 4);
  unsigned wanted = 0;  // groups that have to follow directly
  bool degree = false;  // inside the [3] of a root
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Token& token = list[i];
    if (const std::size_t size = g.primes_at(list, i); size != 0) {
      const auto count = static_cast<std::uint32_t>(size == 2 ? 1 : size - 3);
      g.out.push_back({token.begin, list[i + size - 1].end, count, TokenKind::prime, token.spaced});
      i += size - 1;
      wanted = 0;
      continue;
    }
    Token rest = token;
    if (wanted != 0 && token.kind == TokenKind::open_square && !degree &&
        g.out.back().kind == TokenKind::command) {
      degree = true;
    } else if (degree) {
      degree = token.kind != TokenKind::close_square;
    } else if (wanted != 0 && token.kind != TokenKind::open_brace) {
      while (wanted != 0 && g.take(rest)) --wanted;
      if (rest.begin == rest.end && rest.kind != TokenKind::end) continue;
      wanted = 0;
    }
    g.out.push_back(rest);
    if (degree) continue;
    if (token.kind == TokenKind::command) {
      wanted = token.data == static_cast<std::uint32_t>(Command::fraction) ? 2
               : token.data == static_cast<std::uint32_t>(Command::root)   ? 1
                                                                           : 0;
    } else if (token.kind == TokenKind::open_brace) {
      g.first_of_two.push_back(wanted == 2);
      wanted = 0;
    } else if (token.kind == TokenKind::close_brace && !g.first_of_two.empty()) {
      wanted = g.first_of_two.back() ? 1 : 0;
      g.first_of_two.pop_back();
    }
  }
  tokens.list = std::move(g.out);
}

}  // namespace nabla
