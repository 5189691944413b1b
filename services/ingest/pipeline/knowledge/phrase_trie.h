// Finds known phrases in a token sequence: a trie over folded tokens, so that a text is read once whatever the number
// of phrases.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "services/ingest/pipeline/tokens/tokens.h"

namespace interdict::pipeline {

// A phrase found: `entry` is the number given when it was added.
struct PhraseMatch {
  uint32_t first_token = 0;
  uint32_t end_token = 0;
  uint32_t entry = 0;
};

// Phrases as paths of tokens. Immutable after the last Add; then any number of threads may call Find.
class PhraseTrie {
 public:
  // Adds a phrase of one or more folded tokens under the number `entry`. Several entries may share a phrase.
  void Add(const std::vector<std::string>& folded_tokens, uint32_t entry);

  // All phrases that lie inside one sentence, by first token, longer ones first. Linear in the tokens times the longest
  // phrase.
  std::vector<PhraseMatch> Find(const TokenizedText& text) const;

 private:
  static uint64_t Edge(uint32_t node, uint32_t word) { return (static_cast<uint64_t>(node) << 32) | word; }
  // The node that a word leads to; 0, the root, for none.
  uint32_t Step(uint32_t node, uint32_t word) const;

  absl::flat_hash_map<std::string, uint32_t> words_;
  absl::flat_hash_map<uint64_t, uint32_t> edges_;
  std::vector<uint32_t> first_;                    // by word: the node behind the root; 0 for none
  std::vector<std::vector<uint32_t>> entries_{1};  // by node
};

}  // namespace interdict::pipeline
