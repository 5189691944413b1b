// Repeats something for a while and keeps how long each time took.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace interdict::bench {

struct Measurement {
  std::vector<absl::Duration> times;  // sorted
  absl::Duration elapsed;             // of all, with what lies between
  uint64_t bytes = 0;

  double per_second() const { return static_cast<double>(times.size()) / absl::ToDoubleSeconds(elapsed); }
  double megabytes_per_second() const { return static_cast<double>(bytes) / 1e6 / absl::ToDoubleSeconds(elapsed); }
  double median_ms() const { return Percentile(0.5); }
  double p99_ms() const { return Percentile(0.99); }

 private:
  double Percentile(double share) const;
};

// Calls `act` with 0, 1, … until `duration` is over, at least once. `act` returns the bytes that it worked on; its
// first error ends the measurement.
absl::StatusOr<Measurement> Repeat(absl::Duration duration,
                                   const std::function<absl::StatusOr<uint64_t>(uint64_t)>& act);

}  // namespace interdict::bench
