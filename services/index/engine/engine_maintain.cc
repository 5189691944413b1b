#include <algorithm>
#include <map>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/index/engine/postings.h"
#include "services/index/engine/search_engine_impl.h"
#include "services/index/engine/segment_builder.h"
#include "services/index/engine/store_sink.h"

namespace interdict::index {
namespace {

constexpr absl::Duration kLongestWait = absl::Seconds(60);
constexpr absl::Duration kGarbageLook = absl::Milliseconds(200);
constexpr absl::Duration kRetryPause = absl::Seconds(1);
constexpr uint64_t kLeastTier = 1024;

// Segments of about one size have one tier.
uint32_t TierOf(uint64_t documents, size_t factor, uint64_t least) {
  uint32_t tier = 0;
  for (uint64_t size = least; size < documents; size *= factor) ++tier;
  return tier;
}

}  // namespace

bool SearchEngineImpl::FindSeal(size_t collection, bool all, Job* job) {
  CollectionState& state = states_[collection];
  const uint64_t documents = state.tail_documents();
  if (state.tail.empty() || (!all && documents < options_.tail_documents)) return false;
  for (const StatefulSegment& entry : state.tail) {
    if (entry.claimed) break;
    job->inputs.push_back(entry.view);
    job->last_sequence = entry.last_sequence;
  }
  job->from_tail = true;
  job->to_store = true;
  return !job->inputs.empty();
}

bool SearchEngineImpl::FindTailMerge(size_t collection, Job* job) {
  const std::vector<StatefulSegment>& tail = states_[collection].tail;
  const size_t factor = options_.merge_factor;
  size_t run = 0;
  for (size_t i = 0; i < tail.size(); ++i) {
    const auto tier = [&](size_t at) { return TierOf(tail[at].view.segment->size(), factor, 64); };
    run = run > 0 && tier(i) == tier(i - 1) && !tail[i].claimed ? run + 1 : (tail[i].claimed ? 0 : 1);
    if (run < factor || tier(i) == 0) continue;
    for (size_t n = i + 1 - factor; n <= i; ++n) job->inputs.push_back(tail[n].view);
    job->last_sequence = tail[i].last_sequence;
    job->from_tail = true;
    job->to_store = false;
    return true;
  }
  return false;
}

bool SearchEngineImpl::FindStoredMerge(size_t collection, Job* job) {
  const std::vector<StatefulSegment>& stored = states_[collection].stored;
  std::map<uint32_t, std::vector<const StatefulSegment*>> tiers;
  job->from_tail = false;
  job->to_store = true;
  for (const StatefulSegment& entry : stored) {
    if (entry.claimed) continue;
    const double removed = entry.view.dead == nullptr ? 0 : entry.view.dead->count;
    if (removed > options_.max_removed_share * entry.view.segment->size()) {
      job->inputs = {entry.view};
      return true;
    }
    if (entry.live() * 2 > options_.max_segment_documents) continue;
    tiers[TierOf(entry.live(), options_.merge_factor, kLeastTier)].push_back(&entry);
  }
  for (auto& [tier, entries] : tiers) {
    if (entries.size() < options_.merge_factor) continue;
    uint64_t documents = 0;
    for (const StatefulSegment* entry : entries) {
      if (job->inputs.size() == options_.merge_factor || documents + entry->live() > options_.max_segment_documents) {
        break;
      }
      documents += entry->live();
      job->inputs.push_back(entry->view);
    }
    if (job->inputs.size() > 1) return true;
    job->inputs.clear();
  }
  return false;
}

bool SearchEngineImpl::NextJob(bool seal_all, Job* job) {
  for (size_t i = 0; i < kCollections; ++i) {
    *job = Job();
    job->collection = i;
    if (!FindSeal(i, seal_all, job)) job->inputs.clear();
    if (job->inputs.empty() && !FindStoredMerge(i, job)) job->inputs.clear();
    if (job->inputs.empty() && !FindTailMerge(i, job)) job->inputs.clear();
    if (job->inputs.empty()) continue;
    for (auto* list : {&states_[i].stored, &states_[i].tail}) {
      for (StatefulSegment& entry : *list) {
        const auto same = [&entry](const SegmentView& input) { return input.segment == entry.view.segment; };
        if (std::any_of(job->inputs.begin(), job->inputs.end(), same)) entry.claimed = true;
      }
    }
    return true;
  }
  return false;
}

void SearchEngineImpl::Unclaim(const Job& job) {
  absl::MutexLock lock(&mutex_);
  for (auto* list : {&states_[job.collection].stored, &states_[job.collection].tail}) {
    for (StatefulSegment& entry : *list) {
      const auto same = [&entry](const SegmentView& input) { return input.segment == entry.view.segment; };
      if (std::any_of(job.inputs.begin(), job.inputs.end(), same)) entry.claimed = false;
    }
  }
}

absl::Status SearchEngineImpl::RunJob(const Job& job) {
  uint32_t documents = 0;
  std::shared_ptr<const Segment> merged;
  if (job.to_store) {
    uint32_t id = 0;
    {
      absl::MutexLock lock(&mutex_);
      id = next_segment_++;
    }
    StoreSink sink(store_, id);
    absl::Status status = MergeSegments(schema(job.collection), job.inputs, /*vocabulary=*/true, &sink, &documents);
    if (status.ok() && documents > 0) status = sink.Finish();
    if (!status.ok()) return status;
    if (documents > 0) {
      auto opened = OpenStored(job.collection, id);
      if (!opened.ok()) return opened.status();
      merged = *std::move(opened);
    }
  } else {
    MemorySink sink;
    absl::Status status = MergeSegments(schema(job.collection), job.inputs, /*vocabulary=*/false, &sink, &documents);
    if (!status.ok()) return status;
    if (documents > 0) {
      auto source = OpenMemorySource(sink.Finish());
      if (!source.ok()) return source.status();
      auto opened = Segment::Open(0, *std::move(source), schema(job.collection));
      if (!opened.ok()) return opened.status();
      merged = *std::move(opened);
    }
  }
  absl::MutexLock lock(&mutex_);
  return Replace(job, std::move(merged));
}

// Puts the merged segment in the place of the inputs. Documents that were removed meanwhile are removed from it, too.
absl::Status SearchEngineImpl::Replace(const Job& job, std::shared_ptr<const Segment> merged) {
  CollectionState& state = states_[job.collection];
  auto& list = job.from_tail ? state.tail : state.stored;
  records::Batch batch;
  std::shared_ptr<DeadSet> dead;
  std::vector<size_t> places;
  for (const SegmentView& input : job.inputs) {
    const auto entry = std::find_if(list.begin(), list.end(), [&input](const StatefulSegment& candidate) {
      return candidate.view.segment == input.segment;
    });
    if (entry == list.end()) return absl::InternalError("a segment went away while it was merged");
    places.push_back(static_cast<size_t>(entry - list.begin()));
    for (uint32_t ordinal = 0; entry->view.dead != nullptr && ordinal < input.segment->size(); ++ordinal) {
      if (!entry->view.dead->Test(ordinal) || (input.dead != nullptr && input.dead->Test(ordinal))) continue;
      const uint32_t moved = merged == nullptr ? kNoDoc : merged->Find(input.segment->number(ordinal));
      if (moved == kNoDoc) return absl::InternalError("a document went away while it was merged");
      if (dead == nullptr) dead = std::make_shared<DeadSet>(merged->size());
      if (absl::Status status = MarkDead(schema(job.collection), *merged, moved, dead.get()); !status.ok()) {
        return status;
      }
      if (job.to_store) batch.Put(kSearchMetaFamily, DeadKey(merged->id(), moved), "");
    }
    if (job.from_tail) continue;
    batch.DeleteRange(kSearchMetaFamily, DeadPrefix(input.segment->id()), DeadPrefix(input.segment->id() + 1));
    batch.Delete(kSearchMetaFamily, ManifestKey(input.segment->id()));
  }
  if (job.from_tail && job.to_store) {
    const auto collection = static_cast<Collection>(job.collection);
    batch.DeleteRange(kSearchTailFamily, TailKey(collection, 0), TailKey(collection, job.last_sequence + 1));
  }
  if (job.to_store && merged != nullptr) {
    batch.Put(kSearchMetaFamily, ManifestKey(merged->id()), std::string(1, static_cast<char>(job.collection)));
  }
  if (!batch.empty()) {
    if (absl::Status status = store_->Commit(batch, /*durable=*/false); !status.ok()) return status;
  }
  for (const SegmentView& input : job.inputs) {
    if (input.segment->in_memory()) continue;
    input.segment->OnRelease([garbage = garbage_, id = input.segment->id()] { garbage->Add(id); });
  }
  std::sort(places.begin(), places.end());
  StatefulSegment entry{{std::move(merged), std::move(dead)}, job.last_sequence, false};
  if (job.from_tail && !job.to_store && entry.view.segment != nullptr) {
    list[places.front()] = std::move(entry);
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(places.front()) + 1,
               list.begin() + static_cast<std::ptrdiff_t>(places.back()) + 1);
  } else {
    for (size_t i = places.size(); i-- > 0;) list.erase(list.begin() + static_cast<std::ptrdiff_t>(places[i]));
    if (entry.view.segment != nullptr) {
      entry.last_sequence = 0;
      state.Add(std::move(entry), /*stored_segment=*/true);
    }
  }
  Publish();
  return absl::OkStatus();
}

