#include "services/query/search_round.h"

#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace interdict::query {
namespace {

namespace wire = internal::v1;

// The generated methods are overloaded; these pick the callback form.
void AskSearch(IndexStub* stub, grpc::ClientContext* context, const wire::SearchRequest* request,
               wire::SearchResponse* response, std::function<void(grpc::Status)> done) {
  stub->async()->Search(context, request, response, std::move(done));
}

void AskStatistics(IndexStub* stub, grpc::ClientContext* context, const wire::GetSearchStatisticsRequest* request,
                   wire::GetSearchStatisticsResponse* response, std::function<void(grpc::Status)> done) {
  stub->async()->GetSearchStatistics(context, request, response, std::move(done));
}

// Scores depend on how rare words are in the whole collection. One shard knows that by itself, and no other order needs
// it.
bool NeedsStatistics(size_t shards, const wire::SearchRequest& request) {
  return shards > 1 && request.page_size() > 0 && !request.query().empty() &&
         absl::StartsWithIgnoreCase(absl::StripLeadingAsciiWhitespace(request.order_by()), "relevance");
}

absl::StatusOr<SearchGathered> Gather(ShardAnswers<wire::SearchResponse> answers, bool allow_partial, ShardMap* map) {
  SearchGathered gathered;
  if (allow_partial) {
    auto missing = MissingOf(answers);
    if (!missing.ok()) return missing.status();
    gathered.missing = *std::move(missing);
  } else if (auto status = FirstError(answers); !status.ok()) {
    return status;
  }
  std::vector<std::string> positions;
  for (size_t i = 0; i < answers.size(); ++i) {
    auto& answer = answers[i];
    if (!answer.status.ok()) {
      gathered.answers.emplace_back();
      continue;
    }
    if (answers.size() > 1) map->Learn(i, answer.response.read_position());
    positions.push_back(answer.response.read_position());
    gathered.answers.emplace_back(std::move(answer.response));
  }
  auto position = MergePositions(positions);
  if (!position.ok()) return position.status();
  gathered.read_position = *std::move(position);
  return gathered;
}

// The answer of the one shard that was asked.
absl::StatusOr<SearchGathered> GatherOne(ShardAnswers<wire::SearchResponse> answers, size_t shard) {
  if (!answers[shard].status.ok()) return answers[shard].status;
  SearchGathered gathered;
  gathered.answers.resize(answers.size());
  gathered.read_position = answers[shard].response.read_position();
  gathered.answers[shard] = std::move(answers[shard].response);
  return gathered;
}

using Gathered = std::function<void(absl::StatusOr<SearchGathered>)>;

void SearchAll(const Shards& shards, ShardMap* map, const ShardCall& call, const SearchRound& round,
               const wire::SearchStatistics* statistics, Gathered done) {
  AskShards<wire::SearchRequest, wire::SearchResponse>(
      shards, call, RequestsOf(round, statistics), {AskSearch, &LocalShard::Search},
      [map, done = std::move(done), allow_partial = round.allow_partial](ShardAnswers<wire::SearchResponse> answers) {
        done(Gather(std::move(answers), allow_partial, map));
      });
}

// Asked with or without the statistics of all.
void Search(const Shards& shards, ShardMap* map, const ShardCall& call, const SearchRound& round,
            const wire::SearchStatistics* statistics, Gathered done) {
  const auto shard = round.incident_id ? map->ShardOf(*round.incident_id) : std::nullopt;
  if (!shard) return SearchAll(shards, map, call, round, statistics, std::move(done));
  std::optional<wire::SearchStatistics> kept;
  if (statistics != nullptr) kept = *statistics;
  AskShards<wire::SearchRequest, wire::SearchResponse>(
      shards, call, RequestsOf(round, statistics), {AskSearch, &LocalShard::Search},
      [&shards, map, call, round, kept = std::move(kept), shard = *shard,
       done = std::move(done)](ShardAnswers<wire::SearchResponse> answers) {
        const auto& answer = answers[shard];
        // The shards have changed places, or the others can give a partial answer.
        const bool ask_all = answer.status.ok() ? !map->Confirms(*round.incident_id, answer.response.read_position())
                                                : round.allow_partial && MayGoWithout(answer.status);
        if (ask_all) {
          return SearchAll(shards, map, call, round, kept ? &*kept : nullptr, done);
        }
        done(GatherOne(std::move(answers), shard));
      },
      shard);
}

}  // namespace

std::vector<wire::SearchRequest> RequestsOf(const SearchRound& round, const wire::SearchStatistics* statistics) {
  std::vector<wire::SearchRequest> requests;
  for (const ShardCursor& cursor : round.cursors) {
    wire::SearchRequest& request = requests.emplace_back(round.request);
    if (cursor.exhausted) request.set_page_size(0);
    if (cursor.after) {
      wire::SearchCursor* after = request.mutable_after();
      after->set_score(cursor.after->score);
      after->set_value(cursor.after->value);
      after->set_missing(cursor.after->missing);
      after->set_number(cursor.after->number);
    }
    if (statistics != nullptr) *request.mutable_statistics() = *statistics;
    if (round.cursors.size() == 1) continue;
    for (wire::SearchFacet& facet : *request.mutable_facets()) facet.set_limit(0);
  }
  return requests;
}

void RunSearch(const Shards& shards, ShardMap* map, const ShardCall& call, SearchRound round, Gathered done) {
  if (!NeedsStatistics(shards.size(), round.request)) return Search(shards, map, call, round, nullptr, std::move(done));
  wire::GetSearchStatisticsRequest request;
  request.set_collection(round.request.collection());
  request.set_query(round.request.query());
  request.set_read_after(round.request.read_after());
  AskShards<wire::GetSearchStatisticsRequest, wire::GetSearchStatisticsResponse>(
      shards, call, std::vector(shards.size(), request), AskStatistics,
      [&shards, map, call, round = std::move(round),
       done = std::move(done)](ShardAnswers<wire::GetSearchStatisticsResponse> answers) mutable {
        absl::Status status = round.allow_partial ? MissingOf(answers).status() : FirstError(answers);
        if (!status.ok()) return done(status);
        wire::SearchStatistics statistics;
        for (const auto& answer : answers) {
          if (answer.status.ok()) AddStatistics(answer.response.statistics(), &statistics);
        }
        Search(shards, map, call, round, &statistics, std::move(done));
      });
}

}  // namespace interdict::query
