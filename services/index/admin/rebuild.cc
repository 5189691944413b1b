#include "services/index/admin/rebuild.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/index/admin/digest.h"
#include "services/index/fold/fold_entries.h"
#include "services/index/fold/meta.h"
#include "services/server/status.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

using internal::v1::RebuildStoreResponse;

// Folds all partitions up to `targets`.
absl::Status FoldTo(const log::Positions& targets, const Shard& shard, IndexedStore* store, uint64_t& entries) {
  for (const auto& [partition, target] : targets) {
    auto at = GetNumber(*store->records().Snapshot(), records::PositionMetaKey(partition));
    if (!at.ok()) return at.status();
    while (*at < target) {
      auto step = FoldEntries(shard.log(), shard.identity(), partition, *at, target, store);
      if (!step.ok()) return step.status();
      if (!step->stop.ok()) return step->stop;
      if (step->entries == 0) {
        return absl::DataLossError(absl::StrCat("the log has no entry of ", log::ToString(partition), " after ", *at,
                                                ", but the store has folded up to ", target));
      }
      entries += step->entries;
      *at = step->folded;
    }
  }
  return absl::OkStatus();
}

absl::Status PurgeIfPending(IndexedStore* store) {
  auto pending = PurgeIsPending(store->records());
  if (!pending.ok()) return pending.status();
  return *pending ? PurgeErased(store) : absl::OkStatus();
}

// With the folds paused: last entries, digests, swap.
absl::Status Finish(const internal::v1::RebuildStoreRequest& request, const Shard& shard, StoreDirectory& directory,
                    const std::shared_ptr<IndexedStore>& fresh, std::shared_ptr<IndexedStore>& current,
                    RebuildStoreResponse& response, uint64_t& entries) {
  auto targets = ReadPositions(*current->records().Snapshot(), shard.owned());
  if (!targets.ok()) return targets.status();
  absl::Status status = FoldTo(*targets, shard, fresh.get(), entries);
  if (status.ok()) status = PurgeIfPending(fresh.get());
  if (!status.ok()) return status;
  auto new_digest = ComputeDigest(*fresh->records().Snapshot());
  if (!new_digest.ok()) return new_digest.status();
  response.set_new_digest(new_digest->hex);
  auto old_digest = ComputeDigest(*current->records().Snapshot());
  // A damaged store has no digest; to replace it is what a rebuild is for, unless the same digest is required.
  if (old_digest.ok()) {
    response.set_old_digest(old_digest->hex);
  } else if (request.require_same_digest() || !absl::IsDataLoss(old_digest.status())) {
    return old_digest.status();
  }
  if (request.require_same_digest() && response.old_digest() != response.new_digest()) {
    const auto difference = DescribeDifference(*current->records().Snapshot(), *fresh->records().Snapshot());
    if (!difference.ok()) return difference.status();
    return server::Error(
        absl::StatusCode::kFailedPrecondition, "REBUILD_DIFFERS",
        absl::StrCat("the store made anew has digest ", response.new_digest(), ", the present one ",
                     response.old_digest(), "; the present one was kept. They differ in ", *difference,
                     ". Run verify to see which is right"),
        {{"old_digest", response.old_digest()}, {"new_digest", response.new_digest()}, {"difference", *difference}});
  }
  records::Batch last;
  PutBinding(&last, shard.owned());
  status = fresh->Commit(last, IndexChange(), /*durable=*/true);  // and with it all that was committed before
  if (status.ok()) status = directory.Publish(*fresh);
  if (status.ok()) current = fresh;
  return status;
}

}  // namespace

absl::StatusOr<RebuildStoreResponse> RebuildStore(const internal::v1::RebuildStoreRequest& request, Shard& shard) {
  std::shared_ptr<IndexedStore> fresh;
  absl::Status status =
      shard.WithFoldPaused([&](StoreDirectory& directory, std::shared_ptr<IndexedStore>& /*store*/) -> absl::Status {
        auto created = directory.CreateNext();
        if (!created.ok()) return created.status();
        fresh = *std::move(created);
        return BindToLog(&fresh->records(), shard.log(), shard.owned(), fresh->records().path());
      });
  uint64_t entries = 0;
  RebuildStoreResponse response;
  if (status.ok()) status = FoldTo(shard.progress().folded, shard, fresh.get(), entries);
  if (status.ok()) {
    status = shard.WithFoldPaused([&](StoreDirectory& directory, std::shared_ptr<IndexedStore>& store) {
      return Finish(request, shard, directory, fresh, store, response, entries);
    });
  }
  fresh.reset();
  if (!status.ok()) {
    // Best effort: what stays is deleted at the next start.
    shard
        .WithFoldPaused(
            [](StoreDirectory& directory, std::shared_ptr<IndexedStore>&) { return directory.DeleteOthers(); })
        .IgnoreError();
    return status;
  }
  response.set_entry_count(entries);
  return response;
}

}  // namespace interdict::index
