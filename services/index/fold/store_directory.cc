#include "services/index/fold/store_directory.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/index/names/name_keys.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "store-";

absl::Status FromErrno(const std::string& what, int error) { return absl::ErrnoToStatus(error, what); }

absl::Status SyncPath(const std::string& path, int flags) {
  const int descriptor = open(path.c_str(), flags);
  if (descriptor < 0) return FromErrno(absl::StrCat("cannot open ", path), errno);
  const int result = fsync(descriptor);
  const int error = errno;
  close(descriptor);
  return result == 0 ? absl::OkStatus() : FromErrno(absl::StrCat("cannot sync ", path), error);
}

// Number of `store-000007`; 0 for any other name.
uint64_t StoreNumber(const std::string& name) {
  uint64_t number = 0;
  if (name.rfind(kPrefix, 0) != 0 || !absl::SimpleAtoi(name.substr(kPrefix.size()), &number)) return 0;
  return number;
}

std::string StoreName(uint64_t number) { return absl::StrFormat("store-%06d", number); }

}  // namespace

records::StoreOptions ShardStoreOptions() {
  records::StoreOptions options;
  for (const std::string_view name : records::kAllFamilies) {
    if (name != records::family::kMeta) options.families.emplace_back(name);
  }
  options.families.insert(options.families.end(), SearchFamilies().begin(), SearchFamilies().end());
  options.families.insert(options.families.end(), names::NameFamilies().begin(), names::NameFamilies().end());
  options.packed_families = PackedSearchFamilies();
  options.packed_families.insert(options.packed_families.end(), names::PackedNameFamilies().begin(),
                                 names::PackedNameFamilies().end());
  options.schema_version = records::kSchemaVersion;
  return options;
}

absl::StatusOr<std::string> StoreDirectory::ReadCurrent() const {
  const std::string file = path_ + "/CURRENT";
  std::error_code error;
  if (!fs::exists(file, error)) return std::string();
  std::ifstream stream(file);
  std::string name((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  while (!name.empty() && name.back() == '\n') name.pop_back();
  if (stream.bad() || StoreNumber(name) == 0) {
    return absl::DataLossError(
        absl::StrCat(file, " does not name a store: delete ", path_, " to have it made anew from the log"));
  }
  return name;
}

absl::Status StoreDirectory::WriteCurrent(const std::string& name) const {
  const std::string file = path_ + "/CURRENT";
  const std::string fresh = file + ".new";
  {
    std::ofstream stream(fresh, std::ios::trunc);
    stream << name << "\n";
    stream.close();
    if (!stream) return absl::PermissionDeniedError(absl::StrCat("cannot write ", fresh));
  }
  if (absl::Status status = SyncPath(fresh, O_RDONLY); !status.ok()) return status;
  if (std::rename(fresh.c_str(), file.c_str()) != 0) return FromErrno(absl::StrCat("cannot rename to ", file), errno);
  return SyncPath(path_, O_RDONLY | O_DIRECTORY);
}

absl::StatusOr<std::shared_ptr<IndexedStore>> StoreDirectory::OpenCurrent() {
  std::error_code error;
  fs::create_directories(path_, error);
  if (error) return FromErrno(absl::StrCat("cannot make ", path_), error.value());
  auto name = ReadCurrent();
  if (!name.ok()) return name.status();
  if (name->empty()) {
    *name = StoreName(1);
    if (absl::Status status = WriteCurrent(*name); !status.ok()) return status;
  }
  auto store = records::Store::Open(absl::StrCat(path_, "/", *name), ShardStoreOptions());
  if (!store.ok()) return store.status();
  if (absl::Status status = DeleteOthers(); !status.ok()) return status;
  return IndexedStore::Open(*std::move(store));
}

absl::StatusOr<std::shared_ptr<IndexedStore>> StoreDirectory::CreateNext() {
  auto name = ReadCurrent();
  if (!name.ok()) return name.status();
  const std::string next = absl::StrCat(path_, "/", StoreName(StoreNumber(*name) + 1));
  std::error_code error;
  fs::remove_all(next, error);
  if (error) return FromErrno(absl::StrCat("cannot delete ", next), error.value());
  auto store = records::Store::Open(next, ShardStoreOptions());
  if (!store.ok()) return store.status();
  return IndexedStore::Open(*std::move(store));
}

absl::Status StoreDirectory::Publish(const IndexedStore& store) {
  return WriteCurrent(fs::path(store.records().path()).filename().string());
}

absl::Status StoreDirectory::DeleteOthers() {
  auto current = ReadCurrent();
  if (!current.ok()) return current.status();
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(path_, error)) {
    const std::string name = entry.path().filename().string();
    if (name == *current || StoreNumber(name) == 0) continue;
    std::error_code problem;
    fs::remove_all(entry.path(), problem);
    if (problem) return FromErrno(absl::StrCat("cannot delete ", entry.path().string()), problem.value());
  }
  if (error) return FromErrno(absl::StrCat("cannot list ", path_), error.value());
  return absl::OkStatus();
}

}  // namespace interdict::index
