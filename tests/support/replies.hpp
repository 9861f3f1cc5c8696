#pragma once

// Asks the batch protocol, and reads what corpus files and replies hold.

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace nabla::test {

using Row = std::vector<std::string>;

// The parts of "a,b,c"; none of "-".
std::vector<std::string> split(const std::string& text, char separator = ',');

double number(std::string_view text);               // "5/6" or "1.5e3"; NaN if it is none
double value_of(const nlohmann::json& value);       // also "inf", "-inf", "nan"; NaN for null
nlohmann::json point(const std::string& bindings);  // "x=1,y=2" as an object

double relative_error(double value, double known);  // absolute when the known value is 0

// The replies to one request per row; a failure of the test when there are not as many.
std::vector<nlohmann::json> ask(const std::vector<Row>& rows,
                                const std::function<nlohmann::json(const Row&)>& request);
nlohmann::json ask(const nlohmann::json& request);

}  // namespace nabla::test
