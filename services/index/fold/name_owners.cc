#include "services/index/fold/name_owners.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/index/fold/meta.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

constexpr char kEntryTag = 'L';
constexpr char kEntityTag = 'E';
constexpr size_t kLeastOtherBytes = 4;  // shorter numbers say nothing

names::IdentifierType TypeOf(v1::IdentifierKind kind) {
  switch (kind) {
    case v1::IDENTIFIER_KIND_IMO:
      return names::IdentifierType::kImo;
    case v1::IDENTIFIER_KIND_MMSI:
      return names::IdentifierType::kMmsi;
    case v1::IDENTIFIER_KIND_CALL_SIGN:
      return names::IdentifierType::kCallSign;
    case v1::IDENTIFIER_KIND_AIRCRAFT_REGISTRATION:
      return names::IdentifierType::kRegistration;
    case v1::IDENTIFIER_KIND_AIRCRAFT_SERIAL:
      return names::IdentifierType::kSerial;
    default:
      return names::IdentifierType::kOther;
  }
}

// Numbers of different sorts must not meet. Countries are left out: one source tells them, another does not.
std::string_view SortOf(v1::IdentifierKind kind) {
  switch (kind) {
    case v1::IDENTIFIER_KIND_COMPANY_REGISTRATION:
      return "reg/";
    case v1::IDENTIFIER_KIND_LEI:
      return "lei/";
    case v1::IDENTIFIER_KIND_TAX:
      return "tax/";
    case v1::IDENTIFIER_KIND_PASSPORT:
      return "pass/";
    case v1::IDENTIFIER_KIND_NATIONAL_ID:
      return "nat/";
    case v1::IDENTIFIER_KIND_SWIFT:
      return "swift/";
    default:
      return "";
  }
}

}  // namespace

std::string NameOwner::Encode() const {
  if (!entity_id.empty()) return kEntityTag + entity_id;
  std::string value(1, kEntryTag);
  value.append(list_id).push_back('\0');
  return value.append(entry_id);
}

std::optional<NameOwner> NameOwner::Decode(std::string_view value) {
  NameOwner owner;
  if (!value.empty() && value.front() == kEntityTag && value.size() == 1 + records::kIncidentIdBytes) {
    owner.entity_id = std::string(value.substr(1));
    return owner;
  }
  const size_t end = value.find('\0');
  if (value.empty() || value.front() != kEntryTag || end == std::string_view::npos) return std::nullopt;
  owner.list_id = std::string(value.substr(1, end - 1));
  owner.entry_id = std::string(value.substr(end + 1));
  return owner;
}

absl::StatusOr<uint64_t> TakeNameNumber(const NameOwner& owner, const records::Reader& reader, records::Batch* batch) {
  auto next = GetNumber(reader, kNextNameNumberKey);
  if (!next.ok()) return next;
  const uint64_t number = std::max<uint64_t>(1, *next);
  PutNumber(batch, kNextNameNumberKey, number + 1);
  batch->Put(records::family::kNameOwners, records::BigEndian64(number), owner.Encode());
  return number;
}

absl::StatusOr<std::optional<NameOwner>> OwnerOf(const records::Reader& reader, uint64_t number) {
  auto value = reader.Get(records::family::kNameOwners, records::BigEndian64(number));
  if (!value.ok()) return value.status();
  if (!value->has_value()) return std::optional<NameOwner>();
  auto owner = NameOwner::Decode(**value);
  if (!owner.has_value()) return absl::DataLossError(absl::StrCat("owner of name number ", number, " is not readable"));
  return owner;
}

names::NameKind NameKindOf(v1::PartyKind kind) {
  switch (kind) {
    case v1::PARTY_KIND_PERSON:
      return names::NameKind::kPerson;
    case v1::PARTY_KIND_ORGANIZATION:
      return names::NameKind::kOrganization;
    case v1::PARTY_KIND_VESSEL:
      return names::NameKind::kVessel;
    case v1::PARTY_KIND_AIRCRAFT:
      return names::NameKind::kAircraft;
    default:
      return names::NameKind::kUnknown;
  }
}

std::vector<names::Identifier> NameIdentifiers(const google::protobuf::RepeatedPtrField<v1::Identifier>& identifiers) {
  std::vector<names::Identifier> parsed;
  for (const v1::Identifier& identifier : identifiers) {
    const names::IdentifierType type = TypeOf(identifier.kind());
    std::string text = identifier.value();
    if (type == names::IdentifierType::kOther) {
      const std::string sort(SortOf(identifier.kind()));
      if (sort.empty() || text.size() < kLeastOtherBytes) continue;
      text = sort + text;
    }
    auto read = names::ParseIdentifier(type, text);
    if (read.ok()) parsed.push_back(*std::move(read));
  }
  return parsed;
}

}  // namespace interdict::index
