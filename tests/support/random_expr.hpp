#pragma once

// Random expressions over all operations and function rows, the same for the same seed on every
// machine. Each expression comes with a point at which it is defined, of moderate size and away
// from kinks, because the generator follows the value of everything it builds:
//
//   Graph g;
//   RandomExpressions random(g, {.seed = 7, .operations = 12});
//   Expr f = random.next();           // in random.variables()
//   random.point();                   // one double per variable; f and its derivatives exist there
//
// For texts and printers, where values do not matter, set `anywhere`: domains are then ignored and
// special numbers, comparisons as values and deep signs come up too.

#include <cstdint>
#include <span>
#include <vector>

#include "lib/core/expr.hpp"

namespace nabla::test {

struct RandomOptions {
  std::uint64_t seed = 1;
  int operations = 12;    // of one expression, at most; the actual number varies below it
  int variables = 3;      // named x, y, z, t, u1, u2, ...
  bool functions = true;  // rows of the function table, by themselves (new rows join in)
  bool kinks = true;      // abs, floor, min, mod, ...: the point stays away from the kinks
  bool choices = true;    // if, with comparisons and logic as conditions
  bool decimals = true;   // doubles among the numbers
  bool constants = true;  // pi, e, ...
  bool variable_exponents = true;
  bool polynomial = false;  // sums, products and small natural powers of integers only
  bool columns = false;     // columns c1, c2 among the leaves, and a data sum over the whole; what
                            // the rows hold is the caller's: values from 0.5 to 1.5 suit most
  bool anywhere = false;    // ignore values and domains
  double largest = 100;     // bound on the size of every intermediate value
};

class RandomExpressions {
 public:
  RandomExpressions(Graph&, RandomOptions);

  Expr next();

  std::span<const Expr> variables() const { return variables_; }
  std::span<const double> point() const { return point_; }  // of the last expression
  std::uint64_t bits();                                     // more randomness from the same source
  double uniform(double low, double high);
  int below(int n);  // 0 .. n-1

 private:
  struct Item {
    Expr expr;
    double value = 0;
  };
  Item leaf();
  Item number();
  Item take();
  bool acceptable(const Item&) const;
  bool combine(Item& result);
  bool call_row(Item& result);
  bool power(Item& result);
  bool choice(Item& result);
  Item condition();
  Item comparison();
  bool clear_of_kinks(std::size_t row, double u, double v) const;

  Graph& graph_;
  RandomOptions options_;
  std::uint64_t state_;
  std::vector<Expr> variables_;
  std::vector<double> point_;
  std::vector<Item> pool_;
};

}  // namespace nabla::test
