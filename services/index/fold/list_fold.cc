#include "services/index/fold/list_fold.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/index/entry/timestamps.h"
#include "services/index/fold/list_rows.h"
#include "services/index/fold/name_owners.h"
#include "services/index/fold/skip_entry.h"
#include "storage/ids/ids.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::ListChunk;
using internal::v1::ListPublished;
using internal::v1::StagedImport;
using internal::v1::StoredList;
using internal::v1::StoredListEntry;

// Imports of a list that may be under way; one more, and the oldest of them is given up.
constexpr int kMaxStaged = 8;
constexpr size_t kContentHashBytes = 16;

// The import of that id among those that have begun; null if it is not there.
StagedImport* FindStaged(StoredList& list, const std::string& import_id) {
  for (StagedImport& staged : *list.mutable_staged()) {
    if (staged.import_id() == import_id) return &staged;
  }
  return nullptr;
}

// Gives the import at `index` up: its rows never count.
void Abandon(StoredList& list, int index) {
  auto* abandoned = list.mutable_abandoned();
  const uint64_t number = list.staged(index).import_number();
  abandoned->Add(number);
  std::sort(abandoned->begin(), abandoned->end());
  list.mutable_staged()->DeleteSubrange(index, 1);
}

// The rows of an entry.
struct EntryRows {
  std::optional<StoredListEntry> in_force;
  uint64_t name_number = 0;       // 0: it has no row
  std::vector<std::string> gone;  // keys of rows that count no more
};

// One entry of the log being applied.
class ListStep {
 public:
  ListStep(const ParsedEntry& entry, std::string list_id, const records::Reader& reader, records::Batch* batch,
           NameChanges* names)
      : entry_(entry), list_id_(std::move(list_id)), reader_(reader), batch_(*batch), names_(names) {}

  absl::Status Load();
  absl::Status Stage(const ListChunk& chunk);
  absl::Status Publish(const ListPublished& published);

 private:
  absl::Status Skip(const std::string& problem) {
    SkipEntry(entry_, problem, &batch_);
    return absl::OkStatus();
  }
  void Save() { batch_.Put(family::kLists, list_id_, list_.SerializeAsString()); }
  StagedImport* Begin(const ListChunk& chunk);
  absl::Status PutEntry(const v1::ListEntry& entry, uint64_t import_number);
  absl::Status Delist(const std::string& entry_id, const std::string& date, uint64_t import_number);
  absl::StatusOr<EntryRows> ReadRows(const std::string& entry_id);
  void PutNames(const v1::ListEntry& entry, const EntryRows& rows, uint64_t number);

  const ParsedEntry& entry_;
  const std::string list_id_;
  const records::Reader& reader_;
  records::Batch& batch_;
  NameChanges* const names_;  // null where no names change
  StoredList list_;
};

absl::Status ListStep::Load() {
  auto list = LoadList(reader_, list_id_);
  if (!list.ok()) return list.status();
  if (list->has_value()) list_ = *std::move(*list);
  return absl::OkStatus();
}

StagedImport* ListStep::Begin(const ListChunk& chunk) {
  if (list_.staged_size() >= kMaxStaged) Abandon(list_, 0);
  const uint64_t number = std::max<uint64_t>(1, list_.next_import_number());
  list_.set_next_import_number(number + 1);
  StagedImport* staged = list_.add_staged();
  staged->set_import_id(chunk.import_id());
  staged->set_import_number(number);
  return staged;
}

absl::Status ListStep::Stage(const ListChunk& chunk) {
  StagedImport* staged = FindStaged(list_, chunk.import_id());
  if (staged == nullptr && chunk.chunk_number() != 0)
    return Skip("chunk of an import that has not begun or was given up");
  if (staged != nullptr && chunk.chunk_number() != staged->chunk_count()) return Skip("list chunk out of order");
  if (staged == nullptr) staged = Begin(chunk);
  for (const v1::ListEntry& entry : chunk.entries()) {
    if (absl::Status status = PutEntry(entry, staged->import_number()); !status.ok()) return status;
  }
  for (const std::string& id : chunk.delisted_entry_ids()) {
    if (absl::Status status = Delist(id, chunk.delisting_date(), staged->import_number()); !status.ok()) return status;
  }
  staged->set_chunk_count(staged->chunk_count() + 1);
  staged->set_entry_count(staged->entry_count() + static_cast<uint64_t>(chunk.entries_size()) +
                          static_cast<uint64_t>(chunk.delisted_entry_ids_size()));
  staged->set_hash(ids::Sha256(staged->hash() + chunk.SerializeAsString()));
  Save();
  return absl::OkStatus();
}

// Rows behind the one that counts, and those of imports that were given up, go: so an entry has few rows however often
// it changes.
absl::StatusOr<EntryRows> ListStep::ReadRows(const std::string& entry_id) {
  EntryRows rows;
  const std::unique_ptr<records::Cursor> cursor =
      reader_.Scan(family::kListEntries, records::ListEntryPrefix(list_id_, entry_id));
  for (; cursor->Valid(); cursor->Next()) {
    const uint64_t number = records::NumberFromKey(cursor->key());
    const bool given_up = std::binary_search(list_.abandoned().begin(), list_.abandoned().end(), number);
    if (given_up || rows.in_force.has_value()) rows.gone.emplace_back(cursor->key());
    const bool counts = IsInForce(list_, number) && !rows.in_force.has_value();
    if (!counts && rows.name_number != 0) continue;
    StoredListEntry row;
    if (!row.ParseFromArray(cursor->value().data(), static_cast<int>(cursor->value().size()))) {
      return absl::DataLossError(absl::StrCat("an entry of lists/", list_id_, " is not readable"));
    }
    rows.name_number = row.name_number();
    if (counts) rows.in_force = std::move(row);
  }
  if (!cursor->status().ok()) return cursor->status();
  return rows;
}

