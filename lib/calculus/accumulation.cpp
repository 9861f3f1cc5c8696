#include "lib/calculus/accumulation.hpp"

#include <algorithm>
#include <numeric>

#include "lib/calculus/adjoint.hpp"
#include "lib/calculus/rules.hpp"
#include "lib/core/stop.hpp"

namespace nabla::calculus {

namespace {

using Position = std::uint32_t;  // of a node among the active ones
constexpr Position nowhere = ~Position{0};

// The active nodes with their edges both ways. A cone is what one variable reaches upward, or one
// output downward: the nodes a single sweep has to visit.
class Network {
 public:
  Network(const Graph& g, std::span<const NodeId> outputs, std::span<const NodeId> variables)
      : active_(active_nodes(g, g.below(outputs), variables)) {
    const auto& nodes = active_.nodes;
    const std::size_t ids = nodes.empty() ? 0 : std::size_t{index(nodes.back())} + 1;
    position_.grow(ids);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      position_[index(nodes[i])] = static_cast<Position>(i) + 1;
    }
    first_operand_.resize(nodes.size() + 1);
    first_user_.resize(nodes.size() + 1);
    StopCheck stop(g.limits);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      stop();
      const Node& n = g[nodes[i]];
      const int operands = operand_count(n);
      for (int k = 0; k < operands; ++k) {
        const Position p = position(n.operand(k));
        if (p == nowhere) continue;
        operands_.push_back(p);
        ++first_user_[p + 1];
      }
      first_operand_[i + 1] = static_cast<Position>(operands_.size());
    }
    std::partial_sum(first_user_.begin(), first_user_.end(), first_user_.begin());
    users_.resize(operands_.size());
    std::vector<Position> next(first_user_.begin(), first_user_.end() - 1);
    for (Position i = 0; i < nodes.size(); ++i) {
      stop();
      for (const Position p : operands(i)) users_[next[p]++] = i;
    }
    stamp_.resize(nodes.size());
  }

  std::size_t ids() const { return position_.size(); }
  std::size_t size() const { return active_.nodes.size(); }
  NodeId node(Position p) const { return active_.nodes[p]; }

  Position position(NodeId id) const {
    return index(id) < position_.size() ? position_[index(id)] - 1 : nowhere;
  }
  std::span<const Position> operands(Position p) const {
    return {operands_.data() + first_operand_[p], operands_.data() + first_operand_[p + 1]};
  }
  std::span<const Position> users(Position p) const {
    return {users_.data() + first_user_[p], users_.data() + first_user_[p + 1]};
  }

  // Everything reached from `start` through nodes that `wanted` admits, ascending.
  template <typename Neighbours, typename Wanted>
  const std::vector<Position>& cone(const Limits& limits, Position start, Neighbours neighbours,
                                    Wanted wanted) {
    StopCheck stop(limits);
    ++time_;
    cone_.clear();
    const auto reach = [&](Position p) {
      if (stamp_[p] == time_ || !wanted(p)) return;
      stamp_[p] = time_;
      cone_.push_back(p);
    };
    reach(start);
    for (std::size_t i = 0; i < cone_.size(); ++i) {
      stop();
      for (const Position p : neighbours(cone_[i])) reach(p);
    }
    if (cone_.size() < size() / 32) {
      std::ranges::sort(cone_);
    } else {
      cone_.clear();
      for (Position p = 0; p < size(); ++p) {
        if (stamp_[p] == time_) cone_.push_back(p);
      }
    }
    return cone_;
  }
  bool in_cone(Position p) const { return stamp_[p] == time_; }

 private:
  Active active_;
  ZeroedArray<Position> position_;  // by id, plus one
  std::vector<Position> first_operand_, operands_, first_user_, users_;
  std::vector<std::uint32_t> stamp_;
  std::uint32_t time_ = 0;
  std::vector<Position> cone_;
};

// Rows (or columns) found at each position: the same expression may be several outputs.
class Places {
 public:
  Places(const Network& network, std::span<const NodeId> ids)
      : first_(network.size(), nowhere), next_(ids.size(), nowhere) {
    for (std::size_t i = ids.size(); i-- > 0;) {
      const Position p = network.position(ids[i]);
      if (p == nowhere) continue;
      next_[i] = first_[p];
      first_[p] = static_cast<std::uint32_t>(i);
    }
  }

