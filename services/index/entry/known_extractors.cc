#include "services/index/entry/known_extractors.h"

#include <algorithm>

#include "storage/ids/extractor_version.h"

namespace interdict::index {

bool IsNewer(const v1::Extractor& extractor, const google::protobuf::RepeatedPtrField<v1::Extractor>& known) {
  for (const v1::Extractor& other : known) {
    if (other.name() != extractor.name()) continue;
    const auto theirs = ids::ParseExtractorVersion(other.version());
    const auto ours = ids::ParseExtractorVersion(extractor.version());
    return ours.has_value() && (!theirs.has_value() || *ours > *theirs);
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
