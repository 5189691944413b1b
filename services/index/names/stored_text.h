// A name as it is kept to be shown: valid UTF-8 of bounded length.
#pragma once

#include <string>
#include <string_view>

namespace interdict::names {

// Cut to kMaxNameBytes between characters; bad bytes replaced by U+FFFD.
std::string StoredText(std::string_view name);

}  // namespace interdict::names
