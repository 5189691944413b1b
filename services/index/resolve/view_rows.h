// The rows of the resolver's view: keys, and how they are read. Ids are hexadecimal in messages and arguments, raw in
// keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "interdict/internal/v1/stored.pb.h"
#include "storage/records/store.h"

namespace interdict::index::view {

// Column families.
inline constexpr std::string_view kDocuments = "resolver_documents";  // document id (32) -> ResolvedDocument
inline constexpr std::string_view kLines = "resolver_lines";          // line id (16) -> ResolvedLine
inline constexpr std::string_view kGroups = "resolver_groups";        // group id (16) -> ResolvedGroup
// group id (16) | order (16) | line id (16); no value. Order as in records::ReportOrder.
inline constexpr std::string_view kGroupLines = "resolver_group_lines";
inline constexpr std::string_view kIncidents = "resolver_incidents";  // incident id (16) -> ResolvedIncident
// incident id (16) | order (16) | line id (16); no value. Lines whose report stands there.
inline constexpr std::string_view kIncidentLines = "resolver_incident_lines";
inline constexpr std::string_view kJudgements = "resolver_judgements";  // judgement id (16) -> ResolvedJudgement
// line id (16) | judgement id (16); no value. Judgements that speak of a line, and the same for its group.
inline constexpr std::string_view kLineJudgements = "resolver_line_judgements";
inline constexpr std::string_view kGroupJudgements = "resolver_group_judgements";
// group id (16) | other group id (16) -> ResolvedSuggestion under the lower id first, and no value the other way round.
inline constexpr std::string_view kSuggestions = "resolver_suggestions";

std::vector<std::string> Families();

std::string RawId(std::string_view hex);          // of 32 digits
std::string RawDocumentId(std::string_view hex);  // of 64 digits
std::string OrderOf(const internal::v1::ResolvedLine& line);
std::string GroupLineKey(const std::string& group_id, const internal::v1::ResolvedLine& line,
                         const std::string& line_id);

// Empty where there is nothing. DATA_LOSS: not readable.
absl::StatusOr<internal::v1::ResolvedDocument> LoadDocument(const records::Reader& reader,
                                                            const std::string& raw_document_id);
absl::StatusOr<std::optional<internal::v1::ResolvedLine>> LoadLine(const records::Reader& reader,
                                                                   const std::string& line_id);
absl::StatusOr<std::optional<internal::v1::ResolvedGroup>> LoadGroup(const records::Reader& reader,
                                                                     const std::string& group_id);
absl::StatusOr<std::optional<internal::v1::ResolvedIncident>> LoadIncident(const records::Reader& reader,
                                                                           const std::string& incident_id);
absl::StatusOr<std::optional<internal::v1::ResolvedJudgement>> LoadJudgement(const records::Reader& reader,
                                                                             const std::string& judgement_id);
absl::StatusOr<std::optional<internal::v1::ResolvedSuggestion>> LoadSuggestion(const records::Reader& reader,
                                                                               const std::string& low_group_id,
                                                                               const std::string& high_group_id);

// The group that a group is part of now: itself, or where it was joined into.
absl::StatusOr<std::string> CurrentGroup(const records::Reader& reader, std::string group_id);

// Where the first line of a group stands in the order of reports (see kGroupLines); empty if it has none.
absl::StatusOr<std::string> FirstOrder(const records::Reader& reader, const std::string& group_id);

// Ids at the end of the keys that begin with an id, in order; at most `limit`.
absl::StatusOr<std::vector<std::string>> IdsUnder(const records::Reader& reader, std::string_view family,
                                                  const std::string& id, size_t limit = SIZE_MAX);

}  // namespace interdict::index::view
