// Trains the dependency parser and measures it.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/ingest/pipeline/syntax/lexicon.h"
#include "services/ingest/pipeline/syntax/pos_tagger.h"
#include "services/ingest/pipeline/syntax/training/treebank.h"

namespace interdict::pipeline {

struct ParserWeights {
  std::string steps;
  std::string relations;
};

// Weights learned with a dynamic oracle, on tags as wrong as those at run time: each fifth of the sentences is tagged
// by a tagger that was trained on the rest.
ParserWeights TrainParser(const std::vector<const GoldSentence*>& sentences, const Lexicon& lexicon);

// Shares of words, punctuation left out, with the right head and with the right head and relation.
struct ParserScore {
  double heads = 0;
  double heads_and_relations = 0;
};

absl::StatusOr<ParserScore> MeasureParser(const ParserWeights& weights, const Lexicon& lexicon, const PosTagger& tagger,
                                          const std::vector<const GoldSentence*>& sentences);

}  // namespace interdict::pipeline
