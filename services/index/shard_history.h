// Answers from the history of records: past states, why reports are together, what changed, what is judged and
// suggested. All from one snapshot of a shard.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "interdict/internal/v1/index_service.pb.h"
#include "services/index/fold/incident_rows.h"
#include "storage/log/log.h"
#include "storage/records/store.h"

namespace interdict::index {

// The point that a request names: `position` (a token) or `time_us`, at most one; the end of time if neither. A token
// counts for the partition of `incident_id` (hexadecimal). INVALID_ARGUMENT (INVALID_FIELD, INVALID_POSITION).
absl::StatusOr<PastPoint> PointOf(const std::string& position, int64_t time_us, const std::string& incident_id,
                                  const log::LogIdentity& identity);

// The record of a raw id as it was then; nullopt if there was none. DATA_LOSS.
absl::StatusOr<std::optional<v1::Incident>> ReadIncidentAt(const records::Reader& reader,
                                                           const std::string& incident_id, const PastPoint& point,
                                                           bool with_reports);

// The four lists of IndexService, but for `read_position`. DATA_LOSS.
absl::StatusOr<internal::v1::ExplainIncidentResponse> Explain(const records::Reader& reader,
                                                              const std::string& incident_id);
absl::StatusOr<internal::v1::ListRevisionsResponse> Revisions(const records::Reader& reader,
                                                              const std::string& incident_id, uint32_t page_size,
                                                              uint64_t before_sequence,
                                                              const log::LogIdentity& identity);
absl::StatusOr<internal::v1::ListSuggestionsResponse> Suggestions(const records::Reader& reader,
                                                                  const std::string& incident_id, uint32_t page_size,
                                                                  const std::string& after_key);
absl::StatusOr<internal::v1::ListJudgementsResponse> Judgements(const records::Reader& reader,
                                                                const std::string& judgement_id, uint32_t page_size,
                                                                uint64_t before_order,
                                                                const std::set<v1::Judgement::State>& states);

}  // namespace interdict::index
