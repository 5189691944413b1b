// Mends what feeds get wrong most often before an XML parser sees it.
#pragma once

#include <string>
#include <string_view>

namespace interdict::formats {

// The text without characters that XML forbids; an `&` that begins none of the references that XML knows without a
// declaration (`AT&T`, `&nbsp;`) becomes `&amp;`. Sections marked CDATA and comments keep their ampersands. Line breaks
// stay, so that lines count the same. Linear.
std::string MendXml(std::string_view text);

}  // namespace interdict::formats
