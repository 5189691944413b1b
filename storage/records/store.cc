#include "storage/records/store.h"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <utility>

#include "absl/time/time.h"
#include "storage/records/store_impl.h"

namespace interdict::records {
namespace {

// How long a purge waits for readers of the state before it.
constexpr absl::Duration kLongestSnapshotWait = absl::Seconds(60);

rocksdb::Slice ToSlice(std::string_view bytes) { return rocksdb::Slice(bytes.data(), bytes.size()); }
std::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// A family that was never opened: nothing in it, and the error says why.
class FailedCursor : public Cursor {
 public:
  explicit FailedCursor(absl::Status status) : status_(std::move(status)) {}
  bool Valid() const override { return false; }
  std::string_view key() const override { return {}; }
  std::string_view value() const override { return {}; }
  void Next() override {}
  void Seek(std::string_view) override {}
  absl::Status status() const override { return status_; }

 private:
  absl::Status status_;
};

class DatabaseCursor : public Cursor {
 public:
  DatabaseCursor(const database::Database* database, std::unique_ptr<rocksdb::Iterator> iterator, std::string prefix)
      : database_(database), iterator_(std::move(iterator)), prefix_(std::move(prefix)) {
    iterator_->Seek(prefix_);
  }

  bool Valid() const override { return iterator_->Valid() && iterator_->key().starts_with(prefix_); }
  std::string_view key() const override { return ToView(iterator_->key()); }
  std::string_view value() const override { return ToView(iterator_->value()); }
  void Next() override { iterator_->Next(); }
  void Seek(std::string_view key) override { iterator_->Seek(key < prefix_ ? rocksdb::Slice(prefix_) : ToSlice(key)); }
  absl::Status status() const override { return database_->Translate(iterator_->status()); }

 private:
  const database::Database* database_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
  const std::string prefix_;
};

class SnapshotReader : public Reader {
 public:
  SnapshotReader(const database::Database* database, std::shared_ptr<SnapshotRegister> held)
      : database_(database), held_(std::move(held)), number_(held_->Add()), snapshot_(database_->db().GetSnapshot()) {
    options_.snapshot = snapshot_;
  }

  ~SnapshotReader() override {
    database_->db().ReleaseSnapshot(snapshot_);
    held_->Remove(number_);
  }

  absl::StatusOr<std::optional<std::string>> Get(std::string_view family, std::string_view key) const override {
    const auto handle = database_->FindFamily(family);
    if (!handle.ok()) return handle.status();
    std::string value;
    const rocksdb::Status status = database_->db().Get(options_, *handle, ToSlice(key), &value);
    if (status.IsNotFound()) return std::optional<std::string>();
    if (!status.ok()) return database_->Translate(status);
    return std::optional<std::string>(std::move(value));
  }

  std::unique_ptr<Cursor> Scan(std::string_view family, std::string_view prefix) const override {
    const auto handle = database_->FindFamily(family);
    if (!handle.ok()) return std::make_unique<FailedCursor>(handle.status());
    std::unique_ptr<rocksdb::Iterator> iterator(database_->db().NewIterator(options_, *handle));
    return std::make_unique<DatabaseCursor>(database_, std::move(iterator), std::string(prefix));
  }