absl::Status SearchEngineImpl::DropGarbage() {
  for (const uint32_t segment : garbage_->Take()) {
    absl::Status status = store_->Drop(kSegmentFamily, SegmentPrefix(segment), SegmentPrefix(segment + 1));
    if (!status.ok()) {
      garbage_->Add(segment);
      return status;
    }
  }
  return absl::OkStatus();
}

bool SearchEngineImpl::HasWork() {
  if (stopping_) return true;
  if (failed_) return false;
  for (size_t i = 0; i < kCollections; ++i) {
    Job job;
    if (FindSeal(i, /*all=*/false, &job) || FindStoredMerge(i, &job) || FindTailMerge(i, &job)) return true;
  }
  return false;
}

// Body of the worker's thread.
void SearchEngineImpl::Work() {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return HasWork(); };
      mutex_.AwaitWithTimeout(absl::Condition(&has_work), kGarbageLook);
      if (stopping_) return;
    }
    absl::Status status;
    {
      absl::MutexLock job_lock(&job_mutex_);
      Job job;
      bool found = false;
      {
        absl::MutexLock lock(&mutex_);
        found = !failed_ && NextJob(/*seal_all=*/false, &job);
      }
      if (found) {
        status = RunJob(job);
        if (!status.ok()) Unclaim(job);
      }
    }
    const absl::Status dropped = DropGarbage();
    if (status.ok() && dropped.ok()) continue;
    // A full disk, most often. The index is whole, only larger than it need be; the next commit or Maintain tells.
    absl::MutexLock lock(&mutex_);
    failed_ = true;
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kRetryPause);
    failed_ = false;
  }
}

