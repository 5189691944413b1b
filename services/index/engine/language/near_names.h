// How near two words are, and which known names a mistyped one may mean, for error messages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace interdict::index {

// Edits (insert, delete, replace, swap of neighbours) between two words, counted in bytes; `limit + 1` if more.
size_t EditDistance(std::string_view a, std::string_view b, size_t limit);

// Whether two words are at most `max_edits` apart, counted in characters, and share their first `prefix_length`.
bool SimilarWords(std::string_view a, std::string_view b, size_t max_edits, size_t prefix_length);

// `did you mean a, b?` with the nearest of `names`, or `there are a, b, c …` if none is near.
std::string NearNames(std::string_view name, const std::vector<std::string>& names);

}  // namespace interdict::index
