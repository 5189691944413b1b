// The best k hits so far, by score and then by number, and what a document must reach to be among them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace interdict::index {

// A hit as one number: greater is better. Equal scores: the lower number is better.
inline uint64_t HitKey(uint32_t score, uint32_t number) { return uint64_t{score} << 32 | (UINT32_MAX - number); }
inline uint32_t ScoreOfKey(uint64_t key) { return static_cast<uint32_t>(key >> 32); }
inline uint32_t NumberOfKey(uint64_t key) { return UINT32_MAX - static_cast<uint32_t>(key); }

// Not thread-safe.
class TopScores {
 public:
  // Only hits whose key is below `end` are taken.
  TopScores(size_t limit, uint64_t end) : limit_(limit), end_(end) { heap_.reserve(std::min<size_t>(limit, 1024)); }

  void Push(uint64_t key) {
    if (key >= end_ || limit_ == 0) return;
    if (heap_.size() < limit_) {
      heap_.push_back(key);
      std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
    } else if (key > heap_.front()) {
      std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
      heap_.back() = key;
      std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
    }
  }
  // A document with a number of at least `first_number` needs at least this score.
  uint32_t Needed(uint32_t first_number) const {
    if (limit_ == 0) return UINT32_MAX;
    if (heap_.size() < limit_) return 0;
    return ScoreOfKey(heap_.front()) + (first_number > NumberOfKey(heap_.front()) ? 1 : 0);
  }
  // Best first.
  std::vector<uint64_t> Take() {
    std::sort(heap_.begin(), heap_.end(), std::greater<>());
    return std::move(heap_);
  }

 private:
  const size_t limit_;
  const uint64_t end_;
  std::vector<uint64_t> heap_;
};

}  // namespace interdict::index
