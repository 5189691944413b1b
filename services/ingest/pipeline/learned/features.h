// What a learned decision sees of one candidate: named numbers, most of them 0 or 1. Names speak of classes (kinds of
// triggers, prepositions, kinds of mentions), never of words of the world, so that what is learned carries over.
#pragma once

#include <string>

#include "absl/container/btree_map.h"

namespace interdict::pipeline {

// Features by name, in the order of their names. A value type.
class Features {
 public:
  // Sets a feature; of two values the higher one stays.
  void Add(const std::string& name, float value = 1) {
    const auto [at, is_new] = all_.emplace(name, value);
    if (!is_new && value > at->second) at->second = value;
  }
  const absl::btree_map<std::string, float>& all() const { return all_; }

 private:
  absl::btree_map<std::string, float> all_;
};

}  // namespace interdict::pipeline
