// Records and log entries as text for a person: readable keys, values in protobuf text format.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "interdict/internal/v1/admin_service.pb.h"
#include "storage/log/log.h"
#include "storage/records/store.h"

namespace interdict::index {

// Takes one record; false ends the dump.
using DumpSink = std::function<bool(const internal::v1::DumpRecordsResponse& record)>;
using TakeSnapshot = std::function<std::shared_ptr<const records::Reader>()>;

// Dumps one family by name, `log`, or (empty) all families. INVALID_ARGUMENT: no such content. The store is read in
// pieces, each from a fresh snapshot, so that a slow reader holds none back: what changes meanwhile may or may not
// show.
absl::Status DumpRecords(const std::string& content, const TakeSnapshot& snapshot, log::LogReader* log,
                         const DumpSink& sink);

}  // namespace interdict::index
