#include "lib/eval/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "lib/core/build.hpp"
#include "lib/core/constants.hpp"
#include "lib/core/stop.hpp"

namespace nabla {

namespace {

constexpr double exact_below = 9007199254740992.0;  // 2^53

bool is_power_of_two(double x) { return std::bit_cast<std::uint64_t>(x) << 12 == 0; }

}  // namespace

Recorder::Recorder(const Graph& g, Survey& survey, std::span<const NodeId> roots)
    : g_(g), nodes_(survey), roots_(roots) {
  if (survey.too_deep()) {
    error_ = {
        .code = "E304",
        .message = fmt::format("more than {} data sums inside one another", Survey::deepest_loop),
        .span = {}};
  }
}

void Recorder::add_inputs(std::span<const RecordedInput> inputs) {
  tape_.input_names.reserve(inputs.size());
  // Inputs that are not below the roots, to see whether one is given twice.
  ValueMap elsewhere;
  for (const auto& [name, id] : inputs) {
    const Value v = value(input, tape_.input_names.size());
    const std::uint32_t place = nodes_.find(id);
    Value& known = place == Survey::nothing ? elsewhere[index(id)] : nodes_[place].value;
    if (known != none && !error_) {
      error_ = {
          .code = "E303", .message = fmt::format("input '{}' is given twice", name), .span = {}};
    }
    known = v;
    if (place != Survey::nothing) {
      nodes_[place].loop = 0;  // a column that is an input is another one inside a loop
      known_symbols_ += nodes_[place].op == Op::symbol;
    }
    tape_.input_names.emplace_back(name);
  }
}

void Recorder::take_symbols_for_rows() {
  for (std::uint32_t p = 0; p < nodes_.size(); ++p) {
    if (nodes_[p].op == Op::symbol && nodes_[p].value == none) nodes_[p].value = rows;
  }
}

// ---- the walk

// The first loop in which a node is computed has its values in the node.
Recorder::Value& Recorder::slot_in_loop(const Frame& f) {
  Surveyed& n = nodes_[f.place];
  if (n.loop != Survey::no_loop) {
    return others_[f.place | (std::uint64_t{f.loop} << 33) | (std::uint64_t{f.other} << 32)];
  }
  n.loop = f.loop;
  return f.other ? n.other : n.value;
}

// What has to be known before a node can be computed, in `parts_`.
std::uint32_t Recorder::parts_of(const Frame& f) {
  const Surveyed& n = nodes_[f.place];
  switch (n.op) {
    case Op::product:
      if (nodes_[n.a].is(Surveyed::number)) {
        const bool plain = f.other && nodes_[n.a].is(Surveyed::minus_one);
        parts_[0] = below(f, n.b, !plain && n.is(Surveyed::other_b));
        return 1;
      }
      [[fallthrough]];
    case Op::sum:
      parts_[0] = below(f, n.a, n.is(Surveyed::other_a));
      parts_[1] = below(f, n.b, n.is(Surveyed::other_b));
      return 2;
    case Op::power:
      parts_[0] = below(f, n.a);
      if (n.twice != 0) return 1;
      parts_[1] = below(f, n.b);
      return 2;
    case Op::data_sum:
      if (nodes_[n.a].is(Surveyed::one)) return 0;
      [[fallthrough]];
    default:
      for (std::uint8_t i = 0; i < n.operands; ++i) parts_[i] = below(f, n.operand(i));
      return n.operands;
  }
}

// Computed before, or a number that is had at once.
bool Recorder::is_known(const Frame& f) {
  if (slot(f) != none) return true;
  Surveyed& n = nodes_[f.place];
  if (!n.is(Surveyed::number)) return false;
  literal_of(n, f.other);
  return true;
}

std::optional<Diagnostic> Recorder::run() {
  if (error_) return error_;
  std::vector<Frame> stack;
  stack.reserve(64);
  StopCheck stop(g_.limits);
  for (const NodeId root : roots_) {
    stack.push_back({nodes_.place_of(root), 0, false});
    while (!stack.empty() && !error_) {
      stop();
      const Frame frame = stack.back();
      if (!frame.parts_are_known) {
        if (slot(frame) != none) {
          stack.pop_back();
          continue;
        }
        const std::uint32_t parts = parts_of(frame);
        std::uint32_t known = 0;
        while (known < parts && is_known(parts_[known])) ++known;
        if (known < parts) {
          stack.back().parts_are_known = true;
          for (std::uint32_t i = parts; i-- > known;) {
            if (slot(parts_[i]) == none) stack.push_back(parts_[i]);
          }
          continue;
        }
      }
      stack.pop_back();
      const Value result = compute(frame);
      slot(frame) = result;
    }
    if (error_) return error_;
  }
  return error_;
}

Recorder::Value Recorder::compute(const Frame& f) {
  const Surveyed& n = nodes_[f.place];
  const auto binary = [&](Primitive op) { return emit(f, op, get(f, n.a), get(f, n.b)); };
  switch (n.op) {
    case Op::sum:
      if (n.is(Surveyed::other_b)) {
        return emit(f, Primitive::subtract, get(f, n.a), get(f, n.b, true));
      }
      if (n.is(Surveyed::other_a)) {
        return emit(f, Primitive::subtract, get(f, n.b), get(f, n.a, true));
      }
      return binary(Primitive::add);
    case Op::product: return product(f);
    case Op::power:
      if (n.twice != 0) {
        const Value positive = raised(f, get(f, n.a), std::abs(n.twice));
        return n.twice > 0 || f.other ? positive : emit(f, Primitive::divide, literal(1), positive);
      }
      return binary(Primitive::power);
    case Op::call: {
      const Value x = get(f, n.a), y = n.operands > 1 ? get(f, n.b) : none;
      return emit(f, Primitive::call, x, y, none, n.detail);
    }
    case Op::less: return binary(Primitive::less);
    case Op::less_equal: return binary(Primitive::less_equal);
    case Op::equal: return binary(Primitive::equal);
    case Op::not_equal: return binary(Primitive::not_equal);
    case Op::both: return binary(Primitive::both);
    case Op::either: return binary(Primitive::either);
    case Op::negation: return emit(f, Primitive::negation, get(f, n.a));
    case Op::select: return emit(f, Primitive::select, get(f, n.a), get(f, n.b), get(f, n.c));
    case Op::data_sum: return total(f);
    case Op::apply1:
    case Op::apply2:
    case Op::apply3: return applied(f);
    default: return leaf(f);
  }
}

// Also of constants: what the program's function does is its own business, and done at run time.
Recorder::Value Recorder::applied(const Frame& f) {
  const Surveyed& n = nodes_[f.place];
  const auto& function = g_.functions().shared(n.detail);
  const auto known = std::ranges::find(tape_.functions, function);
  const auto at = static_cast<std::uint8_t>(known - tape_.functions.begin());
  if (known == tape_.functions.end()) tape_.functions.push_back(function);
  Value x[3] = {none, none, none};
  for (int i = n.operands; i-- > 0;) x[i] = get(f, n.operand(i));
  const auto op = static_cast<Primitive>(static_cast<int>(Primitive::apply1) + n.operands - 1);
  return emit(f, op, x[0], x[1], x[2], at);
}

Recorder::Value Recorder::leaf(const Frame& f) {
  Surveyed& n = nodes_[f.place];
  if (n.op == Op::constant) return literal(constants[n.detail].value);
  if (n.is(Surveyed::number)) return literal_of(n, f.other);
  const std::string_view name = g_.name_of(g_[n.id]);
  if (f.loop > 0) return data_column(name);
  error_ = {.code = "E302",
            .message = fmt::format("column '{}' stands outside every sum over the data", name),
            .span = {},
            .hint = fmt::format("write sum({0}) or mean({0})", name)};
  return rows;
}

Recorder::Value Recorder::data_column(std::string_view name) {
  const auto [it, fresh] = data_columns_.try_emplace(name, value(data, tape_.column_names.size()));
  if (fresh) tape_.column_names.emplace_back(name);
  return it->second;
}

Recorder::Value Recorder::product(const Frame& f) {
  const Surveyed& n = nodes_[f.place];
  const bool by_b = n.is(Surveyed::other_b);
  if (nodes_[n.a].is(Surveyed::number)) {
    if (!nodes_[n.a].is(Surveyed::minus_one)) return scaled(f, nodes_[n.a], f.other, n.b);
    if (f.other) return get(f, n.b);
    if (by_b) return emit(f, Primitive::divide, literal(-1), get(f, n.b, true));
    return emit(f, Primitive::negate, get(f, n.b));
  }
  if (by_b) return emit(f, Primitive::divide, get(f, n.a), get(f, n.b, true));
  if (n.is(Surveyed::other_a)) {
    return emit(f, Primitive::divide, get(f, n.b), get(f, n.a, true));
  }
  return emit(f, Primitive::multiply, get(f, n.a), get(f, n.b));
}

// coefficient * rest. A third of t is t / 3, which rounds once, not t * 0.333....
Recorder::Value Recorder::scaled(const Frame& f, Surveyed& coefficient, bool magnitude,
                                 std::uint32_t rest) {
  if (nodes_[rest].twice < 0) {
    return emit(f, Primitive::divide, literal_of(coefficient, magnitude), get(f, rest, true));
  }
  const Value t = get(f, rest);
  if (coefficient.op == Op::rational) {
    const Number exact = g_.exact_of(g_[coefficient.id]);
    const double p = std::fabs(exact.numerator().to_double()), q = exact.denominator().to_double();
    if (q > 1 && !is_power_of_two(q) && p < exact_below && q < exact_below) {
      const double c = coefficient.is(Surveyed::negative) != magnitude ? -1 : 1;
      if (p == 1) return emit(f, Primitive::divide, t, literal(std::copysign(q, c)));
      const Value scaled = emit(f, Primitive::multiply, literal(std::copysign(p, c)), t);
      return emit(f, Primitive::divide, scaled, literal(q));
    }
  }
  return emit(f, Primitive::multiply, literal_of(coefficient, magnitude), t);
}

// base^(twice/2): the binary digits of the exponent from the left, one square root for the half.
Recorder::Value Recorder::raised(const Frame& f, Value base, int twice) {
  const auto remember = [&](int exponent) -> Value& {
    const std::uint64_t loop = source(base) == constant || source(base) == input ? 0 : f.loop;
    const auto key = base | (static_cast<std::uint64_t>(exponent) << 32) | (loop << 48);
    return powers_[key];
  };
  if (twice % 2 != 0) {
    Value root = remember(1);
    if (root == none) root = remember(1) = emit(f, Primitive::square_root, base);
    if (twice == 1) return root;
    const Value whole = raised(f, base, twice - 1);
    return emit(f, Primitive::multiply, whole, root);
  }
  Value result = base;
  int prefix = 1;
  const auto step = [&](int next, Value factor) {
    Value& known = remember(2 * next);
    if (known == none) known = emit(f, Primitive::multiply, result, factor);
    result = known;
    prefix = next;
  };
  const int exponent = twice / 2;
  for (auto bit = std::bit_width(static_cast<unsigned>(exponent)) - 1; bit-- > 0;) {
    step(2 * prefix, result);
    if ((exponent >> bit) % 2 != 0) step(prefix + 1, base);
  }
  return result;
}

Recorder::Value Recorder::total(const Frame& f) {
  const Surveyed& n = nodes_[f.place];
  if (nodes_[n.a].is(Surveyed::one)) return rows;
  const Frame body = below(f, n.a);
  if (body.loop == 0) return emit(f, Primitive::multiply, rows, slot(body));
  const Value v = slot(body);
  return append(Primitive::total, 0, static_cast<std::uint8_t>(2 * body.loop - 1), v, none, none);
}

// ---- operations

Recorder::Value Recorder::literal(double x) {
  if (x != x) x = std::numeric_limits<double>::quiet_NaN();
  Value& known = constant_of_[std::bit_cast<std::uint64_t>(x)];
  if (known == none) {
    known = value(constant, tape_.constants.size());
    tape_.constants.push_back(x);
    read_constant_.push_back(0);
  }
  return known;
}

// A number of the graph, or the number with the other sign.
Recorder::Value Recorder::literal_of(Surveyed& number, bool other) {
  Value& known = other ? number.other : number.value;
  if (known == none) {
    const double x = g_.value_of_number(g_[number.id]);
    known = literal(other ? -x : x);
  }
  return known;
}

std::uint8_t Recorder::available(Value v) const {
  if (source(v) != operation) return 0;
  return static_cast<std::uint8_t>(segment_[v] + (tape_.op[v] == Primitive::total));
}

Recorder::Value Recorder::emit(const Frame& f, Primitive op, Value a, Value b, Value c,
                               std::uint8_t detail) {
  const auto is_constant = [](Value v) { return v >= first_constant; };  // or none
  const auto number = [&](Value v) { return v == none ? 0 : tape_.constants[index_of(v)]; };
  if (op == Primitive::select && is_constant(a)) return number(a) != 0 ? b : c;
  const bool now = !is_apply(op) && (op != Primitive::call || does_calls_);
  if (now && is_constant(a & b & c)) {
    return literal(apply(op, detail, number(a), number(b), number(c)));
  }
  std::uint8_t segment = 0;
  if (f.loop > 0) {
    segment = static_cast<std::uint8_t>(2 * f.loop - 1);
  } else if (nodes_.has_loops()) {
    for (const Value v : {a, b, c}) segment = std::max(segment, available(v));
  }
  return append(op, detail, segment, a, b, c);
}

void Recorder::make_room() {
  const std::size_t more = std::max(2 * count_, nodes_.size() + 16);
  tape_.op.resize(more);
  tape_.detail.resize(more);
  tape_.a.resize(more);
  tape_.b.resize(more);
  tape_.c.resize(more);
  read_.resize(more);
  if (nodes_.has_loops()) segment_.resize(more);
}

Recorder::Value Recorder::append(Primitive op, std::uint8_t detail, std::uint8_t segment, Value a,
                                 Value b, Value c) {
  if (count_ == tape_.op.size()) make_room();
  const std::size_t at = count_++;
  tape_.op[at] = op;
  tape_.detail[at] = detail;
  tape_.a[at] = a;
  tape_.b[at] = b;
  if (nodes_.has_loops()) segment_[at] = segment;
  reads(a);
  reads(b);
  if (c != none || has_third_operands_) {
    if (!has_third_operands_) std::fill_n(tape_.c.begin(), at, none);
    has_third_operands_ = true;
    tape_.c[at] = c;
    reads(c);
  }
  return value(operation, at);
}

}  // namespace nabla
