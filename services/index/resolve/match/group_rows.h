// The rows in which the resolver's view keeps reports, groups and keys for matching, read and written with their types.
// All ids are raw: 16 bytes for groups (incident ids) and reports, 32 for documents.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/internal/v1/resolution.pb.h"
#include "services/index/resolve/match/blocking_keys.h"
#include "storage/records/store.h"

namespace interdict::index::match {

// Column families; a change of keys or values is a new schema version of the view.
inline constexpr std::string_view kReportsFamily = "match_reports";  // report id -> ReportFeatures
inline constexpr std::string_view kGroupsFamily = "match_groups";    // group id -> MatchGroup; `totals` -> MatchTotals
inline constexpr std::string_view kMembersFamily = "match_members";  // group id | document id -> MatchMembers
inline constexpr std::string_view kKeysFamily = "match_keys";        // kind (1) | hash (8) -> MatchKeyGroups

inline constexpr size_t kGroupIdBytes = 16;

// Of a report without a document, its own id stands for it.
std::string MemberKey(std::string_view group_id, const internal::v1::ReportFeatures& features,
                      std::string_view report_id);

// DATA_LOSS from all of them: a row is not readable.
absl::StatusOr<std::optional<internal::v1::ReportFeatures>> LoadFeatures(const records::Reader& reader,
                                                                         std::string_view report_id);
// Default values where there is no row.
absl::StatusOr<internal::v1::MatchGroup> LoadGroup(const records::Reader& reader, std::string_view group_id);
absl::StatusOr<internal::v1::MatchMembers> LoadMembers(const records::Reader& reader, std::string_view member_key);
absl::StatusOr<internal::v1::MatchKeyGroups> LoadKey(const records::Reader& reader, const BlockingKey& key);
absl::StatusOr<uint64_t> LoadGroupCount(const records::Reader& reader);
void PutGroupCount(uint64_t groups, records::Batch* batch);

// Reports of a group, at most `most`, ordered by document and report.
absl::StatusOr<std::vector<std::string>> ListReports(const records::Reader& reader, std::string_view group_id,
                                                     size_t most);

}  // namespace interdict::index::match
