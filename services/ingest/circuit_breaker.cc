#include "services/ingest/circuit_breaker.h"

#include <algorithm>
#include <utility>

namespace interdict::ingest {

CircuitBreaker::CircuitBreaker(const CircuitBreakerOptions& options, std::function<absl::Time()> now)
    : options_(options), now_(std::move(now)), open_for_(options.first_open) {}

bool CircuitBreaker::TryEnter() {
  absl::MutexLock lock(&mutex_);
  if (state_ == State::kClosed) return true;
  if (state_ == State::kHalfOpen || now_() < open_until_) return false;
  state_ = State::kHalfOpen;
  return true;
}

void CircuitBreaker::Succeeded() {
  absl::MutexLock lock(&mutex_);
  // A call from before the opening that ends late says nothing of how things stand now.
  if (state_ == State::kOpen) return;
  state_ = State::kClosed;
  failures_ = 0;
  open_for_ = options_.first_open;
}

void CircuitBreaker::Failed() {
  absl::MutexLock lock(&mutex_);
  if (state_ == State::kOpen) return;
  if (state_ == State::kHalfOpen) {
    open_for_ = std::min(open_for_ * 2, options_.max_open);
    return Open();
  }
  if (++failures_ >= options_.failures_to_open) Open();
}

CircuitBreaker::State CircuitBreaker::state() const {
  absl::MutexLock lock(&mutex_);
  return state_;
}

void CircuitBreaker::Open() {
  state_ = State::kOpen;
  failures_ = 0;
  open_until_ = now_() + open_for_;
}

}  // namespace interdict::ingest
