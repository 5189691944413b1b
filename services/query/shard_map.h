// Which shard has which incident, learned from the partitions that the shards name in their answers: a search for one
// incident asks one shard.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace interdict::query {

// Thread-safe.
class ShardMap {
 public:
  explicit ShardMap(size_t shards) : shards_(shards) {}

  // What a shard said of how far it is (`read_position` of its answer).
  void Learn(size_t shard, const std::string& read_position);

  // The shard that folds what is decided on an incident; nullopt while it is not known of all shards what they fold.
  std::optional<size_t> ShardOf(std::string_view incident_id) const;

  // Whether an answer comes from a shard that folds the incident's partition; if not, the shards have changed places,
  // and what was learned is forgotten.
  bool Confirms(std::string_view incident_id, const std::string& read_position);

 private:
  const size_t shards_;
  mutable std::mutex mutex_;
  std::map<uint32_t, size_t> shard_of_;  // by incident partition; guarded by mutex_
  std::set<size_t> heard_;               // shards; guarded by mutex_
};

// The id of the one incident that can match a filter: it is a conjunction, and one of its conditions is `name = …`.
// nullopt: there is none, or it takes more than this to know.
std::optional<std::string> IncidentNamedBy(std::string_view filter);

}  // namespace interdict::query
