// The words that a report's own part of its document uses: those of title, summary and the paragraphs of its evidence.
// Two incidents of one text so differ in their words, though the text is the same.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "interdict/v1/incident.pb.h"
#include "services/index/resolve/match/word_keys.h"

namespace interdict::index::match {

inline constexpr size_t kMaxTerms = 48;
inline constexpr size_t kMaxOwnWords = 48;
// Bytes of text that are looked at for one report.
inline constexpr size_t kMaxOwnTextBytes = 24 << 10;

// Keys, ascending, each once; where there are more than the caps, those that tell most.
struct OwnWords {
  std::vector<uint32_t> terms;  // proper names, and numbers of three digits or more that are no years
  std::vector<uint32_t> words;  // other words that tell something
};

// `text` is the document's main text, or its beginning; may be empty. Evidence outside of it does not count.
OwnWords OwnWordsOf(const v1::Report& report, const std::string& text, const WordWeights& weights);

}  // namespace interdict::index::match
