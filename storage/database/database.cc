#include "storage/database/database.h"

#include <rocksdb/convenience.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "storage/database/options.h"

namespace interdict::database {
namespace {

constexpr char kSchemaVersionKey[] = "schema_version";

// Writes nowhere: for opens that must leave no trace.
class NoInfoLog : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

absl::Status MakeFolder(const std::string& path, const std::string& what) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error && !std::filesystem::is_directory(path, error)) error = std::make_error_code(std::errc::not_a_directory);
  if (!error && access(path.c_str(), W_OK | X_OK) != 0) error = std::error_code(errno, std::generic_category());
  if (!error) return absl::OkStatus();
  return ToStatus(error == std::errc::no_space_on_device ? rocksdb::Status::NoSpace(error.message())
                                                         : rocksdb::Status::IOError(path, error.message()),
                  what, path);
}

bool HoldsDatabase(const std::string& path) { return std::filesystem::exists(std::filesystem::path(path) / "CURRENT"); }

}  // namespace

Database::Database(std::string path, DatabaseOptions options) : path_(std::move(path)), options_(std::move(options)) {}

Database::~Database() {
  if (db_ == nullptr) return;
  rocksdb::CancelAllBackgroundWork(db_.get(), /*wait=*/true);
  for (const auto& [name, handle] : families_) db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  db_->Close().PermitUncheckedError();
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const std::string& path, const DatabaseOptions& options) {
  absl::Status folder = MakeFolder(path, options.what);
  if (!folder.ok()) return folder;
  std::unique_ptr<Database> database(new Database(path, options));
  if (HoldsDatabase(path)) {
    absl::Status schema = database->PeekSchema();
    if (!schema.ok()) return schema;
  }
  absl::Status opened = database->OpenFiles();
  if (!opened.ok()) return opened;
  return database;
}

// Looks at the schema version without changing a byte. A database that cannot even be read is left to the real open,
// which knows why.
absl::Status Database::PeekSchema() const {
  rocksdb::Options options;
  options.info_log = std::make_shared<NoInfoLog>();
  rocksdb::DB* opened = nullptr;
  if (!rocksdb::DB::OpenForReadOnly(options, path_, &opened).ok()) return absl::OkStatus();
  std::unique_ptr<rocksdb::DB> db(opened);
  return CheckSchema(*db, /*may_be_new=*/true);
}

absl::Status Database::CheckSchema(rocksdb::DB& db, bool may_be_new) const {
  std::string value;
  const rocksdb::Status read = db.Get(rocksdb::ReadOptions(), kSchemaVersionKey, &value);
  if (read.IsNotFound() && may_be_new) return absl::OkStatus();
  if (!read.ok() && !read.IsNotFound()) return Translate(read);
  uint32_t version = 0;
  if (read.IsNotFound() || !absl::SimpleAtoi(value, &version)) {
    return absl::FailedPreconditionError(
        absl::StrCat("the folder ", path_, " holds a database that is not a ", options_.what, " of Interdict"));
  }
  if (version == options_.schema_version) return absl::OkStatus();
  if (version > options_.schema_version) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the ", options_.what, " in ", path_, " has schema version ", version, ", this program knows up to ",
        options_.schema_version, ": upgrade Interdict, or restore a backup made before the upgrade"));
  }
  return absl::FailedPreconditionError(absl::StrCat("the ", options_.what, " in ", path_, " has schema version ",
                                                    version, " and cannot be migrated to ", options_.schema_version,
                                                    ": rebuild it, or open it with the version that made it"));
}

absl::Status Database::OpenFiles() {
  const rocksdb::ColumnFamilyOptions family =
      MakeFamilyOptions(options_.block_cache_bytes, options_.write_buffer_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors = {{rocksdb::kDefaultColumnFamilyName, family}};
  for (const std::string& name : options_.families) {
    if (name != rocksdb::kDefaultColumnFamilyName) descriptors.emplace_back(name, family);
  }
  if (!options_.packed_families.empty()) {
    const rocksdb::ColumnFamilyOptions packed =
        MakePackedFamilyOptions(options_.packed_cache_bytes, options_.write_buffer_bytes);
    for (const std::string& name : options_.packed_families) descriptors.emplace_back(name, packed);
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::Open(MakeDbOptions(), path_, descriptors, &handles, &db);
  if (!opened.ok()) return Translate(opened);
  db_.reset(db);
  bool empty = true;
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    families_[handle->GetName()] = handle;
    std::unique_ptr<rocksdb::Iterator> any(db_->NewIterator(rocksdb::ReadOptions(), handle));
    any->SeekToFirst();
    if (!any->status().ok()) return Translate(any->status());
    empty = empty && !any->Valid();
  }
  if (!empty) return CheckSchema(*db_, /*may_be_new=*/false);
  rocksdb::WriteBatch batch;
  const rocksdb::Status put = batch.Put(kSchemaVersionKey, absl::StrCat(options_.schema_version));
  if (!put.ok()) return Translate(put);
  return Write(batch, /*durable=*/true);
}

rocksdb::ColumnFamilyHandle* Database::Family(std::string_view name) const {
  auto family = families_.find(name);
  return family == families_.end() ? nullptr : family->second;
}

absl::StatusOr<rocksdb::ColumnFamilyHandle*> Database::FindFamily(std::string_view name) const {
  rocksdb::ColumnFamilyHandle* handle = Family(name);
  if (handle != nullptr) return handle;
  return absl::InvalidArgumentError(absl::StrCat("the ", options_.what, " has no family `", std::string(name), "`"));
}

absl::Status Database::Write(rocksdb::WriteBatch& batch, bool durable) {
  rocksdb::WriteOptions options;
  options.sync = durable;
  rocksdb::Status written = db_->Write(options, &batch);
  // RocksDB refuses all writes after a failed one, until it is told to look again.
  if (!written.ok() && written.severity() >= rocksdb::Status::Severity::kSoftError && db_->Resume().ok()) {
    written = db_->Write(options, &batch);
  }
  return Translate(written);
}

absl::Status Database::VerifyChecksums() const { return Translate(db_->VerifyChecksum()); }

}  // namespace interdict::database
