#include "services/index/resolve/resolver_view.h"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/index/resolve/note_entry.h"
#include "services/index/resolve/view_rows.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

constexpr uint32_t kResolverSchemaVersion = 3;
constexpr log::ReadLimits kStepLimits = {.max_entries = 256, .max_bytes = 4 << 20};

// The view of this form and this version of the policy. One of any other is of no use and makes room: the view is made
// anew from the log.
absl::StatusOr<std::string> FolderOfVersion(const std::string& path, uint32_t policy_version) {
  namespace fs = std::filesystem;
  const std::string name = absl::StrCat("view-", kResolverSchemaVersion, "-", policy_version);
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot make ", path));
  for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
    std::error_code problem;
    if (entry.path().filename() != name) fs::remove_all(entry.path(), problem);
    if (problem) return absl::ErrnoToStatus(problem.value(), absl::StrCat("cannot delete ", entry.path().string()));
  }
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot list ", path));
  return absl::StrCat(path, "/", name);
}

}  // namespace

ResolverView::ResolverView(std::unique_ptr<records::Store> store, log::LogReader* log, const Resolver* resolver,
                           log::LogIdentity identity)
    : store_(std::move(store)), log_(log), resolver_(resolver), identity_(std::move(identity)) {}

absl::StatusOr<std::unique_ptr<ResolverView>> ResolverView::Open(const std::string& path, log::LogReader* log,
                                                                 const Resolver* resolver) {
  auto identity = log->Identity();
  if (!identity.ok()) return identity.status();
  records::StoreOptions options;
  options.families = view::Families();
  for (const std::string& family : resolver->Families()) options.families.push_back(family);
  for (const std::string& family : EntityFamilies()) options.families.push_back(family);
  options.schema_version = kResolverSchemaVersion;
  options.block_cache_bytes = 128 << 20;
  options.write_buffer_bytes = 16 << 20;
  auto folder = FolderOfVersion(path, resolver->Version());
  if (!folder.ok()) return folder.status();
  auto store = records::Store::Open(*folder, options);
  if (!store.ok()) return store.status();
  absl::Status status = BindToLog(store->get(), log, *identity, path);
  if (!status.ok()) return status;
  return std::unique_ptr<ResolverView>(new ResolverView(*std::move(store), log, resolver, *std::move(identity)));
}

absl::StatusOr<log::Positions> ResolverView::Positions() const { return ReadPositions(*store_->Snapshot(), identity_); }

absl::StatusOr<Watermarks> ResolverView::DecidedIn() const { return ReadWatermarks(*store_->Snapshot(), identity_); }

absl::Status ResolverView::CatchUp() {
  for (uint32_t i = 0; i < identity_.incident_partitions; ++i) {
    absl::Status status = Follow({log::LogName::kIncidents, i}, UINT64_MAX);
    if (!status.ok()) return status;
  }
  auto watermarks = DecidedIn();
  if (!watermarks.ok()) return watermarks.status();
  for (uint32_t q = 0; q < identity_.intake_partitions; ++q) {
    const log::PartitionId intake = {log::LogName::kIntake, q};
    absl::Status status = Follow(intake, DecidedEverywhere(*watermarks, identity_, intake));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ResolverView::Follow(log::PartitionId partition, uint64_t up_to) {
  while (true) {
    auto after = GetNumber(*store_->Snapshot(), records::PositionMetaKey(partition));
    if (!after.ok()) return after.status();
    if (*after >= up_to) return absl::OkStatus();
    auto entries = log_->Read(partition, *after, kStepLimits);
    if (!entries.ok()) return entries.status();
    records::Batch batch;
    const auto base = store_->Snapshot();
    const records::OverlayReader reader(base.get(), &batch);
    for (const log::Entry& entry : *entries) {
      if (entry.sequence > up_to) break;
      auto parsed = ParseEntry(partition, entry);
      if (!parsed.ok()) return parsed.status();
      absl::Status status = NoteEntry(*parsed, *resolver_, reader, &batch);
      if (!status.ok()) return status;
    }
    if (batch.empty()) return absl::OkStatus();
    absl::Status status = store_->Commit(batch, /*durable=*/false);
    if (!status.ok()) return status;
  }
}

}  // namespace interdict::index
