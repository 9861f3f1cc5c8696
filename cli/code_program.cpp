#include "cli/code_program.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

namespace nabla {
namespace {

std::string bits_of(double x) {
  static constexpr char digits[] = "0123456789abcdef";
  const auto bits = std::bit_cast<std::uint64_t>(x);
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += digits[(bits >> shift) & 15];
  return text;
}

// "a, b, c" of parts.
std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

template <typename Write>
std::string list_of(const std::vector<double>& numbers, Write write) {
  std::vector<std::string> parts;
  for (const double x : numbers) parts.push_back(write(x));
  return joined(parts);
}

template <typename Write>
std::string table_of(const std::vector<std::vector<double>>& rows, std::string_view open,
                     std::string_view close, Write write) {
  std::vector<std::string> parts;
  for (const auto& row : rows)
    parts.push_back(std::string(open) + list_of(row, write) + std::string(close));
  return joined(parts);
}

// The arguments of the call: entries of the point, columns, and whatever `more` has.
std::string arguments(const CallPlan& plan, std::string_view open, std::string_view close,
                      std::size_t first, const std::vector<std::string>& more) {
  std::vector<std::string> parts;
  for (std::size_t k = 0; k < plan.points.front().size(); ++k)
    parts.push_back("nabla_at" + std::string(open) + std::to_string(k + first) +
                    std::string(close));
  for (std::size_t k = 0; k < plan.columns.size(); ++k)
    parts.push_back("nabla_column" + std::to_string(k));
  parts.insert(parts.end(), more.begin(), more.end());
  return joined(parts);
}

// The arrays a function stores into, in languages where they are arguments.
std::vector<std::string> arrays(const CallPlan& plan, std::string_view prefix, bool count) {
  std::vector<std::string> more;
  if (count && !plan.columns.empty()) more.push_back(std::to_string(plan.columns[0].size()));
  if (plan.gradient != 0) more.push_back(std::string(prefix) + "nabla_gradient");
  if (plan.hessian != 0) more.push_back(std::string(prefix) + "nabla_hessian");
  return more;
}

std::string in_c(const std::string& code, const CallPlan& plan) {
  const auto bits = [](double x) { return "0x" + bits_of(x) + "ULL"; };
  const std::string n = std::to_string(std::max<std::size_t>(plan.points[0].size(), 1));
  const std::string count = std::to_string(plan.points.size());
  std::string text = code + R"(
#include <stdio.h>
#include <string.h>
static double nabla_number(unsigned long long bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}
static void nabla_show(double x) {
  unsigned long long bits;
  memcpy(&bits, &x, sizeof x);
  printf("%016llx\n", bits);
}
int main(void) {
)";
  std::vector<std::vector<double>> points = plan.points;
  for (auto& point : points) {
    if (point.empty()) point.push_back(0);
  }
  text += "  static const unsigned long long nabla_points[][" + n + "] = {" +
          table_of(points, "{", "}", bits) + "};\n";
  for (std::size_t k = 0; k < plan.columns.size(); ++k) {
    text +=
        "  const double nabla_column" + std::to_string(k) + "[] = {" +
        list_of(plan.columns[k], [](double x) { return "nabla_number(0x" + bits_of(x) + "ULL)"; }) +
        "};\n";
  }
  text += "  for (int nabla_p = 0; nabla_p < " + count + "; ++nabla_p) {\n    double nabla_at[" +
          n + "];\n    for (int k = 0; k < " + n +
          "; ++k) nabla_at[k] = nabla_number(nabla_points[nabla_p][k]);\n";
  const auto array = [&](std::string_view name, std::size_t entries) {
    if (entries != 0)
      text += "    double " + std::string(name) + "[" + std::to_string(entries) + "];\n";
  };
  const auto show = [&](std::string_view name, std::size_t entries) {
    if (entries != 0)
      text += "    for (int k = 0; k < " + std::to_string(entries) + "; ++k) nabla_show(" +
              std::string(name) + "[k]);\n";
  };
  array("nabla_gradient", plan.gradient);
  array("nabla_hessian", plan.hessian);
  const std::string call =
      plan.name + "(" + arguments(plan, "[", "]", 0, arrays(plan, "", true)) + ")";
  text += plan.value ? "    nabla_show(" + call + ");\n" : "    " + call + ";\n";
  show("nabla_gradient", plan.gradient);
  show("nabla_hessian", plan.hessian);
  return text + "  }\n  return 0;\n}\n";
}

std::string in_python(const std::string& code, const CallPlan& plan) {
  const auto bits = [](double x) { return "nabla_number(0x" + bits_of(x) + ")"; };
  std::string text = code + R"(

import struct as nabla_struct


def nabla_number(bits):
    return nabla_struct.unpack('<d', nabla_struct.pack('<Q', bits))[0]


def nabla_show(x):
    if isinstance(x, (tuple, list)) or getattr(x, 'shape', ()):
        for y in x:
            nabla_show(y)
    else:
        print('%016x' % nabla_struct.unpack('<Q', nabla_struct.pack('<d', float(x)))[0])


)";
  for (std::size_t k = 0; k < plan.columns.size(); ++k)
    text += "nabla_column" + std::to_string(k) + " = [" + list_of(plan.columns[k], bits) + "]\n";
  text += "for nabla_at in [" + table_of(plan.points, "[", "]", bits) + "]:\n    try:\n        " +
          "nabla_result = " + plan.name + "(" + arguments(plan, "[", "]", 0, {}) + ")\n" +
          "    except (ZeroDivisionError, ValueError, OverflowError):\n        print('" +
          std::string(raised) + "')\n        continue\n    nabla_show(nabla_result)\n";
  return text;
}

std::string in_js(const std::string& code, const CallPlan& plan) {
  const auto bits = [](double x) { return "nabla_number(0x" + bits_of(x) + "n)"; };
  std::string text = code + R"(
const nabla_view = new DataView(new ArrayBuffer(8));
function nabla_number(bits) {
  nabla_view.setBigUint64(0, bits);
  return nabla_view.getFloat64(0);
}
)";
  for (std::size_t k = 0; k < plan.columns.size(); ++k)
    text +=
        "const nabla_column" + std::to_string(k) + " = [" + list_of(plan.columns[k], bits) + "];\n";
  text +=
      "for (const nabla_at of [" + table_of(plan.points, "[", "]", bits) +
      "]) {\n  const nabla_gradient = [], nabla_hessian = [];\n  const nabla_value = " + plan.name +
      "(" + arguments(plan, "[", "]", 0, arrays(plan, "", false)) + ");\n  for (const x of [" +
      (plan.value ? "nabla_value, " : "") +
      "...nabla_gradient, ...nabla_hessian]) {\n    nabla_view.setFloat64(0, x);\n    "
      "console.log(nabla_view.getBigUint64(0).toString(16).padStart(16, '0'));\n  }\n}\n";
  return "'use strict';\n" + text;
}

