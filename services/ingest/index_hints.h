// Asks the index what it knows of a document. The log decides; the index only helps not to store what is known.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "interdict/internal/v1/index_service.pb.h"

namespace interdict::ingest {

// Thread-safe. Calls block: call it from a worker. Errors are those of the index; UNAVAILABLE has the reason
// INDEX_UNAVAILABLE.
class IndexHints {
 public:
  explicit IndexHints(const std::shared_ptr<grpc::Channel>& index);
  ~IndexHints();

  absl::StatusOr<internal::v1::LookUpDocumentResponse> LookUp(const std::string& document_id,
                                                              const std::string& request_id, bool with_text,
                                                              absl::Time deadline) const;

  // Waits until the index has folded and decided up to `position_token`. DEADLINE_EXCEEDED.
  absl::Status AwaitPosition(const std::string& position_token, const std::string& document_id,
                             absl::Time deadline) const;

  // A page of a list's entries in force; waits for `read_after`.
  absl::StatusOr<internal::v1::ListEntryHashesResponse> ListEntryHashes(
      const internal::v1::ListEntryHashesRequest& request, absl::Time deadline) const;

  absl::StatusOr<internal::v1::GetIndexStatusResponse> Status(absl::Time deadline) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace interdict::ingest
