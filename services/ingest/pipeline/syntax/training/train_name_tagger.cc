#include "services/ingest/pipeline/syntax/training/train_name_tagger.h"

#include <algorithm>
#include <array>
#include <random>

#include "services/ingest/pipeline/syntax/name_features.h"
#include "services/ingest/pipeline/syntax/name_tagger.h"
#include "services/ingest/pipeline/syntax/training/averaged_perceptron.h"

namespace interdict::pipeline {
namespace {

constexpr uint32_t kSlotBits = 17;
constexpr int kRounds = 12;
constexpr float kMargin = 8;
constexpr float kPrune = 0.1F;
constexpr float kImpossible = -1e9F;
using Row = std::array<float, kNameLabels>;
using WordFeatures = std::vector<std::array<uint32_t, kNameFeatures>>;

// The best labels under the weights, where every label but the gold one gets `margin` for free: what is right by less
// is not right enough.
std::vector<uint8_t> Decode(const AveragedPerceptron& model, const WordFeatures& features,
                            const std::vector<NameLabel>& gold, float margin) {
  Row transitions[kNameLabels + 1];
  for (uint32_t last = 0; last <= kNameLabels; ++last) {
    const uint32_t feature = NameTransitionFeature(last);
    model.Score(&feature, &feature + 1, transitions[last].data());
    for (uint32_t next = 0; next < kNameLabels; ++next)
      if (!NameLabelMayFollow(last, next)) transitions[last][next] = kImpossible;
  }
  std::vector<std::array<uint8_t, kNameLabels>> from(features.size());
  Row best{};
  for (size_t i = 0; i < features.size(); ++i) {
    Row scores;
    model.Score(features[i].data(), features[i].data() + kNameFeatures, scores.data());
    Row next;
    for (uint32_t label = 0; label < kNameLabels; ++label) {
      uint32_t top = 0;
      for (uint32_t last = 1; last < kNameLabels; ++last)
        if (best[last] + transitions[last][label] > best[top] + transitions[top][label]) top = last;
      from[i][label] = static_cast<uint8_t>(top);
      next[label] = scores[label] + (i == 0 ? transitions[kNameLabels][label] : best[top] + transitions[top][label]);
      if (static_cast<uint32_t>(gold[i]) != label) next[label] += margin;
    }
    best = next;
  }
  std::vector<uint8_t> labels(features.size());
  auto label = static_cast<uint8_t>(std::max_element(best.begin(), best.end()) - best.begin());
  for (size_t i = features.size(); i-- > 0;) {
    labels[i] = label;
    label = from[i][label];
  }
  return labels;
}

void UpdateSentence(const WordFeatures& features, const std::vector<NameLabel>& gold, const std::vector<uint8_t>& guess,
                    AveragedPerceptron& model) {
  uint32_t last_gold = kNameLabels;
  uint32_t last_guess = kNameLabels;
  for (size_t i = 0; i < features.size(); ++i) {
    const auto right = static_cast<uint32_t>(gold[i]);
    if (right != guess[i]) model.Update(features[i].data(), features[i].data() + kNameFeatures, right, guess[i]);
    if (right != guess[i] || last_gold != last_guess) {
      const uint32_t gold_feature = NameTransitionFeature(last_gold);
      const uint32_t guess_feature = NameTransitionFeature(last_guess);
      model.Add(&gold_feature, &gold_feature + 1, right, 1);
      model.Add(&guess_feature, &guess_feature + 1, guess[i], -1);
    }
    last_gold = right;
    last_guess = guess[i];
  }
}

Words WordsOf(const NamedSentence& s, const Lexicon& lexicon) {
  return Words::Of(s.text, s.tokens, 0, static_cast<uint32_t>(s.tokens.size()), lexicon);
}

}  // namespace

std::string TrainNameTagger(const std::vector<const NamedSentence*>& sentences, const Lexicon& lexicon,
                            const PosTagger& tagger) {
  AveragedPerceptron model(kNameLabels, kSlotBits);
  std::vector<WordFeatures> features;
  for (const NamedSentence* s : sentences) {
    const Words words = WordsOf(*s, lexicon);
    const NameContext context(words, tagger.Tag(words), s->lists);
    WordFeatures rows;
    for (uint32_t i = 0; i < words.size(); ++i) rows.push_back(context.Features(i));
    features.push_back(std::move(rows));
  }
  std::vector<size_t> order(sentences.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::mt19937 random(7);
  for (int round = 0; round < kRounds; ++round) {
    for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
    for (const size_t s : order) {
      UpdateSentence(features[s], sentences[s]->labels, Decode(model, features[s], sentences[s]->labels, kMargin),
                     model);
      model.Step();
    }
  }
  return model.Serialize(kPrune);
}

absl::StatusOr<NameScore> MeasureNameTagger(const std::string& weights, const Lexicon& lexicon, const PosTagger& tagger,
                                            const std::vector<const NamedSentence*>& sentences) {
  auto names = NameTagger::Parse(weights);
  if (!names.ok()) return names.status();
  NameScore score;
  for (const NamedSentence* s : sentences) {
    const Words words = WordsOf(*s, lexicon);
    const std::vector<NameSpan> found = names->Find(words, tagger.Tag(words), s->lists);
    std::vector<NameSpan> gold;
    for (uint32_t i = 0; i < s->labels.size(); ++i) {
      const auto label = static_cast<uint32_t>(s->labels[i]);
      if (label % 2 == 1) gold.push_back({i, i + 1, static_cast<NameKind>((label - 1) / 2), 0});
      if (label != 0 && label % 2 == 0) gold.back().end = i + 1;
    }
    score.found += found.size();
    score.gold += gold.size();
    for (const NameSpan& g : gold)
      for (const NameSpan& f : found) score.right += f.first == g.first && f.end == g.end && f.kind == g.kind;
  }
  return score;
}

}  // namespace interdict::pipeline
