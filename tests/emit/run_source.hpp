#pragma once

// Generated functions compiled, started with numbers, and read back, whatever the language.

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "lib/emit/dialects.hpp"
#include "lib/emit/source.hpp"
#include "tests/support/foreign.hpp"

namespace nabla::test {

inline std::vector<std::string> all_languages() {
  std::vector<std::string> names;
  for (const Dialect& d : dialects) names.emplace_back(d.name);
  return names;
}

struct Answer {
  bool available = true;  // the language's compiler is on this machine
  std::string messages;
  std::vector<double> values;  // value, gradient, Hessian
};

inline std::string hex(double x) {
  char text[40];
  std::snprintf(text, sizeof text, "%a", x);
  return text;
}

// A C or C++ program around the function: arrays for the columns, results printed in hex.
inline std::string program_in_c(const SourceRequest& r, const std::string& code,
                                const std::vector<double>& at,
                                const std::vector<std::vector<double>>& columns, bool cpp) {
  std::string text = code + (cpp ? "#include <cstdio>\n" : "#include <stdio.h>\n") + "int main(" +
                     (cpp ? "" : "void") + ") {\n";
  std::string call;
  const auto argument = [&](const std::string& a) { call += (call.empty() ? "" : ", ") + a; };
  // Read at run time, so that the compiler cannot compute ahead.
  for (std::size_t i = 0; i < at.size(); ++i) {
    const std::string name = "argument" + std::to_string(i);
    const std::string number = std::isnan(at[i])   ? "0.0 / 0.0"
                               : std::isinf(at[i]) ? (at[i] < 0 ? "-1e308 * 10" : "1e308 * 10")
                                                   : hex(at[i]);
    text += "  volatile double " + name + " = " + number + ";\n";
    argument(name);
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string name = "column" + std::to_string(i);
    text += "  double " + name + "[] = {";
    for (const double x : columns[i]) text += hex(x) + ", ";
    text += "};\n";
    argument(name);
  }
  if (!columns.empty()) argument(std::to_string(columns[0].size()));
  for (const auto& [name, count] :
       {std::pair{"gradient", r.gradient.size()}, {"hessian", r.hessian.size()}}) {
    if (count == 0) continue;
    text += std::string("  double ") + name + "[" + std::to_string(count) + "];\n";
    argument(name);
  }
  text += r.value ? "  printf(\"%a\\n\", " + r.name + "(" + call + "));\n"
                  : "  " + r.name + "(" + call + ");\n";
  for (const auto& [name, count] :
       {std::pair{"gradient", r.gradient.size()}, {"hessian", r.hessian.size()}}) {
    if (count == 0) continue;
    text += "  for (int k = 0; k < " + std::to_string(count) + "; ++k) printf(\"%a\\n\", " + name +
            "[k]);\n";
  }
  return text + "  return 0;\n}\n";
}

inline std::string program_in_python(const SourceRequest& r, const std::string& code,
                                     const std::vector<double>& at,
                                     const std::vector<std::vector<double>>& columns) {
  std::string call;
  for (const double x : at) call += "float.fromhex('" + hex(x) + "'), ";
  for (const auto& column : columns) {
    call += "[";
    for (const double x : column) call += "float.fromhex('" + hex(x) + "'), ";
    call += "], ";
  }
  return code +
         "\n\ndef show(x):\n    if isinstance(x, (tuple, list)):\n        for y in x: show(y)\n" +
         "    else:\n        print(float(x).hex())\n\n\nshow(" + r.name + "(" + call + "))\n";
}

inline Answer run_source(const SourceRequest& request, const std::vector<double>& at,
                         const std::vector<std::vector<double>>& columns = {}) {
  Answer answer;
  const auto code = generate(request);
  if (!code) {
    answer.messages = code.error().code + " " + code.error().message;
    return answer;
  }
  const Folder folder;
  Outcome outcome;
  if (request.language == "c" || request.language == "cpp") {
    const bool cpp = request.language == "cpp";
    const std::string file = cpp ? "code.cpp" : "code.c";
    folder.write(file, program_in_c(request, *code, at, columns, cpp));
    outcome = run({cpp ? "c++" : "cc", cpp ? "-std=c++17" : "-std=c99", "-O2", "-ffp-contract=off",
                   "-Wall", "-Wextra", "-Wconversion", "-Werror", "-o", folder / "program",
                   folder / file, "-lm"});
    if (outcome.status == 0) outcome = run({folder / "program"});
  } else if (request.language == "python") {
    if (run({"python3", "--version"}).status != 0) return {false, "no python3", {}};
    folder.write("code.py", program_in_python(request, *code, at, columns));
    outcome = run({"python3", "-I", "-W", "error", folder / "code.py"});
  } else {
    answer.messages =
        "tests/emit/run_source.hpp does not know how to run " + std::string(request.language);
    return answer;
  }
  answer.messages = outcome.output + "\n" + *code;
  if (outcome.status != 0) return answer;
  const char* text = outcome.output.c_str();
  for (char* end = nullptr;; text = end) {
    const double x = std::strtod(text, &end);
    if (end == text) break;
    answer.values.push_back(x);
  }
  return answer;
}

}  // namespace nabla::test
