#include "lib/eval/native/native.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "lib/eval/kernels/tables.hpp"
#include "lib/eval/lifetimes.hpp"
#include "lib/eval/native/code_memory.hpp"
#include "lib/eval/native/code_shelf.hpp"
#include "lib/eval/native/encoder.hpp"
#include "lib/eval/native/generator.hpp"
#include "lib/eval/workspace.hpp"

namespace nabla {

namespace {

constexpr std::align_val_t vector_alignment{64};
// Longer code would be tens of megabytes.
constexpr std::size_t longest = std::size_t{1} << 24;
// Several vectors per round hide the latency of short code; long code has enough to do.
constexpr std::size_t longest_pair = 1000, longest_four = 500;
constexpr std::uint32_t most_slots = 2000;

// What the code asks of the encoder, apart from the number of copies; and how many numbers of
// tables it reads.
KernelShape shape_of(const Code& code, Width width, NativeCode::Use use, std::uint32_t& tables) {
  KernelShape shape{
      .width = width, .rows = use != NativeCode::Use::point, .sums = use == NativeCode::Use::sums};
  tables = 0;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const Opcode s = code.step[i];
    if (s < Opcode::lookup) continue;
    if (s == Opcode::call || s == Opcode::call_two) shape.calls = true;
    if (s == Opcode::rescue || s == Opcode::repair) shape.rescues = true;
    if (s == Opcode::lookup) tables = static_cast<std::uint32_t>(kernel::tables.size());
  }
  shape.columns = code.columns;
  shape.steps = code.size();
  shape.outputs = static_cast<std::uint32_t>(code.outputs.size());
  const auto constants = static_cast<std::uint32_t>(code.constants.size());
  shape.tables_at = (constants + 7) & ~7u;
  shape.extras_at = shape.tables_at + 16 * tables;
  return shape;
}

// How many vectors one round takes. Four may have to leave some values on the stack where most are
// alive, which costs less than waiting.
unsigned vectors_of_round(const Code& code, const KernelShape& shape) {
  if (!shape.rows || shape.calls || shape.width != Width::eight) return 1;
  if (code.size() > longest_pair) return 1;
  const std::uint32_t most = Lifetimes(code).most, sums = shape.sums ? shape.outputs : 0;
  if (code.size() <= longest_four && 4 * most + sums <= usual_registers + 6) return 4;
  return 2 * most + 6 + sums <= usual_registers ? 2 : 1;
}

std::shared_ptr<MachineCode> generated(const Code& code, KernelShape& shape) {
  if (find_fault(code)) return nullptr;
  shape.copies = vectors_of_round(code, shape);
  if (shape.sums && shape.width != Width::eight) {
    if (shape.width == Width::one || shape.calls) return nullptr;
    shape.copies = 2;  // which make the eight lanes
  }
  const auto encoder = Encoder::make(shape);
  if (!encoder) return nullptr;
  const std::uint32_t slots = generate(code, shape, *encoder);
  if (slots > most_slots) return nullptr;
  encoder->end(slots);
  const auto bytes = encoder->bytes();
  if (bytes.empty()) return nullptr;
  void* const entry = make_executable(bytes.data(), bytes.size());
  if (!entry) return nullptr;
  const std::uint32_t step = static_cast<std::uint32_t>(shape.width) * shape.copies;
  try {
    return std::make_shared<MachineCode>(entry, bytes.size(), step);
  } catch (...) {
    free_executable(entry);
    throw;
  }
}

}  // namespace

MachineCode::~MachineCode() { free_executable(entry); }

std::unique_ptr<const NativeCode> NativeCode::make(const Code& code, Width widest, Use use,
                                                   CodeCache* cache) {
  if (code.size() > longest) return nullptr;
  Width width = use == Use::point ? Width::one : widest;
  if (width == Width::eight && !Encoder::supports(Width::eight)) width = Width::four;
  if (!Encoder::supports(width)) return nullptr;
  std::uint32_t tables = 0;
  KernelShape shape = shape_of(code, width, use, tables);
  std::shared_ptr<const MachineCode> machine;
  if (cache) machine = cache->shelf_->find({code, width, use});
  if (!machine) {
    auto fresh = generated(code, shape);
    if (!fresh) return nullptr;
    machine = cache ? cache->shelf_->add({code, width, use}, std::move(fresh)) : std::move(fresh);
  }

  std::unique_ptr<NativeCode> native(new NativeCode);
  native->entry_ = machine->entry;
  native->step_ = machine->step;
  native->code_ = std::move(machine);
  native->columns_ = code.columns;
  native->outputs_ = shape.outputs;
  native->width_ = width;
  native->use_ = use;
  const std::size_t extras = std::size(encoder_extras);
  native->pool_ = static_cast<double*>(operator new((shape.extras_at + 4 * extras) * sizeof(double),
                                                    vector_alignment));
  std::ranges::copy(code.constants, native->pool_);
  for (std::uint32_t t = 0; t < tables; ++t) {
    std::ranges::copy(kernel::tables[t], native->pool_ + shape.tables_at + 16 * t);
  }
  for (std::size_t k = 0; k < extras; ++k) {
    std::fill_n(native->pool_ + shape.extras_at + 4 * k, 4, encoder_extras[k]);
  }
  return native;
}

void NativeCode::sums(const double* const* columns, const double* uniforms, double* lanes,
                      std::size_t begin, std::size_t end) const {
  // What the code takes for its outputs are the lanes themselves.
  const RowCall arguments{uniforms,
                          columns,
                          reinterpret_cast<double* const*>(lanes),
                          pool_,
                          begin * sizeof(double),
                          end * sizeof(double)};
  reinterpret_cast<void (*)(const RowCall*)>(entry_)(&arguments);
}

NativeCode::~NativeCode() {
  if (pool_) operator delete(pool_, vector_alignment);
}

void NativeCode::rows(const double* const* columns, const double* uniforms, double* const* out,
                      std::size_t begin, std::size_t end) const {
  const auto call = [&](const double* const* in, double* const* to, std::size_t from,
                        std::size_t until) {
    const RowCall arguments{uniforms, in, to, pool_, from * sizeof(double), until * sizeof(double)};
    reinterpret_cast<void (*)(const RowCall*)>(entry_)(&arguments);
  };
  const std::size_t rest = (end - begin) % step_, whole = end - rest;
  if (whole > begin) call(columns, out, begin, whole);
  if (rest == 0) return;
  // Rows that were done before are done again, to the same bits.
  if (whole > begin) return call(columns, out, end - step_, end);
  // The rows that do not fill a round, with the last one repeated.
  Workspace<1024> values((columns_ + outputs_) * std::size_t{step_});
  Workspace<64, const double*> in(columns_);
  Workspace<64, double*> to(outputs_);
  double* at = values.data();
  for (std::uint32_t k = 0; k < columns_; ++k, at += step_) {
    std::copy_n(columns[k] + begin, rest, at);
    std::fill(at + rest, at + step_, at[rest - 1]);
    in.data()[k] = at;
  }
  for (std::uint32_t k = 0; k < outputs_; ++k, at += step_) to.data()[k] = at;
  call(in.data(), to.data(), 0, step_);
  for (std::uint32_t k = 0; k < outputs_; ++k) std::copy_n(to.data()[k], rest, out[k] + begin);
}

}  // namespace nabla
