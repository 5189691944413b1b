#include "services/ingest/pipeline/grouping/grouping.h"

#include <algorithm>
#include <map>
#include <set>

namespace interdict::pipeline {
namespace {

bool IsEvent(const Frame& f) {
  if (f.status != v1::ACTION_STATUS_DONE) return false;
  return f.kind == FrameKind::kAction || f.kind == FrameKind::kAct;
}

class Grouper {
 public:
  Grouper(const Page& page, const TokenizedText& text, const Mentions& mentions, const Coreference& coreference,
          const Frames& frames, const std::vector<DateMention>& dates, const std::string& published)
      : page_(page), text_(text), frames_(frames), published_(published) {
    const size_t n = text.sentences.size();
    facts_.resize(n);
    for (const Frame& f : frames.all) {
      if (!IsEvent(f)) continue;
      Facts& s = facts_[f.trigger.sentence];
      (f.kind == FrameKind::kAction ? s.actions : s.acts) += 1;
      if (f.action != v1::ACTION_TYPE_UNSPECIFIED && f.action != v1::ACTION_TYPE_INVESTIGATION) ++s.strong;
    }
    for (uint32_t i = 0; i < mentions.all.size(); ++i) {
      const Mention& m = mentions.all[i];
      Facts& s = facts_[m.sentence];
      if (m.kind == MentionKind::kLegal) s.law = true;
      if (m.kind == MentionKind::kGoods) {
        ++s.goods;
        const std::string before = m.first_token > 0 ? text.tokens[m.first_token - 1].folded : "";
        s.definite_goods |= before == "the" || before == "these" || before == "those" || before == "its";
        s.offences.insert(m.offence);
        s.categories.insert(m.category);
        s.heads.insert(HeadOf(m));
      }
      if (m.kind == MentionKind::kPlace && !m.codes.empty()) {
        s.countries.insert(m.codes[0]);
        if (!m.is_demonym) s.place_names.insert(m.text);
        s.headed_by_place |= !m.is_demonym && IsPlaceHead(m);
      }
      if (m.kind == MentionKind::kParty && m.named && m.role_hint != "AUTHORITY" && m.role_hint != "SOURCE" &&
          m.role_hint != "OFFICIAL")
        s.named.insert(coreference.participant_of[i]);
    }
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
    for (const DateMention& d : dates)
      if (d.start.size() >= 4) {
        facts_[d.sentence].years.insert(d.start.substr(0, 4));
        facts_[d.sentence].starts.insert(d.start);
        constexpr uint32_t kLeadBytes = 25;
        facts_[d.sentence].leading_date |= d.begin - text.sentences[d.sentence].begin <= kLeadBytes;
      }
  }

  Grouping Run() {
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
    if (!IsOfSetting()) out.drafts = std::move(kept);
    return out;
  }

 private:
  std::string HeadOf(const Mention& m) const {
    std::string word;
    for (uint32_t t = m.first_token; t < m.end_token; ++t)
      if (text_.tokens[t].is_word) word = text_.tokens[t].folded;
    if (word.size() > 3 && word.back() == 's') word.pop_back();
    return word;
  }

  // A place with which its sentence begins, and a stop or dash behind it.
  bool IsPlaceHead(const Mention& m) const {
    if (m.first_token != text_.sentences[m.sentence].first_token || m.end_token >= text_.tokens.size()) return false;
    const std::string& stop = text_.tokens[m.end_token].folded;
    return stop == "." || stop == ":" || stop == "-" || stop == "\u2013" || stop == "\u2014";
  }

  struct Facts {
    int actions = 0;
    int acts = 0;
    int strong = 0;
    int goods = 0;
    int offence_words = 0;
    std::set<std::string> offences;
    std::set<std::string> categories;  // of its goods
    std::set<std::string> heads;       // of its goods: the last word, singular
    std::set<std::string> countries;
    std::set<std::string> years;
    std::set<std::string> starts;       // first days of its dates
    std::set<std::string> place_names;  // in the text's words
    bool headed_by_place = false;       // opens with a place and a stop: "Valencia. A helmet …"
    bool leading_date = false;          // opens with a date: "In 2013 a clerk …"
    bool law = false;                   // speaks of a law: its date is the law's
    bool definite_goods = false;        // "the rifles": goods told of before
    std::set<std::string> illicit;
    std::set<int> named;
  };

