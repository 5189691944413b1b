// The sightings of a document, as both its record and the search index have them.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "interdict/v1/document.pb.h"
#include "storage/records/store.h"

namespace interdict::index {

// By URL. DATA_LOSS: a record is not readable.
absl::StatusOr<std::vector<v1::Sighting>> ReadSightings(const records::Reader& reader, const std::string& document_id);

}  // namespace interdict::index
