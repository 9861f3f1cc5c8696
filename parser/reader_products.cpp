#include <algorithm>

#include "lib/core/build.hpp"
#include "parser/reader.hpp"

namespace nabla {

namespace {
// Longer products are noted without being written out.
constexpr std::size_t longest_written = 400;
}  // namespace

// Inside the argument of a function without parentheses a product without a sign binds tighter, so
// that sin 2x is sin(2x) and 2 sin x cos x is a product of three.
Precedence Reader::precedence_without_sign() const {
  const Token& t = token();
  const bool after_number = at_ > 0 && (tokens_.list[at_ - 1].kind == Kind::integer ||
                                        tokens_.list[at_ - 1].kind == Kind::decimal);
  if (t.kind == Kind::name && find_function(tokens_.names[t.data])) return Precedence::product;
  if ((t.kind == Kind::open || t.kind == Kind::open_brace || t.kind == Kind::bar) && !after_number)
    return Precedence::product;
  for (std::size_t i = pending_.size(); i-- > 0;) {
    const Pending& p = pending_[i];
    if (p.is_bracket()) break;
    if (p.form == Form::application && calls_[p.extra].kind == Call::Kind::function)
      return Precedence::juxtaposition;
    if (p.precedence < Precedence::application) break;
  }
  return Precedence::product;
}

void Reader::multiply_without_sign() {
  const Precedence precedence = precedence_without_sign();
  reduce_to(precedence, false);
  const auto& list = tokens_.list;
  const std::uint32_t first = values_.back().token;
  std::uint32_t product = 0;
  if (noted_product_) {
    noted_product_ = false;
  } else if (last_product_ != 0 && products_[last_product_ - 1].first == first &&
             products_[last_product_ - 1].last + 1 == at_) {
    product = last_product_;  // 2x y goes on with 2x
  } else if (notes_.size() >= options_.notes) {
    ++unlisted_;
  } else {
    Product p{.note = static_cast<std::uint32_t>(notes_.size()),
              .first = first,
              .last = at_,
              .sign = at_,
              .tight = precedence == Precedence::juxtaposition};
    const bool divided =
        precedence == Precedence::product && last_division_ != 0 && first == last_division_ - 1;
    const bool number =
        at_ >= 2 && (list[at_ - 1].kind == Kind::integer || list[at_ - 1].kind == Kind::decimal);
    if (divided) {
      p.divisor = last_divisor_;
    } else if (number && token().kind == Kind::name && !token().spaced &&
               !find_function(tokens_.names[token().data])) {
      // e^2x and x^-2y
      const bool sign = is_symbol(list[at_ - 2], "-");
      const std::uint32_t caret = at_ - (sign ? 3u : 2u);
      if (at_ > caret && is_symbol(list[caret], "^")) p.exponent = caret + 1;
    }
    products_.push_back(p);
    product = static_cast<std::uint32_t>(products_.size());
    if (!options_.strict) notes_.push_back({.code = {}, .message = {}, .span = {}});
  }
  if (product != 0) signs_.push_back(at_);
  pending_.push_back({.form = Form::infix,
                      .precedence = precedence,
                      .detail = static_cast<std::uint8_t>(OperatorRow("*").row),
                      .without_sign = true,
                      .token = at_,
                      .base = static_cast<std::uint32_t>(values_.size()),
                      .extra = product});
}

// Both factors are known: so is the extent of the product.
void Reader::finish_product(std::uint32_t product, const Item& right) {
  Product& p = products_[product - 1];
  std::uint32_t last = at_ - 1;
  while (last > right.token && tokens_.list[last].kind == Kind::newline) --last;
  p.last = std::max(last, right.token);
  last_product_ = product;
  if (!options_.strict) return;
  finish_product_notes();
  add_note(product_note(p));
}

// The text with its missing signs. O(size + log(edits)).
std::string Reader::written_out(std::size_t begin, std::size_t end) const {
  std::string out;
  std::size_t at = begin;
  for (auto edit = std::ranges::lower_bound(edits_, begin, {}, &Edit::at);
       edit != edits_.end() && edit->at <= end; ++edit) {
    // signs and brackets of what lies outside
    if (edit->sign == ')' ? edit->at == begin : edit->at == end) continue;
    if (edit->sign == '*' && edit->at == begin) continue;
    out += text_.substr(at, edit->at - at);
    at = edit->at;
    if (edit->sign == '*') out.resize(out.find_last_not_of(" \n\t") + 1);
    out += edit->sign;
  }
  return out.append(text_.substr(at, end - at));
}

Diagnostic Reader::product_note(const Product& p) const {
  const Span place = span(p.first, p.last);
  Diagnostic d{.code = "S710",
               .severity = Severity::note,
               .message = "values side by side are multiplied",
               .span = place};
  const bool short_enough = place.end - place.begin <= longest_written;
  const std::string whole = short_enough ? written_out(place.begin, place.end) : "";
  if (p.divisor != 0) {
    d.code = "S711";
    d.message = "a product without a sign binds like '*', so the quotient comes first";
    d.hint = "for a/(b*c) write the parentheses";
    if (short_enough) {
      const std::size_t divisor = tokens_.list[p.divisor].begin, sign = tokens_.list[p.sign].begin;
      std::string quotient = written_out(place.begin, sign);
      quotient.resize(quotient.find_last_not_of(' ') + 1);
      d.reading = "(" + quotient + ")*" + written_out(sign, place.end);
      d.alternative =
          written_out(place.begin, divisor) + "(" + written_out(divisor, place.end) + ")";
      d.message = "read as " + d.reading;
      d.hint = "a product without a sign binds like '*'; the other reading is " + d.alternative;
    }
  } else if (p.exponent != 0) {
    d.code = "S723";
    d.message = "the exponent is the number alone";
    if (short_enough) {
      const std::size_t exponent = tokens_.list[p.exponent].begin;
      d.reading = whole;
      d.alternative =
          written_out(place.begin, exponent) + "(" + written_out(exponent, place.end) + ")";
      d.message = "read as " + d.reading;
      d.hint = "the exponent is the number alone; the other reading is " + d.alternative;
    }
  } else if (short_enough) {
    d.reading = whole;
    d.message = "read as " + d.reading;
    d.hint = "values side by side are multiplied";
  }
  if (!d.reading.empty()) d.fix = Fix{place, d.reading};
  return d;
}

// The notes wait for the end of the statement, when all signs in them are known.
void Reader::finish_product_notes() {
  edits_.clear();
  for (const std::uint32_t t : signs_) edits_.push_back({tokens_.list[t].begin, '*'});
  for (const Product& p : products_) {
    if (!p.tight) continue;
    edits_.push_back({tokens_.list[p.first].begin, '('});
    edits_.push_back({tokens_.list[p.last].end, ')'});
  }
  const auto rank = [](const Edit& e) { return e.sign == ')' ? 0 : e.sign == '*' ? 1 : 2; };
  std::ranges::sort(edits_, [&](const Edit& a, const Edit& b) {
    return a.at != b.at ? a.at < b.at : rank(a) < rank(b);
  });
  if (options_.strict) return;
  for (const Product& p : products_) notes_[p.note] = product_note(p);
}

}  // namespace nabla
