#include <cmath>
#include <limits>
#include <vector>

#include "lib/core/big_rational.hpp"
#include "lib/core/stop.hpp"

// Numbers from and to digits and doubles.

namespace nabla {

namespace {

// Pieces of this many digits are converted at once.
constexpr std::size_t piece_digits = std::size_t{1} << 18;

// Nearest double of a positive quotient, ties to even, in one rounding (mpq_get_d truncates).
double nearest(const mpz_class& numerator, const mpz_class& denominator) {
  const auto exponent =
      static_cast<long>(bits_of(numerator)) - static_cast<long>(bits_of(denominator));
  if (exponent > 1025) return std::numeric_limits<double>::infinity();
  if (exponent < -1080) return 0.0;
  // Keep 53 to 54 bits of quotient, fewer below the normal range, and one sticky remainder.
  const long shift = std::min(54 - exponent, 1074L);
  mpz_class n = numerator, d = denominator;
  if (shift > 0) {
    n <<= static_cast<mp_bitcnt_t>(shift);
  } else {
    d <<= static_cast<mp_bitcnt_t>(-shift);
  }
  mpz_class quotient, rest;
  mpz_fdiv_qr(quotient.get_mpz_t(), rest.get_mpz_t(), n.get_mpz_t(), d.get_mpz_t());
  // The quotient has up to 55 bits: round away what does not fit a double.
  const std::size_t width = bits_of(quotient);
  const std::size_t drop = width > 53 ? width - 53 : 0;
  mpz_class kept = quotient >> drop;
  const mpz_class dropped = quotient - (kept << drop);
  const mpz_class twice = drop > 0 ? mpz_class(dropped << 1) : mpz_class(0);
  const mpz_class one_unit = mpz_class(1) << drop;
  bool up = false;
  if (drop > 0) {
    up = twice > one_unit || (twice == one_unit && (rest != 0 || mpz_odd_p(kept.get_mpz_t()) != 0));
  } else {
    // Nothing dropped but the remainder: at or above half of the divisor rounds.
    const mpz_class double_rest = rest << 1;
    up = double_rest > d || (double_rest == d && mpz_odd_p(kept.get_mpz_t()) != 0);
  }
  if (up) ++kept;
  return std::ldexp(kept.get_d(), static_cast<int>(static_cast<long>(drop) - shift));
}

}  // namespace

Number Number::from_digits(std::string_view digits, const Limits& limits) {
  if (digits.size() <= 18) {
    std::int64_t value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
  }
  make_sure_of_memory(3.33 * static_cast<double>(digits.size()));
  if (digits.size() <= piece_digits) {
    return Number(BigRational{mpq_class(mpz_class(std::string(digits), 10))});
  }
  // Pieces first, then neighbours joined, so that a stop is seen between the multiplications.
  std::vector<mpz_class> pieces;  // the lowest one first
  for (std::size_t end = digits.size(); end > 0;) {
    const std::size_t size = std::min(end, piece_digits);
    pieces.emplace_back(std::string(digits.substr(end - size, size)), 10);
    check_stop(limits);
    end -= size;
  }
  mpz_class scale;
  mpz_ui_pow_ui(scale.get_mpz_t(), 10, piece_digits);
  while (pieces.size() > 1) {
    for (std::size_t i = 0; 2 * i < pieces.size(); ++i) {
      mpz_class joined = std::move(pieces[2 * i]);
      if (2 * i + 1 < pieces.size()) joined += pieces[2 * i + 1] * scale;
      pieces[i] = std::move(joined);
      check_stop(limits);
    }
    pieces.resize((pieces.size() + 1) / 2);
    if (pieces.size() > 1) scale *= scale;
  }
  return Number(BigRational{mpq_class(pieces.front())});
}

Number Number::from_double(double value) {
  make_sure_of_memory(0);
  return Number(BigRational{mpq_class(value)});
}

double Number::to_double() const {
  if (!big_) {
    constexpr std::int64_t exact = std::int64_t{1} << 53;
    // Two exact doubles: the quotient is rounded once. One word in one conversion likewise.
    if (numerator_ >= -exact && numerator_ <= exact && denominator_ <= exact) {
      return static_cast<double>(numerator_) / static_cast<double>(denominator_);
    }
    if (denominator_ == 1) return static_cast<double>(numerator_);
  }
  make_sure_of_memory(static_cast<double>(bits()));
  const mpq_class value = to_mpq(numerator_, denominator_, big_.get());
  const double magnitude = nearest(mpz_class(abs(value.get_num())), value.get_den());
  return sgn(value) < 0 ? -magnitude : magnitude;
}

namespace {

// Digits of a number that is not negative, from the last to the first piece.
std::string text_of(mpz_class rest, const Limits& limits) {
  make_sure_of_memory(static_cast<double>(bits_of(rest)));
  mpz_class scale, piece;
  mpz_ui_pow_ui(scale.get_mpz_t(), 10, piece_digits);
  std::vector<std::string> pieces;
  while (rest >= scale) {
    mpz_tdiv_qr(rest.get_mpz_t(), piece.get_mpz_t(), rest.get_mpz_t(), scale.get_mpz_t());
    check_stop(limits);
    std::string digits = piece.get_str();
    pieces.push_back(std::string(piece_digits - digits.size(), '0') + digits);
    check_stop(limits);
  }
  std::string text = rest.get_str();
  while (!pieces.empty()) {
    text += pieces.back();
    pieces.pop_back();
  }
  return text;
}

}  // namespace

std::string Number::to_string(const Limits& limits) const {
  if (big_) {
    if (bits() < 3 * piece_digits) {
      make_sure_of_memory(static_cast<double>(bits()));
      return big_->value.get_str();
    }
    std::string text = sign() < 0 ? "-" : "";
    text += text_of(abs(big_->value.get_num()), limits);
    if (big_->value.get_den() != 1) text += "/" + text_of(big_->value.get_den(), limits);
    return text;
  }
  std::string text = std::to_string(numerator_);
  if (denominator_ != 1) text += "/" + std::to_string(denominator_);
  return text;
}

}  // namespace nabla
