#pragma once

// Random rewritings of an expression into an equal one, longer as a rule: what people and other
// programs might have written instead. Each keeps the value and the domain. The same in every run.

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "lib/core/build.hpp"
#include "lib/emit/print.hpp"
#include "parser/parse.hpp"
#include "simplify/pattern.hpp"

namespace nabla::test {

// Equal on both sides wherever one side has a value; used in both directions.
inline constexpr std::string_view identities[] = {
    "sin(a)^2 = 1 - cos(a)^2",
    "sin(2*a) = 2*sin(a)*cos(a)",
    "cos(2*a) = cos(a)^2 - sin(a)^2",
    "cos(2*a) = 2*cos(a)^2 - 1",
    "cos(2*a) = 1 - 2*sin(a)^2",
    "tan(a) = sin(a)/cos(a)",
    "1/cos(a)^2 = 1 + tan(a)^2",
    "sin(a + b) = sin(a)*cos(b) + cos(a)*sin(b)",
    "cos(a - b) = cos(a)*cos(b) + sin(a)*sin(b)",
    "sin(a)/(1 + cos(a)) = tan(a/2)",
    "cosh(a)^2 = 1 + sinh(a)^2",
    "tanh(a) = sinh(a)/cosh(a)",
    "1/cosh(a)^2 = 1 - tanh(a)^2",
    "sinh(2*a) = 2*sinh(a)*cosh(a)",
    "cosh(2*a) = 1 + 2*sinh(a)^2",
    "cosh(a) = (exp(a) + exp(-a))/2",
    "sinh(a) = (exp(a) - exp(-a))/2",
    "tanh(a) = (exp(2*a) - 1)/(exp(2*a) + 1)",
    "exp(a) = cosh(a) + sinh(a)",
    "exp(a + b) = exp(a)*exp(b)",
    "exp(a - b) = exp(a)/exp(b)",
    "exp(2*a) = exp(a)^2",
    "exp(-a) = 1/exp(a)",
    "exp(a)/(1 + exp(a)) = 1/(1 + exp(-a))",
    "1 - 1/(1 + exp(-a)) = 1/(1 + exp(a))",
    "exp(a)/(1 + exp(a))^2 = 1/(2 + 2*cosh(a))",
    "log(1/a) = -log(a)",
    "log(a^3) = 3*log(a)",
    "log(a^2) = 2*log(abs(a))",
    "log(sqrt(a)) = log(a)/2",
    "a^(3/2) = a*sqrt(a)",
    "1/sqrt(a) = sqrt(a)/a",
    "sqrt(a^2) = abs(a)",
    "abs(a)^2 = a^2",
    "a^2 - b^2 = (a - b)*(a + b)",
    "a^3 - b^3 = (a - b)*(a^2 + a*b + b^2)",
    "(a + b)^2 = a^2 + 2*a*b + b^2",
    "(a + b)^3 = a^3 + 3*a^2*b + 3*a*b^2 + b^3",
    "a*(b + c) = a*b + a*c",
    "(a + b)/c = a/c + b/c",
    "(a/b)^2 = a^2/b^2",
};

class Rewritings {
 public:
  Rewritings(Graph& g, std::uint64_t seed) : g_(g), facts_(g), state_(seed) {
    for (const std::string_view line : identities) {
      const std::size_t middle = line.find(" = ");
      const std::string left(line.substr(0, middle)), right(line.substr(middle + 3));
      // What would bind nothing cannot be a left side.
      if (auto error = book_.add(left + " -> " + right)) throw std::logic_error(error->message);
      if (auto error = book_.add(right + " -> " + left)) throw std::logic_error(error->message);
    }
    const ReadOptions names{.variables = {"x"}, .columns = {}};
    for (const char* text : {"x", "sin(x)", "exp(x)", "x^2", "exp(-2*x)", "2*x + 1"}) {
      anywhere_.push_back(parse(g, text, names)->value.scalar().id);
    }
    for (const char* text : {"exp(x)", "x^2 + 1", "cosh(x)", "sin(x) + 2", "exp(-x) + 3"}) {
      never_zero_.push_back(parse(g, text, names)->value.scalar().id);
    }
  }

