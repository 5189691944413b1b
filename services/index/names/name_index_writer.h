// Writes the name index: names of entities go in and out together with the batch that carries their records. Reads what
// it must change from the state before the batch, gathers all changes, and puts them into the batch at once.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/index/names/identifier.h"
#include "services/index/names/normalised_name.h"
#include "storage/records/store.h"

namespace interdict::names {

// All names of one entity: what Put replaces as a whole.
struct NameEntry {
  uint64_t number = 0;  // of the entity; the caller's
  NameKind kind = NameKind::kUnknown;
  std::vector<std::string> names;       // the main name first, then aliases; any strings
  std::vector<Identifier> identifiers;  // from ParseIdentifier
};

// Names of one entity that are the same when normalised count once. What is beyond these is not indexed.
inline constexpr size_t kMaxNamesOfEntity = 512;
inline constexpr size_t kMaxIdentifiersOfEntity = 64;

// Not thread-safe. One writer for one batch:
//   NameIndexWriter writer(snapshot);
//   writer.Put({number, NameKind::kPerson, {"Kim Chol Nam"}, {}});
//   writer.Finish(&batch);            // then commit the batch
class NameIndexWriter {
 public:
  // `base` is the state on which the batch will be committed: a snapshot, or an OverlayReader if earlier parts of the
  // batch already hold name changes (then each lookup also searches the batch: prefer one writer). It must outlive the
  // writer. Only one writer's changes may be under way on a store at a time.
  explicit NameIndexWriter(const records::Reader* base);
  ~NameIndexWriter();
  NameIndexWriter(const NameIndexWriter&) = delete;
  NameIndexWriter& operator=(const NameIndexWriter&) = delete;

  // Gives entity `entry.number` these names, instead of those it had. Nothing is written where nothing changes. Costs
  // some 20 small reads and writes for each new name; names put with the same writer share them.
  // INVALID_ARGUMENT: neither a name nor an identifier. DATA_LOSS: the index cannot be read. RESOURCE_EXHAUSTED: all
  // form numbers are used (after 4 billion names put or replaced; rebuild the index). After an error drop the writer.
  absl::Status Put(const NameEntry& entry);

  // Takes the entity and all its names out; nothing of them stays in the index. Not an error where it is not there.
  absl::Status Remove(uint64_t number);

  // Adds all changes to `batch`. Call it once, last.
  absl::Status Finish(records::Batch* batch);

 private:
  class Changes;
  std::unique_ptr<Changes> changes_;
};

}  // namespace interdict::names