  void for_each(Position p, auto visit) const {
    for (std::uint32_t i = first_[p]; i != nowhere; i = next_[i]) visit(i);
  }
  bool any(Position p) const { return first_[p] != nowhere; }
  std::uint32_t first(Position p) const { return first_[p]; }

 private:
  std::vector<std::uint32_t> first_, next_;
};

// Outputs and variables that have to do with each other, by position, each once.
struct Block {
  std::vector<Position> outputs, variables;
  bool by_row = false;  // an output varies by row: only tangents mean something
};

class Accumulator {
 public:
  Accumulator(Graph& g, std::span<const NodeId> outputs, std::span<const NodeId> variables,
              Shape shape)
      : graph_(g),
        network_(g, outputs, variables),
        rows_(network_, outputs),
        columns_(network_, variables),
        members_(network_.ids()),
        triangle_(shape == Shape::lower_triangle) {
    if (triangle_) mark_triangle();
  }

  std::vector<Entry> run(Mode mode) {
    Sheet sheet(network_.ids());
    for (const Block& block : blocks()) {
      const Mode chosen = block.by_row              ? Mode::tangent
                          : mode == Mode::automatic ? cheaper(block)
                                                    : mode;
      if (chosen == Mode::tangent) {
        for (const Position x : block.variables) sweep_up(x, sheet);
      } else {
        for (const Position f : block.outputs) sweep_down(f, sheet);
      }
    }
    std::ranges::sort(entries_, {},
                      [](const Entry& e) { return std::uint64_t{e.row} << 32 | e.column; });
    return std::move(entries_);
  }

 private:
  // For a triangle: the last row a node contributes to and the first column it depends on. A
  // column's sweep needs only nodes that lead to rows at or below it, and the other way round.
  void mark_triangle() {
    last_row_.assign(network_.size(), 0);
    first_column_.assign(network_.size(), nowhere);
    for (Position p = 0; p < network_.size(); ++p) {
      columns_.for_each(p,
                        [&](std::uint32_t c) { first_column_[p] = std::min(first_column_[p], c); });
      for (const Position o : network_.operands(p)) {
        first_column_[p] = std::min(first_column_[p], first_column_[o]);
      }
    }
    for (Position p = static_cast<Position>(network_.size()); p-- > 0;) {
      rows_.for_each(p, [&](std::uint32_t r) { last_row_[p] = std::max(last_row_[p], r); });
      for (const Position o : network_.operands(p)) {
        last_row_[o] = std::max(last_row_[o], last_row_[p]);
      }
    }
  }

  const std::vector<Position>& cone_above(Position x) {
    check_stop(graph_.limits);
    const std::uint32_t column = columns_.first(x);
    return network_.cone(
        graph_.limits, x, [&](Position p) { return network_.users(p); },
        [&](Position p) { return !triangle_ || last_row_[p] >= column; });
  }
  const std::vector<Position>& cone_below(Position f) {
    check_stop(graph_.limits);
    std::uint32_t row = 0;
    rows_.for_each(f, [&](std::uint32_t r) { row = std::max(row, r); });
    return network_.cone(
        graph_.limits, f, [&](Position p) { return network_.operands(p); },
        [&](Position p) { return !triangle_ || first_column_[p] <= row; });
  }

  void enter(std::uint32_t row, std::uint32_t column, NodeId value) {
    if (value != Graph::zero && (!triangle_ || column <= row)) {
      entries_.push_back({row, column, value});
    }
  }

  void sweep_up(Position x, Sheet& sheet) {
    const auto& cone = cone_above(x);
    for (const Position p : cone) {
      const NodeId id = network_.node(p);
      sheet.set(id, p == x ? Guarded{.value = Graph::one} : tangent(graph_, id, sheet));
    }
    for (const Position p : cone) {
      const NodeId id = network_.node(p);
      if (rows_.any(p)) {
        const NodeId value = close(graph_, sheet[id]);
        rows_.for_each(p, [&](std::uint32_t row) {
          columns_.for_each(x, [&](std::uint32_t column) { enter(row, column, value); });
        });
      }
    }
    for (const Position p : cone) sheet.set(network_.node(p), {});
  }

