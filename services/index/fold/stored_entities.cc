#include "services/index/fold/stored_entities.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/index/fold/name_owners.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

using internal::v1::StoredEntity;

// The value with the highest count; of equals the lowest.
v1::PartyKind KindOf(const StoredEntity& stored) {
  int32_t kind = v1::PARTY_KIND_UNSPECIFIED;
  uint64_t most = 0;
  for (const internal::v1::CountedNumber& counted : stored.kinds()) {
    if (counted.value() == v1::PARTY_KIND_UNSPECIFIED || counted.count() <= most) continue;
    kind = counted.value();
    most = counted.count();
  }
  return static_cast<v1::PartyKind>(kind);
}

// The name with the most words, then the longest, then the most used.
std::string FullestName(const StoredEntity& stored) {
  const auto rank = [](const internal::v1::CountedText& name) {
    const auto words = std::count(name.value().begin(), name.value().end(), ' ');
    return std::make_tuple(words, name.value().size(), name.count());
  };
  const auto best = std::max_element(stored.names().begin(), stored.names().end(),
                                     [&rank](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return best == stored.names().end() ? std::string() : best->value();
}

// All names but `shown`, the most used first, equals by name.
std::vector<std::string> OtherNames(const StoredEntity& stored, const std::string& shown) {
  std::map<std::string, uint64_t> counts;
  for (const auto* list : {&stored.names(), &stored.aliases()}) {
    for (const internal::v1::CountedText& name : *list) counts[name.value()] += name.count();
  }
  counts.erase(shown);
  std::vector<std::string> names;
  for (const auto& [name, count] : counts) names.push_back(name);
  std::stable_sort(names.begin(), names.end(),
                   [&counts](const std::string& a, const std::string& b) { return counts[a] > counts[b]; });
  return names;
}

}  // namespace

absl::StatusOr<std::optional<StoredEntity>> LoadEntity(const records::Reader& reader, std::string_view entity_id) {
  auto value = reader.Get(records::family::kEntities, entity_id);
  if (!value.ok()) return value.status();
  if (!value->has_value()) return std::optional<StoredEntity>();
  StoredEntity stored;
  if (!stored.ParseFromString(**value)) {
    return absl::DataLossError(absl::StrCat("record of entities/", records::HexFromId(entity_id), " is not readable"));
  }
  return std::optional<StoredEntity>(std::move(stored));
}

v1::Entity EntityOf(std::string_view entity_id, const StoredEntity& stored) {
  v1::Entity entity;
  entity.set_name(absl::StrCat("entities/", records::HexFromId(entity_id)));
  entity.set_kind(KindOf(stored));
  entity.set_display_name(FullestName(stored));
  for (std::string& name : OtherNames(stored, entity.display_name())) entity.add_aliases(std::move(name));
  for (const internal::v1::CountedText& code : stored.country_codes()) entity.add_country_codes(code.value());
  return entity;
}

names::NameEntry NamesOf(std::string_view entity_id, const StoredEntity& stored) {
  const v1::Entity entity = EntityOf(entity_id, stored);
  names::NameEntry entry;
  entry.number = stored.name_number();
  entry.kind = NameKindOf(entity.kind());
  entry.names.push_back(entity.display_name());
  entry.names.insert(entry.names.end(), entity.aliases().begin(), entity.aliases().end());
  google::protobuf::RepeatedPtrField<v1::Identifier> identifiers;
  for (const internal::v1::CountedBytes& counted : stored.identifiers()) {
    v1::Identifier identifier;
    if (identifier.ParseFromString(counted.value())) *identifiers.Add() = std::move(identifier);
  }
  entry.identifiers = NameIdentifiers(identifiers);
  return entry;
}

bool HasRole(const StoredEntity& stored, const google::protobuf::RepeatedField<int>& roles) {
  if (roles.empty()) return true;
  return std::any_of(stored.roles().begin(), stored.roles().end(), [&roles](const internal::v1::CountedNumber& role) {
    return std::find(roles.begin(), roles.end(), role.value()) != roles.end();
  });
}

}  // namespace interdict::index
