#include "lib/eval/interpret.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>

#include "lib/core/stop.hpp"
#include "lib/eval/block.hpp"

namespace nabla {

namespace {

constexpr std::size_t rows_at_once = 256;
constexpr std::size_t cache_words = std::size_t{1} << 16;  // row values of a block stay within this

// Memory for one call: on the stack when little is needed.
template <std::size_t capacity>
class Workspace {
 public:
  explicit Workspace(std::size_t size) {
    if (size > capacity) heap_ = std::make_unique_for_overwrite<double[]>(size);
  }
  double* data() { return heap_ ? heap_.get() : stack_; }

 private:
  alignas(64) double stack_[capacity];
  std::unique_ptr<double[]> heap_;
};

// Numbers handed out again after they were given back; the latest first, while it is in the cache.
class Slots {
 public:
  std::uint32_t take() {
    if (free_.empty()) return used_++;
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  void give(std::uint32_t slot) { free_.push_back(slot); }
  std::uint32_t used() const { return used_; }

 private:
  std::vector<std::uint32_t> free_;
  std::uint32_t used_ = 0;
};

std::size_t block_rows(std::size_t values) {
  const std::size_t fitting = cache_words / std::max<std::size_t>(values, 1);
  return std::clamp(fitting & ~std::size_t{31}, std::size_t{32}, rows_at_once);
}

// A block in parts of some thousands of row operations, between which a stop is seen.
void run_parts(std::span<const Program::Instruction> code, const Block& block, const Stop* stop) {
  const std::size_t part = (std::size_t{1} << 16) / block.width;
  for (std::size_t at = 0; at < code.size(); at += part) {
    check_stop(stop);
    run_block(code.subspan(at, std::min(part, code.size() - at)), block);
  }
}

}  // namespace

Program::Program(const Tape& t, const Limits& limits)
    : constants_(t.constants),
      functions_(t.functions),
      inputs_(static_cast<std::uint32_t>(t.input_names.size())) {
  const std::uint32_t first = t.first_operation();
  const auto count = static_cast<std::uint32_t>(t.op.size());
  constants_.push_back(0);  // the number of rows
  const auto rows = static_cast<std::uint32_t>(t.constants.size());
  first_scalar_ = rows + 1 + inputs_;

  // Where each value is used last. A scalar that a loop reads is needed until the loop ends.
  std::vector<std::uint32_t> last(count, 0);
  StopCheck stop(limits);
  std::uint32_t begin = 0;
  for (const Segment& segment : t.segments) {
    stretches_.push_back({begin, segment.end, segment.loop});
    for (std::uint32_t i = begin; i < segment.end; ++i) {
      stop();
      for (int k = 0; k < arity(t.op[i], t.detail[i]); ++k) {
        const std::uint32_t v = t.operand(i, k);
        if (v >= first) last[v - first] = v - first < begin && segment.loop ? segment.end - 1 : i;
      }
    }
    begin = segment.end;
  }
  constexpr std::uint32_t forever = ~std::uint32_t{0};
  for (const std::uint32_t v : t.outputs) {
    if (v >= first) last[v - first] = forever;
  }

  // Registers; those of row values are numbered from 0 until the scalars are counted.
  Slots scalars, row_values;
  std::vector<std::uint32_t> slot(count);
  std::vector<std::uint8_t> is_row_value(count);
  for (const Stretch& s : stretches_) {
    std::vector<std::uint32_t> read_by_loop;
    for (std::uint32_t i = s.begin; i < s.end && s.loop; ++i) {
      if (t.op[i] == Primitive::total) slot[i] = scalars.take();
    }
    for (std::uint32_t i = s.begin; i < s.end; ++i) {
      stop();
      for (int k = 0; k < arity(t.op[i], t.detail[i]); ++k) {
        const std::uint32_t v = t.operand(i, k);
        if (v < first) continue;
        const std::uint32_t from = v - first;
        const bool outside = s.loop && from < s.begin;
        if (last[from] != (outside ? s.end - 1 : i)) continue;
        last[from] = 0;  // once, should it be an operand twice
        if (outside) {
          read_by_loop.push_back(slot[from]);
        } else {
          (is_row_value[from] ? row_values : scalars).give(slot[from]);
        }
      }
      if (t.op[i] == Primitive::total) continue;
      is_row_value[i] = s.loop;
      slot[i] = (s.loop ? row_values : scalars).take();
    }
    for (const std::uint32_t freed : read_by_loop) scalars.give(freed);
  }

  first_column_ = first_scalar_ + scalars.used();
  first_row_value_ = first_column_ + static_cast<std::uint32_t>(t.column_names.size());
  row_values_ = row_values.used();
  const auto place = [&](std::uint32_t v) {
    if (v < t.first_column()) return rows + 1 + v;
    if (v < t.row_count()) return first_column_ + (v - t.first_column());
    if (v == t.row_count()) return rows;
    if (v < first) return v - t.first_constant();
    return slot[v - first] + (is_row_value[v - first] ? first_row_value_ : first_scalar_);
  };
  code_.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    stop();
    const int operands = arity(t.op[i], t.detail[i]);
    code_.push_back({.op = t.op[i],
                     .detail = t.detail[i],
                     .to = place(first + i),
                     .a = place(t.a[i]),
                     .b = operands > 1 ? place(t.b[i]) : 0,
                     .c = operands > 2 ? place(t.c[i]) : 0});
  }
  for (const std::uint32_t v : t.outputs) outputs_.push_back(place(v));
}

void Program::run(std::span<const double> in, std::span<double> out,
                  std::span<const double* const> columns, std::size_t rows,
                  const Stop* stop) const {
  Workspace<1024> workspace(first_column_);
  double* const r = workspace.data();
  std::ranges::copy(constants_, r);
  std::ranges::copy(in, r + constants_.size());
  r[constants_.size() - 1] = static_cast<double>(rows);

  for (const Stretch& s : stretches_) {
    if (s.loop) {
      run_loop(s, r, columns, rows, stop);
      continue;
    }
    const Instruction* const end = code_.data() + s.end;
    for (const Instruction* i = code_.data() + s.begin; i != end;) {
      check_stop(stop);
      const Instruction* const pause = i + std::min(end - i, std::ptrdiff_t{1} << 14);
      for (; i != pause; ++i) {
        const double a = r[i->a];
        double& to = r[i->to];
        switch (i->op) {
          case Primitive::add: to = a + r[i->b]; break;
          case Primitive::subtract: to = a - r[i->b]; break;
          case Primitive::multiply: to = a * r[i->b]; break;
          case Primitive::divide: to = a / r[i->b]; break;
          case Primitive::negate: to = -a; break;
          case Primitive::square_root: to = std::sqrt(a); break;
          case Primitive::apply1:
          case Primitive::apply2:
          case Primitive::apply3: {
            const double operands[] = {a, r[i->b], r[i->c]};
            const auto count = static_cast<std::size_t>(row(i->op).arity);
            to = functions_[i->detail]->value({operands, count});
            break;
          }
          default: to = apply(i->op, i->detail, a, r[i->b], r[i->c]);
        }
      }
    }
  }
  for (std::size_t k = 0; k < outputs_.size(); ++k) out[k] = r[outputs_[k]];
}

void Program::run_loop(const Stretch& s, double* r, std::span<const double* const> columns,
                       std::size_t rows, const Stop* stop) const {
  const std::span code(code_.data() + s.begin, s.end - s.begin);
  const auto totals = std::ranges::find(code, Primitive::total, &Instruction::op);
  const std::span body(code.begin(), totals);
  const std::size_t width = block_rows(row_values_);
  Workspace<4096> workspace(row_values_ * width);
  Block block{.uniform = r,
              .first_varying = first_column_,
              .columns = columns,
              .values = workspace.data(),
              .width = width,
              .offset = 0,
              .count = 0,
              .functions = functions_};

  for (auto i = totals; i != code.end(); ++i) r[i->to] = 0;
  for (std::size_t at = 0; at < rows; at += width) {
    block.offset = at;
    block.count = std::min(width, rows - at);
    run_parts(body, block, stop);
    for (auto i = totals; i != code.end(); ++i) {
      const auto [value, uniform] = block.operand(i->a);
      const std::size_t step = uniform ? 0 : 1;
      double total = r[i->to];
      for (std::size_t k = 0; k < block.count; ++k) total += value[k * step];
      r[i->to] = total;
    }
  }
}

void Program::batch(std::span<const double* const> in, std::span<double* const> out,
                    std::size_t count, const Stop* stop) const {
  const std::size_t values = first_column_ - first_scalar_;
  const std::size_t width = block_rows(values);
  Workspace<4096> workspace(values * width);
  Block block{.uniform = constants_.data(),
              .first_varying = static_cast<std::uint32_t>(constants_.size()),
              .columns = in,
              .values = workspace.data(),
              .width = width,
              .offset = 0,
              .count = 0,
              .functions = functions_};
  for (std::size_t at = 0; at < count; at += width) {
    block.offset = at;
    block.count = std::min(width, count - at);
    run_parts(code_, block, stop);
    for (std::size_t k = 0; k < outputs_.size(); ++k) {
      const auto [value, uniform] = block.operand(outputs_[k]);
      if (uniform) {
        std::fill_n(out[k] + at, block.count, *value);
      } else {
        std::copy_n(value, block.count, out[k] + at);
      }
    }
  }
}

}  // namespace nabla
