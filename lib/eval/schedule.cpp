#include "lib/eval/schedule.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "lib/eval/lifetimes.hpp"

namespace nabla {

namespace {

using Step = std::uint32_t;
constexpr std::uint32_t nothing = ~std::uint32_t{0};
constexpr std::uint32_t most_readers = 3;  // of a value, that are looked at together

class Scheduler {
 public:
  explicit Scheduler(const Code&);
  std::vector<Step> run();

 private:
  // Steps that read nothing but columns, uniforms and constants cost nothing to make, and a
  // comparison wants to stand right before its choice: both are made when they are read.
  enum class Made : std::uint8_t { in_its_place, from_leaves, before_its_reader };

  struct Node {
    // Of steps made in their place: the operands, each once, those of a comparison right before it
    // among them; and the list of all who read the same operand, each as 4*step + which.
    std::uint32_t operand[4], next_reader[4];
    std::uint32_t first_reader = nothing;
    std::uint32_t height = 0, unread = 0;
    std::uint8_t waits_for = 0, operands = 0;
    Made made = Made::in_its_place;
    bool done = false;
  };

  template <typename Visit>
  void each_operand(Step s, Visit visit) const {
    const int operands = arity(code_.step[s]);
    if (code_.a[s] >= first_) visit(code_.a[s] - first_);
    if (operands > 1 && code_.b[s] >= first_) visit(code_.b[s] - first_);
    if (operands > 2 && code_.c[s] >= first_) visit(code_.c[s] - first_);
  }
  // Visits the readers, first to last, until it returns false.
  template <typename Visit>
  void each_reader(Step s, Visit visit) const {
    for (std::uint32_t at = nodes_[s].first_reader; at != nothing;) {
      if (!visit(at / 4)) break;
      at = nodes_[at / 4].next_reader[at % 4];
    }
  }
  void find_places();
  void find_operands();
  bool ready(const Node& n) const { return !n.done && n.waits_for == 0; }
  int growth(const Node&, Step apart_from) const;
  void reach(Step);
  void finish(Step);
  void append(Step s) {
    nodes_[s].done = true;
    order_.push_back(s);
  }
  void look_around();
  void forget(Step);

