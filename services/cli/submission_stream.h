// Hands documents to SubmitDocuments and survives broken streams: what was not answered is sent again, and since every
// submission carries a request id, nothing counts twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "interdict/v1/ingest_service.grpc.pb.h"

namespace interdict::cli {

// A document on its way; `id` is the caller's, for its own use.
struct Submission {
  std::string id;
  v1::SubmitDocumentRequest request;
};

struct SubmissionStreamOptions {
  // How many documents may be on their way.
  size_t window = 32;
  // Documents and streams that the server turned away for now (RESOURCE_EXHAUSTED, UNAVAILABLE) are sent again for so
  // long without any progress.
  absl::Duration give_up_after = absl::Minutes(2);
};

// Not thread-safe; the callbacks are called one at a time, but by another thread than Run's caller.
class SubmissionStream {
 public:
  SubmissionStream(v1::IngestService::Stub* stub, const SubmissionStreamOptions& options);
  ~SubmissionStream();

  // Called for each document that was answered for good: accepted or refused.
  using OnAnswer = std::function<void(const Submission&, const v1::SubmitDocumentsResponse&)>;

  // Submits all that `next` gives. Returns when all are answered. Otherwise an error that says how many were not, of
  // the last stream: UNAVAILABLE, or what the server ended it with.
  absl::Status Run(const std::function<std::optional<Submission>()>& next, const OnAnswer& on_answer);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace interdict::cli
