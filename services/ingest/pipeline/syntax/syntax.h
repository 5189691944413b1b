// What is learned of a text: parts of speech, names and parses. The one door to the taggers for the other stages.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/ingest/pipeline/syntax/dependency_parser.h"
#include "services/ingest/pipeline/syntax/lexicon.h"
#include "services/ingest/pipeline/syntax/name_tagger.h"
#include "services/ingest/pipeline/syntax/names.h"
#include "services/ingest/pipeline/syntax/pos_tagger.h"
#include "services/ingest/pipeline/syntax/sentence_tree.h"
#include "services/ingest/pipeline/syntax/tags.h"
#include "services/ingest/pipeline/tokens/tokens.h"

namespace interdict::pipeline {

// What the taggers make of a text. Empty for a text that was not analysed; otherwise `tags` has one value a token.
struct TextSyntax {
  std::vector<PartOfSpeech> tags;
  std::vector<NameSpan> names;  // by first token; token indexes are those of the text

  bool empty() const { return tags.empty(); }
};

// The models, loaded once from the weights built into the program. Immutable and thread-safe.
class Syntax {
 public:
  // DATA_LOSS or FAILED_PRECONDITION for weights that do not belong to this program: a defect of the build.
  static absl::StatusOr<std::unique_ptr<Syntax>> Load();

  // Analyses all sentences of a text. `lists` has NameList bits for each token. Deterministic; linear in the text.
  TextSyntax Analyse(std::string_view text, const TokenizedText& tokens, const std::vector<uint16_t>& lists) const;

  // Sentences longer than this are not parsed: they are lists, and what asks a tree stays cheap.
  static constexpr uint32_t kMaxParsedTokens = 300;
  // Parses one sentence of an analysed text; ask only for sentences that matter, since a parse costs more than all else
  // here. An empty tree for a sentence that is too long or where `analysed` is empty. Deterministic; linear.
  SentenceTree Parse(std::string_view text, const TokenizedText& tokens, const Sentence& sentence,
                     const TextSyntax& analysed) const;

 private:
  Syntax(Lexicon lexicon, PosTagger tagger, NameTagger names, DependencyParser parser)
      : lexicon_(std::move(lexicon)),
        tagger_(std::move(tagger)),
        names_(std::move(names)),
        parser_(std::move(parser)) {}

  Lexicon lexicon_;
  PosTagger tagger_;
  NameTagger names_;
  DependencyParser parser_;
};

}  // namespace interdict::pipeline
