#include "services/index/entry/extractor_version.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace interdict::index {

absl::StatusOr<ExtractorVersion> ParseExtractorVersion(std::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(std::string(text), '.');
  ExtractorVersion version = {};
  bool good = parts.size() == version.size();
  for (size_t i = 0; good && i < version.size(); ++i) {
    good =
        std::all_of(parts[i].begin(), parts[i].end(), absl::ascii_isdigit) && absl::SimpleAtoi(parts[i], &version[i]);
  }
  if (!good) return absl::InvalidArgumentError("an extractor's version must be MAJOR.MINOR.PATCH");
  return version;
}

bool IsNewer(const v1::Extractor& extractor, const google::protobuf::RepeatedPtrField<v1::Extractor>& known) {
  for (const v1::Extractor& other : known) {
    if (other.name() != extractor.name()) continue;
    const auto theirs = ParseExtractorVersion(other.version());
    const auto ours = ParseExtractorVersion(extractor.version());
    return ours.ok() && (!theirs.ok() || *ours > *theirs);
  }
  return true;
}

bool NoteExtractor(const v1::Extractor& extractor, google::protobuf::RepeatedPtrField<v1::Extractor>* known) {
  if (!IsNewer(extractor, *known)) return false;
  for (v1::Extractor& other : *known) {
    if (other.name() != extractor.name()) continue;
    other = extractor;
    return true;
  }
  *known->Add() = extractor;
  std::sort(known->begin(), known->end(),
            [](const v1::Extractor& a, const v1::Extractor& b) { return a.name() < b.name(); });
  return true;
}

}  // namespace interdict::index
