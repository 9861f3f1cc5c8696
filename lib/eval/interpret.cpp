#include "lib/eval/interpret.hpp"

#include <algorithm>

#include "lib/core/stop.hpp"
#include "lib/eval/interpret/rows.hpp"
#include "lib/eval/workspace.hpp"

namespace nabla {

namespace {

// Of a few numbers, without a call.
void copy(const double* from, std::size_t count, double* to) {
  if (count > 8) {
    std::copy_n(from, count, to);
    return;
  }
  for (std::size_t i = 0; i < count; ++i) to[i] = from[i];
}

}  // namespace

PointInterpreter::PointInterpreter(const Code& code)
    : chain_(code, Chain::For::point), machine_(point_machine()) {
  const auto jumps = machine_.jumps();
  for (ChainStep& step : chain_.steps) {
    const std::size_t unstored = step.to == chain_.first_slot() ? jumps.size() / 2 : 0;
    step.jump = jumps[static_cast<std::size_t>(step.move) + unstored];
  }
}

void PointInterpreter::run(const double* uniforms, double* out, const Stop* stop) const {
  Workspace<1024> workspace(chain_.places());
  double* const r = workspace.data();
  copy(chain_.constants.data(), chain_.constants.size(), r + chain_.first_constant());
  copy(uniforms, chain_.uniforms, r + chain_.first_uniform());
  const ChainStep* const last = &chain_.steps.back();
  for (const ChainStep* at = chain_.steps.data();; ++at) {
    check_stop(stop);
    at = machine_.run(at, r, chain_.functions);
    if (at == last) break;
  }
  for (std::size_t k = 0; k < chain_.outputs.size(); ++k) out[k] = r[chain_.outputs[k]];
}

namespace {

constexpr std::size_t moves_between_looks = std::size_t{1} << 12;

}  // namespace

RowInterpreter::RowInterpreter(const Code& code) : RowInterpreter(code, row_machine()) {}

void RowInterpreter::run(const double* const* columns, const double* uniforms, double* const* out,
                         std::size_t begin, std::size_t end, const Stop* stop) const {
  const std::size_t width = machine_.rows, varying = chain_.columns + chain_.direct;
  const std::uint32_t numbers = chain_.first_constant();
  Workspace<256> fixed(chain_.constants.size() + chain_.uniforms);
  std::ranges::copy(chain_.constants, fixed.data());
  std::copy_n(uniforms, chain_.uniforms, fixed.data() + chain_.constants.size());
  Workspace<4096> slots(chain_.slots * width);
  Workspace<512, double*> places(chain_.places());
  double** const place = places.data();
  // Nobody writes to the place of a column.
  for (std::uint32_t i = 0; i < chain_.columns; ++i)
    place[i] = const_cast<double*>(columns[i]) + begin;
  for (std::uint32_t i = 0; i < chain_.direct; ++i) {
    place[chain_.columns + i] = out[chain_.direct_out[i]] + begin;
  }
  for (std::uint32_t i = 0; i < chain_.slots; ++i) place[varying + i] = slots.data() + i * width;
  for (std::uint32_t i = numbers; i < chain_.places(); ++i) place[i] = fixed.data() + (i - numbers);

  RowBlock block{.place = place,
                 .first_number = numbers,
                 .nowhere = chain_.first_slot(),
                 .rows = width,
                 .count = width,
                 .functions = chain_.functions};
  const ChainStep* const last = &chain_.steps.back();
  std::size_t looked = moves_between_looks;
  const auto run_block = [&] {
    for (const ChainStep* at = chain_.steps.data();; ++at) {
      if (looked >= moves_between_looks) {
        check_stop(stop);
        looked = 0;
      }
      const ChainStep* const from = at;
      at = machine_.run(at, block);
      looked += static_cast<std::size_t>(at - from) + 1;
      if (at == last) break;
    }
  };
  // Outputs that no step gives, and those given twice.
  const auto copy_outputs = [&](std::size_t row) {
    for (std::size_t k = 0; k < chain_.outputs.size(); ++k) {
      const std::uint32_t from = chain_.outputs[k];
      double* const to = out[k] + row;
      if (from >= numbers) {
        std::fill_n(to, block.count, *place[from]);
      } else if (place[from] != to) {
        std::copy_n(place[from], block.count, to);
      }
    }
  };

  std::size_t row = begin;
  for (; row + width <= end; row += width) {
    run_block();
    copy_outputs(row);
    for (std::size_t i = 0; i < varying; ++i) place[i] += width;
  }
  if (row == end) return;
  // The rest in a block of its own, whose last row is there more than once.
  block.count = end - row;
  Workspace<2048> rest(varying * width);
  for (std::size_t i = 0; i < varying; ++i) {
    double* const own = rest.data() + i * width;
    if (i < chain_.columns) {
      std::copy_n(place[i], block.count, own);
      std::fill(own + block.count, own + width, own[block.count - 1]);
    }
    place[i] = own;
  }
  run_block();
  copy_outputs(row);
}

}  // namespace nabla
