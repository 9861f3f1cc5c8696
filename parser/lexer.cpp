#include <algorithm>
#include <array>

#include "lib/core/constants.hpp"
#include "lib/core/pages.hpp"
#include "lib/core/short_text.hpp"
#include "lib/core/stop.hpp"
#include "parser/grammar.hpp"
#include "parser/push.hpp"
#include "parser/python.hpp"
#include "parser/token.hpp"

namespace nabla {
namespace {

using Kind = TokenKind;

constexpr std::array words{"and", "or", "not", "if", "else", "lambda", "def", "return", "d"};
static_assert(words.size() == static_cast<std::size_t>(Word::count));

std::uint32_t row_of(std::string_view spelling) {
  return static_cast<std::uint32_t>(&operator_of(spelling) - operators.data());
}

std::optional<std::uint32_t> operator_of_command(std::string_view command) {
  for (std::size_t i = 0; i < operators.size(); ++i) {
    if (operators[i].latex == command) return static_cast<std::uint32_t>(i);
  }
  for (const TexOperator& t : tex_operators) {
    if (t.command == command) return row_of(t.spelling);
  }
  return std::nullopt;
}

struct Lexer {
  std::string_view text;
  Tokens tokens;
  StopCheck stop;
  bool spaced = false;
  bool faulty = false;  // the number being read is none
  bool marked = false;  // the name being read is not ASCII as it stands
  bool decimal = false;
  bool groups = false;  // \frac, \sqrt or \prime occurs

