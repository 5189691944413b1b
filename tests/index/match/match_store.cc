#include "tests/index/match/match_store.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace interdict::index::match {
namespace {

void DieUnless(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::abort();
}

}  // namespace

MatchStore::MatchStore() {
  std::string pattern = (std::filesystem::temp_directory_path() / "interdict-match-XXXXXX").string();
  path_ = mkdtemp(pattern.data());
  records::StoreOptions options;
  options.families = GroupIndex::Families();
  auto store = records::Store::Open(path_ + "/store", options);
  DieUnless(store.status());
  store_ = *std::move(store);
}

MatchStore::~MatchStore() {
  store_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void MatchStore::Change(const std::function<absl::Status(const records::Reader&, records::Batch*)>& change) {
  records::Batch batch;
  const auto base = store_->Snapshot();
  const records::OverlayReader reader(base.get(), &batch);
  DieUnless(change(reader, &batch));
  DieUnless(store_->Commit(batch, /*durable=*/false));
}

std::map<std::string, std::string> MatchStore::Rows() const {
  std::map<std::string, std::string> rows;
  const auto reader = store_->Snapshot();
  for (const std::string& family : GroupIndex::Families()) {
    for (const auto cursor = reader->Scan(family, ""); cursor->Valid(); cursor->Next()) {
      rows[family + "/" + std::string(cursor->key())] = std::string(cursor->value());
    }
  }
  return rows;
}

}  // namespace interdict::index::match
