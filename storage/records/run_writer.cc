#include <rocksdb/convenience.h>
#include <rocksdb/sst_file_writer.h>

#include <atomic>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/records/store_impl.h"

namespace interdict::records {
namespace {

constexpr char kRunSuffix[] = ".run";

// Written out on the way: what is left to the end keeps a commit that syncs meanwhile waiting for all of it.
rocksdb::EnvOptions FileOptions() {
  rocksdb::EnvOptions options;
  options.bytes_per_sync = 1 << 20;
  return options;
}

class SstRunWriter : public RunWriter {
 public:
  SstRunWriter(const database::Database* database, rocksdb::ColumnFamilyHandle* family, std::string path)
      : database_(database),
        path_(std::move(path)),
        writer_(FileOptions(), database_->db().GetOptions(family), family) {}

  ~SstRunWriter() override {
    std::error_code error;
    std::filesystem::remove(path_, error);
  }

  absl::Status Open() { return database_->Translate(writer_.Open(path_)); }

  absl::Status Put(std::string_view key, std::string_view value) override {
    empty_ = false;
    return database_->Translate(writer_.Put(rocksdb::Slice(key.data(), key.size()), {value.data(), value.size()}));
  }

  uint64_t bytes() const override { return const_cast<rocksdb::SstFileWriter&>(writer_).FileSize(); }

  bool empty() const { return empty_; }
  const std::string& path() const { return path_; }
  absl::Status Finish() { return database_->Translate(writer_.Finish()); }

 private:
  const database::Database* database_;
  const std::string path_;
  rocksdb::SstFileWriter writer_;
  bool empty_ = true;
};

}  // namespace

void DeleteLeftoverRuns(const std::string& path) {
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(path, error)) {
    std::error_code ignored;
    if (file.path().extension() == kRunSuffix) std::filesystem::remove(file.path(), ignored);
  }
}

absl::StatusOr<std::unique_ptr<RunWriter>> Store::StartRun(std::string_view family) const {
  const auto handle = impl_->database->FindFamily(family);
  if (!handle.ok()) return handle.status();
  const std::string file = absl::StrCat(path(), "/", impl_->next_run.fetch_add(1), kRunSuffix);
  auto run = std::make_unique<SstRunWriter>(impl_->database.get(), *handle, file);
  if (absl::Status status = run->Open(); !status.ok()) return status;
  return run;
}

absl::Status Store::Ingest(std::string_view family, std::vector<std::unique_ptr<RunWriter>> runs) {
  const auto handle = impl_->database->FindFamily(family);
  if (!handle.ok()) return handle.status();
  std::vector<std::string> files;
  for (const std::unique_ptr<RunWriter>& run : runs) {
    auto& sst = static_cast<SstRunWriter&>(*run);
    if (sst.empty()) continue;
    if (absl::Status status = sst.Finish(); !status.ok()) return status;
    files.push_back(sst.path());
  }
  if (files.empty()) return absl::OkStatus();
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  return impl_->database->Translate(impl_->database->db().IngestExternalFile(*handle, files, options));
}

absl::Status Store::Drop(std::string_view family, std::string_view first, std::string_view end) {
  const auto handle = impl_->database->FindFamily(family);
  if (!handle.ok()) return handle.status();
  rocksdb::DB& db = impl_->database->db();
  const rocksdb::Slice begin(first.data(), first.size());
  const rocksdb::Slice limit(end.data(), end.size());
  const rocksdb::Status dropped = rocksdb::DeleteFilesInRange(&db, *handle, &begin, &limit, /*include_end=*/false);
  if (!dropped.ok()) return impl_->database->Translate(dropped);
  // A range tombstone burdens later reads: none where nothing is left.
  std::unique_ptr<rocksdb::Iterator> rest(db.NewIterator(rocksdb::ReadOptions(), *handle));
  rest->Seek(begin);
  if (!rest->status().ok()) return impl_->database->Translate(rest->status());
  if (!rest->Valid() || rest->key().compare(limit) >= 0) return absl::OkStatus();
  Batch batch;
  batch.DeleteRange(family, first, end);
  return Commit(batch, /*durable=*/false);
}

absl::Status Store::Compact(std::string_view family) {
  const auto handle = impl_->database->FindFamily(family);
  if (!handle.ok()) return handle.status();
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  return impl_->database->Translate(impl_->database->db().CompactRange(options, *handle, nullptr, nullptr));
}

}  // namespace interdict::records
