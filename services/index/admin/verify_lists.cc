#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/admin/record_walk.h"
#include "services/index/admin/verify_records.h"
#include "services/index/entry/list_problems.h"
#include "services/index/fold/list_rows.h"
#include "storage/ids/ids.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::StoredList;
using internal::v1::StoredListEntry;

using Lists = std::map<std::string, StoredList, std::less<>>;

// The entries in force are as many as the list says.
absl::Status CheckCounts(const records::Reader& reader, const std::string& id, const StoredList& list,
                         Problems* problems) {
  uint64_t listed = 0;
  uint64_t delisted = 0;
  ListEntryCursor cursor(reader, list, id, "");
  for (; cursor.Valid(); cursor.Next()) ++(cursor.entry().delisted() ? delisted : listed);
  if (absl::IsDataLoss(cursor.status())) {
    problems->Add(std::string(cursor.status().message()));
    return absl::OkStatus();
  }
  if (!cursor.status().ok()) return cursor.status();
  if (listed != list.list().entry_count() || delisted != list.list().delisted_count()) {
    problems->Add(absl::StrCat("lists/", id, ": has ", listed, " entries and ", delisted, " delisted ones, but says ",
                               list.list().entry_count(), " and ", list.list().delisted_count()));
  }
  return absl::OkStatus();
}

void CheckEntry(const Lists& lists, std::string_view key, std::string_view value, Problems* problems) {
  const auto parts = ParseListEntryKey(key);
  if (!parts.has_value()) {
    problems->Add("list_entries: a key is malformed");
    return;
  }
  const std::string what =
      absl::StrCat("entry ", std::string(parts->entry_id), " of lists/", std::string(parts->list_id));
  if (lists.find(parts->list_id) == lists.end()) problems->Add(absl::StrCat(what, ": its list is missing"));
  StoredListEntry row;
  if (!row.ParseFromString(std::string(value))) {
    problems->Add(absl::StrCat(what, ": record is not readable"));
    return;
  }
  if (row.entry().entry_id() != parts->entry_id) problems->Add(absl::StrCat(what, ": record bears another id"));
  const bool right =
      ids::Sha256(row.entry().SerializeAsString()).substr(0, row.content_hash().size()) == row.content_hash();
  if (!row.delisted() && (!right || row.content_hash().empty())) {
    problems->Add(absl::StrCat(what, ": hash of what it says is another"));
  }
}

}  // namespace

absl::Status VerifyLists(const records::Reader& reader, Problems* problems, uint64_t* records) {
  Lists lists;
  absl::Status status = ForEachRecord(reader, family::kLists, records, [&](auto key, auto value) {
    StoredList& list = lists[std::string(key)];
    if (!IsListId(key) || !list.ParseFromString(std::string(value))) {
      problems->Add("lists: a record is malformed");
    } else if (!list.import_id().empty() && list.list().name() != absl::StrCat("lists/", std::string(key))) {
      problems->Add(absl::StrCat("lists/", std::string(key), ": record bears another name"));
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  for (const auto& [id, list] : lists) {
    if (status = CheckCounts(reader, id, list, problems); !status.ok()) return status;
  }
  return ForEachRecord(reader, family::kListEntries, records, [&](auto key, auto value) {
    CheckEntry(lists, key, value, problems);
    return absl::OkStatus();
  });
}

}  // namespace interdict::index
