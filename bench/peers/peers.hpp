#pragma once

// Other systems, asked the same questions in the same process. Each lies in a file of its own and
// is compiled where CMake finds it; a question a peer is not asked is an empty function.

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace nabla::peers {

// Milliseconds of processor time and what came out.
struct Figure {
  double milliseconds = 0;
  std::size_t operations = 0;  // 0: not counted
  double first = 0;            // of the first round; 0: not told
};

struct Peer {
  std::string name;
  // The derivative of an order of sin sin sin sin x, or of exp sin exp sin x.
  std::function<Figure(bool exponential, unsigned order)> nested = {};
  // d/dx of the expanded power (x^y + y^z + z^x)^n; expansion is not timed.
  std::function<Figure(std::size_t n)> expanded = {};
  // d/dv_0 of the tower of powers with common parts.
  std::function<Figure()> tower = {};
  // All partial derivatives of the chain sum of n variables, variable by variable where the system
  // has no sweep. Building is not timed.
  std::function<Figure(std::size_t n)> chain_gradient = {};
  // Building that chain sum.
  std::function<Figure(std::size_t n)> chain_build = {};
  // The usual form of a derivative given as text, of those this system calls usual.
  std::function<Figure(const std::string& text, const std::string& variable, unsigned order)>
      normal = {};
  // From nothing to the first numerical gradient of the chain sum.
  std::function<Figure(std::size_t n)> first_gradient = {};
};

std::vector<Peer> all();

}  // namespace nabla::peers
