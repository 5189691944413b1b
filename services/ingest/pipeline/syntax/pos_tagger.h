// The part of speech of each word of a sentence, by a greedy averaged perceptron over hashed features.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/ingest/pipeline/syntax/linear_model.h"
#include "services/ingest/pipeline/syntax/tags.h"
#include "services/ingest/pipeline/syntax/words.h"

namespace interdict::pipeline {

// Immutable and thread-safe.
class PosTagger {
 public:
  // Reads weights; errors as LinearModel::Parse.
  static absl::StatusOr<PosTagger> Parse(std::string_view weights);

  // One tag a word. Deterministic, linear in the number of words.
  std::vector<PartOfSpeech> Tag(const Words& words) const;

 private:
  explicit PosTagger(LinearModel model) : model_(std::move(model)) {}
  LinearModel model_;
};

}  // namespace interdict::pipeline
