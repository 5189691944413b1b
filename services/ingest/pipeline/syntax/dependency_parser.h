// Who depends on whom in a sentence, and how: a greedy arc-hybrid parser with averaged perceptrons for its steps and
// for the relations.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/ingest/pipeline/syntax/linear_model.h"
#include "services/ingest/pipeline/syntax/relations.h"
#include "services/ingest/pipeline/syntax/tags.h"
#include "services/ingest/pipeline/syntax/words.h"

namespace interdict::pipeline {

// A tree over a sentence: for each word the index of its head, -1 for the one root, and its relation to it. No two arcs
// cross.
struct ParseTree {
  std::vector<int32_t> heads;
  std::vector<Relation> relations;
};

// Immutable and thread-safe.
class DependencyParser {
 public:
  // Reads weights; errors as LinearModel::Parse.
  static absl::StatusOr<DependencyParser> Parse(std::string_view step_weights, std::string_view relation_weights);

  // The tree of a sentence; `tags` has one value a word. Deterministic; twice as many steps as words.
  ParseTree Tree(const Words& words, const std::vector<PartOfSpeech>& tags) const;

 private:
  DependencyParser(LinearModel steps, LinearModel relations)
      : steps_(std::move(steps)), relations_(std::move(relations)) {}

  LinearModel steps_;
  LinearModel relations_;
};

}  // namespace interdict::pipeline
