// What one intake entry leads to: the decisions, given what is known. Takes no part in writing them.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/entry/parse_entry.h"
#include "services/index/resolve/decision_sink.h"
#include "services/index/resolve/resolver.h"
#include "services/index/resolve/settle.h"

namespace interdict::index {

// The text that all decisions on one document carry together is at most this; each carries an equal share, cut at a
// character. A batch of decisions must fit into one append.
inline constexpr size_t kMaxDecisionTextBytes = 8 << 20;

// Decides on the reports that an entry brings, in order; nothing for a sighting, and for a set that is not newer than
// what is known of its extractor. `known`: the document before this entry. Reports of the set that already stand are
// left out: they were placed by an attempt at this very entry that was cut off. What a report's parties are is decided
// before the report is placed, so that a report that stands has all its mentions. `now_us`: creation time of new
// incidents.
absl::Status DecideReports(const ParsedEntry& entry, const internal::v1::ResolvedDocument& known, int64_t now_us,
                           const SettleOptions& options, const Resolver& resolver, DecisionSink& sink);

// A ReportErased for each report of the document and each incident that ever held it.
absl::Status DecideErasures(const internal::v1::ResolvedDocument& known, const SettleOptions& options,
                            const Resolver& resolver, DecisionSink& sink);

// Id by which a decision is put into a partition (log::IncidentPartition).
std::string PartitionedBy(const internal::v1::Decision& decision);

}  // namespace interdict::index
