#define exprtk_disable_string_capabilities
#define exprtk_disable_rtl_io_file
#include <algorithm>
#include <exprtk.hpp>

#include "bench/rivals/script.hpp"

namespace nabla::rivals {

namespace {

class Exprtk : public Foreign {
 public:
  explicit Exprtk(const Script& script) : in_(script.inputs.size()), out_(script.outputs.size()) {
    exprtk::symbol_table<double> symbols;
    for (std::size_t i = 0; i < in_.size(); ++i) symbols.add_variable(script.inputs[i], in_[i]);
    for (std::size_t i = 0; i < out_.size(); ++i) {
      symbols.add_variable("out" + std::to_string(i), out_[i]);
    }
    expression_.register_symbol_table(symbols);
    std::string text;
    for (const auto& [name, value] : script.steps) text += "var " + name + " := " + value + "; ";
    for (std::size_t i = 0; i < out_.size(); ++i) {
      text += "out" + std::to_string(i) + " := " + script.outputs[i] + "; ";
    }
    exprtk::parser<double> parser;
    good_ = parser.compile(text, expression_);
  }
  bool good() const { return good_; }
  void run(const double* in, double* out) override {
    std::copy_n(in, in_.size(), in_.data());
    expression_.value();
    std::copy_n(out_.data(), out_.size(), out);
  }

 private:
  std::vector<double> in_, out_;
  exprtk::expression<double> expression_;
  bool good_ = false;
};

}  // namespace

std::unique_ptr<Foreign> make_exprtk(const Script& script) {
  auto program = std::make_unique<Exprtk>(script);
  return program->good() ? std::move(program) : nullptr;
}

}  // namespace nabla::rivals
