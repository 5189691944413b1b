// Folds which mention is which entity: a mention is a named party of a report in a place. What an entity is called is
// counted over its mentions, so that taking one back leaves what would be there without it, in whatever order they
// came.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/entry/parse_entry.h"
#include "services/index/fold/name_changes.h"
#include "storage/records/store.h"

namespace interdict::index {

// Is told of every entity that mentions change: what finds entities by their names follows them.
class EntityChanges {
 public:
  virtual ~EntityChanges() = default;
  // `before` and `after` have no mentions where the entity was not there, or is gone. May set fields of `after` that
  // are not counted over mentions. Errors are those of the store.
  virtual absl::Status Changed(const std::string& entity_id, const internal::v1::StoredEntity& before,
                               internal::v1::StoredEntity* after) = 0;
};

// The name index of a shard: numbers, owners and names of its entities. Not thread-safe.
class EntityNames final : public EntityChanges {
 public:
  EntityNames(const records::Reader& reader, records::Batch* batch, NameChanges* names)
      : reader_(reader), batch_(*batch), names_(*names) {}
  absl::Status Changed(const std::string& entity_id, const internal::v1::StoredEntity& before,
                       internal::v1::StoredEntity* after) override;

 private:
  const records::Reader& reader_;
  records::Batch& batch_;
  NameChanges& names_;
};

// The place is the incident that the report stands in, in a shard's store; in the resolver's view, which must not
// depend on judgements, its automatic group. Ids are raw (16 bytes). `reader` sees what `batch` holds already. Errors
// are those of the store; DATA_LOSS: a row is missing or not readable.

// Adds a mention: a valid decision `mention_linked`. The same twice counts once. A party of a report is of one entity
// at a time: linking it again moves it.
absl::Status FoldMention(const ParsedEntry& entry, std::string_view place_id, const records::Reader& reader,
                         records::Batch* batch, EntityChanges* changes);

// Takes all mentions of a report in a place back: the report was replaced, withdrawn, moved or erased.
absl::Status DropMentions(std::string_view report_id, std::string_view place_id, const records::Reader& reader,
                          records::Batch* batch, EntityChanges* changes);

// All mentions of a place stand in another one from here on. Names do not change.
absl::Status MoveMentions(std::string_view place_id, std::string_view to_place_id, const records::Reader& reader,
                          records::Batch* batch);

// The mentions of a report in a place, by party.
absl::StatusOr<std::vector<internal::v1::StoredMention>> MentionsOf(const records::Reader& reader,
                                                                    std::string_view report_id,
                                                                    std::string_view place_id);

}  // namespace interdict::index
