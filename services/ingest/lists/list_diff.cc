#include "services/ingest/lists/list_diff.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "storage/ids/ids.h"

namespace interdict::ingest {
namespace {

constexpr size_t kContentHashBytes = 16;

}  // namespace

std::string ListEntryName(const std::string& list_id, const std::string& entry_id) {
  std::string name = "lists/" + list_id + "/entries/";
  for (const char c : entry_id) {
    if (absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.') {
      name.push_back(c);
    } else {
      name += absl::StrFormat("%%%02X", static_cast<unsigned char>(c));
    }
  }
  return name;
}

std::string EntryHash(const v1::ListEntry& entry) {
  return ids::Sha256(entry.SerializeAsString()).substr(0, kContentHashBytes);
}

ListDiff DiffList(std::vector<v1::ListEntry>& entries, const KnownEntries& known) {
  std::sort(entries.begin(), entries.end(),
            [](const v1::ListEntry& a, const v1::ListEntry& b) { return a.entry_id() < b.entry_id(); });
  ListDiff diff;
  auto entry = entries.begin();
  auto before = known.begin();
  while (entry != entries.end() || before != known.end()) {
    if (before == known.end() || (entry != entries.end() && entry->entry_id() < before->first)) {
      ++diff.added_count;
      diff.changed.push_back(&*entry++);
    } else if (entry == entries.end() || before->first < entry->entry_id()) {
      if (!before->second.delisted) diff.delisted.push_back(before->first);
      ++diff.kept_delisted_count;
      ++before;
    } else {
      if (before->second.delisted) {
        ++diff.added_count;
        diff.changed.push_back(&*entry);
      } else if (EntryHash(*entry) != before->second.content_hash) {
        ++diff.changed_count;
        diff.changed.push_back(&*entry);
      }
      ++entry;
      ++before;
    }
  }
  return diff;
}

std::string ContentSha256(const std::vector<v1::ListEntry>& entries) {
  std::string hashes;
  for (const v1::ListEntry& entry : entries) hashes += EntryHash(entry);
  return ids::Sha256Hex(hashes);
}

std::vector<internal::v1::ListChunk> MakeChunks(const ListDiff& diff, const ChunkHeader& header, size_t max_bytes) {
  std::vector<internal::v1::ListChunk> chunks;
  size_t bytes = max_bytes;  // of the last chunk; full: the next starts one
  const auto room_for = [&](size_t size) -> internal::v1::ListChunk& {
    if (chunks.empty() || bytes + size > max_bytes) {
      internal::v1::ListChunk& chunk = chunks.emplace_back();
      chunk.set_list_id(header.list_id);
      chunk.set_version(header.version);
      chunk.set_import_id(header.import_id);
      chunk.set_chunk_number(static_cast<uint32_t>(chunks.size() - 1));
      bytes = 0;
    }
    bytes += size;
    return chunks.back();
  };
  for (const v1::ListEntry* entry : diff.changed) *room_for(entry->ByteSizeLong() + 4).add_entries() = *entry;
  for (const std::string& id : diff.delisted) {
    internal::v1::ListChunk& chunk = room_for(id.size() + 4);
    chunk.add_delisted_entry_ids(id);
    chunk.set_delisting_date(header.delisting_date);
  }
  return chunks;
}

std::string ChunksSha256(const std::vector<internal::v1::ListChunk>& chunks) {
  std::string hash;
  for (const internal::v1::ListChunk& chunk : chunks) hash = ids::Sha256(hash + chunk.SerializeAsString());
  return absl::BytesToHexString(hash);
}

}  // namespace interdict::ingest