std::string in_rust(const std::string& code, const CallPlan& plan) {
  const auto bits = [](double x) { return "f64::from_bits(0x" + bits_of(x) + ")"; };
  const std::string n = std::to_string(plan.points[0].size());
  std::string text = code + "\nfn main() {\n";
  for (std::size_t k = 0; k < plan.columns.size(); ++k)
    text += "    let nabla_list" + std::to_string(k) + " = [" + list_of(plan.columns[k], bits) +
            "];\n    let nabla_column" + std::to_string(k) + " = &nabla_list" + std::to_string(k) +
            ";\n";
  text += "    let nabla_points: Vec<[f64; " + n + "]> = vec![" +
          table_of(plan.points, "[", "]", bits) +
          "];\n    for nabla_row in nabla_points.iter() {\n        let _nabla_at = "
          "std::hint::black_box(nabla_row);\n        let nabla_at = _nabla_at;\n";
  if (plan.points[0].empty()) text += "        let _ = nabla_at;\n";
  for (const auto& [name, entries] :
       {std::pair{"nabla_gradient", plan.gradient}, {"nabla_hessian", plan.hessian}}) {
    if (entries != 0)
      text += "        let mut " + std::string(name) + " = [0.0f64; " + std::to_string(entries) +
              "];\n";
  }
  const std::string call =
      plan.name + "(" + arguments(plan, "[", "]", 0, arrays(plan, "&mut ", false)) + ")";
  text += plan.value ? "        println!(\"{:016x}\", " + call + ".to_bits());\n"
                     : "        " + call + ";\n";
  for (const auto& [name, entries] :
       {std::pair{"nabla_gradient", plan.gradient}, {"nabla_hessian", plan.hessian}}) {
    if (entries != 0)
      text += "        for x in " + std::string(name) +
              ".iter() { println!(\"{:016x}\", x.to_bits()); }\n";
  }
  return text + "    }\n}\n";
}

