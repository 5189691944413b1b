// Entities as a shard's store has them: what is counted over the mentions of this shard's incidents, and what a client
// is told of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_field.h"
#include "interdict/internal/v1/stored.pb.h"
#include "interdict/v1/entity.pb.h"
#include "services/index/names/name_index_writer.h"
#include "storage/records/store.h"

namespace interdict::index {

// nullopt if there is none here. `entity_id` is raw. DATA_LOSS: the record is not readable.
absl::StatusOr<std::optional<internal::v1::StoredEntity>> LoadEntity(const records::Reader& reader,
                                                                     std::string_view entity_id);

// For a client: the kind that most mentions say, the fullest name, all others as aliases (the most used first).
v1::Entity EntityOf(std::string_view entity_id, const internal::v1::StoredEntity& stored);

// For the name index. `name_number` must be set.
names::NameEntry NamesOf(std::string_view entity_id, const internal::v1::StoredEntity& stored);

// Whether a mention has one of the roles; true for none asked for.
bool HasRole(const internal::v1::StoredEntity& stored, const google::protobuf::RepeatedField<int>& roles);

}  // namespace interdict::index
