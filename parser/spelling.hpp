#pragma once

// Other alphabets: Greek letters, hats, subscripts and LaTeX names become ASCII names; superscripts
// become digits. What has no place here is no part of a name.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nabla {

struct CodePoint {
  std::uint32_t value = 0;
  std::uint8_t size = 0;  // bytes; 0 at the end of the text or where it is not UTF-8
};

// The code point at the start of the text; overlong forms, surrogates and stray bytes have size 0.
CodePoint first_code_point(std::string_view text);

bool is_letter_beyond_ascii(std::uint32_t);  // Greek, or Latin with a hat
bool is_mark(std::uint32_t);                 // combining hat, bar, tilde, dot
bool is_subscript(std::uint32_t);
bool is_superscript(std::uint32_t);
bool is_space_beyond_ascii(std::uint32_t);

// The ASCII name of a name as written: "θ₁" is theta_1, "ŷ" y_hat, "x_{ij}" x_ij, "\hat{y}_i"
// y_hat_i, "np.exp" exp.
std::string ascii_name(std::string_view written);

// "²" is "2", "⁻¹" is "-1".
std::string superscript_text(std::string_view written);

// A name that stands for one letter although it is longer: alpha, theta.
bool is_greek_name(std::string_view);

bool is_quotation_mark(std::uint32_t);  // without the closing one that is a prime, too

// The plain character for one that looks like it and means nothing here; empty if there is none.
std::string_view plain_for(std::uint32_t code_point);

// What to type instead of a character that has no meaning here.
std::string_view advice_for(std::uint32_t code_point);

}  // namespace nabla
