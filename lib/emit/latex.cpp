#include "lib/emit/latex.hpp"

#include "lib/core/constants.hpp"
#include "lib/core/graph.hpp"
#include "lib/emit/letters.hpp"
#include "lib/emit/typeset.hpp"

namespace nabla {

namespace {

constexpr std::string_view spelling(Sign sign) {
  switch (sign) {
    case Sign::plus: return " + ";
    case Sign::minus: return " - ";
    case Sign::negative: return "-";
    case Sign::dot: return " \\cdot ";
    case Sign::factor:
    case Sign::gap: return " ";
    case Sign::thin: return " \\, ";
    case Sign::slash: return "/";
    case Sign::comma: return ", ";
    case Sign::less: return " < ";
    case Sign::less_equal: return " \\le ";
    case Sign::greater: return " > ";
    case Sign::greater_equal: return " \\ge ";
    case Sign::equal: return " = ";
    case Sign::not_equal: return " \\ne ";
    case Sign::both: return " \\land ";
    case Sign::either: return " \\lor ";
    case Sign::negation: return "\\lnot ";
    case Sign::apply: return "";
    case Sign::sum: return "\\sum_{i=1}^{n} ";
  }
  return {};
}

struct GroupSpelling {
  std::string_view open, next, close;
};
constexpr GroupSpelling spelling(Group group) {
  switch (group) {
    case Group::parentheses: return {"\\left(", "", "\\right)"};
    case Group::bars: return {"\\left|", "", "\\right|"};
    case Group::floor: return {"\\left\\lfloor ", "", "\\right\\rfloor"};
    case Group::ceiling: return {"\\left\\lceil ", "", "\\right\\rceil"};
    case Group::fraction: return {"\\frac{", "}{", "}"};
    case Group::power: return {"", "^{", "}"};
    case Group::root: return {"\\sqrt{", "", "}"};
    case Group::cube_root: return {"\\sqrt[3]{", "", "}"};
    case Group::cases:
      return {"\\begin{cases} ", " & \\text{if } ", " & \\text{otherwise} \\end{cases}"};
  }
  return {};
}

// One letter or a number is set as it is, a word upright.
void append_letters(std::string& out, std::string_view name) {
  if (!greek_letter(name).empty()) {
    out += '\\';
    out += name;
  } else if (name.size() <= 1 || name.find_first_not_of("0123456789") == name.npos) {
    out += name;
  } else {
    out += "\\mathrm{";
    for (const char c : name) {
      if (c == '_') out += '\\';
      out += c;
    }
    out += '}';
  }
}

void append_name(std::string& out, std::string_view name, bool column) {
  const NameParts parts = split_name(name);
  if (parts.hat) out += "\\hat{";
  append_letters(out, parts.head);
  if (parts.hat) out += '}';
  if (parts.indices.empty() && !column) return;
  out += "_{";
  for (std::size_t i = 0; i < parts.indices.size(); ++i) {
    if (i != 0) out += ',';
    append_letters(out, parts.indices[i]);
  }
  if (column) out += parts.indices.empty() ? "i" : ",i";
  out += '}';
}

class LatexSink : public MarkSink {
 public:
  explicit LatexSink(const Limits& limits) : limits_(limits) {}

  void take(const Mark& mark) override {
    using Kind = Mark::Kind;
    switch (mark.kind) {
      case Kind::number: text += mark.text; break;
      case Kind::name:
      case Kind::column: append_name(text, mark.text, mark.kind == Kind::column); break;
      case Kind::constant: text += constants[mark.row].latex; break;
      case Kind::function: {
        const FunctionRow& row = functions[mark.row];
        text += row.latex.empty() ? "\\operatorname{" + std::string(row.name) + "}"
                                  : std::string(row.latex);
        break;
      }
      case Kind::sign: text += spelling(mark.sign); break;
      case Kind::open: text += spelling(mark.group).open; break;
      case Kind::next: text += spelling(mark.group).next; break;
      case Kind::row: text += " \\\\ "; break;
      case Kind::close: text += spelling(mark.group).close; break;
    }
    if (text.size() > limits_.output_bytes) output_too_long(limits_);
  }

  std::string text;

 private:
  const Limits& limits_;
};

}  // namespace

std::string latex_name(std::string_view name) {
  std::string text;
  append_name(text, name, false);
  return text;
}

std::string latex(Expr e) {
  LatexSink sink(e.graph->limits);
  typeset(e, sink);
  return std::move(sink.text);
}

}  // namespace nabla
