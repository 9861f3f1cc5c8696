#include <algorithm>

#include "lib/calculus/derivative.hpp"
#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"
#include "lib/emit/print.hpp"
#include "lib/emit/tree.hpp"
#include "parser/parse.hpp"
#include "parser/verbs.hpp"
#include "simplify/normal_form.hpp"
#include "simplify/simplify.hpp"
#include "tests/fuzz/targets.hpp"

namespace nabla::test {
namespace {

// Printed names are declared, since they may shadow constants and functions. One name for two
// things (a symbol and a column, a constant and a column, a symbol and a call) cannot be told apart
// in print.
std::string fault_of(Expr e, const PrintOptions& options = {}) {
  Graph& g = *e.graph;
  ReadOptions names;
  names.variables = g.symbols({&e.id, 1}, Op::symbol);
  names.columns = g.symbols({&e.id, 1}, Op::column);
  const std::string text = print(e, options);
  for (const std::string& name : names.columns) {
    if (find_constant(name)) return {};
    for (const std::string& other : names.variables) {
      if (other == name || other.starts_with(name + "_")) return {};
    }
  }
  auto all = names.variables;
  all.insert(all.end(), names.columns.begin(), names.columns.end());
  for (const std::string& name : all) {
    const bool is_call = find_verb(name) != nullptr || find_function(name).has_value();
    if (is_call && text.find(name + "(") != text.npos) return {};
  }
  const auto read = parse(g, text, names);
  if (!read) {
    if (read.error().code.starts_with('L')) return {};
    return "printed as " + text + ", which is refused: " + read.error().message;
  }
  if (read->value.entries.front() == e) return {};
  return sexpr(e) + " is printed as " + text + ", which reads as " +
         sexpr(read->value.entries.front());
}

// The shortest form found reads back, too, and there is nothing left to do to it.
std::string fault_of_simplified(Expr e) {
  const Expr simple = simplify(e);
  if (std::string fault = fault_of(simple); !fault.empty()) return fault;
  const Expr again = simplify(simple);
  if (again == simple) return {};
  return print(e) + " is simplified to " + print(simple) + ", and that to " + print(again);
}

std::string fault_of_results(Graph& g, std::string_view text) {
  const auto reading = parse(g, text);
  if (!reading) return {};
  const Expr f = reading->value.entries.front();
  if (std::string fault = fault_of(f, {.as_written = true}); !fault.empty()) return fault;
  const Expr tidy = canonical(f);
  if (std::string fault = fault_of(tidy); !fault.empty()) return fault;
  if (canonical(tidy) != tidy)
    return print(tidy) + " is not canonical, but " + print(canonical(tidy));
  auto names = g.symbols({&f.id, 1});
  names.resize(std::min<std::size_t>(names.size(), 2));
  for (const std::string& name : names) {
    const auto slope = derivative(f, symbol(g, name));
    if (!slope) continue;
    for (const auto check :
         {+[](Expr e) { return fault_of(canonical(e)); }, &fault_of_simplified}) {
      if (std::string fault = check(*slope); !fault.empty()) return "d/d" + name + ": " + fault;
    }
  }
  return {};
}

}  // namespace

std::string try_pipeline(std::string_view text) {
  Graph g(small_limits());
  try {
    return fault_of_results(g, text);
  } catch (const LimitError&) {
    return {};
  }
}

}  // namespace nabla::test
