// What the mention finders share: the text, its tokens, and the known phrases by token. Private to the stage.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "services/ingest/pipeline/mentions/mention.h"

namespace interdict::pipeline {

struct MentionContext {
  const Knowledge& knowledge;
  const Page& page;
  const TokenizedText& text;
  std::vector<KnownPhrase> known;     // by first token
  std::vector<uint32_t> sentence_of;  // by token
  std::vector<uint32_t> starts;       // by token, and one more: the first of `known` that begins there or behind
  absl::flat_hash_set<std::string_view> lower_words;  // folded words that occur in lower case somewhere in the text
  std::vector<bool> title_case;  // by sentence: most words are capitalised, so capitals tell nothing

  const Token& token(uint32_t i) const { return text.tokens[i]; }
  const Sentence& sentence(uint32_t i) const { return text.sentences[sentence_of[i]]; }
  std::string Span(uint32_t first, uint32_t end) const {
    return page.text.substr(token(first).begin, token(end - 1).end - token(first).begin);
  }
  // The known phrases that start at a token, longer first.
  std::span<const KnownPhrase> StartingAt(uint32_t token) const {
    return std::span(known).subspan(starts[token], starts[token + 1] - starts[token]);
  }
  // The longest known phrase of a table that starts at a token; null for none.
  const KnownPhrase* At(uint32_t token, Table table) const {
    for (const KnownPhrase& phrase : StartingAt(token))
      if (phrase.entry->table == table) return &phrase;
    return nullptr;
  }
  bool InSentence(uint32_t i, uint32_t of) const { return i < text.tokens.size() && sentence_of[i] == sentence_of[of]; }
};

// A mention of the span with the common fields filled.
inline Mention MakeMention(const MentionContext& c, MentionKind kind, uint32_t first, uint32_t end) {
  Mention m;
  m.kind = kind;
  m.first_token = first;
  m.end_token = end;
  m.begin = c.token(first).begin;
  m.end = c.token(end - 1).end;
  m.sentence = c.sentence_of[first];
  m.text = c.Span(first, end);
  return m;
}

// Function words that never belong to a name or description.
bool IsFunctionWord(std::string_view folded);

// The finders. Each appends; overlaps are settled afterwards.
void FindPlaces(const MentionContext& c, std::vector<Mention>& out);
void FindGoods(const MentionContext& c, std::vector<Mention>& out);
void FindAgencies(const MentionContext& c, std::vector<Mention>& out);
void FindNames(const MentionContext& c, std::vector<Mention>& out);
void FindDescribedPersons(const MentionContext& c, std::vector<Mention>& out);
void FindTransport(const MentionContext& c, std::vector<Mention>& out);
void FindLegal(const MentionContext& c, std::vector<Mention>& out);

}  // namespace interdict::pipeline
