// What a step of the fold changes in the name index: gathered while entries are applied, written with the same batch.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "services/index/names/name_index_writer.h"
#include "storage/records/store.h"

namespace interdict::index {

// Not thread-safe.
class NameChanges {
 public:
  // Gives what bears `entry.number` these names instead of those it had. One without names and identifiers is removed.
  void Put(names::NameEntry entry) { changes_.push_back(std::move(entry)); }
  void Remove(uint64_t number) { changes_.push_back({.number = number}); }
  bool empty() const { return changes_.empty(); }

  // Adds all of it to `batch`; `base` is the state that the batch will be committed on. Errors are those of the store.
  absl::Status WriteTo(const records::Reader& base, records::Batch* batch) const;

 private:
  std::vector<names::NameEntry> changes_;  // the last of a number counts
};

}  // namespace interdict::index
