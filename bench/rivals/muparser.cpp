#include <muParser.h>

#include <algorithm>

#include "bench/rivals/script.hpp"

namespace nabla::rivals {

namespace {

class MuParser : public Foreign {
 public:
  explicit MuParser(const Script& script)
      : in_(script.inputs.size()), steps_(script.steps.size()), outputs_(script.outputs.size()) {
    for (std::size_t i = 0; i < in_.size(); ++i) parser_.DefineVar(script.inputs[i], &in_[i]);
    std::string text;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      parser_.DefineVar(script.steps[i].first, &steps_[i]);
      text += script.steps[i].first + "=" + script.steps[i].second + ",";
    }
    for (std::size_t i = 0; i < outputs_; ++i) text += (i > 0 ? "," : "") + script.outputs[i];
    parser_.SetExpr(text);
    int count = 0;
    parser_.Eval(count);  // complains now
  }
  void run(const double* in, double* out) override {
    std::copy_n(in, in_.size(), in_.data());
    int count = 0;
    const double* const results = parser_.Eval(count);
    std::copy_n(results + steps_.size(), outputs_, out);
  }

 private:
  mu::Parser parser_;
  std::vector<double> in_, steps_;
  std::size_t outputs_;
};

}  // namespace

std::unique_ptr<Foreign> make_muparser(const Script& script) {
  try {
    return std::make_unique<MuParser>(script);
  } catch (const mu::ParserError&) {
    return nullptr;
  }
}

}  // namespace nabla::rivals
