// Folds the intake log into documents, sightings, urls and requests. Reads and writes nothing else (decision 0003), so
// that it does not matter how the two logs are interleaved.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "services/index/entry/parse_entry.h"
#include "storage/records/store.h"

namespace interdict::index {

// Applies a valid entry of the intake log (`entry.intake` is set). `reader` sees what `batch` holds already. Sets
// `*erases` if text was deleted, so that the files must be purged. Errors are those of the store.
absl::Status FoldIntake(const ParsedEntry& entry, const records::Reader& reader, records::Batch* batch, bool* erases);

// Key of a request's record: request id | 0x00 | document id (32). Normally one document a request id; where two ingest
// processes raced, each has its own record, so that removing one document leaves no trace in the answer of the other.
std::string RequestPrefix(std::string_view request_id);
std::string RequestKey(std::string_view request_id, std::string_view document_id);

}  // namespace interdict::index
