#include "services/index/fold/skip_entry.h"

#include "interdict/internal/v1/stored.pb.h"
#include "storage/records/keys.h"

namespace interdict::index {

void SkipEntry(const ParsedEntry& entry, const std::string& problem, records::Batch* batch) {
  internal::v1::SkippedEntry skipped;
  *skipped.mutable_position() = entry.position();
  skipped.set_problem(problem);
  batch->Put(records::family::kSkipped, records::SkippedKey(entry.partition, entry.sequence),
             skipped.SerializeAsString());
}

}  // namespace interdict::index
