#include "services/index/admin/digest.h"

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "interdict/internal/v1/stored.pb.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

// SHA-256 over what is added.
class Hasher {
 public:
  Hasher() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    good_ = context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1;
  }
  void Add(std::string_view bytes) {
    good_ = good_ && EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
  }
  void AddWithLength(std::string_view bytes) {
    Add(records::BigEndian64(bytes.size()));
    Add(bytes);
  }
  absl::StatusOr<std::string> Hex() {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (!good_ || EVP_DigestFinal_ex(context_.get(), bytes, &size) != 1) return absl::InternalError("SHA-256 failed");
    return records::HexFromId(std::string_view(reinterpret_cast<const char*>(bytes), size));
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
  bool good_ = false;
};

// The value without what depends on the history of this store.
absl::StatusOr<std::string> LogicalValue(std::string_view family, std::string_view value) {
  if (family == records::family::kDocuments) {
    internal::v1::StoredDocument stored;
    if (!stored.ParseFromString(std::string(value))) {
      return absl::DataLossError("a record of documents is not readable");
    }
    stored.clear_number();
    return stored.SerializeAsString();
  }
  if (family == records::family::kListEntries) {
    internal::v1::StoredListEntry stored;
    if (!stored.ParseFromString(std::string(value))) {
      return absl::DataLossError("a record of list_entries is not readable");
    }
    stored.clear_name_number();
    return stored.SerializeAsString();
  }
  if (family == records::family::kEntities) {
    internal::v1::StoredEntity stored;
    if (!stored.ParseFromString(std::string(value))) {
      return absl::DataLossError("a record of entities is not readable");
    }
    stored.clear_name_number();
    return stored.SerializeAsString();
  }
  if (family != records::family::kIncidents) return std::string(value);
  internal::v1::StoredIncident stored;
  if (!stored.ParseFromString(std::string(value))) return absl::DataLossError("a record of incidents is not readable");
  stored.clear_number();
  return stored.SerializeAsString();
}

// What an active incident says; empty for any other.
absl::StatusOr<std::string> SaidNow(std::string_view value) {
  internal::v1::StoredIncident stored;
  if (!stored.ParseFromString(std::string(value))) return absl::DataLossError("a record of incidents is not readable");
  v1::Incident& incident = *stored.mutable_incident();
  if (incident.state() != v1::Incident::STATE_ACTIVE) return std::string();
  incident.clear_update_time();
  incident.clear_etag();
  return incident.SerializeAsString();
}

// A report that stands, without the decision that placed it.
absl::StatusOr<std::string> ReportedNow(std::string_view value) {
  internal::v1::StoredReport stored;
  if (!stored.ParseFromString(std::string(value))) return absl::DataLossError("a record of reports is not readable");
  stored.clear_position();
  stored.clear_reasons();
  stored.clear_from_time_us();
  return stored.SerializeAsString();
}

// A mention that stands, without the decision that linked it.
absl::StatusOr<std::string> MentionedNow(std::string_view value) {
  internal::v1::StoredMention stored;
  if (!stored.ParseFromString(std::string(value))) return absl::DataLossError("a record of mentions is not readable");
  stored.clear_position();
  stored.clear_decide_time_us();
  return stored.SerializeAsString();
}

// Adds the records of a family as `said` has them; those of which it says nothing are left out.
absl::Status AddFamily(const records::Reader& reader, std::string_view family,
                       absl::StatusOr<std::string> (*said)(std::string_view family, std::string_view value),
                       Hasher& hasher, Digest& digest) {
  hasher.AddWithLength(family);
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(family, "");
  for (; cursor->Valid(); cursor->Next()) {
    auto value = said(family, cursor->value());
    if (!value.ok()) return value.status();
    if (value->empty() && !cursor->value().empty()) continue;
    hasher.AddWithLength(cursor->key());
    hasher.AddWithLength(*value);
    ++digest.record_count;
  }
  return cursor->status();
}

struct FamilyDifference {
  uint64_t records = 0;
  std::string first_key;
};

absl::StatusOr<FamilyDifference> DifferenceOfFamily(std::string_view family, const records::Reader& one,
                                                    const records::Reader& other) {
  FamilyDifference difference;
  const auto note = [&difference](std::string_view key) {
    if (difference.records++ == 0) difference.first_key = std::string(key);
  };
  const std::unique_ptr<records::Cursor> a = one.Scan(family, "");
  const std::unique_ptr<records::Cursor> b = other.Scan(family, "");
  while (a->Valid() || b->Valid()) {
    const int order = !b->Valid() ? -1 : !a->Valid() ? 1 : a->key().compare(b->key());
    if (order == 0 && a->value() != b->value()) {
      auto of_a = LogicalValue(family, a->value());
      if (!of_a.ok()) return of_a.status();
      auto of_b = LogicalValue(family, b->value());
      if (!of_b.ok()) return of_b.status();
      if (*of_a != *of_b) note(a->key());
    }
    if (order != 0) note(order < 0 ? a->key() : b->key());
    if (order <= 0) a->Next();
    if (order >= 0) b->Next();
  }
  if (!a->status().ok()) return a->status();
  if (!b->status().ok()) return b->status();
  return difference;
}

absl::StatusOr<Digest> Finish(Hasher& hasher, Digest digest) {
  auto hex = hasher.Hex();
  if (!hex.ok()) return hex.status();
  digest.hex = *std::move(hex);
  return digest;
}

}  // namespace

absl::StatusOr<Digest> ComputeDigest(const records::Reader& reader) {
  Hasher hasher;
  Digest digest;
  for (const std::string_view family : records::kDigestFamilies) {
    absl::Status status = AddFamily(reader, family, &LogicalValue, hasher, digest);
    if (!status.ok()) return status;
  }
  return Finish(hasher, digest);
}

absl::StatusOr<std::string> DescribeDifference(const records::Reader& one, const records::Reader& other) {
  std::string told;
  for (const std::string_view family : records::kDigestFamilies) {
    auto difference = DifferenceOfFamily(family, one, other);
    if (!difference.ok()) return difference.status();
    if (difference->records == 0) continue;
    absl::StrAppend(&told, told.empty() ? "" : "; ", std::string(family), ": ", difference->records,
                    difference->records == 1 ? " record, " : " records, the first ",
                    records::HexFromId(difference->first_key));
  }
  return told;
}

absl::StatusOr<Digest> ComputeRecordDigest(const records::Reader& reader) {
  Hasher hasher;
  Digest digest;
  absl::Status status = AddFamily(
      reader, records::family::kIncidents, [](std::string_view, std::string_view value) { return SaidNow(value); },
      hasher, digest);
  if (!status.ok()) return status;
  status = AddFamily(
      reader, records::family::kReports, [](std::string_view, std::string_view value) { return ReportedNow(value); },
      hasher, digest);
  if (status.ok()) status = AddFamily(reader, records::family::kEntities, &LogicalValue, hasher, digest);
  if (!status.ok()) return status;
  status = AddFamily(
      reader, records::family::kMentions, [](std::string_view, std::string_view value) { return MentionedNow(value); },
      hasher, digest);
  if (!status.ok()) return status;
  return Finish(hasher, digest);
}

}  // namespace interdict::index
