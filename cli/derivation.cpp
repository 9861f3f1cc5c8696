#include "cli/derivation.hpp"

#include <algorithm>
#include <cmath>

#include "cli/reply.hpp"
#include "cli/text.hpp"
#include "lib/calculus/rules.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/substitute.hpp"
#include "lib/emit/print.hpp"
#include "lib/eval/function.hpp"
#include "simplify/expand.hpp"
#include "simplify/simplify.hpp"

namespace nabla {
namespace {

// "cos(u)*u'" from cos(u), "u'/u" from 1/u.
std::string times_slope(Expr factor, const std::string& operand) {
  const std::string slope = operand + "'", text = print(factor);
  if (factor.id == Graph::one) return slope;
  if (factor.id == Graph::minus_one) return '-' + slope;
  const Op op = node(factor).op;
  if (op == Op::sum || op == Op::select) return '(' + text + ")*" + slope;
  if (text.starts_with("1/")) return slope + text.substr(1);
  if (text.starts_with("-1/")) return '-' + slope + text.substr(2);
  return text + '*' + slope;
}

// The rule of a row of the function table, over operands u and v; only what varies has a slope.
std::string rule_of(Fn fn, bool two, bool first, bool second) {
  const FunctionRow& table = row(fn);
  if (table.partials.kind == Partials::Kind::branch)
    return std::string(table.name) + ": the slope of the operand that is taken";
  Graph scratch;
  const Expr operands[] = {symbol(scratch, "u"), symbol(scratch, "v")};
  const Expr f = two ? call(fn, operands[0], operands[1]) : call(fn, operands[0]);
  if (node(f).op != Op::call) return std::string(table.name);
  std::string right;
  for (const int i : {0, 1}) {
    if (!(i == 0 ? first : second)) continue;
    const calculus::Partial p = calculus::partial(scratch, f.id, i);
    if (p.factor == Graph::zero) continue;
    if (!right.empty()) right += " + ";
    right += times_slope(scratch.expr(p.factor), print(operands[i]));
  }
  return print(f) + "' = " + (right.empty() ? "0" : right);
}

std::string number(double x, int digits) {
  std::string out;
  append_number(out, x, digits);
  return out;
}

}  // namespace

std::string rule_text(const DerivationStep& step) {
  const std::string chain = step.inner ? "chain rule: " : "";
  switch (step.rule) {
    case DerivationRule::variable: return "the variable itself: x' = 1";
    case DerivationRule::constant: return "constant: c' = 0";
    case DerivationRule::sum: return "sum rule: (u + v)' = u' + v'";
    case DerivationRule::constant_factor: return "constant factor: (c*u)' = c*u'";
    case DerivationRule::product: return "product rule: (u*v)' = u'*v + u*v'";
    case DerivationRule::power:
      return step.inner ? "power and chain rule: (u^n)' = n*u^(n - 1)*u'"
                        : "power rule: (x^n)' = n*x^(n - 1)";
    case DerivationRule::exponential: return "exponential: (a^u)' = a^u*log(a)*u'";
    case DerivationRule::general_power: return "(u^v)' = u^v*(v'*log(u) + v*u'/u)";
    case DerivationRule::choice: return "choice: each branch by itself";
    case DerivationRule::rows: return "sum over the data: row by row";
    case DerivationRule::given: return "the partial derivatives that were given";
    case DerivationRule::function: {
      const Node n = node(step.of);
      return chain + rule_of(n.fn(), operand_count(n) == 2, step.first, step.second);
    }
  }
  return {};
}

std::string write(const std::vector<DerivationStep>& steps, const std::string& variable,
                  Format format) {
  constexpr std::size_t widest = 60;
  std::vector<std::string> left;
  std::size_t width = 0;
  for (const DerivationStep& step : steps) {
    left.push_back(std::to_string(left.size() + 1) + ". d/d" + variable + ' ' +
                   (node(step.of).op == Op::sum ? '(' + write(step.of, format) + ')'
                                                : write(step.of, format)) +
                   " = " + write(step.derivative, format));
    if (left.back().size() <= widest) width = std::max(width, left.back().size());
  }
  std::string out;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    out += left[i];
    if (left[i].size() > widest) {
      out += '\n';
      out.append(width, ' ');
    } else {
      out.append(width - left[i].size(), ' ');
    }
    out += "   " + rule_text(steps[i]) + '\n';
  }
  return out;
}

Result<DifferenceQuotient> difference_quotient(Expr f, Expr x, Expr derivative,
                                               std::optional<double> at) {
  Graph& g = *f.graph;
  const std::vector<std::string> taken = g.symbols({&f.id, 1});
  DifferenceQuotient found;
  found.h = "h";
  while (std::ranges::find(taken, found.h) != taken.end()) found.h += 'h';
  const Expr h = symbol(g, found.h), zero = nabla::number(g, 0);
  const Replacement moved[] = {{x, x + h}}, to_zero[] = {{h, zero}};
  found.quotient = (substitute(f, moved) - f) / h;
  found.shortened = simplify(found.quotient);
  // Multiplied out, h cancels term by term; else over a common denominator.
  const Expr out = expand(expand(substitute(f, moved) - f) / h);
  for (const Expr form : {out, found.shortened}) {
    const Expr there = simplify(substitute(form, to_zero));
    if (simplify(there - derivative).id != Graph::zero) continue;
    found.shortened = form;
    found.limit = there;
    return found;
  }
  // Numbers instead, where there is no other name.
  if (taken.size() > 1) return found;
  found.at = at.value_or(1);
  const std::string name = g.name_of(node(x));
  const auto slope = evaluate(derivative, std::vector<Binding>{{name, found.at}});
  if (!slope) return slope.error();
  found.slope = *slope;
  for (const double step : {1.0, 0.1, 0.01, 0.001, 1e-4, 1e-5}) {
    const auto secant =
        evaluate(found.quotient, std::vector<Binding>{{name, found.at}, {found.h, step}});
    if (!secant) return secant.error();
    found.secants.emplace_back(step, *secant);
  }
  return found;
}

std::string write(const DifferenceQuotient& d, const std::string& variable, Format format) {
  const std::string left = "(f(" + variable + " + " + d.h + ") - f(" + variable + "))/" + d.h;
  std::string out = left + " = " + write(d.quotient, format) + '\n';
  if (d.shortened != d.quotient)
    out += std::string(left.size(), ' ') + " = " + write(d.shortened, format) + '\n';
  if (d.limit) {
    return out + "as " + d.h + " goes to 0: " + write(*d.limit, format) + '\n';
  }
  out += d.h + " does not cancel by algebra alone";
  if (d.secants.empty()) return out + '\n';
  out += "; slopes of secants at " + variable + " = " + number(d.at, 6) + ":\n";
  for (const auto& [step, secant] : d.secants) {
    std::string line = "  " + d.h + " = " + number(step, 6);
    line.resize(std::max<std::size_t>(line.size() + 2, 16), ' ');
    out += line + number(secant, 10) + '\n';
  }
  return out + "  derivative    " + number(d.slope, 10) + '\n';
}

}  // namespace nabla
