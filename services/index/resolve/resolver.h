// The policy of resolution: which incident a report belongs to. Apart from the machinery (resolver_runner.h), so that a
// better policy changes nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "interdict/v1/incident.pb.h"

namespace interdict::index {

// A report that is not the successor of an older one of the same extractor.
struct NewReport {
  const v1::Report* report = nullptr;
  const v1::Source* source = nullptr;
  const std::string* text = nullptr;  // of its document
  int64_t now_us = 0;                 // microseconds since 1970
};

struct Placement {
  std::string incident_id;                    // 32 hexadecimal digits
  int64_t incident_create_time_us;            // of that incident
  std::vector<internal::v1::Reason> reasons;  // at least one
};

// One thread at a time. The answer is logged, so it may depend on anything; it must not depend on decisions of the same
// round on other documents.
class Resolver {
 public:
  virtual ~Resolver() = default;
  virtual absl::StatusOr<Placement> Place(const NewReport& report) = 0;
};

}  // namespace interdict::index
