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
      : page_(page),
        text_(text),
        mentions_(mentions),
        coreference_(coreference),
        frames_(frames),
        published_(published) {
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
      }
      if (m.kind == MentionKind::kPlace && !m.codes.empty()) {
        s.countries.insert(m.codes[0]);
        if (!m.is_demonym) s.place_names.insert(m.text);
      }
      if (m.kind == MentionKind::kParty && m.named && m.role_hint != "AUTHORITY" && m.role_hint != "SOURCE")
        s.named.insert(coreference.participant_of[i]);
    }
    for (const TriggerHit& t : mentions.triggers) {
      if (t.entry->kind == "offence") ++facts_[t.sentence].offence_words;
      if (t.entry->kind == "setting") {
        settings_[t.entry->value].insert(t.entry->phrase);
        ++setting_hits_[t.entry->value];
      }
      if (t.entry->kind == "illicit") facts_[t.sentence].illicit.insert(t.entry->phrase);
    }
    for (const DateMention& d : dates)
      if (d.start.size() >= 4) {
        facts_[d.sentence].years.insert(d.start.substr(0, 4));
        facts_[d.sentence].starts.insert(d.start);
        constexpr uint32_t kLeadBytes = 25;
        facts_[d.sentence].leading_date |= d.begin - text.sentences[d.sentence].begin <= kLeadBytes;
      }
  }

  std::vector<IncidentDraft> Run() {
    constexpr size_t kSettingWords = 4;
    constexpr size_t kSentencesPerWord = 12;  // a long text that uses such words now and then is not of that setting
    for (const auto& [setting, words] : settings_)
      if (words.size() >= kSettingWords && setting_hits_[setting] * kSentencesPerWord >= text_.sentences.size())
        return {};
    FindSections();
    PlaceAll();
    if (round_up_) {
      // Numbers and headings alone make no round-up: at least two items, and half of them, must tell of something
      // themselves.
      const auto holding =
          std::count_if(drafts_.begin(), drafts_.end(), [&](const IncidentDraft& d) { return HoldsAsItem(d); });
      if (holding < 2 || static_cast<size_t>(holding) * 2 < drafts_.size()) {
        round_up_ = false;
        opens_.assign(opens_.size(), false);
        PlaceAll();
      }
    }
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
    return kept;
  }

 private:
  struct Facts {
    int actions = 0;
    int acts = 0;
    int strong = 0;
    int goods = 0;
    int offence_words = 0;
    std::set<std::string> offences;
    std::set<std::string> countries;
    std::set<std::string> years;
    std::set<std::string> starts;       // first days of its dates
    std::set<std::string> place_names;  // in the text's words
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

  // A paragraph that opens an item of a round-up: "3. TOGO.", "Case two.", "LOME - …".
  bool OpensItem(uint32_t s) const {
    const Sentence& sentence = text_.sentences[s];
    if (s > 0 && text_.sentences[s - 1].block == sentence.block) return false;
    if (sentence.end_token - sentence.first_token < 2) return false;
    const Token& first = text_.tokens[sentence.first_token];
    const Token& second = text_.tokens[sentence.first_token + 1];
    if (first.is_number && first.folded.size() == 1 && (second.folded == "." || second.folded == ")")) return true;
    if (first.folded == "case" && second.is_word) return true;
    if (KindOf(s) == BlockKind::kListItem) return true;
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
    return !facts_[s + 1].starts.empty() &&
           text_.sentences[s + 1].end_token - text_.sentences[s + 1].first_token <= kHeadlineTokens;
  }

  void FindSections() {
    opens_.resize(text_.sentences.size());
    int items = 0;
    int headings = 0;
    int headlines = 0;
    for (uint32_t s = 1; s < text_.sentences.size(); ++s) {
      if (OpensItem(s)) ++items;
      if (OpensWithHeadline(s)) ++headlines;
      if (KindOf(s) == BlockKind::kHeading && text_.sentences[s].block > 1) ++headings;
    }
    for (uint32_t s = 1; s < text_.sentences.size(); ++s) {
      opens_[s] = (items >= 2 && OpensItem(s)) || (headlines >= 3 && OpensWithHeadline(s)) ||
                  (headings >= 2 && KindOf(s) == BlockKind::kHeading && text_.sentences[s].block > 1);
    }
    round_up_ = items >= 2 || headings >= 2 || headlines >= 3;
  }

  // What a draft tells so far, kept beside it so that each sentence is looked at once.
  struct Told {
    std::set<std::string> years;
    std::set<std::string> countries;
    std::set<std::string> place_names;
    std::set<std::string> starts;
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
    if (!Tells(s)) return;
    told.starts.insert(f.starts.begin(), f.starts.end());
    ++told.tells;
  }

  bool SharesNamed(uint32_t s, size_t draft) const {
    return std::any_of(facts_[s].named.begin(), facts_[s].named.end(),
                       [&](int p) { return told_[draft].named.count(p) > 0; });
  }

  // "In the summer of 2012 …": a date before all that is told so far opens a passage with a response and goods of its
  // own.
  bool OpensEarlierCase(uint32_t s, const std::set<std::string>& years) const {
    const Facts& f = facts_[s];
    if (!f.leading_date || f.law || f.years.empty() || frames_.background[s]) return false;
    const std::string first = years.empty() ? published_.substr(0, 4) : *years.begin();
    if (*f.years.rbegin() >= first) return false;
    Facts next;
    if (s + 1 < facts_.size() && text_.sentences[s + 1].block == text_.sentences[s].block) next = facts_[s + 1];
    return f.strong + next.strong > 0 && f.goods + next.goods > 0 && !f.definite_goods;
  }

  // Whether the sentence, which tells something, tells of another case than the draft.
  bool IsAnother(uint32_t s, size_t draft) const {
    if (SharesNamed(s, draft)) return false;
    const Told& told = told_[draft];
    std::set<std::string> years = told.years;
    const Facts& f = facts_[s];
    const bool cue = frames_.separate[s] ||
                     (s > 0 && frames_.separate[s - 1] && text_.sentences[s - 1].block == text_.sentences[s].block);
    bool new_country = false;
    for (const std::string& c : f.countries) new_country |= told.countries.count(c) == 0;
    bool other_year = !f.years.empty();
    const std::string this_year = published_.substr(0, 4);
    for (const std::string& y : f.years) other_year &= told.years.count(y) == 0 && y != this_year;
    years.erase(this_year);
    const bool settled = !years.empty() || told.tells >= 3;
    const bool first_of_block = s == 0 || text_.sentences[s - 1].block != text_.sentences[s].block;
    if (cue && f.strong > 0 && (new_country || other_year || !f.years.empty() || f.goods > 0)) return true;
    if (cue && settled && f.goods > 0 && !f.years.empty() && !f.definite_goods) return true;
    if (settled && OpensEarlierCase(s, years)) return true;
    if (told.tells >= 3 && first_of_block && f.strong > 0 && f.goods > 0 && !f.definite_goods && !f.starts.empty()) {
      // Its own goods at its own place, and before all that is told so far: "In March officers at Westgate found …".
      const bool new_name = std::any_of(f.place_names.begin(), f.place_names.end(),
                                        [&](const std::string& n) { return told.place_names.count(n) == 0; });
      if (new_name && !told.starts.empty() && *f.starts.rbegin() < *told.starts.begin()) return true;
    }
    return settled && other_year && f.strong > 0 && new_country && first_of_block;
  }

  void PlaceAll() {
    drafts_.clear();
    told_.clear();
    pending_.clear();
    current_ = -1;
    aside_ = false;
    for (uint32_t s = 0; s < text_.sentences.size(); ++s) Place(s);
  }

  void Place(uint32_t s) {
    if (opens_[s]) current_ = -1;
    const bool tells = Tells(s);
    if (current_ < 0) {
      if (!tells && !(round_up_ && opens_[s])) {
        if (!round_up_ || drafts_.empty()) pending_.push_back(s);
        return;
      }
      drafts_.emplace_back();
      told_.emplace_back();
      current_ = static_cast<int>(drafts_.size()) - 1;
      if (drafts_.size() == 1 && !round_up_)
        for (uint32_t p : pending_) Append(0, p);
    } else if ((tells || facts_[s].leading_date) && IsAnother(s, static_cast<size_t>(current_))) {
      drafts_.emplace_back();
      told_.emplace_back();
      current_ = static_cast<int>(drafts_.size()) - 1;
      aside_block_ = text_.sentences[s].block;
      aside_ = true;
    } else if (aside_ && !round_up_ && text_.sentences[s].block != aside_block_) {
      // A case in passing ends with its paragraph, unless its people go on.
      if (!SharesNamed(s, static_cast<size_t>(current_))) current_ = 0;
      aside_ = false;
      if ((tells || facts_[s].leading_date) && IsAnother(s, 0)) {
        drafts_.emplace_back();
        told_.emplace_back();
        current_ = static_cast<int>(drafts_.size()) - 1;
        aside_block_ = text_.sentences[s].block;
        aside_ = true;
      }
    }
    if (!frames_.background[s]) Append(static_cast<size_t>(current_), s);
  }

  struct Weight {
    int together = 0;  // sentences that tell of goods or an offence with a response or a deal
    int strong = 0;    // responses of a state
    int goods = 0;
    std::set<std::string> illicit;
  };
  Weight Weigh(const IncidentDraft& d) const {
    Weight w;
    for (uint32_t s : d.sentences) {
      const Facts& f = facts_[s];
      w.strong += f.strong;
      w.illicit.insert(f.illicit.begin(), f.illicit.end());
      const bool goods =
          std::any_of(f.offences.begin(), f.offences.end(), [](const std::string& o) { return !o.empty(); }) ||
          f.offence_words > 0;
      w.goods += goods ? 1 : 0;
      if (goods && Tells(s)) ++w.together;
    }
    return w;
  }

  // A draft stands where goods or an offence are told with a response or a deal; a long one must also call the trade
  // illicit.
  bool Holds(const IncidentDraft& d, bool first) const {
    const Weight w = Weigh(d);
    if (d.sentences.size() < 8)
      return w.goods > 0 && (w.strong > 0 || (!first && w.together > 0)) && (!first || !w.illicit.empty());
    return w.goods > 0 && !w.illicit.empty() && (w.strong > 0 || w.together >= 2);
  }
  bool HoldsAsItem(const IncidentDraft& d) const {
    const Weight w = Weigh(d);
    return w.goods > 0 && (w.strong > 0 || w.together > 0);
  }

  const Page& page_;
  const TokenizedText& text_;
  const Mentions& mentions_;
  const Coreference& coreference_;
  const Frames& frames_;
  const std::string published_;
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

std::vector<IncidentDraft> GroupIncidents(const Page& page, const TokenizedText& text, const Mentions& mentions,
                                          const Coreference& coreference, const Frames& frames,
                                          const std::vector<DateMention>& dates, const std::string& published) {
  return Grouper(page, text, mentions, coreference, frames, dates, published).Run();
}

}  // namespace interdict::pipeline
