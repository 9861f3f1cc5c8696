#pragma once

// W4 the loss of a neural network in all its weights, W5 the posterior of a Gaussian mixture.

#include <cmath>

#include "bench/workloads/problem.hpp"

namespace nabla::workloads {

// W4: h_l = tanh(b_l + W_l h_{l-1}) for `layers` layers of `width` neurons; the loss is the sum of
// (h - y)^2. Variables by layer, then neuron: the bias, then its row of weights. The k-th weight is
// 0.2 sin(k + 1), inputs are cos(i), targets 0.1 i / width.
template <typename A>
Problem<A> perceptron(A a, std::size_t width, std::size_t layers) {
  using Scalar = typename A::Scalar;
  Problem<A> p;
  const auto weight = [&](const std::string& name) {
    return p.variable(a, name, 0.2 * std::sin(static_cast<double>(p.variables.size()) + 1));
  };
  std::vector<Scalar> state;
  for (std::size_t i = 0; i < width; ++i) {
    state.push_back(p.parameter(a, "in" + std::to_string(i), std::cos(static_cast<double>(i))));
  }
  for (std::size_t l = 0; l < layers; ++l) {
    std::vector<Scalar> next;
    for (std::size_t i = 0; i < width; ++i) {
      const std::string neuron = std::to_string(l) + "_" + std::to_string(i);
      auto total = weight("b" + neuron);
      for (std::size_t j = 0; j < width; ++j) {
        total = total + weight("w" + neuron + "_" + std::to_string(j)) * state[j];
      }
      next.push_back(a.tanh(total));
    }
    state = next;
  }
  auto loss = a.number(0);
  for (std::size_t i = 0; i < width; ++i) {
    const double value = 0.1 * static_cast<double>(i) / static_cast<double>(width);
    const auto error = state[i] - p.parameter(a, "y" + std::to_string(i), value);
    loss = loss + error * error;
  }
  p.outputs = {loss};
  return p;
}

// W5: ADBench's mixture model with GradBench's definition (m = 0, gamma = 1, constants dropped):
//   sum_i log sum_k exp(alpha_k + sum q_k - |Q_k (x_i - mu_k)|^2 / 2)
//     - N log sum_k exp(alpha_k) - sum_k |Q_k|_F^2 / 2,
// Q_k lower triangular with exp(q_k) on the diagonal and l_k below it, column by column. Variables:
// alpha, then mu, q and l of all components.
template <typename A>
Problem<A> gaussian_mixture(A a, std::size_t dimensions, std::size_t components,
                            std::size_t points) {
  using Scalar = typename A::Scalar;
  using Vectors = std::vector<std::vector<Scalar>>;
  Problem<A> p;
  const std::size_t d = dimensions, below = d * (d - 1) / 2;
  const auto vectors = [&](const std::string& name, std::size_t length) {
    Vectors result(components);
    for (std::size_t k = 0; k < components; ++k) {
      for (std::size_t i = 0; i < length; ++i) {
        result[k].push_back(p.variable(a, name + std::to_string(k) + "_" + std::to_string(i)));
      }
    }
    return result;
  };
  const Vectors alpha = vectors("alpha", 1), mu = vectors("mu", d), q = vectors("q", d),
                lower = vectors("l", below);
  const auto place = [&](std::size_t row, std::size_t column) {
    return column * (2 * d - column - 1) / 2 + row - column - 1;
  };

  Vectors diagonal(components);
  std::vector<Scalar> log_scale;
  for (std::size_t k = 0; k < components; ++k) {
    auto total = q[k][0];
    for (std::size_t i = 1; i < d; ++i) total = total + q[k][i];
    for (std::size_t i = 0; i < d; ++i) diagonal[k].push_back(a.exp(q[k][i]));
    log_scale.push_back(total);
  }

  auto posterior = a.number(0);
  for (std::size_t i = 0; i < points; ++i) {
    std::vector<Scalar> x;
    for (std::size_t j = 0; j < d; ++j) {
      x.push_back(p.parameter(a, "x" + std::to_string(i) + "_" + std::to_string(j)));
    }
    auto density = a.number(0);
    for (std::size_t k = 0; k < components; ++k) {
      std::vector<Scalar> offset;
      for (std::size_t j = 0; j < d; ++j) offset.push_back(x[j] - mu[k][j]);
      auto norm = a.number(0);
      for (std::size_t row = 0; row < d; ++row) {
        auto entry = a.number(0);
        for (std::size_t column = 0; column < row; ++column) {
          entry = entry + lower[k][place(row, column)] * offset[column];
        }
        entry = entry + diagonal[k][row] * offset[row];
        norm = norm + entry * entry;
      }
      density = density + a.exp(alpha[k][0] + log_scale[k] - a.ratio(1, 2) * norm);
    }
    posterior = posterior + a.log(density);
  }

  auto mass = a.number(0), prior = a.number(0);
  for (std::size_t k = 0; k < components; ++k) mass = mass + a.exp(alpha[k][0]);
  for (std::size_t k = 0; k < components; ++k) {
    auto square = a.number(0);
    for (std::size_t row = 0; row < d; ++row) {
      square = square + diagonal[k][row] * diagonal[k][row];
      for (std::size_t column = 0; column < row; ++column) {
        const auto entry = lower[k][place(row, column)];
        square = square + entry * entry;
      }
    }
    prior = prior + a.ratio(1, 2) * square;
  }
  p.outputs = {posterior - a.number(static_cast<std::int64_t>(points)) * a.log(mass) - prior};
  return p;
}

}  // namespace nabla::workloads
