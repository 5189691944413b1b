#include "services/query/search_answers.h"

#include <utility>

#include "services/query/merge.h"

namespace interdict::query {
namespace {

namespace wire = internal::v1;

void AddRecord(wire::SearchHit& hit, v1::SearchIncidentsResponse* response) {
  *response->add_incidents() = std::move(*hit.mutable_incident());
}

void AddRecord(wire::SearchHit& hit, v1::SearchDocumentsResponse* response) {
  *response->add_documents() = std::move(*hit.mutable_document());
}

template <typename Request, typename Response>
void Fill(SearchGathered gathered, const SearchRound& round, const Request& request, Response* response) {
  MergedHits page = MergeHits(gathered.answers, round.cursors, round.request.page_size());
  for (wire::SearchHit& hit : page.hits) {
    AddRecord(hit, response);
    *response->add_hits() = std::move(*hit.mutable_match());
  }
  if (page.more) response->set_next_page_token(EncodePageToken(ArgumentsOf(request), page.cursors));
  for (int i = 0; i < round.request.facets_size(); ++i) {
    const wire::SearchFacet& asked = round.request.facets(i);
    MergedBuckets merged = MergeFacet(gathered.answers, i, v1::BUCKET_ORDER_UNSPECIFIED, asked.limit());
    v1::FacetResult* facet = response->add_facets();
    *facet->mutable_dimension() = asked.dimensions(0);
    for (v1::FacetBucket& bucket : merged.buckets) *facet->add_buckets() = std::move(bucket);
    facet->set_bucket_count(merged.bucket_count);
  }
  if (request.count() != v1::COUNT_MODE_UNSPECIFIED) *response->mutable_total() = MergeTotals(gathered.answers);
  // A word that one shard does not know may well be known to the others.
  if (gathered.answers.size() == 1 || page.hits.empty()) {
    response->set_did_you_mean(MergeDidYouMean(gathered.answers));
  }
  if (request.explain()) response->set_plan(MergePlans(gathered.answers));
  for (v1::MissingShard& missing : gathered.missing) *response->add_missing_shards() = std::move(missing);
  response->set_read_position(std::move(gathered.read_position));
}

}  // namespace

std::string ArgumentsOf(v1::StreamIncidentsRequest request) {
  request.clear_resume_token();
  return v1::StreamIncidentsRequest::descriptor()->full_name() + "\n" + request.SerializeAsString();
}

void FillPage(SearchGathered gathered, const SearchRound& round, const v1::SearchIncidentsRequest& request,
              v1::SearchIncidentsResponse* response) {
  Fill(std::move(gathered), round, request, response);
}

void FillPage(SearchGathered gathered, const SearchRound& round, const v1::SearchDocumentsRequest& request,
              v1::SearchDocumentsResponse* response) {
  Fill(std::move(gathered), round, request, response);
}

void FillBuckets(SearchGathered gathered, const v1::AggregateIncidentsRequest& request, size_t limit,
                 v1::AggregateIncidentsResponse* response) {
  MergedBuckets merged = MergeFacet(gathered.answers, 0, request.order(), limit);
  for (v1::FacetBucket& bucket : merged.buckets) *response->add_buckets() = std::move(bucket);
  response->set_bucket_count(merged.bucket_count);
  response->set_incident_count(MergeTotals(gathered.answers).count());
  for (v1::MissingShard& missing : gathered.missing) *response->add_missing_shards() = std::move(missing);
  response->set_read_position(std::move(gathered.read_position));
}

StreamStep MakeStep(SearchGathered gathered, const SearchRound& round, const std::string& arguments) {
  MergedHits page = MergeHits(gathered.answers, round.cursors, round.request.page_size());
  StreamStep step;
  std::vector<ShardCursor> cursors = round.cursors;
  for (size_t i = 0; i < page.hits.size(); ++i) {
    cursors[page.shards[i]].after = PlaceOf(page.hits[i].cursor());
    v1::StreamIncidentsResponse& message = step.messages.emplace_back();
    *message.mutable_incident() = std::move(*page.hits[i].mutable_incident());
    *message.mutable_hit() = std::move(*page.hits[i].mutable_match());
    message.set_resume_token(EncodePageToken(arguments, cursors));
    message.set_read_position(gathered.read_position);
  }
  step.cursors = std::move(page.cursors);
  step.more = page.more;
  return step;
}

}  // namespace interdict::query
