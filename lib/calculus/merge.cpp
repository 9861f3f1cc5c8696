#include "lib/calculus/merge.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

#include "lib/calculus/conditioning.hpp"
#include "lib/calculus/field.hpp"
#include "lib/calculus/fingerprint.hpp"
#include "lib/calculus/hazards.hpp"
#include "lib/calculus/proof.hpp"
#include "lib/core/build.hpp"
#include "lib/core/stop.hpp"

namespace nabla::calculus {

namespace {

using Position = std::uint32_t;

// c = p/q with small p and q, if there is one: the half-way point of Euclid's algorithm (Wang,
// Guy & Davenport, SIGSAM Bulletin 16, 1982).
std::optional<Number> small_fraction(std::uint64_t c) {
  constexpr std::int64_t largest = 1 << 24;
  std::int64_t r0 = static_cast<std::int64_t>(prime), r1 = static_cast<std::int64_t>(c);
  std::int64_t t0 = 0, t1 = 1;
  while (r1 > largest) {
    const std::int64_t q = r0 / r1, r2 = r0 - q * r1, t2 = t0 - q * t1;
    r0 = r1, r1 = r2;
    t0 = t1, t1 = t2;
    if (std::abs(t1) > largest) return std::nullopt;
  }
  if (t1 == 0 || r1 == 0) return std::nullopt;
  return t1 > 0 ? Number::ratio(r1, t1) : Number::ratio(-r1, -t1);
}

class Merger {
 public:
  Merger(Graph& g, std::span<const NodeId> roots, const MergeOptions& options)
      : g_(g),
        options_(options),
        nodes_(g.below(roots)),
        at_(nodes_),
        prints_(fingerprints(g, nodes_, at_)) {}

  std::vector<NodeId> run(std::span<const NodeId> roots) {
    make_classes();
    if (candidates_) {
      readings_ = readings(g_, nodes_, at_);
      hazards_.emplace(g_, nodes_, at_);
      mark_polynomials();
    }
    image_.resize(nodes_.size());
    StopCheck stop(g_.limits);
    for (Position i = 0; i < nodes_.size(); ++i) {
      stop();
      image_[i] = image_of(i);
    }
    std::vector<NodeId> result;
    for (const NodeId root : roots) result.push_back(image_[at_[root]]);
    return result;
  }

 private:
  static constexpr Position nobody = ~Position{0};
  static constexpr int members_tried = 4;

  using Key = std::array<std::uint64_t, field_points>;

  // The member of each node's class stored before it, and the first one.
  struct Classes {
    std::vector<Position> earlier, first;
  };

  // Equal up to sign: the fingerprint without its sign.
  Key exact_key(Position i) const {
    Key key = prints_[i];
    if (key[0] > prime / 2) std::ranges::transform(key, key.begin(), field_negate);
    return key;
  }
  // Proportional: the ratios between the values at different points.
  Key ratio_key(Position i) const {
    Key key{};
    for (std::size_t k = 1; k < field_points; ++k) {
      key[k] = field_multiply(prints_[i][k], inverse_[i]);
    }
    return key;
  }

  void make_classes() {
    inverse_.resize(nodes_.size());
    for (std::size_t i = 0; i < nodes_.size(); ++i) inverse_[i] = prints_[i][0];
    invert_all(inverse_);
    equal_ = linked([&](Position i) { return exact_key(i); });
    proportional_ = linked([&](Position i) { return ratio_key(i); });
  }

  Classes linked(auto key_of) {
    std::size_t size = 64;
    while (size < 2 * nodes_.size()) size *= 2;
    std::vector<Position> last(size, nobody);
    Classes c{std::vector(nodes_.size(), nobody), std::vector(nodes_.size(), nobody)};
    for (Position i = 0; i < nodes_.size(); ++i) {
      if (!is_number_valued(i)) continue;
      const Key key = key_of(i);
      std::size_t slot = scatter(key[0] ^ scatter(key[1] ^ scatter(key[2]))) & (size - 1);
      while (last[slot] != nobody && key_of(last[slot]) != key) slot = (slot + 1) & (size - 1);
      const Position before = last[slot];
      c.earlier[i] = before;
      c.first[i] = before == nobody ? i : c.first[before];
      candidates_ |= before != nobody;
      last[slot] = i;
    }
    return c;
  }

  // Conditions are left alone.
  bool is_number_valued(Position i) const {
    const Op op = g_[nodes_[i]].op;
    return op < Op::less || op == Op::select || op == Op::data_sum;
  }

  NodeId image_of(Position i) {
    const Node n = g_[nodes_[i]];
    if (n.is_leaf() || !(n.flags & depends_on_symbol)) return nodes_[i];
    if (is_number_valued(i)) {
      if (const auto merged = replacement(i, n)) return *merged;
    }
    return rebuilt(g_, nodes_[i], [&](NodeId old) { return image_[at_[old]]; });
  }

