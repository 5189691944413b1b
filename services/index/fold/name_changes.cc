#include "services/index/fold/name_changes.h"

#include <map>

namespace interdict::index {

absl::Status NameChanges::WriteTo(const records::Reader& base, records::Batch* batch) const {
  if (changes_.empty()) return absl::OkStatus();
  std::map<uint64_t, const names::NameEntry*> last;
  for (const names::NameEntry& entry : changes_) last[entry.number] = &entry;
  names::NameIndexWriter writer(&base);
  for (const auto& [number, entry] : last) {
    const bool nothing = entry->names.empty() && entry->identifiers.empty();
    absl::Status status = nothing ? writer.Remove(number) : writer.Put(*entry);
    if (!status.ok()) return status;
  }
  return writer.Finish(batch);
}

}  // namespace interdict::index
