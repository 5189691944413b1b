// Folds the import of a reference list: chunks are put beside the version in force, and one entry, if all of them are
// there, puts the new version in its place. The work of an entry is bounded by its own size.
#pragma once

#include "absl/status/status.h"
#include "services/index/entry/parse_entry.h"
#include "services/index/fold/name_changes.h"
#include "storage/records/store.h"

namespace interdict::index {

// Apply a valid entry of the kind (`entry.intake->list_chunk()`, `list_published()`). What does not fit what came
// before is recorded as skipped. `reader` sees what `batch` holds already; `names` gets the names
// of a chunk: they are found once the version is in force. Errors are those of the store.
absl::Status FoldListChunk(const ParsedEntry& entry, const records::Reader& reader, records::Batch* batch,
                           NameChanges* names);
absl::Status FoldListPublished(const ParsedEntry& entry, const records::Reader& reader, records::Batch* batch);

}  // namespace interdict::index
