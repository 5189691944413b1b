// The features of the name tagger; training and tagging share them.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "services/ingest/pipeline/syntax/feature_hash.h"
#include "services/ingest/pipeline/syntax/names.h"
#include "services/ingest/pipeline/syntax/tags.h"
#include "services/ingest/pipeline/syntax/words.h"

namespace interdict::pipeline {

constexpr uint32_t kNameFeatures = 40;

// What is known of one sentence before its names are.
class NameContext {
 public:
  // `lists` has NameList bits for each word. Linear in the number of words.
  NameContext(const Words& words, const std::vector<PartOfSpeech>& tags, const std::vector<uint16_t>& lists);

  std::array<uint32_t, kNameFeatures> Features(uint32_t i) const;
  // Whether any word of the sentence begins with a capital: without one there is no name.
  bool has_capital() const { return has_capital_; }

 private:
  // A run of capitalised words with the small words that link them ("Bank of Cyprus").
  struct Run {
    uint32_t first = 0;
    uint32_t end = 0;
    uint32_t lists = 0;  // of any word in it
  };
  struct Cell {
    uint32_t tag = kPartsOfSpeech;
    uint32_t lists = 0;
    uint32_t run = 0;  // 0 for none, else index into runs_
  };
  const Cell& At(int64_t i) const { return cells_[static_cast<size_t>(i + Words::kPadding)]; }
  void FindRuns();

  const Words& words_;
  std::vector<Cell> cells_;
  std::vector<Run> runs_;
  bool has_capital_ = false;
  bool all_capitals_ = true;
};

// The feature whose row holds the scores of the labels behind label `last` (kNameLabels for the sentence's beginning).
constexpr uint32_t NameTransitionFeature(uint32_t last) { return FeatureHash(90, last); }

// Whether `next` may follow `last`: the later part of a name needs a part of the same kind before it.
constexpr bool NameLabelMayFollow(uint32_t last, uint32_t next) {
  const bool continues = next != 0 && next % 2 == 0;
  return !continues || last == next || last + 1 == next;
}

}  // namespace interdict::pipeline