std::vector<SearchEngineImpl::Job> SearchEngineImpl::RewriteJobs(bool only_removed) {
  std::vector<Job> jobs;
  for (size_t i = 0; i < kCollections; ++i) {
    Job job;
    job.collection = i;
    uint64_t documents = 0;
    const auto take = [&] {
      const bool clean = job.inputs.size() == 1 && job.inputs[0].dead == nullptr;
      if (!job.inputs.empty() && !clean) jobs.push_back(job);
      job.inputs.clear();
      documents = 0;
    };
    for (const StatefulSegment& entry : states_[i].stored) {
      if (only_removed && entry.view.dead == nullptr) continue;
      if (documents + entry.live() > options_.max_segment_documents) take();
      documents += entry.live();
      job.inputs.push_back(entry.view);
    }
    take();
  }
  return jobs;
}

absl::Status SearchEngineImpl::Maintain(bool rewrite) {
  {
    absl::MutexLock job_lock(&job_mutex_);
    while (true) {
      Job job;
      {
        absl::MutexLock lock(&mutex_);
        failed_ = false;
        if (!NextJob(rewrite, &job)) break;
      }
      absl::Status status = RunJob(job);
      if (status.ok()) continue;
      Unclaim(job);
      return status;
    }
    std::vector<Job> jobs;
    if (rewrite) {
      absl::MutexLock lock(&mutex_);
      jobs = RewriteJobs(/*only_removed=*/false);
    }
    for (const Job& job : jobs) {
      if (absl::Status status = RunJob(job); !status.ok()) return status;
    }
  }
  return DropGarbage();
}

absl::Status SearchEngineImpl::PurgeRemoved() {
  {
    absl::MutexLock job_lock(&job_mutex_);
    for (Job job;;) {
      bool found = false;
      {
        absl::MutexLock lock(&mutex_);
        for (size_t i = 0; i < kCollections && !found; ++i) {
          job = Job();
          job.collection = i;
          found = FindSeal(i, /*all=*/true, &job);
        }
      }
      if (!found) break;
      if (absl::Status status = RunJob(job); !status.ok()) return status;
    }
    std::vector<Job> jobs;
    {
      absl::MutexLock lock(&mutex_);
      jobs = RewriteJobs(/*only_removed=*/true);
    }
    for (const Job& job : jobs) {
      if (absl::Status status = RunJob(job); !status.ok()) return status;
    }
  }
  // The old segments go when the last snapshot that knows them is gone.
  std::vector<uint32_t> listed;
  const absl::Time deadline = absl::Now() + kLongestWait;
  while (true) {
    if (absl::Status status = DropGarbage(); !status.ok()) return status;
    listed.clear();
    {
      absl::MutexLock lock(&mutex_);
      for (const CollectionState& state : states_) {
        for (const StatefulSegment& entry : state.stored) listed.push_back(entry.view.segment->id());
      }
    }
    auto others = UnlistedSegments(listed);
    if (!others.ok()) return others.status();
    if (others->empty()) return absl::OkStatus();
    if (absl::Now() >= deadline) return absl::UnavailableError("a reader holds old segments of the search index");
    absl::SleepFor(absl::Milliseconds(5));
  }
}

}  // namespace interdict::index
