#include "services/index/shard_reader.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/index/document_reader.h"
#include "services/index/engine/analyzer.h"
#include "services/index/engine/language/compile.h"
#include "services/index/entry/names.h"
#include "services/index/fold/incident_rows.h"
#include "services/index/fold/meta.h"
#include "services/index/list_reader.h"
#include "services/index/screening/entity_reader.h"
#include "services/index/screening/match_names.h"
#include "services/index/shard_history.h"
#include "services/index/shard_search.h"
#include "services/server/status.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::StoredReport;
using internal::v1::StoredRequest;

// Adds the reason that clients are promised.
absl::Status Corrupt(const absl::Status& status) {
  if (!absl::IsDataLoss(status)) return status;
  return server::Error(absl::StatusCode::kDataLoss, "STORED_RECORD_CORRUPT", std::string(status.message()));
}

absl::StatusOr<std::string> RawId(const std::string& hex, size_t bytes, const std::string& field) {
  auto id = records::IdFromHex(hex, bytes);
  if (!id.ok()) {
    return server::InvalidField(field, absl::StrCat("must have ", 2 * bytes, " lower-case hexadecimal digits"));
  }
  return id;
}

absl::Status CheckBatch(int count, const std::string& field) {
  if (count <= kMaxBatchIds) return absl::OkStatus();
  return server::InvalidField(field, absl::StrCat("at most ", kMaxBatchIds, " ids a call; there are ", count));
}

// All words of a plain query, wherever they stand.
absl::StatusOr<QueryNode> WordsQuery(const std::string& query) {
  if (query.size() > kMaxQueryBytes) {
    return server::InvalidField("query", absl::StrCat("at most ", kMaxQueryBytes, " bytes; shorten it"));
  }
  TextNode all;
  all.kind = TextNode::Kind::kAnd;
  for (std::string& word : Analyze(query, kMaxQueryWords + 1)) {
    TextNode& node = all.children.emplace_back();
    node.kind = TextNode::Kind::kWord;
    node.text = std::move(word);
  }
  if (all.children.size() > kMaxQueryWords) {
    return server::InvalidField("query", absl::StrCat("at most ", kMaxQueryWords, " words; leave some out"));
  }
  if (query.empty()) return AllDocuments();
  if (all.children.empty()) {
    return server::InvalidField("query", "holds no word, only separators; leave it empty to list all");
  }
  return CompileText(all, FieldCatalog::Incidents());
}

// Which document a request id was first used for.
absl::Status AddRequest(const records::Reader& reader, const std::string& request_id,
                        internal::v1::LookUpDocumentResponse* response) {
  if (request_id.empty() || request_id.find('\0') != std::string::npos) return absl::OkStatus();
  std::optional<StoredRequest> first;
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(family::kRequests, records::RequestPrefix(request_id));
  for (; cursor->Valid(); cursor->Next()) {
    StoredRequest request;
    if (!request.ParseFromString(std::string(cursor->value()))) {
      return absl::DataLossError("a record of requests is not readable");
    }
    const auto place = [](const StoredRequest& r) {
      return std::make_tuple(r.position().sequence(), r.position().partition());
    };
    if (!first.has_value() || place(request) < place(*first)) first = std::move(request);
  }
  if (!cursor->status().ok()) return cursor->status();
  if (first.has_value()) {
    response->set_request_document_id(first->document_id());
    *response->mutable_request_position() = first->position();
  }
  return absl::OkStatus();
}

void AddText(internal::v1::StoredDocument& stored, const std::string& url,
             internal::v1::LookUpDocumentResponse* response) {
  v1::Document& document = *stored.mutable_document();
  v1::Source* source = response->mutable_source();
  source->set_document(document.name());
  source->set_title(document.title());
  source->set_publisher(document.publisher());
  source->set_url(url);
  source->set_published(document.published());
  *source->mutable_attribution_chain() = document.attribution_chain();
  source->set_reliability(document.reliability());
  response->set_text(std::move(*document.mutable_text()));
}

}  // namespace

ShardReader::ShardReader(const Shard* shard, std::function<log::Positions()> decided)
    : shard_(shard), decided_(std::move(decided)) {}

absl::StatusOr<std::string> ShardReader::PositionOf(const records::Reader& reader) const {
  auto positions = ReadPositions(reader, shard_->owned());
  if (!positions.ok()) return Corrupt(positions.status());
  return log::EncodePositionToken(shard_->identity().log_id, *positions);
}

