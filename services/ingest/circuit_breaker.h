// Keeps ingest from waiting for a service that is down: after failures in a row no call is let through for a while,
// then a single probe decides.
#pragma once

#include <cstdint>
#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace interdict::ingest {

struct CircuitBreakerOptions {
  // So many failures in a row open it.
  uint32_t failures_to_open = 5;
  // How long it stays open the first time; twice as long after each failed probe, up to `max_open`.
  absl::Duration first_open = absl::Seconds(10);
  absl::Duration max_open = absl::Minutes(2);
};

// Thread-safe. Every call that was let through must be reported by Succeeded or Failed, or the probe is never decided.
class CircuitBreaker {
 public:
  // kClosed: all calls pass. kOpen: none does. kHalfOpen: one is under way and decides.
  enum class State : uint8_t { kClosed, kHalfOpen, kOpen };

  CircuitBreaker(const CircuitBreakerOptions& options, std::function<absl::Time()> now);

  // Whether a call may be made now.
  bool TryEnter();
  // The service answered, be it with an error about this one call.
  void Succeeded();
  // It did not answer, or not as it should. A call that began before the breaker opened changes nothing more.
  void Failed();

  State state() const;

 private:
  void Open() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const CircuitBreakerOptions options_;
  const std::function<absl::Time()> now_;
  mutable absl::Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_) = State::kClosed;
  uint32_t failures_ ABSL_GUARDED_BY(mutex_) = 0;  // in a row
  absl::Duration open_for_ ABSL_GUARDED_BY(mutex_);
  absl::Time open_until_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace interdict::ingest
