#include "storage/log/rocksdb_log.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/log/entry_checks.h"
#include "storage/log/position.h"
#include "storage/log/rocksdb_log_committer.h"
#include "storage/log/rocksdb_log_eraser.h"
#include "storage/log/rocksdb_log_rows.h"
#include "storage/log/rocksdb_log_tail.h"

namespace interdict::log {

absl::StatusOr<std::unique_ptr<RocksdbLog>> RocksdbLog::Open(const std::string& path,
                                                             const RocksdbLogOptions& options) {
  absl::StatusOr<std::unique_ptr<RocksdbLogRows>> rows = RocksdbLogRows::Open(path, options);
  if (!rows.ok()) return rows.status();
  std::unique_ptr<RocksdbLog> log(new RocksdbLog(*std::move(rows)));
  absl::Status started = log->Start();
  if (!started.ok()) return started;
  return log;
}

RocksdbLog::RocksdbLog(std::unique_ptr<RocksdbLogRows> rows) : rows_(std::move(rows)) {}

RocksdbLog::~RocksdbLog() = default;

absl::Status RocksdbLog::Start() {
  Positions durable;
  for (PartitionId partition : rows_->identity().Partitions()) {
    absl::StatusOr<uint64_t> last = rows_->LastSequence(partition);
    if (!last.ok()) return last.status();
    durable[partition] = *last;
  }
  eraser_ = std::make_unique<RocksdbLogEraser>(rows_.get());
  absl::Status recovered = eraser_->Recover();
  if (!recovered.ok()) return recovered;
  tail_ = std::make_unique<RocksdbLogTail>(durable);
  committer_ = std::make_unique<RocksdbLogCommitter>(rows_.get(), tail_.get());
  return absl::OkStatus();
}

void RocksdbLog::Close() {
  tail_->Close();
  committer_->Close();
}

absl::StatusOr<LogIdentity> RocksdbLog::Identity() { return rows_->identity(); }

absl::StatusOr<std::vector<Entry>> RocksdbLog::Read(PartitionId partition, uint64_t after, const ReadLimits& limits) {
  absl::Status exists = CheckPartition(rows_->identity(), partition);
  if (!exists.ok()) return exists;
  return rows_->Read(partition, after, tail_->Last(partition), limits);
}

absl::StatusOr<uint64_t> RocksdbLog::Last(PartitionId partition) {
  absl::Status exists = CheckPartition(rows_->identity(), partition);
  if (!exists.ok()) return exists;
  return tail_->Last(partition);
}

absl::StatusOr<uint64_t> RocksdbLog::Wait(PartitionId partition, uint64_t after, absl::Time deadline) {
  absl::Status exists = CheckPartition(rows_->identity(), partition);
  if (!exists.ok()) return exists;
  return tail_->Wait(partition, after, deadline);
}

absl::StatusOr<std::vector<uint64_t>> RocksdbLog::Append(PartitionId partition, const std::vector<NewEntry>& entries,
                                                         std::optional<uint64_t> expected_last) {
  absl::Status exists = CheckPartition(rows_->identity(), partition);
  if (!exists.ok()) return exists;
  absl::StatusOr<std::vector<CheckedEntry>> checked = CheckEntries(entries);
  if (!checked.ok()) return checked.status();
  return committer_->Append(partition, *std::move(checked), expected_last);
}

absl::Status RocksdbLog::Erase(PartitionId partition, uint64_t sequence) {
  absl::Status exists = CheckPartition(rows_->identity(), partition);
  if (!exists.ok()) return exists;
  if (sequence == 0 || sequence > tail_->Last(partition)) {
    return absl::NotFoundError(absl::StrCat("no entry ", sequence, " in ", ToString(partition)));
  }
  return eraser_->Erase(partition, sequence);
}

}  // namespace interdict::log
