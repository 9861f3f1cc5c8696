#pragma once

// Recorder: one walk from the outputs down to the leaves that appends operations to a tape. Private
// to record(), apart because it has state.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/eval/tape.hpp"
#include "lib/eval/value_map.hpp"

namespace nabla {

// What a node is computed from. `other` asks for its second face instead of its value: x^k for
// x^-k, so that a product divides by it, and c*t for (-c)*t, so that a sum subtracts it.
struct Part {
  NodeId id{};
  bool other = false;
};

class Recorder {
 public:
  // `order`: all that is below the roots, operands first.
  Recorder(const Graph& g, std::span<const NodeId> roots, std::span<const NodeId> order);

  void add_input(std::string_view name, Op kind);
  void add_column(std::string_view name) { (void)data_column(name); }
  // Calls of constants are not done now.
  void leave_calls() { does_calls_ = false; }
  std::optional<Diagnostic> run();
  Tape finish();

 private:
  // A value while recording: what it is in the top bits, which one in the others.
  enum Source : std::uint32_t { operation = 0, input = 1, data = 2, constant = 3 };
  using Value = std::uint32_t;
  static constexpr Value none = ~Value{0};
  static constexpr std::uint8_t deepest_loop = 100;
  static constexpr Value rows = (Value{data} << 30) | 0x3FFFFFFF;
  static Value value(Source s, std::size_t i) { return (Value{s} << 30) | static_cast<Value>(i); }
  static Source source(Value v) { return Source{v >> 30}; }
  static std::size_t index_of(Value v) { return v & 0x3FFFFFFF; }

  struct Operation {
    Primitive op;
    std::uint8_t detail;
    std::uint8_t segment;  // 2s: scalars after loop s; 2s - 1: inside loop s; totals close it
    Value a, b, c;
  };
  struct Frame {
    Part part;
    std::uint32_t loop = 0;  // 0: outside every loop
  };

  // Structure of a node: which way it is computed.
  std::optional<int> small_power(const Node&) const;  // twice the exponent
  bool is_inverse(NodeId) const;
  bool is_subtracted(NodeId) const;
  std::span<const Part> parts_of(Part);

  Value& slot(const Frame&);
  Frame frame_of(const Frame& user, Part) const;
  Value get(const Frame& user, Part part) { return slot(frame_of(user, part)); }

  Value compute(const Frame&);
  Value leaf(const Frame&, const Node&);
  Value applied(const Frame&, const Node&);
  Value sum(const Frame&, const Node&);
  Value product(const Frame&, const Node&);
  Value scaled(const Frame&, NodeId coefficient, bool magnitude, NodeId rest);
  Value raised(const Frame&, Value base, int twice);
  Value total(const Frame&, const Node&);

  Value data_column(std::string_view name);
  Value literal(double);
  Value emit(const Frame&, Primitive, Value a, Value b = none, Value c = none,
             std::uint8_t detail = 0);
  std::uint8_t available(Value) const;

  const Graph& g_;
  std::span<const NodeId> roots_;
  NodeMap<Value> scalars_;
  NodeMap<std::uint8_t> uses_, stage_;
  ValueMap others_;  // faces and values inside loops
  ValueMap powers_, constant_of_;
  bool does_calls_ = true;
  std::unordered_map<std::string_view, Value> symbols_, columns_, data_columns_;
  std::vector<Operation> code_;
  std::array<Part, 3> parts_{};
  std::optional<Diagnostic> error_;
  Tape tape_;
};

}  // namespace nabla
