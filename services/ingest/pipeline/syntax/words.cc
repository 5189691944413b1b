#include "services/ingest/pipeline/syntax/words.h"

#include <algorithm>

#include "services/ingest/pipeline/syntax/feature_hash.h"

namespace interdict::pipeline {
namespace {

// Capital, small letter, digit, other; a run of one kind counts once, and only the first six runs count.
uint32_t ShapeHash(std::string_view surface) {
  constexpr int kMaxRuns = 6;
  uint32_t shape = 1;
  char last = 0;
  int runs = 0;
  for (const char c : surface) {
    const auto byte = static_cast<unsigned char>(c);
    char kind = c;
    if (c >= 'A' && c <= 'Z') kind = 'X';
    if ((c >= 'a' && c <= 'z') || byte >= 0x80) kind = 'x';
    if (c >= '0' && c <= '9') kind = '0';
    if (kind == last) continue;
    last = kind;
    if (++runs > kMaxRuns) break;
    shape = MixHash(shape, byte >= 0x80 ? 'x' : static_cast<unsigned char>(kind));
  }
  return shape;
}

uint32_t Suffix(std::string_view folded, size_t length) {
  return HashBytes(folded.substr(folded.size() - std::min(length, folded.size())));
}

}  // namespace

uint32_t FormHash(std::string_view folded) {
  uint32_t h = 0x811C9DC5U;
  for (const char c : folded) {
    const char plain = c >= '0' && c <= '9' ? '0' : c;
    h = (h ^ static_cast<uint8_t>(plain)) * 0x01000193U;
  }
  return h == 0 ? 1 : h;
}

Words Words::Of(std::string_view text, const std::vector<Token>& tokens, uint32_t first, uint32_t end,
                const Lexicon& lexicon) {
  Words out;
  out.words_.resize(end - first + 2 * kPadding);
  for (uint32_t i = first; i < end; ++i) {
    const Token& token = tokens[i];
    const std::string_view folded = token.folded;
    Word& word = out.words_[i - first + kPadding];
    word.form = FormHash(folded);
    word.shape = ShapeHash(text.substr(token.begin, token.end - token.begin));
    word.prefix2 = HashBytes(folded.substr(0, 2));
    word.prefix3 = HashBytes(folded.substr(0, 3));
    word.suffix1 = Suffix(folded, 1);
    word.suffix2 = Suffix(folded, 2);
    word.suffix3 = Suffix(folded, 3);
    word.suffix4 = Suffix(folded, 4);
    word.lexical_class = lexicon.Find(word.form);
    word.capitalised = token.is_capitalised;
  }
  return out;
}

}  // namespace interdict::pipeline
