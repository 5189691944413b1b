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
    node = edge->second;
  }
  entries_[node].push_back(entry);
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
      uint32_t node = 0;
      for (uint32_t at = first; at < sentence.end_token && ids[at] != kUnknown; ++at) {
        const auto edge = edges_.find(Edge(node, ids[at]));
        if (edge == edges_.end()) break;
        node = edge->second;
        for (uint32_t entry : entries_[node]) matches.push_back({first, at + 1, entry});
      }
      std::stable_sort(matches.begin() + static_cast<std::ptrdiff_t>(start), matches.end(),
                       [](const PhraseMatch& a, const PhraseMatch& b) { return a.end_token > b.end_token; });
    }
  }
  return matches;
}

}  // namespace interdict::pipeline
