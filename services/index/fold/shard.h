// A shard: owns the store and the threads that fold the log into it, and tells how far they are.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/index/engine/search_engine.h"
#include "services/index/fold/indexed_store.h"
#include "services/index/fold/progress.h"
#include "services/index/fold/snapshots.h"
#include "services/index/fold/store_directory.h"
#include "storage/log/log.h"
#include "storage/records/store.h"

namespace interdict::index {

// Thread-safe. One thread a partition waits for entries; a mutex lets one at a time fold. After a step that erased text
// the files are purged before the position is published. The log must outlive it.
class Shard {
 public:
  // Told when a partition stops, and when the log or store fails (the fold tries again).
  using Alarm = std::function<void(log::PartitionId partition, const absl::Status& why)>;

  // Opens the store in `directory` and checks that it belongs to the log. Errors as StoreDirectory and BindToLog;
  // INVALID_ARGUMENT if the log has fewer incident partitions than `slot` has shards.
  static absl::StatusOr<std::unique_ptr<Shard>> Open(const std::string& directory, log::LogReader* log, Alarm alarm,
                                                     ShardSlot slot = {});
  ~Shard();

  // Follows the log until Stop, which waits for the step under way. Each at most once.
  void Start();
  void Stop();

  // Folds what the log holds now, in the calling thread; for a shard that is not started. Returns entries folded.
  // A partition that stops is no error: see progress().
  absl::StatusOr<uint64_t> CatchUp();

  // The state now, records alone or with the search index over them; keeps the store alive.
  std::shared_ptr<const records::Reader> Snapshot() const;
  std::shared_ptr<const SearchSnapshot> Search() const;

  // Reads every block of the store. DATA_LOSS names the file that is damaged.
  absl::Status VerifyChecksums() const;

  // The log, and the part of it that is folded here.
  const log::LogIdentity& identity() const { return owned_.identity; }
  const Ownership& owned() const { return owned_; }
  log::LogReader* log() const { return log_; }
  Progress progress() const;

  // Blocks until the shard HasReached the positions. DEADLINE_EXCEEDED names what is missing; CANCELLED: stopped.
  absl::Status WaitFor(const log::Positions& positions, absl::Time deadline) const;

  // Called, without locks held, whenever progress() has changed. Set before Start.
  void OnProgress(std::function<void()> listener) { listener_ = std::move(listener); }

  // Runs `work` on the store while nothing is folded. `work` may put another store, folded to the same positions, in
  // its place; the old one is deleted when its last snapshot is gone. For administration.
  absl::Status WithFoldPaused(
      const std::function<absl::Status(StoreDirectory& directory, std::shared_ptr<IndexedStore>& store)>& work);

 private:
  Shard(StoreDirectory directory, log::LogReader* log, Ownership owned, Alarm alarm);
  absl::Status Load();
  void Follow(log::PartitionId partition);
  // Folds one step; true if there may be more.
  absl::StatusOr<bool> Step(log::PartitionId partition) ABSL_LOCKS_EXCLUDED(fold_mutex_);
  absl::Status PurgeAndPublish(log::PartitionId partition, const absl::Status& stop)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(fold_mutex_);
  bool stopping() const;
  void Pause(absl::Duration duration) const;

  log::LogReader* const log_;
  const Ownership owned_;
  const Alarm alarm_;
  std::function<void()> listener_;
  mutable Snapshots snapshots_;

  // Taken before mutex_ where both are.
  absl::Mutex fold_mutex_;
  StoreDirectory directory_ ABSL_GUARDED_BY(fold_mutex_);

  mutable absl::Mutex mutex_;
  std::shared_ptr<IndexedStore> store_ ABSL_GUARDED_BY(mutex_);  // changed under both mutexes
  Progress progress_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;

  std::vector<std::thread> threads_;
};

}  // namespace interdict::index