  const Code& code_;
  const std::uint32_t first_;
  std::vector<Node> nodes_;
  std::vector<Step> order_, path_, shorter_, woken_;
};

Scheduler::Scheduler(const Code& code)
    : code_(code), first_(code.first_step()), nodes_(code.size()) {
  find_places();
  find_operands();
  order_.reserve(code.size());
}

void Scheduler::find_places() {
  const auto count = static_cast<Step>(code_.size());
  // Uses and the last reader, of conditions only; nobody has looked for readers yet.
  std::vector<Step> conditions;
  const auto is_condition = [&](Step s) { return row(code_.step[s]).result == Kind::condition; };
  for (Step s = 0; s < count; ++s) {
    Node& n = nodes_[s];
    bool leaves = true;
    each_operand(s, [&](Step x) {
      Node& o = nodes_[x];
      n.height = std::max(n.height, o.height + 1);
      leaves = false;
      if (!is_condition(x)) return;
      ++o.unread;
      o.first_reader = s;
    });
    if (leaves) n.made = Made::from_leaves;
    if (is_condition(s)) conditions.push_back(s);
  }
  for (const Step s : conditions) {
    if (nodes_[s].unread != 1) continue;
    const Step reader = nodes_[s].first_reader;
    const Opcode by = code_.step[reader];
    if (row(code_.step[s]).first == Kind::number && code_.a[reader] == first_ + s &&
        (by == Opcode::select || by == Opcode::rescue)) {
      nodes_[s].made = Made::before_its_reader;
    }
  }
  for (const std::uint32_t v : code_.outputs) {  // stored where they are made
    if (v >= first_) nodes_[v - first_].made = Made::in_its_place;
  }
  for (const Step s : conditions) {
    nodes_[s].unread = 0;
    nodes_[s].first_reader = nothing;
  }
}

void Scheduler::find_operands() {
  for (auto s = static_cast<Step>(code_.size()); s-- > 0;) {
    Node& n = nodes_[s];
    if (n.made != Made::in_its_place) continue;
    const auto add = [&](Step x) {
      for (std::uint32_t k = 0; k < n.operands; ++k) {
        if (n.operand[k] == x) return;
      }
      Node& o = nodes_[x];
      const std::uint32_t k = n.operands++;
      n.operand[k] = x;
      n.next_reader[k] = o.first_reader;
      o.first_reader = 4 * s + k;
      ++o.unread;
      if (o.made == Made::in_its_place) ++n.waits_for;
    };
    each_operand(s, [&](Step x) {
      if (nodes_[x].made != Made::before_its_reader) return add(x);
      each_operand(x, add);
    });
  }
}

// How many more values are alive after a step, not counting `apart_from`.
int Scheduler::growth(const Node& n, Step apart_from) const {
  int change = n.unread > 0 ? 1 : 0;
  for (std::uint32_t k = 0; k < n.operands; ++k) {
    const Step x = n.operand[k];
    if (x == apart_from) continue;
    const Node& o = nodes_[x];
    if (!o.done) {
      change += o.unread > 1 ? 1 : 0;
    } else if (o.unread == 1) {
      --change;
    }
  }
  return change;
}

void Scheduler::finish(Step s) {
  Node& n = nodes_[s];
  for (std::uint32_t k = 0; k < n.operands; ++k) {
    if (!nodes_[n.operand[k]].done) append(n.operand[k]);
  }
  each_operand(s, [&](Step x) {
    if (!nodes_[x].done) append(x);
  });
  append(s);
  for (std::uint32_t k = 0; k < n.operands; ++k) {
    const std::uint32_t unread = --nodes_[n.operand[k]].unread;
    if (unread > 0 && unread <= most_readers) shorter_.push_back(n.operand[k]);
  }
  if (n.unread > 0 && n.unread <= most_readers) shorter_.push_back(s);
  each_reader(s, [&](Step r) {
    if (--nodes_[r].waits_for == 0) woken_.push_back(r);
    return true;
  });
}

// Does all that remains to be done with a value, if then not more values are alive than before.
void Scheduler::forget(Step x) {
  std::array<Step, most_readers> rest;
  std::size_t count = 0;
  int change = -1;
  bool all = true;
  each_reader(x, [&](Step r) {
    const Node& n = nodes_[r];
    if (n.done) return true;
    all = n.waits_for == 0;
    if (all) {
      rest[count++] = r;
      change += growth(n, x);
    }
    return all;
  });
  if (!all || change > 0) return;
  for (std::size_t k = 0; k < count; ++k) {
    if (!nodes_[rest[k]].done) finish(rest[k]);
  }
}

void Scheduler::look_around() {
  while (!woken_.empty() || !shorter_.empty()) {
    if (!woken_.empty()) {
      const Step s = woken_.back();
      woken_.pop_back();
      if (ready(nodes_[s]) && growth(nodes_[s], nothing) <= 0) finish(s);
      continue;
    }
    const Step x = shorter_.back();
    shorter_.pop_back();
    const std::uint32_t unread = nodes_[x].unread;
    if (unread == 0 || unread > most_readers) continue;
    if (unread > 1) {
      forget(x);
      continue;
    }
    each_reader(x, [&](Step r) {
      if (!ready(nodes_[r])) return true;
      if (growth(nodes_[r], nothing) <= 0) finish(r);
      return false;
    });
  }
}

void Scheduler::reach(Step target) {
  path_.assign(1, target);
  while (!path_.empty()) {
    const Step s = path_.back();
    const Node& n = nodes_[s];
    Step next = nothing;
    if (!n.done && n.waits_for > 0) {
      for (std::uint32_t k = 0; k < n.operands; ++k) {
        const Step x = n.operand[k];
        if (nodes_[x].done || nodes_[x].made != Made::in_its_place) continue;
        if (next == nothing || nodes_[x].height > nodes_[next].height) next = x;
      }
    }
    if (next != nothing) {
      path_.push_back(next);
      continue;
    }
    path_.pop_back();
    if (n.done) continue;
    finish(s);
    look_around();
  }
}

std::vector<Step> Scheduler::run() {
  std::vector<Step> ends;
  ends.reserve(code_.outputs.size());
  for (const std::uint32_t v : code_.outputs) {
    if (v >= first_) ends.push_back(v - first_);
  }
  std::ranges::stable_sort(ends, {}, [&](Step s) { return nodes_[s].height; });
  for (const Step s : ends) reach(s);
  return std::move(order_);
}

Code in_order(const Code& code, std::span<const Step> order) {
  const std::uint32_t first = code.first_step();
  Code result;
  result.columns = code.columns;
  result.uniforms = code.uniforms;
  result.constants = code.constants;
  result.functions = code.functions;
  std::vector<std::uint32_t> place(code.size());
  const auto moved = [&](std::uint32_t v) { return v < first ? v : first + place[v - first]; };
  const std::size_t count = order.size();
  for (auto* operand : {&result.a, &result.b, &result.c}) operand->resize(count);
  result.step.resize(count);
  result.detail.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Step s = order[i];
    place[s] = i;
    const Opcode step = result.step[i] = code.step[s];
    const int operands = arity(step);
    result.detail[i] = code.detail[s];
    result.a[i] = moved(code.a[s]);
    if (operands > 1) result.b[i] = moved(code.b[s]);
    if (operands > 2) result.c[i] = moved(code.c[s]);
  }
  result.outputs.reserve(code.outputs.size());
  for (const std::uint32_t v : code.outputs) result.outputs.push_back(moved(v));
  return result;
}

}  // namespace

Code schedule(Code code) {
  const Lifetimes before(code);
  if (before.most <= fewest_registers) return code;
  Code after = in_order(code, Scheduler(code).run());
  return Lifetimes(after).beyond < before.beyond ? std::move(after) : std::move(code);
}

}  // namespace nabla