// Bits as a decimal integer, for the smallest of which Fortran has no literal.
std::string fortran_number(double x) {
  const auto bits = std::bit_cast<std::int64_t>(x);
  const std::string text =
      bits < 0 ? std::to_string(bits + 1) + "_8 - 1_8" : std::to_string(bits) + "_8";
  return "transfer(" + text + ", 1d0)";
}

std::string in_fortran(const std::string& code, const CallPlan& plan) {
  const std::size_t n = plan.points[0].size(), count = plan.points.size();
  std::string declare, fill, show;
  declare += "    integer :: nabla_p\n    real(kind(1d0)) :: nabla_points(" +
             std::to_string(std::max<std::size_t>(n, 1)) + ", " + std::to_string(count) + ")\n";
  for (std::size_t p = 0; p < count; ++p) {
    for (std::size_t k = 0; k < n; ++k)
      fill += "    nabla_points(" + std::to_string(k + 1) + ", " + std::to_string(p + 1) +
              ") = " + fortran_number(plan.points[p][k]) + "\n";
  }
  for (std::size_t k = 0; k < plan.columns.size(); ++k) {
    const std::string name = "nabla_column" + std::to_string(k);
    declare +=
        "    real(kind(1d0)) :: " + name + "(" + std::to_string(plan.columns[k].size()) + ")\n";
    for (std::size_t i = 0; i < plan.columns[k].size(); ++i)
      fill += "    " + name + "(" + std::to_string(i + 1) +
              ") = " + fortran_number(plan.columns[k][i]) + "\n";
  }
  for (const auto& [name, entries] :
       {std::pair{"nabla_gradient", plan.gradient}, {"nabla_hessian", plan.hessian}}) {
    if (entries == 0) continue;
    declare +=
        "    real(kind(1d0)) :: " + std::string(name) + "(" + std::to_string(entries) + ")\n";
    show += "      print '(z16.16)', transfer(" + std::string(name) + ", [0_8])\n";
  }
  std::string point = arguments(plan, "(", ", nabla_p)", 1, arrays(plan, "", true));
  for (std::size_t at = point.find("nabla_at("); at != point.npos; at = point.find("nabla_at("))
    point.replace(at, 9, "nabla_points(");
  const std::string call = plan.name + "(" + point + ")";
  return "module generated\ncontains\n" + code + "end module\nprogram main\n    use generated\n" +
         declare + fill + "    do nabla_p = 1, " + std::to_string(count) + "\n" +
         (plan.value ? "      print '(z16.16)', transfer(" + call + ", 0_8)\n"
                     : "      call " + call + "\n") +
         show + "    end do\nend program\n";
}

std::string in_julia(const std::string& code, const CallPlan& plan) {
  const auto bits = [](double x) { return "reinterpret(Float64, 0x" + bits_of(x) + ")"; };
  std::string text = code +
                     "\nnabla_show(x) = println(string(reinterpret(UInt64, Float64(x)), "
                     "base=16, pad=16))\n";
  for (std::size_t k = 0; k < plan.columns.size(); ++k)
    text += "nabla_column" + std::to_string(k) + " = [" + list_of(plan.columns[k], bits) + "]\n";
  return text + "for nabla_at in [" + table_of(plan.points, "Float64[", "]", bits) +
         "]\n  nabla_gradient = zeros(" + std::to_string(plan.gradient) +
         ")\n  nabla_hessian = zeros(" + std::to_string(plan.hessian) +
         ")\n  nabla_value = " + plan.name + "(" +
         arguments(plan, "[", "]", 1, arrays(plan, "", false)) + ")\n" +
         (plan.value ? "  nabla_show(nabla_value)\n" : "") +
         "  foreach(nabla_show, nabla_gradient)\n  foreach(nabla_show, nabla_hessian)\nend\n";
}