  void add(Kind kind, std::size_t begin, std::size_t end, std::uint32_t data = 0) {
    stop();
    push(tokens.list, Token{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end),
                            data, kind, spaced});
    spaced = false;
  }
  template <typename Input>
  void add(const Input& in, Kind kind, std::uint32_t data = 0) {
    const auto begin = static_cast<std::size_t>(in.begin() - text.data());
    add(kind, begin, begin + in.size(), data);
  }
  template <typename Input>
  void add_name(const Input& in, bool as_it_stands) {
    const std::string_view written{in.begin(), in.size()};
    const std::uint32_t id = as_it_stands ? tokens.names.intern(written, true)
                                          : tokens.names.intern(ascii_name(written), false);
    if (id > static_cast<std::uint32_t>(Word::not_)) return add(in, Kind::name, id);
    switch (static_cast<Word>(id)) {
      case Word::and_: return add(in, Kind::symbol, row_of("and"));
      case Word::or_: return add(in, Kind::symbol, row_of("or"));
      default: return add(in, Kind::symbol, row_of("not"));
    }
  }
};

template <typename Rule>
struct action : grammar::p::nothing<Rule> {};

// A rule that becomes a token of one kind.
template <Kind kind, Command command = Command{}>
struct makes {
  template <typename Input>
  static void apply(const Input& in, Lexer& lexer) {
    lexer.add(in, kind, static_cast<std::uint32_t>(command));
  }
};
template <>
struct action<grammar::open> : makes<Kind::open> {};
template <>
struct action<grammar::close> : makes<Kind::close> {};
template <>
struct action<grammar::open_square> : makes<Kind::open_square> {};
template <>
struct action<grammar::close_square> : makes<Kind::close_square> {};
template <>
struct action<grammar::open_brace> : makes<Kind::open_brace> {};
template <>
struct action<grammar::close_brace> : makes<Kind::close_brace> {};
template <>
struct action<grammar::bar> : makes<Kind::bar> {};
template <>
struct action<grammar::comma> : makes<Kind::comma> {};
template <>
struct action<grammar::colon> : makes<Kind::colon> {};
template <>
struct action<grammar::question> : makes<Kind::question> {};
template <>
struct action<grammar::semicolon> : makes<Kind::semicolon> {};
template <>
struct action<grammar::define> : makes<Kind::define> {};
template <>
struct action<grammar::superscript> : makes<Kind::superscript> {};
template <>
struct action<grammar::root> {
  template <typename Input>
  static void apply(const Input& in, Lexer& lexer) {
    lexer.add(in, Kind::root, first_code_point({in.begin(), in.size()}).value - 0x221A + 2);
  }
};
template <>
struct action<grammar::vulgar> : makes<Kind::vulgar> {};
template <>
struct action<grammar::tex_bar> : makes<Kind::bar> {};
template <>
struct action<grammar::norm_bar> : makes<Kind::norm_bar> {};
template <>
struct action<grammar::open_floor> : makes<Kind::open_floor> {};
template <>
struct action<grammar::close_floor> : makes<Kind::close_floor> {};
template <>
struct action<grammar::open_ceiling> : makes<Kind::open_ceiling> {};
template <>
struct action<grammar::close_ceiling> : makes<Kind::close_ceiling> {};
template <>
struct action<grammar::open_cases> : makes<Kind::open_cases> {};
template <>
struct action<grammar::close_cases> : makes<Kind::close_cases> {};
template <>
struct action<grammar::open_left> : makes<Kind::open_left> {};
template <>
struct action<grammar::row_break> : makes<Kind::row_break> {};
template <>
struct action<grammar::break_line> : makes<Kind::newline> {};
template <>
struct action<grammar::hexadecimal> : makes<Kind::hexadecimal> {};
template <>
struct action<grammar::tex_arrow> : makes<Kind::arrow> {};
template <>
struct action<grammar::tex_partial> : makes<Kind::partial> {};
template <>
struct action<grammar::tex_nabla> : makes<Kind::nabla> {};
template <Command command>
struct takes_groups {
  template <typename Input>
  static void apply(const Input& in, Lexer& lexer) {
    lexer.add(in, Kind::command, static_cast<std::uint32_t>(command));
    lexer.groups = true;
  }
};
template <>
struct action<grammar::tex_fraction> : takes_groups<Command::fraction> {};
template <>
struct action<grammar::tex_root> : takes_groups<Command::root> {};
template <>
struct action<grammar::tex_sum> : makes<Kind::command, Command::sum> {};
template <>
struct action<grammar::tex_product> : makes<Kind::command, Command::product> {};
template <>
struct action<grammar::tex_limit> : makes<Kind::command, Command::limit> {};
template <>
struct action<grammar::named_sum> : makes<Kind::command, Command::sum> {};
template <>
struct action<grammar::named_product> : makes<Kind::command, Command::product> {};
template <>
struct action<grammar::named_limit> : makes<Kind::command, Command::limit> {};

template <bool Lexer::*flag>
struct raises {
  static void apply0(Lexer& lexer) { lexer.*flag = true; }
};
template <>
struct action<grammar::gap> : raises<&Lexer::spaced> {};
template <>
struct action<grammar::number_fault> : raises<&Lexer::faulty> {};
template <>
struct action<grammar::fraction> : raises<&Lexer::decimal> {};
template <>
struct action<grammar::bare> : raises<&Lexer::decimal> {};
template <>
struct action<grammar::exponent> : raises<&Lexer::decimal> {};
template <>
struct action<grammar::marks> : raises<&Lexer::marked> {};

template <>
struct action<grammar::blanks> : raises<&Lexer::spaced> {};

template <>
struct action<grammar::ascii_name> {
  template <typename Input>
  static void apply(const Input& in, Lexer& lexer) {
    lexer.add_name(in, true);
  }
};
template <>
struct action<grammar::short_integer> : makes<Kind::integer> {};
template <>
struct action<grammar::short_sign> {
  template <typename Input>
  static void apply(const Input& in, Lexer& lexer) {
    const char c = *in.begin();
    switch (c) {
      case '(': return lexer.add(in, Kind::open);
      case ')': return lexer.add(in, Kind::close);
      case '[': return lexer.add(in, Kind::open_square);
      case ']': return lexer.add(in, Kind::close_square);
      case ',': return lexer.add(in, Kind::comma);
      default: return lexer.add(in, Kind::symbol, short_symbols[static_cast<unsigned char>(c)].row);
    }
  }
};

template <>
struct action<grammar::number> {
  template <typename Input>
  static void apply(const Input& in, Lexer& lexer) {
    lexer.add(in, lexer.faulty ? Kind::bad_number : lexer.decimal ? Kind::decimal : Kind::integer);
    lexer.faulty = lexer.decimal = false;
  }
};
template <>
struct action<grammar::plain_name> {
  template <typename Input>
  static void apply(const Input& in, Lexer& lexer) {
    lexer.add_name(in, !lexer.marked);
    lexer.marked = false;
  }
};
struct translated_name {
  template <typename Input>
  static void apply(const Input& in, Lexer& lexer) {
    lexer.add_name(in, false);
    lexer.marked = false;
  }
};
template <>
struct action<grammar::member> {
  template <typename Input>
  static void apply(const Input& in, Lexer& lexer) {
    const std::string_view written(in.begin(), in.size());
    const std::string_view name = written.substr(written.rfind('.') + 1);
    std::string qualified = "np.";
    qualified += name;
    const std::string_view ours = our_name_for(name);
    if (!ours.empty()) {
      lexer.add(in, Kind::name, lexer.tokens.names.intern(ours, true));
    } else if (find_python_function(qualified) != nullptr || makes_array(qualified)) {
      lexer.add(in, Kind::name, lexer.tokens.names.intern(qualified, false));
    } else {
      lexer.add_name(in, false);
    }
  }
};
template <>
struct action<grammar::other_name> : translated_name {};
template <>
struct action<grammar::tex_filler> {
  template <typename Input>
  static void apply(const Input& in, Lexer& lexer) {
    std::string_view word(in.begin() + 6, in.size() - 7);
    word.remove_prefix(word.find_first_not_of(' '));
    lexer.add(in, Kind::name,
              lexer.tokens.names.intern(word.substr(0, word.find_last_not_of(" ,.") + 1), true));
  }
};
template <>
struct action<grammar::tex_styled> : translated_name {};
template <>
struct action<grammar::tex_name> {
  template <typename Input>
  static void apply(const Input& in, Lexer& lexer) {
    if (const auto row = operator_of_command({in.begin(), in.size()})) {
      lexer.add(in, Kind::symbol, *row);
    } else if (const auto* constant = std::ranges::find(
                   constants, std::string_view(in.begin(), in.size()), &Constant::latex);
               constant != constants.end()) {
      lexer.add(in, Kind::name, lexer.tokens.names.intern(constant->name, true));
    } else {
      lexer.groups = lexer.groups || std::string_view(in.begin(), in.size()) == "\\prime";
      lexer.add_name(in, false);
    }
  }
};
template <>
struct action<grammar::symbol> {
  template <typename Input>
  static void apply(const Input& in, Lexer& lexer) {
    lexer.add(in, Kind::symbol, longest_symbol({in.begin(), in.size()}).row);
  }
};
template <>
struct action<grammar::primes> {
  template <typename Input>
  static void apply(const Input& in, Lexer& lexer) {
    std::uint32_t count = 0;
    for (std::size_t at = 0; at < in.size();) {
      const CodePoint c = first_code_point({in.begin() + at, in.size() - at});
      at += c.size;
      count += primes_in(c.value);
    }
    lexer.add(in, Kind::prime, count);
  }
};
template <>
struct action<grammar::illegal> {
  template <typename Input>
  static void apply(const Input& in, Lexer& lexer) {
    // the rest of a code point belongs to the same complaint
    const auto begin = static_cast<std::size_t>(in.begin() - lexer.text.data());
    const unsigned char byte = static_cast<unsigned char>(*in.begin());
    auto& list = lexer.tokens.list;
    if ((byte & 0xC0) == 0x80 && !list.empty() && list.back().kind == Kind::illegal &&
        list.back().end == begin &&
        list.back().end - list.back().begin <
            first_code_point(lexer.text.substr(list.back().begin)).size) {
      ++list.back().end;
    } else {
      lexer.add(Kind::illegal, begin, begin + 1);
    }
  }
};

}  // namespace

