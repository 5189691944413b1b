// Writes the intake log: one entry a document, in the partition that the document's id chooses.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "storage/log/log.h"
#include "storage/log/position.h"
#include "storage/log/producer.h"

namespace interdict::ingest {

// Where an entry stands, and how a client names it.
struct IntakePosition {
  uint32_t partition = 0;
  uint64_t sequence = 0;
  std::string token;
};

// Thread-safe. Calls block: call it from a worker. Errors: UNAVAILABLE (LOG_UNAVAILABLE), DEADLINE_EXCEEDED
// (DEADLINE_PASSED), RESOURCE_EXHAUSTED (LOG_FULL), each with a hint when to send again where that helps; INTERNAL.
class IntakeLog {
 public:
  // `log` must outlive it.
  IntakeLog(log::Log* log, std::function<absl::Time()> now);

  // Appends entries of one document as one batch; the position of the last. Returns once they are durable.
  absl::StatusOr<IntakePosition> Append(const std::string& document_id,
                                        const std::vector<internal::v1::IntakeEntry>& entries, absl::Time deadline);

  // Appends a judgement, or what takes one back. All stand in partition 0, so that they have one order.
  absl::StatusOr<IntakePosition> AppendJudgement(const internal::v1::IntakeEntry& entry, absl::Time deadline);

  // Number of partitions of the incident log.
  absl::StatusOr<uint32_t> IncidentPartitions();

  // The end of the document's partition: everything that was ever acknowledged for it stands at or before it.
  absl::StatusOr<IntakePosition> End(const std::string& document_id);

  // A known place in the log as a position.
  absl::StatusOr<IntakePosition> At(uint32_t partition, uint64_t sequence);

  // The end of every intake partition now.
  absl::StatusOr<log::Positions> Ends();
  // Entries of an intake partition behind `after`, at most a few megabytes of them; empty at its end.
  absl::StatusOr<std::vector<log::Entry>> Read(uint32_t partition, uint64_t after);

  // Positions as the token that clients carry, and the reverse: INVALID_ARGUMENT naming `field`.
  absl::StatusOr<std::string> EncodeToken(const log::Positions& positions);
  absl::StatusOr<log::Positions> DecodeToken(const std::string& field, const std::string& token);

  // Number of entries in all intake partitions.
  absl::StatusOr<uint64_t> EntryCount();

 private:
  absl::StatusOr<log::LogIdentity> Identity();

  log::Log* const log_;
  log::Producer producer_;
  absl::Mutex mutex_;
  std::optional<log::LogIdentity> identity_ ABSL_GUARDED_BY(mutex_);  // asked once, never changes
};

}  // namespace interdict::ingest
