#include "cli/pages.hpp"

#include <algorithm>

#include "cli/text.hpp"
#include "lib/core/constants.hpp"
#include "lib/core/operators.hpp"
#include "lib/emit/print.hpp"
#include "parser/render.hpp"
#include "parser/suggest.hpp"
#include "parser/verbs.hpp"

namespace nabla {
namespace {

std::string operands(const FunctionRow& f) {
  if (f.variadic) return "(u, v, ...)";
  return f.value.arity == 3 ? "(u, v, w)" : f.value.arity == 2 ? "(u, v)" : "(u)";
}

void append_padded(std::string& out, std::string_view text, std::size_t width) {
  out += text;
  // Columns are letters, not bytes: bytes that go on with a letter take no room.
  const auto letters = static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
  out.append(letters < width ? width - letters : 1, ' ');
}

void append_interval(std::string& out, std::string_view name, const Domain& domain) {
  const bool below = domain.low > -infinite, above = domain.high < infinite;
  if (!below && !above) return;
  out += "  defined for  ";
  if (below) {
    append_number(out, domain.low);
    out += domain.open ? " < " : " <= ";
  }
  out += name;
  if (above) {
    out += domain.open ? " < " : " <= ";
    append_number(out, domain.high);
  }
  out += '\n';
}

// d/du and d/dv of the row, where they are plain expressions of the operands and the value y.
void append_partials(std::string& out, const FunctionRow& f) {
  Graph graph;
  const Args args{
      .u = symbol(graph, "u"), .v = symbol(graph, "v"), .w = {}, .y = symbol(graph, "y")};
  if (f.partials.kind == Partials::Kind::branch) {
    out += "  derivative   that of u where " + print(f.partials.by[0](args)) + ", else that of v\n";
    return;
  }
  for (int i = 0; i < f.partials.count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    out += i == 0 ? "  d/du         " : "  d/dv         ";
    if (!f.partials.defined[at]) {
      out += "none\n";
      continue;
    }
    const Expr partial = f.partials.by[at](args);
    const auto names = graph.symbols(std::span(&partial.id, 1));
    out += print(partial);
    if (std::ranges::find(names, "y") != names.end()) out += ",  y the value";
    out += '\n';
  }
}

}  // namespace

std::string function_page(const FunctionRow& f) {
  std::string out;
  out += f.name;
  out += operands(f) + "  " + std::string(f.summary) + "\n";
  if (!f.aliases.empty()) out += "  also         " + std::string(f.aliases) + "\n";
  if (f.value.kind != Value::Kind::machine) {
    Graph graph;
    const Args args{
        .u = symbol(graph, "u"), .v = symbol(graph, "v"), .w = symbol(graph, "w"), .y = {}};
    const std::string text = print_shared(f.value.expression(args));
    if (text.size() < 200) out += "  computed as  " + text + "\n";
  }
  append_partials(out, f);
  append_interval(out, "u", f.domain);
  if (f.value.arity == 2) append_interval(out, "v", f.second_domain);
  return out;
}

std::string function_list() {
  std::string out;
  for (const FunctionRow& f : functions) {
    append_padded(out, std::string(f.name) + operands(f), 22);
    append_padded(out, f.aliases, 22);
    out += f.summary;
    out += '\n';
  }
  for (const Constant& c : constants) {
    append_padded(out, c.name, 22);
    append_padded(out, c.aliases, 22);
    out += c.summary;
    out += '\n';
  }
  return out;
}

std::string function_list_json() {
  std::string out = "{\"ok\":true,\"command\":\"functions\",\"functions\":[";
  bool first = true;
  for (const FunctionRow& f : functions) {
    out += first ? "{\"name\":" : ",{\"name\":";
    first = false;
    append_json(out, f.name);
    out += ",\"arity\":" + std::to_string(f.value.arity);
    out += f.variadic ? ",\"variadic\":true,\"aliases\":" : ",\"variadic\":false,\"aliases\":";
    append_json(out, f.aliases);
    out += ",\"summary\":";
    append_json(out, f.summary);
    out += '}';
  }
  return out + "]}\n";
}

std::string limit_list(const Limits& limits) {
  std::string out;
  for (const LimitRow& row : limit_rows) {
    append_padded(out, row.name, 18);
    append_padded(out, std::to_string(limits.*row.value), 12);
    out += std::string(row.unit) + ": " + std::string(row.meaning) + " (";
    out += std::string(row.code) + ")\n";
  }
  return out;
}

std::string limit_list_json(const Limits& limits) {
  std::string out = "{\"ok\":true,\"command\":\"limits\",\"limits\":[";
  for (const LimitRow& row : limit_rows) {
    out += out.ends_with('[') ? "{\"name\":" : ",{\"name\":";
    append_json(out, row.name);
    out += ",\"value\":" + std::to_string(limits.*row.value);
    out += ",\"default\":" + std::to_string(Limits{}.*row.value);
    out += ",\"most\":" + std::to_string(row.most) + ",\"unit\":";
    append_json(out, row.unit);
    out += ",\"meaning\":";
    append_json(out, row.meaning);
    out += ",\"code\":";
    append_json(out, row.code);
    out += '}';
  }
  return out + "]}\n";
}

std::optional<Diagnostic> set_limit(Limits& limits, std::string_view text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::string_view name = trimmed(text.substr(0, equals));
  const LimitRow* row = find_limit(name);
  if (row == nullptr) {
    std::vector<std::string_view> names;
    for (const LimitRow& known : limit_rows) names.push_back(known.name);
    const std::string_view near = nearest(name, names);
    return Diagnostic{.code = "U501",
                      .message = "there is no limit '" + printable(name) + "'",
                      .span = {},
                      .hint = near.empty() ? "nabla limits lists them"
                                           : "did you mean '" + std::string(near) + "'?"};
  }
  const auto value = to_count(equals == text.size() ? text : trimmed(text.substr(equals + 1)));
  if (!value || *value < 1 || *value > row->most) {
    return Diagnostic{
        .code = "U501",
        .message = "the limit '" + std::string(name) + "' takes a number from 1 to " +
                   std::to_string(row->most),
        .span = {},
        .hint = "as in " + std::string(name) + "=" + std::to_string(Limits{}.*row->value)};
  }
  limits.*row->value = *value;
  return std::nullopt;
}

std::string language_page() {
  std::string out = "Operators, loosest first\n";
  for (const Operator& row : operators) {
    append_padded(out, "  " + std::string(row.spelling), 8);
    append_padded(out, row.aliases, 20);
    out += row.summary;
    out += '\n';
  }
  out += "\nWords\n";
  for (const VerbRow& row : verbs) {
    append_padded(out, "  " + std::string(row.synopsis), 40);
    out += row.summary;
    out += '\n';
  }
  out +=
      "\nWhat people write\n"
      "  2x, x y, 2(x+1)               products; 1/2x is (1/2)*x, and a note says so\n"
      "  sin x, sin 2x, sin^2 x, |x|   functions without parentheses, bars\n"
      "  x**2, x², np.exp(x), \\frac{a}{b}\n"
      "                                Python, Unicode and LaTeX spellings\n"
      "  f(x) = x^2 + 1; f'(3)         definitions and primes\n"
      "  d/dx (...), diff(f, x, 2)     derivatives inside expressions\n"
      "  x > 0 ? a : b                 conditions; also if(c, a, b)\n"
      "  x = [1, 2, 3]; mean(x)        data; sums stay sums\n";
  return out;
}

std::optional<std::string> find_page(std::string_view topic) {
  if (topic == "language" || topic == "syntax") return language_page();
  if (topic == "limits") return limit_list({});
  if (const auto fn = find_function(topic)) return function_page(row(*fn));
  if (const VerbRow* verb = find_verb(topic)) {
    return std::string(verb->synopsis) + "  " + std::string(verb->summary) + "\n";
  }
  if (const auto constant = find_constant(topic)) {
    std::string out(constants[*constant].name);
    out += " = ";
    append_number(out, constants[*constant].value);
    return out + "  " + std::string(constants[*constant].summary) + "\n";
  }
  return std::nullopt;
}

std::vector<std::string_view> topics() {
  std::vector<std::string_view> names{"language", "limits"};
  for (const FunctionRow& f : functions) names.push_back(f.name);
  for (const VerbRow& row : verbs) names.push_back(row.name);
  return names;
}

}  // namespace nabla
