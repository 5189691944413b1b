// Reads reference lists from a shard's store. An entry has a row for each of the last imports that changed it; which of
// them counts follows from the list's record alone, so that a new version comes into force by one write.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/internal/v1/stored.pb.h"
#include "storage/records/store.h"

namespace interdict::index {

// The list's record; nullopt if there is none. DATA_LOSS if it is not readable.
absl::StatusOr<std::optional<internal::v1::StoredList>> LoadList(const records::Reader& reader,
                                                                 std::string_view list_id);

// All lists, in force or not, by id.
absl::Status ForEachList(
    const records::Reader& reader,
    const std::function<absl::Status(std::string_view list_id, const internal::v1::StoredList& list)>& visit);

// Whether rows of an import count.
bool IsInForce(const internal::v1::StoredList& list, uint64_t import_number);

// The parts of a key of `list_entries`; nullopt if it has no such form.
struct ListEntryKeyParts {
  std::string_view list_id;
  std::string_view entry_id;
  uint64_t import_number = 0;
};
std::optional<ListEntryKeyParts> ParseListEntryKey(std::string_view key);

// An entry as it is in force, delisted ones too; nullopt if there is none. DATA_LOSS if its row is not readable.
absl::StatusOr<std::optional<internal::v1::StoredListEntry>> LoadListEntry(const records::Reader& reader,
                                                                           const internal::v1::StoredList& list,
                                                                           std::string_view list_id,
                                                                           std::string_view entry_id);

// Walks the entries of a list that are in force, delisted ones too, by entry id.
class ListEntryCursor {
 public:
  // Behind `after_entry_id` (empty: from the first). `reader` and `list` must outlive it.
  ListEntryCursor(const records::Reader& reader, const internal::v1::StoredList& list, std::string_view list_id,
                  std::string_view after_entry_id);

  bool Valid() const { return valid_; }
  const internal::v1::StoredListEntry& entry() const { return entry_; }
  void Next();
  // DATA_LOSS if a row could not be read; Valid is false then.
  absl::Status status() const { return status_; }

 private:
  // To the first row at or after the cursor that counts.
  void Settle();

  const internal::v1::StoredList& list_;
  std::unique_ptr<records::Cursor> cursor_;
  internal::v1::StoredListEntry entry_;
  std::string list_id_;
  bool valid_ = false;
  absl::Status status_;
};

}  // namespace interdict::index
