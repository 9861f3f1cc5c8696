#pragma once

// Generated functions compiled, started with numbers, and read back, whatever the language.

#include <fmt/format.h>
#include <locale.h>
#include <stdlib.h>

#include <charconv>
#include <cmath>
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
  // Like printf's %a, also where the locale writes numbers with a comma.
  if (!std::isfinite(x)) return std::isnan(x) ? "nan" : x < 0 ? "-inf" : "inf";
  char digits[40];
  const auto end =
      std::to_chars(digits, digits + sizeof digits, std::abs(x), std::chars_format::hex);
  return (std::signbit(x) ? "-0x" : "0x") + std::string(digits, end.ptr);
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
         "\n\ndef show(x):\n    if isinstance(x, (tuple, list)) or getattr(x, 'shape', ()):\n      "
         "  for y in x: show(y)\n" +
         "    else:\n        print(float(x).hex())\n\n\nshow(" + r.name + "(" + call + "))\n";
}

// The same in JavaScript, Julia and Octave, whose functions fill arrays or return them.
inline std::string literal(double x, std::string_view infinity, std::string_view nan) {
  if (std::isnan(x)) return std::string(nan);
  if (std::isinf(x)) return (x < 0 ? "-" : "") + std::string(infinity);
  return fmt::format("{:.17e}", x);
}

struct CallText {
  std::string arguments;  // numbers and columns
  void add(const std::string& a) { arguments += (arguments.empty() ? "" : ", ") + a; }
};

inline CallText arguments_of(const std::vector<double>& at,
                             const std::vector<std::vector<double>>& columns,
                             std::string_view infinity, std::string_view nan, std::string open,
                             std::string close) {
  CallText call;
  for (const double x : at) call.add(literal(x, infinity, nan));
  for (const auto& column : columns) {
    std::string list;
    for (const double x : column) list += (list.empty() ? "" : ", ") + literal(x, infinity, nan);
    call.add(open + list + close);
  }
  return call;
}

inline std::string program_in_js(const SourceRequest& r, const std::string& code,
                                 const std::vector<double>& at,
                                 const std::vector<std::vector<double>>& columns) {
  CallText call = arguments_of(at, columns, "Infinity", "NaN", "[", "]");
  if (!r.gradient.empty()) call.add("grad");
  if (!r.hessian.empty()) call.add("hess");
  return "'use strict';\n" + code + "\nconst grad = [], hess = [];\nconst result = " + r.name +
         "(" + call.arguments + ");\nconst all = [" + (r.value ? "result, " : "") +
         "...grad, ...hess];\nfor (const x of all) console.log(x === Infinity ? 'inf' : x === "
         "-Infinity ? '-inf' : Object.is(x, -0) ? '-0.0' : String(x));\n";
}

inline std::string program_in_rust(const SourceRequest& r, const std::string& code,
                                   const std::vector<double>& at,
                                   const std::vector<std::vector<double>>& columns) {
  CallText call;
  std::string text = code + "\nfn main() {\n";
  for (const double x : at) {
    call.add("std::hint::black_box(f64::from_bits(" +
             std::to_string(std::bit_cast<std::uint64_t>(x)) + "))");
  }
  for (const auto& column : columns) {
    std::string list;
    for (const double x : column) list += literal(x, "f64::INFINITY", "f64::NAN") + ", ";
    call.add("&[" + list + "]");
  }
  for (const auto& [name, count] :
       {std::pair{"grad", r.gradient.size()}, {"hess", r.hessian.size()}}) {
    text += "    let mut " + std::string(name) + " = [0.0f64; " + std::to_string(count) + "];\n";
    if (count != 0) call.add("&mut " + std::string(name));
  }
  text += (r.value ? "    let result = " : "    ") + r.name + "(" + call.arguments + ");\n";
  if (r.value) text += "    println!(\"{:e}\", result);\n";
  for (const char* name : {"grad", "hess"}) {
    text += "    " + std::string(name) + "[0..].iter_mut().for_each(|x| println!(\"{:e}\", x));\n";
  }
  return text + "}\n";
}

