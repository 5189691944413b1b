// Names of persons, organisations and places in a sentence: a linear chain of BIO labels, decoded by Viterbi.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/ingest/pipeline/syntax/linear_model.h"
#include "services/ingest/pipeline/syntax/names.h"
#include "services/ingest/pipeline/syntax/tags.h"
#include "services/ingest/pipeline/syntax/words.h"

namespace interdict::pipeline {

// Immutable and thread-safe.
class NameTagger {
 public:
  // Reads weights; errors as LinearModel::Parse.
  static absl::StatusOr<NameTagger> Parse(std::string_view weights);

  // The names of a sentence, by first token. `tags` and `lists` (NameList bits) have one value a word. Deterministic,
  // linear in the number of words.
  std::vector<NameSpan> Find(const Words& words, const std::vector<PartOfSpeech>& tags,
                             const std::vector<uint16_t>& lists) const;

 private:
  explicit NameTagger(LinearModel model);

  LinearModel model_;
  int32_t transitions_[kNameLabels + 1][kNameLabels] = {};  // last row: the beginning
};

}  // namespace interdict::pipeline
