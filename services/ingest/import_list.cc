#include "services/ingest/import_list.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "services/ingest/lists/entry_builder.h"
#include "services/ingest/lists/list_dates.h"
#include "services/ingest/lists/list_diff.h"
#include "services/server/status.h"
#include "storage/ids/ids.h"

namespace interdict::ingest {
namespace {

using internal::v1::IntakeEntry;
using server::InvalidField;

constexpr size_t kMaxListIdBytes = 64;
constexpr size_t kMaxTitleBytes = 256;
constexpr size_t kMaxVersionBytes = 64;
constexpr size_t kMaxChunkBytes = 1 << 20;
constexpr uint32_t kHashesPage = 10'000;

bool IsListId(const std::string& id) {
  if (id.empty() || id.size() > kMaxListIdBytes) return false;
  for (const char c : id) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}

absl::Status CheckLength(const std::string& field, const std::string& value, size_t max_bytes) {
  if (value.size() <= max_bytes && CleanText(value, max_bytes) == value) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("must be at most ", max_bytes, " bytes of printable UTF-8"));
}

absl::Status Validate(const v1::ReferenceListImport& list) {
  if (!IsListId(list.list_id())) {
    return InvalidField("list.list_id", "must be 1 to 64 characters of `a-z 0-9 -`, for example `ofac-sdn`");
  }
  if (MakeListParser(list.format()) == nullptr) {
    return InvalidField("list.format", "name one of the formats of ReferenceListFormat");
  }
  if (auto status = CheckLength("list.title", list.title(), kMaxTitleBytes); !status.ok()) return status;
  if (auto status = CheckLength("list.publisher", list.publisher(), kMaxTitleBytes); !status.ok()) return status;
  if (auto status = CheckLength("list.version", list.version(), kMaxVersionBytes); !status.ok()) return status;
  if (!list.version_date().empty() && ListDay(list.version_date()) != list.version_date()) {
    return InvalidField("list.version_date", "must be a day, `YYYY-MM-DD`");
  }
  return absl::OkStatus();
}

// Chooses the partition, and lets one import of the list in at a time.
std::string KeyOf(const std::string& list_id) { return ids::Sha256Hex("lists/" + list_id); }

std::string Today(absl::Time now) { return absl::FormatCivilTime(absl::ToCivilDay(now, absl::UTCTimeZone())); }

absl::Status ListChanged(const std::string& list_id) {
  return server::Error(absl::StatusCode::kAborted, "LIST_CHANGED",
                       absl::StrCat("another import of lists/", list_id, " came between; send it again"),
                       {{"list", absl::StrCat("lists/", list_id)}});
}

}  // namespace

// The version that the index has.
struct ListImportRun::InForce {
  v1::ReferenceList list;  // without a name: there is none
  std::string import_id;
  KnownEntries entries;
};

absl::Status ListImportRun::Begin(const v1::ReferenceListImport& list) {
  if (auto status = Validate(list); !status.ok()) return status;
  if (!list.validate_only()) {
    if (auto status = parts_.backpressure->Check(); !status.ok()) return status;
  }
  import_ = list;
  parser_ = MakeListParser(list.format());
  return absl::OkStatus();
}

absl::Status ListImportRun::Take(const v1::ImportReferenceListRequest& request) {
  if (parser_ == nullptr) {
    if (request.has_list()) return Begin(request.list());
    return InvalidField("list", "the first message must say which list and format it is");
  }
  if (request.has_list()) return InvalidField("list", "comes in the first message only; then `content` follows");
  bytes_ += request.content().size();
  if (bytes_ > parts_.options->max_list_bytes) {
    return server::Error(absl::StatusCode::kInvalidArgument, "LIST_TOO_LARGE",
                         absl::StrCat("content: the file is larger than ", parts_.options->max_list_bytes,
                                      " bytes; the operator may raise the limit"),
                         {{"field", "content"}, {"limit_bytes", absl::StrCat(parts_.options->max_list_bytes)}});
  }
  return parser_->Feed(request.content());
}

absl::StatusOr<ListImportRun::InForce> ListImportRun::ReadInForce(const server::CallContext& call) const {
  const std::string key = KeyOf(import_.list_id());
  const auto end = parts_.log->End(key);
  if (!end.ok()) return end.status();
  InForce before;
  internal::v1::ListEntryHashesRequest request;
  request.set_list_id(import_.list_id());
  request.set_page_size(kHashesPage);
  if (end->sequence > 0) request.set_read_after(end->token);
  while (true) {
    auto page = parts_.index->ListEntryHashes(request, call.deadline);
    if (!page.ok()) return page.status();
    if (!before.import_id.empty() && page->import_id() != before.import_id) return ListChanged(import_.list_id());
    before.list = page->list();
    before.import_id = page->import_id();
    for (const internal::v1::ListEntryHash& entry : page->entries()) {
      before.entries[entry.entry_id()] = {.content_hash = entry.content_hash(), .delisted = entry.delisted()};
    }
    if (!page->more()) return before;
    request.set_after_entry_id(page->entries(page->entries_size() - 1).entry_id());
  }
}

