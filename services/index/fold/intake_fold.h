// Folds the intake log into documents, sightings, urls and requests. Reads and writes nothing else (decision 0003), so
// that it does not matter how the two logs are interleaved.
#pragma once

#include "absl/status/status.h"
#include "services/index/engine/search_engine.h"
#include "services/index/entry/parse_entry.h"
#include "services/index/fold/meta.h"
#include "services/index/fold/name_changes.h"
#include "storage/records/store.h"

namespace interdict::index {

// Applies a valid entry of the intake log (`entry.intake` is set). New documents get their numbers from `numbers`.
// `reader` sees what `batch` holds already; `index` gets what changes in the search index, `names` what changes in the
// name index. Sets `*erases` if text was deleted, so that the files must be purged. Errors are those of the store.
absl::Status FoldIntake(const ParsedEntry& entry, const NumberSpace& numbers, const records::Reader& reader,
                        records::Batch* batch, IndexChange* index, NameChanges* names, bool* erases);

}  // namespace interdict::index
