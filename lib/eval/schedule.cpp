#include "lib/eval/schedule.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <vector>

#include "lib/eval/lifetimes.hpp"

namespace nabla {

namespace {

using Step = std::uint32_t;
constexpr Step no_step = ~Step{0};
constexpr std::uint32_t most_readers = 3;  // of a value, that are looked at together

class Scheduler {
 public:
  explicit Scheduler(const Code&);
  std::vector<Step> run();

 private:
  // Steps that read nothing but columns, uniforms and constants cost nothing to make, and a
  // comparison wants to stand right before its choice: both are made when they are read.
  enum class Made : std::uint8_t { in_its_place, from_leaves, before_its_reader };

  template <typename Visit>
  void each_operand(Step s, Visit visit) const {
    for (int k = 0; k < arity(code_.step[s]); ++k) {
      const std::uint32_t v = code_.operand(s, k);
      if (v >= first_) visit(v - first_);
    }
  }
  void find_places();
  void find_operands();
  std::span<const Step> operands(Step s) const {
    return {operands_.data() + operands_at_[s], operands_at_[s + 1] - operands_at_[s]};
  }
  std::span<const Step> readers(Step s) const {
    return {readers_.data() + readers_at_[s], readers_at_[s + 1] - readers_at_[s]};
  }
  bool ready(Step s) const { return !done_[s] && waits_for_[s] == 0; }
  int growth(Step s, Step apart_from) const;
  void reach(Step);
  void finish(Step);
  void append(Step s) {
    done_[s] = 1;
    order_.push_back(s);
  }
  void look_around();
  void forget(Step);