v1::ReferenceList ListImportRun::MakeList(const ParsedList& parsed, const InForce& before) const {
  const ListTitle usual = TitleOf(import_.format());
  const auto first = [](const std::string& a, const std::string& b, const std::string& c) {
    return !a.empty() ? a : !b.empty() ? b : c;
  };
  v1::ReferenceList list;
  list.set_name("lists/" + import_.list_id());
  list.set_title(first(import_.title(), before.list.title(), usual.title));
  list.set_publisher(first(import_.publisher(), before.list.publisher(), usual.publisher));
  list.set_format(import_.format());
  list.set_version_date(first(import_.version_date(), parsed.version_date, Today(parts_.options->now())));
  list.set_version(first(import_.version(), list.version_date(), ""));
  list.set_entry_count(parsed.entries.size());
  list.set_content_sha256(ContentSha256(parsed.entries));
  return list;
}

// Appends the chunks, then what publishes them; the position of the last.
absl::StatusOr<std::string> ListImportRun::Write(const v1::ReferenceList& list, const ListDiff& diff,
                                                 const std::string& base_import_id,
                                                 const server::CallContext& call) const {
  const std::string key = KeyOf(import_.list_id());
  const std::string import_id = ids::RandomId();
  const std::vector<internal::v1::ListChunk> chunks = MakeChunks(diff,
                                                                 {.list_id = import_.list_id(),
                                                                  .version = list.version(),
                                                                  .import_id = import_id,
                                                                  .delisting_date = list.version_date()},
                                                                 kMaxChunkBytes);
  for (const internal::v1::ListChunk& chunk : chunks) {
    if (auto status = server::CheckNotOver(call); !status.ok()) return status;
    IntakeEntry entry;
    *entry.mutable_list_chunk() = chunk;
    if (auto position = parts_.log->Append(key, {std::move(entry)}, call.deadline); !position.ok()) {
      return position.status();
    }
  }
  IntakeEntry entry;
  internal::v1::ListPublished* published = entry.mutable_list_published();
  *published->mutable_list() = list;
  published->set_import_id(import_id);
  published->set_chunk_count(static_cast<uint32_t>(chunks.size()));
  published->set_entry_count(diff.changed.size() + diff.delisted.size());
  published->set_chunks_sha256(ChunksSha256(chunks));
  published->set_base_import_id(base_import_id);
  const auto position = parts_.log->Append(key, {std::move(entry)}, call.deadline);
  if (!position.ok()) return position.status();
  // Another ingest process may have been quicker: then the entry is skipped, and the client is told.
  internal::v1::ListEntryHashesRequest request;
  request.set_list_id(import_.list_id());
  request.set_page_size(1);
  request.set_read_after(position->token);
  const auto now = parts_.index->ListEntryHashes(request, call.deadline);
  if (!now.ok()) return now.status();
  if (now->import_id() != import_id) return ListChanged(import_.list_id());
  return position->token;
}

absl::StatusOr<v1::ImportReferenceListResponse> ListImportRun::Finish(const server::CallContext& call) {
  if (parser_ == nullptr) return InvalidField("list", "the first message must say which list and format it is");
  auto parsed = parser_->Finish();
  if (!parsed.ok()) return parsed.status();
  if (parsed->entries.empty()) {
    return server::Error(
        absl::StatusCode::kInvalidArgument, "LIST_EMPTY",
        absl::StrCat("content: no entry in the file (", parsed->left_out, " records left out); nothing was imported"),
        {{"field", "content"}, {"left_out", absl::StrCat(parsed->left_out)}});
  }
  for (v1::ListEntry& entry : parsed->entries) entry.set_name(ListEntryName(import_.list_id(), entry.entry_id()));
  const auto pass = parts_.gate->Enter(KeyOf(import_.list_id()), "", call.deadline);
  if (!pass.ok()) return pass.status();
  auto before = ReadInForce(call);
  if (!before.ok()) return before.status();
  const ListDiff diff = DiffList(parsed->entries, before->entries);

  v1::ImportReferenceListResponse response;
  *response.mutable_list() = MakeList(*parsed, *before);
  response.mutable_list()->set_delisted_count(diff.kept_delisted_count);
  response.set_unchanged(diff.changed.empty() && diff.delisted.empty());
  response.set_added_count(diff.added_count);
  response.set_changed_count(diff.changed_count);
  response.set_delisted_count(diff.delisted.size());
  response.set_previous_version(before->list.version());
  response.set_left_out_count(parsed->left_out);
  v1::ReferenceList same = before->list;
  same.clear_import_time();
  const bool nothing_new = same.SerializeAsString() == response.list().SerializeAsString();
  if (import_.validate_only() || nothing_new) return response;
  auto position = Write(response.list(), diff, before->import_id, call);
  if (!position.ok()) return position.status();
  response.set_position(*std::move(position));
  return response;
}

}  // namespace interdict::ingest
