#include "services/ingest/pipeline/grouping/sentence_facts.h"

#include <algorithm>

namespace interdict::pipeline {
namespace {

bool IsEvent(const Frame& f) {
  if (f.status != v1::ACTION_STATUS_DONE) return false;
  return f.kind == FrameKind::kAction || f.kind == FrameKind::kAct;
}

std::string HeadOf(const TokenizedText& text, const Mention& m) {
  std::string word;
  for (uint32_t t = m.first_token; t < m.end_token; ++t)
    if (text.tokens[t].is_word) word = text.tokens[t].folded;
  if (word.size() > 3 && word.back() == 's') word.pop_back();
  return word;
}

// A place with which its sentence begins, and a stop or dash behind it.
bool IsPlaceHead(const TokenizedText& text, const Mention& m) {
  if (m.first_token != text.sentences[m.sentence].first_token || m.end_token >= text.tokens.size()) return false;
  const std::string& stop = text.tokens[m.end_token].folded;
  return stop == "." || stop == ":" || stop == "-" || stop == "\u2013" || stop == "\u2014";
}

bool IsYear(const std::string& number) {
  return number.size() == 4 && (number.compare(0, 2, "19") == 0 || number.compare(0, 2, "20") == 0);
}

template <typename Set>
void Join(const Set& from, Set& to) {
  to.insert(from.begin(), from.end());
}

}  // namespace

void SentenceFacts::Merge(const SentenceFacts& other) {
  actions += other.actions;
  acts += other.acts;
  strong += other.strong;
  goods += other.goods;
  offence_words += other.offence_words;
  Join(other.responses, responses);
  Join(other.offences, offences);
  Join(other.categories, categories);
  Join(other.heads, heads);
  Join(other.countries, countries);
  Join(other.years, years);
  Join(other.starts, starts);
  Join(other.place_names, place_names);
  Join(other.numbers, numbers);
  Join(other.illicit, illicit);
  Join(other.named, named);
  Join(other.authorities, authorities);
}

TextFacts::TextFacts(const Page& page, const TokenizedText& text, const Mentions& mentions,
                     const Coreference& coreference, const Frames& frames, const std::vector<DateMention>& dates)
    : page_(page), text_(text), frames_(frames), facts_(text.sentences.size()) {
  for (const Frame& f : frames.all) {
    if (!IsEvent(f)) continue;
    SentenceFacts& s = facts_[f.trigger.sentence];
    (f.kind == FrameKind::kAction ? s.actions : s.acts) += 1;
    if (f.action == v1::ACTION_TYPE_UNSPECIFIED || f.action == v1::ACTION_TYPE_INVESTIGATION) continue;
    ++s.strong;
    s.responses.insert(f.action);
  }
  for (uint32_t i = 0; i < mentions.all.size(); ++i) AddMention(mentions.all[i], coreference.participant_of[i]);
  for (const TriggerHit& t : mentions.triggers) {
    if (t.entry->kind == "offence") ++facts_[t.sentence].offence_words;
    if (t.entry->kind == "setting") {
      settings_[t.entry->value].insert(t.entry->phrase);
      ++setting_hits_[t.entry->value];
    }
    if (t.entry->kind == "illicit") {
      illicit_ = true;
      facts_[t.sentence].illicit.insert(t.entry->phrase);
    }
  }
  for (const DateMention& d : dates) {
    if (d.start.size() < 4) continue;
    constexpr uint32_t kLeadBytes = 25;
    SentenceFacts& s = facts_[d.sentence];
    s.years.insert(d.start.substr(0, 4));
    s.starts.insert(d.start);
    s.leading_date |= d.begin - text.sentences[d.sentence].begin <= kLeadBytes;
  }
  for (uint32_t s = 0; s < facts_.size(); ++s)
    for (uint32_t t = text.sentences[s].first_token; t < text.sentences[s].end_token; ++t)
      if (text.tokens[t].is_number && text.tokens[t].folded.size() > 1 && !IsYear(text.tokens[t].folded))
        facts_[s].numbers.insert(text.tokens[t].folded);
}

void TextFacts::AddMention(const Mention& m, int participant) {
  SentenceFacts& s = facts_[m.sentence];
  if (m.kind == MentionKind::kLegal) s.law = true;
  if (m.kind == MentionKind::kGoods) {
    ++s.goods;
    const std::string before = m.first_token > 0 ? text_.tokens[m.first_token - 1].folded : "";
    s.definite_goods |= before == "the" || before == "these" || before == "those" || before == "its";
    s.offences.insert(m.offence);
    s.categories.insert(m.category);
    s.heads.insert(HeadOf(text_, m));
  }
  if (m.kind == MentionKind::kPlace && !m.codes.empty()) {
    s.countries.insert(m.codes[0]);
    if (!m.is_demonym) s.place_names.insert(m.text);
    s.headed_by_place |= !m.is_demonym && IsPlaceHead(text_, m);
  }
  if (m.kind != MentionKind::kParty || !m.named) return;
  if (m.role_hint == "AUTHORITY") s.authorities.insert(participant);
  if (m.role_hint != "AUTHORITY" && m.role_hint != "SOURCE" && m.role_hint != "OFFICIAL") s.named.insert(participant);
}

bool TextFacts::Tells(uint32_t sentence) const {
  const SentenceFacts& f = facts_[sentence];
  return !frames_.background[sentence] &&
         (f.strong > 0 || ((f.actions > 0 || f.acts > 0) && (f.goods > 0 || f.offence_words > 0)));
}

bool TextFacts::HasCue(uint32_t s) const {
  return frames_.separate[s] || (s > 0 && frames_.separate[s - 1] && !StartsBlock(s));
}

bool TextFacts::UnderHeading(uint32_t s) const {
  return s > 0 && StartsBlock(s) && KindOf(s - 1) == BlockKind::kHeading && text_.sentences[s - 1].block > 1;
}

const std::string& TextFacts::FirstWord(uint32_t s) const {
  static const std::string* const none = new std::string();
  const Sentence& sentence = text_.sentences[s];
  for (uint32_t t = sentence.first_token; t < sentence.end_token; ++t)
    if (text_.tokens[t].is_word) return text_.tokens[t].folded;
  return *none;
}

bool TextFacts::RefersBack(uint32_t s) const {
  static const auto* const words = new std::set<std::string>{
      "he", "she", "they", "it", "his", "her", "their", "its", "both", "these", "those", "this", "that", "the", "all"};
  return words->count(FirstWord(s)) > 0;
}

bool TextFacts::IsOfSetting() const {
  constexpr size_t kSettingWords = 4;
  constexpr size_t kSentencesPerWord = 12;  // a long text that uses such words now and then is not of that setting
  return std::any_of(settings_.begin(), settings_.end(), [&](const auto& setting) {
    return setting.second.size() >= kSettingWords &&
           setting_hits_.at(setting.first) * kSentencesPerWord >= text_.sentences.size();
  });
}

}  // namespace interdict::pipeline
