#include "services/ingest/pipeline/syntax/parser_features.h"

#include <algorithm>

#include "services/ingest/pipeline/syntax/feature_hash.h"

namespace interdict::pipeline {
namespace {

constexpr uint32_t kRootTag = kPartsOfSpeech + 1;

uint32_t Distance(int32_t from, int32_t to) {
  if (from < 0 || to < 0) return 0;
  const int32_t distance = to > from ? to - from : from - to;
  return static_cast<uint32_t>(distance < 5 ? distance : distance < 10 ? 6 : 7);
}

constexpr ParserState::Children kNoChildren;

const ParserState::Children& ChildrenOf(const ParserState& state, int32_t word) {
  return word < 0 ? kNoChildren : state.Of(word);
}

uint32_t RelationCode(const ParserState& state, int32_t word) {
  return word < 0 ? kRelations : static_cast<uint32_t>(state.RelationOf(word));
}

uint32_t Fold(uint64_t bits) { return MixHash(static_cast<uint32_t>(bits), static_cast<uint32_t>(bits >> 32)); }

}  // namespace

ParserInput::ParserInput(const Words& words, const std::vector<PartOfSpeech>& tags) : items_(words.size() + 2) {
  for (uint32_t i = 0; i < words.size(); ++i) {
    const Word& w = words[i];
    Item& item = items_[i];
    item.form = w.form;
    item.tag = static_cast<uint32_t>(tags[i]);
    item.fine = item.tag;
    if (tags[i] == PartOfSpeech::kVerb) item.fine = MixHash(w.suffix2, item.tag);
    if (tags[i] == PartOfSpeech::kAdposition || tags[i] == PartOfSpeech::kAuxiliary ||
        tags[i] == PartOfSpeech::kPunctuation || tags[i] == PartOfSpeech::kSubordinator ||
        tags[i] == PartOfSpeech::kPronoun)
      item.fine = MixHash(w.form, item.tag);
    item.suffix = w.suffix3;
    item.lexical_class = w.lexical_class;
  }
  items_[words.size()].tag = items_[words.size()].fine = kRootTag;
}

std::array<uint32_t, kStepFeatures> StepFeatures(const ParserInput& input, const ParserState& state) {
  const int32_t is0 = state.Top(0);
  const int32_t is1 = state.Top(1);
  const int32_t ib0 = state.next();
  const auto& s0 = input[is0];
  const auto& s1 = input[is1];
  const auto& s2 = input[state.Top(2)];
  const auto& b0 = input[ib0];
  const auto& b1 = input[ib0 + 1];
  const auto& b2 = input[ib0 + 2];
  const ParserState::Children& cs0 = ChildrenOf(state, is0);
  const ParserState::Children& cs1 = ChildrenOf(state, is1);
  const ParserState::Children& cb0 = ChildrenOf(state, ib0);
  const uint32_t near = Distance(is0, ib0);
  const uint32_t far = Distance(is1, is0);
  const uint32_t s0_left = input[cs0.left].tag;
  const uint32_t s0_right = input[cs0.right].tag;
  const uint32_t s1_right = input[cs1.right].tag;
  const uint32_t b0_left = input[cb0.left].tag;
  const uint32_t tags = s0.tag * 32 + b0.tag;
  const uint32_t stack = s1.tag * 32 + s0.tag;
  return {FeatureHash(100, s0.form),
          FeatureHash(101, s0.fine),
          FeatureHash(102, s0.form, s0.tag),
          FeatureHash(103, b0.form),
          FeatureHash(104, b0.fine),
          FeatureHash(105, b0.form, b0.tag),
          FeatureHash(106, b1.form, b1.tag),
          FeatureHash(107, b1.fine),
          FeatureHash(108, b2.form, b2.tag),
          FeatureHash(109, b2.tag),
          FeatureHash(110, s1.form, s1.tag),
          FeatureHash(111, s1.fine),
          FeatureHash(112, s2.tag),
          FeatureHash(113, s0.form, b0.form, tags),
          FeatureHash(114, s0.form, b0.form),
          FeatureHash(115, s0.form, tags),
          FeatureHash(116, b0.form, tags),
          FeatureHash(117, tags),
          FeatureHash(118, s0.fine, b0.fine),
          FeatureHash(119, s1.form, s0.form),
          FeatureHash(120, s1.form, stack),
          FeatureHash(121, s0.form, stack),
          FeatureHash(122, stack),
          FeatureHash(123, s1.fine, s0.fine),
          FeatureHash(124, s1.tag, b0.tag),
          FeatureHash(125, s1.fine, b0.fine),
          FeatureHash(126, b0.tag, b1.tag),
          FeatureHash(127, b0.fine, b1.fine),
          FeatureHash(128, b0.tag, b1.tag, b2.tag),
          FeatureHash(129, tags, b1.tag),
          FeatureHash(130, stack, b0.tag),
          FeatureHash(131, s1.fine, s0.fine, b0.fine),
          FeatureHash(132, s0.fine, b0.fine, b1.fine),
          FeatureHash(133, s2.tag, stack),
          FeatureHash(134, tags, s0_left),
          FeatureHash(135, tags, s0_right),
          FeatureHash(136, tags, b0_left),
          FeatureHash(137, stack, s1_right),
          FeatureHash(138, stack, s0_left),
          FeatureHash(139, stack, s0_right),
          FeatureHash(140, stack, input[cs1.left].tag),
          FeatureHash(141, s0.form, near),
          FeatureHash(142, s0.fine, near),
          FeatureHash(143, b0.fine, near),
          FeatureHash(144, tags, near),
          FeatureHash(145, stack, far),
          FeatureHash(146, s0.fine, cs0.right_count),
          FeatureHash(147, s0.fine, cs0.left_count),
          FeatureHash(148, b0.fine, cb0.left_count),
          FeatureHash(149, s1.fine, cs1.right_count),
          FeatureHash(150, s0.fine, RelationCode(state, cs0.right), RelationCode(state, cs0.left)),
          FeatureHash(151, b0.fine, RelationCode(state, cb0.left)),
          FeatureHash(152, s1.fine, RelationCode(state, cs1.right)),
          FeatureHash(153, s0.tag, Fold(cs0.relations)),
          FeatureHash(154, s1.tag, Fold(cs1.relations)),
          FeatureHash(155, b0.tag, Fold(cb0.relations)),
          FeatureHash(156, tags, input[cs0.right2].tag, s0_right),
          FeatureHash(157, tags, input[cs0.left2].tag, s0_left),
          FeatureHash(158, tags, input[cb0.left2].tag, b0_left),
          FeatureHash(159, s0.suffix, b0.tag),
          FeatureHash(160, b0.suffix, s0.tag),
          FeatureHash(161, s0.lexical_class, b0.lexical_class),
          FeatureHash(162, s1.lexical_class, s0.lexical_class),
          FeatureHash(163, s0.lexical_class, b0.fine),
          FeatureHash(164, s1.form, b0.form, s0.tag),
          FeatureHash(165, input[cs0.left].form, s0.tag, b0.tag),
          FeatureHash(166, input[is0 + 1].tag, tags, input[ib0 - 1].tag),
          FeatureHash(167, stack, b0.fine, b1.tag)};
}

std::array<uint32_t, kRelationFeatures> RelationFeatures(const ParserInput& input, const ParserState& state,
                                                         int32_t word, int32_t head) {
  const auto& d = input[word];
  const auto& h = input[head];
  const ParserState::Children& cd = ChildrenOf(state, word);
  const ParserState::Children& ch = ChildrenOf(state, head);
  const uint32_t side = word < head ? 1 : 0;
  const uint32_t distance = Distance(word, head) * 2 + side;
  const uint32_t tags = (d.tag * 32 + h.tag) * 2 + side;
  const auto& d_left = input[cd.left];
  const auto& d_right = input[cd.right];
  return {FeatureHash(200, tags),
          FeatureHash(201, tags, distance),
          FeatureHash(202, d.form, side),
          FeatureHash(203, h.form, side),
          FeatureHash(204, d.form, tags),
          FeatureHash(205, h.form, tags),
          FeatureHash(206, d.form, h.form, side),
          FeatureHash(207, d.fine, h.fine, side),
          FeatureHash(208, d.fine, side),
          FeatureHash(209, h.fine, side),
          FeatureHash(210, d.suffix, tags),
          FeatureHash(211, h.suffix, tags),
          FeatureHash(212, d.lexical_class, tags),
          FeatureHash(213, h.lexical_class, tags),
          FeatureHash(214, tags, input[word - 1].tag),
          FeatureHash(215, tags, input[word + 1].tag),
          FeatureHash(216, tags, input[head - 1].tag),
          FeatureHash(217, tags, input[head + 1].tag),
          FeatureHash(218, tags, input[word - 1].tag, input[word + 1].tag),
          FeatureHash(219, d_left.form, tags),
          FeatureHash(220, d_left.tag, tags),
          FeatureHash(221, RelationCode(state, cd.left), tags),
          FeatureHash(222, RelationCode(state, cd.right), tags),
          FeatureHash(223, d_right.form, tags),
          FeatureHash(224, Fold(cd.relations), tags),
          FeatureHash(225, Fold(ch.relations), tags),
          FeatureHash(226, Fold(ch.relations), d.fine, side),
          FeatureHash(227, d_left.form, h.form, d.tag),
          FeatureHash(228, d_left.form, d.form),
          FeatureHash(229, input[cd.left2].form, d_left.form, tags),
          FeatureHash(230, RelationCode(state, ch.left), tags),
          FeatureHash(231, RelationCode(state, ch.right), tags)};
}

}  // namespace interdict::pipeline
