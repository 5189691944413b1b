// Where decisions on an entry go while it is being decided: each is seen by what is decided next.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "storage/records/store.h"

namespace interdict::index {

class DecisionSink {
 public:
  virtual ~DecisionSink() = default;
  // Takes a decision, complete but for its cause. Errors: of the log and of the view.
  virtual absl::Status Emit(internal::v1::Decision decision) = 0;
  // The view with all decisions so far.
  virtual const records::Reader& view() const = 0;
  // What was decided before, in the log or in this very round; nullopt if a takedown has blanked it.
  virtual absl::StatusOr<std::optional<internal::v1::Decision>> Decided(
      const internal::v1::LogPosition& position) const = 0;
};

}  // namespace interdict::index