inline std::string program_in_fortran(const SourceRequest& r, const std::vector<double>& at,
                                      const std::vector<std::vector<double>>& columns) {
  CallText call;
  std::string declare, fill;
  for (std::size_t i = 0; i < at.size(); ++i) {
    const std::string name = "arg" + std::to_string(i);
    declare += "    real(kind(1d0)) :: " + name + "\n";
    fill += "    " + name + " = transfer(" +
            std::to_string(std::bit_cast<std::int64_t>(at[i]) +
                           (at[i] < 0 || (at[i] == 0 && std::signbit(at[i])) ? 1 : 0)) +
            "_8" + (at[i] < 0 || (at[i] == 0 && std::signbit(at[i])) ? " - 1_8" : "") + ", 1d0)\n";
    call.add(name);
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string name = "col" + std::to_string(i), size = std::to_string(columns[i].size());
    declare += "    real(kind(1d0)) :: " + name + "(" + size + ")\n";
    for (std::size_t k = 0; k < columns[i].size(); ++k) {
      fill += "    " + name + "(" + std::to_string(k + 1) + ") = " + std::to_string(columns[i][k]) +
              "d0\n";
    }
  }
  if (!columns.empty()) {
    // the columns come first, their length after them
    for (std::size_t i = 0; i < columns.size(); ++i) call.add("col" + std::to_string(i));
    call.add(std::to_string(columns[0].size()));
  }
  std::string show;
  for (const auto& [name, count] :
       {std::pair{"grad", r.gradient.size()}, {"hess", r.hessian.size()}}) {
    if (count == 0) continue;
    declare += "    real(kind(1d0)) :: " + std::string(name) + "(" + std::to_string(count) + ")\n";
    show += "    print '(es25.17e3)', " + std::string(name) + "\n";
    call.add(name);
  }
  return "program main\n    use generated\n" + declare + fill +
         (r.value ? "    print '(es25.17e3)', " + r.name + "(" + call.arguments + ")\n"
                  : "    call " + r.name + "(" + call.arguments + ")\n") +
         show + "end program\n";
}

inline std::string program_in_julia(const SourceRequest& r, const std::string& code,
                                    const std::vector<double>& at,
                                    const std::vector<std::vector<double>>& columns) {
  CallText call = arguments_of(at, columns, "Inf", "NaN", "[", "]");
  if (!r.gradient.empty()) call.add("grad");
  if (!r.hessian.empty()) call.add("hess");
  return code + "\ngrad = zeros(" + std::to_string(r.gradient.size()) + ")\nhess = zeros(" +
         std::to_string(r.hessian.size()) + ")\nresult = " + r.name + "(" + call.arguments + ")\n" +
         (r.value ? "println(result)\n" : "") + "foreach(println, grad)\nforeach(println, hess)\n";
}

inline std::string program_in_octave(const SourceRequest& r, const std::string& code,
                                     const std::vector<double>& at,
                                     const std::vector<std::vector<double>>& columns) {
  const CallText call = arguments_of(at, columns, "Inf", "NaN", "[", "]");
  std::string results, show;
  const auto add = [&](bool wanted, const std::string& name) {
    if (!wanted) return;
    results += (results.empty() ? "" : ", ") + name;
    show += "printf('%.17g\\n', " + name + ");\n";
  };
  add(r.value, "result_");
  add(!r.gradient.empty(), "grad_");
  add(!r.hessian.empty(), "hess_");
  return "1;\n" + code + "[" + results + "] = " + r.name + "(" + call.arguments + ");\n" + show;
}

inline bool runs(const std::vector<std::string>& words) { return run(words).status == 0; }

