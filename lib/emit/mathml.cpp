#include "lib/emit/mathml.hpp"

#include <vector>

#include "lib/core/constants.hpp"
#include "lib/core/graph.hpp"
#include "lib/emit/letters.hpp"
#include "lib/emit/typeset.hpp"

namespace nabla {

namespace {

constexpr std::string_view spelling(Sign sign) {
  switch (sign) {
    case Sign::plus: return "<mo>+</mo>";
    case Sign::minus: return "<mo>−</mo>";
    case Sign::negative: return "<mo form=\"prefix\">−</mo>";
    case Sign::dot: return "<mo>⋅</mo>";
    case Sign::factor:
    case Sign::thin: return "<mo>&#x2062;</mo>";  // invisible times
    case Sign::slash: return "<mo>/</mo>";
    case Sign::comma: return "<mo>,</mo>";
    case Sign::less: return "<mo>&lt;</mo>";
    case Sign::less_equal: return "<mo>≤</mo>";
    case Sign::greater: return "<mo>&gt;</mo>";
    case Sign::greater_equal: return "<mo>≥</mo>";
    case Sign::equal: return "<mo>=</mo>";
    case Sign::not_equal: return "<mo>≠</mo>";
    case Sign::both: return "<mo>∧</mo>";
    case Sign::either: return "<mo>∨</mo>";
    case Sign::negation: return "<mo>¬</mo>";
    case Sign::apply: return "<mo>&#x2061;</mo>";  // function application
    case Sign::gap: return "";
    case Sign::sum:
      return "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi>"
             "</munderover>";
  }
  return {};
}

struct GroupSpelling {
  std::string_view open, next, close;
};
constexpr GroupSpelling spelling(Group group) {
  switch (group) {
    case Group::parentheses: return {"<mrow><mo>(</mo>", "", "<mo>)</mo></mrow>"};
    case Group::bars: return {"<mrow><mo>|</mo>", "", "<mo>|</mo></mrow>"};
    case Group::floor: return {"<mrow><mo>⌊</mo>", "", "<mo>⌋</mo></mrow>"};
    case Group::ceiling: return {"<mrow><mo>⌈</mo>", "", "<mo>⌉</mo></mrow>"};
    case Group::fraction: return {"<mfrac><mrow>", "</mrow><mrow>", "</mrow></mfrac>"};
    case Group::power: return {"<msup><mrow>", "</mrow><mrow>", "</mrow></msup>"};
    case Group::root: return {"<msqrt>", "", "</msqrt>"};
    case Group::cube_root: return {"<mroot><mrow>", "", "</mrow><mn>3</mn></mroot>"};
    case Group::cases:
      return {"<mrow><mo>{</mo><mtable columnalign=\"left\"><mtr><mtd>",
              "</mtd><mtd><mtext>if&#xA0;</mtext>",
              "</mtd><mtd><mtext>otherwise</mtext></mtd></mtr></mtable></mrow>"};
  }
  return {};
}

std::string letters(std::string_view name) {
  if (const std::string_view greek = greek_letter(name); !greek.empty()) name = greek;
  const bool number = name.find_first_not_of("0123456789") == name.npos;
  return (number ? "<mn>" : "<mi>") + std::string(name) + (number ? "</mn>" : "</mi>");
}

std::string with_index(const std::string& base, const std::string& index) {
  return index.empty() ? base : "<msub>" + base + "<mrow>" + index + "</mrow></msub>";
}

std::string set_name(std::string_view name, bool column) {
  const NameParts parts = split_name(name);
  std::string base = letters(parts.head), index;
  if (parts.hat) base = "<mover>" + base + "<mo>^</mo></mover>";
  for (const std::string_view part : parts.indices) {
    index += (index.empty() ? "" : "<mo>,</mo>") + letters(part);
  }
  if (column) index += index.empty() ? "<mi>i</mi>" : "<mo>,</mo><mi>i</mi>";
  return with_index(base, index);
}

class MathmlSink : public MarkSink {
 public:
  explicit MathmlSink(const Limits& limits) : limits_(limits) {}

  void take(const Mark& mark) override {
    using Kind = Mark::Kind;
    switch (mark.kind) {
      case Kind::number: (((text += "<mn>") += mark.text) += "</mn>"); break;
      case Kind::name:
      case Kind::column: text += set_name(mark.text, mark.kind == Kind::column); break;
      case Kind::constant: {
        const Constant& row = constants[mark.row];
        text += letters(row.aliases.empty() ? row.name : row.aliases);
        break;
      }
      case Kind::function: {
        const FunctionName name = function_name(functions[mark.row]);
        text += with_index(letters(name.letters), name.index.empty() ? "" : letters(name.index));
        break;
      }
      case Kind::sign: text += spelling(mark.sign); break;
      case Kind::open: text += spelling(mark.group).open; break;
      case Kind::next: text += spelling(mark.group).next; break;
      case Kind::row: text += "</mtd></mtr><mtr><mtd>"; break;
      case Kind::close: text += spelling(mark.group).close; break;
    }
    if (text.size() > limits_.output_bytes) output_too_long(limits_);
  }

  std::string text = "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"><mrow>";

 private:
  const Limits& limits_;
};

}  // namespace

std::string mathml(Expr e) {
  MathmlSink sink(e.graph->limits);
  typeset(e, sink);
  return std::move(sink.text) + "</mrow></math>";
}

}  // namespace nabla
