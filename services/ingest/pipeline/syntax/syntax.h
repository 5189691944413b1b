// Parts of speech of a sentence's words, learned from treebanks: the one door to the taggers for the other stages.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/ingest/pipeline/syntax/lexicon.h"
#include "services/ingest/pipeline/syntax/pos_tagger.h"
#include "services/ingest/pipeline/syntax/tags.h"
#include "services/ingest/pipeline/tokens/tokens.h"

namespace interdict::pipeline {

// The models, loaded once from the weights built into the program. Immutable and thread-safe.
class Syntax {
 public:
  // DATA_LOSS or FAILED_PRECONDITION for weights that do not belong to this program: a defect of the build.
  static absl::StatusOr<std::unique_ptr<Syntax>> Load();

  // One tag for each token of the sentence, in order. `text` is the page's text. Deterministic; linear in the
  // sentence's bytes.
  std::vector<PartOfSpeech> Tag(std::string_view text, const std::vector<Token>& tokens,
                                const Sentence& sentence) const;

 private:
  Syntax(Lexicon lexicon, PosTagger tagger) : lexicon_(std::move(lexicon)), tagger_(std::move(tagger)) {}

  Lexicon lexicon_;
  PosTagger tagger_;
};

}  // namespace interdict::pipeline