absl::StatusOr<internal::v1::BatchGetIncidentsResponse> ShardReader::BatchGetIncidents(
    const internal::v1::BatchGetIncidentsRequest& request, const CheckCall& check) const {
  if (absl::Status status = CheckBatch(request.incident_ids_size(), "incident_ids"); !status.ok()) return status;
  const auto reader = shard_->Snapshot();
  internal::v1::BatchGetIncidentsResponse response;
  for (int i = 0; i < request.incident_ids_size(); ++i) {
    if (absl::Status status = check(); !status.ok()) return status;
    auto id = RawId(request.incident_ids(i), records::kIncidentIdBytes, absl::StrCat("incident_ids[", i, "]"));
    if (!id.ok()) return id.status();
    if (!request.as_of_position().empty() || request.as_of_time_us() != 0) {
      auto point =
          PointOf(request.as_of_position(), request.as_of_time_us(), request.incident_ids(i), shard_->identity());
      if (!point.ok()) return point.status();
      auto past = ReadIncidentAt(*reader, *id, *point, request.with_reports());
      if (!past.ok()) return Corrupt(past.status());
      if (past->has_value()) *response.add_incidents() = **std::move(past);
      continue;
    }
    auto stored = LoadIncident(*reader, *id);
    if (!stored.ok()) return Corrupt(stored.status());
    if (!stored->has_value()) continue;
    v1::Incident* incident = response.add_incidents();
    *incident = std::move(*(*stored)->mutable_incident());
    if (!request.with_reports()) continue;
    auto reports = LoadReports(*reader, *id);
    if (!reports.ok()) return Corrupt(reports.status());
    for (StoredReport& report : *reports) *incident->add_reports() = std::move(*report.mutable_report());
  }
  auto position = PositionOf(*reader);
  if (!position.ok()) return position.status();
  response.set_read_position(*std::move(position));
  return response;
}

absl::StatusOr<internal::v1::BatchGetDocumentsResponse> ShardReader::BatchGetDocuments(
    const internal::v1::BatchGetDocumentsRequest& request, const CheckCall& check) const {
  if (absl::Status status = CheckBatch(request.document_ids_size(), "document_ids"); !status.ok()) return status;
  const auto reader = shard_->Snapshot();
  internal::v1::BatchGetDocumentsResponse response;
  for (int i = 0; i < request.document_ids_size(); ++i) {
    if (absl::Status status = check(); !status.ok()) return status;
    auto id = RawId(request.document_ids(i), records::kDocumentIdBytes, absl::StrCat("document_ids[", i, "]"));
    if (!id.ok()) return id.status();
    if (!request.incidents_only()) {
      auto document = ReadDocument(*reader, *id);
      if (!document.ok()) return Corrupt(document.status());
      if (document->has_value()) *response.add_documents() = *std::move(*document);
    }
    auto incidents = IncidentsOfDocument(*reader, *id);
    if (!incidents.ok()) return Corrupt(incidents.status());
    if (incidents->empty()) continue;
    internal::v1::DocumentIncidents* here = response.add_incidents();
    here->set_document_id(request.document_ids(i));
    for (auto& [number, name] : *incidents) {
      here->add_numbers(number);
      here->add_incidents(std::move(name));
    }
  }
  auto position = PositionOf(*reader);
  if (!position.ok()) return position.status();
  response.set_read_position(*std::move(position));
  return response;
}

absl::StatusOr<internal::v1::SearchIncidentsResponse> ShardReader::SearchIncidents(
    const internal::v1::SearchIncidentsRequest& request, const CheckCall& check) const {
  if (request.page_size() == 0) return server::InvalidField("page_size", "must be at least 1");
  auto words = WordsQuery(request.query());
  if (!words.ok()) return words.status();
  const auto snapshot = shard_->Search();
  const records::Reader& reader = snapshot->reader();
  Query query;
  query.filter = *std::move(words);
  query.order.by = Order::By::kNumber;
  query.limit = std::min(request.page_size(), kMaxPageSize);
  query.check = check;
  if (request.before_number() != 0) {
    query.after = SortKey();
    query.after->number = request.before_number();
  }
  auto found = snapshot->Search(Collection::kIncidents, query);
  if (!found.ok()) return Corrupt(found.status());
  internal::v1::SearchIncidentsResponse response;
  for (const Hit& hit : found->hits) {
    auto id = reader.Get(family::kIncidentNumbers, records::NumberKey(hit.number));
    if (!id.ok()) return Corrupt(id.status());
    if (!id->has_value()) return Corrupt(absl::DataLossError(absl::StrCat("no incident has the number ", hit.number)));
    auto stored = LoadIncident(reader, **id);
    if (!stored.ok()) return Corrupt(stored.status());
    if (!stored->has_value()) return Corrupt(absl::DataLossError(absl::StrCat(IncidentName(**id), " is missing")));
    *response.add_incidents() = std::move(*(*stored)->mutable_incident());
    response.add_numbers(hit.number);
  }
  if (found->more) response.set_next_before_number(found->hits.back().number);
  auto position = PositionOf(reader);
  if (!position.ok()) return position.status();
  response.set_read_position(*std::move(position));
  return response;
}

