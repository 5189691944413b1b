#include "services/index/fold/fold_entries.h"

#include <memory>
#include <string>
#include <vector>

#include "interdict/internal/v1/stored.pb.h"
#include "services/index/entry/parse_entry.h"
#include "services/index/fold/incident_fold.h"
#include "services/index/fold/intake_fold.h"
#include "services/index/fold/meta.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;

// Small enough for reads of a batch's own changes to stay cheap.
constexpr log::ReadLimits kStepLimits = {.max_entries = 64, .max_bytes = 1 << 20};

// Applies one entry. FAILED_PRECONDITION and DATA_LOSS of the entry itself stop the partition.
absl::Status ApplyEntry(const ParsedEntry& entry, const Engine& engine, const records::Reader& reader,
                        records::Batch* batch, bool* erases) {
  if (entry.erased) return absl::OkStatus();
  if (!entry.problem.empty()) {
    internal::v1::SkippedEntry skipped;
    *skipped.mutable_position() = entry.position();
    skipped.set_problem(entry.problem);
    batch->Put(family::kSkipped, records::SkippedKey(entry.partition, entry.sequence), skipped.SerializeAsString());
    return absl::OkStatus();
  }
  if (entry.intake.has_value()) return FoldIntake(entry, reader, batch, erases);
  return FoldDecision(entry, engine, reader, batch, erases);
}

}  // namespace

absl::StatusOr<FoldStep> FoldEntries(log::LogReader* log, log::PartitionId partition, uint64_t after, uint64_t up_to,
                                     const Engine& engine, records::Store* store) {
  FoldStep step;
  step.folded = after;
  auto entries = log->Read(partition, after, kStepLimits);
  if (!entries.ok()) {
    if (!absl::IsDataLoss(entries.status())) return entries.status();
    step.stop = entries.status();
    return step;
  }
  records::Batch batch;
  const std::shared_ptr<const records::Reader> base = store->Snapshot();
  const records::OverlayReader reader(base.get(), &batch);
  for (const log::Entry& entry : *entries) {
    if (entry.sequence > up_to) break;
    auto parsed = ParseEntry(partition, entry);
    if (!parsed.ok()) {
      step.stop = parsed.status();
      break;
    }
    absl::Status status = ApplyEntry(*parsed, engine, reader, &batch, &step.erases);
    if (!status.ok()) return status;
    step.folded = entry.sequence;
    ++step.entries;
  }
  if (step.entries == 0) return step;
  PutNumber(&batch, records::PositionMetaKey(partition), step.folded);
  if (step.erases) PutNumber(&batch, kPurgePendingKey, 1);
  absl::Status status = store->Commit(batch, /*durable=*/false);
  if (!status.ok()) return status;
  return step;
}

absl::StatusOr<bool> PurgeIsPending(const records::Store& store) {
  auto pending = GetNumber(*store.Snapshot(), kPurgePendingKey);
  if (!pending.ok()) return pending.status();
  return *pending != 0;
}

absl::Status PurgeErased(records::Store* store) {
  std::vector<std::string> families;
  for (const std::string_view name : records::kAllFamilies) families.emplace_back(name);
  absl::Status status = store->Purge(families);
  if (!status.ok()) return status;
  records::Batch batch;
  batch.Delete(family::kMeta, kPurgePendingKey);
  return store->Commit(batch, /*durable=*/true);
}

}  // namespace interdict::index
