#include "lib/calculus/pairs.hpp"

#include <algorithm>
#include <map>
#include <queue>
#include <utility>

#include "lib/calculus/rewrite.hpp"

namespace nabla::calculus {

namespace {

constexpr std::size_t longest = 32;
constexpr std::size_t most_pairs = 1'000'000;  // looked at; later sums and products are left alone

class PairSharer : public Rewrite {
 public:
  PairSharer(Graph& g, std::span<const NodeId> roots, Op op)
      : Rewrite(g, roots), op_(op), inner_(nodes_.size()), group_of_(nodes_.size(), none) {
    for (const NodeId id : nodes_) {
      if (!opens(id)) continue;
      for (const NodeId operand : {g[id].a, g[id].b}) {
        inner_[at_[operand]] = opens(operand) && once(operand);
      }
    }
    for (const NodeId id : nodes_) {
      if (opens(id) && !inner_[at_[id]]) read(id);
    }
    note_pairs();
  }

  std::vector<NodeId> run(std::span<const NodeId> roots) {
    if (!take_pairs()) return {roots.begin(), roots.end()};
    return rewrite(
        roots, [&](NodeId id) { return inner_[at_[id]]; }, [&](NodeId id) { return image_of(id); });
  }

 private:
  // A node below the roots, or a pair that was taken, counted from `first_pair`.
  using Token = std::uint32_t;
  static constexpr Token first_pair = Token{1} << 31;
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  static constexpr NodeId not_built{none};
  using Pair = std::pair<Token, Token>;

  struct Group {
    std::vector<Token> tokens;
    std::vector<NodeId> inside;  // the nodes that were read as one
    bool changed = false;
  };

  bool opens(NodeId id) const {
    const Node& n = g_[id];
    return n.op == op_ && (n.flags & depends_on_symbol) != 0 && !g_[n.a].is_number() &&
           !g_[n.b].is_number();
  }

  void read(NodeId root) {
    Group group;
    std::vector<NodeId> stack{root};
    while (!stack.empty()) {
      const NodeId id = stack.back();
      stack.pop_back();
      if (id != root && !inner_[at_[id]]) {
        group.tokens.push_back(index(id));
        continue;
      }
      group.inside.push_back(id);
      stack.push_back(g_[id].b);
      stack.push_back(g_[id].a);
    }
    std::ranges::sort(group.inside);
    const auto number = static_cast<std::uint32_t>(groups_.size());
    group_of_[at_[root]] = number;
    groups_.push_back(std::move(group));
  }

  // Pairs of what is longer than a pair, and then the pairs equal to one of these.
  void note_pairs() {
    for (std::uint32_t k = 0; k < groups_.size() && places_.size() < most_pairs; ++k) {
      const std::vector<Token>& tokens = groups_[k].tokens;
      if (tokens.size() < 3 || tokens.size() > longest) continue;
      for (std::size_t i = 0; i < tokens.size(); ++i) {
        for (std::size_t j = i + 1; j < tokens.size(); ++j) note(tokens[i], tokens[j], k);
      }
    }
    if (places_.empty()) return;
    for (std::uint32_t k = 0; k < groups_.size(); ++k) {
      const std::vector<Token>& tokens = groups_[k].tokens;
      if (tokens.size() != 2) continue;
      const auto it = places_.find(std::minmax(tokens[0], tokens[1]));
      if (it != places_.end()) it->second.push_back(k);
    }
  }

  void note(Token a, Token b, std::uint32_t group) {
    if (a == b) return;
    std::vector<std::uint32_t>& where = places_[std::minmax(a, b)];
    if (where.empty() || where.back() != group) where.push_back(group);
  }

  static bool contains(const Group& group, Token t) {
    return std::ranges::find(group.tokens, t) != group.tokens.end();
  }

