#include "services/ingest/backpressure.h"

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "services/server/status.h"
#include "storage/log/log.h"

namespace interdict::ingest {
namespace {

constexpr absl::Duration kAnswerTime = absl::Seconds(2);

struct Lag {
  uint64_t fold = 0;
  uint64_t resolver = 0;
  uint64_t entries = 0;  // in the intake log
};

Lag LagOf(const internal::v1::GetIndexStatusResponse& status) {
  Lag lag;
  for (const internal::v1::PartitionStatus& partition : status.partitions()) {
    if (partition.log() != log::ToString(log::LogName::kIntake)) continue;
    const uint64_t last = partition.last_sequence();
    lag.entries += last;
    lag.fold += last > partition.folded_sequence() ? last - partition.folded_sequence() : 0;
    lag.resolver += last > partition.decided_sequence() ? last - partition.decided_sequence() : 0;
  }
  return lag;
}

}  // namespace

struct Backpressure::State {
  BackpressureOptions options;
  IndexHints* index;
  IntakeLog* log;
  server::Logger* logger;
  std::atomic<bool> reachable{true};
  std::atomic<uint64_t> fold_lag{0};
  std::atomic<uint64_t> resolver_lag{0};
  absl::Mutex refresh_mutex;
  Lag told ABSL_GUARDED_BY(refresh_mutex);               // the index's last answer
  bool has_base ABSL_GUARDED_BY(refresh_mutex) = false;  // whether `told.entries` is known
  absl::Mutex mutex;
  bool stopped ABSL_GUARDED_BY(mutex) = false;
  std::thread thread;
};

Backpressure::Backpressure(const BackpressureOptions& options, IndexHints* index, IntakeLog* log,
                           server::Logger* logger)
    : state_(std::make_unique<State>()) {
  state_->options = options;
  state_->index = index;
  state_->log = log;
  state_->logger = logger;
  state_->thread = std::thread([this] {
    while (true) {
      Refresh();
      absl::MutexLock lock(&state_->mutex);
      if (state_->mutex.AwaitWithTimeout(absl::Condition(&state_->stopped), state_->options.interval)) return;
    }
  });
}

Backpressure::~Backpressure() { Stop(); }

void Backpressure::Stop() {
  {
    absl::MutexLock lock(&state_->mutex);
    state_->stopped = true;
  }
  if (state_->thread.joinable()) state_->thread.join();
}

void Backpressure::Refresh() {
  absl::MutexLock lock(&state_->refresh_mutex);
  const auto status = state_->index->Status(absl::Now() + kAnswerTime);
  if (state_->reachable.exchange(status.ok()) != status.ok()) {
    if (status.ok()) {
      state_->logger->Info("index can be asked again");
    } else {
      state_->logger->Warning("index cannot be asked; documents are accepted without its hints",
                              {{"code", absl::StatusCodeToString(status.status().code())}});
    }
  }
  uint64_t grown = 0;
  if (status.ok()) {
    state_->told = LagOf(*status);
    state_->has_base = true;
  } else {
    const auto entries = state_->log->EntryCount();
    if (!entries.ok()) return;  // without a log nothing is accepted anyway
    if (!state_->has_base) {
      state_->told.entries = *entries;
      state_->has_base = true;
    }
    grown = *entries > state_->told.entries ? *entries - state_->told.entries : 0;
  }
  state_->fold_lag = state_->told.fold + grown;
  state_->resolver_lag = state_->told.resolver + grown;
}

absl::Status Backpressure::Check() const {
  const uint64_t fold = state_->fold_lag;
  const uint64_t resolver = state_->resolver_lag;
  const BackpressureOptions& options = state_->options;
  if (fold <= options.max_fold_lag_entries && resolver <= options.max_resolver_lag_entries) return absl::OkStatus();
  return server::WithRetryAfter(
      server::Error(
          absl::StatusCode::kResourceExhausted, "INGEST_BACKLOG_FULL",
          absl::StrCat("the index lags by ", fold, " entries and the resolver by ", resolver, "; send it again later"),
          {{"fold_lag_entries", absl::StrCat(fold)}, {"resolver_lag_entries", absl::StrCat(resolver)}}),
      options.retry_delay);
}

bool Backpressure::index_reachable() const { return state_->reachable; }
uint64_t Backpressure::fold_lag_entries() const { return state_->fold_lag; }
uint64_t Backpressure::resolver_lag_entries() const { return state_->resolver_lag; }

}  // namespace interdict::ingest
