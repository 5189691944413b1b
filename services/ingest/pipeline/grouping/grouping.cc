#include "services/ingest/pipeline/grouping/grouping.h"

#include <algorithm>
#include <set>

#include "services/ingest/pipeline/grouping/another_case.h"

namespace interdict::pipeline {
namespace {

class Grouper {
 public:
  Grouper(const TextFacts& facts, const std::string& published, const Decisions& decisions,
          std::vector<OpeningCandidate>* candidates)
      : facts_(facts), another_(facts, published), decisions_(decisions), candidates_(candidates) {}

  Grouping Run() {
    if (candidates_ != nullptr) {  // of round-ups too, as if nothing divided them
      GroupBy(Division::kNone);
      candidates_ = nullptr;
    }
    for (Division division : {Division::kHeadings, Division::kItems, Division::kHeadlines, Division::kNone})
      if (GroupBy(division)) break;
    std::vector<IncidentDraft> kept;
    for (IncidentDraft& d : drafts_) {
      if (round_up_ ? HoldsAsItem(d) : Holds(d, kept.empty())) {
        kept.push_back(std::move(d));
      } else if (!round_up_ && !kept.empty()) {
        kept[0].sentences.insert(kept[0].sentences.end(), d.sentences.begin(), d.sentences.end());
      }
    }
    if (!kept.empty()) std::sort(kept[0].sentences.begin(), kept[0].sentences.end());
    if (!kept.empty()) kept[0].main = !round_up_;
    Grouping out;
    out.fallback = WholeStory();
    if (!facts_.IsOfSetting()) out.drafts = std::move(kept);
    return out;
  }

 private:
  // All sentences but general talk; all where there is nothing else.
  IncidentDraft WholeStory() const {
    IncidentDraft story;
    story.main = true;
    for (uint32_t s = 0; s < facts_.size(); ++s)
      if (!facts_.IsBackground(s)) story.sentences.push_back(s);
    for (uint32_t s = 0; story.sentences.empty() && s < facts_.size(); ++s) story.sentences.push_back(s);
    return story;
  }

  // A paragraph that opens an item of a round-up: "3. TOGO.", "Case two.", "LOME - …".
  bool OpensItem(uint32_t s) const {
    const Sentence& sentence = facts_.sentence(s);
    if (s > 0 && facts_.sentence(s - 1).block == sentence.block) return false;
    if (sentence.end_token - sentence.first_token < 2) return false;
    const Token& first = facts_.token(sentence.first_token);
    const Token& second = facts_.token(sentence.first_token + 1);
    if (first.is_number && first.folded.size() == 1 && (second.folded == "." || second.folded == ")")) return true;
    if (first.folded == "case" && second.is_word) return true;
    if (facts_.KindOf(s) == BlockKind::kListItem || facts_.at(s).headed_by_place) return true;
    uint32_t at = sentence.first_token;
    while (at < sentence.end_token && at - sentence.first_token < 3 && facts_.token(at).is_all_caps) ++at;
    if (at == sentence.first_token) return false;
    if (at == sentence.end_token) return true;
    const std::string& stop = facts_.token(at).folded;
    return stop == "." || stop == ":" || stop == "," || stop == "-" || stop == "\u2013" || stop == "\u2014" ||
           stop == "(";
  }

  // "The pilgrim's sandals. Westgate, 11 February. …": a paragraph that opens with a headline of its own.
  bool OpensWithHeadline(uint32_t s) const {
    constexpr uint32_t kHeadlineTokens = 8;
    const Sentence& sentence = facts_.sentence(s);
    if (facts_.KindOf(s) != BlockKind::kParagraph || (s > 0 && facts_.sentence(s - 1).block == sentence.block))
      return false;
    if (s + 2 >= facts_.size() || facts_.sentence(s + 2).block != sentence.block) return false;
    if (sentence.end_token - sentence.first_token > kHeadlineTokens) return false;
    return (!facts_.at(s + 1).starts.empty() || !facts_.at(s + 1).place_names.empty()) &&
           facts_.sentence(s + 1).end_token - facts_.sentence(s + 1).first_token <= kHeadlineTokens;
  }

