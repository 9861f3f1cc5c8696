// Requests of the batch protocol like a given one.

#include <array>
#include <nlohmann/json.hpp>

#include "lib/emit/dialects.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/fuzz/text_generator.hpp"

namespace nabla::test {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 11> ops{"parse",    "diff",     "grad", "hessian",
                                          "jacobian", "simplify", "eval", "codegen",
                                          "cost",     "explain",  "dif"};
constexpr std::array<const char*, 15> fields{"expr",   "exprs",  "wrt",      "order", "variables",
                                             "at",     "format", "simplify", "lang",  "name",
                                             "strict", "assume", "engine",   "id",    "what"};
constexpr std::array<const char*, 6> names{"x", "y", "x_1", "w", "e", "alpha"};

json any_number(Dice& dice) {
  constexpr std::array<const char*, 3> words{"nan", "inf", "-inf"};
  switch (dice.below(5)) {
    case 0: return dice.of(words);
    case 1: return static_cast<double>(dice.below(2001)) / 500 - 2;
    case 2: return static_cast<std::int64_t>(dice.bits());
    default: return dice.below(7);
  }
}

json any_value(const std::string& field, Dice& dice) {
  TextGenerator text(dice);
  if (dice.one_in(16)) return any_number(dice);
  if (field == "expr" || field == "assume") return text.statement();
  if (field == "exprs") return json::array({text.statement(), text.expression(2)});
  if (field == "wrt" || field == "variables") {
    json list = json::array();
    while (!dice.one_in(3)) list.push_back(dice.of(names));
    return list;
  }
  if (field == "order" || field == "simplify") return dice.below(dice.one_in(4) ? 1'000'001 : 4);
  if (field == "at") {
    json points = json::array();
    do {
      json point = json::object();
      for (const char* name : names) {
        if (dice.one_in(2)) point[name] = any_number(dice);
        if (dice.one_in(6)) point[name] = json::array({any_number(dice), any_number(dice)});
      }
      points.push_back(point);
    } while (dice.one_in(2));
    return points;
  }
  if (field == "format") {
    constexpr std::array<const char*, 5> formats{"text", "latex", "sexpr", "dot", "unicode"};
    return dice.of(formats);
  }
  if (field == "lang") return dice.of(dialects).name;
  if (field == "name") return text.name();
  if (field == "strict") return dice.one_in(2);
  if (field == "engine") return dice.one_in(2) ? "interpreter" : "jit";
  return json::array({nullptr, any_number(dice)});
}

}  // namespace

std::string request_like(std::string_view line, Dice& dice) {
  json request = json::parse(line, nullptr, false);
  if (!request.is_object() || dice.one_in(8)) {
    request = {{"id", dice.below(100)}, {"op", dice.of(ops)}, {"expr", any_value("expr", dice)}};
  }
  do {
    if (dice.one_in(3) && request.contains("expr") && request["expr"].is_string()) {
      request["expr"] = text_like(request["expr"].get<std::string>(), dice);
    } else if (dice.one_in(3)) {
      request["op"] = dice.of(ops);
    } else if (dice.one_in(8)) {
      request.erase(dice.of(fields));
    } else {
      const std::string field = dice.of(fields);
      request[field] = any_value(field, dice);
    }
  } while (dice.one_in(2));
  return request.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace nabla::test
