#include "services/ingest/pipeline/grouping/another_case.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace interdict::pipeline {
namespace {

// A count by its order: 0, 1, 2, 4, 8 …
int Step(size_t count) {
  int step = 0;
  for (; count > 0 && step < 6; count /= 2) ++step;
  return step;
}

// How two sets relate, seen from the new one.
template <typename Set>
const char* Relation(const Set& mine, const Set& theirs) {
  if (mine.empty()) return "none";
  if (theirs.empty()) return "first";
  const size_t fresh = CountNew(mine, theirs);
  return fresh == 0 ? "same" : fresh == mine.size() ? "other" : "some";
}

}  // namespace

void Told::Add(const TextFacts& text, uint32_t sentence) {
  facts.Merge(text.at(sentence));
  ++sentences;
  if (!text.Tells(sentence)) return;
  ++tells;
  const auto& starts = text.at(sentence).starts;
  told_starts.insert(starts.begin(), starts.end());
}

Passage AnotherCase::From(uint32_t s) const {
  constexpr uint32_t kMostSentences = 6;
  Passage p;
  p.first = s;
  for (uint32_t i = s; i < text_.size() && i < s + kMostSentences; ++i) {
    if (text_.sentence(i).block != text_.sentence(s).block) break;
    if (i > s && text_.IsSeparate(i)) break;
    ++p.sentences;
    if (text_.IsBackground(i)) continue;
    p.tells |= text_.Tells(i);
    p.facts.Merge(text_.at(i));
    p.facts.definite_goods |= text_.at(i).definite_goods && i == s;
  }
  return p;
}

// How a new case is brought in where no cue says so: under a heading, by a date or a place in front ("In Lagos, …"), or
// by somebody not told of before ("A clerk …").
bool AnotherCase::BringsIn(uint32_t s) const {
  static const auto* const words = new std::set<std::string>{"a", "an", "in", "at", "on", "two", "three", "four"};
  return text_.UnderHeading(s) || text_.at(s).leading_date || words->count(text_.FirstWord(s)) > 0;
}

double AnotherCase::Otherness(const Passage& p, const Told& told) const {
  const uint32_t s = p.first;
  const SentenceFacts& f = p.facts;
  const bool cue = text_.HasCue(s);
  const bool goods = f.goods + f.offence_words > 0;
  if (!p.tells || f.strong + f.acts == 0 || (!goods && f.strong == 0)) return 0;
  double score = 0;
  if (!goods) score += 0.5;  // told by its response alone
  if (cue) score += f.strong > 0 ? 2.5 : 1.25;
  if (text_.StartsBlock(s)) score += 0.75;
  if (text_.UnderHeading(s)) score += 1;
  if (f.goods > 0) {
    const bool other_class = !told.facts.categories.empty() && !Shares(f.categories, told.facts.categories);
    const bool other_goods = !told.facts.heads.empty() && !Shares(f.heads, told.facts.heads);
    score += other_class ? 1.5 : other_goods ? 0.5 : -0.5;
  }
  const std::string this_year = published_.substr(0, 4);
  std::set<std::string> years = f.years;
  std::set<std::string> told_years = told.facts.years;
  years.erase(this_year);
  told_years.erase(this_year);
  if (!years.empty() && !Shares(years, told_years)) score += 1;
  const bool earlier = !f.starts.empty() && !told.told_starts.empty() && *f.starts.rbegin() < *told.told_starts.begin();
  if (earlier && !f.law) score += 0.75;
  if (text_.at(s).leading_date) score += 0.5;
  if (CountNew(f.countries, told.facts.countries) > 0) score += 0.75;
  if (!f.place_names.empty() && !Shares(f.place_names, told.facts.place_names)) score += 1;
  if (Shares(f.place_names, told.facts.place_names)) score -= 0.25;
  if (!f.named.empty() && !told.facts.named.empty()) score += Shares(f.named, told.facts.named) ? -3 : 0.75;
  if (f.definite_goods) score -= 1.5;
  if (text_.RefersBack(s) && !(cue && text_.FirstWord(s) == "it")) score -= cue ? 0.75 : 1.5;
  return score;
}

bool AnotherCase::ByRule(const Passage& p, const Told& told, bool in_round_up) const {
  const uint32_t s = p.first;
  constexpr double kEnough = 3.25;
  constexpr double kEnoughEarly = 4.5;
  constexpr size_t kLead = 4;
  constexpr size_t kStory = 7;  // sentences: before that a text still tells its lead in detail
  if (told.sentences < 2) return false;
  if (text_.HasCue(s)) return Otherness(p, told) >= kEnough;
  if (in_round_up || !text_.StartsBlock(s) || !BringsIn(s) || text_.RefersBack(s) || told.facts.heads.empty())
    return false;
  if (told.sentences < kLead) return false;
  return Otherness(p, told) >= (told.sentences >= kStory ? kEnough : kEnoughEarly);
}

double AnotherCase::Kinship(const Passage& p, const Told& told) const {
  double score = 0;
  if (Shares(p.facts.named, told.facts.named)) score += 3;
  if (Shares(p.facts.heads, told.facts.heads)) score += 1;
  if (Shares(p.facts.categories, told.facts.categories)) score += 0.5;
  if (Shares(p.facts.place_names, told.facts.place_names)) score += 1;
  return score;
}

bool AnotherCase::IsPlaceToOpen(uint32_t s) const {
  return text_.StartsBlock(s) || text_.HasCue(s) || text_.at(s).strong + text_.at(s).acts > 0;
}

bool AnotherCase::MayOpen(const Passage& p, const Told& told) const {
  if (told.sentences == 0 || text_.IsBackground(p.first)) return false;
  return p.facts.strong + p.facts.acts > 0 || p.facts.goods + p.facts.offence_words > 0;
}

