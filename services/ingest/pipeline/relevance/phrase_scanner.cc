#include "services/ingest/pipeline/relevance/phrase_scanner.h"

#include <cctype>

namespace interdict::pipeline {

PhraseScanner::PhraseScanner() : nodes_(1) {
  nodes_[0].next.fill(kNone);
  for (int byte = 0; byte < 256; ++byte) {
    const size_t i = static_cast<size_t>(byte);
    symbol_[i] = kSymbols;
    const bool ascii = byte < 128;
    // Bytes of other letters belong to words too: "ancien" is no beginning of "anciennete" with an accent.
    word_[i] = !ascii || std::isalnum(byte) != 0;
    if (ascii && std::isalpha(byte) != 0) symbol_[i] = static_cast<uint8_t>(std::tolower(byte) - 'a');
    if (ascii && std::isdigit(byte) != 0) symbol_[i] = static_cast<uint8_t>(26 + byte - '0');
    if (ascii && std::isspace(byte) != 0) symbol_[i] = kSpace;
  }
  symbol_['-'] = 37;
  symbol_['\''] = 38;
  symbol_['.'] = 39;
}

bool PhraseScanner::Add(std::string_view phrase, uint32_t id) {
  const bool any_ending = !phrase.empty() && phrase.back() == '*';
  if (any_ending) phrase.remove_suffix(1);
  if (phrase.empty()) return false;
  for (char c : phrase)
    if (symbol_[static_cast<unsigned char>(c)] == kSymbols) return false;
  uint32_t node = 0;
  for (char c : phrase) {
    const uint8_t symbol = symbol_[static_cast<unsigned char>(c)];
    if (nodes_[node].next[symbol] == kNone) {
      nodes_[node].next[symbol] = static_cast<uint32_t>(nodes_.size());
      nodes_.emplace_back();
      nodes_.back().next.fill(kNone);
    }
    node = nodes_[node].next[symbol];
  }
  (any_ending ? nodes_[node].prefix : nodes_[node].whole) = id;
  return true;
}

}  // namespace interdict::pipeline
