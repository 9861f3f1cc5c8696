#include "lib/eval/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "lib/core/build.hpp"
#include "lib/core/constants.hpp"
#include "lib/core/stop.hpp"

namespace nabla {

namespace {

constexpr int largest_power = 32;                   // longer chains lose more digits than pow does
constexpr double exact_below = 9007199254740992.0;  // 2^53

bool is_power_of_two(double x) { return std::bit_cast<std::uint64_t>(x) << 12 == 0; }

}  // namespace

Recorder::Recorder(const Graph& g, std::span<const NodeId> roots, std::span<const NodeId> order)
    : g_(g),
      roots_(roots),
      scalars_(order.back(), none),
      uses_(order.back()),
      stage_(order.back()) {
  code_.reserve(order.size());
  for (const NodeId root : roots) uses_[root] = 1;
  StopCheck stop(g.limits);
  for (const NodeId id : order) {
    stop();
    const Node& n = g[id];
    const int count = operand_count(n);
    for (int i = 0; i < count; ++i) {
      std::uint8_t& uses = uses_[n.operand(i)];
      uses = static_cast<std::uint8_t>(std::min(uses + 1, 2));
      stage_[id] = std::max(stage_[id], stage_[n.operand(i)]);
    }
    if (n.op == Op::data_sum && (g[n.a].flags & varies_by_row)) {
      if (stage_[id] == deepest_loop) {
        error_ = {.code = "E304",
                  .message = fmt::format("more than {} data sums inside one another", deepest_loop),
                  .span = {}};
        return;
      }
      ++stage_[id];
    }
  }
}

void Recorder::add_input(std::string_view name, Op kind) {
  auto& names = kind == Op::symbol ? symbols_ : columns_;
  const auto it = names.try_emplace(name, value(input, tape_.input_names.size()));
  if (!it.second && !error_) {
    error_ = {
        .code = "E303", .message = fmt::format("input '{}' is given twice", name), .span = {}};
  }
  tape_.input_names.emplace_back(name);
}

// ---- which way a node is computed

std::optional<int> Recorder::small_power(const Node& n) const {
  const Node& e = g_[n.b];
  if (n.op != Op::power || (e.op != Op::integer && e.op != Op::rational)) return std::nullopt;
  const double twice = 2 * g_.value_of_number(e);
  if (std::fabs(twice) > 2 * largest_power || twice == 0 || twice != std::floor(twice)) {
    return std::nullopt;
  }
  return static_cast<int>(twice);
}

bool Recorder::is_inverse(NodeId id) const { return small_power(g_[id]).value_or(1) < 0; }

bool Recorder::is_subtracted(NodeId id) const {
  const Node& n = g_[id];
  if (n.is_number()) return is_negative_number(g_, id);
  if (n.op != Op::product) return false;
  return n.a == Graph::minus_one || (uses_[id] == 1 && is_negative_number(g_, n.a));
}

std::span<const Part> Recorder::parts_of(Part part) {
  const Node& n = g_[part.id];
  parts_ = {{{n.a}, {n.b}, {n.c}}};
  std::size_t count = static_cast<std::size_t>(operand_count(n));
  switch (n.op) {
    case Op::sum:
      parts_[1].other = is_subtracted(n.b);
      parts_[0].other = !parts_[1].other && is_subtracted(n.a);
      break;
    case Op::product:
      if (g_[n.a].is_number()) {
        const bool plain = part.other && n.a == Graph::minus_one;
        parts_[0] = {n.b, !plain && is_inverse(n.b)};
        count = 1;
      } else {
        parts_[1].other = is_inverse(n.b);
        parts_[0].other = !parts_[1].other && is_inverse(n.a);
      }
      break;
    case Op::power: count = small_power(n) ? 1 : 2; break;
    case Op::data_sum: count = n.a == Graph::one ? 0 : 1; break;
    default: break;
  }
  return {parts_.data(), count};
}

// ---- the walk

Recorder::Frame Recorder::frame_of(const Frame& user, Part part) const {
  if (!(g_[part.id].flags & varies_by_row)) return {part, 0};
  const bool enters = g_[user.part.id].op == Op::data_sum;
  return {part, enters ? stage_[user.part.id] : user.loop};
}

Recorder::Value& Recorder::slot(const Frame& f) {
  if (f.loop == 0 && !f.part.other) return scalars_[f.part.id];
  const std::uint64_t key =
      index(f.part.id) | (std::uint64_t{f.loop} << 33) | (std::uint64_t{f.part.other} << 32);
  return others_[key];
}

std::optional<Diagnostic> Recorder::run() {
  std::vector<Frame> stack;
  StopCheck stop(g_.limits);
  for (const NodeId root : roots_) {
    stack.push_back({{root}, 0});
    while (!stack.empty() && !error_) {
      stop();
      const Frame frame = stack.back();
      if (slot(frame) != none) {
        stack.pop_back();
        continue;
      }
      const auto parts = parts_of(frame.part);
      const std::size_t before = stack.size();
      for (std::size_t i = parts.size(); i-- > 0;) {
        const Frame below = frame_of(frame, parts[i]);
        if (slot(below) == none) stack.push_back(below);
      }
      if (stack.size() > before) continue;
      const Value result = compute(frame);
      slot(frame) = result;
      stack.pop_back();
    }
    if (error_) return error_;
  }
  return error_;
}

Recorder::Value Recorder::compute(const Frame& f) {
  const Node& n = g_[f.part.id];
  const auto operand = [&](NodeId id) { return get(f, {id}); };
  const auto binary = [&](Primitive op) { return emit(f, op, operand(n.a), operand(n.b)); };
  switch (n.op) {
    case Op::sum: return sum(f, n);
    case Op::product: return product(f, n);
    case Op::power:
      if (const auto twice = small_power(n)) {
        const Value positive = raised(f, operand(n.a), std::abs(*twice));
        return *twice > 0 || f.part.other ? positive
                                          : emit(f, Primitive::divide, literal(1), positive);
      }
      return binary(Primitive::power);
    case Op::call: {
      const bool two = row(n.fn()).value.arity == 2;
      return emit(f, Primitive::call, operand(n.a), two ? operand(n.b) : none, none, n.detail);
    }
    case Op::less: return binary(Primitive::less);
    case Op::less_equal: return binary(Primitive::less_equal);
    case Op::equal: return binary(Primitive::equal);
    case Op::not_equal: return binary(Primitive::not_equal);
    case Op::both: return binary(Primitive::both);
    case Op::either: return binary(Primitive::either);
    case Op::negation: return emit(f, Primitive::negation, operand(n.a));
    case Op::select: return emit(f, Primitive::select, operand(n.a), operand(n.b), operand(n.c));
    case Op::data_sum: return total(f, n);
    case Op::apply1:
    case Op::apply2:
    case Op::apply3: return applied(f, n);
    default: return leaf(f, n);
  }
}

// Also of constants: what the program's function does is its own business, and done at run time.
Recorder::Value Recorder::applied(const Frame& f, const Node& n) {
  const auto& function = g_.functions().shared(n.detail);
  const auto known = std::ranges::find(tape_.functions, function);
  const auto at = static_cast<std::uint8_t>(known - tape_.functions.begin());
  if (known == tape_.functions.end()) tape_.functions.push_back(function);
  std::array<Value, 3> x{none, none, none};
  for (int i = operand_count(n); i-- > 0;) x[static_cast<std::size_t>(i)] = get(f, {n.operand(i)});
  const auto op =
      static_cast<Primitive>(static_cast<int>(Primitive::apply1) + operand_count(n) - 1);
  return emit(f, op, x[0], x[1], x[2], at);
}

Recorder::Value Recorder::leaf(const Frame& f, const Node& n) {
  if (n.op == Op::constant) return literal(constants[n.detail].value);
  if (n.is_number()) {
    const double x = g_.value_of_number(n);
    return literal(f.part.other ? -x : x);
  }
  const std::string_view name = g_.name_of(n);
  if (n.op == Op::symbol) {
    if (const auto it = symbols_.find(name); it != symbols_.end()) return it->second;
    return rows;  // record() has refused every other name
  }
  if (f.loop > 0) return data_column(name);
  if (const auto it = columns_.find(name); it != columns_.end()) return it->second;
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

Recorder::Value Recorder::sum(const Frame& f, const Node& n) {
  if (is_subtracted(n.b)) {
    return emit(f, Primitive::subtract, get(f, {n.a}), get(f, {n.b, true}));
  }
  if (is_subtracted(n.a)) {
    return emit(f, Primitive::subtract, get(f, {n.b}), get(f, {n.a, true}));
  }
  return emit(f, Primitive::add, get(f, {n.a}), get(f, {n.b}));
}

Recorder::Value Recorder::product(const Frame& f, const Node& n) {
  if (g_[n.a].is_number()) {
    if (n.a != Graph::minus_one) return scaled(f, n.a, f.part.other, n.b);
    if (f.part.other) return get(f, {n.b});
    if (is_inverse(n.b)) return emit(f, Primitive::divide, literal(-1), get(f, {n.b, true}));
    return emit(f, Primitive::negate, get(f, {n.b}));
  }
  if (is_inverse(n.b)) return emit(f, Primitive::divide, get(f, {n.a}), get(f, {n.b, true}));
  if (is_inverse(n.a)) return emit(f, Primitive::divide, get(f, {n.b}), get(f, {n.a, true}));
  return emit(f, Primitive::multiply, get(f, {n.a}), get(f, {n.b}));
}

// coefficient * rest. A third of t is t / 3, which rounds once, not t * 0.333....
Recorder::Value Recorder::scaled(const Frame& f, NodeId coefficient, bool magnitude, NodeId rest) {
  const Node& n = g_[coefficient];
  const double x = g_.value_of_number(n), c = magnitude ? -x : x;
  if (is_inverse(rest)) return emit(f, Primitive::divide, literal(c), get(f, {rest, true}));

  const Value t = get(f, {rest});
  if (n.op == Op::rational) {
    const Number exact = g_.exact_of(n);
    const double p = std::fabs(exact.numerator().to_double()), q = exact.denominator().to_double();
    if (q > 1 && !is_power_of_two(q) && p < exact_below && q < exact_below) {
      if (p == 1) return emit(f, Primitive::divide, t, literal(std::copysign(q, c)));
      const Value scaled = emit(f, Primitive::multiply, literal(std::copysign(p, c)), t);
      return emit(f, Primitive::divide, scaled, literal(q));
    }
  }
  return emit(f, Primitive::multiply, literal(c), t);
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

Recorder::Value Recorder::total(const Frame& f, const Node& n) {
  if (n.a == Graph::one) return rows;
  const Frame body = frame_of(f, {n.a});
  if (body.loop == 0) return emit(f, Primitive::multiply, rows, slot(body));
  code_.push_back({.op = Primitive::total,
                   .detail = 0,
                   .segment = static_cast<std::uint8_t>(2 * body.loop - 1),
                   .a = slot(body),
                   .b = none,
                   .c = none});
  return value(operation, code_.size() - 1);
}

// ---- operations

Recorder::Value Recorder::literal(double x) {
  if (x != x) x = std::numeric_limits<double>::quiet_NaN();
  Value& known = constant_of_[std::bit_cast<std::uint64_t>(x)];
  if (known == none) {
    known = value(constant, tape_.constants.size());
    tape_.constants.push_back(x);
  }
  return known;
}

std::uint8_t Recorder::available(Value v) const {
  if (source(v) != operation) return 0;
  const Operation& o = code_[index_of(v)];
  return static_cast<std::uint8_t>(o.segment + (o.op == Primitive::total));
}

Recorder::Value Recorder::emit(const Frame& f, Primitive op, Value a, Value b, Value c,
                               std::uint8_t detail) {
  const auto is_constant = [](Value v) { return v == none || source(v) == constant; };
  const auto number = [&](Value v) { return v == none ? 0 : tape_.constants[index_of(v)]; };
  if (op == Primitive::select && is_constant(a)) return number(a) != 0 ? b : c;
  const bool now = !is_apply(op) && (op != Primitive::call || does_calls_);
  if (now && is_constant(a) && is_constant(b) && is_constant(c)) {
    return literal(apply(op, detail, number(a), number(b), number(c)));
  }
  std::uint8_t segment = 0;
  if (f.loop > 0) {
    segment = static_cast<std::uint8_t>(2 * f.loop - 1);
  } else {
    for (const Value v : {a, b, c}) {
      if (v != none) segment = std::max(segment, available(v));
    }
  }
  code_.push_back({.op = op, .detail = detail, .segment = segment, .a = a, .b = b, .c = c});
  return value(operation, code_.size() - 1);
}

}  // namespace nabla