void Spellings::put(std::span<Slot> table, Slot slot) {
  std::size_t at = slot.hash;
  while (table[at & (table.size() - 1)].id_plus_one != 0) ++at;
  table[at & (table.size() - 1)] = slot;
}

Spellings::Spellings() : table_(64), mask_(63) {
  static constexpr auto hashes = [] {
    std::array<std::uint32_t, words.size()> result{};
    for (std::size_t i = 0; i < words.size(); ++i)
      result[i] = static_cast<std::uint32_t>(hash_of_text(words[i]));
    return result;
  }();
  texts_.reserve(32);
  for (std::size_t i = 0; i < words.size(); ++i) {
    texts_.emplace_back(words[i]);
    put(table_, {static_cast<std::uint32_t>(i + 1), hashes[i]});
  }
}

std::uint32_t Spellings::add(std::string_view text, std::uint32_t hash, bool lasting) {
  if (texts_.size() * 2 >= table_.size()) grow();
  texts_.push_back(lasting ? text : owned_.emplace_back(text));
  const auto count = static_cast<std::uint32_t>(texts_.size());
  put(table_, {count, hash});
  return count - 1;
}

void Spellings::grow() {
  const std::size_t size = table_.size() * 4;
  std::vector<Slot> table;
  table.reserve(size);
  prefer_large_pages(table.data(), size * sizeof(Slot));
  table.resize(size);
  for (const Slot& slot : table_) {
    if (slot.id_plus_one != 0) put(table, slot);
  }
  table_.swap(table);
  mask_ = table_.size() - 1;
}

Tokens tokenize(std::string_view text, const Limits& limits) {
  namespace p = grammar::p;
  Lexer lexer{.text = text, .tokens = {}, .stop = StopCheck(limits)};
  // Most texts have a token in two bytes, short ones may have one in each.
  lexer.tokens.list.reserve(text.size() / 2 + std::min(text.size() / 2, text.size() / 16 + 4096) +
                            16);
  prefer_large_pages(lexer.tokens.list.data(), lexer.tokens.list.capacity() * sizeof(Token));
  p::memory_input<p::tracking_mode::lazy, p::eol::lf, const char*> in(
      text.data(), text.data() + text.size(), "");
  p::parse<grammar::text, action>(in, lexer);
  lexer.add(Kind::end, text.size(), text.size());
  if (lexer.groups) put_groups(lexer.tokens, text);
  return std::move(lexer.tokens);
}

}  // namespace nabla