std::string in_matlab(const std::string& code, const CallPlan& plan) {
  const auto bits = [](double x) { return "hex2num('" + bits_of(x) + "')"; };
  std::string text = "1;\n" + code + "\n";
  for (std::size_t k = 0; k < plan.columns.size(); ++k)
    text += "nabla_column" + std::to_string(k) + " = [" + list_of(plan.columns[k], bits) + "];\n";
  std::vector<std::string> results;
  if (plan.value) results.emplace_back("nabla_value");
  if (plan.gradient != 0) results.emplace_back("nabla_gradient");
  if (plan.hessian != 0) results.emplace_back("nabla_hessian");
  text += "nabla_points = {" + table_of(plan.points, "[", "]", bits) +
          "};\nfor nabla_p = 1:numel(nabla_points)\n  nabla_at = nabla_points{nabla_p};\n  [" +
          joined(results) + "] = " + plan.name + "(" + arguments(plan, "(", ")", 1, {}) + ");\n";
  for (const std::string& r : results)
    text += "  for nabla_k = 1:numel(" + r + ")\n    disp(num2hex(double(" + r +
            "(nabla_k))));\n  end\n";
  return text + "end\n";
}

}  // namespace

std::optional<CodeProgram> program_around(std::string_view language, const std::string& code,
                                          const CallPlan& plan) {
  const std::vector<std::string> exact{"-O2", "-ffp-contract=off", "-fno-builtin"};
  const auto compiled = [&](std::vector<std::string> first, std::string file,
                            std::vector<std::string> last) {
    first.insert(first.end(), exact.begin(), exact.end());
    first.insert(first.end(), {"-o", "@/program", "@/" + file});
    first.insert(first.end(), last.begin(), last.end());
    return first;
  };
  if (language == "c") {
    return CodeProgram{.file = "code.c",
                       .text = in_c(code, plan),
                       .tool = "cc",
                       .compile = compiled({"-std=c99"}, "code.c", {"-lm"}),
                       .same_bits = true};
  }
  // CUDA runs on the host here; the words that place a function mean nothing there.
  if (language == "cpp" || language == "cuda") {
    std::vector<std::string> first{"-std=c++17"};
    if (language == "cuda") first.insert(first.end(), {"-D__host__=", "-D__device__="});
    return CodeProgram{.file = "code.cpp",
                       .text = in_c(code, plan),
                       .tool = "c++",
                       .compile = compiled(first, "code.cpp", {"-lm"}),
                       .same_bits = true};
  }
  if (language == "fortran") {
    return CodeProgram{
        .file = "code.f90",
        .text = in_fortran(code, plan),
        .tool = "gfortran",
        .compile = compiled({"-std=f2008", "-J", "@/", "-ffree-line-length-none"}, "code.f90", {})};
  }
  if (language == "rust") {
    return CodeProgram{.file = "code.rs",
                       .text = in_rust(code, plan),
                       .tool = "rustc",
                       .compile = {"-O", "-A", "warnings", "-o", "@/program", "@/code.rs"}};
  }
  if (language == "python" || language == "numpy") {
    CodeProgram program{.file = "code.py",
                        .text = in_python(code, plan),
                        .tool = "python3",
                        .run = {"-I", "@/code.py"}};
    if (language == "numpy") {
      program.probe = {"-I", "-c", "import numpy"};
      program.library = "numpy";
    }
    return program;
  }
  if (language == "js") {
    return CodeProgram{
        .file = "code.js", .text = in_js(code, plan), .tool = "node", .run = {"@/code.js"}};
  }
  if (language == "julia") {
    return CodeProgram{
        .file = "code.jl", .text = in_julia(code, plan), .tool = "julia", .run = {"@/code.jl"}};
  }
  if (language == "matlab") {
    return CodeProgram{.file = "code.m",
                       .text = in_matlab(code, plan),
                       .tool = "octave",
                       .run = {"--no-gui", "--norc", "@/code.m"}};
  }
  return std::nullopt;
}

}  // namespace nabla
