#include "lib/eval/schedule.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "lib/core/large_vector.hpp"
#include "lib/eval/lifetimes.hpp"

namespace nabla {

namespace {

using Step = std::uint32_t;
constexpr std::uint32_t nothing = ~std::uint32_t{0};
constexpr std::uint32_t most_readers = 3;  // of a value, that are looked at together

class Scheduler {
 public:
  explicit Scheduler(const Code&);
  LargeVector<Step> run();

 private:
  // Steps that read nothing but columns, uniforms and constants cost nothing to make, and a
  // comparison wants to stand right before its choice: both are made when they are read. Outputs
  // are stored where they are made.
  enum class Made : std::uint8_t { in_its_place, as_output, from_leaves, before_its_reader };

  struct Node {
    // Of steps made in their place: the operands, each once, those of a comparison right before it
    // among them; and the ring of all who read the same operand, each as 4*step + which.
    std::uint32_t operand[4], next_reader[4];
    std::uint32_t last_reader;  // plus one; 0 where there is none
    std::uint32_t height, unread;
    std::uint8_t waits_for, operands;
    Made made;
    bool done;

    bool has_place() const { return made <= Made::as_output; }
  };

  template <typename Visit>
  void each_operand(Step s, Visit visit) const {
    const int operands = arity(code_.step[s]);
    if (code_.a[s] >= first_) visit(code_.a[s] - first_);
    if (operands > 1 && code_.b[s] >= first_) visit(code_.b[s] - first_);
    if (operands > 2 && code_.c[s] >= first_) visit(code_.c[s] - first_);
  }
  std::uint32_t& next_of(std::uint32_t reader) {
    return nodes_[reader / 4].next_reader[reader % 4];
  }
  // Visits the readers, first to last, until it returns false.
  template <typename Visit>
  void each_reader(Step s, Visit visit) {
    if (nodes_[s].last_reader == 0) return;
    const std::uint32_t last = nodes_[s].last_reader - 1;
    for (std::uint32_t at = next_of(last); visit(at / 4) && at != last;) at = next_of(at);
  }
  void find_conditions();
  void find_operands();
  void add_operand(Step reader, Step operand);
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
  bool has_conditions_ = false;
  Pages<Node> nodes_;
  LargeVector<Step> order_;
  std::vector<Step> path_, shorter_, woken_;
};

Scheduler::Scheduler(const Code& code) : code_(code), first_(code.first_step()) {
  nodes_.grow(code.size());
  for (const std::uint32_t v : code.outputs) {
    if (v >= first_) nodes_[v - first_].made = Made::as_output;
  }
  find_conditions();
  find_operands();
  order_.reserve(code.size());
}

void Scheduler::find_conditions() {
  std::vector<Step> conditions;
  for (Step s = 0; s < code_.size(); ++s) {
    if (row(code_.step[s]).result == Kind::condition) conditions.push_back(s);
  }
  if (conditions.empty()) return;
  has_conditions_ = true;
  std::vector<Step> readers(code_.size(), nothing);  // the step itself: more than one
  for (Step s = 0; s < code_.size(); ++s) {
    each_operand(s, [&](Step x) { readers[x] = readers[x] == nothing ? s : x; });
  }
  for (const Step s : conditions) {
    const Step reader = readers[s];
    if (reader == nothing || reader == s) continue;
    const Opcode by = code_.step[reader];
    if (row(code_.step[s]).first == Kind::number && code_.a[reader] == first_ + s &&
        (by == Opcode::select || by == Opcode::rescue)) {
      nodes_[s].made = Made::before_its_reader;
    }
  }
}

void Scheduler::find_operands() {
  for (Step s = 0; s < code_.size(); ++s) {
    Node& n = nodes_[s];
    bool leaves = true;
    each_operand(s, [&](Step x) {
      n.height = std::max(n.height, nodes_[x].height + 1);
      leaves = false;
    });
    if (leaves && n.made == Made::in_its_place) n.made = Made::from_leaves;
    if (!n.has_place()) continue;
    each_operand(s, [&](Step x) {
      if (nodes_[x].made != Made::before_its_reader) return add_operand(s, x);
      each_operand(x, [&](Step y) { add_operand(s, y); });
    });
  }
}

void Scheduler::add_operand(Step s, Step x) {
  Node& n = nodes_[s];
  for (std::uint32_t k = 0; k < n.operands; ++k) {
    if (n.operand[k] == x) return;
  }
  Node& o = nodes_[x];
  const std::uint32_t k = n.operands++;
  n.operand[k] = x;
  std::uint32_t& next = n.next_reader[k];
  next = 4 * s + k;
  if (o.last_reader != 0) std::swap(next, next_of(o.last_reader - 1));
  o.last_reader = 4 * s + k + 1;
  ++o.unread;
  n.waits_for = static_cast<std::uint8_t>(n.waits_for + o.has_place());
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
  if (has_conditions_) {
    each_operand(s, [&](Step x) {
      if (!nodes_[x].done) append(x);
    });
  }
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
        if (nodes_[x].done || !nodes_[x].has_place()) continue;
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

LargeVector<Step> Scheduler::run() {
  std::vector<Step> ends;
  ends.reserve(code_.outputs.size());
  for (const std::uint32_t v : code_.outputs) {
    if (v >= first_) ends.push_back(v - first_);
  }
  std::ranges::stable_sort(ends, {}, [&](Step s) { return nodes_[s].height; });
  for (const Step s : ends) reach(s);
  return std::move(order_);
}

// The code in another order, and how long its values live.
Code in_order(const Code& code, std::span<const Step> order, LifetimeCount& lives) {
  const std::uint32_t first = code.first_step();
  Code result;
  result.columns = code.columns;
  result.uniforms = code.uniforms;
  result.constants = code.constants;
  result.functions = code.functions;
  LargeVector<std::uint32_t> place(code.size());
  const std::size_t count = order.size();
  for (std::uint32_t i = 0; i < count; ++i) place[order[i]] = i;
  for (auto* operand : {&result.a, &result.b, &result.c}) operand->resize(count);
  result.step.resize(count);
  result.detail.resize(count);
  for (std::size_t i = count; i-- > 0;) {
    const Step s = order[i];
    const Opcode step = code.step[s];
    const int operands = arity(step);
    result.step[i] = step;
    result.detail[i] = code.detail[s];
    lives.made(i);
    const auto moved = [&](std::uint32_t v) {
      if (v < first) return v;
      const std::uint32_t at = place[v - first];
      lives.read(at);
      return first + at;
    };
    result.a[i] = moved(code.a[s]);
    if (operands > 1) result.b[i] = moved(code.b[s]);
    if (operands > 2) result.c[i] = moved(code.c[s]);
  }
  result.outputs.reserve(code.outputs.size());
  for (const std::uint32_t v : code.outputs) {
    result.outputs.push_back(v < first ? v : first + place[v - first]);
  }
  return result;
}

}  // namespace

Code schedule(Code code) {
  if (code.size() <= fewest_registers) return code;
  const Lifetimes before(code);
  if (before.most <= fewest_registers) return code;
  LifetimeCount lives(code.size());
  Code after = in_order(code, Scheduler(code).run(), lives);
  return lives.beyond < before.beyond ? std::move(after) : std::move(code);
}

}  // namespace nabla
