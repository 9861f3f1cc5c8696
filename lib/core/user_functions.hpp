#pragma once

// Functions of the program that embeds nabla: rows of a function table made at run time. They
// belong to one graph; nothing is global.
//
//   const UserFn f = add_function(graph, {.name = "friction",
//                                         .parameters = {"v"},
//                                         .value = [](std::span<const double> x) { ... },
//                                         .partials = {2 * symbol(graph, "v")}});
//   const Expr drag = f({x}) * x;

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/core/expr.hpp"

namespace nabla {

// Value at one point, an entry per parameter. Called from every thread that evaluates, possibly at
// once, so it must be reentrant and should depend on nothing but its arguments. What it throws
// reaches the caller of the evaluation.
using PointFunction = std::function<double(std::span<const double>)>;
// The same at many points: a column per parameter, one result per row. Should give the bits of
// PointFunction; evaluation does not compare them.
using BlockFunction = std::function<void(std::span<const double* const>, std::span<double>)>;

struct UserFunction {
  // A partial derivative: unknown, an expression in the parameters (which may use this function,
  // see UserFn::set_partial), or another function of the same parameters.
  using Partial = std::variant<std::monostate, Expr, PointFunction>;
  struct Spelling {
    std::string_view language;  // a row of dialects.hpp, by its name
    std::string code;           // name to call, or a pattern with '#' for the arguments
    std::string declaration{};  // lines the generated file needs, such as an include; may be empty
  };

  std::string name;
  std::vector<std::string> parameters;  // one to three
  PointFunction value;
  BlockFunction batch = {};
  std::vector<Partial> partials = {};  // by parameter; those left out are unknown
  std::vector<Spelling> spellings = {};

  const Spelling* spelling(std::string_view language) const {
    for (const Spelling& s : spellings) {
      if (s.language == language) return &s;
    }
    return nullptr;
  }
};

// The functions of one graph. Callables are shared with what was compiled from it, so a Function
// may outlive the graph.
class UserFunctions {
 public:
  std::size_t size() const { return rows_.size(); }
  const UserFunction& operator[](std::size_t i) const { return *rows_[i].function; }
  const std::shared_ptr<const UserFunction>& shared(std::size_t i) const {
    return rows_[i].function;
  }
  std::optional<NodeId> partial(std::size_t i, std::size_t parameter) const {
    return rows_[i].partials[parameter];
  }

  // The same rows for another graph, where their partial derivatives would be other nodes.
  UserFunctions without_partials() const;

  std::uint8_t add(UserFunction);
  void set_partial(std::size_t i, std::size_t parameter, NodeId expression) {
    rows_[i].partials[parameter] = expression;
  }

 private:
  struct Row {
    std::shared_ptr<const UserFunction> function;
    std::array<std::optional<NodeId>, 3> partials{};
  };
  std::vector<Row> rows_;
};

// A function that was added to a graph; as valid as the graph.
class UserFn {
 public:
  UserFn(Graph& graph, std::uint8_t row) : graph_(&graph), row_(row) {}

  // Throws NameError when the number of operands is another one.
  Expr operator()(std::initializer_list<Expr> operands) const;
  Expr operator()(std::span<const Expr> operands) const;

  // Gives the derivative by a parameter (counted from 0) afterwards, when it uses the function
  // itself: f.set_partial(0, f({x})). To be done before anything is differentiated.
  void set_partial(std::size_t parameter, Expr expression) const;

  std::uint8_t row() const { return row_; }

 private:
  Graph* graph_;
  std::uint8_t row_;
};

// Adds a function to the graph; from then on text read into the graph may call it by its name,
// which definitions may hide. A partial derivative given as a callable becomes a function of its
// own, called name_dPARAMETER. Differentiation by a parameter whose partial is unknown gives D201,
// and only that. Throws NameError, and adds nothing, when a name is no identifier or taken by a
// function, a constant, a word of the language or another function of the graph, when there are not
// one to three distinct parameters, more partials than parameters or more than 256 functions, when
// a partial uses data or anything but the parameters, and when there is no value.
UserFn add_function(Graph&, UserFunction);

}  // namespace nabla
