// Serves a log as internal.v1.LogService: how the process that hosts the embedded log lends it to the others.
#pragma once

#include <cstddef>
#include <memory>

#include "absl/status/statusor.h"
#include "services/server/worker_pool.h"
#include "storage/log/log.h"

namespace grpc {
class Service;
}

namespace interdict::log {

// Message limit, bytes, of servers and channels that carry the log. The largest entry (a document of 16 MiB, its
// decoded text and its reports) fits with room to spare, since an entry is always sent whole.
inline constexpr size_t kMaxLogMessageBytes = 64 << 20;
// Largest batch of an append, and largest answer of a read, bytes; the rest of a message is left for its frame.
inline constexpr size_t kMaxLogBatchBytes = 63 << 20;

// Limits of a LogService.
struct LogServiceOptions {
  // Calls of WaitForEntries at a time in one partition; more get RESOURCE_EXHAUSTED with a retry hint.
  size_t max_waits = 1000;
};

// Thread-safe. Reads, appends and erasures run on the pool; waits hold no thread of it and none of gRPC's.
class LogService {
 public:
  // `log` and `pool` must outlive the service, and the gRPC server that it is registered with must be stopped before it
  // is destroyed. Errors: those of LogReader::Identity.
  static absl::StatusOr<std::unique_ptr<LogService>> Create(Log* log, server::WorkerPool* pool,
                                                            const LogServiceOptions& options = {});
  ~LogService();

  // What to register with the server.
  grpc::Service* service();

  // Ends all waits with UNAVAILABLE (LOG_STOPPING): call it from a stop hook of the server, or waiting clients use up
  // its drain. Other calls go on.
  void StopWaits();

 private:
  class Impl;
  explicit LogService(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace interdict::log
