// Whether a text reports illicit trade at all, decided from its words before the costly stages run: most of what a feed
// brings is other news. The decision weighs words of ten classes in windows of the text; see
// docs/extraction_quality.md for what it keeps and what it turns away.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/ingest/pipeline/relevance/phrase_scanner.h"

namespace interdict::pipeline {

// What a word says about its text. The first five speak for a report of illicit trade, the others against it.
enum class CueClass : uint8_t { kTrade, kBreach, kResponse, kForce, kGoods, kMarket, kPolicy, kOpinion, kLawful, kWar };
inline constexpr size_t kCueClasses = 10;

// The words and the decision. Immutable once filled; then thread-safe.
class Relevance {
 public:
  // Below this score a text is taken to report nothing.
  static constexpr double kThreshold = 2.0;

  // Adds a phrase (see PhraseScanner::Add) of the class with the given name ("trade", "breach", "response", "force",
  // "goods", "market", "policy", "opinion", "lawful",
  // "war"). False for an unknown class or a phrase that cannot be matched.
  bool Add(std::string_view phrase, std::string_view cue_class);

  // The highest score of any window of about 1,500 bytes: the sum over classes of weight times the number of different
  // cues, up to the class's cap. Cues that begin with the same five letters are one; only those of illicit trade count
  // again when they are repeated. A window that is talk about laws and views, or
  // that names no wrong and no authority, scores 0. Linear.
  double Score(std::string_view text) const;

  // Whether the text may report an incident. True where no cue is known: no knowledge, no verdict.
  bool MayReport(std::string_view text) const { return families_.empty() || Score(text) >= kThreshold; }

 private:
  struct Cue {
    CueClass cue_class;
    uint32_t family;
  };
  PhraseScanner scanner_;
  std::vector<Cue> cues_;              // by phrase id
  std::vector<std::string> families_;  // class and first letters, by number
};

}  // namespace interdict::pipeline
