// The digest of a shard: one hash over its logical records, the same for every shard that folded the same log to the
// same positions, whatever the batches, the interleaving and the history of its files.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "storage/records/store.h"

namespace interdict::index {

struct Digest {
  std::string hex;  // SHA-256, 64 digits
  uint64_t record_count = 0;
};

// Over the families of records::kDigestFamilies, in their order, each record with the length of key and value before
// it. Numbers of incidents do not count. DATA_LOSS: a record cannot be read.
absl::StatusOr<Digest> ComputeDigest(const records::Reader& reader);

// Where two shards whose digests differ do: for a person, `entities: 2 records, the first 4f3a…; mentions: 1 record,
// …`, families in their order, keys in hexadecimal digits; empty where they do not differ. DATA_LOSS: a record cannot
// be read.
absl::StatusOr<std::string> DescribeDifference(const records::Reader& one, const records::Reader& other);

// Over what the records say now: the active incidents with their reports and entities, without when and by which
// decision they came to say it. The same whether a judgement was made and undone or never made.
absl::StatusOr<Digest> ComputeRecordDigest(const records::Reader& reader);

}  // namespace interdict::index
