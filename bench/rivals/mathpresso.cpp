#include <mathpresso/mathpresso.h>

#include <algorithm>

#include "bench/rivals/script.hpp"

namespace nabla::rivals {

namespace {

// A program of mathpresso reads and writes one array: the inputs, then the outputs.
class Mathpresso : public Foreign {
 public:
  explicit Mathpresso(const Script& script)
      : inputs_(script.inputs.size()), data_(inputs_ + script.outputs.size()) {
    mathpresso::Context context;
    context.add_builtins();
    const auto variable = [&](const std::string& name, std::size_t at, unsigned flags) {
      context.add_variable(name.c_str(), static_cast<int>(at * sizeof(double)), flags);
    };
    for (std::size_t i = 0; i < inputs_; ++i) {
      variable(script.inputs[i], i, mathpresso::kVariableRO);
    }
    std::string text;
    for (const auto& [name, value] : script.steps) text += "var " + name + " = " + value + "; ";
    for (std::size_t i = 0; i < script.outputs.size(); ++i) {
      const std::string name = "out" + std::to_string(i);
      variable(name, inputs_ + i, mathpresso::kVariableRW);
      text += name + " = " + script.outputs[i] + "; ";
    }
    good_ =
        expression_.compile(context, text.c_str(), mathpresso::kNoOptions) == mathpresso::kErrorOk;
  }
  bool good() const { return good_; }
  void run(const double* in, double* out) override {
    std::copy_n(in, inputs_, data_.data());
    expression_.evaluate(data_.data());
    std::copy(data_.data() + inputs_, data_.data() + data_.size(), out);
  }

 private:
  std::size_t inputs_;
  std::vector<double> data_;
  mathpresso::Expression expression_;
  bool good_ = false;
};

}  // namespace

std::unique_ptr<Foreign> make_mathpresso(const Script& script) {
  auto program = std::make_unique<Mathpresso>(script);
  return program->good() ? std::move(program) : nullptr;
}

}  // namespace nabla::rivals
