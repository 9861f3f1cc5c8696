#include "tests/support/replies.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <cmath>

#include "tests/support/process.hpp"

namespace nabla::test {

using nlohmann::json;

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size() && text != "-";) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

double number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nan("");
  const std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
  return rest.starts_with('/') ? value / number(rest.substr(1)) : value;
}

double value_of(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (value == "inf") return INFINITY;
  if (value == "-inf") return -INFINITY;
  return std::nan("");
}

json point(const std::string& bindings) {
  json at = json::object();
  for (const std::string& binding : split(bindings)) {
    const std::size_t equals = binding.find('=');
    at[binding.substr(0, equals)] = number(binding.substr(equals + 1));
  }
  return at;
}

double relative_error(double value, double known) {
  return known == 0 ? std::abs(value) : std::abs(value - known) / std::abs(known);
}

std::vector<json> ask(const std::vector<Row>& rows,
                      const std::function<json(const Row&)>& request) {
  std::string input;
  for (const Row& row : rows) input += request(row).dump() + "\n";
  const Ran ran = shell("nabla batch", input);
  EXPECT_EQ(ran.code, 0) << ran.err;
  std::vector<json> replies;
  for (const std::string& line : lines_of(ran.out)) replies.push_back(json::parse(line));
  EXPECT_EQ(replies.size(), rows.size());
  replies.resize(rows.size());
  return replies;
}

json ask(const json& request) {
  return ask({Row{}}, [&](const Row&) { return request; }).front();
}

}  // namespace nabla::test
