#pragma once

// Recorder: one walk from the outputs down to the leaves that appends operations to a tape. Private
// to record(), apart because it has state.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/core/pages.hpp"
#include "lib/eval/inline.hpp"
#include "lib/eval/survey.hpp"
#include "lib/eval/tape.hpp"
#include "lib/eval/value_map.hpp"

namespace nabla {

// What becomes of the inputs: names for the tape, and the node of each in the graph recorded from.
struct RecordedInput {
  std::string_view name;
  NodeId id;
};

class Recorder {
 public:
  Recorder(const Graph& g, Survey& survey, std::span<const NodeId> roots);

  // `ids`: nodes that stand for the inputs in the graph.
  void add_inputs(std::span<const RecordedInput>);
  // Symbols that are no inputs.
  bool has_unknown_symbols() const { return known_symbols_ < nodes_.symbols(); }
  // What is left of them is the number of rows.
  void take_symbols_for_rows();
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
  static constexpr Value rows = (Value{data} << 30) | 0x3FFFFFFF;
  static constexpr Value first_constant = Value{constant} << 30;  // none is no smaller either
  static Value value(Source s, std::size_t i) { return (Value{s} << 30) | static_cast<Value>(i); }
  static Source source(Value v) { return Source{v >> 30}; }
  static std::size_t index_of(Value v) { return v & 0x3FFFFFFF; }

  // What a node is computed as, where. The second face of x^-k is x^k, so that a product divides by
  // it, and that of (-c)*t is c*t, so that a sum subtracts it.
  struct Frame {
    std::uint32_t place = 0;
    std::uint8_t loop = 0;  // 0: outside every loop
    bool other = false;
  };

  // With loops over rows a node is computed in each that reads it: a walk from the roots. Most
  // graphs have none, and what computes a node then need not ask in which one a value is.
  void record_all();
  void walk();
  template <bool loops>
  Frame below(const Frame& user, std::uint32_t place, bool other) const {
    if (!loops || !nodes_[place].is(Surveyed::varies)) return {place, 0, other};
    const Surveyed& u = nodes_[user.place];
    return {place, u.op == Op::data_sum ? u.stage : user.loop, other};
  }
  template <bool loops>
  Value& slot(const Frame& f) {
    Surveyed& n = nodes_[f.place];
    if (loops && n.loop != f.loop) [[unlikely]]
      return slot_in_loop(f);
    return f.other ? n.other() : n.value;
  }
  Value& slot_in_loop(const Frame&);
  // The value of an operand. Nothing where it has to be computed first: the walk goes there next,
  // and to its user again.
  template <bool loops>
  Value get(const Frame& user, std::uint32_t place, bool other = false) {
    const Frame f = below<loops>(user, place, other);
    const Value v = slot<loops>(f);
    return v != none ? v : missing(f);
  }
  Value missing(const Frame&);

  // All of these return nothing where an operand is missing.
  template <bool loops>
  Value compute(const Frame&);
  template <bool loops>
  Value binary(const Frame&, Primitive);
  template <bool loops>
  Value product(const Frame&);
  template <bool loops>
  Value scaled(const Frame&, Surveyed& coefficient, bool magnitude, std::uint32_t rest);
  template <bool loops>
  Value with_operands(const Frame&);
  template <bool loops>
  Value total(const Frame&);
  Value leaf(const Frame&);
  template <bool loops>
  Value raised(const Frame&, Value base, int twice);

  Value data_column(std::string_view name);
  Value literal(double);
  Value literal_of(Surveyed& number, bool other);
  std::uint8_t user_function(std::uint8_t detail);
  template <bool loops>
  NABLA_INLINE Value emit(const Frame& f, Primitive op, Value a, Value b = none, Value c = none,
                          std::uint8_t detail = 0) {
    if ((a & b & c) >= first_constant) [[unlikely]] {  // `none` is no smaller either
      if (!is_apply(op) && (op != Primitive::call || does_calls_)) return done(op, detail, a, b, c);
    }
    return append(op, detail, loops ? segment_of(f, a, b, c) : std::uint8_t{0}, a, b, c);
  }
  Value done(Primitive, std::uint8_t detail, Value a, Value b, Value c);  // of constants
  std::uint8_t segment_of(const Frame&, Value a, Value b, Value c) const;
  NABLA_INLINE Value append(Primitive op, std::uint8_t detail, std::uint8_t segment, Value a,
                            Value b, Value c) {
    operations_[count_] = {a, b, c, op, detail, segment, 0};
    reads(a);
    reads(b);
    reads(c);
    return value(operation, count_++);
  }
  // For the operations of one node: a power is up to 13 of them.
  void make_room() {
    if (count_ + 16 > operations_.size()) operations_.grow(2 * operations_.size());
  }
  std::uint8_t available(Value) const;
  void reads(Value v) {
    if (source(v) == operation) {
      operations_[v].read = 1;
    } else if (v >= first_constant && v != none) {
      read_constant_[index_of(v)] = 1;
    }
  }

  bool all_is_read() const;
  void write_operations(std::size_t count, std::span<const std::uint32_t> place);
  void leave_out_unread();

  const Graph& g_;
  Survey& nodes_;
  std::span<const NodeId> roots_;
  std::size_t known_symbols_ = 0;
  ValueMap others_;  // nodes in a second loop
  ValueMap powers_, constant_of_;
  bool does_calls_ = true;
  std::unordered_map<std::string_view, Value> data_columns_;
  std::vector<Frame> stack_;
  std::optional<Diagnostic> error_;
  // The operations, with values as they are numbered while recording.
  struct Recorded {
    Value a, b, c;
    Primitive op;
    std::uint8_t detail;
    // 2s: scalars after loop s; 2s - 1: inside loop s; totals close it.
    std::uint8_t segment;
    std::uint8_t read;  // by another operation, or an output
  };
  Pages<Recorded> operations_;
  std::size_t count_ = 0;
  std::vector<std::uint8_t> read_constant_;
  Tape tape_;
};

}  // namespace nabla
