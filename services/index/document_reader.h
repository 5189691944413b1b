// Puts a document together from the records of both folds: its own, its sightings, what stood at its URLs before and
// after, the incidents that it reports.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "interdict/internal/v1/stored.pb.h"
#include "interdict/v1/document.pb.h"
#include "storage/records/store.h"

namespace interdict::index {

// The record of a document (raw id); nullopt if there is none.
absl::StatusOr<std::optional<internal::v1::StoredDocument>> LoadDocument(const records::Reader& reader,
                                                                         const std::string& document_id);

// The incidents of this shard that a document (raw id) reports, number and name, by number.
absl::StatusOr<std::vector<std::pair<uint64_t, std::string>>> IncidentsOfDocument(const records::Reader& reader,
                                                                                  const std::string& document_id);

// The whole document, as clients see it; nullopt if there is none.
absl::StatusOr<std::optional<v1::Document>> ReadDocument(const records::Reader& reader, const std::string& document_id);

}  // namespace interdict::index
