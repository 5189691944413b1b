// The index role of a process in one piece: the shard with its folds, the resolver, and the gRPC services over them.
// Everything under `data_dir` that it makes (`index`, `resolver`) is a view of the log and may be deleted at any time.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/index/fold/ownership.h"
#include "storage/log/log.h"

namespace grpc {
class Service;
}

namespace interdict::server {
class Logger;
class Metrics;
}  // namespace interdict::server

namespace interdict::index {

class DirectReads;

struct IndexOptions {
  // Folder of the process; the node uses `data_dir`/index and `data_dir`/resolver, and makes them.
  std::string data_dir;
  // Which part of the logs is folded here.
  ShardSlot slot;
  // Threads that read the store for calls, and how many calls may wait for one of them (and, apart from that, for a
  // position). Beyond it a call gets RESOURCE_EXHAUSTED (WORK_QUEUE_FULL).
  size_t worker_threads = 4;
  size_t queue_limit = 1000;
  // How long `read_after` waits for a call without a deadline.
  absl::Duration default_wait = absl::Seconds(10);
  // Run the resolver here. Several may run: the log lets one write at a time, the others step back.
  bool run_resolver = true;
  // How long the resolver waits after another one was faster, or after the log refused a write.
  absl::Duration resolver_step_back = absl::Seconds(1);
  // Clock of the resolver's decisions. The folds use none.
  std::function<absl::Time()> now = absl::Now;
};

// A running index. Thread-safe. Order of ending: EndWaits() when the server starts to stop (Server::OnStop), the server
// stops, Stop(), then destroy; the log must outlive it.
class IndexNode {
 public:
  // Opens or creates the stores, starts the folds and the resolver and returns without waiting for them to catch up.
  // FAILED_PRECONDITION: a store that belongs to another log or shard, was made by a newer version, or is locked by
  // another process; the message says what to do. PERMISSION_DENIED, DATA_LOSS: from the store. UNAVAILABLE: from the
  // log.
  static absl::StatusOr<std::unique_ptr<IndexNode>> Start(const IndexOptions& options, log::Log* log,
                                                          server::Metrics* metrics, server::Logger* logger);
  ~IndexNode();

  // IndexService and AdminService. They live as long as the node.
  std::vector<grpc::Service*> Services();

  // The reads of IndexService for callers in this process. Lives as long as the node; no calls once Stop has begun.
  DirectReads* direct_reads();

  // Whether the shard has folded what the log held when the node started. A partition that stands still (unknown kind
  // of entry) does not hinder it: it is readable and alarmed.
  bool Ready() const;

  // Answers all calls that wait for a position, now and later, with UNAVAILABLE (INDEX_STOPPING).
  void EndWaits();

  // Ends the folds and the resolver between two steps and finishes queued reads. Safe to call twice.
  void Stop();

 private:
  struct State;
  explicit IndexNode(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace interdict::index
