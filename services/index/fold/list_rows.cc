#include "services/index/fold/list_rows.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::StoredList;
using internal::v1::StoredListEntry;

constexpr size_t kTailBytes = 9;  // 0x00, import number

absl::Status Unreadable(std::string_view list_id, const std::string& what) {
  return absl::DataLossError(absl::StrCat(what, " of lists/", std::string(list_id), " is not readable"));
}

}  // namespace

absl::StatusOr<std::optional<StoredList>> LoadList(const records::Reader& reader, std::string_view list_id) {
  auto value = reader.Get(family::kLists, list_id);
  if (!value.ok()) return value.status();
  if (!value->has_value()) return std::optional<StoredList>();
  StoredList list;
  if (!list.ParseFromString(**value)) return Unreadable(list_id, "the record");
  return std::optional<StoredList>(std::move(list));
}

absl::Status ForEachList(const records::Reader& reader,
                         const std::function<absl::Status(std::string_view, const StoredList&)>& visit) {
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(family::kLists, "");
  for (; cursor->Valid(); cursor->Next()) {
    StoredList list;
    if (!list.ParseFromArray(cursor->value().data(), static_cast<int>(cursor->value().size()))) {
      return Unreadable(cursor->key(), "the record");
    }
    if (absl::Status status = visit(cursor->key(), list); !status.ok()) return status;
  }
  return cursor->status();
}

bool IsInForce(const StoredList& list, uint64_t import_number) {
  if (import_number > list.import_number()) return false;
  return !std::binary_search(list.abandoned().begin(), list.abandoned().end(), import_number);
}

std::optional<ListEntryKeyParts> ParseListEntryKey(std::string_view key) {
  const size_t end = key.find('\0');
  if (end == std::string_view::npos || key.size() <= end + 1 + kTailBytes) return std::nullopt;
  const size_t tail = key.size() - kTailBytes;
  if (key[tail] != '\0') return std::nullopt;
  return ListEntryKeyParts{.list_id = key.substr(0, end),
                           .entry_id = key.substr(end + 1, tail - end - 1),
                           .import_number = records::NumberFromKey(key)};
}

absl::StatusOr<std::optional<StoredListEntry>> LoadListEntry(const records::Reader& reader, const StoredList& list,
                                                             std::string_view list_id, std::string_view entry_id) {
  const std::unique_ptr<records::Cursor> cursor =
      reader.Scan(family::kListEntries, records::ListEntryPrefix(list_id, entry_id));
  for (; cursor->Valid(); cursor->Next()) {
    if (!IsInForce(list, records::NumberFromKey(cursor->key()))) continue;
    StoredListEntry entry;
    if (!entry.ParseFromArray(cursor->value().data(), static_cast<int>(cursor->value().size()))) {
      return Unreadable(list_id, "an entry");
    }
    return std::optional<StoredListEntry>(std::move(entry));
  }
  if (!cursor->status().ok()) return cursor->status();
  return std::optional<StoredListEntry>();
}

ListEntryCursor::ListEntryCursor(const records::Reader& reader, const StoredList& list, std::string_view list_id,
                                 std::string_view after_entry_id)
    : list_(list), cursor_(reader.Scan(family::kListEntries, records::ListPrefix(list_id))), list_id_(list_id) {
  if (!after_entry_id.empty()) {
    std::string behind = records::ListEntryPrefix(list_id, after_entry_id);
    behind.back() = '\1';  // ids hold no 0x00, so that nothing of another entry is passed over
    cursor_->Seek(behind);
  }
  Settle();
}

void ListEntryCursor::Next() {
  const std::string id = entry_.entry().entry_id();
  while (cursor_->Valid()) {
    const auto parts = ParseListEntryKey(cursor_->key());
    if (!parts.has_value() || parts->entry_id != id) break;
    cursor_->Next();
  }
  Settle();
}

void ListEntryCursor::Settle() {
  valid_ = false;
  for (; cursor_->Valid(); cursor_->Next()) {
    const auto parts = ParseListEntryKey(cursor_->key());
    if (parts.has_value() && !IsInForce(list_, parts->import_number)) continue;
    valid_ = parts.has_value() &&
             entry_.ParseFromArray(cursor_->value().data(), static_cast<int>(cursor_->value().size())) &&
             entry_.entry().entry_id() == parts->entry_id;
    if (!valid_) status_ = Unreadable(list_id_, "an entry");
    return;
  }
  status_ = cursor_->status();
}

}  // namespace interdict::index
