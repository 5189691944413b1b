#include "services/query/attempts.h"

#include "services/server/status.h"

namespace interdict::query {

bool MayFailOver(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::UNAVAILABLE:
    case grpc::DATA_LOSS:
    case grpc::INTERNAL:
    case grpc::UNKNOWN:
    case grpc::UNIMPLEMENTED:  // of an older release
      return true;
    case grpc::RESOURCE_EXHAUSTED:
      return server::ReasonOf(server::FromGrpc(status)) == "WORK_QUEUE_FULL";
    default:
      return false;
  }
}

std::optional<size_t> Attempts::Next() {
  std::lock_guard lock(mutex_);
  if (answered_ || asked_ == replicas_) return std::nullopt;
  return (first_ + asked_++) % replicas_;
}

Attempts::Then Attempts::Ended(bool ok, bool may_fail_over) {
  std::lock_guard lock(mutex_);
  ++ended_;
  if (answered_) return Then::kNothing;
  if (!ok && may_fail_over) {
    if (asked_ < replicas_) return Then::kAskNext;
    if (ended_ < asked_) return Then::kNothing;
  }
  answered_ = true;
  return Then::kAnswer;
}

}  // namespace interdict::query
