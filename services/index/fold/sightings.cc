#include "services/index/fold/sightings.h"

#include <memory>

#include "interdict/internal/v1/stored.pb.h"
#include "services/index/entry/timestamps.h"
#include "storage/records/keys.h"

namespace interdict::index {

absl::StatusOr<std::vector<v1::Sighting>> ReadSightings(const records::Reader& reader, const std::string& document_id) {
  std::vector<v1::Sighting> sightings;
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(records::family::kSightings, document_id);
  for (; cursor->Valid(); cursor->Next()) {
    internal::v1::StoredSighting stored;
    if (!stored.ParseFromString(std::string(cursor->value()))) {
      return absl::DataLossError("a record of sightings is not readable");
    }
    v1::Sighting& sighting = sightings.emplace_back();
    sighting.set_url(std::string(cursor->key().substr(document_id.size())));
    sighting.set_publisher(stored.publisher());
    sighting.set_external_id(stored.external_id());
    sighting.set_count(stored.count());
    *sighting.mutable_first_accept_time() = TimestampFromMicros(stored.first_accept_time_us());
    *sighting.mutable_last_accept_time() = TimestampFromMicros(stored.last_accept_time_us());
  }
  if (!cursor->status().ok()) return cursor->status();
  return sightings;
}

}  // namespace interdict::index
