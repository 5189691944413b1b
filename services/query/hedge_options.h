// When a second replica of a shard is asked because the first is late.
#pragma once

#include "absl/time/time.h"

namespace interdict::query {

// Only matters to shards with several replicas.
struct HedgeOptions {
  // The second question goes out when so many of the last answers (of its kind: searches, look-ups) were faster. 1:
  // never but for a failure.
  double quantile = 0.95;
  // Until there are answers enough to know.
  absl::Duration initial_delay = absl::Milliseconds(50);
  // Never earlier.
  absl::Duration least_delay = absl::Milliseconds(1);
  // Second questions in proportion to all, in the long run: a shard that is slow as a whole is not asked twice as much.
  double max_share = 0.1;
};

}  // namespace interdict::query
