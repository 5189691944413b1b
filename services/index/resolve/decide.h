// What one intake entry leads to: the decisions, given what is known of its document. Takes no part in writing them.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/entry/parse_entry.h"
#include "services/index/resolve/resolver.h"

namespace interdict::index {

// The text that all decisions on one document carry together is at most this; each carries an equal share, cut at a
// character. A batch of decisions must fit into one append.
inline constexpr size_t kMaxDecisionTextBytes = 8 << 20;

// Decisions on reports that an entry brings, in order; none for a sighting, and for a set that is not newer than what
// is known of its extractor. `known`: the document before this entry. Reports of the set that already stand are left
// out: they were placed by an attempt at this very entry that was cut off. `now_us`: creation time of new incidents.
absl::StatusOr<std::vector<internal::v1::Decision>> DecideReports(const ParsedEntry& entry,
                                                                  const internal::v1::ResolvedDocument& known,
                                                                  int64_t now_us, Resolver& resolver);

// A ReportErased for each report that stands.
std::vector<internal::v1::Decision> DecideErasures(const ParsedEntry& entry,
                                                   const internal::v1::ResolvedDocument& known);

// Partition of the incident log that holds an incident, by its id.
uint32_t IncidentPartition(const std::string& incident_id, uint32_t partitions);

// Incident that a decision is about.
const std::string& IncidentOf(const internal::v1::Decision& decision);

}  // namespace interdict::index