inline Outcome run_in_c(const Folder& folder, const SourceRequest& request, const std::string& code,
                        const std::vector<double>& at,
                        const std::vector<std::vector<double>>& columns,
                        const std::string& compiler) {
  const bool cpp = request.language != "c";
  const std::string file = cpp ? "code.cpp" : "code.c";
  folder.write(file, program_in_c(request, code, at, columns, cpp));
  std::vector<std::string> words{compiler, cpp ? "-std=c++17" : "-std=c99"};
  // CUDA runs on the host here; the words that place a function mean nothing there.
  if (request.language == "cuda") words.insert(words.end(), {"-D__host__=", "-D__device__="});
  for (const char* flag :
       {"-O2", "-ffp-contract=off", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-o"}) {
    words.emplace_back(flag);
  }
  words.insert(words.end(), {folder / "program", folder / file, "-lm"});
  const Outcome outcome = run(words);
  return outcome.status == 0 ? run({folder / "program"}) : outcome;
}

inline void read_values(const Outcome& outcome, Answer& answer) {
  if (outcome.status != 0) return;
  static const locale_t plain = ::newlocale(LC_ALL_MASK, "C", nullptr);
  const char* text = outcome.output.c_str();
  for (char* end = nullptr;; text = end) {
    const double x = ::strtod_l(text, &end, plain);
    if (end == text) break;
    answer.values.push_back(x);
  }
}

inline Answer run_source_in_c(const SourceRequest& request, const std::string& code,
                              const std::vector<double>& at,
                              const std::vector<std::vector<double>>& columns,
                              const std::string& compiler) {
  Answer answer;
  const Folder folder;
  const Outcome outcome = run_in_c(folder, request, code, at, columns, compiler);
  answer.messages = outcome.output;
  read_values(outcome, answer);
  return answer;
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
  const std::string_view language = request.language;
  if (language == "c" || language == "cpp" || language == "cuda") {
    outcome = run_in_c(folder, request, *code, at, columns, language == "c" ? "cc" : "c++");
  } else if (language == "python" || language == "numpy") {
    if (!runs({"python3", "--version"})) return {false, "no python3", {}};
    if (language == "numpy" && !runs({"python3", "-I", "-c", "import numpy"})) {
      return {false, "no numpy", {}};
    }
    std::string program = program_in_python(request, *code, at, columns);
    folder.write("code.py", program);
    outcome = run({"python3", "-I", "-W", "error", folder / "code.py"});
  } else if (language == "js") {
    if (!runs({"node", "--version"})) return {false, "no node", {}};
    folder.write("code.js", program_in_js(request, *code, at, columns));
    outcome = run({"node", folder / "code.js"});
  } else if (language == "rust") {
    if (!runs({"rustc", "--version"})) return {false, "no rustc", {}};
    folder.write("code.rs", program_in_rust(request, *code, at, columns));
    outcome = run({"rustc", "-D", "warnings", "-A", "dead_code", "-o", folder / "program",
                   folder / "code.rs"});
    if (outcome.status == 0) outcome = run({folder / "program"});
  } else if (language == "fortran") {
    if (!runs({"gfortran", "--version"})) return {false, "no gfortran", {}};
    folder.write("code.f90", "module generated\ncontains\n" + *code + "end module\n");
    folder.write("main.f90", program_in_fortran(request, at, columns));
    const std::vector<std::string> common{"gfortran", "-std=f2008", "-J", folder / ".", "-c", "-o"};
    std::vector<std::string> words = common;
    words.insert(words.end(), {folder / "code.o", folder / "code.f90", "-ffp-contract=off", "-Wall",
                               "-Werror", "-Wno-unused-dummy-argument"});
    outcome = run(words);
    if (outcome.status == 0) {
      words = common;
      words.insert(words.end(),
                   {folder / "main.o", folder / "main.f90", "-ffree-line-length-none"});
      outcome = run(words);
    }
    if (outcome.status == 0) {
      outcome = run({"gfortran", "-o", folder / "program", folder / "main.o", folder / "code.o"});
    }
    if (outcome.status == 0) outcome = run({folder / "program"});
  } else if (language == "julia") {
    if (!runs({"julia", "--version"})) return {false, "no julia", {}};
    folder.write("code.jl", program_in_julia(request, *code, at, columns));
    outcome = run({"julia", folder / "code.jl"});
  } else if (language == "matlab") {
    if (!runs({"octave", "--version"})) return {false, "no octave", {}};
    folder.write("code.m", program_in_octave(request, *code, at, columns));
    outcome = run({"octave", "--no-gui", "--norc", folder / "code.m"});
  } else {
    answer.messages =
        "tests/emit/run_source.hpp does not know how to run " + std::string(request.language);
    return answer;
  }
  answer.messages = outcome.output + "\n" + *code;
  read_values(outcome, answer);
  return answer;
}

}  // namespace nabla::test
