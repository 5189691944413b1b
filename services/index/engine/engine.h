// Text search over the incidents of a shard, behind an interface so that a better engine can take the place of the
// postings. What is written goes into the same batch as the record, so there is nothing to reconcile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/records/store.h"

namespace interdict::index {

// What to look for.
struct SearchQuery {
  // Words as Analyze makes them, all of which must occur. None: every incident that is listed.
  std::vector<std::string> words;
  // Only numbers below it; 0: no limit.
  uint64_t before_number = 0;
  // How many numbers at most.
  size_t limit = 20;
  // Asked from time to time during a long search; its error ends the search.
  std::function<absl::Status()> check = [] { return absl::OkStatus(); };
};

// Stateless; thread-safe.
class Engine {
 public:
  virtual ~Engine() = default;

  // Makes incident `number` findable under exactly these texts: what it was posted under before is taken back.
  // `reader` sees what `batch` holds already. `id` is the incident's raw id.
  virtual absl::Status Index(const records::Reader& reader, records::Batch* batch, uint64_t number, std::string_view id,
                             const std::vector<std::string_view>& texts) const = 0;

  // Takes the incident out of search and list.
  virtual absl::Status Remove(const records::Reader& reader, records::Batch* batch, uint64_t number) const = 0;

  // Numbers of the incidents that match, highest first.
  virtual absl::StatusOr<std::vector<uint64_t>> Search(const records::Reader& reader,
                                                       const SearchQuery& query) const = 0;
};

}  // namespace interdict::index
