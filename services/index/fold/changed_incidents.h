// The incidents that a step of the fold changes. The record of each is made once, when all decisions of the step are
// applied, so that a thousand reports of one incident that come together cost little more than one.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/engine/search_engine.h"
#include "storage/records/store.h"

namespace interdict::index {

// One incident in the middle of a step.
struct ChangedIncident {
  // State, count of reports, where the name leads and number are those after the last decision; the facts are those
  // from before the step.
  internal::v1::StoredIncident stored;
  uint64_t indexed_number = 0;  // by which the search index held it before the step; 0: it did not
  bool changed = false;         // its record must be made anew; set by whoever changes `stored`
  int64_t create_time_us = 0;
  int64_t update_time_us = 0;
};

// For one step and one thread. Reader, batch and change must outlive it.
class ChangedIncidents {
 public:
  ChangedIncidents(const records::Reader& reader, records::Batch* batch, IndexChange* index)
      : reader_(reader), batch_(*batch), index_(*index) {}

  // By raw id; a new one if there is none. Stays where it is until this goes. DATA_LOSS: not readable.
  absl::StatusOr<ChangedIncident*> Find(const std::string& incident_id);

  // Writes the records of all that changed, and what the search index holds of them. Once, after the last decision.
  absl::Status MakeRecords();

 private:
  absl::Status MakeRecord(const std::string& incident_id, ChangedIncident& changed);

  const records::Reader& reader_;
  records::Batch& batch_;
  IndexChange& index_;
  std::map<std::string, ChangedIncident> incidents_;
};

}  // namespace interdict::index
