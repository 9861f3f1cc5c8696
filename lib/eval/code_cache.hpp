#pragma once

// CodeCache: machine code shared by functions of one shape. Constants lie in a pool of each
// function, never in the code, so functions that differ in constants only can run the same code:
// compiling the members of a family costs the machine code of the first.
//
//   const auto cache = std::make_shared<CodeCache>();
//   for (double k : ks) {
//     auto f = Function::compile(inputs, model(k), {.code = cache});
//     ...
//   }
//
// Results are those of functions compiled without a cache, bit for bit. A constant that becomes
// equal to another one, or that constructors simplify (0, 1, a whole exponent), makes another
// shape.

#include <cstddef>
#include <memory>

namespace nabla {

class CodeCache {
 public:
  // Keeps the code of the `kept` shapes that were asked for last, even while no function has it.
  explicit CodeCache(std::size_t kept = 64);
  ~CodeCache();
  CodeCache(const CodeCache&) = delete;
  CodeCache& operator=(const CodeCache&) = delete;

  // Any number of threads may compile with one cache. Code is given back to the system with the
  // last function that has it, once the cache has let go of it.
  std::size_t shapes() const;  // whose code is in memory through this cache
  std::size_t found() const;   // how often code was there already

 private:
  friend class NativeCode;
  struct Shelf;
  std::unique_ptr<Shelf> shelf_;
};

}  // namespace nabla
