#include "lib/core/user_functions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lib/core/build.hpp"
#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"

namespace nabla {

namespace {

constexpr std::size_t most_functions = 256;

// Words that text and printers use for something else.
constexpr std::array words_of_the_language{
    "and",        "or",        "not",         "if",       "else",       "lambda",  "def",
    "return",     "sum",       "prod",        "product",  "mean",       "average", "diff",
    "derivative", "D",         "grad",        "gradient", "hessian",    "hess",    "jacobian",
    "jac",        "direction", "directional", "subs",     "substitute", "where",   "ifelse",
    "piecewise",  "lim",       "limit",       "norm",     "dot"};

void check(const Graph& g, const UserFunction& f) {
  const auto refuse = [](std::string message) { throw NameError(message); };
  if (!is_identifier(f.name, g.limits.name_bytes)) {
    refuse(fmt::format("'{}' is no name of a function", f.name.substr(0, 80)));
  }
  if (find_function(f.name)) refuse(fmt::format("there is a function '{}' already", f.name));
  if (find_constant(f.name) ||
      std::ranges::find(words_of_the_language, f.name) != words_of_the_language.end()) {
    refuse(fmt::format("'{}' means something else in formulas", f.name));
  }
  for (std::size_t i = 0; i < g.functions().size(); ++i) {
    if (g.functions()[i].name == f.name) {
      refuse(fmt::format("the graph has a function '{}' already", f.name));
    }
  }
  if (f.parameters.empty() || f.parameters.size() > 3) {
    refuse(fmt::format("'{}' takes one to three parameters, not {}", f.name, f.parameters.size()));
  }
  for (auto it = f.parameters.begin(); it != f.parameters.end(); ++it) {
    if (!is_identifier(*it, g.limits.name_bytes) ||
        std::find(f.parameters.begin(), it, *it) != it) {
      refuse(fmt::format("'{}' needs parameters with different names", f.name));
    }
  }
  if (f.partials.size() > f.parameters.size()) {
    refuse(fmt::format("'{}' has more partial derivatives than parameters", f.name));
  }
  if (!f.value) refuse(fmt::format("'{}' has no value", f.name));
}

void check_partial(const Graph& g, const UserFunction& f, std::size_t parameter, Expr expression) {
  if (expression.graph != &g || parameter >= f.parameters.size()) {
    throw NameError(fmt::format("'{}' has no such partial derivative", f.name));
  }
  if ((node(expression).flags & (varies_by_row | has_data_sum)) != 0) {
    throw NameError(fmt::format("a partial derivative of '{}' uses data", f.name));
  }
  for (const std::string& name : g.symbols({&expression.id, 1})) {
    if (std::ranges::find(f.parameters, name) == f.parameters.end()) {
      throw NameError(fmt::format("a partial derivative of '{}' uses '{}', which is no parameter",
                                  f.name, name));
    }
  }
}

// A function whose values are a partial derivative.
UserFunction slope_of(const UserFunction& f, std::size_t parameter, const PointFunction& value) {
  return {
      .name = f.name + "_d" + f.parameters[parameter], .parameters = f.parameters, .value = value};
}

}  // namespace

UserFunctions UserFunctions::without_partials() const {
  UserFunctions copy;
  for (const Row& r : rows_) copy.rows_.push_back({r.function, {}});
  return copy;
}

std::uint8_t UserFunctions::add(UserFunction f) {
  rows_.push_back({std::make_shared<const UserFunction>(std::move(f)), {}});
  return static_cast<std::uint8_t>(rows_.size() - 1);
}

UserFn add_function(Graph& g, UserFunction f) {
  // Everything is looked at before anything is added.
  check(g, f);
  std::size_t more = 1;
  for (std::size_t i = 0; i < f.partials.size(); ++i) {
    if (const Expr* expression = std::get_if<Expr>(&f.partials[i])) {
      check_partial(g, f, i, *expression);
    } else if (const auto* callable = std::get_if<PointFunction>(&f.partials[i])) {
      check(g, slope_of(f, i, *callable));
      ++more;
    }
  }
  if (g.functions().size() + more > most_functions) {
    throw NameError(fmt::format("a graph has at most {} functions", most_functions));
  }

  const std::vector<UserFunction::Partial> partials = std::move(f.partials);
  f.partials.clear();
  std::vector<Expr> parameters;
  for (const std::string& p : f.parameters) parameters.push_back(symbol(g, p));
  const UserFn added(g, g.functions().add(std::move(f)));
  for (std::size_t i = 0; i < partials.size(); ++i) {
    if (const Expr* expression = std::get_if<Expr>(&partials[i])) {
      added.set_partial(i, *expression);
    } else if (const auto* callable = std::get_if<PointFunction>(&partials[i])) {
      const UserFunction& row = g.functions()[added.row()];
      const UserFn slope(g, g.functions().add(slope_of(row, i, *callable)));
      added.set_partial(i, slope(parameters));
    }
  }
  return added;
}

Expr UserFn::operator()(std::initializer_list<Expr> operands) const {
  return (*this)(std::span(operands.begin(), operands.size()));
}

Expr UserFn::operator()(std::span<const Expr> operands) const {
  const UserFunction& f = graph_->functions()[row_];
  if (operands.size() != f.parameters.size()) {
    throw NameError(fmt::format("'{}' takes {} operands, not {}", f.name, f.parameters.size(),
                                operands.size()));
  }
  std::vector<NodeId> ids;
  for (const Expr& e : operands) {
    if (e.graph != graph_) throw NameError(fmt::format("'{}' belongs to another graph", f.name));
    ids.push_back(e.id);
  }
  return graph_->expr(apply(*graph_, row_, ids));
}

void UserFn::set_partial(std::size_t parameter, Expr expression) const {
  check_partial(*graph_, graph_->functions()[row_], parameter, expression);
  graph_->functions().set_partial(row_, parameter, expression.id);
}

}  // namespace nabla
