// What a verification finds wrong: sentences for a person, so many at most.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace interdict::index {

inline constexpr size_t kMaxProblems = 1000;

class Problems {
 public:
  void Add(std::string problem) {
    if (list_.size() < kMaxProblems) list_.push_back(std::move(problem));
  }
  bool full() const { return list_.size() >= kMaxProblems; }
  const std::vector<std::string>& list() const { return list_; }

 private:
  std::vector<std::string> list_;
};

}  // namespace interdict::index
