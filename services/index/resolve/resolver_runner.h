// The machinery of resolution: reads the intake log in order, has each entry decided, and writes the decisions with
// their watermark to the incident log, fenced, so that of several resolvers one writes at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/index/entry/parse_entry.h"
#include "services/index/resolve/resolver.h"
#include "services/index/resolve/resolver_view.h"
#include "services/index/resolve/settle.h"
#include "storage/log/log.h"
#include "storage/log/producer.h"

namespace interdict::index {

struct ResolverOptions {
  std::string view_path;                        // folder of the view
  std::function<absl::Time()> now;              // clock of decisions and of their headers
  absl::Duration step_back = absl::Seconds(1);  // pause after ABORTED or a failure
  SettleOptions settle;
};

// Survives a kill between any two calls of the log and the view: what is in the incident log is what was decided, the
// view is made from it. A decision that is written twice counts once.
//
// With one incident partition a round of many entries is one atomic append. With several, a crash may leave one ahead:
// a round then holds each document once, and the redo takes what stands in the log as given (decision 0002).
class ResolverRunner {
 public:
  using Alarm = std::function<void(const absl::Status& why)>;

  // Errors as ResolverView::Open. Log and resolver must outlive it.
  static absl::StatusOr<std::unique_ptr<ResolverRunner>> Open(ResolverOptions options, log::Log* log,
                                                              const Resolver* resolver, Alarm alarm);
  ~ResolverRunner();

  // One round in the calling thread, for a runner that is not started: true if something was decided. ABORTED: another
  // resolver was faster. FAILED_PRECONDITION, DATA_LOSS: an entry stops the partition. Others: from log and view. After
  // any error the next call starts from what the log holds.
  absl::StatusOr<bool> Step();

  // Decides until Stop, which waits for the round under way. Each at most once.
  void Start();
  void Stop();

  // Decided so far in every incident partition, by intake partition, as far as this runner knows.
  log::Positions decided() const;
  // Why the runner makes no progress; empty while it does.
  std::string stopped_because() const;

 private:
  struct Round;
  class RoundSink;

  ResolverRunner(ResolverOptions options, log::Log* log, const Resolver* resolver, Alarm alarm,
                 std::unique_ptr<ResolverView> view);
  void Run();
  absl::StatusOr<bool> StepPartition(log::PartitionId intake);
  absl::StatusOr<bool> Gather(log::PartitionId intake, Round& round);
  absl::Status DecideEntry(const ParsedEntry& entry, const std::string& document_id, Round& round);
  absl::Status AppendDecisions(Round& round, bool with_watermark);
  absl::Status Note(const ParsedEntry& entry, Round& round);
  absl::Status PurgeView(Round& round);
  absl::Status EraseAll(const internal::v1::ResolvedDocument& document);
  absl::Status Append(log::PartitionId partition, const std::vector<internal::v1::Decision>& decisions, Round& round);
  void Publish();

  const ResolverOptions options_;
  log::Log* const log_;
  const Resolver* const resolver_;
  const Alarm alarm_;
  const std::unique_ptr<ResolverView> view_;
  std::unique_ptr<log::Producer> producer_;  // made anew after an append whose outcome is unknown

  mutable absl::Mutex mutex_;
  log::Positions decided_ ABSL_GUARDED_BY(mutex_);
  std::string stopped_because_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace interdict::index
