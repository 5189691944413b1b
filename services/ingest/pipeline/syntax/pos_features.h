// The features of the part-of-speech tagger; training and tagging share them.
#pragma once

#include <array>
#include <cstdint>

#include "services/ingest/pipeline/syntax/feature_hash.h"
#include "services/ingest/pipeline/syntax/words.h"

namespace interdict::pipeline {

constexpr uint32_t kPosFeatures = 29;

// Tags of the two words before; kPartsOfSpeech stands for the sentence's beginning.
struct TagHistory {
  uint32_t last = 17;
  uint32_t before_last = 17;
};

inline std::array<uint32_t, kPosFeatures> PosFeatures(const Words& words, int64_t i, TagHistory tags) {
  const Word& w = words[i];
  const Word& p1 = words[i - 1];
  const Word& p2 = words[i - 2];
  const Word& n1 = words[i + 1];
  const Word& n2 = words[i + 2];
  const uint32_t capital = (w.capitalised ? 2U : 0U) + (i == 0 ? 1U : 0U);
  const uint32_t both = tags.last * 32 + tags.before_last;
  return {FeatureHash(0, w.form),
          FeatureHash(1, w.shape, capital),
          FeatureHash(2, w.prefix2),
          FeatureHash(3, w.prefix3),
          FeatureHash(4, w.suffix1, capital),
          FeatureHash(5, w.suffix2),
          FeatureHash(6, w.suffix3),
          FeatureHash(7, w.suffix4),
          FeatureHash(8, w.lexical_class, capital),
          FeatureHash(9, w.lexical_class, tags.last),
          FeatureHash(10, p1.form),
          FeatureHash(11, n1.form),
          FeatureHash(12, p2.form),
          FeatureHash(13, n2.form),
          FeatureHash(14, tags.last),
          FeatureHash(15, both),
          FeatureHash(16, w.form, tags.last),
          FeatureHash(17, p1.suffix3),
          FeatureHash(18, n1.suffix3),
          FeatureHash(19, w.lexical_class, p1.lexical_class),
          FeatureHash(20, w.lexical_class, n1.lexical_class),
          FeatureHash(21, p1.form, w.form),
          FeatureHash(22, w.form, n1.form),
          FeatureHash(23, w.lexical_class, n1.lexical_class, n2.lexical_class),
          FeatureHash(24, tags.last, n1.lexical_class),
          FeatureHash(25, n1.shape, capital),
          FeatureHash(26, both, w.lexical_class),
          FeatureHash(27, w.suffix3, tags.last),
          FeatureHash(28, w.shape, p1.shape)};
}

}  // namespace interdict::pipeline
