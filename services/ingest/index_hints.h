// Asks the index what it knows of a document. The log decides; the index only helps not to store what is known.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
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

  // An incident, without reports, by its id; `record` is empty where the shard that is asked has none. Where it does
  // not hold the id's partition (of `incident_partitions`) it cannot tell, and `asked` is false.
  struct FoundIncident {
    bool asked = false;
    std::optional<v1::Incident> record;
  };
  absl::StatusOr<FoundIncident> FindIncident(const std::string& incident_id, uint32_t incident_partitions,
                                             absl::Time deadline) const;
  // Whether a judgement was decided on; true where the shard that is asked cannot tell.
  absl::StatusOr<bool> KnowsJudgement(const std::string& judgement_id, uint32_t incident_partitions,
                                      absl::Time deadline) const;
  // A page of a list's entries in force; waits for `read_after`.
  absl::StatusOr<internal::v1::ListEntryHashesResponse> ListEntryHashes(
      const internal::v1::ListEntryHashesRequest& request, absl::Time deadline) const;

  absl::StatusOr<internal::v1::GetIndexStatusResponse> Status(absl::Time deadline) const;

 private:
  // Whether the shard that is asked holds the partition of an id.
  absl::StatusOr<bool> Holds(const std::string& id, uint32_t incident_partitions, absl::Time deadline) const;

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace interdict::ingest