  bool Tells(uint32_t s) const {
    const Facts& f = facts_[s];
    return !frames_.background[s] &&
           (f.strong > 0 || ((f.actions > 0 || f.acts > 0) && (f.goods > 0 || f.offence_words > 0)));
  }

  BlockKind KindOf(uint32_t s) const { return page_.blocks[text_.sentences[s].block].kind; }

  // Whether the words of one setting in which nothing is reported (an essay, a talk, a view) run through the text.
  bool IsOfSetting() const {
    constexpr size_t kSettingWords = 4;
    constexpr size_t kSentencesPerWord = 12;  // a long text that uses such words now and then is not of that setting
    return std::any_of(settings_.begin(), settings_.end(), [&](const auto& setting) {
      return setting.second.size() >= kSettingWords &&
             setting_hits_.at(setting.first) * kSentencesPerWord >= text_.sentences.size();
    });
  }

  // All sentences but general talk; all where there is nothing else.
  IncidentDraft WholeStory() const {
    IncidentDraft story;
    story.main = true;
    for (uint32_t s = 0; s < text_.sentences.size(); ++s)
      if (!frames_.background[s]) story.sentences.push_back(s);
    for (uint32_t s = 0; story.sentences.empty() && s < text_.sentences.size(); ++s) story.sentences.push_back(s);
    return story;
  }

  // A paragraph that opens an item of a round-up: "3. TOGO.", "Case two.", "LOME - …".
  bool OpensItem(uint32_t s) const {
    const Sentence& sentence = text_.sentences[s];
    if (s > 0 && text_.sentences[s - 1].block == sentence.block) return false;
    if (sentence.end_token - sentence.first_token < 2) return false;
    const Token& first = text_.tokens[sentence.first_token];
    const Token& second = text_.tokens[sentence.first_token + 1];
    if (first.is_number && first.folded.size() == 1 && (second.folded == "." || second.folded == ")")) return true;
    if (first.folded == "case" && second.is_word) return true;
    if (KindOf(s) == BlockKind::kListItem || facts_[s].headed_by_place) return true;
    uint32_t at = sentence.first_token;
    while (at < sentence.end_token && at - sentence.first_token < 3 && text_.tokens[at].is_all_caps) ++at;
    if (at == sentence.first_token) return false;
    if (at == sentence.end_token) return true;
    const std::string& stop = text_.tokens[at].folded;
    return stop == "." || stop == ":" || stop == "," || stop == "-" || stop == "\u2013" || stop == "\u2014" ||
           stop == "(";
  }

  // "The pilgrim's sandals. Westgate, 11 February. …": a paragraph that opens with a headline of its own.
  bool OpensWithHeadline(uint32_t s) const {
    constexpr uint32_t kHeadlineTokens = 8;
    const Sentence& sentence = text_.sentences[s];
    if (KindOf(s) != BlockKind::kParagraph || (s > 0 && text_.sentences[s - 1].block == sentence.block)) return false;
    if (s + 2 >= text_.sentences.size() || text_.sentences[s + 2].block != sentence.block) return false;
    if (sentence.end_token - sentence.first_token > kHeadlineTokens) return false;
    return (!facts_[s + 1].starts.empty() || !facts_[s + 1].place_names.empty()) &&
           text_.sentences[s + 1].end_token - text_.sentences[s + 1].first_token <= kHeadlineTokens;
  }

  // How a round-up may be divided.
  enum class Division { kNone, kHeadings, kItems, kHeadlines };

  bool Opens(uint32_t s, Division division) const {
    switch (division) {
      case Division::kHeadings:
        return KindOf(s) == BlockKind::kHeading && text_.sentences[s].block > 1;
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
      if (told_[d].heads.empty() && told_[d].named.empty()) continue;
      ++compared;
      bool named = false;
      bool goods = false;
      for (size_t before = 0; before < d; ++before) {
        named |= Shares(told_[d].named, told_[before].named);
        goods |= Shares(told_[d].heads, told_[before].heads) && Shares(told_[d].place_names, told_[before].place_names);
      }
      if (named || goods) ++linked;
    }
    return linked * 2 >= compared;
  }

