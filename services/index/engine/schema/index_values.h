// How values of the record become values of the index: the same for what is indexed and for what is asked.
#pragma once

#include <string>
#include <string_view>

namespace interdict::index {

// Longest keyword in the index.
inline constexpr size_t kMaxKeywordBytes = 255;

// What a name is compared by: its folded words with a space between. "Ladislav Šticha" is `ladislav sticha`.
std::string NameKey(std::string_view name);

// At most kMaxKeywordBytes, cut at a character; without NUL.
std::string CutKeyword(std::string keyword);

// Host of a URL, lower case, without `www.`; empty if it has none.
std::string HostOf(std::string_view url);

}  // namespace interdict::index
