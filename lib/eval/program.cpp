#include "lib/eval/program.hpp"

#include <algorithm>
#include <functional>

#include "lib/eval/reduce.hpp"
#include "lib/eval/tiles.hpp"
#include "lib/eval/workspace.hpp"

namespace nabla {

namespace {

bool overlap(const double* a, std::size_t n, const double* b, std::size_t m) {
  const std::less<const double*> before;
  return before(a, b + m) && before(b, a + n);
}

// A call like those of machine code.
void interpret_point(const double* in, double* out, const double* machine) {
  reinterpret_cast<const Machine*>(machine)->point(in, out);
}

NativeCode::Use use_of(const Stage& stage, bool batch) {
  using Use = NativeCode::Use;
  return !stage.loop ? Use::point : batch ? Use::rows : Use::sums;
}

}  // namespace

Program::Program(std::shared_ptr<const Tape> tape, const CompileOptions& options)
    : tape_(std::move(tape)),
      options_(options),
      parameters_(std::min(options.parameters, tape_->input_names.size())),
      direct_(!tape_->needs_data()) {
  if (!options_.workers && options_.threads > 1) {
    options_.workers = std::make_shared<Workers>(options_.threads);
  }
}

Program::~Program() {
  delete point_.load();
  delete batch_.load();
}

const Program::Plan& Program::make_plan(std::atomic<const Plan*>& plan, bool batch) const {
  const std::lock_guard lock(making_);
  if (const Plan* made = plan.load(std::memory_order_acquire)) return *made;
  auto fresh = std::make_unique<Plan>();
  fresh->machines.reserve(2);
  fresh->stages = batch ? batch_stages(*tape_, options_) : point_stages(*tape_, options_);
  for (Stage& stage : fresh->stages.stages) {
    fresh->machines.emplace_back(stage.code, options_, use_of(stage, batch));
    const auto outputs = std::move(stage.code.outputs);
    stage.code = {};  // the machine has what it needs
    stage.code.outputs = outputs;
  }
  const auto refused = [&](const Machine& m) { return m.native() == nullptr; };
  if (options_.engine == Engine::native && options_.math == Math::fast &&
      std::ranges::any_of(fresh->machines, refused)) {
    // Code for the interpreter is another: it does a kernel in one step.
    CompileOptions options = options_;
    options.engine = Engine::interpreter;
    Stages again = batch ? batch_stages(*tape_, options) : point_stages(*tape_, options);
    for (std::size_t i = 0; i < fresh->machines.size(); ++i) {
      if (!refused(fresh->machines[i])) continue;
      fresh->machines[i] = Machine(again.stages[i].code, options, use_of(again.stages[i], batch));
    }
  }
  if (!batch && direct_) {
    if (const NativeCode* native = fresh->machines.front().native()) {
      fresh->point = {native->entry(), native->pool()};
      native_point_.context = native->pool();
      native_point_.call.store(native->entry(), std::memory_order_release);
    } else {
      fresh->point = {&interpret_point, reinterpret_cast<const double*>(&fresh->machines.front())};
    }
  }
  plan.store(fresh.get(), std::memory_order_release);
  return *fresh.release();
}

PointCall Program::point_call() const { return point_plan().point; }

void Program::run(std::span<const double> in, std::span<double> out, const InputColumns& columns,
                  std::size_t rows, const Stop* stop) const {
  const Plan& plan = point_plan();
  if (direct_) {
    const Machine& machine = plan.machines.front();
    if (!overlap(in.data(), in.size(), out.data(), out.size())) {
      return machine.point(in.data(), out.data(), stop);
    }
    Workspace<64> result(out.size());
    machine.point(in.data(), result.data(), stop);
    std::copy_n(result.data(), out.size(), out.data());
    return;
  }
  const Stages& s = plan.stages;
  Workspace<512> workspace(s.frame + s.constants.size());
  double* const frame = workspace.data();
  std::ranges::copy(in, frame);
  frame[in.size()] = static_cast<double>(rows);
  std::ranges::copy(s.constants, frame + s.frame);
  for (std::size_t i = 0; i < s.stages.size(); ++i) {
    const Stage& stage = s.stages[i];
    if (stage.loop) {
      run_loop(stage, plan.machines[i], frame, columns, rows, stop);
      continue;
    }
    Workspace<128> result(stage.slots.size());
    plan.machines[i].point(frame, result.data(), stop);
    for (std::size_t k = 0; k < stage.slots.size(); ++k) frame[stage.slots[k]] = result.data()[k];
  }
  for (std::size_t k = 0; k < s.outputs.size(); ++k) out[k] = frame[s.outputs[k]];
}

void Program::run_loop(const Stage& stage, const Machine& machine, double* frame,
                       const InputColumns& columns, std::size_t rows, const Stop* stop) const {
  const std::size_t outputs = stage.slots.size();
  Workspace<128> totals(outputs);
  const RowLoop loop{machine, frame, columns, rows, outputs, stop};
  if (options_.sums == SumOrder::lanes) {
    sum_in_lanes(loop, options_.workers.get(), totals.data());
  } else {
    sum_in_order(loop, totals.data());
  }
  for (std::size_t k = 0; k < outputs; ++k) frame[stage.slots[k]] = totals.data()[k];
}

void Program::batch(const InputColumns& in, std::span<const double> parameters,
                    const OutputColumns& out, std::size_t count, const Stop* stop) const {
  if (count == 0) return;
  const Plan& plan = batch_plan();
  const Stages& s = plan.stages;
  Workspace<256> workspace(s.frame);
  double* const frame = workspace.data();
  std::ranges::copy(parameters, frame);
  if (s.stages.size() > 1) {
    const auto& slots = s.stages.front().slots;
    Workspace<128> result(slots.size());
    plan.machines.front().point(frame, result.data());
    for (std::size_t k = 0; k < slots.size(); ++k) frame[slots[k]] = result.data()[k];
  }
  const Machine& machine = plan.machines.back();
  Workers* const workers = options_.workers.get();
  if (workers == nullptr || workers->threads() < 2 || !pays(count, machine.steps())) {
    return run_rows(machine, in, frame, out, 0, count, count, stop);
  }
  // Parts of some pages, so that threads seldom write to the same one.
  const std::size_t part =
      std::max<std::size_t>(count / (8 * std::size_t{workers->threads()}) / 4096, 1) * 4096;
  workers->run((count + part - 1) / part, [&](std::size_t p) {
    run_rows(machine, in, frame, out, p * part, std::min((p + 1) * part, count), count, stop);
  });
}

Engine Program::engine() const {
  const auto& machines = point_plan().machines;
  const bool native = std::ranges::any_of(machines, [](const Machine& m) { return m.native(); });
  return native ? Engine::native : Engine::interpreter;
}

std::string Program::source(bool batch) const {
  const Stages stages = batch ? batch_stages(*tape_, options_) : point_stages(*tape_, options_);
  std::string text;
  for (const Stage& stage : stages.stages) {
    text += stage.loop ? "for each row\n" : "once\n";
    text += to_text(stage.code);
  }
  return text;
}

}  // namespace nabla
