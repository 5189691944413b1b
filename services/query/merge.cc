#include "services/query/merge.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "google/protobuf/util/time_util.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "services/server/status.h"
#include "storage/log/position.h"

namespace interdict::query {
namespace {

using internal::v1::SearchIncidentsResponse;

// The shard whose next incident is the newest; nullopt if none has one left.
std::optional<size_t> NewestHead(const std::vector<SearchIncidentsResponse>& answers, const std::vector<int>& taken) {
  std::optional<size_t> newest;
  for (size_t i = 0; i < answers.size(); ++i) {
    if (taken[i] == answers[i].incidents_size()) continue;
    if (!newest ||
        answers[i].incidents(taken[i]).create_time() > answers[*newest].incidents(taken[*newest]).create_time()) {
      newest = i;
    }
  }
  return newest;
}

absl::StatusOr<ShardCursor> CursorAfter(const SearchIncidentsResponse& answer, int taken, const ShardCursor& asked) {
  if (asked.exhausted) return asked;
  if (taken == answer.incidents_size()) {
    // A shard that stopped early may still have more.
    const uint64_t next = answer.next_before_number();
    return ShardCursor{.before_number = next, .exhausted = next == 0};
  }
  if (taken == 0) return asked;
  if (answer.numbers_size() != answer.incidents_size()) {
    return absl::InternalError("a shard did not number its incidents; run index and query of the same release");
  }
  return ShardCursor{.before_number = answer.numbers(taken - 1)};
}

}  // namespace

absl::StatusOr<std::string> MergePositions(const std::vector<std::string>& tokens) {
  if (tokens.size() == 1) return tokens.front();
  log::Positions merged;
  std::string log_id;
  for (const std::string& token : tokens) {
    auto id = log::LogIdOfPositionToken(token);
    if (!id.ok()) return absl::InternalError("a shard gave no position: " + std::string(id.status().message()));
    if (log_id.empty()) log_id = *id;
    const auto positions = log::DecodePositionToken(token, log_id);
    if (!positions.ok()) {
      return absl::InternalError("the shards follow different logs: " + std::string(positions.status().message()));
    }
    for (const auto& [partition, sequence] : *positions) {
      const auto [at, fresh] = merged.emplace(partition, sequence);
      if (!fresh) at->second = std::min(at->second, sequence);
    }
  }
  return log::EncodePositionToken(log_id, merged);
}

absl::StatusOr<MergedPage> MergePage(std::vector<SearchIncidentsResponse> answers,
                                     const std::vector<ShardCursor>& asked, size_t page_size) {
  MergedPage page;
  std::vector<int> taken(answers.size(), 0);
  while (page.incidents.size() < page_size) {
    const auto shard = NewestHead(answers, taken);
    if (!shard) break;
    page.incidents.push_back(std::move(*answers[*shard].mutable_incidents(taken[*shard])));
    ++taken[*shard];
    // What follows in a shard whose answer is used up may be newer than what the others have left.
    if (taken[*shard] == answers[*shard].incidents_size() && answers[*shard].next_before_number() != 0) break;
  }
  for (size_t i = 0; i < answers.size(); ++i) {
    auto cursor = CursorAfter(answers[i], taken[i], asked[i]);
    if (!cursor.ok()) return cursor.status();
    page.more = page.more || !cursor->exhausted;
    page.cursors.push_back(*cursor);
  }
  return page;
}

}  // namespace interdict::query
