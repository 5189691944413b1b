#include "services/index/entry/list_problems.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

constexpr size_t kMaxListIdBytes = 64;
constexpr size_t kMaxEntryIdBytes = 256;
constexpr size_t kImportIdBytes = 16;
constexpr std::string_view kLists = "lists/";

bool IsImportId(std::string_view hex) { return records::IdFromHex(hex, kImportIdBytes).ok(); }

bool IsEntryId(const std::string& id) {
  return !id.empty() && id.size() <= kMaxEntryIdBytes && id.find('\0') == std::string::npos;
}

}  // namespace

bool IsListId(std::string_view id) {
  if (id.empty() || id.size() > kMaxListIdBytes) return false;
  for (const char c : id) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}

std::string ProblemOf(const internal::v1::ListChunk& chunk) {
  if (!IsListId(chunk.list_id())) return "list id is not of `a-z 0-9 -`";
  if (!IsImportId(chunk.import_id())) return "import id is not 32 hexadecimal digits";
  if (chunk.entries().empty() && chunk.delisted_entry_ids().empty()) return "list chunk without entries";
  std::set<std::string> seen;
  for (const v1::ListEntry& entry : chunk.entries()) {
    if (!IsEntryId(entry.entry_id())) return "list entry without a valid id";
    if (entry.names().empty()) return "list entry without a name";
    if (!seen.insert(entry.entry_id()).second) return "list entry twice in a chunk";
  }
  for (const std::string& id : chunk.delisted_entry_ids()) {
    if (!IsEntryId(id)) return "delisted entry without a valid id";
    if (!seen.insert(id).second) return "list entry twice in a chunk";
  }
  return "";
}

std::string ProblemOf(const internal::v1::ListPublished& published) {
  const std::string& name = published.list().name();
  if (name.rfind(kLists, 0) != 0 || !IsListId(std::string_view(name).substr(kLists.size()))) {
    return "list without a valid name";
  }
  if (!IsImportId(published.import_id())) return "import id is not 32 hexadecimal digits";
  const std::string& base = published.base_import_id();
  if (!base.empty() && !IsImportId(base)) return "id of the import before is not 32 hexadecimal digits";
  if (published.chunk_count() > 0 && !records::IdFromHex(published.chunks_sha256(), 32).ok()) {
    return "hash of the chunks is not 64 hexadecimal digits";
  }
  return "";
}

}  // namespace interdict::index
