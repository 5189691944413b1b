#include "services/index/document_reader.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "services/index/entry/names.h"
#include "services/index/fold/sightings.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::StoredDocument;
using internal::v1::StoredIncident;
using internal::v1::StoredSighting;

absl::Status Unreadable(std::string_view of_family) {
  return absl::DataLossError("a record of " + std::string(of_family) + " is not readable");
}

absl::StatusOr<StoredSighting> LoadSighting(const records::Reader& reader, const std::string& document_id,
                                            std::string_view url) {
  auto value = reader.Get(family::kSightings, records::SightingKey(document_id, url));
  if (!value.ok()) return value.status();
  StoredSighting sighting;
  if (value->has_value() && !sighting.ParseFromString(**value)) return Unreadable(family::kSightings);
  return sighting;
}

absl::Status AddSightings(const records::Reader& reader, const std::string& document_id, v1::Document* document) {
  auto sightings = ReadSightings(reader, document_id);
  if (!sightings.ok()) return sightings.status();
  for (v1::Sighting& sighting : *sightings) *document->add_sightings() = std::move(sighting);
  return absl::OkStatus();
}

// A document that stood at a URL. Several intake partitions have no common order but time; the order of the rows breaks
// ties.
struct Stand {
  int64_t first_us = 0;
  int64_t last_us = 0;
  size_t first_row = 0;
  size_t last_row = 0;
};

absl::StatusOr<std::map<std::string, Stand>> StandsAt(const records::Reader& reader, const std::string& url) {
  std::map<std::string, Stand> stands;
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(family::kUrls, records::UrlPrefix(url));
  for (size_t row = 0; cursor->Valid(); cursor->Next(), ++row) {
    const auto [stand, fresh] = stands.try_emplace(std::string(cursor->value()));
    if (fresh) stand->second.first_row = row;
    stand->second.last_row = row;
  }
  if (!cursor->status().ok()) return cursor->status();
  for (auto& [id, stand] : stands) {
    auto sighting = LoadSighting(reader, id, url);
    if (!sighting.ok()) return sighting.status();
    stand.first_us = sighting->first_accept_time_us();
    stand.last_us = sighting->last_accept_time_us();
  }
  return stands;
}

// Sets `supersedes` and `superseded_by` by the first URL that tells each.
absl::Status AddSupersession(const records::Reader& reader, const std::string& document_id, v1::Document* document) {
  for (const v1::Sighting& sighting : document->sightings()) {
    if (sighting.url().empty()) continue;
    auto stands = StandsAt(reader, sighting.url());
    if (!stands.ok()) return stands.status();
    const auto self = stands->find(document_id);
    if (self == stands->end()) continue;
    const auto first = [](const Stand& stand) { return std::make_tuple(stand.first_us, stand.first_row); };
    const auto last = [](const Stand& stand) { return std::make_tuple(stand.last_us, stand.last_row); };
    auto before = stands->end();
    auto newest = self;
    for (auto other = stands->begin(); other != stands->end(); ++other) {
      const bool earlier = first(other->second) < first(self->second);
      if (earlier && (before == stands->end() || first(before->second) < first(other->second))) before = other;
      if (last(newest->second) < last(other->second)) newest = other;
    }
    if (document->supersedes().empty() && before != stands->end()) {
      document->set_supersedes(DocumentName(before->first));
    }
    if (document->superseded_by().empty() && newest != self) document->set_superseded_by(DocumentName(newest->first));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<std::pair<uint64_t, std::string>>> IncidentsOfDocument(const records::Reader& reader,
                                                                                  const std::string& document_id) {
  std::set<std::string> ids;
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(family::kDocumentReports, document_id);
  for (; cursor->Valid(); cursor->Next()) ids.emplace(cursor->value());
  if (!cursor->status().ok()) return cursor->status();
  std::vector<std::pair<uint64_t, std::string>> numbered;
  for (const std::string& id : ids) {
    auto value = reader.Get(family::kIncidents, id);
    if (!value.ok()) return value.status();
    StoredIncident stored;
    if (value->has_value() && !stored.ParseFromString(**value)) return Unreadable(family::kIncidents);
    numbered.emplace_back(stored.number(), IncidentName(id));
  }
  std::sort(numbered.begin(), numbered.end());
  return numbered;
}

absl::StatusOr<std::optional<StoredDocument>> LoadDocument(const records::Reader& reader,
                                                           const std::string& document_id) {
  auto value = reader.Get(family::kDocuments, document_id);
  if (!value.ok()) return value.status();
  if (!value->has_value()) return std::optional<StoredDocument>();
  StoredDocument stored;
  if (!stored.ParseFromString(**value)) return Unreadable(family::kDocuments);
  return std::optional<StoredDocument>(std::move(stored));
}

absl::StatusOr<std::optional<v1::Document>> ReadDocument(const records::Reader& reader,
                                                         const std::string& document_id) {
  auto stored = LoadDocument(reader, document_id);
  if (!stored.ok()) return stored.status();
  if (!stored->has_value()) return std::optional<v1::Document>();
  v1::Document document = std::move(*(*stored)->mutable_document());
  absl::Status status = AddSightings(reader, document_id, &document);
  if (status.ok()) status = AddSupersession(reader, document_id, &document);
  if (!status.ok()) return status;
  auto incidents = IncidentsOfDocument(reader, document_id);
  if (!incidents.ok()) return incidents.status();
  for (auto& [number, name] : *incidents) document.add_incidents(std::move(name));
  return std::optional<v1::Document>(std::move(document));
}

}  // namespace interdict::index
