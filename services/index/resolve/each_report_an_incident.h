// The first policy: every report starts an incident of its own.
#pragma once

#include "services/index/resolve/resolver.h"

namespace interdict::index {

class EachReportAnIncident : public Resolver {
 public:
  absl::StatusOr<Placement> Place(const NewReport& report) override;
};

}  // namespace interdict::index
