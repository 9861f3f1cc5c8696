#pragma once

// What a CodeCache is made of: machine code by the shape of what it was made from.

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "lib/eval/code_cache.hpp"
#include "lib/eval/native/native.hpp"

namespace nabla {

struct CodeCache::Shelf {
  // Everything that machine code depends on; of constants, their number.
  struct Shape {
    const Code& code;
    Width width;
    NativeCode::Use use;

    std::uint64_t hash() const;  // O(steps)
  };

  explicit Shelf(std::size_t most) : kept(most) {}

  // Nothing where no such code is in memory. O(steps).
  std::shared_ptr<const MachineCode> find(const Shape&);
  // Puts code on the shelf, or returns what another thread put there in the meantime.
  std::shared_ptr<const MachineCode> add(const Shape&, std::shared_ptr<MachineCode>);
  std::size_t shapes();

  std::size_t found = 0;
  std::mutex mutex;

 private:
  // Code with what it was made from, so that both go together.
  struct Entry {
    std::shared_ptr<const MachineCode> machine;
    Code code;
    std::size_t constants;
    Width width;
    NativeCode::Use use;

    bool has(const Shape&) const;
  };
  std::shared_ptr<const Entry> look(const Shape&, std::uint64_t hash);
  void use(const std::shared_ptr<const Entry>&);

  const std::size_t kept;
  std::unordered_multimap<std::uint64_t, std::weak_ptr<const Entry>> entries;
  std::size_t sweep_at = 64;                       // entries, until those that ended are removed
  std::list<std::shared_ptr<const Entry>> recent;  // used last in front
};

}  // namespace nabla
