// Versions of extractors, `MAJOR.MINOR.PATCH`, compared number by number: which report set is the newer one.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "interdict/v1/incident.pb.h"

namespace interdict::index {

using ExtractorVersion = std::array<uint32_t, 3>;

// INVALID_ARGUMENT unless `text` is three decimal numbers separated by dots.
absl::StatusOr<ExtractorVersion> ParseExtractorVersion(std::string_view text);

// Records that `extractor` has reported. True if it is a new name or a higher version than `known` has under its name;
// then it is there, at its place by name. The version must be one that parses.
bool NoteExtractor(const v1::Extractor& extractor, google::protobuf::RepeatedPtrField<v1::Extractor>* known);

// The same without recording.
bool IsNewer(const v1::Extractor& extractor, const google::protobuf::RepeatedPtrField<v1::Extractor>& known);

}  // namespace interdict::index
