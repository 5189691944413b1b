#include "storage/log/rocksdb_log_eraser.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/log/log_keys.h"

namespace interdict::log {
namespace {

// Erased entries with no more than this between them are purged as one range: they share files, and a file should be
// rewritten once only.
constexpr uint64_t kSharedBytes = 64 << 20;

std::string PurgeKey(const std::string& key) { return absl::StrCat(std::string(row::kPurgePrefix), key); }

using FamilyRanges = std::vector<std::pair<std::string, database::KeyRange>>;

}  // namespace

absl::Status RocksdbLogEraser::Recover() {
  std::set<std::string> left;
  std::unique_ptr<rocksdb::Iterator> rows(rows_.database().db().NewIterator(rocksdb::ReadOptions()));
  for (rows->Seek(row::kPurgePrefix); rows->Valid() && rows->key().starts_with(row::kPurgePrefix); rows->Next()) {
    left.insert(rows->key().ToString().substr(row::kPurgePrefix.size()));
  }
  if (!rows->status().ok()) return rows_.database().Translate(rows->status());
  rows.reset();  // it would keep old files
  if (left.empty()) return absl::OkStatus();
  {
    absl::MutexLock lock(&mutex_);
    pending_ = left;
  }
  absl::Status purged = Purge(*left.begin());
  // A full disk or a slow reader must not keep the log from being read: these stay pending, in their rows, and go with
  // the next erasure or at the next start.
  if (absl::IsResourceExhausted(purged) || absl::IsUnavailable(purged)) return absl::OkStatus();
  return purged;
}

absl::Status RocksdbLogEraser::Erase(PartitionId partition, uint64_t sequence) {
  const std::string key = EntryKey(partition, sequence);
  absl::StatusOr<bool> erased = rows_.IsErased(partition, sequence);
  if (!erased.ok()) return erased.status();
  if (!*erased) {
    absl::Status blanked = Blank(key);
    if (!blanked.ok()) return blanked;
  }
  return Purge(key);
}

absl::Status RocksdbLogEraser::Blank(const std::string& key) {
  rocksdb::WriteBatch batch;
  rocksdb::Status put = batch.Put(rows_.Family(family::kPayloads), key, rocksdb::Slice(&kPayloadErased, 1));
  if (put.ok()) put = batch.Put(PurgeKey(key), "");
  if (!put.ok()) return rows_.database().Translate(put);
  // Row and set change as one: a purge must not count a key whose row comes after it, and whoever sees the row erased
  // must also see that it is not yet purged.
  absl::MutexLock lock(&mutex_);
  pending_.insert(key);
  return rows_.database().Write(batch, /*durable=*/true);
}

bool RocksdbLogEraser::IsPending(const std::string& key) {
  absl::MutexLock lock(&mutex_);
  return pending_.contains(key);
}

absl::Status RocksdbLogEraser::Purge(const std::string& key) {
  absl::MutexLock turn(&purge_mutex_);
  if (!IsPending(key)) return absl::OkStatus();  // went with another's purge
  std::set<std::string> keys;
  {
    absl::MutexLock lock(&mutex_);
    keys = pending_;
  }
  return PurgeAll(keys);
}

absl::Status RocksdbLogEraser::PurgeAll(const std::set<std::string>& keys) {
  rocksdb::DB& db = rows_.database().db();
  FamilyRanges ranges;
  rocksdb::WriteBatch done;
  for (const std::string& key : keys) {
    const rocksdb::Status deleted = done.Delete(PurgeKey(key));
    if (!deleted.ok()) return rows_.database().Translate(deleted);
    uint64_t between = kSharedBytes + 1;
    if (!ranges.empty()) {
      const rocksdb::Range gap(ranges.back().second.last, key);
      const rocksdb::Status sized = db.GetApproximateSizes(rocksdb::SizeApproximationOptions(),
                                                           rows_.Family(family::kPayloads), &gap, 1, &between);
      if (!sized.ok()) return rows_.database().Translate(sized);
    }
    if (between <= kSharedBytes) {
      ranges.back().second.last = key;
    } else {
      ranges.push_back({std::string(family::kPayloads), {key, key}});
    }
  }
  absl::Status purged = rows_.database().Purge(ranges);
  if (!purged.ok()) return purged;
  // Not synced: a row that comes back after a crash costs a purge, no more.
  absl::Status noted = rows_.database().Write(done, /*durable=*/false);
  if (!noted.ok()) return noted;
  absl::MutexLock lock(&mutex_);
  for (const std::string& key : keys) pending_.erase(key);
  return absl::OkStatus();
}

}  // namespace interdict::log
