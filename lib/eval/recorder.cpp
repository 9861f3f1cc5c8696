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
  tape_.constants.reserve(16);
  read_constant_.reserve(16);
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
  return f.other ? n.other() : n.value;
}

Recorder::Value Recorder::missing(const Frame& f) {
  Surveyed& n = nodes_[f.place];
  if (n.is(Surveyed::number)) return literal_of(n, f.other);
  stack_.push_back(f);
  return none;
}

std::optional<Diagnostic> Recorder::run() {
  if (error_) return error_;
  operations_.grow(nodes_.size() + 16);
  if (nodes_.has_loops()) {
    walk();
  } else {
    record_all();
  }
  return error_;
}

// Without loops nodes are computed in the order of the survey.
void Recorder::record_all() {
  StopCheck stop(g_.limits);
  for (std::uint32_t place = 0; place < nodes_.size(); ++place) {
    stop();
    Surveyed& n = nodes_[place];
    if (n.wanted == 0 || n.is(Surveyed::number)) continue;
    make_room();
    if ((n.wanted & Surveyed::second) != 0) n.other() = compute<false>({place, 0, true});
    if ((n.wanted & Surveyed::plain) != 0 && n.value == none) {
      n.value = compute<false>({place, 0, false});
      if (error_) return;
    }
  }
  for (const NodeId root : roots_) (void)get<false>({}, nodes_.place_of(root));
}

void Recorder::walk() {
  stack_.reserve(64);
  StopCheck stop(g_.limits);
  for (const NodeId root : roots_) {
    stack_.push_back({nodes_.place_of(root), 0, false});
    while (!stack_.empty()) {
      stop();
      const Frame frame = stack_.back();
      if (slot<true>(frame) == none) {
        make_room();
        const Value result = compute<true>(frame);
        if (error_) return;
        if (result == none) continue;
        slot<true>(frame) = result;
      }
      stack_.pop_back();
    }
  }
}

// Of operands that are missing the first one is to be computed first.
template <bool loops>
Recorder::Value Recorder::binary(const Frame& f, Primitive op) {
  const Surveyed& n = nodes_[f.place];
  const Value y = get<loops>(f, n.b), x = get<loops>(f, n.a);
  return x == none || y == none ? none : emit<loops>(f, op, x, y);
}

template <bool loops>
Recorder::Value Recorder::compute(const Frame& f) {
  const Surveyed& n = nodes_[f.place];
  switch (n.op) {
    case Op::sum: {
      const bool second = n.is(Surveyed::other_b), first = n.is(Surveyed::other_a);
      const Value y = get<loops>(f, n.b, second), x = get<loops>(f, n.a, first);
      if (x == none || y == none) return none;
      if (first) return emit<loops>(f, Primitive::subtract, y, x);
      return emit<loops>(f, second ? Primitive::subtract : Primitive::add, x, y);
    }
    case Op::product: return product<loops>(f);
    case Op::power: {
      if (n.twice == 0) return binary<loops>(f, Primitive::power);
      const Value base = get<loops>(f, n.a);
      if (base == none) return none;
      const Value positive = raised<loops>(f, base, std::abs(n.twice));
      return n.twice > 0 || f.other ? positive
                                    : emit<loops>(f, Primitive::divide, literal(1), positive);
    }
    case Op::less: return binary<loops>(f, Primitive::less);
    case Op::less_equal: return binary<loops>(f, Primitive::less_equal);
    case Op::equal: return binary<loops>(f, Primitive::equal);
    case Op::not_equal: return binary<loops>(f, Primitive::not_equal);
    case Op::both: return binary<loops>(f, Primitive::both);
    case Op::either: return binary<loops>(f, Primitive::either);
    case Op::data_sum: return total<loops>(f);
    case Op::call:
    case Op::negation:
    case Op::select:
    case Op::apply1:
    case Op::apply2:
    case Op::apply3: return with_operands<loops>(f);
    default: return leaf(f);
  }
}

template <bool loops>
Recorder::Value Recorder::with_operands(const Frame& f) {
  const Surveyed& n = nodes_[f.place];
  Value x[3] = {none, none, none};
  bool all = true;
  for (int i = n.operands(); i-- > 0;) {
    x[i] = get<loops>(f, n.operand(i));
    all = all && x[i] != none;
  }
  if (!all) return none;
  if (n.op == Op::call) return emit<loops>(f, Primitive::call, x[0], x[1], none, n.detail);
  if (n.op == Op::negation) return emit<loops>(f, Primitive::negation, x[0]);
  if (n.op == Op::select) {
    if (source(x[0]) == constant) return tape_.constants[index_of(x[0])] != 0 ? x[1] : x[2];
    return emit<loops>(f, Primitive::select, x[0], x[1], x[2]);
  }
  // Also of constants: what the program's function does is its own business, and done at run time.
  const auto op = static_cast<Primitive>(static_cast<int>(Primitive::apply1) + n.operands() - 1);
  return emit<loops>(f, op, x[0], x[1], x[2], user_function(n.detail));
}

std::uint8_t Recorder::user_function(std::uint8_t detail) {
  const auto& function = g_.functions().shared(detail);
  const auto known = std::ranges::find(tape_.functions, function);
  const auto at = static_cast<std::uint8_t>(known - tape_.functions.begin());
  if (known == tape_.functions.end()) tape_.functions.push_back(function);
  return at;
}

