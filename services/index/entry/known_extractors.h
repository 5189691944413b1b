// Which extractors have reported on a document, and in which version: an older version's reports change nothing.
#pragma once

#include "google/protobuf/repeated_ptr_field.h"
#include "interdict/v1/incident.pb.h"

namespace interdict::index {

// Records that `extractor` has reported. True if it is a new name or a higher version than `known` has under its name;
// then it is there, at its place by name. The version must be one that parses.
bool NoteExtractor(const v1::Extractor& extractor, google::protobuf::RepeatedPtrField<v1::Extractor>* known);

// The same without recording.
bool IsNewer(const v1::Extractor& extractor, const google::protobuf::RepeatedPtrField<v1::Extractor>& known);

}  // namespace interdict::index
