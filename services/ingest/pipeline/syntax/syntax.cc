#include "services/ingest/pipeline/syntax/syntax.h"

#include "services/ingest/pipeline/syntax/embedded_weights.h"

namespace interdict::pipeline {

absl::StatusOr<std::unique_ptr<Syntax>> Syntax::Load() {
  auto lexicon = Lexicon::Parse(EmbeddedWeights("lexicon.bin"));
  if (!lexicon.ok()) return lexicon.status();
  auto tagger = PosTagger::Parse(EmbeddedWeights("pos_tagger.bin"));
  if (!tagger.ok()) return tagger.status();
  return std::unique_ptr<Syntax>(new Syntax(*std::move(lexicon), *std::move(tagger)));
}

std::vector<PartOfSpeech> Syntax::Tag(std::string_view text, const std::vector<Token>& tokens,
                                      const Sentence& sentence) const {
  return tagger_.Tag(Words::Of(text, tokens, sentence.first_token, sentence.end_token, lexicon_));
}

}  // namespace interdict::pipeline
