#include "services/index/shard_search.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/index/document_reader.h"
#include "services/index/engine/language/did_you_mean.h"
#include "services/index/entry/names.h"
#include "services/index/fold/incident_rows.h"
#include "services/index/record_highlights.h"
#include "services/index/score_statistics.h"
#include "services/index/search_request.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::SearchRequest;
using internal::v1::SearchResponse;

// The words of one collection of a snapshot.
class SnapshotWords : public WordList {
 public:
  SnapshotWords(const SearchSnapshot& snapshot, Collection collection, const FieldCatalog& catalog)
      : snapshot_(snapshot), collection_(collection), catalog_(catalog) {}
  absl::StatusOr<Words> Beginning(uint16_t field, const std::string& prefix, size_t limit) const override {
    return snapshot_.Terms(collection_, field, HasExactForms(field), prefix, limit);
  }
  absl::StatusOr<Words> Similar(uint16_t field, const std::string& word, uint32_t max_edits,
                                size_t limit) const override {
    return snapshot_.SimilarTerms(collection_, field, HasExactForms(field), word, max_edits, limit);
  }

 private:
  bool HasExactForms(uint16_t field) const { return (catalog_.stemmed() >> field & 1) != 0; }
  const SearchSnapshot& snapshot_;
  const Collection collection_;
  const FieldCatalog& catalog_;
};

// One search being answered.
class Answer {
 public:
  Answer(const SearchSnapshot& snapshot, const SearchRequest& request, const ReadSearch& search)
      : snapshot_(snapshot), request_(request), search_(search), highlighter_(search.query.text, *search.catalog) {}

  absl::Status AddHit(const Hit& hit, internal::v1::SearchHit* answer);
  void AddFacet(const internal::v1::SearchFacet& asked, const FacetResult& counts,
                internal::v1::SearchFacetCounts* answer) const;
  absl::StatusOr<std::string> Correction() const;

 private:
  absl::Status AddIncident(const std::string& id, internal::v1::SearchHit* answer);
  absl::Status AddDocument(const std::string& id, internal::v1::SearchHit* answer);

  const SearchSnapshot& snapshot_;
  const SearchRequest& request_;
  const ReadSearch& search_;
  Highlighter highlighter_;
};

absl::Status Answer::AddHit(const Hit& hit, internal::v1::SearchHit* answer) {
  const bool incidents = search_.collection == Collection::kIncidents;
  auto id = snapshot_.reader().Get(incidents ? family::kIncidentNumbers : family::kDocumentNumbers,
                                   records::NumberKey(hit.number));
  if (!id.ok()) return id.status();
  if (!id->has_value()) return absl::DataLossError(absl::StrCat("no record has the number ", hit.number));
  internal::v1::SearchCursor* cursor = answer->mutable_cursor();
  cursor->set_score(hit.key.score);
  cursor->set_value(hit.key.value);
  cursor->set_missing(hit.key.missing);
  cursor->set_number(hit.key.number);
  answer->mutable_match()->set_score(hit.score);
  answer->mutable_match()->set_explanation(hit.explanation);
  return incidents ? AddIncident(**id, answer) : AddDocument(**id, answer);
}

absl::Status Answer::AddIncident(const std::string& id, internal::v1::SearchHit* answer) {
  const bool highlight = request_.highlight() && !highlighter_.empty();
  answer->mutable_incident()->set_name(IncidentName(id));
  if (request_.without_records() && !highlight) return absl::OkStatus();
  auto stored = LoadIncident(snapshot_.reader(), id);
  if (!stored.ok()) return stored.status();
  if (!stored->has_value()) return absl::DataLossError(absl::StrCat(IncidentName(id), " is missing"));
  v1::Incident& incident = *(*stored)->mutable_incident();
  if (highlight) {
    auto reports = LoadReports(snapshot_.reader(), id);
    if (!reports.ok()) return reports.status();
    *answer->mutable_match()->mutable_highlights() = IncidentHighlights(incident, *reports, highlighter_);
  }
  if (!request_.without_records()) *answer->mutable_incident() = std::move(incident);
  return absl::OkStatus();
}

