#pragma once

// Rational functions of kernels: a part of an expression made of + * / and powers is read as
//
//   coefficient * base1^e1 * base2^e2 ...     bases: polynomials in kernels; exponents: rational
//
// Kernels are what lies below: symbols, calls, symbolic powers. Their relations are used as they
// are read: exp(2x) is the square of exp(x); sin and cos (sinh and cosh) of multiples of one angle
// are polynomials in two kernels with s^2 + c^2 = 1; log(u^3) is 3 log(u); a fractional power of a
// sum inside another sum is a kernel r with r^n = base; |u|^2 = u^2. Everything done here keeps the
// value wherever the input has one; the domain may widen and never shrinks.

#include <span>
#include <vector>

#include "lib/core/graph.hpp"
#include "lib/core/order.hpp"
#include "simplify/polynomial.hpp"
#include "simplify/range.hpp"

namespace nabla::fractions {

inline bool is_odd(const Number& n) { return n.is_integer() && !n.is_even(); }
inline bool is_exact(const Node& n) { return n.op <= Op::rational; }
bool is_angle(Fn);       // sin, cos, tan and their hyperbolic twins
bool is_hyperbolic(Fn);  // of these

struct Factor {
  Polynomial base;
  Number exponent;
};

// 0 has coefficient 0 and no factors. Bases with whole exponents are primitive with a positive
// leading coefficient; constant bases are integers above 1 with a fractional exponent.
struct Product {
  Number coefficient{1};
  std::vector<Factor> factors;
};

struct Kernel {
  enum class Kind : std::uint8_t { plain, exponential, sine, cosine, root, absolute };
  NodeId node;
  Kind kind = Kind::plain;
  bool hyperbolic = false;  // sine, cosine
  NodeId angle = {};        // argument of exponential, sine, cosine
  std::size_t partner = 0;  // of sine: its cosine, and the other way round
  Polynomial base = {};     // of root and absolute
  std::int64_t degree = 1;  // of root: kernel^degree == base
};

class Field {
 public:
  // Kernels found below the roots, in an order that depends on structure only. `keep_sines`: even
  // powers of cosines are eliminated rather than those of sines.
  // The meter counts what is done here, and outlives everything made here.
  Field(Graph& g, Facts& facts, Meter& meter, std::span<const NodeId> roots, bool keep_sines);

  Product read(NodeId root);

  Product sum(std::vector<Product> terms);
  Product times(const Product& a, const Product& b);
  Product raised(const Product& base, const Number& exponent);

  const std::vector<Kernel>& kernels() const { return kernels_; }
  bool has_angles() const { return !angles_.empty(); }
  Graph& graph() { return g_; }
  Polynomial kernel(std::size_t which, int power = 1) const {
    return Polynomial::kernel(which, power, meter_);
  }
  Range range(const Polynomial& p);
  Polynomial reduced(Polynomial p) const;

  // |base| as a kernel; base as it is where its sign is known.
  std::size_t absolute_kernel(const Polynomial& base);

  // A kernel without relations.
  std::size_t plain_kernel(NodeId node) { return add_kernel({.node = node}); }

  // c where the kernel is u^(v + c) with symbols in v.
  Number offset(std::size_t kernel) const {
    for (const SymbolicPower& p : powers_) {
      if (p.kernel == kernel) return p.least;
    }
    return Number(0);
  }

  void multiply_in(Product& p, const Polynomial& base, const Number& exponent) {
    push(p, base, exponent);
    settle(p);
  }

  NodeId write(const Polynomial& p);  // expanded

 private:
  struct Linear {
    NodeId rest;
    Number coefficient;
  };
  struct Angle {
    NodeId unit;
    Number step;  // the least common multiple of units: kernels are of step * unit
    bool hyperbolic;
    std::size_t sine, cosine;
  };
  struct Exponential {
    NodeId rest;
    Number step;
    std::size_t kernel;
  };
  struct SymbolicPower {
    NodeId base, rest;
    Number least;
    std::size_t kernel;
  };

  void collect(std::span<const NodeId> roots);
  std::optional<std::pair<NodeId, Number>> logarithm_of_power(const Node& n);
  void collect_exponentials();
  void collect_angles();
  void collect_powers();
  std::vector<Linear> linear(NodeId argument);
  std::pair<NodeId, Number> unit_of(NodeId argument);
  NodeId combine(const std::vector<Linear>& terms, const Number& scale);
  std::size_t add_kernel(Kernel kernel);
  std::size_t root_kernel(const Polynomial& base, std::int64_t degree);

  Product leaf(NodeId id);
  Product call_of(const Node& n, NodeId id);
  Product exponential_of(NodeId argument);
  Product sigmoid_of(NodeId argument);
  Product angle_of(Fn fn, NodeId argument);
  Product absolute(const Product& p);
  Product from(const Polynomial& p, const Number& exponent = Number(1));
  bool in_field(const Node& n) const;

  void push(Product& to, Polynomial base, Number exponent);
  void settle(Product& p);
  void cancel(Product& p);
  void split_pythagoras(Product& p);
  void push_number(Product& to, const Number& base, const Number& exponent);

  Graph& g_;
  Facts& facts_;
  Meter* meter_;
  ReadingOrder order_;
  bool keep_sines_;
  std::vector<NodeId> plain_, exponentials_in_, powers_in_;
  std::vector<std::pair<NodeId, Fn>> angles_in_;
  std::vector<Kernel> kernels_;
  std::vector<Angle> angles_;
  std::vector<Exponential> exponentials_;
  std::vector<SymbolicPower> powers_;
};

}  // namespace nabla::fractions
