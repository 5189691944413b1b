// The parts of speech of Universal Dependencies, as the tagger gives them.
#pragma once

#include <cstdint>
#include <string_view>

namespace interdict::pipeline {

// A part of speech. The order is part of the format of the weights: DO NOT CHANGE THESE VALUES.
enum class PartOfSpeech : uint8_t {
  kAdjective = 0,
  kAdposition = 1,
  kAdverb = 2,
  kAuxiliary = 3,
  kCoordinator = 4,
  kDeterminer = 5,
  kInterjection = 6,
  kNoun = 7,
  kNumeral = 8,
  kParticle = 9,
  kPronoun = 10,
  kProperNoun = 11,
  kPunctuation = 12,
  kSubordinator = 13,
  kSymbol = 14,
  kVerb = 15,
  kOther = 16,
};
constexpr uint32_t kPartsOfSpeech = 17;

// Their names in Universal Dependencies ("ADJ", "ADP"), by value.
constexpr std::string_view kPartOfSpeechNames[kPartsOfSpeech] = {"ADJ",   "ADP",   "ADV", "AUX",  "CCONJ", "DET",
                                                                 "INTJ",  "NOUN",  "NUM", "PART", "PRON",  "PROPN",
                                                                 "PUNCT", "SCONJ", "SYM", "VERB", "X"};

}  // namespace interdict::pipeline
