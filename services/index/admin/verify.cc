#include "services/index/admin/verify.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "services/index/admin/problems.h"
#include "services/index/admin/verify_records.h"
#include "services/index/entry/names.h"
#include "services/index/entry/parse_entry.h"
#include "services/index/fold/meta.h"
#include "storage/ids/ids.h"
#include "storage/log/verify.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

using internal::v1::IntakeEntry;
using internal::v1::VerifyStoreResponse;

// That the id of an accepted document is the hash of its bytes.
void CheckEntry(const ParsedEntry& entry, Problems* problems) {
  if (!entry.intake.has_value() || entry.intake->event_case() != IntakeEntry::kDocumentAccepted) return;
  const auto& accepted = entry.intake->document_accepted();
  const std::string name = absl::StrCat("documents/", ids::DocumentId(accepted.content()));
  if (accepted.document().name() != name) {
    problems->Add(absl::StrCat("entry ", entry.sequence, " of ", log::ToString(entry.partition),
                               ": the document's id is not the hash of its bytes"));
  }
}

void CheckPayloads(log::LogReader* log, log::PartitionId partition, Problems* problems) {
  uint64_t after = 0;
  while (!problems->full()) {
    auto entries = log->Read(partition, after, log::ReadLimits());
    if (!entries.ok() || entries->empty()) return;  // VerifyPartition tells what cannot be read
    for (const log::Entry& raw : *entries) {
      after = raw.sequence;
      auto entry = ParseEntry(partition, raw);
      if (entry.ok()) CheckEntry(*entry, problems);
    }
  }
}

void CheckLog(const Shard& shard, Problems* problems, VerifyStoreResponse* response) {
  uint64_t entries = 0;
  for (const log::PartitionId& partition : shard.identity().Partitions()) {
    const log::PartitionReport report = log::VerifyPartition(*shard.log(), partition);
    entries += report.entries;
    for (const std::string& problem : report.problems) {
      problems->Add(absl::StrCat("log ", log::ToString(partition), ": ", problem));
    }
    if (partition.log == log::LogName::kIntake) CheckPayloads(shard.log(), partition, problems);
  }
  response->set_entry_count(entries);
}

// Whether both folds have come equally far, and the documents are folded here at all.
absl::StatusOr<bool> FoldsAgree(const records::Reader& reader, const Ownership& owned) {
  if (!owned.Owns({log::LogName::kIntake, 0})) return false;
  auto positions = ReadPositions(reader, owned);
  if (!positions.ok()) return positions.status();
  auto watermarks = ReadWatermarks(reader, owned);
  if (!watermarks.ok()) return watermarks.status();
  for (const auto& [partition, folded] : *positions) {
    if (partition.log != log::LogName::kIntake) continue;
    for (const auto& [incidents, decided] : *watermarks) {
      const auto found = decided.find(partition);
      if (found == decided.end() || found->second != folded) return false;
    }
  }
  return true;
}

absl::Status CheckRecords(const Shard& shard, Problems* problems, uint64_t* records) {
  const auto snapshot = shard.Search();
  const records::Reader* const reader = &snapshot->reader();
  auto agree = FoldsAgree(*reader, shard.owned());
  if (!agree.ok()) return agree.status();
  absl::Status status = VerifyDocuments(*reader, problems, records);
  if (status.ok()) status = VerifyIncidents(*reader, *agree, problems, records);
  if (status.ok()) status = VerifyLists(*reader, problems, records);
  if (status.ok()) status = VerifyEntities(*reader, problems, records);
  if (status.ok()) status = VerifyPostings(*snapshot, problems, records);
  return status;
}

}  // namespace

absl::StatusOr<VerifyStoreResponse> VerifyShard(const Shard& shard) {
  VerifyStoreResponse response;
  Problems problems;
  CheckLog(shard, &problems, &response);
  absl::Status status = shard.VerifyChecksums();
  if (!status.ok()) problems.Add(absl::StrCat("store: ", std::string(status.message())));
  uint64_t records = 0;
  status = CheckRecords(shard, &problems, &records);
  if (!status.ok()) problems.Add(absl::StrCat("store: cannot be read on: ", std::string(status.message())));
  for (const auto& [partition, why] : shard.progress().stopped) {
    problems.Add(absl::StrCat(log::ToString(partition), " stands still: ", why));
  }
  response.set_record_count(records);
  for (const std::string& problem : problems.list()) response.add_problems(problem);
  return response;
}

}  // namespace interdict::index
