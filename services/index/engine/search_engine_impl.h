// The engine's writer and its background work. One mutex guards the state while it is changed; merges read their inputs
// and write their output without it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "services/index/engine/engine_state.h"

namespace interdict::index {

class SearchEngineImpl : public SearchEngine {
 public:
  SearchEngineImpl(records::Store* store, EngineOptions options) : store_(store), options_(std::move(options)) {}
  ~SearchEngineImpl() override;

  absl::Status Load();
  absl::Status Commit(const records::Batch& batch, const IndexChange& change, bool durable) override;
  std::shared_ptr<const SearchSnapshot> Snapshot() const override;
  void Renew() override;
  absl::Status Maintain(bool rewrite) override;
  absl::Status PurgeRemoved() override;

 private:
  // The changes of one commit to one collection.
  struct Pending {
    std::map<const Segment*, std::shared_ptr<DeadSet>> dead;
    std::shared_ptr<const Segment> piece;  // null: nothing was put
    uint32_t greatest_number = 0;
    uint64_t sequence = 0;  // 0: no entry of the tail
  };
  // What a merge reads and makes.
  struct Job {
    size_t collection = 0;
    bool from_tail = false;
    bool to_store = true;
    std::vector<SegmentView> inputs;
    uint64_t last_sequence = 0;
  };

  const IndexSchema& schema(size_t collection) const { return options_.schemas[collection]; }
  absl::Status Check(const IndexDocument& document) const;
  absl::StatusOr<Pending> Prepare(size_t collection, const IndexChange& change, records::Batch* extra)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Bury(size_t collection, uint32_t number, Pending* pending, records::Batch* extra)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Apply(size_t collection, Pending pending) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status MergeSmall(size_t collection) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Publish() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Status LoadStored() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status LoadTail(size_t collection) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Segments that have keys, but are not among `listed`.
  absl::StatusOr<std::vector<uint32_t>> UnlistedSegments(const std::vector<uint32_t>& listed) const;
  absl::Status DropUnlisted(const std::vector<uint32_t>& listed);
  absl::StatusOr<std::shared_ptr<const Segment>> OpenStored(size_t collection, uint32_t segment);

  // The next thing to do, claimed; false: nothing.
  bool NextJob(bool seal_all, Job* job) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool FindSeal(size_t collection, bool all, Job* job) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool FindTailMerge(size_t collection, Job* job) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool FindStoredMerge(size_t collection, Job* job) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // All stored segments, or those with removed documents, into as few as allowed.
  std::vector<Job> RewriteJobs(bool only_removed) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status RunJob(const Job& job);
  absl::Status Replace(const Job& job, std::shared_ptr<const Segment> merged) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Unclaim(const Job& job);
  absl::Status DropGarbage();
  void Work();
  bool HasWork() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  records::Store* const store_;
  const EngineOptions options_;
  const std::shared_ptr<SegmentGarbage> garbage_ = std::make_shared<SegmentGarbage>();

  absl::Mutex job_mutex_;  // one merge at a time; taken before mutex_
  absl::Mutex mutex_;      // the writer's
  std::array<CollectionState, kCollections> states_ ABSL_GUARDED_BY(mutex_);
  uint32_t next_segment_ ABSL_GUARDED_BY(mutex_) = 1;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool failed_ ABSL_GUARDED_BY(mutex_) = false;  // the last job; tried again at the next commit

  mutable absl::Mutex snapshot_mutex_;  // taken last, and only for a moment
  std::shared_ptr<const SearchSnapshot> snapshot_ ABSL_GUARDED_BY(snapshot_mutex_);
  std::thread worker_;
};

}  // namespace interdict::index
