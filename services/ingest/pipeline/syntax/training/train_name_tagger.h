// Trains the name tagger and measures it.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/ingest/pipeline/syntax/lexicon.h"
#include "services/ingest/pipeline/syntax/pos_tagger.h"
#include "services/ingest/pipeline/syntax/training/name_corpora.h"

namespace interdict::pipeline {

// The tagger's weights. `tagger` gives the parts of speech, as it does at run time.
std::string TrainNameTagger(const std::vector<const NamedSentence*>& sentences, const Lexicon& lexicon,
                            const PosTagger& tagger);

// Right, found and gold names; a name is right where span and kind are.
struct NameScore {
  size_t right = 0;
  size_t found = 0;
  size_t gold = 0;
  double F1() const {
    return found + gold == 0 ? 0 : 2.0 * static_cast<double>(right) / static_cast<double>(found + gold);
  }
};

absl::StatusOr<NameScore> MeasureNameTagger(const std::string& weights, const Lexicon& lexicon, const PosTagger& tagger,
                                            const std::vector<const NamedSentence*>& sentences);

}  // namespace interdict::pipeline
