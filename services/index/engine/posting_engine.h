// The engine on plain postings: one key for each term and incident, intersected by seeking cursors.
#pragma once

#include <string_view>
#include <vector>

#include "services/index/engine/engine.h"

namespace interdict::index {

// Families: postings, incident_terms, incident_numbers. A search costs about the postings of its rarest word.
class PostingEngine : public Engine {
 public:
  absl::Status Index(const records::Reader& reader, records::Batch* batch, uint64_t number, std::string_view id,
                     const std::vector<std::string_view>& texts) const override;
  absl::Status Remove(const records::Reader& reader, records::Batch* batch, uint64_t number) const override;
  absl::StatusOr<std::vector<uint64_t>> Search(const records::Reader& reader, const SearchQuery& query) const override;
};

}  // namespace interdict::index