  // False where no pair occurs twice.
  bool take_pairs() {
    // The most frequent first; of these the one that was stored first.
    const auto later = [](const std::pair<std::size_t, Pair>& a,
                          const std::pair<std::size_t, Pair>& b) {
      return a.first != b.first ? a.first < b.first : a.second > b.second;
    };
    std::priority_queue<std::pair<std::size_t, Pair>, std::vector<std::pair<std::size_t, Pair>>,
                        decltype(later)>
        queue(later);
    for (const auto& [pair, where] : places_) {
      if (where.size() > 1) queue.push({where.size(), pair});
    }
    StopCheck stop(g_.limits, 64);
    while (!queue.empty()) {
      stop();
      const auto [count, pair] = queue.top();
      queue.pop();
      std::vector<std::uint32_t>& where = places_[pair];
      std::erase_if(where, [&, &p = pair](std::uint32_t k) {
        return !contains(groups_[k], p.first) || !contains(groups_[k], p.second);
      });
      if (where.size() < 2) continue;
      if (where.size() < count) {
        queue.push({where.size(), pair});
        continue;
      }
      for (const Pair& more : take(pair, std::vector(where))) {
        if (places_[more].size() > 1) queue.push({places_[more].size(), more});
      }
    }
    return !pairs_.empty();
  }

  // Puts one token in place of two; the pairs that come up.
  std::vector<Pair> take(Pair pair, const std::vector<std::uint32_t>& where) {
    const Token fresh = first_pair + static_cast<Token>(pairs_.size());
    pairs_.push_back({pair, not_built});
    std::vector<Pair> more;
    for (const std::uint32_t k : where) {
      Group& group = groups_[k];
      group.changed = true;
      // At the place of the first of them.
      const auto at = std::ranges::find_if(
          group.tokens, [&](Token t) { return t == pair.first || t == pair.second; });
      const Token other = *at == pair.first ? pair.second : pair.first;
      *at = fresh;
      group.tokens.erase(std::find(at, group.tokens.end(), other));
      for (const Token t : group.tokens) {
        if (t == fresh) continue;
        note(fresh, t, k);
        more.push_back(std::minmax(fresh, t));
      }
    }
    std::ranges::sort(more);
    more.erase(std::unique(more.begin(), more.end()), more.end());
    return more;
  }

  NodeId combine(NodeId a, NodeId b) { return op_ == Op::sum ? add(g_, a, b) : multiply(g_, a, b); }

  // Operands of a pair come before it, in tokens as in nodes.
  NodeId image_of_token(Token token) {
    if (token < first_pair) return image(NodeId{token});
    std::vector<Token> stack{token};
    while (!stack.empty()) {
      auto& [pair, node] = pairs_[stack.back() - first_pair];
      const auto known = [&](Token t) {
        return t < first_pair || pairs_[t - first_pair].second != not_built;
      };
      const std::size_t before = stack.size();
      for (const Token t : {pair.first, pair.second}) {
        if (!known(t)) stack.push_back(t);
      }
      if (stack.size() > before) continue;
      const auto of = [&](Token t) {
        return t < first_pair ? image(NodeId{t}) : pairs_[t - first_pair].second;
      };
      node = combine(of(pair.first), of(pair.second));
      stack.pop_back();
    }
    return pairs_[token - first_pair].second;
  }

  NodeId image_of(NodeId id) {
    const std::uint32_t number = group_of_[at_[id]];
    if (number == none) return plain(id);
    const Group& group = groups_[number];
    if (!group.changed) {
      for (const NodeId part : group.inside) image(part) = plain(part);
      return image(id);
    }
    NodeId total = image_of_token(group.tokens.front());
    for (std::size_t i = 1; i < group.tokens.size(); ++i) {
      total = combine(total, image_of_token(group.tokens[i]));
    }
    return total;
  }

  Op op_;
  std::vector<bool> inner_;
  std::vector<std::uint32_t> group_of_;
  std::vector<Group> groups_;
  std::map<Pair, std::vector<std::uint32_t>> places_;  // the groups in which both occur
  std::vector<std::pair<Pair, NodeId>> pairs_;         // taken, and their nodes once built
};

}  // namespace

std::vector<NodeId> share_pairs(Graph& g, std::span<const NodeId> roots) {
  if (roots.empty()) return {};
  const std::vector<NodeId> sums = PairSharer(g, roots, Op::sum).run(roots);
  return PairSharer(g, sums, Op::product).run(sums);
}

}  // namespace nabla::calculus
