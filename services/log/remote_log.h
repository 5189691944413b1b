// A log that another process serves as internal.v1.LogService.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "services/server/channel.h"
#include "storage/log/log.h"

namespace interdict::log {

// How long a RemoteLog waits for its server.
struct RemoteLogOptions {
  // Deadline of a read, an append or a question. An append that takes longer has an unknown outcome (UNAVAILABLE).
  absl::Duration call_timeout = absl::Seconds(30);
  // Deadline of an erasure, which may rewrite files.
  absl::Duration erase_timeout = absl::Minutes(5);
  // Wait asks again this often, so that a server that is gone is noticed. At most a day.
  absl::Duration wait_slice = absl::Seconds(20);
};

// Limits and retries for a channel to a LogService (see server::MakeChannel): reads are retried by gRPC itself.
server::ChannelOptions LogChannelOptions();

// Thread-safe. Errors are those of log.h; besides, every call is UNAVAILABLE where the server cannot be reached, has
// too much to do, or does not answer in time, so that a Producer appends the same again, and CANCELLED once Close was
// called.
class RemoteLog : public Log {
 public:
  // The channel must carry messages of kMaxLogMessageBytes.
  explicit RemoteLog(std::shared_ptr<grpc::Channel> channel, const RemoteLogOptions& options = {});
  // Closes. No call may be running in another thread.
  ~RemoteLog() override;

  // Ends running calls, waits too, and refuses new ones with CANCELLED. An append that is cut off so may have been
  // written.
  void Close();

  // Remembered after the first success.
  absl::StatusOr<LogIdentity> Identity() override;
  absl::StatusOr<std::vector<Entry>> Read(PartitionId partition, uint64_t after, const ReadLimits& limits) override;
  absl::StatusOr<uint64_t> Last(PartitionId partition) override;
  absl::StatusOr<uint64_t> Wait(PartitionId partition, uint64_t after, absl::Time deadline) override;
  absl::StatusOr<std::vector<uint64_t>> Append(PartitionId partition, const std::vector<NewEntry>& entries,
                                               std::optional<uint64_t> expected_last) override;
  absl::Status Erase(PartitionId partition, uint64_t sequence) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace interdict::log
