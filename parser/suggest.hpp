#pragma once

// "Did you mean": the nearest name among those that would be understood.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

// Number of letters inserted, removed, changed or swapped with their neighbour to get from one word
// to the other; `limit` + 1 when it is more. O(size * limit) time.
std::size_t edit_distance(std::string_view from, std::string_view to, std::size_t limit);

// The candidate fewest edits away, if it is near enough to be meant; the first one of equals.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

// Every function and constant spelling of the tables, in table order.
std::vector<std::string_view> table_names();

// What a word of other languages, books and programs is called here ("tg" is tan); empty if it is
// none.
std::string_view synonym_of(std::string_view word);

// How to say what a word of another language begins ("import", "let", "solve"); empty if it is
// none.
std::string_view advice_for_word(std::string_view word);

}  // namespace nabla
