// Writes a segment into the store: three sorted runs beside the database, made part of it in one step.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "services/index/engine/segment.h"
#include "storage/records/store.h"

namespace interdict::index {

// Not thread-safe.
class StoreSink : public SegmentSink {
 public:
  StoreSink(records::Store* store, uint32_t segment) : store_(store), prefix_(SegmentPrefix(segment)) {}
  absl::Status Put(std::string key, std::string value) override;
  // Everything is durable and readable afterwards.
  absl::Status Finish();

 private:
  absl::Status PutTo(std::unique_ptr<records::RunWriter>& run, const std::string& key, std::string_view value);

  records::Store* const store_;
  const std::string prefix_;
  std::map<std::string, std::string> small_;  // come in any order
  std::unique_ptr<records::RunWriter> positions_;
  std::unique_ptr<records::RunWriter> postings_;
};

}  // namespace interdict::index
