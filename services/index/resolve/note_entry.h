// Folds entries of both logs into the resolver's view. The two folds commute, since they write different fields, and
// so do those of the partitions of the incident log.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "services/index/entry/parse_entry.h"
#include "services/index/resolve/resolver.h"
#include "storage/records/store.h"

namespace interdict::index {

// Adds what an entry of either log tells, and its position, to `batch`. `reader` sees what `batch` holds already. The
// entry may be one that is still to be appended.
absl::Status NoteEntry(const ParsedEntry& entry, const Resolver& resolver, const records::Reader& reader,
                       records::Batch* batch);

// Raw id of the document that an intake entry is about; empty for an erased or invalid entry, and a judgement.
std::string DocumentOf(const ParsedEntry& entry);

}  // namespace interdict::index
