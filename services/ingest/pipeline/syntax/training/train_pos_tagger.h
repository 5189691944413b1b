// Trains the part-of-speech tagger and measures it.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/ingest/pipeline/syntax/lexicon.h"
#include "services/ingest/pipeline/syntax/training/treebank.h"

namespace interdict::pipeline {

// The lexicon's bytes from lines of a word and its Penn tags, the likeliest first, parted by blanks ("seize VB VBP").
// NOT_FOUND for a missing file.
absl::StatusOr<std::string> BuildLexicon(const std::string& path);

// Which sentences to learn from.
std::vector<const GoldSentence*> Select(const std::vector<GoldSentence>& all, const std::vector<Part>& parts);

// The tagger's weights.
std::string TrainPosTagger(const std::vector<const GoldSentence*>& sentences, const Lexicon& lexicon);

// The share of tokens that the tagger with `weights` gets right.
absl::StatusOr<double> MeasurePosTagger(const std::string& weights, const Lexicon& lexicon,
                                        const std::vector<const GoldSentence*>& sentences);

}  // namespace interdict::pipeline
