#pragma once

// The shapes one rational function of kernels can be written in: expanded, factored, nested,
// completed squares, split fractions; double angles, tangents, cosh for sums of exponentials; roots
// apart or joined. All are equal wherever the product has a value, so the caller picks by cost.

#include <vector>

#include "simplify/field.hpp"
#include "simplify/price.hpp"

namespace nabla::fractions {

class Portfolio {
 public:
  // `thorough`: squares are completed with fractions too.
  Portfolio(Field& field, Price& price, bool thorough)
      : field_(field), g_(field.graph()), price_(price), thorough_(thorough) {}

  // At most `most_forms`, cheapest first, without duplicates.
  std::vector<NodeId> forms(const Product& p);

  static constexpr std::size_t most_forms = 8;

 private:
  struct Writing {
    bool exponentials_below = false;     // 1/exp(u) rather than exp(-u)
    bool join_roots = false;             // sqrt(a b) rather than sqrt(a) sqrt(b)
    bool exponentials_in_roots = false;  // sqrt(a exp(2 u)) rather than sqrt(a) exp(u)
    enum class Sign : std::uint8_t { front, numerator, all, denominator } sign = Sign::front;
  };

  std::vector<Product> variants(const Product& p);
  bool is_exponential(const Polynomial& p) const;
  std::vector<std::vector<Product>> splits(const Product& p);
  void split_monomial(const Product& rest, const Polynomial& up, const std::vector<Factor>& down,
                      std::vector<std::vector<Product>>& found);
  void split_quotient(const Product& rest, const Polynomial& up, const std::vector<Factor>& down,
                      std::vector<std::vector<Product>>& found);
  void split_linear(const Product& rest, const Polynomial& up, const std::vector<Factor>& down,
                    std::vector<std::vector<Product>>& found);

  NodeId write(const Product& p);
  NodeId written(const Product& p);
  NodeId write(Product p, const Writing& how);
  NodeId write_sum(const std::vector<Product>& terms);
  NodeId cheaper(NodeId a, NodeId b);

  NodeId best(const Polynomial& p);
  NodeId simple(const Polynomial& p);
  NodeId factored(const Polynomial& p);
  NodeId nested(const Polynomial& p, std::size_t kernel);
  std::optional<NodeId> completed_square(const Polynomial& p);
  std::optional<Polynomial> multiple_angles(const Polynomial& p);

  Field& field_;
  Graph& g_;
  Price& price_;
  bool thorough_;
  std::vector<std::pair<Polynomial, NodeId>> best_;
  std::vector<std::pair<Polynomial, NodeId>> simple_;
};

// Other ways to say a product; nothing where they do not apply.
std::optional<Product> with_tangents(Field& field, const Product& p);
// sin/cos^3 is tan + tan^3
std::optional<Product> with_tangents_only(Field& field, const Product& p);
std::optional<Product> with_double_angles(Field& field, const Product& p);
std::optional<Product> with_signs(Field& field, const Product& p);
// e^u + e^-u is 2 cosh u; (1 + e^u)^2 is 2 e^u (1 + cosh u).
std::optional<Product> with_hyperbolics(Field& field, const Product& p, bool squares);
// e^u/(e^u + e^v) is 1/(1 + e^(v - u)), which has a value also where e^u overflows. Sums of two:
// longer ones would share less.
std::optional<Product> with_exponentials_below(Field& field, const Product& p);
std::optional<Product> with_one_numerator(Field& field, const Product& p);
std::optional<Product> with_one_denominator(Field& field, const Product& p);
// x^(n-1) x is x^n; `whole`: with all powers of x there are, else with those that make it x^n.
std::optional<Product> with_joined_powers(Field& field, const Product& p, bool whole);
std::optional<Product> with_factors(Field& field, const Product& p);

}  // namespace nabla::fractions
