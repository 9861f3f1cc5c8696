#pragma once

// Names as they are set: Greek letters, hats, indices.

#include <string_view>
#include <vector>

namespace nabla {

// The Greek letter of a name that TeX knows as a command: alpha is α. Empty for other names.
constexpr std::string_view greek_letter(std::string_view name) {
  // Pairs of name and letter, searched for whole words.
  constexpr std::string_view pairs =
      " alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ "
      "nu ν xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi φ chi χ psi ψ omega ω Gamma Γ Delta Δ "
      "Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω ";
  for (std::size_t at = 0; !name.empty() && (at = pairs.find(name, at)) != pairs.npos; ++at) {
    const std::size_t end = at + name.size();
    if (pairs[at - 1] != ' ' || pairs[end] != ' ') continue;
    return pairs.substr(end + 1, pairs.find(' ', end + 1) - end - 1);
  }
  return {};
}

// y_hat_12 is y with a hat and the index 12; so is x1 x with the index 1.
struct NameParts {
  std::string_view head;  // not empty
  bool hat = false;
  std::vector<std::string_view> indices = {};
};
NameParts split_name(std::string_view name);

}  // namespace nabla
