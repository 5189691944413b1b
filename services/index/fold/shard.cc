#include "services/index/fold/shard.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/index/fold/fold_entries.h"

namespace interdict::index {
namespace {

constexpr absl::Duration kWaitSlice = absl::Milliseconds(200);  // how fast a stop is noticed at the latest
constexpr absl::Duration kRetryPause = absl::Seconds(1);

}  // namespace

Shard::Shard(StoreDirectory directory, log::LogReader* log, Ownership owned, Alarm alarm)
    : log_(log), owned_(std::move(owned)), alarm_(std::move(alarm)), directory_(std::move(directory)) {}

Shard::~Shard() { Stop(); }

absl::StatusOr<std::unique_ptr<Shard>> Shard::Open(const std::string& directory, log::LogReader* log, Alarm alarm,
                                                   ShardSlot slot) {
  auto identity = log->Identity();
  if (!identity.ok()) return identity.status();
  if (identity->incident_partitions < slot.shards) {
    return absl::InvalidArgumentError(absl::StrCat("the incident log has ", identity->incident_partitions,
                                                   " partition(s), too few for ", slot.shards,
                                                   " shards: make the log with --incident-partitions ", slot.shards));
  }
  std::unique_ptr<Shard> shard(
      new Shard(StoreDirectory(directory), log, Ownership(*std::move(identity), slot), std::move(alarm)));
  absl::Status status = shard->Load();
  if (!status.ok()) return status;
  return shard;
}

absl::Status Shard::Load() {
  absl::MutexLock fold_lock(&fold_mutex_);
  auto store = directory_.OpenCurrent();
  if (!store.ok()) return store.status();
  absl::Status status = BindToLog(&(*store)->records(), log_, owned_, directory_.path());
  if (!status.ok()) return status;
  auto pending = PurgeIsPending((*store)->records());
  if (!pending.ok()) return pending.status();
  if (*pending) status = PurgeErased(store->get());
  if (!status.ok()) return status;
  const auto reader = (*store)->records().Snapshot();
  auto folded = ReadPositions(*reader, owned_);
  if (!folded.ok()) return folded.status();
  auto watermarks = ReadWatermarks(*reader, owned_);
  if (!watermarks.ok()) return watermarks.status();
  absl::MutexLock lock(&mutex_);
  store_ = *std::move(store);
  progress_.folded = *std::move(folded);
  progress_.watermarks = *std::move(watermarks);
  return absl::OkStatus();
}

void Shard::Start() {
  for (const log::PartitionId& partition : owned_.Partitions()) {
    threads_.emplace_back([this, partition] { Follow(partition); });
  }
}

void Shard::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

bool Shard::stopping() const {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

void Shard::Pause(absl::Duration duration) const {
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&stopping_), duration);
}

// Body of a partition's thread.
void Shard::Follow(log::PartitionId partition) {
  absl::StatusCode told = absl::StatusCode::kOk;  // a lasting failure is told once
  while (!stopping()) {
    auto more = Step(partition);
    if (more.ok()) {
      told = absl::StatusCode::kOk;
      if (*more) continue;
      const Progress now = progress();
      if (now.stopped.count(partition) > 0) return;
      auto last = log_->Wait(partition, now.folded.at(partition), absl::Now() + kWaitSlice);
      if (last.ok()) continue;
      if (absl::IsCancelled(last.status())) return;
      more = last.status();
    }
    if (more.status().code() != told && alarm_) alarm_(partition, more.status());
    told = more.status().code();
    Pause(kRetryPause);
  }
}

absl::StatusOr<bool> Shard::Step(log::PartitionId partition) {
  FoldStep step;
  {
    absl::MutexLock fold_lock(&fold_mutex_);
    std::shared_ptr<IndexedStore> store;
    uint64_t after = 0;
    {
      absl::MutexLock lock(&mutex_);
      store = store_;
      after = progress_.folded[partition];
    }
    auto pending = PurgeIsPending(store->records());
    if (!pending.ok()) return pending.status();
    if (!*pending) {
      auto result = FoldEntries(log_, identity(), partition, after, UINT64_MAX, store.get());
      if (!result.ok()) return result.status();
      step = *std::move(result);
      if (step.entries == 0 && step.stop.ok()) return false;
    } else {
      step.entries = 1;  // an earlier purge failed: it comes first, then there may be more
    }
    absl::Status status = PurgeAndPublish(partition, step.stop);
    if (!status.ok()) return status;
  }
  if (!step.stop.ok() && alarm_) alarm_(partition, step.stop);
  if (listener_) listener_();
  return step.stop.ok() && step.entries > 0;
}

