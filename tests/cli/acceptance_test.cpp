// What people paste, typed as it is printed in teaching texts: at the prompt, in a script, on the
// command line and in a batch request. All four have to give the same numbers and the same
// formulas.

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>

#include "cli/session.hpp"
#include "tests/support/process.hpp"
#include "tests/support/replies.hpp"

namespace nabla {
namespace {

using nlohmann::json;

struct Typed {
  const char* given;           // values: "x=[1,2];w=0.5"
  const char* text;            // verbatim; what is asked of it follows in `then`
  const char* then;            // a further line; empty: the text itself is asked for
  const char* formula;         // how the answer prints; empty: not compared
  std::vector<double> values;  // empty: none
  double digits = 1e-12;       // relative; texts print four digits
};

const char* const data = "x=[1,2,3,4,5];y=[2,4,5,4,5];w=0.5;b=1";
const char* const point = "x=2;y=1;w=0.5;b=0.1";
const char* const chain = "z = wx+b; a = 1/(1+np.exp(-z)); L = (a-y)^2";

const std::vector<Typed> list = {
    {"", "f(x) = x²", "f'(3)", "6", {6}},
    {"x=2", "(x²+1)³", "", "(x^2 + 1)^3", {125}},
    {"x=2", "d/dx (x²+1)³", "", "6*x*(x^2 + 1)^2", {300}},
    {"", "f(x) = (x²+1)³", "f'(2)", "300", {300}},
    {"", "f(x,y) = x**2 + 3*x*y + y**2", "∇f(2,3)", "[13, 12]", {13, 12}},
    {"x=2;y=3", "f(x,y) = x**2 + 3*x*y + y**2", "grad(f)", "[2*x + 3*y, 3*x + 2*y]", {13, 12}},
    {"x=3;y=4", "grad(x²+y²)", "", "[2*x, 2*y]", {6, 8}},
    {"x=3;y=4", "norm(∇(x²+y²))", "", "", {10}},
    {"", "f(x,y) = x²y + 3xy² + 7", "∂f/∂x", "2*x*y + 3*y^2", {}},
    {"", "f(x,y) = x²y + 3xy² + 7", "∂f/∂y", "x^2 + 6*x*y", {}},
    {"", "grad(x²y + 3xy² + 7)", "", "[2*x*y + 3*y^2, x^2 + 6*x*y]", {}},
    {"", "s(t) = 5t^2", "s'(t)", "10*t", {}},
    {"", "s(t) = 5t^2", "s''(t)", "10", {10}},
    {"", "L(w,b) = (2w + b - 5)^2", "∂L/∂w", "4*(b + 2*w - 5)", {}},
    {"", "L(w,b) = (2w + b - 5)^2", "∂L/∂b", "2*(b + 2*w - 5)", {}},
    {"", "L(w,b) = (2w + b - 5)^2", "[0, 0] - 0.01*∇L(0, 0)", "[0.2, 0.1]", {0.2, 0.1}},
    {data, "L(w, b) = (1/n) * sum((y_i - (wx_i + b))^2)", "L(0.5, 1)", "", {2.75}},
    {data, "L(w, b) = (1/n) * sum((y_i - (wx_i + b))^2)", "∇L(0.5, 1)", "", {-9.4, -3.0}},
    {data, "\\frac{1}{n}\\sum_{i=1}^{n}(wx_i + b - y_i)^2", "", "", {2.75}},
    {data, "L = \\frac{1}{n}\\sum_{i=1}^{n}(wx_i + b - y_i)^2", "∂L/∂w", "", {-9.4}},
    {data, "L = \\frac{1}{n}\\sum_{i=1}^{n}(wx_i + b - y_i)^2", "∂L/∂b", "", {-3.0}},
    {data, "L = mean((y[i] - (w*x[i] + b))^2)", "L", "", {2.75}},
    {point, chain, "z", "", {1.1}},
    {point, chain, "a", "", {0.7503}, 1e-4},
    {point, chain, "L", "", {0.0624}, 1e-3},
    {point, chain, "dL/dw", "", {-0.1872}, 1e-3},
    {point, chain, "dL/db", "", {-0.0936}, 1e-3},
    {"", "f(x) = x^2 - 4x + 5", "f'(x)", "2*x - 4", {}},
    {"", "f(x) = x^2 - 4x + 5", "[f'(2), f(2), f''(2)]", "[0, 1, 2]", {0, 1, 2}},
    {"", "f(x) = x^2 - 4x + 5", "lim(h -> 0) (f(x + h) - f(x)) / h", "2*x - 4", {}},
    {"", "f(x) = x^3*sin(x)", "lim(h -> 0) (f(x + h) - f(x)) / h", "x^3*cos(x) + 3*x^2*sin(x)", {}},
    {"", "f(x) = 1/x", "lim(h -> 0) (f(2 + h) - f(2)) / h", "-1/4", {-0.25}},
};

std::string joined(const Typed& t) {
  return std::string(t.text) + (*t.then == 0 ? "" : std::string("; ") + t.then);
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out + "'";
}

// The numbers of a line such as "= [13, 12]".
std::vector<double> numbers_of(const std::string& line) {
  static const std::regex number("-?[0-9]+(?:\\.[0-9]+)?(?:e-?[0-9]+)?");
  std::vector<double> result;
  for (std::sregex_iterator m(line.begin(), line.end(), number), end; m != end; ++m)
    result.push_back(test::number(m->str()));
  return result;
}

void expect_values(const Typed& t, const std::vector<double>& found, const char* where) {
  ASSERT_EQ(found.size(), t.values.size()) << where << ": " << joined(t);
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_LE(std::abs(found[i] - t.values[i]), t.digits * std::max(1.0, std::abs(t.values[i])))
        << where << ": " << joined(t) << " is " << found[i];
}

TEST(AcceptanceList, HoldsAtThePrompt) {
  for (const Typed& t : list) {
    Output nowhere{-1};
    const Console console{.out = nowhere, .err = nowhere};
    Session session(console, true);
    if (*t.given != 0) {
      ASSERT_FALSE(session.enter(t.given).error);
    }
    Session::Reply reply = session.enter(t.text);
    ASSERT_FALSE(reply.error) << t.text << ": " << reply.error->message;
    if (*t.then != 0) reply = session.enter(t.then);
    ASSERT_FALSE(reply.error) << t.then << ": " << reply.error->message;
    if (*t.formula != 0) {
      EXPECT_EQ(reply.text.substr(0, reply.text.find('\n')), t.formula) << joined(t);
    }
    if (!t.values.empty()) expect_values(t, reply.values, "prompt");
  }
}

TEST(AcceptanceList, HoldsInAScript) {
  for (const Typed& t : list) {
    std::string script = std::string(t.given) + "\n" + t.text + "\n" + t.then + "\n";
    const test::Ran ran = test::shell("nabla", script);
    ASSERT_EQ(ran.code, 0) << script << ran.err;
    const auto lines = test::lines_of(ran.out);
    ASSERT_FALSE(lines.empty()) << script;
    if (*t.formula != 0) {
      EXPECT_EQ(lines.front(), t.formula) << script;
    }
    if (!t.values.empty()) expect_values(t, numbers_of(lines.back()), "script");
  }
}

TEST(AcceptanceList, HoldsOnTheCommandLine) {
  for (const Typed& t : list) {
    std::string at;
    for (const std::string& binding : test::split(t.given, ';')) {
      if (!binding.empty()) at += (at.empty() ? " --at " : ",") + binding;
    }
    if (*t.formula != 0) {
      const test::Ran ran = test::shell("nabla simplify --level 1 " + quoted(joined(t)));
      EXPECT_EQ(ran.out, std::string(t.formula) + "\n") << joined(t) << ran.err;
    }
    if (t.values.empty()) continue;
    const test::Ran ran = test::shell("nabla eval " + quoted(joined(t)) + at);
    ASSERT_EQ(ran.code, 0) << joined(t) << at << ran.err;
    expect_values(t, numbers_of(ran.out), "command line");
  }
}

TEST(AcceptanceList, HoldsInABatch) {
  std::vector<test::Row> rows(list.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = {std::to_string(i)};
  const auto replies = test::ask(rows, [](const test::Row& row) {
    const Typed& t = list[std::stoul(row[0])];
    json at = json::object();
    for (const std::string& binding : test::split(t.given, ';')) {
      if (binding.empty()) continue;
      const std::size_t equals = binding.find('=');
      at[binding.substr(0, equals)] = json::parse(binding.substr(equals + 1));
    }
    return json{{"op", "simplify"}, {"simplify", 1}, {"expr", joined(t)}, {"at", {at}}};
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Typed& t = list[i];
    ASSERT_TRUE(replies[i]["ok"]) << joined(t) << replies[i];
    json result = replies[i]["result"];
    if (result.is_array()) {
      std::string text;
      for (const json& entry : result)
        text += (text.empty() ? "[" : ", ") + entry.get<std::string>();
      result = text + "]";
    }
    if (*t.formula != 0) {
      EXPECT_EQ(result, t.formula) << joined(t);
    }
    if (t.values.empty()) continue;
    const json& values = replies[i]["values"][0];
    std::vector<double> found;
    if (values.is_array()) {
      for (const json& v : values) found.push_back(test::value_of(v));
    } else {
      found.push_back(test::value_of(values));
    }
    expect_values(t, found, "batch");
  }
}

}  // namespace
}  // namespace nabla
