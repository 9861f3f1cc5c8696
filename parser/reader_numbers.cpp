#include <charconv>
#include <cmath>
#include <limits>

#include "parser/reader.hpp"
#include "parser/symbols.hpp"

namespace nabla {
namespace {

// Power of ten of the leading digit of a decimal literal that is not zero, bounded far outside what
// a double can hold; tells overflow from underflow where the conversion only says "out of range".
long decimal_magnitude(std::string_view literal) {
  const std::size_t e = std::min(literal.find_first_of("eE"), literal.size());
  const std::string_view mantissa = literal.substr(0, e);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t first = mantissa.find_first_not_of("0.");
  long magnitude =
      first < point ? static_cast<long>(point - first) : -static_cast<long>(first - point);
  if (e < literal.size()) {
    long exponent = 0;
    std::size_t at = e + 1;
    const bool negative = literal[at] == '-';
    if (literal[at] == '-' || literal[at] == '+') ++at;
    for (; at < literal.size() && exponent < 1'000'000'000; ++at)
      exponent = exponent * 10 + (literal[at] - '0');
    magnitude += negative ? -exponent : exponent;
  }
  return magnitude;
}

}  // namespace

NodeId Reader::integer(std::string_view literal, Span place) {
  const auto too_large = [&] {
    fail("L108", "a number of " + std::to_string(literal.size()) + " digits is too large", place,
         "the limit is named 'number_bits'");
  };
  // 3.3 bits a digit, once the zeros in front are gone.
  const std::string_view digits =
      literal.substr(std::min(literal.find_first_not_of('0'), literal.size() - 1));
  if (digits.size() / 10 * 33 > g_.limits.number_bits) too_large();
  const Number value = Number::from_digits(digits, g_.limits);
  if (value.bits() > g_.limits.number_bits) too_large();
  return g_.insert(value);
}

NodeId Reader::number(const Token& t) {
  const std::string_view literal = text_.substr(t.begin, t.end - t.begin);
  const Span place{t.begin, t.end};
  switch (t.kind) {
    case Kind::integer: {
      if (literal.size() <= 18) {
        std::int64_t value = 0;
        for (const char digit : literal) value = value * 10 + (digit - '0');
        return g_.insert(value);
      }
      return integer(literal, place);
    }
    case Kind::hexadecimal: {
      Number value = 0;
      const bool none = literal.size() == 2 ||
                        literal.find_first_not_of("0123456789abcdefABCDEF", 2) != literal.npos;
      if (none) {
        fail("P006", "0x begins a hexadecimal number, and this is none", place,
             "for a product write 0*x", {}, Fix{{place.begin + 1, place.begin + 1}, "*"});
      }
      if (literal.size() > 18) fail("P006", "a hexadecimal number has at most 16 digits", place);
      for (const char c : literal.substr(2)) {
        const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
        value = value * 16 + digit;
      }
      note("S722", "read as the hexadecimal number " + value.to_string(), place,
           "for a product write 0*x", value.to_string(), "0*" + std::string(literal.substr(1)));
      return g_.insert(value);
    }
    case Kind::vulgar: {
      const VulgarFraction& v = *vulgar_fraction(first_code_point(literal).value);
      return g_.insert(Number::ratio(v.numerator, v.denominator));
    }
    case Kind::decimal: {
      double value = 0;
      const auto result = std::from_chars(literal.data(), literal.data() + literal.size(), value);
      if (result.ec == std::errc::result_out_of_range) {
        const bool overflow = decimal_magnitude(literal) > 0;
        value = overflow ? std::numeric_limits<double>::infinity() : 0.0;
        note("S717",
             overflow ? "too large for a double: read as inf" : "too small for a double: read as 0",
             place, "decimal numbers are doubles; 10^400 is exact", overflow ? "inf" : "0.0",
             "a number of any size");
      }
      return g_.insert(value);
    }
    default: {
      const char last = literal.back();
      const bool cut = last == 'e' || last == 'E' || last == '+' || last == '-';
      const bool grouped = literal.find('_') != literal.npos;
      std::optional<Fix> fix;
      if (grouped) {
        std::string digits(literal);
        std::erase(digits, '_');
        if (digits.find_first_not_of("0123456789") == digits.npos) fix = Fix{place, digits};
      } else if (cut && literal.size() > 1) {
        fix = Fix{
            {place.begin + literal.find_first_of("eE"), place.begin + literal.find_first_of("eE")},
            "*"};
        if (last == '+' || last == '-') fix.reset();
      }
      fail("P006", "this is not a number", place,
           cut       ? "an exponent needs digits, as in 1e-3; for a product with e write 2*e"
           : grouped ? "digits are written without '_'"
                     : "a number has one decimal point",
           {}, std::move(fix));
    }
  }
}

}  // namespace nabla
