#include "services/ingest/pipeline/syntax/name_tagger.h"

#include <algorithm>
#include <array>
#include <limits>

#include "services/ingest/pipeline/syntax/name_features.h"

namespace interdict::pipeline {
namespace {

constexpr int32_t kImpossible = std::numeric_limits<int32_t>::min() / 2;
using Row = std::array<int32_t, kNameLabels>;

// The names that a row of labels tells.
std::vector<NameSpan> SpansOf(const std::vector<uint8_t>& labels, const std::vector<Row>& scores) {
  std::vector<NameSpan> spans;
  for (uint32_t i = 0; i < labels.size(); ++i) {
    const uint8_t label = labels[i];
    if (label == 0) continue;
    const int32_t margin = scores[i][label] - scores[i][0];
    if (label % 2 == 1) {
      spans.push_back({i, i + 1, static_cast<NameKind>((label - 1) / 2), margin});
    } else {
      spans.back().end = i + 1;
      spans.back().margin = std::min(spans.back().margin, margin);
    }
  }
  return spans;
}

}  // namespace

absl::StatusOr<NameTagger> NameTagger::Parse(std::string_view weights) {
  auto model = LinearModel::Parse(weights, kNameLabels);
  if (!model.ok()) return model.status();
  return NameTagger(*std::move(model));
}

NameTagger::NameTagger(LinearModel model) : model_(std::move(model)) {
  for (uint32_t last = 0; last <= kNameLabels; ++last) {
    int16_t row[LinearModel::kMaxClasses] = {};
    model_.Add(NameTransitionFeature(last), row);
    for (uint32_t next = 0; next < kNameLabels; ++next)
      transitions_[last][next] = NameLabelMayFollow(last, next) ? row[next] : kImpossible;
  }
}

std::vector<NameSpan> NameTagger::Find(const Words& words, const std::vector<PartOfSpeech>& tags,
                                       const std::vector<uint16_t>& lists) const {
  const NameContext context(words, tags, lists);
  const uint32_t size = words.size();
  if (!context.has_capital()) return {};
  std::vector<Row> scores(size);
  std::vector<std::array<uint8_t, kNameLabels>> from(size);
  Row best{};
  for (uint32_t i = 0; i < size; ++i) {
    int16_t row[LinearModel::kMaxClasses] = {};
    for (const uint32_t feature : context.Features(i)) model_.Add(feature, row);
    std::copy(row, row + kNameLabels, scores[i].begin());
    Row next{};
    for (uint32_t label = 0; label < kNameLabels; ++label) {
      int32_t top = kImpossible;
      for (uint32_t last = 0; last < kNameLabels && i > 0; ++last) {
        const int32_t score = best[last] + transitions_[last][label];
        if (score <= top) continue;
        top = score;
        from[i][label] = static_cast<uint8_t>(last);
      }
      if (i == 0) top = transitions_[kNameLabels][label];
      next[label] = std::max(top + scores[i][label], kImpossible);
    }
    // Only differences count; this keeps a sentence of any length inside the numbers.
    const int32_t highest = *std::max_element(next.begin(), next.end());
    for (uint32_t label = 0; label < kNameLabels; ++label) best[label] = std::max(next[label] - highest, kImpossible);
  }
  std::vector<uint8_t> labels(size);
  auto label = static_cast<uint8_t>(std::max_element(best.begin(), best.end()) - best.begin());
  for (uint32_t i = size; i-- > 0;) {
    labels[i] = label;
    label = from[i][label];
  }
  return SpansOf(labels, scores);
}

}  // namespace interdict::pipeline
