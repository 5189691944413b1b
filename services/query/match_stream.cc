#include "services/query/match_stream.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/query/merge.h"
#include "services/server/status.h"

namespace interdict::query {
namespace {

namespace wire = internal::v1;

void AskMatches(IndexStub* stub, grpc::ClientContext* context, const wire::MatchNamesRequest* request,
                wire::MatchNamesResponse* response, std::function<void(grpc::Status)> done) {
  stub->async()->MatchNames(context, request, response, std::move(done));
}

absl::Status ListNotFound(const std::string& name) {
  return server::Error(absl::StatusCode::kNotFound, "LIST_NOT_FOUND",
                       absl::StrCat("there is no ", name, "; `interdict list status` tells which are there"),
                       {{"list", name}});
}

}  // namespace

const std::string& NameOfMatch(const v1::EntityMatch& match) {
  return match.has_entry() ? match.entry().name() : match.entity().name();
}

absl::StatusOr<v1::MatchEntitiesResponse> MergeMatches(const ShardAnswers<wire::MatchNamesResponse>& answers,
                                                       const v1::MatchEntitiesRequest& batch, uint32_t first_index) {
  v1::MatchEntitiesResponse merged;
  std::vector<std::string> positions;
  for (const auto& answer : answers) {
    positions.push_back(answer.response.read_position());
    merged.mutable_lists()->MergeFrom(answer.response.lists());
  }
  auto position = MergePositions(positions);
  if (!position.ok()) return position.status();
  merged.set_read_position(*std::move(position));
  for (const std::string& wanted : batch.lists()) {
    const bool there = std::any_of(merged.lists().begin(), merged.lists().end(),
                                   [&wanted](const v1::ReferenceList& list) { return list.name() == wanted; });
    if (!there) return ListNotFound(wanted);
  }
  for (int i = 0; i < batch.queries_size(); ++i) {
    v1::MatchResult* result = merged.add_results();
    result->set_query_index(first_index + static_cast<uint32_t>(i));
    result->set_id(batch.queries(i).id());
    std::vector<const v1::EntityMatch*> matches;
    for (const auto& answer : answers) {
      if (answer.response.results_size() <= i) return absl::InternalError("a shard left a query out");
      for (const v1::EntityMatch& match : answer.response.results(i).matches()) matches.push_back(&match);
    }
    std::sort(matches.begin(), matches.end(), [](const v1::EntityMatch* a, const v1::EntityMatch* b) {
      return a->score() != b->score() ? a->score() > b->score() : NameOfMatch(*a) < NameOfMatch(*b);
    });
    std::set<std::string> told;
    for (const v1::EntityMatch* match : matches) {
      if (result->matches_size() >= batch.limit()) break;
      if (told.insert(NameOfMatch(*match)).second) *result->add_matches() = *match;
    }
  }
  return merged;
}

MatchStream::MatchStream(Parts parts, const v1::MatchEntitiesRequest& request) : parts_(std::move(parts)) {
  v1::MatchEntitiesRequest head = request;
  head.clear_queries();
  for (const v1::MatchQuery& query : request.queries()) {
    if (batches_.empty() || batches_.back().queries_size() >= kBatchQueries) batches_.push_back(head);
    *batches_.back().add_queries() = query;
  }
  std::vector<size_t> ask;
  {
    std::lock_guard lock(mutex_);
    ask = Advance();
  }
  for (const size_t batch : ask) Ask(batch);
}

void MatchStream::Ask(size_t batch) {
  wire::MatchNamesRequest request;
  *request.mutable_request() = batches_[batch];
  request.set_read_after(batches_[batch].read_after());
  AskShards<wire::MatchNamesRequest, wire::MatchNamesResponse>(
      *parts_.shards, parts_.call, std::vector(parts_.shards->size(), request), AskMatches,
      [this, batch](ShardAnswers<wire::MatchNamesResponse> answers) { Answered(batch, std::move(answers)); });
}

void MatchStream::Answered(size_t batch, ShardAnswers<wire::MatchNamesResponse> answers) {
  const absl::Status failed = FirstError(answers);
  absl::StatusOr<v1::MatchEntitiesResponse> merged = v1::MatchEntitiesResponse();
  if (failed.ok()) {
    merged = MergeMatches(answers, batches_[batch], static_cast<uint32_t>(batch * kBatchQueries));
  } else {
    merged = failed;
  }
  std::vector<size_t> ask;
  {
    std::lock_guard lock(mutex_);
    --under_way_;
    if (merged.ok()) {
      merged_[batch] = *std::move(merged);
    } else if (error_.ok()) {
      error_ = merged.status();
    }
    ask = Advance();
  }
  // The stream lives on: it is finished only when nothing is under way, and what is asked for is.
  for (const size_t next : ask) Ask(next);
}

std::vector<size_t> MatchStream::Advance() {
  std::vector<size_t> ask;
  if (finished_) return ask;
  // Results that wait to be written count, so that a slow client does not fill the memory.
  while (error_.ok() && next_batch_ < batches_.size() && under_way_ + merged_.size() < kBatchesAtATime) {
    ask.push_back(next_batch_++);
    ++under_way_;
  }
  if (is_writing_) return ask;
  const auto next = merged_.find(next_write_);
  if (error_.ok() && next != merged_.end()) {
    writing_ = std::move(next->second);
    merged_.erase(next);
    ++next_write_;
    is_writing_ = true;
    StartWrite(&writing_);
    return ask;
  }
  const bool all = next_write_ == batches_.size();
  if (under_way_ == 0 && (all || !error_.ok())) {
    finished_ = true;
    Finish(server::ToGrpc(error_));
  }
  return ask;
}

void MatchStream::OnWriteDone(bool ok) {
  std::vector<size_t> ask;
  {
    std::lock_guard lock(mutex_);
    is_writing_ = false;
    if (!ok && error_.ok()) {
      error_ = server::Error(absl::StatusCode::kCancelled, "CALL_CANCELLED", "the client is gone");
    }
    ask = Advance();
  }
  for (const size_t next : ask) Ask(next);
}

void MatchStream::OnDone() {
  { std::lock_guard lock(mutex_); }  // whoever called Finish has let go
  const auto finished = parts_.finished;
  delete this;
  finished();
}

}  // namespace interdict::query
