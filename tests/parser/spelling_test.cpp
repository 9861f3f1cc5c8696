#include "parser/spelling.hpp"

#include "tests/parser/reading.hpp"

namespace nabla {
namespace {

using Spellings_ = Text;

TEST_F(Spellings_, OfUnicodeMeanTheirAsciiForm) {
  for (const auto& [text, meaning] :
       std::vector<std::pair<const char*, const char*>>{{"x²", "x^2"},
                                                        {"x³+y⁴", "x^3+y^4"},
                                                        {"x⁻¹", "x^(-1)"},
                                                        {"x¹⁰", "x^10"},
                                                        {"√x", "sqrt(x)"},
                                                        {"√(x+1)", "sqrt(x+1)"},
                                                        {"a·b", "a*b"},
                                                        {"a×b", "a*b"},
                                                        {"a⋅b", "a*b"},
                                                        {"a÷b", "a/b"},
                                                        {"−a", "-a"},
                                                        {"a≤b", "a<=b"},
                                                        {"a≥b", "a>=b"},
                                                        {"a≠b", "a!=b"},
                                                        {"∞", "inf"},
                                                        {"π", "pi"},
                                                        {"2πr", "2*pi*r"},
                                                        {"α+β", "alpha+beta"},
                                                        {"ŷ-y", "y_hat-y"},
                                                        {"y\u0302", "y_hat"},
                                                        {"x\u0304", "x_bar"},
                                                        {"θ₁", "theta_1"},
                                                        {"x₁₂", "x_12"},
                                                        {"xᵢ", "x_i"},
                                                        {"θ_1", "theta_1"},
                                                        {"αx", "alpha*x"},
                                                        {"a∧b", "a and b"},
                                                        {"¬(a<b)", "not a<b"},
                                                        {"(x)²", "(x)^2"},
                                                        {"2x²", "2*x^2"},
                                                        {"\u00a0x\u2009+ 1", "x+1"},
                                                        {"\ufeffx", "x"},
                                                        {"-x²", "-(x^2)"},
                                                        {"Γ(x)", "gamma(x)"}}) {
    EXPECT_SAME(text, meaning);
  }
}

TEST_F(Spellings_, OfLatexMeanTheirPlainForm) {
  for (const auto& [text, meaning] : std::vector<std::pair<const char*, const char*>>{
           {"\\frac{a}{b}", "a/b"},
           {"\\frac{a+1}{b}^2", "((a+1)/b)^2"},
           {"\\sqrt{x}", "sqrt(x)"},
           {"\\sqrt[3]{x}", "cbrt(x)"},
           {"x^{10}", "x^10"},
           {"x^{a+b}", "x^(a+b)"},
           {"\\sin x", "sin(x)"},
           {"\\sin^2(x)", "sin(x)^2"},
           {"a \\cdot b", "a*b"},
           {"a \\times b", "a*b"},
           {"a \\div b", "a/b"},
           {"\\left( a \\right) b", "a*b"},
           {"\\alpha \\beta", "alpha*beta"},
           {"\\pi", "pi"},
           {"\\infty", "inf"},
           {"a \\le b", "a<=b"},
           {"a \\leq b", "a<=b"},
           {"a \\ne b", "a!=b"},
           {"\\ln x", "log(x)"},
           {"\\log_2 x", "log2(x)"},
           {"\\log_{10} x", "log10(x)"},
           {"\\hat{y}_i", "y_hat_i"},
           {"\\theta_1", "theta_1"},
           {"\\theta_{12}", "theta_12"},
           {"\\dfrac{1}{2}x", "(1/2)*x"},
           {"\\cfrac{1}{x}", "1/x"},
           {"\\frac ab", "a/b"},
           {"\\frac12", "1/2"},
           {"\\frac1{x}", "1/x"},
           {"\\frac{x}2", "x/2"},
           {"\\frac1x", "1/x"},
           {"\\frac ab c", "(a/b)*c"},
           {"\\frac\\alpha\\beta", "alpha/beta"},
           {"\\sqrt2", "sqrt(2)"},
           {"\\sqrt2x", "sqrt(2)*x"},
           {"\\sqrt xy", "sqrt(x)*y"},
           {"\\sqrt x_1", "sqrt(x_1)"},
           {"\\min\\{a,b\\}", "min(a, b)"},
           {"\\max\\left\\{a,b,c\\right\\}", "max(a, b, c)"},
           {"\\max\\left(a, b\\right)", "max(a, b)"},
           {"\\max\\{x\\}", "x"},
           {"x^12", "x^(12)"},
           {"\\operatorname{relu}(x)", "relu(x)"},
           {"\\left|x\\right|", "abs(x)"},
           {"a\\,b", "a*b"},
           {"\\varphi", "phi"},
           {"\\mathrm{erf}(x)", "erf(x)"},
           {"2\\sin x\\cos x", "2*sin(x)*cos(x)"}}) {
    EXPECT_SAME(text, meaning);
  }
}

TEST_F(Spellings_, OfPythonMeanTheirPlainForm) {
  for (const auto& [text, meaning] : std::vector<std::pair<const char*, const char*>>{
           {"x**2", "x^2"},
           {"np.exp(-z)", "exp(-z)"},
           {"math.sin(x)", "sin(x)"},
           {"numpy.log(x)", "log(x)"},
           {"np.pi", "pi"},
           {"math.e**x", "exp(x)"},
           {"np.maximum(a, b)", "max(a, b)"},
           {"np.minimum(a, b)", "min(a, b)"},
           {"np.abs(x)", "abs(x)"},
           {"np.absolute(x)", "abs(x)"},
           {"math.fabs(x)", "abs(x)"},
           {"np.sign(x)", "sign(x)"},
           {"np.power(a, b)", "a^b"},
           {"math.pow(a, b)", "a^b"},
           {"np.square(x + 1)", "(x+1)^2"},
           {"np.reciprocal(x)", "1/x"},
           {"np.exp2(x)", "2^x"},
           {"np.log1p(x)", "log1p(x)"},
           {"np.arctan2(y, x)", "atan2(y, x)"},
           {"np.add(a, np.multiply(b, c))", "a+b*c"},
           {"np.subtract(a, np.divide(b, c))", "a-b/c"},
           {"np.radians(x)", "x*pi/180"},
           {"np.logical_and(a<b, np.less(b, c))", "a<b and b<c"},
           {"np.dot(np.array([a, b]), np.array([x, y]))", "a*x+b*y"},
           {"np.inner([a, b], [x, y])", "a*x+b*y"},
           {"np.prod([a, b, c])", "a*b*c"},
           {"np.sum(np.square(np.array([a, b])))", "a^2+b^2"},
           {"np.sum(np.subtract([a, b], x))", "a-x+(b-x)"},
           {"np.linalg.norm([x, y])", "norm([x, y])"},
           {"np.remainder(x, y)", "mod(x, y)"},
           {"np.inf", "inf"},
           {"np.Inf", "inf"},
           {"np.e**x", "exp(x)"},
           {"math.tau", "tau"},
           {"sympy.Rational(1, 3)", "1/3"},
           {"sympy.Max(a, b)", "max(a, b)"},
           {"scipy.special.gammaln(x)", "lgamma(x)"},
           {"torch.square(np.square(x))", "(x^2)^2"},
           {"np.where(a<b, c, p)", "if(a<b, c, p)"},
           {"(a == b)", "(a = b)"},
           {"lambda x: x**2", "x^2"},
           {"a<b and not c<p", "a<b && !(c<p)"}}) {
    EXPECT_SAME(text, meaning);
  }
}

// What numpy calls square or power stays free for variables; only behind a module it is theirs.
TEST_F(Spellings_, OfModulesTakeNoNamesAway) {
  EXPECT_EQ(error("square(x)").code, "N102");
  EXPECT_EQ(error("\\frac123").code, "P004");
  EXPECT_EQ(read("power/square + array").variables.size(), 3u);
  for (const auto& [text, code] :
       std::vector<std::pair<const char*, const char*>>{{"np.euler", "N101"},
                                                        {"np.c", "N101"},
                                                        {"np.square", "N103"},
                                                        {"np.array", "N103"},
                                                        {"np.add([a, b])", "N103"},
                                                        {"np.add([a, b], [c])", "N105"},
                                                        {"np.nothing(x)", "N102"},
                                                        {"np.square(x, y)", "N103"},
                                                        {"np.prod(x_i)", "N103"}}) {
    EXPECT_EQ(error(text).code, code) << text;
  }
}

TEST_F(Spellings_, OfPrimesInLatex) {
  read("f(x) = x^4");
  EXPECT_SAME("f^\\prime(x)", "4*x^3");
  EXPECT_SAME("f^{\\prime\\prime}(x)", "12*x^2");
}

TEST_F(Spellings_, OfUnknownCommandsAreRefused) {
  for (const char* text : {"\\int_0^1 x", "\\int x", "\\foo_1", "x + y + \\xy"})
    EXPECT_EQ(error(text).code, "N101") << text;
}

// The grammar reads most names, numbers and signs in one step; here each goes on in another way.
TEST_F(Spellings_, ThatBeginLikeShorterOnesAreReadToTheirEnd) {
  for (const auto& [text, meaning] :
       std::vector<std::pair<const char*, const char*>>{{"x**2", "x^2"},
                                                        {"x*-2", "x*(-2)"},
                                                        {"a<=b", "a≤b"},
                                                        {"a!=b", "a≠b"},
                                                        {"(a==b)", "(a=b)"},
                                                        {"x!", "factorial(x)"},
                                                        {"3!+1", "7"},
                                                        {"2.5x", "2.5*x"},
                                                        {"25e-1*x", "2.5*x"},
                                                        {"2x", "2*x"},
                                                        {"10x", "10*x"},
                                                        {"0x10", "16"},
                                                        {"x_{12}+1", "x_12+1"},
                                                        {"np.exp(x)", "exp(x)"},
                                                        {"math.e", "e"},
                                                        {"x\u0302+1", "x_hat+1"},
                                                        {"x₁+1", "x_1+1"},
                                                        {"x \\, y", "x*y"},
                                                        {"x  +\t1", "x+1"},
                                                        {"(x)", "x"},
                                                        {"\\left(x\\right)", "x"}}) {
    EXPECT_SAME(text, meaning);
  }
  EXPECT_EQ(error("2e").code, "P006");
  EXPECT_EQ(error("1_000").code, "P006");
  EXPECT_EQ(error("1.2.3").code, "P006");
  EXPECT_EQ(error("x->y").code, "P008");
}

TEST_F(Spellings_, OfOtherAlphabetsAreNoNames) {
  for (const char* text : {"ｘ", "漢", "x + й", "２", "\xff", "\xc0\x80", "\xed\xa0\x80", "a\x1b",
                           "\x01", "x;\x7f", "a$b", "a%b", "#", "@"}) {
    EXPECT_EQ(error(text).code, "P005") << text;
  }
  EXPECT_EQ(error(std::string_view("1+x\0+5", 6)).span, (Span{3, 4}));
  EXPECT_EQ(error("5%2").hint, advice_for('%'));
}

TEST(CodePoints, AreReadStrictly) {
  EXPECT_EQ(first_code_point("é").value, 0xE9u);
  EXPECT_EQ(first_code_point("\U0001F600").size, 4);
  for (const char* bad :
       {"\x80", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3", "\xE2\x82"})
    EXPECT_EQ(first_code_point(bad).size, 0) << bad;
  EXPECT_EQ(first_code_point("").size, 0);
}

}  // namespace
}  // namespace nabla