absl::StatusOr<internal::v1::SearchResponse> ShardReader::Search(const internal::v1::SearchRequest& request,
                                                                 const CheckCall& check) const {
  const auto snapshot = shard_->Search();
  auto response = SearchSnapshotFor(*snapshot, request, check);
  if (!response.ok()) return Corrupt(response.status());
  auto position = PositionOf(snapshot->reader());
  if (!position.ok()) return position.status();
  response->set_read_position(*std::move(position));
  return response;
}

absl::StatusOr<internal::v1::GetSearchStatisticsResponse> ShardReader::GetSearchStatistics(
    const internal::v1::GetSearchStatisticsRequest& request, const CheckCall& check) const {
  const auto snapshot = shard_->Search();
  auto response = StatisticsFor(*snapshot, request, check);
  if (!response.ok()) return Corrupt(response.status());
  auto position = PositionOf(snapshot->reader());
  if (!position.ok()) return position.status();
  response->set_read_position(*std::move(position));
  return response;
}

absl::StatusOr<internal::v1::LookUpDocumentResponse> ShardReader::LookUpDocument(
    const internal::v1::LookUpDocumentRequest& request) const {
  auto id = RawId(request.document_id(), records::kDocumentIdBytes, "document_id");
  if (!id.ok()) return id.status();
  const auto reader = shard_->Snapshot();
  internal::v1::LookUpDocumentResponse response;
  absl::Status status = AddRequest(*reader, request.request_id(), &response);
  if (!status.ok()) return Corrupt(status);
  auto stored = LoadDocument(*reader, *id);
  if (!stored.ok()) return Corrupt(stored.status());
  if (!stored->has_value()) return response;
  response.set_known(true);
  response.set_removed((*stored)->document().state() == v1::Document::STATE_REMOVED);
  *response.mutable_extractors() = (*stored)->extractors();
  response.set_extraction_status((*stored)->document().extraction_status());
  if (!request.with_text() || response.removed()) return response;
  auto document = ReadDocument(*reader, *id);
  if (!document.ok()) return Corrupt(document.status());
  std::string url;
  for (const v1::Sighting& sighting : (*document)->sightings()) {
    if (url.empty()) url = sighting.url();
  }
  AddText(**stored, url, &response);
  return response;
}

template <typename Response>
absl::StatusOr<Response> ShardReader::WithPosition(absl::StatusOr<Response> response,
                                                   const records::Reader& reader) const {
  if (!response.ok()) return Corrupt(response.status());
  auto position = PositionOf(reader);
  if (!position.ok()) return position.status();
  response->set_read_position(*std::move(position));
  return response;
}

absl::StatusOr<internal::v1::ListReferenceListsResponse> ShardReader::ListReferenceLists() const {
  const auto reader = shard_->Snapshot();
  auto response = ReadReferenceLists(*reader);
  if (!response.ok()) return Corrupt(response.status());
  auto position = PositionOf(*reader);
  if (!position.ok()) return position.status();
  response->set_read_position(*std::move(position));
  return response;
}

absl::StatusOr<internal::v1::MatchNamesResponse> ShardReader::MatchNames(const internal::v1::MatchNamesRequest& request,
                                                                         const CheckCall& check) const {
  const auto reader = shard_->Snapshot();
  return WithPosition(index::MatchNames(*reader, names_, request, check), *reader);
}

absl::StatusOr<internal::v1::ReadEntitiesResponse> ShardReader::ReadEntities(
    const internal::v1::ReadEntitiesRequest& request, const CheckCall& check) const {
  const auto reader = shard_->Snapshot();
  return WithPosition(index::ReadEntities(*reader, request, check), *reader);
}

absl::StatusOr<internal::v1::ReadNeighboursResponse> ShardReader::ReadNeighbours(
    const internal::v1::ReadNeighboursRequest& request, const CheckCall& check) const {
  const auto reader = shard_->Snapshot();
  return WithPosition(index::ReadNeighbours(*reader, request, check), *reader);
}

