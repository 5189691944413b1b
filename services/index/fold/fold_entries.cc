#include "services/index/fold/fold_entries.h"

#include <memory>
#include <string>
#include <vector>

#include "services/index/entry/parse_entry.h"
#include "services/index/fold/changed_incidents.h"
#include "services/index/fold/incident_fold.h"
#include "services/index/fold/intake_fold.h"
#include "services/index/fold/meta.h"
#include "services/index/fold/name_changes.h"
#include "services/index/fold/skip_entry.h"
#include "services/index/names/name_keys.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;

// Small enough for reads of a batch's own changes to stay cheap.
constexpr log::ReadLimits kStepLimits = {.max_entries = 64, .max_bytes = 1 << 20};

// Applies one entry. FAILED_PRECONDITION and DATA_LOSS of the entry itself stop the partition.
absl::Status ApplyEntry(const ParsedEntry& entry, const NumberSpace& numbers, const records::Reader& reader,
                        records::Batch* batch, IndexChange* index, ChangedIncidents* incidents, NameChanges* names,
                        bool* erases) {
  if (entry.erased) return absl::OkStatus();
  if (!entry.problem.empty()) {
    SkipEntry(entry, entry.problem, batch);
    return absl::OkStatus();
  }
  if (entry.intake.has_value()) return FoldIntake(entry, numbers, reader, batch, index, names, erases);
  return FoldDecision(entry, numbers, reader, batch, incidents, names, erases);
}

}  // namespace

absl::StatusOr<FoldStep> FoldEntries(log::LogReader* log, const log::LogIdentity& identity, log::PartitionId partition,
                                     uint64_t after, uint64_t up_to, IndexedStore* store) {
  const NumberSpace numbers = {partition.number, partition.log == log::LogName::kIntake ? identity.intake_partitions
                                                                                        : identity.incident_partitions};
  FoldStep step;
  step.folded = after;
  auto entries = log->Read(partition, after, kStepLimits);
  if (!entries.ok()) {
    if (!absl::IsDataLoss(entries.status())) return entries.status();
    step.stop = entries.status();
    return step;
  }
  records::Batch batch;
  IndexChange index;
  NameChanges names;
  const std::shared_ptr<const records::Reader> base = store->records().Snapshot();
  const records::OverlayReader reader(base.get(), &batch);
  ChangedIncidents incidents(reader, &batch, &index);
  for (const log::Entry& entry : *entries) {
    if (entry.sequence > up_to) break;
    auto parsed = ParseEntry(partition, entry);
    if (!parsed.ok()) {
      step.stop = parsed.status();
      break;
    }
    absl::Status status = ApplyEntry(*parsed, numbers, reader, &batch, &index, &incidents, &names, &step.erases);
    if (!status.ok()) return status;
    step.folded = entry.sequence;
    ++step.entries;
  }
  if (step.entries == 0) return step;
  absl::Status status = incidents.MakeRecords();
  if (!status.ok()) return status;
  PutNumber(&batch, records::PositionMetaKey(partition), step.folded);
  if (step.erases) PutNumber(&batch, kPurgePendingKey, 1);
  status = names.WriteTo(*base, &batch);
  if (status.ok()) status = store->Commit(batch, index, /*durable=*/false);
  if (!status.ok()) return status;
  return step;
}

absl::StatusOr<bool> PurgeIsPending(const records::Store& store) {
  auto pending = GetNumber(*store.Snapshot(), kPurgePendingKey);
  if (!pending.ok()) return pending.status();
  return *pending != 0;
}

absl::Status PurgeErased(IndexedStore* store) {
  absl::Status status = store->search().PurgeRemoved();
  if (!status.ok()) return status;
  std::vector<std::string> families = SearchFamilies();
  families.insert(families.end(), PackedSearchFamilies().begin(), PackedSearchFamilies().end());
  for (const std::string_view name : records::kAllFamilies) families.emplace_back(name);
  families.insert(families.end(), names::NameFamilies().begin(), names::NameFamilies().end());
  families.insert(families.end(), names::PackedNameFamilies().begin(), names::PackedNameFamilies().end());
  // The state that the index has published holds a snapshot of the store, which the purge would wait for.
  status = store->records().Purge(families, [store] { store->search().Renew(); });
  if (!status.ok()) return status;
  records::Batch batch;
  batch.Delete(family::kMeta, kPurgePendingKey);
  return store->Commit(batch, IndexChange(), /*durable=*/true);
}

}  // namespace interdict::index
