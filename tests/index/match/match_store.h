// A store in a temporary folder with the families of matching: what the tests, the evaluation and the bench put groups
// into.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "services/index/resolve/match/group_index.h"
#include "storage/records/store.h"

namespace interdict::index::match {

class MatchStore {
 public:
  MatchStore();
  ~MatchStore();
  MatchStore(const MatchStore&) = delete;
  MatchStore& operator=(const MatchStore&) = delete;

  std::shared_ptr<const records::Reader> Snapshot() const { return store_->Snapshot(); }

  // Makes a batch, with a reader that sees it, and commits it. Aborts the process on a failure of the store.
  void Change(const std::function<absl::Status(const records::Reader&, records::Batch*)>& change);

  // Every row, by family and key.
  std::map<std::string, std::string> Rows() const;

 private:
  std::string path_;
  std::unique_ptr<records::Store> store_;
};

}  // namespace interdict::index::match