void AnotherCase::DescribeOpening(uint32_t s, Features& f) const {
  static const auto* const closed = new std::set<std::string>{
      "he",   "she",  "they",  "it",  "his",  "her", "their", "its",   "both",  "these",      "those",     "this",
      "that", "the",  "all",   "a",   "an",   "in",  "at",    "on",    "two",   "three",      "four",      "of",
      "for",  "by",   "but",   "and", "when", "who", "one",   "while", "after", "among",      "another",   "earlier",
      "last", "from", "under", "no",  "not",  "as",  "to",    "what",  "there", "separately", "meanwhile", "elsewhere"};
  const std::string& word = text_.FirstWord(s);
  const Sentence& sentence = text_.sentence(s);
  const bool number = sentence.first_token < sentence.end_token && text_.token(sentence.first_token).is_number;
  f.Add(absl::StrCat("first:", closed->count(word) > 0 ? word : number ? "#" : "w"));
  if (text_.RefersBack(s)) f.Add("refers back");
  if (text_.HasCue(s)) f.Add(text_.IsSeparate(s) ? "cue" : "cue:before");
  if (text_.StartsBlock(s)) f.Add("block");
  if (text_.UnderHeading(s)) f.Add("under heading");
  if (text_.KindOf(s) == BlockKind::kListItem) f.Add("list item");
  if (text_.at(s).leading_date) f.Add("leading date");
  if (text_.at(s).headed_by_place) f.Add("headed by place");
  if (number && text_.StartsBlock(s)) f.Add("numbered");
}

void AnotherCase::Compare(const std::string& prefix, const Passage& p, const Told& told, Features& f) const {
  const char* goods = p.facts.goods == 0                                  ? "none"
                      : told.facts.heads.empty()                          ? "first"
                      : Shares(p.facts.heads, told.facts.heads)           ? "same"
                      : Shares(p.facts.categories, told.facts.categories) ? "class"
                                                                          : "other";
  const char* named = Relation(p.facts.named, told.facts.named);
  const char* places = Relation(p.facts.place_names, told.facts.place_names);
  const char* states = Relation(p.facts.countries, told.facts.countries);
  const std::string this_year = published_.substr(0, 4);
  std::set<std::string> years = p.facts.years;
  years.erase(this_year);
  f.Add(absl::StrCat(prefix, "goods:", goods));
  f.Add(absl::StrCat(prefix, "named:", named));
  f.Add(absl::StrCat(prefix, "places:", places));
  f.Add(absl::StrCat(prefix, "states:", states));
  f.Add(absl::StrCat(prefix, "authorities:", Relation(p.facts.authorities, told.facts.authorities)));
  f.Add(absl::StrCat(prefix, "years:", Relation(years, told.facts.years)));
  f.Add(absl::StrCat(prefix, "dates:", Relation(p.facts.starts, told.facts.starts)));
  f.Add(absl::StrCat(prefix, "numbers:", Relation(p.facts.numbers, told.facts.numbers)));
  f.Add(absl::StrCat(prefix, "responses:", Relation(p.facts.responses, told.facts.responses)));
  f.Add(absl::StrCat(prefix, "goods+named:", goods, "/", named));
  f.Add(absl::StrCat(prefix, "goods+places:", goods, "/", places));
  f.Add(absl::StrCat(prefix, "named+places:", named, "/", places));
  if (text_.HasCue(p.first)) f.Add(absl::StrCat(prefix, "cue+goods:", goods));
  if (!p.facts.starts.empty() && !told.told_starts.empty()) {
    if (*p.facts.starts.rbegin() < *told.told_starts.begin()) f.Add(absl::StrCat(prefix, "earlier"));
    if (*p.facts.starts.begin() > *told.told_starts.rbegin()) f.Add(absl::StrCat(prefix, "later"));
  }
}

Features AnotherCase::Describe(const Passage& p, const Told& told, const Told& main, size_t drafts) const {
  const uint32_t s = p.first;
  Features f;
  DescribeOpening(s, f);
  Compare("", p, told, f);
  if (&told != &main) Compare("main ", p, main, f);
  f.Add(&told != &main ? "aside" : "in main");
  const double rule = Otherness(p, told);
  f.Add("otherness", static_cast<float>(std::clamp(rule, -2.0, 6.0) / 3));
  if (ByRule(p, told, false)) f.Add("rule");
  for (v1::ActionType response : p.facts.responses) f.Add(absl::StrCat("does:", v1::ActionType_Name(response)));
  for (v1::ActionType response : text_.at(s).responses) f.Add(absl::StrCat("does now:", v1::ActionType_Name(response)));
  f.Add(absl::StrCat("strong:", std::min(p.facts.strong, 3)));
  f.Add(absl::StrCat("acts:", std::min(p.facts.acts, 2)));
  if (p.tells) f.Add("tells");
  if (text_.Tells(s)) f.Add("tells now");
  if (p.facts.offence_words > 0) f.Add("offence");
  if (p.facts.definite_goods) f.Add("definite goods");
  if (p.facts.law) f.Add("law");
  f.Add(absl::StrCat("told:", Step(told.sentences)));
  f.Add(absl::StrCat("told tells:", std::min(Step(told.tells), 3)));
  f.Add(absl::StrCat("drafts:", std::min<size_t>(drafts, 3)));
  f.Add(absl::StrCat("passage:", std::min<uint32_t>(p.sentences, 4)));
  f.Add(absl::StrCat("text:", Step(text_.size())));
  f.Add(absl::StrCat("at:", s * 4 / std::max<uint32_t>(1, text_.size())));
  if (s > 0 && text_.Tells(s - 1)) f.Add("told just before");
  return f;
}

}  // namespace interdict::pipeline
