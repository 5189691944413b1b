#include "storage/ids/extractor_version.h"

#include <string>
#include <vector>

#include "absl/strings/str_split.h"

namespace interdict::ids {

std::optional<ExtractorVersion> ParseExtractorVersion(std::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(std::string(text), '.');
  ExtractorVersion version{};
  if (parts.size() != version.size()) return std::nullopt;
  for (size_t i = 0; i < parts.size(); ++i) {
    const std::string& part = parts[i];
    if (part.empty() || part.size() > 9 || (part.size() > 1 && part[0] == '0')) return std::nullopt;
    for (const char c : part) {
      if (c < '0' || c > '9') return std::nullopt;
      version[i] = version[i] * 10 + static_cast<uint32_t>(c - '0');
    }
  }
  return version;
}

}  // namespace interdict::ids
