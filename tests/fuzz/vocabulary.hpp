#pragma once

// The words and signs of the input language, from its tables.

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace nabla::test {

using Words = std::vector<std::string>;

// A row's name and aliases.
Words spellings(std::string_view name, std::string_view aliases);

// The signs beyond ASCII, by what they are.
struct Alphabet {
  Words letters, marks, subscripts, superscripts, spaces, primes, vulgar;
};
const Alphabet& alphabet();

// Modules of Python; most often none.
inline constexpr std::array<std::string_view, 20> module_prefixes{"",
                                                                  "",
                                                                  "",
                                                                  "",
                                                                  "",
                                                                  "",
                                                                  "np.",
                                                                  "numpy.",
                                                                  "math.",
                                                                  "jnp.",
                                                                  "torch.",
                                                                  "jax.nn.",
                                                                  "tf.math.",
                                                                  "sp.",
                                                                  "np.linalg.",
                                                                  "sympy.",
                                                                  "scipy.special.",
                                                                  "special.",
                                                                  "F.",
                                                                  "torch.nn.functional."};

// Every spelling of the tables, each once: operators and their aliases, functions, constants,
// verbs, words, LaTeX commands, brackets, signs beyond ASCII.
const Words& vocabulary();

}  // namespace nabla::test
