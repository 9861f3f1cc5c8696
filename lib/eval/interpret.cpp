#include "lib/eval/interpret.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "lib/core/stop.hpp"
#include "lib/eval/block.hpp"
#include "lib/eval/workspace.hpp"

namespace nabla {

namespace {

constexpr std::size_t rows_at_once = 256;
constexpr std::size_t cache_words = std::size_t{1} << 16;  // row values of a block stay within this

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
void run_parts(std::span<const Interpreter::Instruction> code, const Block& block,
               const Stop* stop) {
  const std::size_t part = (std::size_t{1} << 16) / block.width;
  for (std::size_t at = 0; at < code.size(); at += part) {
    check_stop(stop);
    run_block(code.subspan(at, std::min(part, code.size() - at)), block);
  }
}

}  // namespace

Interpreter::Interpreter(const Code& code)
    : constants_(code.constants),
      functions_(code.functions),
      uniforms_(code.uniforms),
      columns_(code.columns) {
  const std::uint32_t first = code.first_step();
  const auto count = static_cast<std::uint32_t>(code.size());
  const auto constants = static_cast<std::uint32_t>(constants_.size());

  // Where each value is used last; outputs have registers of their own.
  std::vector<std::uint32_t> last(count, 0), place(count, 0);
  constexpr std::uint32_t forever = ~std::uint32_t{0};
  for (std::uint32_t i = 0; i < count; ++i) {
    for (int k = 0; k < arity(code.step[i]); ++k) {
      const std::uint32_t v = code.operand(i, k);
      if (v >= first) last[v - first] = i;
    }
  }
  const std::uint32_t first_direct = constants + uniforms_ + columns_;
  for (std::uint32_t k = 0; k < code.outputs.size(); ++k) {
    const std::uint32_t v = code.outputs[k];
    if (v < first || last[v - first] == forever) continue;
    last[v - first] = forever;
    place[v - first] = first_direct + direct_++;
    direct_out_.push_back(k);
  }

  Slots slots;
  for (std::uint32_t i = 0; i < count; ++i) {
    for (int k = 0; k < arity(code.step[i]); ++k) {
      const std::uint32_t v = code.operand(i, k);
      if (v < first || last[v - first] != i) continue;
      last[v - first] = 0;  // once, should it be an operand twice
      slots.give(place[v - first] - first_direct - direct_);
    }
    if (last[i] != forever) place[i] = first_direct + direct_ + slots.take();
  }
  values_ = slots.used();

  const auto where = [&](std::uint32_t v) {
    if (v < code.columns) return constants + uniforms_ + v;
    if (v < code.first_constant()) return constants + (v - code.columns);
    if (v < first) return v - code.first_constant();
    return place[v - first];
  };
  code_.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const int operands = arity(code.step[i]);
    code_.push_back({.step = code.step[i],
                     .detail = code.detail[i],
                     .to = place[i],
                     .a = where(code.a[i]),
                     .b = operands > 1 ? where(code.b[i]) : 0,
                     .c = operands > 2 ? where(code.c[i]) : 0});
  }
  for (const std::uint32_t v : code.outputs) outputs_.push_back(where(v));
}

void Interpreter::point(const double* uniforms, double* out, const Stop* stop) const {
  const std::size_t fixed = constants_.size() + uniforms_ + columns_;
  Workspace<1024> workspace(fixed + direct_ + values_);
  double* const r = workspace.data();
  std::ranges::copy(constants_, r);
  std::copy_n(uniforms, uniforms_, r + constants_.size());
  constexpr std::size_t part = std::size_t{1} << 14;
  for (std::size_t at = 0; at < code_.size(); at += part) {
    check_stop(stop);
    run_point(std::span(code_).subspan(at, std::min(part, code_.size() - at)), functions_, r);
  }
  for (std::size_t k = 0; k < outputs_.size(); ++k) out[k] = r[outputs_[k]];
}

void Interpreter::rows(const double* const* columns, const double* uniforms, double* const* out,
                       std::size_t begin, std::size_t end, const Stop* stop) const {
  const std::size_t width = block_rows(values_ + direct_), fixed = constants_.size() + uniforms_;
  Workspace<512> fixed_values(fixed);
  std::ranges::copy(constants_, fixed_values.data());
  std::copy_n(uniforms, uniforms_, fixed_values.data() + constants_.size());
  Workspace<4096> workspace(values_ * width);
  Block block{.uniform = fixed_values.data(),
              .first_column = static_cast<std::uint32_t>(fixed),
              .first_direct = static_cast<std::uint32_t>(fixed + columns_),
              .first_value = static_cast<std::uint32_t>(fixed + columns_ + direct_),
              .columns = columns,
              .out = out,
              .direct_out = direct_out_.data(),
              .values = workspace.data(),
              .width = width,
              .offset = 0,
              .count = 0,
              .functions = functions_};
  for (std::size_t at = begin; at < end; at += width) {
    block.offset = at;
    block.count = std::min(width, end - at);
    run_parts(code_, block, stop);
    for (std::size_t k = 0; k < outputs_.size(); ++k) {
      const auto [value, uniform] = block.operand(outputs_[k]);
      double* const to = out[k] + at;
      if (uniform) {
        std::fill_n(to, block.count, *value);
      } else if (value != to) {
        std::copy_n(value, block.count, to);
      }
    }
  }
}

}  // namespace nabla
