// Versions of extractors, `MAJOR.MINOR.PATCH`, compared number by number: which set of reports is the newer one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace interdict::ids {

using ExtractorVersion = std::array<uint32_t, 3>;

// nullopt unless it is three numbers without leading zeros, each at most nine digits: one spelling for each version.
std::optional<ExtractorVersion> ParseExtractorVersion(std::string_view text);

}  // namespace interdict::ids
