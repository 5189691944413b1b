// What a document is found by: its title and text, whatever the language, who published it, where and when it was seen.
#pragma once

#include <cstdint>
#include <vector>

#include "interdict/internal/v1/stored.pb.h"
#include "services/index/engine/index_document.h"

namespace interdict::index {

// Of a document in state ACTIVE. `sightings`: its URLs with what was submitted along. Up to kMaxTokens / 2 words of the
// text are indexed.
IndexDocument TextDocument(uint64_t number, const internal::v1::StoredDocument& stored,
                           const std::vector<v1::Sighting>& sightings);

}  // namespace interdict::index
