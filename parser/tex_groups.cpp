#include "parser/token.hpp"

namespace nabla {
namespace {

struct Grouping {
  std::vector<Token> out;
  std::vector<bool> first_of_two;  // by open brace: the numerator of a fraction

  void brace(Kind kind, std::uint32_t at) { out.push_back({at, at, 0, kind, false}); }

  // Takes one group from `rest`, which begins where one is wanted; false where none can be made.
  bool take(Token& rest) {
    if (rest.begin == rest.end) return false;
    if (rest.kind == Kind::name) {
      brace(Kind::open_brace, rest.begin);
      out.push_back(rest);
      brace(Kind::close_brace, rest.end);
      rest.begin = rest.end;
      return true;
    }
    if (rest.kind != Kind::integer) return false;
    Token digit = rest;
    digit.end = digit.begin + 1;
    brace(Kind::open_brace, digit.begin);
    out.push_back(digit);
    brace(Kind::close_brace, digit.end);
    rest.begin = digit.end;
    rest.spaced = false;
    return true;
  }
};

}  // namespace

std::vector<Token> with_groups(const std::vector<Token>& list) {
  Grouping g;
  g.out.reserve(list.size() + list.size() / 4);
  unsigned wanted = 0;  // groups that have to follow directly
  bool degree = false;  // inside the [3] of a root
  for (const Token& token : list) {
    Token rest = token;
    if (wanted != 0 && token.kind == Kind::open_square && !degree &&
        g.out.back().kind == Kind::command) {
      degree = true;
    } else if (degree) {
      degree = token.kind != Kind::close_square;
    } else if (wanted != 0 && token.kind != Kind::open_brace) {
      while (wanted != 0 && g.take(rest)) --wanted;
      if (rest.begin == rest.end && rest.kind != Kind::end) continue;
      wanted = 0;
    }
    g.out.push_back(rest);
    if (degree) continue;
    if (token.kind == Kind::command) {
      wanted = token.data == static_cast<std::uint32_t>(Command::fraction) ? 2
               : token.data == static_cast<std::uint32_t>(Command::root)   ? 1
                                                                           : 0;
    } else if (token.kind == Kind::open_brace) {
      g.first_of_two.push_back(wanted == 2);
      wanted = 0;
    } else if (token.kind == Kind::close_brace && !g.first_of_two.empty()) {
      wanted = g.first_of_two.back() ? 1 : 0;
      g.first_of_two.pop_back();
    }
  }
  return std::move(g.out);
}

}  // namespace nabla