  void sweep_down(Position f, Sheet& sheet) {
    const auto& cone = cone_below(f);
    if (cone.empty()) return;
    nodes_.clear();
    for (const Position p : cone) {
      nodes_.push_back(network_.node(p));
      members_.insert(network_.node(p));
    }
    adjoint_sweep(graph_, nodes_, members_, network_.node(f), sheet);
    for (const Position p : cone) {
      if (!columns_.any(p)) continue;
      const NodeId value = close(graph_, sheet[network_.node(p)]);
      columns_.for_each(p, [&](std::uint32_t column) {
        rows_.for_each(f, [&](std::uint32_t row) { enter(row, column, value); });
      });
    }
    for (const NodeId id : nodes_) {
      sheet.set(id, {});
      members_.erase(id);
    }
  }

  // Union-find over the edges; blocks in order of their first variable.
  std::vector<Block> blocks() {
    std::vector<Position> leader(network_.size());
    std::iota(leader.begin(), leader.end(), Position{0});
    const auto find = [&](Position p) {
      while (leader[p] != p) p = leader[p] = leader[leader[p]];
      return p;
    };
    StopCheck stop(graph_.limits);
    for (Position p = 0; p < network_.size(); ++p) {
      stop();
      for (const Position o : network_.operands(p)) {
        const Position a = find(o), b = find(p);
        leader[std::max(a, b)] = std::min(a, b);
      }
    }
    std::vector<Block> result;
    std::vector<Position> block_of(network_.size(), nowhere);
    for (Position p = 0; p < network_.size(); ++p) {
      if (!columns_.any(p) && !rows_.any(p)) continue;
      Position& at = block_of[find(p)];
      if (at == nowhere) {
        at = static_cast<Position>(result.size());
        result.emplace_back();
      }
      Block& block = result[at];
      if (columns_.any(p)) block.variables.push_back(p);
      if (rows_.any(p)) block.outputs.push_back(p);
      block.by_row |= rows_.any(p) && graph_[network_.node(p)].flags & varies_by_row;
    }
    return result;
  }

  // Multiplications and additions a sweep over the cone makes, not counting what folds away: sums
  // hand derivatives on as they are, and the derivative of a variable by itself is 1.
  std::size_t cost_above(Position x) {
    std::size_t cost = 0;
    for (const Position p : cone_above(x)) {
      std::size_t terms = 0;
      for (const Position o : network_.operands(p)) {
        if (!network_.in_cone(o)) continue;
        ++terms;
        if (o != x && multiplies(p)) ++cost;
      }
      if (terms > 1) cost += terms - 1;
    }
    return cost;
  }
  std::size_t cost_below(Position f) {
    std::size_t cost = 0;
    for (const Position p : cone_below(f)) {
      const std::size_t edges = network_.operands(p).size();
      if (multiplies(p)) cost += edges;
      std::size_t contributions = 0;
      for (const Position user : network_.users(p)) contributions += network_.in_cone(user);
      if (contributions > 1) cost += contributions - 1;
    }
    return cost;
  }
  bool multiplies(Position p) const {
    const Op op = graph_[network_.node(p)].op;
    return op == Op::product || op == Op::power || op == Op::call;
  }

  Mode cheaper(const Block& block) {
    if (block.variables.size() <= 1) return Mode::tangent;
    if (block.outputs.size() <= 1) return Mode::adjoint;
    std::size_t up = 0, down = 0, next_up = 0, next_down = 0;
    while (true) {
      if (next_up == block.variables.size() && up <= down) return Mode::tangent;
      if (next_down == block.outputs.size() && down < up) return Mode::adjoint;
      const bool advance_up =
          next_down == block.outputs.size() || (next_up < block.variables.size() && up <= down);
      if (advance_up) {
        up += 1 + cost_above(block.variables[next_up++]);
      } else {
        down += 1 + cost_below(block.outputs[next_down++]);
      }
    }
  }

  Graph& graph_;
  Network network_;
  Places rows_, columns_;
  NodeSet members_;  // of the cone at hand; empty between sweeps
  bool triangle_;
  std::vector<std::uint32_t> last_row_, first_column_;
  std::vector<NodeId> nodes_;
  std::vector<Entry> entries_;
};

}  // namespace

std::vector<Entry> accumulate(Graph& g, std::span<const NodeId> outputs,
                              std::span<const NodeId> variables, Mode mode, Shape shape) {
  return Accumulator(g, outputs, variables, shape).run(mode);
}

}  // namespace nabla::calculus
