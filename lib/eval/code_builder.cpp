#include "lib/eval/code_builder.hpp"

#include <algorithm>

namespace nabla {

namespace {

std::size_t hash(double x) {
  const std::uint64_t h = word::bits(x) * 0x9E3779B97F4A7C15u;
  return static_cast<std::size_t>(h >> 40);
}

}  // namespace

void CodeBuilder::grow() {
  const std::size_t size = std::max<std::size_t>(64, 2 * index_.size());
  index_.assign(size, 0);
  for (std::uint32_t i = 0; i < constants_.size(); ++i) {
    std::size_t at = hash(constants_[i]) & (size - 1);
    while (index_[at] != 0) at = (at + 1) & (size - 1);
    index_[at] = i + 1;
  }
}

CodeBuilder::Value CodeBuilder::constant(double x) {
  if (2 * constants_.size() >= index_.size()) grow();
  std::size_t at = hash(x) & (index_.size() - 1);
  for (; index_[at] != 0; at = (at + 1) & (index_.size() - 1)) {
    if (word::bits(constants_[index_[at] - 1]) == word::bits(x)) {
      return tagged(3, index_[at] - 1);
    }
  }
  constants_.push_back(x);
  index_[at] = static_cast<std::uint32_t>(constants_.size());
  return tagged(3, index_[at] - 1);
}

CodeBuilder::Value CodeBuilder::as(Kind wanted, Value v) {
  if (kind(v) == wanted) return v;
  return wanted == Kind::number ? emit(Opcode::select, v, constant(1), constant(0))
                                : emit(Opcode::not_equal, v, constant(0));
}

std::uint32_t CodeBuilder::output(Value v) {
  outputs_.push_back(number(v));
  return static_cast<std::uint32_t>(outputs_.size() - 1);
}

Code CodeBuilder::finish(std::uint32_t uniforms) {
  Code code;
  code.columns = columns_;
  code.uniforms = uniforms;
  code.constants = std::move(constants_);
  const std::uint32_t base[] = {code.first_step(), 0, columns_, code.first_constant()};
  const auto renumber = [&](Value v) { return v == none ? 0 : base[v >> 30] + (v & 0x3FFFFFFF); };
  const std::size_t count = steps_.size();
  code.step.resize(count);
  code.detail.resize(count);
  for (auto* operand : {&code.a, &code.b, &code.c}) operand->resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Step& s = steps_[i];
    code.step[i] = s.step;
    code.detail[i] = s.detail;
    code.a[i] = renumber(s.a);
    code.b[i] = renumber(s.b);
    if (s.c != none) code.c[i] = renumber(s.c);
  }
  code.outputs.reserve(outputs_.size());
  for (const Value v : outputs_) code.outputs.push_back(renumber(v));
  steps_ = {};
  index_ = {};
  return code;
}

}  // namespace nabla
