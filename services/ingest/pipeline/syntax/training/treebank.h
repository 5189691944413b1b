// Reads treebanks (CoNLL-U) and cuts their sentences by the pipeline's own rules, so that what is learned is learned on
// the tokens that the pipeline sees.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/ingest/pipeline/syntax/relations.h"
#include "services/ingest/pipeline/syntax/tags.h"
#include "services/ingest/pipeline/tokens/tokens.h"

namespace interdict::pipeline {

// What a sentence may be used for. Tuning sentences join the training only once all settings are chosen; the test
// parts never do.
enum class Part { kTrain, kTune, kTestEwt, kTestGum };

// A sentence with its gold analysis, one value a token.
struct GoldSentence {
  Part part = Part::kTrain;
  std::string text;
  std::vector<Token> tokens;
  std::vector<PartOfSpeech> tags;
  std::vector<int> heads;  // index of the head; -1 for the root
  std::vector<Relation> relations;
  std::vector<std::string> names;  // PERSON, ORGANIZATION, LOCATION with B- or I-, or O; empty where names are not told
};

// Reads `folder`/{ewt-dev,ewt-test,gum,pud}.conllu. Part by document: of GUM's news and court documents each fourth is
// for tests and each fourth for tuning; EWT's test file is for tests. NOT_FOUND for a missing file.
absl::StatusOr<std::vector<GoldSentence>> ReadTreebanks(const std::string& folder);

}  // namespace interdict::pipeline
