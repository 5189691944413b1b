// Finds fixed phrases in raw text: an automaton over bytes, walked from each beginning of a word. It costs a fraction
// of cutting a text into tokens, so it can look at every document.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace interdict::pipeline {

// Phrases in lower case. Immutable after the last Add; then any number of threads may call Scan.
class PhraseScanner {
 public:
  PhraseScanner();

  // Adds a phrase of ASCII letters, digits, spaces and the marks - ' . under the number `id`. A '*' at its end matches
  // any ending of the last word. False where the phrase is empty or holds another character.
  bool Add(std::string_view phrase, uint32_t id);

  // Calls `visit(begin, id)` for each phrase that stands in `text` as whole words, whatever their case; white space of
  // the text counts as one space. Linear in the text times the longest phrase.
  template <typename Visit>
  void Scan(std::string_view text, Visit visit) const {
    bool in_word = false;
    for (size_t at = 0; at < text.size(); ++at) {
      const bool word = IsWordByte(text[at]);
      if (word && !in_word) Walk(text, at, visit);
      in_word = word;
    }
  }

 private:
  static constexpr uint32_t kNone = ~0U;
  static constexpr size_t kSymbols = 40;  // letters, digits, space, - ' .
  struct Node {
    std::array<uint32_t, kSymbols> next;
    uint32_t whole = kNone;   // phrase that ends here, at the end of a word
    uint32_t prefix = kNone;  // phrase that ends here, with any ending
  };

  bool IsWordByte(char c) const { return word_[static_cast<unsigned char>(c)]; }

  template <typename Visit>
  void Walk(std::string_view text, size_t begin, Visit& visit) const {
    uint32_t node = 0;
    for (size_t at = begin; at < text.size();) {
      const uint8_t symbol = symbol_[static_cast<unsigned char>(text[at])];
      if (symbol == kSymbols) return;
      node = nodes_[node].next[symbol];
      if (node == kNone) return;
      ++at;
      if (symbol == kSpace)
        while (at < text.size() && symbol_[static_cast<unsigned char>(text[at])] == kSpace) ++at;
      const Node& here = nodes_[node];
      if (here.prefix != kNone) visit(begin, here.prefix);
      if (here.whole != kNone && (at == text.size() || !IsWordByte(text[at]))) visit(begin, here.whole);
    }
  }

  static constexpr uint8_t kSpace = 36;
  std::array<uint8_t, 256> symbol_;  // by byte; kSymbols for bytes that no phrase holds
  std::array<bool, 256> word_;
  std::vector<Node> nodes_;
};

}  // namespace interdict::pipeline
