#include "services/ingest/pipeline/syntax/syntax.h"

#include "services/ingest/pipeline/syntax/embedded_weights.h"

namespace interdict::pipeline {

absl::StatusOr<std::unique_ptr<Syntax>> Syntax::Load() {
  auto lexicon = Lexicon::Parse(EmbeddedWeights("lexicon.bin"));
  if (!lexicon.ok()) return lexicon.status();
  auto tagger = PosTagger::Parse(EmbeddedWeights("pos_tagger.bin"));
  if (!tagger.ok()) return tagger.status();
  auto names = NameTagger::Parse(EmbeddedWeights("name_tagger.bin"));
  if (!names.ok()) return names.status();
  auto parser = DependencyParser::Parse(EmbeddedWeights("parser_steps.bin"), EmbeddedWeights("parser_relations.bin"));
  if (!parser.ok()) return parser.status();
  return std::unique_ptr<Syntax>(
      new Syntax(*std::move(lexicon), *std::move(tagger), *std::move(names), *std::move(parser)));
}

SentenceTree Syntax::Parse(std::string_view text, const TokenizedText& tokens, const Sentence& sentence,
                           const TextSyntax& analysed) const {
  const uint32_t first = sentence.first_token;
  const uint32_t end = sentence.end_token;
  if (analysed.empty() || end - first > kMaxParsedTokens) return SentenceTree();
  std::vector<PartOfSpeech> tags(analysed.tags.begin() + first, analysed.tags.begin() + end);
  const ParseTree tree = parser_.Tree(Words::Of(text, tokens.tokens, first, end, lexicon_), tags);
  return SentenceTree(tokens.tokens, sentence, tree, std::move(tags));
}

TextSyntax Syntax::Analyse(std::string_view text, const TokenizedText& tokens,
                           const std::vector<uint16_t>& lists) const {
  TextSyntax out;
  out.tags.reserve(tokens.tokens.size());
  for (const Sentence& sentence : tokens.sentences) {
    const uint32_t first = sentence.first_token;
    const Words words = Words::Of(text, tokens.tokens, first, sentence.end_token, lexicon_);
    const std::vector<PartOfSpeech> tags = tagger_.Tag(words);
    const std::vector<uint16_t> here(lists.begin() + first, lists.begin() + sentence.end_token);
    for (NameSpan name : names_.Find(words, tags, here)) {
      name.first += first;
      name.end += first;
      out.names.push_back(name);
    }
    out.tags.insert(out.tags.end(), tags.begin(), tags.end());
  }
  return out;
}

}  // namespace interdict::pipeline
