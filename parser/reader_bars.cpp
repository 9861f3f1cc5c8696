#include <algorithm>

#include "lib/core/substitute.hpp"
#include "parser/reader.hpp"

// The bar that puts values in, \left. x^2 \right|_{x=3} and f(x)|_{x=3}; and subscripts behind
// brackets, which mean something behind a norm only.

namespace nabla {

// Whether _{ follows the bar here.
bool Reader::begins_values() const {
  return peek(1).kind == Kind::name && !peek(1).spaced && name_of(at_ + 1) == "_" &&
         peek(2).kind == Kind::open_brace;
}

// In |_{x=3}: the name has been read, its value follows.
bool Reader::names_value() const {
  return !pending_.empty() && pending_.back().form == Form::values &&
         (values_.size() - pending_.back().base) % 2 == 1;
}

// In |_{x=3}, at the x: what it is bound to does not matter.
bool Reader::binds_value() const {
  return !pending_.empty() && pending_.back().form == Form::values &&
         (values_.size() - pending_.back().base) % 2 == 0 &&
         (is_symbol(peek(1), "=") || peek(1).kind == Kind::arrow);
}

// Without \left. the bar takes the whole term before it, a derivative sign included.
void Reader::evaluate_term() {
  while (!pending_.empty() && !pending_.back().is_bracket() &&
         (pending_.back().precedence > Precedence::sum || pending_.back().is_prefix()))
    reduce_top();
  const std::uint32_t first = values_.back().token;
  const bool parenthesis =
      tokens_.list[first].kind == Kind::open && closing_bracket(first) + 1 == at_;
  const bool in_sum = !parenthesis && !pending_.empty() && pending_.back().form == Form::infix &&
                      pending_.back().precedence == Precedence::sum;
  open_values(at_, in_sum ? 1 + values_[values_.size() - 2].token : 0);
}

// `sum`: 1 + the first token of the sum whose last term is meant, 0 where there is none.
void Reader::open_values(std::uint32_t bar, std::uint32_t sum) {
  at_ = bar;
  if (!begins_values()) {
    fail("P012", "behind the bar values are given in braces", span(bar), "write \\right|_{x=3}");
  }
  at_ += 3;
  push_bracket(Form::values, at_ - 1, sum);
  complete_ = false;
}

void Reader::finish_values(const Pending& bracket, std::uint32_t end) {
  const std::size_t count = values_.size() - bracket.base;
  if (count % 2 != 0) {
    fail("P012", "a name and its value are expected here", span(end), "write \\right|_{x=3}",
         {{span(bracket.token), "opened here"}});
  }
  const Item body = values_[bracket.base - 1];
  Quantity q = quantity(body);
  q.entries = substitute(q.entries, replacements_of({values_.data() + bracket.base, count}));
  values_.resize(bracket.base - 1);
  values_.push_back(array(std::move(q), body.token));
  if (bracket.extra != 0) {
    // the bar is the token before _{
    const std::size_t bar = tokens_.list[bracket.token - 2].begin,
                      first = tokens_.list[bracket.extra - 1].begin,
                      term = tokens_.list[body.token].begin;
    const auto written_as = [&](std::size_t begin, std::size_t stop) {
      return std::string(text_.substr(begin, stop - begin));
    };
    const std::string values = written_as(bar, tokens_.list[end].end);
    const std::string before = written_as(first, term), inside = written_as(term, bar);
    note("S727", "the bar takes the last term alone", {first, tokens_.list[end].end},
         "for the whole sum put it in parentheses", before + "(" + inside + ")" + values,
         "(" + before + inside + ")" + values);
  }
  if (is_symbol(token(), "^") || token().kind == Kind::superscript) {
    fail("P012", "a superscript of this bar means a difference of two values", span(at_),
         "write F(b) - F(a); for a power put what is raised in parentheses");
  }
}

// x = 2, y = a: names and values in turn.
std::vector<Replacement> Reader::replacements_of(std::span<const Item> pairs) {
  std::vector<Replacement> replacements;
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    const Expr from = g_.expr(scalar(pairs[i], "a replacement")),
               to = g_.expr(scalar(pairs[i + 1], "a replacement"));
    const std::uint32_t t = pairs[i].token;
    if (node(from).op != Op::symbol) fail("N108", "only names are replaced", span(t));
    const auto same = std::ranges::find(replacements, from, &Replacement::symbol);
    if (same != replacements.end()) {
      const auto first = static_cast<std::size_t>(same - replacements.begin());
      fail("N108", "'" + std::string(written(t)) + "' is replaced twice", span(t), "",
           {{span(pairs[2 * first].token), "first replaced here"}});
    }
    if (tokens_.list[t].kind == Kind::name) {
      const Meaning& m = meaning(tokens_.list[t].data);
      if (m.kind == Meaning::Kind::definition &&
          m.definition->kind == Definition::Kind::expression) {
        note("S729", "'" + std::string(written(t)) + "' stands for its definition already", span(t),
             "nothing is replaced; give values to the names in it", "its definition",
             "a name of its own", false);
      }
    }
    replacements.push_back({from, to});
  }
  return replacements;
}

// ‖v‖_2 is the length; other norms are not read.
void Reader::skip_norm_order() {
  if (token().kind != Kind::name || token().spaced) return;
  const std::string_view name = name_of(at_);
  if (name == "_2") {
    ++at_;
  } else if (name == "_" && peek(1).kind == Kind::open_brace && written(at_ + 2) == "2" &&
             tokens_.list[at_ + 3].kind == Kind::close_brace) {
    at_ += 4;
  } else if (name.starts_with('_')) {
    fail("N108", "the only norm read here is the length, with index 2", span(at_),
         "the sum of absolute values is abs(x) + abs(y), the largest max(abs(x), abs(y))");
  }
}

}  // namespace nabla
