// Reads corpora with labelled names: two columns, a word and its label (CoNLL), and the entities of a treebank.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/ingest/pipeline/knowledge/knowledge.h"
#include "services/ingest/pipeline/syntax/names.h"
#include "services/ingest/pipeline/syntax/training/treebank.h"
#include "services/ingest/pipeline/tokens/tokens.h"

namespace interdict::pipeline {

// What a sentence with names may be used for.
enum class NamePart { kTrain, kTuneGum, kTuneRe3d, kTuneWikigold, kTestGum, kTestRe3d, kTestWikigold };

// A sentence with its gold names; one label and one set of NameList bits a token.
struct NamedSentence {
  NamePart part = NamePart::kTrain;
  std::string text;
  std::vector<Token> tokens;
  std::vector<NameLabel> labels;
  std::vector<uint16_t> lists;
};

// Reads `folder`/names/{re3d-train,re3d-test,wikigold}.conll and takes the names of the treebanks. Documents for tests:
// re3d's test file, each fourth of wikigold, and of GUM those that the treebank's parts say; for tuning each fifth
// block of twenty sentences of re3d's train file, each fourth of wikigold. re3d labels pronouns, titles, plain nouns
// and countries; names are cut down to what is capitalised and is no title. NOT_FOUND for a missing file.
absl::StatusOr<std::vector<NamedSentence>> ReadNames(const std::string& folder,
                                                     const std::vector<GoldSentence>& treebanks,
                                                     const Knowledge& knowledge);

}  // namespace interdict::pipeline