absl::Status ListStep::PutEntry(const v1::ListEntry& entry, uint64_t import_number) {
  auto rows = ReadRows(entry.entry_id());
  if (!rows.ok()) return rows.status();
  if (rows->name_number == 0) {
    NameOwner owner;
    owner.list_id = list_id_;
    owner.entry_id = entry.entry_id();
    auto number = TakeNameNumber(owner, reader_, &batch_);
    if (!number.ok()) return number.status();
    rows->name_number = *number;
  }
  for (const std::string& key : rows->gone) batch_.Delete(family::kListEntries, key);
  PutNames(entry, *rows, rows->name_number);
  StoredListEntry row;
  *row.mutable_entry() = entry;
  row.set_name_number(rows->name_number);
  row.set_content_hash(ids::Sha256(entry.SerializeAsString()).substr(0, kContentHashBytes));
  batch_.Put(family::kListEntries, records::ListEntryKey(list_id_, entry.entry_id(), import_number),
             row.SerializeAsString());
  return absl::OkStatus();
}

// The names of the new version beside those of the version in force, for it is not known yet which of the two will be
// asked for.
void ListStep::PutNames(const v1::ListEntry& entry, const EntryRows& rows, uint64_t number) {
  names::NameEntry names{.number = number, .kind = NameKindOf(entry.kind())};
  google::protobuf::RepeatedPtrField<v1::Identifier> identifiers = entry.identifiers();
  for (const v1::ListName& name : entry.names()) names.names.push_back(name.full_name());
  if (rows.in_force.has_value()) {
    for (const v1::ListName& name : rows.in_force->entry().names()) {
      const bool there = std::find(names.names.begin(), names.names.end(), name.full_name()) != names.names.end();
      if (!there) names.names.push_back(name.full_name());
    }
    identifiers.MergeFrom(rows.in_force->entry().identifiers());
  }
  names.identifiers = NameIdentifiers(identifiers);
  names_->Put(std::move(names));
}

absl::Status ListStep::Delist(const std::string& entry_id, const std::string& date, uint64_t import_number) {
  auto rows = ReadRows(entry_id);
  if (!rows.ok()) return rows.status();
  if (!rows->in_force.has_value()) return absl::OkStatus();  // nothing of it was ever in force
  for (const std::string& key : rows->gone) batch_.Delete(family::kListEntries, key);
  StoredListEntry row = *std::move(rows->in_force);
  if (row.entry().delisting_date().empty()) row.mutable_entry()->set_delisting_date(date);
  row.set_delisted(true);
  batch_.Put(family::kListEntries, records::ListEntryKey(list_id_, entry_id, import_number), row.SerializeAsString());
  return absl::OkStatus();
}

absl::Status ListStep::Publish(const ListPublished& published) {
  StagedImport* staged = FindStaged(list_, published.import_id());
  std::string problem;
  if (published.base_import_id() != list_.import_id()) {
    problem = "another version of the list came into force since the import began";
  } else if (published.chunk_count() == 0) {
    if (list_.import_id().empty()) problem = "a new list without entries";
  } else if (staged == nullptr) {
    problem = "the import's chunks are missing";
  } else if (staged->chunk_count() != published.chunk_count() || staged->entry_count() != published.entry_count()) {
    problem = absl::StrCat("the import has ", staged->chunk_count(), " chunks with ", staged->entry_count(),
                           " entries, not ", published.chunk_count(), " with ", published.entry_count());
  } else if (records::HexFromId(staged->hash()) != published.chunks_sha256()) {
    problem = "the hash of the import's chunks is another";
  }
  const uint64_t number = staged == nullptr ? list_.import_number() : staged->import_number();
  if (problem.empty()) {
    auto* staged_imports = list_.mutable_staged();
    for (int i = staged_imports->size() - 1; i >= 0; --i) {
      if (staged_imports->Get(i).import_id() == published.import_id()) {
        staged_imports->DeleteSubrange(i, 1);
      } else {
        Abandon(list_, i);  // computed against a version that is not in force any more
      }
    }
    *list_.mutable_list() = published.list();
    *list_.mutable_list()->mutable_import_time() = TimestampFromMicros(entry_.append_time_us);
    list_.set_import_id(published.import_id());
    list_.set_import_number(number);
    Save();
    return absl::OkStatus();
  }
  if (staged != nullptr) {
    Abandon(list_, static_cast<int>(staged - &*list_.mutable_staged()->begin()));
    Save();
  }
  return Skip(problem);
}

}  // namespace

absl::Status FoldListChunk(const ParsedEntry& entry, const records::Reader& reader, records::Batch* batch,
                           NameChanges* names) {
  const ListChunk& chunk = entry.intake->list_chunk();
  ListStep step(entry, chunk.list_id(), reader, batch, names);
  absl::Status status = step.Load();
  return status.ok() ? step.Stage(chunk) : status;
}

absl::Status FoldListPublished(const ParsedEntry& entry, const records::Reader& reader, records::Batch* batch) {
  const ListPublished& published = entry.intake->list_published();
  ListStep step(entry, published.list().name().substr(std::string("lists/").size()), reader, batch, nullptr);
  absl::Status status = step.Load();
  return status.ok() ? step.Publish(published) : status;
}

}  // namespace interdict::index