  const Code& code_;
  const std::uint32_t first_;
  std::vector<Made> made_;
  std::vector<std::uint8_t> done_;
  // Of steps made in their place: the operands, each once, those of a comparison right before it
  // among them; and the other way round.
  std::vector<std::uint32_t> operands_at_, readers_at_;
  std::vector<Step> operands_, readers_;
  std::vector<std::uint32_t> height_, unread_, waits_for_;
  std::vector<Step> order_, path_, shorter_, woken_;
};

Scheduler::Scheduler(const Code& code)
    : code_(code),
      first_(code.first_step()),
      made_(code.size(), Made::in_its_place),
      done_(code.size()),
      height_(code.size()),
      unread_(code.size()),
      waits_for_(code.size()) {
  find_places();
  find_operands();
  order_.reserve(code.size());
}

void Scheduler::find_places() {
  const auto count = static_cast<Step>(code_.size());
  std::vector<Step> uses(count), reader(count, no_step);
  for (Step s = 0; s < count; ++s) {
    bool leaves = true;
    each_operand(s, [&](Step x) {
      height_[s] = std::max(height_[s], height_[x] + 1);
      leaves = false;
      ++uses[x];
      reader[x] = s;
    });
    if (leaves) made_[s] = Made::from_leaves;
  }
  for (Step s = 0; s < count; ++s) {
    if (row(code_.step[s]).result != Kind::condition || uses[s] != 1) continue;
    const Opcode by = code_.step[reader[s]];
    const bool first = code_.a[reader[s]] == first_ + s;
    if (row(code_.step[s]).first == Kind::number && first &&
        (by == Opcode::select || by == Opcode::rescue)) {
      made_[s] = Made::before_its_reader;
    }
  }
  for (const std::uint32_t v : code_.outputs) {  // stored where they are made
    if (v >= first_) made_[v - first_] = Made::in_its_place;
  }
}

void Scheduler::find_operands() {
  const auto count = static_cast<Step>(code_.size());
  operands_at_.reserve(count + 1);
  operands_at_.push_back(0);
  readers_at_.assign(count + 1, 0);
  for (Step s = 0; s < count; ++s) {
    const auto begin = static_cast<std::ptrdiff_t>(operands_.size());
    const auto add = [&](Step x) {
      if (std::find(operands_.begin() + begin, operands_.end(), x) != operands_.end()) return;
      operands_.push_back(x);
      ++readers_at_[x + 1];
      ++unread_[x];
      if (made_[x] == Made::in_its_place) ++waits_for_[s];
    };
    if (made_[s] == Made::in_its_place) {
      each_operand(s, [&](Step x) {
        if (made_[x] != Made::before_its_reader) return add(x);
        each_operand(x, add);
      });
    }
    operands_at_.push_back(static_cast<std::uint32_t>(operands_.size()));
  }
  std::partial_sum(readers_at_.begin(), readers_at_.end(), readers_at_.begin());
  readers_.resize(operands_.size());
  std::vector<std::uint32_t> at(readers_at_.begin(), readers_at_.end() - 1);
  for (Step s = 0; s < count; ++s) {
    for (const Step x : operands(s)) readers_[at[x]++] = s;
  }
}

// How many more values are alive after a step, not counting `apart_from`.
int Scheduler::growth(Step s, Step apart_from) const {
  int change = unread_[s] > 0 ? 1 : 0;
  for (const Step x : operands(s)) {
    if (x == apart_from) continue;
    if (!done_[x]) {
      change += unread_[x] > 1 ? 1 : 0;
    } else if (unread_[x] == 1) {
      --change;
    }
  }
  return change;
}

void Scheduler::finish(Step s) {
  for (const Step x : operands(s)) {
    if (!done_[x]) append(x);
  }
  each_operand(s, [&](Step x) {
    if (!done_[x]) append(x);
  });
  append(s);
  for (const Step x : operands(s)) {
    if (--unread_[x] > 0 && unread_[x] <= most_readers) shorter_.push_back(x);
  }
  if (unread_[s] > 0 && unread_[s] <= most_readers) shorter_.push_back(s);
  for (const Step r : readers(s)) {
    if (--waits_for_[r] == 0) woken_.push_back(r);
  }
}

// Does all that remains to be done with a value, if then not more values are alive than before.
void Scheduler::forget(Step x) {
  std::array<Step, most_readers> rest;
  std::size_t count = 0;
  int change = -1;
  bool all = true;
  for (const Step r : readers(x)) {
    if (done_[r]) continue;
    if (!ready(r)) {
      all = false;
    } else {
      rest[count++] = r;
      change += growth(r, x);
    }
  }
  if (!all || change > 0) return;
  for (std::size_t k = 0; k < count; ++k) {
    if (!done_[rest[k]]) finish(rest[k]);
  }
}

void Scheduler::look_around() {
  while (!woken_.empty() || !shorter_.empty()) {
    if (!woken_.empty()) {
      const Step s = woken_.back();
      woken_.pop_back();
      if (ready(s) && growth(s, no_step) <= 0) finish(s);
      continue;
    }
    const Step x = shorter_.back();
    shorter_.pop_back();
    if (unread_[x] == 0 || unread_[x] > most_readers) continue;
    if (unread_[x] > 1) {
      forget(x);
      continue;
    }
    for (const Step r : readers(x)) {
      if (!ready(r)) continue;
      if (growth(r, no_step) <= 0) finish(r);
      break;
    }
  }
}

void Scheduler::reach(Step target) {
  path_.assign(1, target);
  while (!path_.empty()) {
    const Step s = path_.back();
    Step next = no_step;
    if (!done_[s]) {
      for (const Step x : operands(s)) {
        if (done_[x] || made_[x] != Made::in_its_place) continue;
        if (next == no_step || height_[x] > height_[next]) next = x;
      }
    }
    if (next != no_step) {
      path_.push_back(next);
      continue;
    }
    path_.pop_back();
    if (done_[s]) continue;
    finish(s);
    look_around();
  }
}

std::vector<Step> Scheduler::run() {
  std::vector<Step> ends;
  for (const std::uint32_t v : code_.outputs) {
    if (v >= first_) ends.push_back(v - first_);
  }
  std::ranges::stable_sort(ends, {}, [&](Step s) { return height_[s]; });
  for (const Step s : ends) reach(s);
  return std::move(order_);
}

Code in_order(const Code& code, std::span<const Step> order) {
  const std::uint32_t first = code.first_step();
  Code result{.columns = code.columns,
              .uniforms = code.uniforms,
              .constants = code.constants,
              .functions = code.functions,
              .step = {},
              .detail = {},
              .a = {},
              .b = {},
              .c = {},
              .outputs = {}};
  std::vector<std::uint32_t> place(code.size());
  const auto moved = [&](std::uint32_t v) { return v < first ? v : first + place[v - first]; };
  for (auto* operand : {&result.a, &result.b, &result.c}) operand->reserve(order.size());
  result.step.reserve(order.size());
  result.detail.reserve(order.size());
  for (const Step s : order) {
    place[s] = static_cast<std::uint32_t>(result.step.size());
    const int operands = arity(code.step[s]);
    result.step.push_back(code.step[s]);
    result.detail.push_back(code.detail[s]);
    result.a.push_back(moved(code.a[s]));
    result.b.push_back(operands > 1 ? moved(code.b[s]) : 0);
    result.c.push_back(operands > 2 ? moved(code.c[s]) : 0);
  }
  for (const std::uint32_t v : code.outputs) result.outputs.push_back(moved(v));
  return result;
}

}  // namespace

Code schedule(Code code) {
  const Lifetimes before(code);
  if (before.most <= fewest_registers) return code;
  const Code after = in_order(code, Scheduler(code).run());
  return Lifetimes(after).beyond < before.beyond ? after : code;
}

}  // namespace nabla
