#include "services/query/timer.h"

#include <chrono>
#include <utility>

#include "absl/time/clock.h"
#include "grpcpp/alarm.h"

namespace interdict::query {
namespace {

class Alarm final : public Timer::Pending {
 public:
  Alarm(absl::Duration delay, std::function<void()> fire) {
    alarm_.Set(absl::ToChronoTime(absl::Now() + delay), [fire = std::move(fire)](bool passed) {
      if (passed) fire();  // else it was taken back
    });
  }

 private:
  grpc::Alarm alarm_;
};

}  // namespace

std::unique_ptr<Timer::Pending> GrpcTimer::After(absl::Duration delay, std::function<void()> fire) {
  return std::make_unique<Alarm>(delay, std::move(fire));
}

}  // namespace interdict::query
