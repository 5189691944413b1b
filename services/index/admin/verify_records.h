// Checks what a snapshot of a shard's store holds: every record readable, every reference between families answered,
// ids and hashes right, evidence inside its text, each record found by all that it says.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "services/index/admin/problems.h"
#include "services/index/engine/search_engine.h"
#include "storage/records/store.h"

namespace interdict::index {

// Adds to `problems` and counts records. `folds_agree`: both folds have come to the same point, so that what one wrote
// of a document must be known to the other. Errors only if the store cannot be read on.
absl::Status VerifyDocuments(const records::Reader& reader, Problems* problems, uint64_t* records);
absl::Status VerifyIncidents(const records::Reader& reader, bool folds_agree, Problems* problems, uint64_t* records);
absl::Status VerifyLists(const records::Reader& reader, Problems* problems, uint64_t* records);
absl::Status VerifyEntities(const records::Reader& reader, Problems* problems, uint64_t* records);
absl::Status VerifyPostings(const SearchSnapshot& snapshot, Problems* problems, uint64_t* records);

}  // namespace interdict::index
