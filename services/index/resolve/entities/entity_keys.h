// What finds the entities that a named party may be, in the resolver's view: keys of names and numbers, each leading to
// the entities that bear it. Unlike the name index of a shard, work for a name is bounded however many names there are,
// and only names that are the same but for spelling need to be found.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/fold/entity_fold.h"
#include "services/index/names/identifier.h"
#include "services/index/names/normalised_name.h"
#include "storage/records/store.h"

namespace interdict::index {

// key (8) | entity id (16); no value.
inline constexpr std::string_view kEntityKeys = "resolver_entity_keys";

// Keys of a name, 8 bytes each: of the sounds of any two of its words, and of all in a row, so that word order,
// spelling and words left out do not matter; a name of one word has one key. None for a name without words.
std::vector<std::string> KeysOfName(const names::NormalisedName& name);
std::string KeyOfIdentifier(const names::Identifier& identifier);

// Entities that share a key, the first of each key, at most `limit` in all; ids raw, each once, in order of the keys.
// Errors are those of the store.
absl::StatusOr<std::vector<std::string>> EntitiesWithKeys(const records::Reader& view,
                                                          const std::vector<std::string>& keys, size_t limit);

// Keeps the keys in step with the entities. Not thread-safe.
class EntityKeyRows final : public EntityChanges {
 public:
  explicit EntityKeyRows(records::Batch* batch) : batch_(*batch) {}
  absl::Status Changed(const std::string& entity_id, const internal::v1::StoredEntity& before,
                       internal::v1::StoredEntity* after) override;

 private:
  records::Batch& batch_;
};

}  // namespace interdict::index
