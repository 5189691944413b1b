// Makes entries as a producer would, one chain for one partition, and spoiled ones for the tests of refusals.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "interdict/internal/v1/log_entry.pb.h"
#include "storage/ids/ids.h"
#include "storage/log/log.h"

namespace interdict::log::testing {

class EntryChain {
 public:
  explicit EntryChain(std::string producer = ids::RandomId()) : producer_(std::move(producer)) {}

  // Header of the next entry, not yet counted.
  internal::v1::EntryHeader NextHeader(const std::string& payload) const {
    internal::v1::EntryHeader header;
    header.set_producer(producer_);
    header.set_producer_sequence(sequence_ + 1);
    header.set_kind(internal::v1::ENTRY_KIND_INTAKE);
    header.set_format_version(1);
    header.set_append_time_us(1'600'000'000'000'000 + static_cast<int64_t>(sequence_));
    header.set_payload_sha256(ids::Sha256(payload));
    header.set_previous_header_sha256(previous_);
    return header;
  }

  // The next entry; the chain goes on behind it.
  NewEntry Next(const std::string& payload) {
    NewEntry entry{NextHeader(payload).SerializeAsString(), payload};
    previous_ = ids::Sha256(entry.header);
    ++sequence_;
    return entry;
  }

  const std::string& producer() const { return producer_; }
  uint64_t sequence() const { return sequence_; }

 private:
  std::string producer_;
  uint64_t sequence_ = 0;
  std::string previous_;
};

}  // namespace interdict::log::testing