  // How a round-up may be divided.
  enum class Division { kNone, kHeadings, kItems, kHeadlines };

  bool Opens(uint32_t s, Division division) const {
    switch (division) {
      case Division::kHeadings:
        return facts_.KindOf(s) == BlockKind::kHeading && facts_.sentence(s).block > 1;
      case Division::kItems:
        return OpensItem(s);
      case Division::kHeadlines:
        return OpensWithHeadline(s);
      case Division::kNone:
        break;
    }
    return false;
  }

  // Headings may also divide one story: then its people and goods go on beneath the next heading.
  bool IsOneStory() const {
    size_t linked = 0;
    size_t compared = 0;
    for (size_t d = 1; d < drafts_.size(); ++d) {
      if (told_[d].facts.heads.empty() && told_[d].facts.named.empty()) continue;
      ++compared;
      bool named = false;
      bool goods = false;
      for (size_t before = 0; before < d; ++before) {
        named |= Shares(told_[d].facts.named, told_[before].facts.named);
        goods |= Shares(told_[d].facts.heads, told_[before].facts.heads) &&
                 Shares(told_[d].facts.place_names, told_[before].facts.place_names);
      }
      if (named || goods) ++linked;
    }
    return linked * 2 >= compared;
  }

  // Divides the text and groups it; false where the divisions are no items of a round-up: at least two, and half of
  // them, must tell of something themselves.
  bool GroupBy(Division division) {
    const size_t n = facts_.size();
    opens_.assign(n, false);
    size_t count = 0;
    for (uint32_t s = 1; s < n; ++s)
      if (Opens(s, division)) {
        opens_[s] = true;
        ++count;
      }
    const size_t needed = division == Division::kHeadlines ? 3 : 2;
    round_up_ = division != Division::kNone && count >= needed;
    if (division != Division::kNone && !round_up_) return false;
    PlaceAll();
    if (!round_up_) return true;
    const auto holding = static_cast<size_t>(
        std::count_if(drafts_.begin(), drafts_.end(), [&](const IncidentDraft& d) { return HoldsAsItem(d); }));
    if (IsOneStory()) return false;
    return holding >= 2 && holding * 2 >= drafts_.size();
  }

  void Append(size_t draft, uint32_t s) {
    drafts_[draft].sentences.push_back(s);
    told_[draft].Add(facts_, s);
  }

  // Whether the sentence opens another case than the current one and the main one.
  bool IsAnother(uint32_t s) const {
    if (!another_.IsPlaceToOpen(s)) return false;
    const auto current = static_cast<size_t>(current_);
    const Passage passage = another_.From(s);
    const bool rule = another_.ByRule(passage, told_[current], round_up_) &&
                      (current == 0 || another_.ByRule(passage, told_[0], round_up_));
    const bool learned = decisions_.Knows("another");
    if (round_up_ || (!learned && candidates_ == nullptr) || !another_.MayOpen(passage, told_[current])) return rule;
    const Features features = another_.Describe(passage, told_[current], told_[0], drafts_.size());
    if (candidates_ != nullptr) candidates_->push_back({s, features});
    // Rule and model see different cases, so either opens one.
    return rule || (learned && decisions_.Probability("another", features) >= decisions_.Threshold("another"));
  }

  void PlaceAll() {
    drafts_.clear();
    told_.clear();
    pending_.clear();
    current_ = -1;
    aside_ = false;
    for (uint32_t s = 0; s < facts_.size(); ++s) Place(s);
  }

  void Open(uint32_t s) {
    drafts_.emplace_back();
    told_.emplace_back();
    current_ = static_cast<int>(drafts_.size()) - 1;
    if (current_ == 0 || round_up_) return;
    aside_ = true;
    aside_block_ = facts_.sentence(s).block;
  }

