// Column families and keys of a shard's store: everything that is in the RocksDB, with its byte layout. PERMANENT: a
// change here is a new schema version (kSchemaVersion) with a migration. Integers are big-endian; ids are the raw bytes
// of the hexadecimal form.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/log/log.h"

namespace interdict::records {

// Raised with every change of a key or value. A store of a newer version is refused, one of an older migrated.
inline constexpr uint32_t kSchemaVersion = 4;

// Column families. Two groups, written by two folds that never read each other's records, so that the order in which
// the two logs are interleaved does not matter.
namespace family {
// Written by both: `schema_version`, `log_id`, `position/<partition>`, `watermark/<partition>/<intake partition>`,
// `incident_count`, `document_count` (of older programs: `next_number`, `next_document_number`).
inline constexpr std::string_view kMeta = "default";
// From the intake log.
inline constexpr std::string_view kDocuments = "documents";  // document id (32) -> StoredDocument
inline constexpr std::string_view kSightings = "sightings";  // document id (32) | url -> StoredSighting
inline constexpr std::string_view kUrls = "urls";  // url | 0x00 | partition (4) | sequence (8) -> document id (32)
inline constexpr std::string_view kRequests = "requests";  // request id | 0x00 | document id (32) -> StoredRequest
inline constexpr std::string_view kDocumentNumbers = "document_numbers";  // ~number (8) -> document id (32)
inline constexpr std::string_view kLists = "lists";                       // list id -> StoredList
// list id | 0x00 | entry id | 0x00 | ~import number (8) -> StoredListEntry; of an entry the first row whose import was
// published counts.
inline constexpr std::string_view kListEntries = "list_entries";
// From the incident log.
inline constexpr std::string_view kIncidents = "incidents";  // incident id (16) -> StoredIncident
inline constexpr std::string_view kReports = "reports";      // incident id (16) | report id (16) -> StoredReport
inline constexpr std::string_view kDocumentReports =
    "document_reports";  // document id (32) | report id (16) | incident id (16) -> incident id (16)
inline constexpr std::string_view kIncidentNumbers = "incident_numbers";  // ~number (8) -> incident id (16)
// The reports that stand, from both ends: incident id (16) | 0 | order (16) | report id (16), and
// incident id (16) | 1 | ~order (16) | report id (16); no values. Order: partition (4) | sequence (8) | ordinal (4).
inline constexpr std::string_view kReportOrder = "report_order";
inline constexpr std::string_view kFormerReports =
    "former_reports";  // incident id (16) | report id (16) | sequence of arrival (8) -> FormerReport
inline constexpr std::string_view kRevisions = "revisions";     // incident id (16) | ~sequence (8) -> StoredRevision
inline constexpr std::string_view kMergedFrom = "merged_from";  // incident id (16) | id that leads to it (16); no value
inline constexpr std::string_view kIncidentJudgements =
    "incident_judgements";  // incident id (16) | judgement id (16) | sequence (8) -> StoredIncidentJudgement
inline constexpr std::string_view kJudgements = "judgements";           // judgement id (16) -> StoredJudgement
inline constexpr std::string_view kJudgementOrder = "judgement_order";  // ~order (8) | judgement id (16); no value
inline constexpr std::string_view kSuggestions =
    "suggestions";  // ~score in millionths (4) | incident id (16) | other (16) -> StoredSuggestion
inline constexpr std::string_view kSuggestionPairs =
    "suggestion_pairs";  // either incident id (16) | the other (16) -> key in `suggestions`
// Entities of this shard's incidents. Mentions are found by entity, by incident and by report.
inline constexpr std::string_view kEntities = "entities";  // entity id (16) -> StoredEntity
inline constexpr std::string_view kMentions =
    "mentions";  // entity id (16) | incident id (16) | report id (16) | party index (4) -> StoredMention
inline constexpr std::string_view kIncidentMentions =
    "incident_mentions";  // incident id (16) | entity id (16) | report id (16) | party index (4); no value
inline constexpr std::string_view kReportMentions =
    "report_mentions";  // report id (16) | incident id (16) | entity id (16) | party index (4); no value
// From either.
inline constexpr std::string_view kNameOwners =
    "name_owners";  // name number (8) -> `L` list id 0x00 entry id, or `E` entity id (16)
inline constexpr std::string_view kSkipped = "skipped";  // partition name | 0x00 | sequence (8) -> SkippedEntry
}  // namespace family

// All of them, kMeta first: the order in which a store opens them.
inline constexpr std::array<std::string_view, 27> kAllFamilies = {family::kMeta,
                                                                  family::kDocuments,
                                                                  family::kSightings,
                                                                  family::kUrls,
                                                                  family::kRequests,
                                                                  family::kIncidents,
                                                                  family::kReports,
                                                                  family::kDocumentReports,
                                                                  family::kIncidentNumbers,
                                                                  family::kDocumentNumbers,
                                                                  family::kReportOrder,
                                                                  family::kFormerReports,
                                                                  family::kRevisions,
                                                                  family::kMergedFrom,
                                                                  family::kIncidentJudgements,
                                                                  family::kJudgements,
                                                                  family::kJudgementOrder,
                                                                  family::kSuggestions,
                                                                  family::kSuggestionPairs,
                                                                  family::kLists,
                                                                  family::kListEntries,
                                                                  family::kEntities,
                                                                  family::kMentions,
                                                                  family::kIncidentMentions,
                                                                  family::kReportMentions,
                                                                  family::kNameOwners,
                                                                  family::kSkipped};

// Families whose records go into the digest: logical content, not numbers and postings, which follow from it.
inline constexpr std::array<std::string_view, 19> kDigestFamilies = {
    family::kDocuments,       family::kSightings,   family::kUrls,
    family::kRequests,        family::kIncidents,   family::kReports,
    family::kDocumentReports, family::kSkipped,     family::kFormerReports,
    family::kRevisions,       family::kMergedFrom,  family::kIncidentJudgements,
    family::kJudgements,      family::kSuggestions, family::kLists,
    family::kListEntries,     family::kEntities,    family::kMentions,
    family::kIncidentMentions};

// Building blocks. `number` keys are complemented so that a forward scan meets the newest first.
std::string BigEndian32(uint32_t value);
std::string BigEndian64(uint64_t value);
// INVALID_ARGUMENT unless `hex` has exactly 2 × `bytes` lower-case hexadecimal digits.
absl::StatusOr<std::string> IdFromHex(std::string_view hex, size_t bytes);
std::string HexFromId(std::string_view id);

inline constexpr size_t kDocumentIdBytes = 32;
inline constexpr size_t kIncidentIdBytes = 16;
inline constexpr size_t kReportIdBytes = 16;

// Whole keys; ids raw.
std::string SightingKey(std::string_view document_id, std::string_view url);
std::string UrlPrefix(std::string_view url);
std::string UrlKey(std::string_view url, uint32_t partition, uint64_t sequence);
// One record for each document that a request id was used for: normally one, more where two ingest processes raced; so
// taking one document down leaves no trace in the answer about the other.
std::string RequestPrefix(std::string_view request_id);
std::string RequestKey(std::string_view request_id, std::string_view document_id);
std::string ReportKey(std::string_view incident_id, std::string_view report_id);
std::string DocumentReportKey(std::string_view document_id, std::string_view report_id, std::string_view incident_id);
// Where a report stands in the order of its incident's reports; 16 bytes.
std::string ReportOrder(uint32_t partition, uint64_t sequence, uint32_t ordinal);
std::string ReportOrderKey(std::string_view incident_id, std::string_view order, std::string_view report_id);
std::string ReverseReportOrderKey(std::string_view incident_id, std::string_view order, std::string_view report_id);
// What all keys of ReportOrderKey, or of the reverse, begin with.
std::string ReportOrderPrefix(std::string_view incident_id, bool reverse);
std::string FormerReportKey(std::string_view incident_id, std::string_view report_id, uint64_t sequence);
std::string RevisionKey(std::string_view incident_id, uint64_t sequence);
std::string SuggestionKey(double score, std::string_view incident_id, std::string_view other_id);
// What all keys of a list's entries, and of one entry, begin with.
std::string ListPrefix(std::string_view list_id);
std::string ListEntryPrefix(std::string_view list_id, std::string_view entry_id);
std::string ListEntryKey(std::string_view list_id, std::string_view entry_id, uint64_t import_number);
// Three ids and the index of a party: see the families of mentions.
std::string MentionKey(std::string_view first_id, std::string_view second_id, std::string_view third_id,
                       uint32_t party_index);
std::string NumberKey(uint64_t number);                 // complemented
uint64_t NumberFromKey(std::string_view complemented);  // last 8 bytes
std::string SkippedKey(const log::PartitionId& partition, uint64_t sequence);
std::string PositionMetaKey(const log::PartitionId& partition);  // position/incidents/0
std::string WatermarkMetaKey(const log::PartitionId& incidents,
                             const log::PartitionId& intake);  // watermark/incidents/0/intake/0

}  // namespace interdict::records
