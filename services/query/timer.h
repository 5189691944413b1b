// Calls back later, without a thread that waits. Behind an interface, so that a test decides when time has passed.
#pragma once

#include <functional>
#include <memory>

#include "absl/time/time.h"

namespace interdict::query {

// Thread-safe.
class Timer {
 public:
  // A call to come. Destroying it takes it back if it has not begun; `fire` may still be running then.
  class Pending {
   public:
    virtual ~Pending() = default;
  };

  virtual ~Timer() = default;

  // Calls `fire` once, `delay` from now, on any thread.
  virtual std::unique_ptr<Pending> After(absl::Duration delay, std::function<void()> fire) = 0;
};

// On gRPC's own timers.
class GrpcTimer final : public Timer {
 public:
  std::unique_ptr<Pending> After(absl::Duration delay, std::function<void()> fire) override;
};

}  // namespace interdict::query
