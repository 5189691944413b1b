#include "absl/strings/str_cat.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/admin/record_walk.h"
#include "services/index/admin/verify_records.h"
#include "services/index/entry/names.h"
#include "storage/ids/ids.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::StoredDocument;
using internal::v1::StoredRequest;
using internal::v1::StoredSighting;

void CheckDocument(std::string_view key, std::string_view value, Problems* problems) {
  const std::string name = DocumentName(key);
  StoredDocument stored;
  if (!stored.ParseFromString(std::string(value))) {
    problems->Add(absl::StrCat(name, ": record is not readable"));
    return;
  }
  const v1::Document& document = stored.document();
  if (document.name() != name) problems->Add(absl::StrCat(name, ": record bears another name"));
  if (document.state() == v1::Document::STATE_REMOVED) {
    const bool pure = document.text().empty() && document.title().empty() && stored.entries().empty();
    if (!pure) problems->Add(absl::StrCat(name, ": was taken down, but its record holds more than the tombstone"));
    return;
  }
  if (document.text_sha256() != ids::Sha256Hex(document.text())) {
    problems->Add(absl::StrCat(name, ": hash of the text differs from `text_sha256`"));
  }
}

// That the document of a record is there and was not taken down.
absl::Status CheckStands(const records::Reader& reader, std::string_view document_id, const std::string& what,
                         Problems* problems) {
  auto stored = Find<StoredDocument>(reader, family::kDocuments, document_id);
  if (!stored.ok()) return stored.status();
  if (!stored->has_value()) {
    problems->Add(absl::StrCat(what, ": its document ", DocumentName(document_id), " is missing"));
  } else if ((*stored)->document().state() == v1::Document::STATE_REMOVED) {
    problems->Add(absl::StrCat(what, ": its document ", DocumentName(document_id), " was taken down"));
  }
  return absl::OkStatus();
}

absl::Status CheckSighting(const records::Reader& reader, std::string_view key, std::string_view value,
                           Problems* problems) {
  if (key.size() < records::kDocumentIdBytes) {
    problems->Add("sightings: a key is too short");
    return absl::OkStatus();
  }
  const std::string_view id = key.substr(0, records::kDocumentIdBytes);
  const std::string what = absl::StrCat("a sighting of ", DocumentName(id));
  StoredSighting sighting;
  if (!sighting.ParseFromString(std::string(value)) || sighting.count() == 0) {
    problems->Add(absl::StrCat(what, ": record is not readable"));
  }
  return CheckStands(reader, id, what, problems);
}

absl::Status CheckUrl(const records::Reader& reader, std::string_view key, std::string_view value, Problems* problems) {
  constexpr size_t kTail = 13;  // 0x00, partition, sequence
  if (key.size() <= kTail || value.size() != records::kDocumentIdBytes) {
    problems->Add("urls: a record is malformed");
    return absl::OkStatus();
  }
  auto sighting =
      Find<StoredSighting>(reader, family::kSightings, records::SightingKey(value, key.substr(0, key.size() - kTail)));
  if (!sighting.ok()) return sighting.status();
  if (!sighting->has_value()) {
    problems->Add(absl::StrCat("urls: a record names ", DocumentName(value), ", which has no sighting there"));
  }
  return absl::OkStatus();
}

absl::Status CheckRequest(const records::Reader& reader, std::string_view key, std::string_view value,
                          Problems* problems) {
  StoredRequest request;
  const bool good = key.size() > records::kDocumentIdBytes && request.ParseFromString(std::string(value)) &&
                    records::HexFromId(key.substr(key.size() - records::kDocumentIdBytes)) == request.document_id();
  if (!good) {
    problems->Add("requests: a record is malformed");
    return absl::OkStatus();
  }
  return CheckStands(reader, key.substr(key.size() - records::kDocumentIdBytes), "a request", problems);
}

}  // namespace

absl::Status VerifyDocuments(const records::Reader& reader, Problems* problems, uint64_t* records) {
  absl::Status status = ForEachRecord(reader, family::kDocuments, records, [&](auto key, auto value) {
    CheckDocument(key, value, problems);
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  status = ForEachRecord(reader, family::kSightings, records,
                         [&](auto key, auto value) { return CheckSighting(reader, key, value, problems); });
  if (!status.ok()) return status;
  status = ForEachRecord(reader, family::kUrls, records,
                         [&](auto key, auto value) { return CheckUrl(reader, key, value, problems); });
  if (!status.ok()) return status;
  return ForEachRecord(reader, family::kRequests, records,
                       [&](auto key, auto value) { return CheckRequest(reader, key, value, problems); });
}

}  // namespace interdict::index
