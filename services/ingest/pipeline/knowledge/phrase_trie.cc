#include "services/ingest/pipeline/knowledge/phrase_trie.h"

#include <algorithm>

namespace interdict::pipeline {

void PhraseTrie::Add(const std::vector<std::string>& folded_tokens, uint32_t entry) {
  if (folded_tokens.empty()) return;
  uint32_t node = 0;
  for (const std::string& token : folded_tokens) {
    const uint32_t word = words_.try_emplace(token, static_cast<uint32_t>(words_.size())).first->second;
    const auto [edge, added] = edges_.try_emplace(Edge(node, word), static_cast<uint32_t>(entries_.size()));
    if (added) entries_.emplace_back();
    if (node == 0) {
      if (first_.size() <= word) first_.resize(word + 1, 0);
      first_[word] = edge->second;
    }
    node = edge->second;
  }
  entries_[node].push_back(entry);
}

uint32_t PhraseTrie::Step(uint32_t node, uint32_t word) const {
  const auto edge = edges_.find(Edge(node, word));
  return edge == edges_.end() ? 0 : edge->second;
}

std::vector<PhraseMatch> PhraseTrie::Find(const TokenizedText& text) const {
  constexpr uint32_t kUnknown = ~0U;
  std::vector<uint32_t> ids;
  ids.reserve(text.tokens.size());
  for (const Token& token : text.tokens) {
    const auto found = words_.find(token.folded);
    ids.push_back(found == words_.end() ? kUnknown : found->second);
  }
  std::vector<PhraseMatch> matches;
  for (const Sentence& sentence : text.sentences) {
    for (uint32_t first = sentence.first_token; first < sentence.end_token; ++first) {
      const size_t start = matches.size();
      // Most words begin no phrase: the first step is an array's.
      uint32_t node = ids[first] < first_.size() ? first_[ids[first]] : 0;
      for (uint32_t at = first; node != 0; node = Step(node, ids[at])) {
        for (uint32_t entry : entries_[node]) matches.push_back({first, at + 1, entry});
        if (++at == sentence.end_token || ids[at] == kUnknown) break;
      }
      if (matches.size() - start < 2) continue;
      std::stable_sort(matches.begin() + static_cast<std::ptrdiff_t>(start), matches.end(),
                       [](const PhraseMatch& a, const PhraseMatch& b) { return a.end_token > b.end_token; });
    }
  }
  return matches;
}

}  // namespace interdict::pipeline