absl::Status Shard::PurgeAndPublish(log::PartitionId partition, const absl::Status& stop) {
  std::shared_ptr<IndexedStore> store;
  {
    absl::MutexLock lock(&mutex_);
    store = store_;
  }
  auto pending = PurgeIsPending(store->records());
  if (!pending.ok()) return pending.status();
  if (*pending) {
    snapshots_.WaitForOlder();
    absl::Status status = PurgeErased(store.get());
    if (!status.ok()) return status;
  }
  const auto reader = store->records().Snapshot();
  auto folded = ReadPositions(*reader, owned_);
  if (!folded.ok()) return folded.status();
  auto watermarks = ReadWatermarks(*reader, owned_);
  if (!watermarks.ok()) return watermarks.status();
  absl::MutexLock lock(&mutex_);
  progress_.folded = *std::move(folded);
  progress_.watermarks = *std::move(watermarks);
  if (!stop.ok()) progress_.stopped[partition] = std::string(stop.message());
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> Shard::CatchUp() {
  uint64_t before = 0;
  for (const auto& [partition, folded] : progress().folded) before += folded;
  for (const log::PartitionId& partition : owned_.Partitions()) {
    bool more = progress().stopped.count(partition) == 0;
    while (more) {
      auto step = Step(partition);
      if (!step.ok()) return step.status();
      more = *step;
    }
  }
  uint64_t after = 0;
  for (const auto& [partition, folded] : progress().folded) after += folded;
  return after - before;
}

std::shared_ptr<const records::Reader> Shard::Snapshot() const {
  std::shared_ptr<const SearchSnapshot> snapshot = Search();
  const records::Reader* reader = &snapshot->reader();
  return std::shared_ptr<const records::Reader>(std::move(snapshot), reader);
}

std::shared_ptr<const SearchSnapshot> Shard::Search() const {
  absl::MutexLock lock(&mutex_);
  return snapshots_.Take(store_);
}

absl::Status Shard::VerifyChecksums() const {
  std::shared_ptr<const SearchSnapshot> held;  // keeps the store open meanwhile
  IndexedStore* store = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    held = snapshots_.Take(store_);
    store = store_.get();
  }
  return store->records().VerifyChecksums();
}

Progress Shard::progress() const {
  absl::MutexLock lock(&mutex_);
  return progress_;
}

absl::Status Shard::WaitFor(const log::Positions& positions, absl::Time deadline) const {
  absl::MutexLock lock(&mutex_);
  const auto over = [this, &positions]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return stopping_ || HasReached(progress_, owned_, positions);
  };
  mutex_.AwaitWithDeadline(absl::Condition(&over), deadline);
  if (HasReached(progress_, owned_, positions)) return absl::OkStatus();
  if (stopping_) return absl::CancelledError("the shard is stopping");
  return absl::DeadlineExceededError(absl::StrCat("not folded and decided as far as ", log::ToString(positions),
                                                  "; the shard is at ", log::ToString(progress_.folded)));
}

absl::Status Shard::WithFoldPaused(
    const std::function<absl::Status(StoreDirectory& directory, std::shared_ptr<IndexedStore>& store)>& work) {
  absl::MutexLock fold_lock(&fold_mutex_);
  std::shared_ptr<IndexedStore> before;
  {
    absl::MutexLock lock(&mutex_);
    before = store_;
  }
  std::shared_ptr<IndexedStore> store = before;
  absl::Status status = work(directory_, store);
  if (store == before) return status;
  {
    absl::MutexLock lock(&mutex_);
    store_ = store;
  }
  // Readers of the old store finish; then it is closed, and its files can go.
  snapshots_.WaitForOlder();
  before.reset();
  absl::Status deleted = directory_.DeleteOthers();
  return status.ok() ? deleted : status;
}

}  // namespace interdict::index