  // Behind a case in passing: whether its people and goods go on, or the text returns to its main case.
  void Return(uint32_t s) {
    const auto aside = static_cast<size_t>(current_);
    // A case told over more than a few sentences is no aside: what follows belongs to it unless it says otherwise.
    constexpr size_t kStory = 4;
    const bool story = drafts_[aside].sentences.size() >= kStory;
    const Passage passage = another_.From(s);
    const double stay = another_.Kinship(passage, told_[aside]) + (story ? 0.5 : 0) + (facts_.RefersBack(s) ? 1 : 0);
    if (another_.Kinship(passage, told_[0]) >= stay) {
      current_ = 0;
      aside_ = false;
    } else {
      aside_block_ = facts_.sentence(s).block;
    }
  }

  void Place(uint32_t s) {
    if (opens_[s]) current_ = -1;
    if (current_ < 0) {
      const bool topic =
          !round_up_ && facts_.StartsBlock(s) && (facts_.at(s).goods > 0 || facts_.at(s).offence_words > 0);
      if (!facts_.Tells(s) && !topic && !(round_up_ && opens_[s])) {
        if (!round_up_ || drafts_.empty()) pending_.push_back(s);
        return;
      }
      Open(s);
      if (drafts_.size() == 1 && !round_up_)
        for (uint32_t p : pending_) Append(0, p);
    } else {
      if (IsAnother(s))
        Open(s);
      else if (aside_ && !round_up_ && facts_.sentence(s).block != aside_block_ && facts_.StartsBlock(s))
        Return(s);
    }
    if (!facts_.IsBackground(s)) Append(static_cast<size_t>(current_), s);
  }

  struct Weight {
    int together = 0;  // sentences that tell of goods or an offence with a response or a deal
    int strong = 0;    // responses of a state
    int investigations = 0;
    int named_offences = 0;
    int goods = 0;
    std::set<std::string> illicit;
  };
  Weight Weigh(const IncidentDraft& d) const {
    Weight w;
    for (uint32_t s : d.sentences) {
      const SentenceFacts& f = facts_.at(s);
      w.strong += f.strong;
      w.investigations += f.actions - f.strong;
      w.named_offences += f.offence_words;
      w.illicit.insert(f.illicit.begin(), f.illicit.end());
      const bool goods =
          std::any_of(f.offences.begin(), f.offences.end(), [](const std::string& o) { return !o.empty(); }) ||
          f.offence_words > 0;
      w.goods += goods ? 1 : 0;
      if (goods && facts_.Tells(s)) ++w.together;
    }
    return w;
  }

  // A draft stands where goods or an offence are told with a response or a deal, in a text that calls the trade
  // illicit.
  bool Holds(const IncidentDraft& d, bool first) const {
    const Weight w = Weigh(d);
    if (w.goods == 0 || (first && !facts_.IsIllicit())) return false;
    if (w.strong > 0 || (w.investigations > 0 && w.named_offences > 0)) return true;
    return first ? d.sentences.size() >= 8 && w.together >= 2 : d.sentences.size() > 1 && w.together > 0;
  }
  bool HoldsAsItem(const IncidentDraft& d) const {
    const Weight w = Weigh(d);
    return w.goods > 0 && (w.strong > 0 || w.together > 0);
  }

  const TextFacts& facts_;
  const AnotherCase another_;
  const Decisions& decisions_;
  std::vector<OpeningCandidate>* candidates_;  // null once they are recorded
  std::vector<bool> opens_;
  std::vector<uint32_t> pending_;
  std::vector<IncidentDraft> drafts_;
  std::vector<Told> told_;  // by draft
  int current_ = -1;
  bool round_up_ = false;
  bool aside_ = false;
  uint32_t aside_block_ = 0;
};

}  // namespace

Grouping GroupIncidents(const TextFacts& facts, const std::string& published, const Decisions& decisions,
                        std::vector<OpeningCandidate>* candidates) {
  return Grouper(facts, published, decisions, candidates).Run();
}

}  // namespace interdict::pipeline
