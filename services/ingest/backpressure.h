// Watches how far fold and resolver lag behind the intake log, and refuses submissions beyond a limit.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/ingest/index_hints.h"
#include "services/ingest/intake_log.h"
#include "services/server/logging.h"

namespace interdict::ingest {

struct BackpressureOptions {
  uint64_t max_fold_lag_entries = 10'000;
  uint64_t max_resolver_lag_entries = 10'000;
  absl::Duration retry_delay = absl::Seconds(2);
  absl::Duration interval = absl::Milliseconds(500);
};

// Thread-safe. One thread asks the index at intervals. While the index cannot be asked, submissions go on, for only the
// log is needed to accept; the lag is then the growth of the log since the last answer, so that the limits still hold.
class Backpressure {
 public:
  // All must outlive it.
  Backpressure(const BackpressureOptions& options, IndexHints* index, IntakeLog* log, server::Logger* logger);
  ~Backpressure();

  // RESOURCE_EXHAUSTED (INGEST_BACKLOG_FULL, with a retry hint) beyond a limit.
  absl::Status Check() const;

  // Whether the index answered when it was asked last. True until it was asked.
  bool index_reachable() const;
  uint64_t fold_lag_entries() const;
  uint64_t resolver_lag_entries() const;

  // Asks once, now. Else the thread does.
  void Refresh();

  // Ends the thread. Safe to call twice.
  void Stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace interdict::ingest