Recorder::Value Recorder::leaf(const Frame& f) {
  Surveyed& n = nodes_[f.place];
  if (n.op == Op::constant) return literal(constants[n.detail].value);
  if (n.is(Surveyed::number)) return literal_of(n, f.other);
  const std::string_view name = g_.name_of(g_[n.leaf()]);
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

template <bool loops>
NABLA_INLINE Recorder::Value Recorder::product(const Frame& f) {
  const Surveyed& n = nodes_[f.place];
  const bool by_b = n.is(Surveyed::other_b), by_a = n.is(Surveyed::other_a);
  Surveyed& coefficient = nodes_[n.a];
  if (coefficient.is(Surveyed::number)) {
    if (!coefficient.is(Surveyed::minus_one)) return scaled<loops>(f, coefficient, f.other, n.b);
    const Value t = get<loops>(f, n.b, by_b && !f.other);
    if (t == none || f.other) return t;
    return by_b ? emit<loops>(f, Primitive::divide, literal(-1), t)
                : emit<loops>(f, Primitive::negate, t);
  }
  const Value y = get<loops>(f, n.b, by_b), x = get<loops>(f, n.a, by_a);
  if (x == none || y == none) return none;
  if (by_a) return emit<loops>(f, Primitive::divide, y, x);
  return emit<loops>(f, by_b ? Primitive::divide : Primitive::multiply, x, y);
}

// coefficient * rest. A third of t is t / 3, which rounds once, not t * 0.333....
template <bool loops>
Recorder::Value Recorder::scaled(const Frame& f, Surveyed& coefficient, bool magnitude,
                                 std::uint32_t rest) {
  const bool divides = nodes_[rest].twice < 0;
  const Value t = get<loops>(f, rest, divides);
  if (t == none) return none;
  if (divides) {
    return emit<loops>(f, Primitive::divide, literal_of(coefficient, magnitude), t);
  }
  if (coefficient.op == Op::rational) {
    const Number exact = g_.exact_of(g_[coefficient.leaf()]);
    const double p = std::fabs(exact.numerator().to_double()), q = exact.denominator().to_double();
    if (q > 1 && !is_power_of_two(q) && p < exact_below && q < exact_below) {
      const double c = coefficient.is(Surveyed::negative) != magnitude ? -1 : 1;
      if (p == 1) return emit<loops>(f, Primitive::divide, t, literal(std::copysign(q, c)));
      const Value scaled = emit<loops>(f, Primitive::multiply, literal(std::copysign(p, c)), t);
      return emit<loops>(f, Primitive::divide, scaled, literal(q));
    }
  }
  return emit<loops>(f, Primitive::multiply, literal_of(coefficient, magnitude), t);
}

// base^(twice/2): the binary digits of the exponent from the left, one square root for the half.
template <bool loops>
Recorder::Value Recorder::raised(const Frame& f, Value base, int twice) {
  const auto remember = [&](int exponent) -> Value& {
    const std::uint64_t loop = source(base) == constant || source(base) == input ? 0 : f.loop;
    const auto key = base | (static_cast<std::uint64_t>(exponent) << 32) | (loop << 48);
    return powers_[key];
  };
  if (twice % 2 != 0) {
    Value root = remember(1);
    if (root == none) root = remember(1) = emit<loops>(f, Primitive::square_root, base);
    if (twice == 1) return root;
    const Value whole = raised<loops>(f, base, twice - 1);
    return emit<loops>(f, Primitive::multiply, whole, root);
  }
  Value result = base;
  int prefix = 1;
  const auto step = [&](int next, Value factor) {
    Value& known = remember(2 * next);
    if (known == none) known = emit<loops>(f, Primitive::multiply, result, factor);
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

template <bool loops>
Recorder::Value Recorder::total(const Frame& f) {
  const Surveyed& n = nodes_[f.place];
  if (nodes_[n.a].is(Surveyed::one)) return rows;
  const Value v = get<loops>(f, n.a);
  if (v == none) return none;
  const std::uint8_t loop = below<loops>(f, n.a, false).loop;
  if (loop == 0) return emit<loops>(f, Primitive::multiply, rows, v);
  return append(Primitive::total, 0, static_cast<std::uint8_t>(2 * loop - 1), v, none, none);
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
  Value& known = other ? number.other() : number.value;
  if (known == none) {
    const double x = g_.value_of_number(g_[number.leaf()]);
    known = literal(other ? -x : x);
  }
  return known;
}

std::uint8_t Recorder::available(Value v) const {
  if (source(v) != operation) return 0;
  const Recorded& r = operations_[v];
  return static_cast<std::uint8_t>(r.segment + (r.op == Primitive::total));
}

Recorder::Value Recorder::done(Primitive op, std::uint8_t detail, Value a, Value b, Value c) {
  const auto number = [&](Value v) { return v == none ? 0 : tape_.constants[index_of(v)]; };
  return literal(apply(op, detail, number(a), number(b), number(c)));
}

// As early as its operands are there.
std::uint8_t Recorder::segment_of(const Frame& f, Value a, Value b, Value c) const {
  if (f.loop > 0) return static_cast<std::uint8_t>(2 * f.loop - 1);
  return std::max({available(a), available(b), available(c)});
}

}  // namespace nabla
