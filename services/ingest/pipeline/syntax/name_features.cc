#include "services/ingest/pipeline/syntax/name_features.h"

namespace interdict::pipeline {
namespace {

bool IsLink(const Word& word) {
  return word.form == HashBytes("of") || word.form == HashBytes("and") || word.form == HashBytes("for") ||
         word.form == HashBytes("&") || word.form == HashBytes("the") || word.form == HashBytes("de") ||
         word.form == HashBytes("al") || word.form == HashBytes("bin") || word.form == HashBytes("van");
}

}  // namespace

NameContext::NameContext(const Words& words, const std::vector<PartOfSpeech>& tags, const std::vector<uint16_t>& lists)
    : words_(words), cells_(words.size() + 2 * Words::kPadding), runs_(1) {
  for (uint32_t i = 0; i < words.size(); ++i) {
    Cell& cell = cells_[i + Words::kPadding];
    cell.tag = static_cast<uint32_t>(tags[i]);
    cell.lists = lists[i];
    has_capital_ |= words[i].capitalised;
    all_capitals_ &= words[i].capitalised || tags[i] == PartOfSpeech::kPunctuation || tags[i] == PartOfSpeech::kNumeral;
  }
  FindRuns();
}

void NameContext::FindRuns() {
  constexpr uint32_t kMaxLinks = 2;
  const uint32_t size = words_.size();
  for (uint32_t i = 0; i < size;) {
    if (!words_[i].capitalised) {
      ++i;
      continue;
    }
    Run run{i, i + 1, 0};
    for (uint32_t at = i + 1; at < size;) {
      uint32_t next = at;
      while (next < size && next - at < kMaxLinks && !words_[next].capitalised && IsLink(words_[next])) ++next;
      if (next == size || !words_[next].capitalised) break;
      at = run.end = next + 1;
    }
    for (uint32_t t = run.first; t < run.end; ++t) {
      run.lists |= cells_[t + Words::kPadding].lists;
      cells_[t + Words::kPadding].run = static_cast<uint32_t>(runs_.size());
    }
    i = run.end;
    runs_.push_back(run);
  }
}

std::array<uint32_t, kNameFeatures> NameContext::Features(uint32_t index) const {
  const int64_t i = index;
  const Word& w = words_[i];
  const Word& p1 = words_[i - 1];
  const Word& n1 = words_[i + 1];
  const Cell& c = At(i);
  const Cell& cp = At(i - 1);
  const Cell& cn = At(i + 1);
  const Run& run = runs_[c.run];
  const uint32_t capital = (w.capitalised ? 1U : 0U) + (i == 0 ? 2U : 0U) + (all_capitals_ ? 4U : 0U);
  const uint32_t length = run.end - run.first < 5 ? run.end - run.first : 5;
  const uint32_t place_in_run = c.run == 0 ? 0 : 1 + (index == run.first ? 1U : 0U) + (index + 1 == run.end ? 2U : 0U);
  const Word& run_last = c.run == 0 ? words_[-1] : words_[static_cast<int64_t>(run.end) - 1];
  const Word& run_first = c.run == 0 ? words_[-1] : words_[run.first];
  const Word& before_run = c.run == 0 ? words_[-1] : words_[static_cast<int64_t>(run.first) - 1];
  const Word& behind_run = c.run == 0 ? words_[-1] : words_[run.end];
  const uint32_t behind_lists = c.run == 0 ? 0 : At(run.end).lists;
  const uint32_t before_lists = c.run == 0 ? 0 : At(static_cast<int64_t>(run.first) - 1).lists;
  return {FeatureHash(50, capital),
          FeatureHash(51, w.form, capital & 1),
          FeatureHash(52, p1.form, capital & 1),
          FeatureHash(53, n1.form, capital & 1),
          FeatureHash(54, words_[i - 2].form),
          FeatureHash(55, words_[i + 2].form),
          FeatureHash(56, w.shape, capital),
          FeatureHash(57, w.shape, p1.shape),
          FeatureHash(58, w.shape, n1.shape),
          FeatureHash(59, w.prefix3, capital & 1),
          FeatureHash(60, w.suffix3, capital & 1),
          FeatureHash(61, w.suffix2, capital & 1),
          FeatureHash(62, w.suffix4, capital & 1),
          FeatureHash(63, c.tag, capital & 1),
          FeatureHash(64, cp.tag, c.tag),
          FeatureHash(65, c.tag, cn.tag),
          FeatureHash(66, cp.tag, c.tag, cn.tag),
          FeatureHash(67, c.lists, capital & 1),
          FeatureHash(68, cp.lists, capital & 1),
          FeatureHash(69, cn.lists, capital & 1),
          FeatureHash(70, At(i - 2).lists, capital & 1),
          FeatureHash(71, At(i + 2).lists, capital & 1),
          FeatureHash(72, cp.lists, c.lists, capital & 1),
          FeatureHash(73, c.lists, cn.lists, capital & 1),
          FeatureHash(74, w.lexical_class, capital),
          FeatureHash(75, p1.lexical_class, w.lexical_class, capital & 1),
          FeatureHash(76, n1.lexical_class, w.lexical_class, capital & 1),
          FeatureHash(77, run.lists, place_in_run),
          FeatureHash(78, run.lists, c.lists, place_in_run),
          FeatureHash(79, length, place_in_run, capital & 6),
          FeatureHash(80, run_last.form, place_in_run),
          FeatureHash(81, run_first.form, place_in_run),
          FeatureHash(82, before_run.form, place_in_run),
          FeatureHash(83, behind_run.form, place_in_run),
          FeatureHash(84, before_lists, length, place_in_run),
          FeatureHash(85, behind_lists, length, place_in_run),
          FeatureHash(86, before_run.form, behind_run.form, length),
          FeatureHash(87, run_last.suffix3, place_in_run),
          FeatureHash(88, w.form, n1.form),
          FeatureHash(89, p1.form, w.form)};
}

}  // namespace interdict::pipeline
