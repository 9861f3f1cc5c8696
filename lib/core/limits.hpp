#pragma once

// Every bound the engine keeps, in one place. A limit that is reached gives a diagnostic that names
// it, with the code of its row; nothing hangs or aborts, and what was built before stays valid.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nabla {

using Stop = std::atomic<bool>;

struct Limits {
  std::size_t nodes = std::size_t{1} << 24;
  std::size_t memory_bytes = std::size_t{2} << 30;
  std::size_t number_bits = std::size_t{1} << 24;
  std::size_t input_bytes = std::size_t{16} << 20;
  std::size_t nesting = 1000;
  std::size_t name_bytes = 255;
  std::size_t arguments = 1'000'000;
  std::size_t expansion_terms = 1'000'000;
  std::size_t output_bytes = std::size_t{64} << 20;
  std::size_t screen_bytes = std::size_t{64} << 10;

  // Set from another thread or a signal handler to stop a computation; every pass looks at it.
  const Stop* stop = nullptr;
};

struct LimitRow {
  std::string_view name;
  std::size_t Limits::*value;
  std::uint64_t most;  // what the limit itself may be set to
  std::string_view unit, meaning, code;
};

// THE limit table: what programs list and set. The defaults are those of the struct.
// clang-format off
inline constexpr std::array limit_rows{
    LimitRow{"nodes",           &Limits::nodes,           0xffff'ffff,               "nodes", "distinct subexpressions in one graph", "L101"},
    LimitRow{"memory_bytes",    &Limits::memory_bytes,    std::uint64_t{1} << 46,    "bytes", "memory of one graph: nodes, table, names, exact numbers", "L111"},
    LimitRow{"number_bits",     &Limits::number_bits,     std::uint64_t{1} << 34,    "bits",  "length of an exact number; what would be longer stays as written", "L108"},
    LimitRow{"input_bytes",     &Limits::input_bytes,     0x7fff'ffff,               "bytes", "length of a text that is read", "L104"},
    LimitRow{"nesting",         &Limits::nesting,         0x7fff'ffff,               "levels", "parentheses, calls and signs inside one another", "L102"},
    LimitRow{"name_bytes",      &Limits::name_bytes,      0x7fff'ffff,               "bytes", "length of a name", "L107"},
    LimitRow{"arguments",       &Limits::arguments,       0xffff'ffff,               "entries", "arguments of a call, terms of a finite sum, entries of a vector or matrix", "L103"},
    LimitRow{"expansion_terms", &Limits::expansion_terms, 0xffff'ffff,               "terms", "terms of an expanded product or power", "L109"},
    LimitRow{"output_bytes",    &Limits::output_bytes,    std::uint64_t{1} << 40,    "bytes", "length of a printed text", "L106"},
    LimitRow{"screen_bytes",    &Limits::screen_bytes,    std::uint64_t{1} << 40,    "bytes", "what the prompt shows of a result before :more", "U531"},
};
// clang-format on

// nullptr when there is no limit of that name.
constexpr const LimitRow* find_limit(std::string_view name) {
  for (const LimitRow& row : limit_rows) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace nabla