  // Divides the text and groups it; false where the divisions are no items of a round-up: at least two, and half of
  // them, must tell of something themselves.
  bool GroupBy(Division division) {
    const size_t n = text_.sentences.size();
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

  // What a draft tells so far, kept beside it so that each sentence is looked at once.
  struct Told {
    std::set<std::string> years;
    std::set<std::string> countries;
    std::set<std::string> place_names;
    std::set<std::string> starts;
    std::set<std::string> categories;
    std::set<std::string> heads;
    std::set<int> named;
    int tells = 0;
  };

  void Append(size_t draft, uint32_t s) {
    drafts_[draft].sentences.push_back(s);
    told_.resize(drafts_.size());
    Told& told = told_[draft];
    const Facts& f = facts_[s];
    told.years.insert(f.years.begin(), f.years.end());
    told.countries.insert(f.countries.begin(), f.countries.end());
    told.place_names.insert(f.place_names.begin(), f.place_names.end());
    told.named.insert(f.named.begin(), f.named.end());
    told.categories.insert(f.categories.begin(), f.categories.end());
    told.heads.insert(f.heads.begin(), f.heads.end());
    if (!Tells(s)) return;
    told.starts.insert(f.starts.begin(), f.starts.end());
    ++told.tells;
  }

  template <typename Set>
  static size_t CountNew(const Set& mine, const Set& theirs) {
    return static_cast<size_t>(
        std::count_if(mine.begin(), mine.end(), [&](const auto& each) { return theirs.count(each) == 0; }));
  }
  template <typename Set>
  static bool Shares(const Set& mine, const Set& theirs) {
    return CountNew(mine, theirs) < mine.size();
  }

  bool SharesNamed(uint32_t s, size_t draft) const { return Shares(facts_[s].named, told_[draft].named); }

  bool StartsBlock(uint32_t s) const { return s == 0 || text_.sentences[s - 1].block != text_.sentences[s].block; }

  // What a sentence and those behind it in its paragraph tell together, up to a few.
  struct Passage {
    Facts facts;
    bool tells = false;
    uint32_t sentences = 0;
  };
  Passage PassageFrom(uint32_t s) const {
    constexpr uint32_t kMostSentences = 6;
    Passage p;
    for (uint32_t i = s; i < facts_.size() && i < s + kMostSentences; ++i) {
      if (text_.sentences[i].block != text_.sentences[s].block) break;
      if (i > s && frames_.separate[i]) break;
      const Facts& f = facts_[i];
      ++p.sentences;
      if (frames_.background[i]) continue;
      p.tells |= Tells(i);
      p.facts.strong += f.strong;
      p.facts.acts += f.acts;
      p.facts.actions += f.actions;
      p.facts.goods += f.goods;
      p.facts.offence_words += f.offence_words;
      p.facts.definite_goods |= f.definite_goods && i == s;
      p.facts.years.insert(f.years.begin(), f.years.end());
      p.facts.starts.insert(f.starts.begin(), f.starts.end());
      p.facts.countries.insert(f.countries.begin(), f.countries.end());
      p.facts.place_names.insert(f.place_names.begin(), f.place_names.end());
      p.facts.categories.insert(f.categories.begin(), f.categories.end());
      p.facts.heads.insert(f.heads.begin(), f.heads.end());
      p.facts.named.insert(f.named.begin(), f.named.end());
    }
    return p;
  }

  const std::string& FirstWord(uint32_t s) const {
    static const std::string* const none = new std::string();
    const Sentence& sentence = text_.sentences[s];
    for (uint32_t t = sentence.first_token; t < sentence.end_token; ++t)
      if (text_.tokens[t].is_word) return text_.tokens[t].folded;
    return *none;
  }

  // "He …", "They …", "The driver …": the sentence goes on with what was told before.
  bool RefersBack(uint32_t s) const {
    static const auto* const words =
        new std::set<std::string>{"he",   "she",   "they",  "it",   "his",  "her", "their", "its",
                                  "both", "these", "those", "this", "that", "the", "all"};
    return words->count(FirstWord(s)) > 0;
  }

  // How a new case is brought in where no cue says so: under a heading, by a date or a place in front ("In Lagos, …"),
  // or by somebody not told of before ("A clerk …").
  bool BringsIn(uint32_t s) const {
    static const auto* const words = new std::set<std::string>{"a", "an", "in", "at", "on", "two", "three", "four"};
    return UnderHeading(s) || facts_[s].leading_date || words->count(FirstWord(s)) > 0;
  }

  bool UnderHeading(uint32_t s) const {
    return s > 0 && StartsBlock(s) && KindOf(s - 1) == BlockKind::kHeading && text_.sentences[s - 1].block > 1;
  }

  // How much speaks for another case than the draft: what the passage tells that the draft does not, against what they
  // share. A case needs goods or an offence with something done about it, and differs from the one before in more than
  // one respect.
  double Otherness(uint32_t s, size_t draft) const {
    const Told& told = told_[draft];
    const Passage p = PassageFrom(s);
    const Facts& f = p.facts;
    const bool cue = frames_.separate[s] || (s > 0 && frames_.separate[s - 1] && !StartsBlock(s));
    const bool goods = f.goods + f.offence_words > 0;
    if (!p.tells || f.strong + f.acts == 0 || (!goods && f.strong == 0)) return 0;
    double score = 0;
    if (!goods) score += 0.5;  // told by its response alone
    if (cue) score += f.strong > 0 ? 2.5 : 1.25;
    if (StartsBlock(s)) score += 0.75;
    if (UnderHeading(s)) score += 1;
    if (f.goods > 0) {
      const bool other_class = !told.categories.empty() && !Shares(f.categories, told.categories);
      const bool other_goods = !told.heads.empty() && !Shares(f.heads, told.heads);
      score += other_class ? 1.5 : other_goods ? 0.5 : -0.5;
    }
    const std::string this_year = published_.substr(0, 4);
    std::set<std::string> years = f.years;
    std::set<std::string> told_years = told.years;
    years.erase(this_year);
    told_years.erase(this_year);
    if (!years.empty() && !Shares(years, told_years)) score += 1;
    const bool earlier = !f.starts.empty() && !told.starts.empty() && *f.starts.rbegin() < *told.starts.begin();
    if (earlier && !f.law) score += 0.75;
    if (facts_[s].leading_date) score += 0.5;
    if (CountNew(f.countries, told.countries) > 0) score += 0.75;
    if (!f.place_names.empty() && !Shares(f.place_names, told.place_names)) score += 1;
    if (Shares(f.place_names, told.place_names)) score -= 0.25;
    if (!f.named.empty() && !told.named.empty()) score += Shares(f.named, told.named) ? -3 : 0.75;
    if (f.definite_goods) score -= 1.5;
    if (RefersBack(s) && !(cue && FirstWord(s) == "it")) score -= cue ? 0.75 : 1.5;
    return score;
  }

  bool IsAnother(uint32_t s, size_t draft) const {
    constexpr double kEnough = 3.25;
    constexpr double kEnoughEarly = 4.5;
    constexpr size_t kLead = 4;
    constexpr size_t kStory = 7;  // sentences: before that a text still tells its lead in detail
    const Told& told = told_[draft];
    if (drafts_[draft].sentences.size() < 2) return false;
    const bool cue = frames_.separate[s] || (s > 0 && frames_.separate[s - 1] && !StartsBlock(s));
    if (cue) return Otherness(s, draft) >= kEnough;
    if (round_up_ || !StartsBlock(s) || !BringsIn(s) || RefersBack(s) || told.heads.empty()) return false;
    const size_t told_sentences = drafts_[draft].sentences.size();
    if (told_sentences < kLead) return false;
    return Otherness(s, draft) >= (told_sentences >= kStory ? kEnough : kEnoughEarly);
  }

  // How much a sentence has in common with a draft.
  double Kinship(uint32_t s, size_t draft) const {
    const Passage p = PassageFrom(s);
    const Told& told = told_[draft];
    double score = 0;
    if (Shares(p.facts.named, told.named)) score += 3;
    if (Shares(p.facts.heads, told.heads)) score += 1;
    if (Shares(p.facts.categories, told.categories)) score += 0.5;
    if (Shares(p.facts.place_names, told.place_names)) score += 1;
    return score;
  }

  void PlaceAll() {
    drafts_.clear();
    told_.clear();
    pending_.clear();
    current_ = -1;
    aside_ = false;
    for (uint32_t s = 0; s < text_.sentences.size(); ++s) Place(s);
  }

  void Open(uint32_t s) {
    drafts_.emplace_back();
    told_.emplace_back();
    current_ = static_cast<int>(drafts_.size()) - 1;
    if (current_ == 0 || round_up_) return;
    aside_ = true;
    aside_block_ = text_.sentences[s].block;
  }

  // Behind a case in passing: whether its people and goods go on, or the text returns to its main case.
  void Return(uint32_t s) {
    const auto aside = static_cast<size_t>(current_);
    // A case told over more than a few sentences is no aside: what follows belongs to it unless it says otherwise.
    constexpr size_t kStory = 4;
    const bool story = drafts_[aside].sentences.size() >= kStory;
    const double stay = Kinship(s, aside) + (story ? 0.5 : 0) + (RefersBack(s) ? 1 : 0);
    if (Kinship(s, 0) >= stay) {
      current_ = 0;
      aside_ = false;
    } else {
      aside_block_ = text_.sentences[s].block;
    }
  }

  void Place(uint32_t s) {
    if (opens_[s]) current_ = -1;
    if (current_ < 0) {
      const bool topic = !round_up_ && StartsBlock(s) && (facts_[s].goods > 0 || facts_[s].offence_words > 0);
      if (!Tells(s) && !topic && !(round_up_ && opens_[s])) {
        if (!round_up_ || drafts_.empty()) pending_.push_back(s);
        return;
      }
      Open(s);
      if (drafts_.size() == 1 && !round_up_)
        for (uint32_t p : pending_) Append(0, p);
    } else {
      if (IsAnother(s, static_cast<size_t>(current_)) && (current_ == 0 || IsAnother(s, 0)))
        Open(s);
      else if (aside_ && !round_up_ && text_.sentences[s].block != aside_block_ && StartsBlock(s))
        Return(s);
    }
    if (!frames_.background[s]) Append(static_cast<size_t>(current_), s);
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
      const Facts& f = facts_[s];
      w.strong += f.strong;
      w.investigations += f.actions - f.strong;
      w.named_offences += f.offence_words;
      w.illicit.insert(f.illicit.begin(), f.illicit.end());
      const bool goods =
          std::any_of(f.offences.begin(), f.offences.end(), [](const std::string& o) { return !o.empty(); }) ||
          f.offence_words > 0;
      w.goods += goods ? 1 : 0;
      if (goods && Tells(s)) ++w.together;
    }
    return w;
  }

