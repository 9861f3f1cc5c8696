#include "simplify/rule.hpp"

#include <algorithm>
#include <stdexcept>

#include "parser/parse.hpp"
#include "simplify/rules/functions.hpp"

namespace nabla {

namespace {

// Patterns stay small: matching them backtracks.
constexpr std::size_t most_nodes = 64;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

Diagnostic bad_rule(std::string_view line, std::string_view why) {
  return {.code = "U515",
          .message = "'" + std::string(line) + "' is no rule: " + std::string(why),
          .span = {},
          .hint = "a rule looks like 'name: sin(a)^2 + cos(a)^2 -> 1 if a > 0'"};
}

}  // namespace

std::uint64_t mentioned(const Graph& g, const Node& n) {
  if (n.op == Op::call) return std::uint64_t{1} << (n.detail % 61);
  if (n.op != Op::power) return 0;
  const Op exponent = g[n.b].op;
  return exponent == Op::rational ? std::uint64_t{1} << 61
         : exponent > Op::real    ? std::uint64_t{1} << 62
                                  : 0;
}

std::optional<Diagnostic> RuleBook::add_line(std::string_view line) {
  const std::size_t arrow = line.find("->");
  if (arrow == line.npos) return bad_rule(line, "there is no ->");
  Rule rule;
  std::string_view left = trimmed(line.substr(0, arrow));
  if (const std::size_t colon = left.find(':'); colon != left.npos) {
    rule.name = trimmed(left.substr(0, colon));
    left = trimmed(left.substr(colon + 1));
  }
  std::string_view right = line.substr(arrow + 2);
  if (const std::size_t at = right.find(" drops "); at != right.npos) {
    rule.drops = trimmed(right.substr(at + 7));
    right = right.substr(0, at);
  }
  if (const std::size_t at = right.find(" if "); at != right.npos) {
    rule.condition = trimmed(right.substr(at + 4));
    right = right.substr(0, at);
  }
  right = trimmed(right);
  if (rule.name.empty()) rule.name = "rule " + std::to_string(rules_.size() + 1);
  rule.text = std::string(left) + " -> " + std::string(right);

  const ReadOptions names{.variables = {"a", "b", "c", "d", "n", "m", "u", "v"}, .columns = {}};
  const auto l = parse(graph_, left, names), r = parse(graph_, right, names);
  if (!l) return l.error();
  if (!r) return r.error();
  if (!l->value.is_scalar() || !r->value.is_scalar()) return bad_rule(line, "it is no expression");
  rule.left = l->value.scalar().id;
  rule.right = r->value.scalar().id;
  if (graph_[rule.left].is_leaf()) return bad_rule(line, "the left side must be an operation");
  if (graph_.below(rule.left).size() > most_nodes) return bad_rule(line, "it is too long");
  const std::vector<std::string> bound = graph_.symbols(std::span(&rule.left, 1));
  for (const std::string& name : graph_.symbols(std::span(&rule.right, 1))) {
    if (std::ranges::find(bound, name) == bound.end()) {
      return bad_rule(line, name + " does not occur on the left");
    }
  }
  for (std::string_view rest = rule.condition; !rest.empty();) {
    const std::size_t comma = rest.find(',');
    const auto read = read_assumption(rest.substr(0, comma));
    if (!read) return read.error();
    if (std::ranges::find(bound, read->name) == bound.end()) {
      return bad_rule(line, read->name + " does not occur on the left");
    }
    rule.conditions.push_back(*read);
    rest = comma == rest.npos ? std::string_view() : rest.substr(comma + 1);
  }
  for (const NodeId id : graph_.below(rule.left)) rule.mentions |= mentioned(graph_, graph_[id]);
  rules_.push_back(std::move(rule));
  return std::nullopt;
}

std::optional<Diagnostic> RuleBook::add(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
    if (line.empty() || line.front() == '#') continue;
    if (auto error = add_line(line)) return error;
  }
  return std::nullopt;
}

const RuleBook& RuleBook::built_in() {
  static const RuleBook* const book = [] {
    auto* made = new RuleBook;
    if (const auto error = made->add(function_rules)) throw std::logic_error(error->message);
    return made;
  }();
  return *book;
}

}  // namespace nabla
