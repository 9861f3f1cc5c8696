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
  for (std::uint32_t i = 0; i < code_.constants.size(); ++i) {
    std::size_t at = hash(code_.constants[i]) & (size - 1);
    while (index_[at] != 0) at = (at + 1) & (size - 1);
    index_[at] = i + 1;
  }
}

CodeBuilder::Value CodeBuilder::constant(double x) {
  if (2 * code_.constants.size() >= index_.size()) grow();
  std::size_t at = hash(x) & (index_.size() - 1);
  for (; index_[at] != 0; at = (at + 1) & (index_.size() - 1)) {
    if (word::bits(code_.constants[index_[at] - 1]) == word::bits(x)) {
      return tagged(3, index_[at] - 1);
    }
  }
  code_.constants.push_back(x);
  index_[at] = static_cast<std::uint32_t>(code_.constants.size());
  return tagged(3, index_[at] - 1);
}

CodeBuilder::Value CodeBuilder::as(Kind wanted, Value v) {
  if (kind(v) == wanted) return v;
  return wanted == Kind::number ? emit(Opcode::select, v, constant(1), constant(0))
                                : emit(Opcode::not_equal, v, constant(0));
}

CodeBuilder::Value CodeBuilder::number(Value v) { return as(Kind::number, v); }

CodeBuilder::Value CodeBuilder::emit(Opcode s, Value a, Value b, Value c, std::uint8_t detail) {
  const OpcodeRow& r = row(s);
  a = as(r.first, a);
  if (r.arity > 1) b = as(r.second, b);
  if (r.arity > 2) c = as(Kind::number, c);
  code_.step.push_back(s);
  code_.detail.push_back(detail);
  code_.a.push_back(a);
  code_.b.push_back(b);
  code_.c.push_back(c);
  return static_cast<Value>(code_.size() - 1);
}

std::uint32_t CodeBuilder::output(Value v) {
  outputs_.push_back(number(v));
  return static_cast<std::uint32_t>(outputs_.size() - 1);
}

Code CodeBuilder::finish(std::uint32_t uniforms) {
  code_.columns = columns_;
  code_.uniforms = uniforms;
  const std::uint32_t base[] = {code_.first_step(), 0, columns_, code_.first_constant()};
  const auto renumber = [&](Value v) { return v == none ? 0 : base[v >> 30] + (v & 0x3FFFFFFF); };
  for (auto* operands : {&code_.a, &code_.b, &code_.c}) {
    for (Value& v : *operands) v = renumber(v);
  }
  code_.outputs.reserve(outputs_.size());
  for (const Value v : outputs_) code_.outputs.push_back(renumber(v));
  index_.clear();
  return std::move(code_);
}

}  // namespace nabla
