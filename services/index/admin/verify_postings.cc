#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/admin/record_walk.h"
#include "services/index/admin/verify_records.h"
#include "services/index/engine/schema/field_ids.h"
#include "services/index/engine/schema/incident_document.h"
#include "services/index/engine/schema/text_document.h"
#include "services/index/entry/names.h"
#include "services/index/fold/incident_rows.h"
#include "services/index/fold/sightings.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::StoredDocument;
using internal::v1::StoredIncident;
using internal::v1::StoredReport;

constexpr size_t kClausesAQuery = 1000;

// Everything that a document is to be found by, as clauses that all must match.
std::vector<QueryNode> ClausesOf(const IndexDocument& document) {
  std::vector<QueryNode> clauses;
  for (const TextValue& text : document.texts) {
    std::set<std::string> terms;
    for (const Token& token : text.tokens) terms.insert(token.term);
    for (const std::string& term : terms) clauses.push_back(Term(term, FieldMask{1} << text.field));
  }
  std::set<std::pair<uint16_t, std::string>> keywords;
  for (const KeywordValue& keyword : document.keywords) keywords.emplace(keyword.field, keyword.value);
  for (const auto& [field, value] : keywords) clauses.push_back(Keyword(field, {value}));
  std::set<std::pair<uint16_t, int64_t>> columns;
  for (const ColumnValue& value : document.columns) columns.emplace(value.column, value.value);
  for (const auto& [column, value] : columns) clauses.push_back(Range(column, value, value));
  return clauses;
}

// That the index finds the number by all that its record says. `by_name` finds it alone.
absl::Status CheckFound(const SearchSnapshot& snapshot, const IndexDocument& document, const QueryNode& by_name,
                        const std::string& name, Problems* problems) {
  std::vector<QueryNode> clauses = ClausesOf(document);
  for (size_t from = 0; from < clauses.size(); from += kClausesAQuery) {
    const size_t to = std::min(clauses.size(), from + kClausesAQuery);
    std::vector<QueryNode> part = {by_name};
    for (size_t i = from; i < to; ++i) part.push_back(std::move(clauses[i]));
    Query query;
    query.filter = And(std::move(part));
    auto found = snapshot.Matches(document.collection, query, 0, 2);
    if (!found.ok()) return found.status();
    if (*found == std::vector<uint64_t>{document.number}) continue;
    problems->Add(absl::StrCat("search index: ", name, ", number ", document.number,
                               ", is not found by all that its record says; rebuild the store"));
    return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status CheckIncident(const SearchSnapshot& snapshot, std::string_view key, std::string_view id,
                           Problems* problems) {
  const records::Reader& reader = snapshot.reader();
  const uint64_t number = records::NumberFromKey(key);
  auto stored = Find<StoredIncident>(reader, family::kIncidents, id);
  if (!stored.ok()) return stored.status();
  if (!stored->has_value() || (*stored)->number() != number) {
    problems->Add(absl::StrCat("incident_numbers: number ", number, " leads to ", IncidentName(id),
                               ", which is missing or has another number"));
    return absl::OkStatus();
  }
  auto reports = LoadReports(reader, std::string(id));
  if (absl::IsDataLoss(reports.status())) return absl::OkStatus();  // told where the reports are visited
  if (!reports.ok()) return reports.status();
  const IndexDocument document = IncidentDocument(number, (*stored)->incident(), *reports);
  return CheckFound(snapshot, document, Keyword(kIncidentName, {IncidentName(id)}), IncidentName(id), problems);
}

absl::Status CheckDocument(const SearchSnapshot& snapshot, std::string_view key, std::string_view id,
                           Problems* problems) {
  const uint64_t number = records::NumberFromKey(key);
  auto stored = Find<StoredDocument>(snapshot.reader(), family::kDocuments, id);
  if (!stored.ok()) return stored.status();
  if (!stored->has_value() || (*stored)->number() != number) {
    problems->Add(absl::StrCat("document_numbers: number ", number, " leads to ", DocumentName(id),
                               ", which is missing or has another number"));
    return absl::OkStatus();
  }
  auto sightings = ReadSightings(snapshot.reader(), std::string(id));
  if (absl::IsDataLoss(sightings.status())) return absl::OkStatus();  // told where the sightings are visited
  if (!sightings.ok()) return sightings.status();
  const IndexDocument document = TextDocument(number, **stored, *sightings);
  return CheckFound(snapshot, document, Keyword(kDocumentName, {DocumentName(id)}), DocumentName(id), problems);
}

// That as many are indexed as are listed.
void CheckCount(uint64_t listed, uint64_t indexed, const std::string& what, Problems* problems) {
  if (listed == indexed) return;
  problems->Add(
      absl::StrCat("search index: holds ", indexed, " ", what, ", the store lists ", listed, "; rebuild the store"));
}

}  // namespace

absl::Status VerifyPostings(const SearchSnapshot& snapshot, Problems* problems, uint64_t* records) {
  uint64_t incidents = 0;
  absl::Status status = ForEachRecord(
      snapshot.reader(), family::kIncidentNumbers, &incidents,
      [&](std::string_view key, std::string_view value) { return CheckIncident(snapshot, key, value, problems); });
  if (!status.ok()) return status;
  uint64_t documents = 0;
  status = ForEachRecord(
      snapshot.reader(), family::kDocumentNumbers, &documents,
      [&](std::string_view key, std::string_view value) { return CheckDocument(snapshot, key, value, problems); });
  if (!status.ok()) return status;
  CheckCount(incidents, snapshot.documents(Collection::kIncidents), "incidents", problems);
  CheckCount(documents, snapshot.documents(Collection::kDocuments), "documents", problems);
  *records += incidents + documents;
  return absl::OkStatus();
}

}  // namespace interdict::index