absl::Status Answer::AddDocument(const std::string& id, internal::v1::SearchHit* answer) {
  const bool highlight = request_.highlight() && !highlighter_.empty();
  answer->mutable_document()->set_name(DocumentName(id));
  if (request_.without_records() && !highlight) return absl::OkStatus();
  auto document = ReadDocument(snapshot_.reader(), id);
  if (!document.ok()) return document.status();
  if (!document->has_value()) return absl::DataLossError(absl::StrCat(DocumentName(id), " is missing"));
  if (highlight) *answer->mutable_match()->mutable_highlights() = DocumentHighlights(**document, highlighter_);
  if (!request_.without_records()) {
    *answer->mutable_document() = **std::move(document);
    answer->mutable_document()->clear_text();
  }
  return absl::OkStatus();
}

// Numbers are counted in the units of the index; the user's are whole.
std::string BucketKey(const SearchField* field, const std::string& key) {
  int64_t value = 0;
  if (field == nullptr || field->type != SearchField::Type::kNumber || field->scale == 1) return key;
  if (!absl::SimpleAtoi(key, &value)) return key;
  return absl::StrCat(static_cast<double>(value) / static_cast<double>(field->scale));
}

void Answer::AddFacet(const internal::v1::SearchFacet& asked, const FacetResult& counts,
                      internal::v1::SearchFacetCounts* answer) const {
  const SearchField* first = search_.catalog->Find(asked.dimensions(0).field());
  const SearchField* second =
      asked.dimensions_size() > 1 ? search_.catalog->Find(asked.dimensions(1).field()) : nullptr;
  for (const FacetCount& count : counts.counts) {
    v1::FacetBucket* bucket = answer->add_buckets();
    bucket->add_keys(BucketKey(first, count.first));
    if (asked.dimensions_size() > 1) bucket->add_keys(BucketKey(second, count.second));
    bucket->set_count(count.count);
  }
  answer->set_bucket_count(counts.buckets);
}

absl::StatusOr<std::string> Answer::Correction() const {
  const SnapshotWords words(snapshot_, search_.collection, *search_.catalog);
  return DidYouMean(request_.query(), search_.text, *search_.catalog, words);
}

}  // namespace

absl::StatusOr<SearchResponse> SearchSnapshotFor(const SearchSnapshot& snapshot, const SearchRequest& request,
                                                 const std::function<absl::Status()>& check) {
  auto search = ReadSearchRequest(request);
  if (!search.ok()) return search.status();
  search->query.check = check;
  auto result = snapshot.Search(search->collection, search->query);
  if (!result.ok()) return SearchError(*search, result.status());
  SearchResponse response;
  response.set_more(result->more);
  response.set_by_relevance(search->query.order.by == Order::By::kRelevance);
  response.set_descending(search->query.order.descending);
  response.set_plan(std::move(result->plan));
  if (result->count.has_value()) {
    response.mutable_total()->set_count(*result->count);
    response.mutable_total()->set_exact(result->count_exact);
  }
  Answer answer(snapshot, request, *search);
  for (const Hit& hit : result->hits) {
    if (absl::Status status = check(); !status.ok()) return status;
    if (absl::Status status = answer.AddHit(hit, response.add_hits()); !status.ok()) return status;
  }
  for (int i = 0; i < request.facets_size(); ++i) {
    answer.AddFacet(request.facets(i), result->facets[i], response.add_facets());
  }
  if (request.suggest() && !request.has_after() && result->hits.size() < request.page_size()) {
    auto correction = answer.Correction();
    if (!correction.ok()) return correction.status();
    response.set_did_you_mean(*std::move(correction));
  }
  return response;
}

absl::StatusOr<internal::v1::GetSearchStatisticsResponse> StatisticsFor(
    const SearchSnapshot& snapshot, const internal::v1::GetSearchStatisticsRequest& request,
    const std::function<absl::Status()>& check) {
  auto search = ReadSearchText(request.collection(), request.query());
  if (!search.ok()) return search.status();
  search->query.check = check;
  auto statistics = snapshot.Statistics(search->collection, search->query);
  if (!statistics.ok()) return SearchError(*search, statistics.status());
  internal::v1::GetSearchStatisticsResponse response;
  *response.mutable_statistics() = ToProto(*statistics);
  return response;
}

}  // namespace interdict::index
