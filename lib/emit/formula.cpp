#include "lib/emit/formula.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lib/emit/numerals.hpp"

namespace nabla {

std::string fill(std::string_view pattern, std::initializer_list<Hole> holes) {
  std::string result;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '#' && i + 1 < pattern.size()) {
      const auto hole = std::ranges::find(holes, pattern[i + 1], &Hole::key);
      if (hole != holes.end()) {
        result += hole->text;
        ++i;
        continue;
      }
    }
    result += pattern[i];
  }
  return result;
}

std::string spelling_of(const Dialect& d, Fn fn) {
  const FunctionRow& f = row(fn);
  const auto own = std::ranges::find(d.functions, fn, &FunctionSpelling::fn);
  if (own != d.functions.end()) return std::string(own->text);
  const std::string_view column = d.column == nullptr ? std::string_view() : f.*d.column;
  if (column.empty()) return fmt::format("{}{}", d.name_prefix, f.name);
  const bool whole = column == "-" || column.find('#') != column.npos;
  return fmt::format("{}{}", whole ? std::string_view() : d.own_prefix, column);
}

int level_of(const Dialect& d, Fn fn) {
  const auto own = std::ranges::find(d.functions, fn, &FunctionSpelling::fn);
  return own == d.functions.end() ? 9 : own->level;
}

Formula Formulas::constant(double x) const {
  if (std::isnan(x)) return {std::string(d_.not_a_number)};
  const std::string magnitude = std::isinf(x)           ? std::string(d_.infinity)
                                : d_.literal != nullptr ? d_.literal(numeral(std::fabs(x)))
                                                        : numeral(std::fabs(x));
  if (!std::signbit(x)) return {magnitude};
  const Spelling& negate = d_.spellings[static_cast<std::size_t>(Primitive::negate)];
  return {fill(negate.text, {{'a', magnitude}}), negate.level};
}

Formula Formulas::value(std::uint32_t v) const {
  if (v < t_.first_column()) return {inputs[v]};
  if (v < t_.row_count()) {
    return {fill(d_.statements.element, {{'n', columns[v - t_.first_column()]}, {'i', index}})};
  }
  if (v == t_.row_count()) {
    return {fill(d_.number_of_rows.text, {{'a', rows}}), d_.number_of_rows.level};
  }
  if (v < t_.first_operation()) return constant(t_.constants[v - t_.first_constant()]);
  return of_operations[v - t_.first_operation()];
}

std::string Formulas::operand(std::uint32_t v, Kind wanted, int level) const {
  Formula f = value(v);
  const auto parenthesised = [](Formula& formula, int at_least) {
    return formula.level < at_least ? fmt::format("({})", formula.text) : std::move(formula.text);
  };
  if (f.kind != wanted) {
    const Spelling& as = wanted == Kind::number ? d_.number_of_condition : d_.condition_of_number;
    const std::string inner = parenthesised(f, as.operands[0]);
    f = {fill(as.text, {{'a', inner}}), as.level, wanted};
  }
  return parenthesised(f, level);
}

Formula Formulas::operation(std::size_t at) const {
  const Primitive op = t_.op[at];
  const int count = arity(op, t_.detail[at]);
  if (op == Primitive::call) {
    const std::string spelling = spelling_of(d_, Fn{t_.detail[at]});
    std::string operands = number(t_.a[at]);
    if (count == 2) operands += fmt::format(", {}", number(t_.b[at]));
    if (const std::size_t hole = spelling.find('#'); hole == spelling.npos) {
      return {fill(d_.call, {{'n', spelling}, {'p', operands}})};
    } else if (spelling.find("#a") == spelling.npos) {
      return {fmt::format("{}{}{}", spelling.substr(0, hole), operands, spelling.substr(hole + 1))};
    }
    const std::string a = operand(t_.a[at], Kind::number, 9),
                      b = count == 2 ? operand(t_.b[at], Kind::number, 9) : std::string();
    return {fill(spelling, {{'a', a}, {'b', b}}), level_of(d_, Fn{t_.detail[at]})};
  }
  if (is_apply(op)) {
    std::string operands;
    for (int i = 0; i < count; ++i) {
      operands += (i > 0 ? ", " : "") + number(t_.operand(at, i));
    }
    const std::string& code = t_.functions[t_.detail[at]]->spelling(d_.name)->code;
    const std::size_t hole = code.find('#');
    if (hole == code.npos) return {fmt::format("{}({})", code, operands)};
    return {fmt::format("{}{}{}", code.substr(0, hole), operands, code.substr(hole + 1))};
  }
  const PrimitiveRow& primitive = row(op);
  const Spelling& spelling = d_.spellings[static_cast<std::size_t>(op)];
  const std::string a = operand(t_.a[at], primitive.first, spelling.operands[0]);
  const std::string b =
      count > 1 ? operand(t_.b[at], primitive.second, spelling.operands[1]) : std::string();
  const std::string c =
      count > 2 ? operand(t_.c[at], Kind::number, spelling.operands[2]) : std::string();
  return {fill(spelling.text, {{'a', a}, {'b', b}, {'c', c}}), spelling.level, primitive.result};
}

}  // namespace nabla