absl::StatusOr<internal::v1::ExplainIncidentResponse> ShardReader::ExplainIncident(
    const internal::v1::ExplainIncidentRequest& request) const {
  auto id = RawId(request.incident_id(), records::kIncidentIdBytes, "incident_id");
  if (!id.ok()) return id.status();
  const auto reader = shard_->Snapshot();
  return WithPosition(Explain(*reader, *id), *reader);
}

absl::StatusOr<internal::v1::ListRevisionsResponse> ShardReader::ListRevisions(
    const internal::v1::ListRevisionsRequest& request) const {
  auto id = RawId(request.incident_id(), records::kIncidentIdBytes, "incident_id");
  if (!id.ok()) return id.status();
  if (request.page_size() == 0) return server::InvalidField("page_size", "must be at least 1");
  const auto reader = shard_->Snapshot();
  return WithPosition(Revisions(*reader, *id, std::min(request.page_size(), kMaxPageSize), request.before_sequence(),
                                shard_->identity()),
                      *reader);
}

absl::StatusOr<internal::v1::ListSuggestionsResponse> ShardReader::ListSuggestions(
    const internal::v1::ListSuggestionsRequest& request) const {
  absl::StatusOr<std::string> id = std::string();
  if (!request.incident_id().empty()) id = RawId(request.incident_id(), records::kIncidentIdBytes, "incident_id");
  if (!id.ok()) return id.status();
  if (request.page_size() == 0) return server::InvalidField("page_size", "must be at least 1");
  const auto reader = shard_->Snapshot();
  return WithPosition(Suggestions(*reader, *id, std::min(request.page_size(), kMaxPageSize), request.after_key()),
                      *reader);
}

absl::StatusOr<internal::v1::ListJudgementsResponse> ShardReader::ListJudgements(
    const internal::v1::ListJudgementsRequest& request) const {
  absl::StatusOr<std::string> id = std::string();
  if (!request.judgement_id().empty()) id = RawId(request.judgement_id(), records::kIncidentIdBytes, "judgement_id");
  if (!id.ok()) return id.status();
  if (request.page_size() == 0) return server::InvalidField("page_size", "must be at least 1");
  const auto reader = shard_->Snapshot();
  std::set<v1::Judgement::State> states;
  for (const int state : request.states()) states.insert(static_cast<v1::Judgement::State>(state));
  return WithPosition(
      Judgements(*reader, *id, std::min(request.page_size(), kMaxPageSize), request.before_order(), states), *reader);
}

absl::StatusOr<internal::v1::ListEntryHashesResponse> ShardReader::ListEntryHashes(
    const internal::v1::ListEntryHashesRequest& request) const {
  auto response = ReadEntryHashes(*shard_->Snapshot(), request);
  if (!response.ok()) return Corrupt(response.status());
  return response;
}

absl::StatusOr<internal::v1::GetIndexStatusResponse> ShardReader::GetIndexStatus() const {
  const Progress progress = shard_->progress();
  const auto reader = shard_->Snapshot();
  internal::v1::GetIndexStatusResponse response;
  response.set_log_id(shard_->identity().log_id);
  log::Positions decided = decided_();
  for (const auto& [partition, folded] : progress.folded) {
    auto last = shard_->log()->Last(partition);
    if (!last.ok()) return last.status();
    internal::v1::PartitionStatus* status = response.add_partitions();
    status->set_log(log::ToString(partition.log));
    status->set_partition(partition.number);
    status->set_last_sequence(*last);
    status->set_folded_sequence(folded);
    if (partition.log == log::LogName::kIntake) {
      // What the fold saw and what the resolver here knows: the further of the two.
      status->set_decided_sequence(
          std::max(decided[partition], DecidedEverywhere(progress.watermarks, shard_->owned(), partition)));
    }
    const auto stopped = progress.stopped.find(partition);
    if (stopped != progress.stopped.end()) status->set_stopped_because(stopped->second);
  }
  auto incidents = CountTaken(*reader, kNextNumberKey, kIncidentCountKey);
  if (!incidents.ok()) return Corrupt(incidents.status());
  response.set_incident_count(*incidents);
  uint64_t skipped = 0;
  const std::unique_ptr<records::Cursor> cursor = reader->Scan(family::kSkipped, "");
  for (; cursor->Valid(); cursor->Next()) ++skipped;
  if (!cursor->status().ok()) return Corrupt(cursor->status());
  response.set_skipped_entry_count(skipped);
  auto position = PositionOf(*reader);
  if (!position.ok()) return position.status();
  response.set_read_position(*std::move(position));
  return response;
}

}  // namespace interdict::index
