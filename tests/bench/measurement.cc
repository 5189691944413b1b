#include "tests/bench/measurement.h"

#include <algorithm>
#include <chrono>

namespace interdict::bench {

double Measurement::Percentile(double share) const {
  if (times.empty()) return 0;
  const auto rank = static_cast<size_t>(share * static_cast<double>(times.size() - 1) + 0.5);
  return absl::ToDoubleMilliseconds(times[rank]);
}

absl::StatusOr<Measurement> Repeat(absl::Duration duration,
                                   const std::function<absl::StatusOr<uint64_t>(uint64_t)>& act) {
  using Clock = std::chrono::steady_clock;
  Measurement measurement;
  const Clock::time_point begin = Clock::now();
  Clock::time_point now = begin;
  for (uint64_t number = 0; number == 0 || absl::FromChrono(now - begin) < duration; ++number) {
    const Clock::time_point before = Clock::now();
    const absl::StatusOr<uint64_t> bytes = act(number);
    now = Clock::now();
    if (!bytes.ok()) return bytes.status();
    measurement.times.push_back(absl::FromChrono(now - before));
    measurement.bytes += *bytes;
  }
  measurement.elapsed = absl::FromChrono(now - begin);
  std::sort(measurement.times.begin(), measurement.times.end());
  return measurement;
}

}  // namespace interdict::bench
