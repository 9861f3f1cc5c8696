#pragma once

// The expressions as other evaluators get them: text, what is used more than once in a variable of
// its own.

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lib/eval/tape.hpp"

namespace nabla::rivals {

struct Script {
  std::vector<std::string> inputs;
  std::vector<std::pair<std::string, std::string>> steps;  // a variable and what it becomes
  std::vector<std::string> outputs;
};

// Languages without a choice multiply by what comparisons give, 0 or 1.
enum class Choice : std::uint8_t { question_mark, product };

inline Script script_of(const Tape& t, Choice choice) {
  const std::uint32_t first = t.first_operation();
  std::vector<int> uses(t.operations());
  const auto use = [&](std::uint32_t v) {
    if (v >= first) ++uses[v - first];
  };
  for (std::size_t i = 0; i < t.operations(); ++i) {
    for (int k = 0; k < arity(t.op[i], t.detail[i]); ++k) use(t.operand(i, k));
  }
  for (const std::uint32_t v : t.outputs) use(v);

  Script script;
  std::vector<std::string> text(t.operations());
  for (std::size_t i = 0; i < t.input_names.size(); ++i) {
    script.inputs.push_back("in" + std::to_string(i));
  }
  const auto word = [&](std::uint32_t v) -> std::string {
    if (v < script.inputs.size()) return script.inputs[v];
    if (v >= first) return text[v - first];
    char number[40];
    std::snprintf(number, sizeof number, "(%.17g)", t.constants[v - t.first_constant()]);
    return number;
  };
  for (std::size_t i = 0; i < t.operations(); ++i) {
    const auto a = word(t.a[i]), b = word(t.b[i]);
    switch (t.op[i]) {
      case Primitive::add: text[i] = "(" + a + "+" + b + ")"; break;
      case Primitive::subtract: text[i] = "(" + a + "-" + b + ")"; break;
      case Primitive::multiply: text[i] = "(" + a + "*" + b + ")"; break;
      case Primitive::divide: text[i] = "(" + a + "/" + b + ")"; break;
      case Primitive::negate: text[i] = "(-" + a + ")"; break;
      case Primitive::square_root: text[i] = "sqrt(" + a + ")"; break;
      case Primitive::power: text[i] = "(" + a + "^" + b + ")"; break;
      case Primitive::less: text[i] = "(" + a + "<" + b + ")"; break;
      case Primitive::less_equal: text[i] = "(" + a + "<=" + b + ")"; break;
      case Primitive::select: {
        const auto c = word(t.c[i]);
        text[i] = choice == Choice::question_mark ? "(" + a + "?" + b + ":" + c + ")"
                                                  : "(" + a + "*" + b + "+(1-" + a + ")*" + c + ")";
        break;
      }
      default: text[i] = std::string(row(Fn{t.detail[i]}).name) + "(" + a + ")";
    }
    if (uses[i] > 1) {
      const std::string name = "t" + std::to_string(script.steps.size());
      script.steps.emplace_back(name, std::exchange(text[i], name));
    }
  }
  for (const std::uint32_t v : t.outputs) script.outputs.push_back(word(v));
  return script;
}

// A program of another evaluator; nothing where it refuses the text.
struct Foreign {
  virtual ~Foreign() = default;
  virtual void run(const double* in, double* out) = 0;
};
std::unique_ptr<Foreign> make_muparser(const Script&);
std::unique_ptr<Foreign> make_exprtk(const Script&);
std::unique_ptr<Foreign> make_mathpresso(const Script&);

}  // namespace nabla::rivals
