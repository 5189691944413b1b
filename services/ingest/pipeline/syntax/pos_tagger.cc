#include "services/ingest/pipeline/syntax/pos_tagger.h"

#include "services/ingest/pipeline/syntax/pos_features.h"

namespace interdict::pipeline {

absl::StatusOr<PosTagger> PosTagger::Parse(std::string_view weights) {
  auto model = LinearModel::Parse(weights, kPartsOfSpeech);
  if (!model.ok()) return model.status();
  return PosTagger(*std::move(model));
}

std::vector<PartOfSpeech> PosTagger::Tag(const Words& words) const {
  std::vector<PartOfSpeech> tags;
  tags.reserve(words.size());
  TagHistory history;
  for (uint32_t i = 0; i < words.size(); ++i) {
    int16_t scores[LinearModel::kMaxClasses] = {};
    for (const uint32_t feature : PosFeatures(words, i, history)) model_.Add(feature, scores);
    const uint32_t best = model_.Best(scores);
    tags.push_back(static_cast<PartOfSpeech>(best));
    history.before_last = history.last;
    history.last = best;
  }
  return tags;
}

}  // namespace interdict::pipeline
