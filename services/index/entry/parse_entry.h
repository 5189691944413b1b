// Reads the entries of the log as all followers of it do: the folds, the resolver, verification. One place decides what
// stops a partition, what is skipped, and what is read.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "storage/log/log.h"

namespace interdict::index {

// Version of the payloads that this program reads and writes, of both kinds.
inline constexpr uint32_t kPayloadFormatVersion = 1;

// An entry, read. Of the payload's two messages the one of the partition's log is set, if any.
struct ParsedEntry {
  log::PartitionId partition;
  uint64_t sequence = 0;
  int64_t append_time_us = 0;
  // The payload was taken away: nothing but the header is left.
  bool erased = false;
  // Why the entry is provably invalid, the same for every reader; nothing is set then. Empty: it is valid.
  std::string problem;
  std::optional<internal::v1::IntakeEntry> intake;
  std::optional<internal::v1::Decision> decision;

  internal::v1::LogPosition position() const;
};

// FAILED_PRECONDITION: of an unknown kind, event or newer version; the partition must stop here until the program is
// upgraded. DATA_LOSS: what the log returned is not what was appended (unreadable header, hash of the payload).
absl::StatusOr<ParsedEntry> ParseEntry(log::PartitionId partition, const log::Entry& entry);

internal::v1::LogPosition ToProto(const log::PartitionId& partition, uint64_t sequence);

}  // namespace interdict::index