  // A draft stands where goods or an offence are told with a response or a deal, in a text that calls the trade
  // illicit.
  bool Holds(const IncidentDraft& d, bool first) const {
    const Weight w = Weigh(d);
    if (w.goods == 0 || (first && !illicit_)) return false;
    if (w.strong > 0 || (w.investigations > 0 && w.named_offences > 0)) return true;
    return first ? d.sentences.size() >= 8 && w.together >= 2 : d.sentences.size() > 1 && w.together > 0;
  }
  bool HoldsAsItem(const IncidentDraft& d) const {
    const Weight w = Weigh(d);
    return w.goods > 0 && (w.strong > 0 || w.together > 0);
  }

  const Page& page_;
  const TokenizedText& text_;
  const Frames& frames_;
  const std::string published_;
  bool illicit_ = false;  // some word of the text makes a trade illicit
  std::vector<Facts> facts_;
  std::map<std::string, size_t> setting_hits_;
  std::map<std::string, std::set<std::string>> settings_;  // words of each setting that the text uses
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

Grouping GroupIncidents(const Page& page, const TokenizedText& text, const Mentions& mentions,
                        const Coreference& coreference, const Frames& frames, const std::vector<DateMention>& dates,
                        const std::string& published) {
  return Grouper(page, text, mentions, coreference, frames, dates, published).Run();
}

}  // namespace interdict::pipeline
