#include "services/index/list_reader.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "services/index/entry/list_problems.h"
#include "services/index/fold/list_rows.h"
#include "services/server/status.h"

namespace interdict::index {

absl::StatusOr<internal::v1::ListReferenceListsResponse> ReadReferenceLists(const records::Reader& reader) {
  internal::v1::ListReferenceListsResponse response;
  absl::Status status = ForEachList(reader, [&response](std::string_view /*id*/, const internal::v1::StoredList& list) {
    if (!list.import_id().empty()) *response.add_lists() = list.list();
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return response;
}

absl::StatusOr<internal::v1::ListEntryHashesResponse> ReadEntryHashes(
    const records::Reader& reader, const internal::v1::ListEntryHashesRequest& request) {
  if (!IsListId(request.list_id())) return server::InvalidField("list_id", "must be 1 to 64 of `a-z 0-9 -`");
  if (request.page_size() == 0 || request.page_size() > kMaxHashesPage) {
    return server::InvalidField("page_size", absl::StrCat("must be from 1 to ", kMaxHashesPage));
  }
  internal::v1::ListEntryHashesResponse response;
  auto list = LoadList(reader, request.list_id());
  if (!list.ok()) return list.status();
  if (!list->has_value() || (*list)->import_id().empty()) return response;
  *response.mutable_list() = (*list)->list();
  response.set_import_id((*list)->import_id());
  ListEntryCursor cursor(reader, **list, request.list_id(), request.after_entry_id());
  for (; cursor.Valid(); cursor.Next()) {
    if (response.entries_size() == static_cast<int>(request.page_size())) {
      response.set_more(true);
      return response;
    }
    internal::v1::ListEntryHash* hash = response.add_entries();
    hash->set_entry_id(cursor.entry().entry().entry_id());
    hash->set_content_hash(cursor.entry().content_hash());
    hash->set_delisted(cursor.entry().delisted());
  }
  if (!cursor.status().ok()) return cursor.status();
  return response;
}

}  // namespace interdict::index
