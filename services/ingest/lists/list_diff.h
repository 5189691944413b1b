// What a new version of a reference list changes against the one in force, and the log entries that tell it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "interdict/internal/v1/log_entry.pb.h"
#include "interdict/v1/reference_list.pb.h"

namespace interdict::ingest {

// An entry as the index has it.
struct KnownEntry {
  std::string content_hash;
  bool delisted = false;
};

// By entry id.
using KnownEntries = std::map<std::string, KnownEntry>;

struct ListDiff {
  // New and changed ones, in order of their ids.
  std::vector<const v1::ListEntry*> changed;
  // Ids of those that are gone, ascending.
  std::vector<std::string> delisted;
  uint64_t added_count = 0;
  uint64_t changed_count = 0;
  // Delisted entries that are kept, after the import.
  uint64_t kept_delisted_count = 0;
};

// `lists/{list}/entries/{entry}`, the entry's id percent-encoded.
std::string ListEntryName(const std::string& list_id, const std::string& entry_id);

// 16 bytes: what the index keeps as `content_hash`.
std::string EntryHash(const v1::ListEntry& entry);

// `entries` must outlive the answer, ids each once. Sorts it by id.
ListDiff DiffList(std::vector<v1::ListEntry>& entries, const KnownEntries& known);

// SHA-256 over the entries, which are sorted by id; 64 hexadecimal digits.
std::string ContentSha256(const std::vector<v1::ListEntry>& entries);

// What all chunks of an import bear.
struct ChunkHeader {
  std::string list_id;
  std::string version;
  std::string import_id;
  std::string delisting_date;
};

// The chunks, each of about `max_bytes` or a single larger entry. Empty if nothing changed.
std::vector<internal::v1::ListChunk> MakeChunks(const ListDiff& diff, const ChunkHeader& header, size_t max_bytes);

// ListPublished.chunks_sha256 of chunks; empty without any.
std::string ChunksSha256(const std::vector<internal::v1::ListChunk>& chunks);

}  // namespace interdict::ingest
