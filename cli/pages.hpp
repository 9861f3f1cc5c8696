#pragma once

// Pages of help that are made from the tables: a function, all functions, the language.

#include <optional>
#include <string>
#include <string_view>

#include "lib/core/diagnostic.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/limits.hpp"

namespace nabla {

// Name, aliases, domain and derivative of one function.
std::string function_page(const FunctionRow&);

// One line for each row of the function table and of the constants.
std::string function_list();
std::string function_list_json();

// The limits with their values; and setting one from "NAME=N" (errors: U501).
std::string limit_list(const Limits&);
std::string limit_list_json(const Limits&);
std::optional<Diagnostic> set_limit(Limits&, std::string_view text);

// Operators, and the words that act on expressions.
std::string language_page();

// The page of a function, operator word or topic; nothing if there is none.
std::optional<std::string> find_page(std::string_view topic);

// Every topic that find_page knows, for "did you mean".
std::vector<std::string_view> topics();

}  // namespace nabla