 private:
  const database::Database* database_;
  std::shared_ptr<SnapshotRegister> held_;
  const uint64_t number_;
  const rocksdb::Snapshot* snapshot_;
  rocksdb::ReadOptions options_;
};

}  // namespace

void Batch::Note(std::string_view family, std::string_view key, std::optional<std::string> value) {
  std::string place(family);
  place.push_back('\0');
  place.append(key);
  const auto [found, is_new] = latest_.try_emplace(std::move(place), changes_.size());
  if (is_new) {
    changes_.push_back({std::string(family), std::string(key), std::move(value)});
  } else {
    changes_[found->second].value = std::move(value);
  }
}

void Batch::Put(std::string_view family, std::string_view key, std::string_view value) {
  Note(family, key, std::string(value));
}

void Batch::Delete(std::string_view family, std::string_view key) { Note(family, key, std::nullopt); }

void Batch::DeleteRange(std::string_view family, std::string_view first, std::string_view end) {
  ranges_.push_back({std::string(family), std::string(first), std::string(end)});
}

bool Batch::empty() const { return changes_.empty() && ranges_.empty(); }

void Batch::Clear() {
  changes_.clear();
  latest_.clear();
  ranges_.clear();
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Store::~Store() = default;

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const std::string& path, const StoreOptions& options) {
  database::DatabaseOptions database_options;
  database_options.what = "store";
  database_options.families = options.families;
  database_options.packed_families = options.packed_families;
  database_options.packed_cache_bytes = options.packed_cache_bytes;
  database_options.schema_version = options.schema_version;
  database_options.block_cache_bytes = options.block_cache_bytes;
  database_options.write_buffer_bytes = options.write_buffer_bytes;
  auto database = database::Database::Open(path, database_options);
  if (!database.ok()) return database.status();
  auto impl = std::make_unique<Impl>();
  impl->database = *std::move(database);
  DeleteLeftoverRuns(path);
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

absl::Status Store::Commit(const Batch& batch, bool durable) { return Commit(batch, Batch(), durable); }

absl::Status Store::Commit(const Batch& first, const Batch& second, bool durable) {
  rocksdb::WriteBatch changes;
  for (const Batch* batch : {&first, &second}) {
    for (const Batch::Range& range : batch->ranges_) {
      const auto family = impl_->database->FindFamily(range.family);
      if (!family.ok()) return family.status();
      const rocksdb::Status status = changes.DeleteRange(*family, range.first, range.end);
      if (!status.ok()) return impl_->database->Translate(status);
    }
    for (const Batch::Change& change : batch->changes_) {
      const auto family = impl_->database->FindFamily(change.family);
      if (!family.ok()) return family.status();
      const rocksdb::Status status = change.value.has_value() ? changes.Put(*family, change.key, *change.value)
                                                              : changes.Delete(*family, change.key);
      if (!status.ok()) return impl_->database->Translate(status);
    }
  }
  return impl_->database->Write(changes, durable);
}

absl::StatusOr<std::optional<PinnedValue>> Store::Pin(std::string_view family, std::string_view key) const {
  rocksdb::ColumnFamilyHandle* handle = impl_->database->Family(family);
  if (handle == nullptr) return impl_->database->FindFamily(family).status();
  auto slice = std::make_shared<rocksdb::PinnableSlice>();
  const rocksdb::Status status = impl_->database->db().Get(rocksdb::ReadOptions(), handle, ToSlice(key), slice.get());
  if (status.IsNotFound()) return std::optional<PinnedValue>();
  if (!status.ok()) return impl_->database->Translate(status);
  const std::string_view bytes(slice->data(), slice->size());
  return std::optional<PinnedValue>({bytes, std::move(slice)});
}

std::shared_ptr<const Reader> Store::Snapshot() const {
  return std::make_shared<SnapshotReader>(impl_->database.get(), impl_->snapshots);
}

absl::Status Store::Purge(const std::vector<std::string>& families, const std::function<void()>& renew) {
  if (!impl_->snapshots->WaitForOlder(kLongestSnapshotWait, renew)) {
    return absl::UnavailableError("a reader of " + path() + " holds an old state for too long: purge again");
  }
  std::vector<std::pair<std::string, database::KeyRange>> ranges;
  ranges.reserve(families.size());
  for (const std::string& family : families) ranges.emplace_back(family, database::KeyRange{});
  return impl_->database->Purge(ranges);
}

absl::Status Store::VerifyChecksums() const { return impl_->database->VerifyChecksums(); }

const std::string& Store::path() const { return impl_->database->path(); }

}  // namespace interdict::records
