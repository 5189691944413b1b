// The features of the parser: of the next step, and of the relation of a new arc. Training and parsing share them.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "services/ingest/pipeline/syntax/parser_state.h"
#include "services/ingest/pipeline/syntax/tags.h"
#include "services/ingest/pipeline/syntax/words.h"

namespace interdict::pipeline {

constexpr uint32_t kStepFeatures = 68;
constexpr uint32_t kRelationFeatures = 32;

// The words of a sentence with their tags, as the features see them.
class ParserInput {
 public:
  // What features look at.
  struct Item {
    uint32_t form = 0;
    uint32_t tag = kPartsOfSpeech;
    uint32_t fine = kPartsOfSpeech;  // the tag, for verbs with the ending: "seized" and "seizing" differ
    uint32_t suffix = 0;
    uint32_t lexical_class = 0;
  };

  ParserInput(const Words& words, const std::vector<PartOfSpeech>& tags);
  uint32_t size() const { return static_cast<uint32_t>(items_.size()) - 2; }
  // A word, the root at size(), nothing outside.
  const Item& operator[](int32_t i) const {
    return i < 0 || i >= static_cast<int32_t>(items_.size()) - 1 ? items_.back() : items_[static_cast<size_t>(i)];
  }

 private:
  std::vector<Item> items_;  // words, the root, nothing
};

std::array<uint32_t, kStepFeatures> StepFeatures(const ParserInput& input, const ParserState& state);

// Features of the relation of `word` to `head` right before the arc is made.
std::array<uint32_t, kRelationFeatures> RelationFeatures(const ParserInput& input, const ParserState& state,
                                                         int32_t word, int32_t head);

}  // namespace interdict::pipeline
