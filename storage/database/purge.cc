#include <filesystem>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "storage/database/database.h"

namespace interdict::database {
namespace {

constexpr absl::Duration kLongestWait = absl::Seconds(60);
constexpr absl::Duration kPause = absl::Milliseconds(2);

using FileNames = std::set<std::string>;

// Names of the files that may hold keys and values, of one sort: `.log`, `.sst` or `MANIFEST-`.
FileNames FilesOf(const std::string& path, const std::string& sort) {
  FileNames names;
  std::error_code error;
  for (const std::filesystem::directory_entry& file : std::filesystem::directory_iterator(path, error)) {
    const std::string name = file.path().filename().string();
    if (absl::EndsWith(name, sort) || absl::StartsWith(name, sort)) names.insert(name);
  }
  return names;
}

// Tables and manifest that the database uses now.
absl::StatusOr<FileNames> LiveFiles(const Database& database) {
  std::vector<std::string> files;
  uint64_t manifest_bytes = 0;
  const rocksdb::Status listed = database.db().GetLiveFiles(files, &manifest_bytes, /*flush_memtable=*/false);
  if (!listed.ok()) return database.Translate(listed);
  FileNames names;
  for (const std::string& file : files) names.insert(std::filesystem::path(file).filename().string());
  return names;
}

// Those of `candidates` that are still on disk and not in use.
FileNames Lingering(const Database& database, const FileNames& candidates, const FileNames& live) {
  FileNames lingering;
  for (const std::string& name : candidates) {
    if (!live.contains(name) && std::filesystem::exists(std::filesystem::path(database.path()) / name)) {
      lingering.insert(name);
    }
  }
  return lingering;
}

// RocksDB deletes files after the fact, and not while a reader still has them open.
absl::Status WaitUntilGone(const Database& database, const FileNames& candidates) {
  const absl::Time deadline = absl::Now() + kLongestWait;
  while (true) {
    absl::StatusOr<FileNames> live = LiveFiles(database);
    if (!live.ok()) return live.status();
    const FileNames lingering = Lingering(database, candidates, *live);
    if (lingering.empty()) return absl::OkStatus();
    if (absl::Now() >= deadline) {
      return absl::UnavailableError(
          absl::StrCat("a reader keeps the old file ", *lingering.begin(), " in ", database.path(), ": purge again"));
    }
    absl::SleepFor(kPause);
  }
}

// Flushes families, the default one among them. A write that changes nothing sees to it that there is something to
// flush, and hence a new write-ahead log and a new manifest.
absl::Status Flush(Database& database, const std::vector<rocksdb::ColumnFamilyHandle*>& families) {
  rocksdb::WriteBatch nothing;
  const rocksdb::Status deleted = nothing.Delete("purge");
  if (!deleted.ok()) return database.Translate(deleted);
  absl::Status written = database.Write(nothing, /*durable=*/false);
  if (!written.ok()) return written;
  return database.Translate(database.db().Flush(rocksdb::FlushOptions(), families));
}

absl::Status Compact(const Database& database, rocksdb::ColumnFamilyHandle* family, const KeyRange& range) {
  rocksdb::CompactRangeOptions options;
  // Without force the lowest level is left as it is, and with it what was overwritten there.
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  const rocksdb::Slice first(range.first);
  const rocksdb::Slice last(range.last);
  return database.Translate(database.db().CompactRange(options, family, range.first.empty() ? nullptr : &first,
                                                       range.last.empty() ? nullptr : &last));
}

// Has RocksDB look through the folder: a write-ahead log of an earlier run is in none of its lists, and would stay
// until the next look hours later. Allowing deletions again is what makes it look.
absl::Status DeleteObsolete(const Database& database) {
  const rocksdb::Status disabled = database.db().DisableFileDeletions();
  if (!disabled.ok()) return database.Translate(disabled);
  return database.Translate(database.db().EnableFileDeletions(/*force=*/false));
}

}  // namespace

absl::Status Database::Purge(const std::vector<std::pair<std::string, KeyRange>>& family_ranges) {
  absl::MutexLock lock(&purge_mutex_);
  FileNames old = FilesOf(path_, ".log");
  std::vector<rocksdb::ColumnFamilyHandle*> all;
  for (const auto& [name, handle] : families_) all.push_back(handle);
  absl::Status flushed = Flush(*this, all);
  if (!flushed.ok()) return flushed;

  for (const auto& [name, range] : family_ranges) {
    absl::StatusOr<rocksdb::ColumnFamilyHandle*> family = FindFamily(name);
    if (!family.ok()) return family.status();
    absl::Status compacted = Compact(*this, *family, range);
    if (!compacted.ok()) return compacted;
  }
  old.merge(FilesOf(path_, ".sst"));
  old.merge(FilesOf(path_, "MANIFEST-"));
  // The manifest of the last compaction still tells of the tables that went into it; any change starts another.
  absl::Status renewed = Flush(*this, {Family(rocksdb::kDefaultColumnFamilyName)});
  if (!renewed.ok()) return renewed;
  absl::Status scanned = DeleteObsolete(*this);
  if (!scanned.ok()) return scanned;
  return WaitUntilGone(*this, old);
}

}  // namespace interdict::database
