// Folds the incident log into reports, incidents and what finds them. Reads and writes nothing else (decision 0003).
#pragma once

#include <string>

#include "absl/status/status.h"
#include "interdict/v1/incident.pb.h"
#include "services/index/entry/parse_entry.h"
#include "services/index/fold/changed_incidents.h"
#include "services/index/fold/meta.h"
#include "services/index/fold/name_changes.h"
#include "storage/records/store.h"

namespace interdict::index {

// Applies a valid entry of the incident log (`entry.decision` is set), watermarks included. New incidents get their
// numbers from `numbers`. `reader` sees what `batch` holds already; `incidents` gets the incidents whose records must
// be made anew, `names` what changes in the name index. Sets `*erases` if text was deleted by a takedown, so that the
// files must be purged. Errors are those of the store.
absl::Status FoldDecision(const ParsedEntry& entry, const NumberSpace& numbers, const records::Reader& reader,
                          records::Batch* batch, ChangedIncidents* incidents, NameChanges* names, bool* erases);

// The etag of a record: 16 hexadecimal digits of the hash of everything else in it.
std::string IncidentEtag(v1::Incident incident);

}  // namespace interdict::index
