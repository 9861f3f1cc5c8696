#pragma once

// The nine expressions of the evaluator benchmark as nabla gets them.

#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <vector>

#include "bench/rivals/expressions.hpp"
#include "bench/rivals/hand.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/calculus/share.hpp"
#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "parser/parse.hpp"

namespace nabla::rivals {

// An expression as nabla sees it: text, differentiated where derivatives are asked for.
struct Problem {
  Graph graph;
  std::vector<Expr> inputs, outputs;

  Expr read(const std::string& text) {
    auto parsed = parse(graph, text);
    if (!parsed) {
      std::fprintf(stderr, "%s\n", parsed.error().message.c_str());
      std::exit(1);
    }
    return parsed->value.entries[0];
  }
  void symbols(std::initializer_list<const char*> names) {
    for (const char* name : names) inputs.push_back(symbol(graph, name));
  }
  void add_gradient(Expr f, std::span<const Expr> by) {
    outputs.push_back(f);
    const auto slopes = gradient(f, by);
    outputs.insert(outputs.end(), slopes->begin(), slopes->end());
  }

  explicit Problem(Expression e) {
    const auto one = [&](const char* text, std::initializer_list<const char*> names) {
      symbols(names);
      outputs.push_back(read(text));
    };
    switch (e) {
      case poly10: one(NABLA_TEXT(NABLA_POLY10), {"x"}); break;
      case powers:
        one("1 - 0.5*x + 0.25*x^2 - 0.125*x^3 + 0.6*x^4 - 0.3*x^5 + 0.15*x^6 - 0.07*x^7 + "
            "0.035*x^8 - "
            "0.017*x^9 + 0.008*x^10",
            {"x"});
        break;
      case sxe: one(NABLA_TEXT(NABLA_SXE), {"x", "y"}); break;
      case gmm: one(NABLA_TEXT(NABLA_GMM), {"x"}); break;
      case network: one(NABLA_TEXT(NABLA_NETWORK), {"x", "y", "z"}); break;
      case rational: one(NABLA_TEXT(NABLA_RATIONAL), {"a", "b", "c", "d", "u", "f"}); break;
      case logistic:
        symbols({"a", "b", "c", "d", "y", "w1", "w2", "w3", "w4", "w5"});
        add_gradient(read("log(1 + exp(-y*(w5 + a*w1 + b*w2 + c*w3 + d*w4)))"),
                     std::span(inputs).subspan(5));
        break;
      case rosenbrock: {
        for (int i = 0; i < 100; ++i) inputs.push_back(symbol(graph, "x" + std::to_string(i)));
        Expr f = number(graph, 0);
        for (std::size_t i = 0; i < 99; ++i) {  // added up as by hand
          f = f + (100 * pow(inputs[i + 1] - pow(inputs[i], 2), 2) + pow(1 - inputs[i], 2));
        }
        add_gradient(f, inputs);
        break;
      }
      case hessian: {
        symbols({"x", "y", "z"});
        const Expr f = read("x*y*sin(z) + exp(x*y)/z + log(1 + z^2)");
        add_gradient(f, inputs);
        for (std::size_t i = 0; i < 3; ++i) {
          const auto row = gradient(outputs[1 + i], inputs);
          for (std::size_t j = i; j < 3; ++j) outputs.push_back((*row)[j]);
        }
      }
    }
    // Derivatives that are going to be evaluated, as the library would have them.
    if (outputs.size() > 1) outputs = *share(outputs);
  }
};

}  // namespace nabla::rivals
