// The work of ReprocessDocuments, free of transport: goes through the intake log and has documents read again whose
// reports are of an older version of this node's extractor.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "interdict/v1/ingest_service.pb.h"
#include "services/ingest/ingest_parts.h"
#include "services/server/unary.h"
#include "storage/log/log.h"
#include "storage/log/position.h"

namespace interdict::ingest {

// One call. For one thread at a time. Holds one piece of the log in memory. Several runs at once do each document once.
class ReprocessRun {
 public:
  // What `parts` points to must outlive it.
  explicit ReprocessRun(const IngestParts& parts) : parts_(parts) {}

  // INVALID_ARGUMENT naming `resume_token`; UNAVAILABLE. Before the first Next.
  absl::Status Begin(const v1::ReprocessDocumentsRequest& request);

  // Goes on for about `duration`, and tells how far it is; the last answer has `done`. Waits where the index lags or
  // the log is full (backpressure), in `duration` too. Errors end the run: UNAVAILABLE, DATA_LOSS, and those of the
  // call.
  absl::StatusOr<v1::ReprocessDocumentsResponse> Next(absl::Duration duration, const server::CallContext& call);

 private:
  // Reads on in the log; false at the end of it.
  absl::StatusOr<bool> Refill();
  absl::Status Examine(const log::Entry& entry, const server::CallContext& call);
  absl::Status ReadAgain(const internal::v1::DocumentAccepted& accepted, const std::string& document_id,
                         KnownDocument known, const server::CallContext& call);
  void Fail(const std::string& document_id, const absl::Status& why);

  const IngestParts parts_;
  bool validate_only_ = false;
  log::Positions at_;     // looked at up to here
  log::Positions until_;  // the end of the log when the run began
  std::vector<log::Entry> entries_;
  size_t next_entry_ = 0;
  log::PartitionId partition_;  // of `entries_`
  v1::ReprocessDocumentsResponse told_;
};

}  // namespace interdict::ingest