  std::optional<NodeId> replacement(Position i, const Node& n) {
    if (prints_[i] == Fingerprint{}) {
      const Readings nothing{};
      if (!options_.proved && as_accurate(readings_of(i), nothing, 1)) return Graph::zero;
      return std::nullopt;
    }
    for (const Classes* c : {&equal_, &proportional_}) {
      const Position first = c->first[i];
      if (first == i) continue;
      if (const auto merged = in_terms_of(i, n, first)) return merged;
      // Where the first member will not do, a late one may.
      int tries = members_tried;
      for (Position m = c->earlier[i]; m != first && --tries > 0; m = c->earlier[m]) {
        if (const auto merged = in_terms_of(i, n, m)) return merged;
      }
    }
    return std::nullopt;
  }

  std::optional<NodeId> in_terms_of(Position i, const Node& n, Position m) {
    if (prints_[m] == Fingerprint{} || !same_rows(n, g_[nodes_[m]])) return std::nullopt;
    if (!hazards_->covers(m, i)) return std::nullopt;
    const std::uint64_t c = field_multiply(prints_[i][0], inverse_[m]);
    NodeId factor = Graph::one;
    long double value = 1;
    if (c == prime - 1) {
      factor = Graph::minus_one;
      value = -1;
    } else if (c != 1) {
      // One multiplication as it is.
      if (n.op == Op::product && g_[n.a].is_number()) return std::nullopt;
      const auto fraction = small_fraction(c);
      const auto measured = ratio(i, m);
      if (fraction) value = fraction->to_double();
      if (fraction && measured && std::fabs(*measured - value) <= 1e-12L * std::fabs(value)) {
        factor = g_.insert(*fraction);
      } else if (measured && options_.factors == Factors::decimal) {
        factor = g_.insert(static_cast<double>(*measured));
        value = *measured;
      } else {
        return std::nullopt;
      }
    }
    if (!as_accurate(readings_of(i), readings_of(m), value)) return std::nullopt;
    if (!proved(i, m, factor)) return std::nullopt;
    return multiply(g_, factor, image_[m]);
  }

  // Multiplying out has the last word where it has one; against a merge it has none but for
  // polynomials in names.
  bool proved(Position i, Position m, NodeId factor) const {
    const Node& n = g_[factor];
    if (n.op == Op::real) return !options_.proved;
    if (!options_.proved && !(polynomial_[i] && polynomial_[m])) return true;
    const Verdict verdict = compare_exactly(g_, nodes_[i], nodes_[m], g_.exact_of(n));
    return options_.proved ? verdict == Verdict::equal : verdict != Verdict::different;
  }

  // Sums, products and whole powers of names and exact numbers, nothing else.
  void mark_polynomials() {
    polynomial_.assign(nodes_.size(), false);
    for (Position i = 0; i < nodes_.size(); ++i) {
      const Node& n = g_[nodes_[i]];
      switch (n.op) {
        case Op::symbol:
        case Op::column:
        case Op::integer:
        case Op::rational: polynomial_[i] = true; break;
        case Op::sum:
        case Op::product: polynomial_[i] = polynomial_[at_[n.a]] && polynomial_[at_[n.b]]; break;
        case Op::power: polynomial_[i] = polynomial_[at_[n.a]] && g_[n.b].op == Op::integer; break;
        default: break;
      }
    }
  }

  // Columns are what varies by row; an equal value outside the rows is no such thing.
  static bool same_rows(const Node& a, const Node& b) {
    return (b.flags & varies_by_row) == 0 || (a.flags & varies_by_row) != 0;
  }

  // i / m where it is known best; nothing unless to the last digit of a double.
  std::optional<long double> ratio(Position i, Position m) const {
    double least = 2;
    std::optional<long double> result;
    for (std::size_t k = 0; k < real_points; ++k) {
      const Reading &a = readings_of(i)[k], &b = readings_of(m)[k];
      if (!a.is_finite() || !b.is_finite() || a.value == 0 || b.value == 0) continue;
      const double doubt = a.error / static_cast<double>(std::fabs(a.value)) +
                           b.error / static_cast<double>(std::fabs(b.value));
      // Readings carry 64 bits where the machine has them.
      const double noise = doubt *
                           static_cast<double>(std::numeric_limits<long double>::epsilon()) /
                           std::numeric_limits<double>::epsilon();
      if (noise < least) {
        least = noise;
        result = a.value / b.value;
      }
    }
    return result;
  }

  const Readings& readings_of(Position i) const { return readings_[i]; }

  Graph& g_;
  MergeOptions options_;
  std::vector<NodeId> nodes_;
  Positions at_;
  std::vector<Fingerprint> prints_;
  std::vector<std::uint64_t> inverse_;
  Classes equal_, proportional_;
  std::vector<bool> polynomial_;
  bool candidates_ = false;
  std::vector<Readings> readings_;
  std::optional<Hazards> hazards_;
  std::vector<NodeId> image_;
};

}  // namespace

std::vector<NodeId> merge_equals(Graph& g, std::span<const NodeId> roots,
                                 const MergeOptions& options) {
  if (roots.empty()) return {};
  return Merger(g, roots, options).run(roots);
}

}  // namespace nabla::calculus
