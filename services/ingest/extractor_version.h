// Versions of extractors, `MAJOR.MINOR.PATCH`, compared number by number.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace interdict::ingest {

using ExtractorVersion = std::array<uint32_t, 3>;

// nullopt unless it is three numbers without leading zeros, each at most nine digits.
std::optional<ExtractorVersion> ParseExtractorVersion(std::string_view text);

}  // namespace interdict::ingest
