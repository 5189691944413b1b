// Decisions that are learned from labelled documents where rules do not carry over: logistic models over named
// features. Their weights are data (`decisions.tsv`), made by scripts/train-decisions.
#pragma once

#include <map>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "services/ingest/pipeline/learned/features.h"

namespace interdict::pipeline {

// The models by the name of their decision ("report", "origin", "suspect" …). Immutable once filled; thread-safe.
class Decisions {
 public:
  // Adds the rows of a weights file. INVALID_ARGUMENT naming file, line and remedy for a bad one.
  absl::Status Add(const std::string& file, const std::string& content);

  // Whether the decision was learned; where not, the rules have the last word.
  bool Knows(const std::string& decision) const { return models_.count(decision) > 0; }
  // The probability that a candidate is right; 0 for a decision that was not learned. Deterministic.
  float Probability(const std::string& decision, const Features& features) const;
  // From which probability on a candidate is taken; 1 for a decision that was not learned.
  float Threshold(const std::string& decision) const;

 private:
  struct Model {
    absl::flat_hash_map<std::string, float> weights;
    float bias = 0;
    float threshold = 0.5F;
  };
  std::map<std::string, Model> models_;
};

}  // namespace interdict::pipeline
