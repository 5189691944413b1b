// Who bears the names of the name index: each entry of a list and each entity has a number in the shard, and a row of
// `name_owners` leads from it back to the bearer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "interdict/v1/entity.pb.h"
#include "interdict/v1/reference_list.pb.h"
#include "services/index/names/identifier.h"
#include "services/index/names/normalised_name.h"
#include "storage/records/store.h"

namespace interdict::index {

// A bearer of names.
struct NameOwner {
  // Of a list's entry; both empty for an entity.
  std::string list_id;
  std::string entry_id;
  // Of an entity, 16 bytes; empty for an entry.
  std::string entity_id;

  std::string Encode() const;
  // nullopt if it has no such form.
  static std::optional<NameOwner> Decode(std::string_view value);
};

// The next number, given to `owner`.
absl::StatusOr<uint64_t> TakeNameNumber(const NameOwner& owner, const records::Reader& reader, records::Batch* batch);

// nullopt if nobody has the number. DATA_LOSS if the row is not readable.
absl::StatusOr<std::optional<NameOwner>> OwnerOf(const records::Reader& reader, uint64_t number);

// As the name index has them. Identifiers that cannot be right (a wrong check digit) are left out.
names::NameKind NameKindOf(v1::PartyKind kind);
std::vector<names::Identifier> NameIdentifiers(const google::protobuf::RepeatedPtrField<v1::Identifier>& identifiers);

}  // namespace interdict::index
