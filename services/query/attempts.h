// Which replicas a question was sent to and what follows from how they answered: the rules of failover, without any
// transport.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>

#include "grpcpp/support/status.h"

namespace interdict::query {

// Whether another replica may do better than one that failed so: it cannot be reached, has too much to do, or its data
// is damaged. A request that is wrong is wrong everywhere.
bool MayFailOver(const grpc::Status& status);

// Thread-safe. Every replica is asked at most once.
class Attempts {
 public:
  // The replicas are asked in their order, from `first` on and around.
  Attempts(size_t replicas, size_t first) : replicas_(replicas), first_(first) {}

  // The replica to ask next; nullopt if all were asked or the question is answered.
  std::optional<size_t> Next();

  enum class Then {
    kNothing,  // another attempt is under way, or has answered
    kAskNext,  // by Next
    kAnswer,   // this is the answer; told once
  };
  // An attempt has ended.
  Then Ended(bool ok, bool may_fail_over);

 private:
  const size_t replicas_;
  const size_t first_;
  std::mutex mutex_;
  size_t asked_ = 0;       // guarded by mutex_
  size_t ended_ = 0;       // guarded by mutex_
  bool answered_ = false;  // guarded by mutex_
};

}  // namespace interdict::query
