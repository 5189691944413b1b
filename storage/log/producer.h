// Stamps, chains and appends the entries of one process: the writing side of the log's entry format.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "storage/log/log.h"

namespace interdict::log {

// A payload with its kind and format version.
struct Payload {
  internal::v1::EntryKind kind = internal::v1::ENTRY_KIND_UNSPECIFIED;
  uint32_t format_version = 1;
  std::string bytes;
};

// Appends to a log as one producer. Thread-safe: while one append is under way, calls of other threads gather and go as
// the next batch, so that one durable write serves all of them. An append whose outcome is unknown (UNAVAILABLE) is
// sent again, unchanged, until the deadline; if it is unknown even then, the partition's next append settles it first.
class Producer {
 public:
  // `writer` must outlive the producer. `now` is the clock for headers.
  Producer(LogWriter* writer, std::function<absl::Time()> now);
  ~Producer();

  // Appends one payload; returns its sequence. Errors as LogWriter::Append; DEADLINE_EXCEEDED: not known whether it was
  // written.
  absl::StatusOr<uint64_t> Append(PartitionId partition, Payload payload, absl::Time deadline);

  // Appends payloads as one atomic batch, fenced by `expected_last` if given.
  absl::StatusOr<std::vector<uint64_t>> AppendBatch(PartitionId partition, std::vector<Payload> payloads,
                                                    std::optional<uint64_t> expected_last, absl::Time deadline);

  // 32 hexadecimal digits, random. A partition whose chain is in doubt (the log refused it, or failed an append whose
  // earlier send may still arrive) goes on under a fresh id.
  const std::string& id() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace interdict::log
