#include "services/index/position_gate.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/server/status.h"
#include "services/server/unary.h"

namespace interdict::index {
namespace {

// How late an expired or cancelled call is noticed at the latest.
constexpr absl::Duration kTick = absl::Milliseconds(50);

absl::Status Stopping() {
  return server::Error(absl::StatusCode::kUnavailable, "INDEX_STOPPING", "the index is stopping; ask again");
}

}  // namespace

PositionGate::PositionGate(Shard* shard, size_t limit) : shard_(shard), limit_(limit) {
  shard_->OnProgress([this] {
    absl::MutexLock lock(&mutex_);
    progressed_ = true;
  });
  thread_ = std::thread([this] { Run(); });
}

PositionGate::~PositionGate() {
  Close();
  {
    absl::MutexLock lock(&mutex_);
    ended_ = true;
  }
  thread_.join();
}

absl::StatusOr<log::Positions> PositionGate::Parse(const std::string& token) const {
  if (token.empty()) return log::Positions();
  auto positions = log::DecodePositionToken(token, shard_->identity().log_id);
  if (positions.ok()) return positions;
  return server::Error(absl::StatusCode::kInvalidArgument, "INVALID_POSITION",
                       absl::StrCat("read_after: ", std::string(positions.status().message())),
                       {{"field", "read_after"}});
}

void PositionGate::Wait(PositionWaiter waiter) {
  absl::Status status;
  if (HasReached(shard_->progress(), shard_->owned(), waiter.positions)) {
    waiter.done(absl::OkStatus());
    return;
  }
  {
    absl::MutexLock lock(&mutex_);
    if (closed_) {
      status = Stopping();
    } else if (waiters_.size() >= limit_) {
      status = server::WorkQueueFull("read_after");
    } else {
      waiters_.push_back(std::move(waiter));
      progressed_ = true;  // it may have been reached meanwhile
      return;
    }
  }
  waiter.done(status);
}

void PositionGate::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
}

absl::Status PositionGate::NotReached(const log::Positions& wanted, const Progress& progress) const {
  std::string message = absl::StrCat("the index has not come as far as ", log::ToString(wanted), " in time; it is at ",
                                     log::ToString(progress.folded));
  for (const auto& [partition, why] : progress.stopped) {
    absl::StrAppend(&message, "; ", log::ToString(partition), " stands still: ", why);
  }
  return server::Error(absl::StatusCode::kDeadlineExceeded, "POSITION_NOT_REACHED", message,
                       {{"wanted", log::ToString(wanted)}, {"folded", log::ToString(progress.folded)}});
}

std::list<std::pair<PositionWaiter, absl::Status>> PositionGate::TakeFinished() {
  std::list<std::pair<PositionWaiter, absl::Status>> finished;
  const Progress progress = shard_->progress();
  const absl::Time now = absl::Now();
  for (auto waiter = waiters_.begin(); waiter != waiters_.end();) {
    std::optional<absl::Status> answer;
    if (HasReached(progress, shard_->owned(), waiter->positions)) {
      answer = absl::OkStatus();
    } else if (closed_) {
      answer = Stopping();
    } else if (waiter->cancelled()) {
      answer = server::Error(absl::StatusCode::kCancelled, "CALL_CANCELLED", "the client cancelled the call");
    } else if (now >= waiter->deadline) {
      answer = NotReached(waiter->positions, progress);
    }
    if (!answer.has_value()) {
      ++waiter;
      continue;
    }
    finished.emplace_back(std::move(*waiter), *std::move(answer));
    waiter = waiters_.erase(waiter);
  }
  return finished;
}

void PositionGate::Run() {
  const auto wake = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return progressed_ || closed_ || ended_; };
  while (true) {
    std::list<std::pair<PositionWaiter, absl::Status>> finished;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&wake), kTick);
      progressed_ = false;
      finished = TakeFinished();
      if (ended_ && finished.empty()) return;
    }
    for (auto& [waiter, answer] : finished) waiter.done(std::move(answer));
    if (finished.empty()) {
      absl::MutexLock lock(&mutex_);
      if (closed_ && !ended_) mutex_.AwaitWithTimeout(absl::Condition(&ended_), kTick);
    }
  }
}

}  // namespace interdict::index