  // One rewriting somewhere in the expression.
  NodeId next(NodeId root) {
    // The kind comes first: what applies everywhere must not crowd out the identities.
    for (int kinds = 0; kinds < 20; ++kinds) {
      const std::uint64_t kind = below(8);
      for (int tries = 0; tries < 200; ++tries) {
        const std::vector<NodeId> path = random_path(root);
        const NodeId at = path.back(), by = rewritten(at, kind);
        if (by == at) continue;
        const NodeId result = replaced(path, by);
        if (result != root) return result;
      }
    }
    return root;
  }

 private:
  std::uint64_t below(std::size_t n) {
    state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (z ^ (z >> 31)) % n;
  }

  // From the root to a node, operand by operand: one occurrence of what may occur often.
  std::vector<NodeId> random_path(NodeId root) {
    std::vector<NodeId> path{root};
    for (;;) {
      const Node& n = g_[path.back()];
      // Constant exponents stay: 2/3 is no place for identities.
      const int operands = n.op == Op::power && g_[n.b].is_number() ? 1 : operand_count(n);
      if (operands == 0 || below(3) == 0) return path;
      path.push_back(n.operand(static_cast<int>(below(static_cast<std::size_t>(operands)))));
    }
  }

  NodeId replaced(const std::vector<NodeId>& path, NodeId by) {
    for (std::size_t i = path.size() - 1; i-- > 0;) {
      const Node n = g_[path[i]];
      std::array<NodeId, 3> operands{};
      const int count = operand_count(n);
      bool once = false;
      for (int k = 0; k < count; ++k) {
        const bool here = !once && n.operand(k) == path[i + 1];
        once = once || here;
        operands[static_cast<std::size_t>(k)] = here ? by : n.operand(k);
      }
      by = rebuild(g_, n, std::span(operands).first(static_cast<std::size_t>(count)));
    }
    return by;
  }

  NodeId rewritten(NodeId at, std::uint64_t kind) {
    const Node n = g_[at];
    const NodeId some = anywhere_[below(anywhere_.size())];
    const NodeId factor = never_zero_[below(never_zero_.size())];
    switch (kind) {
      case 0: return subtract(g_, add(g_, some, at), some);
      case 1:  // over a common denominator
        if (n.op == Op::sum) {
          const NodeId up = add(g_, multiply(g_, n.a, factor), multiply(g_, n.b, factor));
          return divide(g_, up, factor);
        }
        return divide(g_, multiply(g_, factor, at), factor);
      case 2:  // another nesting
        if ((n.op == Op::sum || n.op == Op::product) && g_[n.a].op == n.op) {
          const Node inner = g_[n.a];
          const auto join = n.op == Op::sum ? add : multiply;
          return join(g_, inner.a, join(g_, inner.b, n.b));
        }
        return at;
      case 3: {  // powers in two parts
        if (n.op != Op::power || g_[n.b].op > Op::rational) return at;
        const NodeId part = power(g_, n.a, subtract(g_, n.b, Graph::one));
        if (n.b == Graph::minus_one || !g_.exact_of(g_[n.b]).is_integer()) return at;
        return g_.exact_of(g_[n.b]).sign() > 0 ? multiply(g_, part, n.a) : at;
      }
      default: {
        const Rule& rule = book_.rules()[below(book_.rules().size())];
        Matcher matcher(g_, facts_);
        const std::vector<NodeId> found = matcher.rewrite(book_, rule, at);
        return found.empty() ? at : found[below(found.size())];
      }
    }
  }

  Graph& g_;
  Facts facts_;
  RuleBook book_;
  std::uint64_t state_;
  std::vector<NodeId> anywhere_, never_zero_;
};

}  // namespace nabla::test
