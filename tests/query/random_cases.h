// Random documents that report incidents, as ingest would append them, and random questions about them in the search
// language; all from one seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "interdict/internal/v1/log_entry.pb.h"
#include "interdict/v1/query_service.pb.h"

namespace interdict::query {

class RandomCases {
 public:
  explicit RandomCases(uint64_t seed) : random_(seed) {}

  uint32_t Below(uint32_t end) { return static_cast<uint32_t>(random_() % end); }

  // A document with one report; `number` makes it unlike all others. The text is that of the entry's document.
  internal::v1::IntakeEntry Document(uint64_t number);

  // Text, filter, order, facets, page size; all hits are counted.
  v1::SearchIncidentsRequest Question();

 private:
  template <size_t N>
  std::string Pick(const char* const (&words)[N]) {
    return words[Below(N)];
  }
  std::string Word();
  std::string TextQuery(int depth);
  std::string Filter(int depth);

  std::mt19937_64 random_;
};

}  // namespace interdict::query
