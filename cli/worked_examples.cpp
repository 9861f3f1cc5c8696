#include "cli/worked_examples.hpp"

namespace nabla {
namespace {

// clang-format off
constexpr Step square[] = {
    {"f(x) = x²"},
    {"f'(x)", "", "2x"},
    {"f'(3)", "6"},
};
constexpr Step limit[] = {
    {"f(x) = x^2"},
    {"lim(h -> 0) (f(x + h) - f(x)) / h", "", "2x"},
};
constexpr Step chain[] = {
    {"d/dx (x²+1)³", "", "6x(x^2+1)^2"},
    {"x = 2"},
    {"d/dx (x²+1)³", "300"},
};
constexpr Step two_variables[] = {
    {"f(x,y) = x**2 + 3*x*y + y**2"},
    {"grad(f)", "", "[2x + 3y, 3x + 2y]"},
    {"x = 2; y = 3"},
    {"grad(f)", "13 12"},
};
constexpr Step length[] = {
    {"f(x, y) = x²+y²"},
    {"x = 3; y = 4"},
    {"∇f", "6 8"},
    {"norm(∇f)", "10"},
};
constexpr Step partials[] = {
    {"grad(x²y + 3xy² + 7)", "", "[2xy + 3y^2, x^2 + 6xy]"},
};
constexpr Step falling[] = {
    {"s(t) = 5t^2"},
    {"s'(t)", "", "10t"},
    {"s'(1)", "10"},
};
constexpr Step one_step[] = {
    {"L(w,b) = (2w + b - 5)^2"},
    {"grad(L)", "", "[4(2w+b-5), 2(2w+b-5)]"},
    {"w = 0; b = 0"},
    {"[w, b] - 0.01*grad(L)", "0.2 0.1"},
};
constexpr Step mean_error[] = {
    {"x = [1,2,3,4,5]; y = [2,4,5,4,5]"},
    {"L(w, b) = (1/n) * sum((y_i - (wx_i + b))^2)"},
    {"w = 0.5; b = 1"},
    {"L(w, b)", "2.75"},
    {"grad(L)", "-9.4 -3.0"},
};
constexpr Step mean_error_latex[] = {
    {"x = [1,2,3,4,5]; y = [2,4,5,4,5]; w = 0.5; b = 1"},
    {"J = \\frac{1}{n}\\sum_{i=1}^{n}(wx_i + b - y_i)^2", ""},
    {"J", "2.75"},
    {"grad(J, w, b)", "-9.4 -3.0"},
};
constexpr Step sigmoid_chain[] = {
    {"x = 2; y = 1; w = 0.5; b = 0.1"},
    {"z = wx+b; a = 1/(1+np.exp(-z)); L = (a-y)^2"},
    {"z", "1.1"},
    {"a", "0.7503"},
    {"L", "0.0624"},
    {"∂L/∂w", "-0.1872"},
    {"dL/db", "-0.0936"},
};
constexpr Step minimum[] = {
    {"f(x) = x^2 - 4x + 5"},
    {"f'(x)", "", "2x - 4"},
    {"f'(2)", "0"},
    {"f(2)", "1"},
};

constexpr WorkedExample table[] = {
    {"The slope of a square", square},
    {"The derivative as a limit", limit},
    {"The chain rule", chain},
    {"Two variables", two_variables},
    {"The length of a gradient", length},
    {"Partial derivatives", partials},
    {"A falling stone", falling},
    {"One step downhill", one_step},
    {"Mean squared error over data", mean_error},
    {"The same in LaTeX", mean_error_latex},
    {"A neuron: sigmoid and chain rule", sigmoid_chain},
    {"A minimum", minimum},
};
// clang-format on

}  // namespace

std::span<const WorkedExample> worked_examples() { return table; }

}  // namespace nabla
