#include "services/ingest/pipeline/assemble/party_votes.h"

#include <algorithm>

namespace interdict::pipeline {
namespace {

class RoleVoter {
 public:
  explicit RoleVoter(const DraftView& view) : view_(view), all_(view.reading.coreference.participants) {}

  std::map<int, Votes> Run() {
    for (const Mention* m : view_.mentions)
      if (m->kind == MentionKind::kParty) Prior(view_.ParticipantIndex(*m));
    for (const Frame* f : view_.frames) Count(*f);
    for (const Frame* f : view_.frames) ShareAlongList(*f);
    for (const TriggerHit& t : view_.reading.mentions.triggers)
      if (view_.Has(t.sentence) && t.entry->kind == "benefit") CountBenefit(t);
    return std::move(votes_);
  }

 private:
  void Prior(int index) {
    if (index < 0 || votes_.count(index)) return;
    const Participant& p = all_[static_cast<size_t>(index)];
    Votes& v = votes_[index];
    if (p.role_hint == "AUTHORITY") v.authority += p.kind == v1::PARTY_KIND_ORGANIZATION ? 3 : 1.5;
    if (p.role_hint == "SOURCE") v.source += 3;
    if (p.role_hint == "OFFICIAL") v.source += 1.2;
    if (p.role_hint == "SUSPECT") v.suspect += 0.8;
    if (p.role_hint == "COMPANY") v.suspect += 2;
    if ((p.kind == v1::PARTY_KIND_VESSEL || p.kind == v1::PARTY_KIND_AIRCRAFT)) v.suspect += 2;
    for (uint32_t m : p.mentions)
      if (view_.reading.mentions.all[m].age_years > 0) {
        v.suspect += 2;
        break;
      }
  }

  bool IsSourceOnly(int index) const {
    const Participant& p = all_[static_cast<size_t>(index)];
    return p.role_hint == "SOURCE";
  }
  bool IsAuthority(int index) const { return all_[static_cast<size_t>(index)].role_hint == "AUTHORITY"; }

  void Count(const Frame& f) {
    const std::string& value = f.trigger.entry->value;
    if (f.kind == FrameKind::kAction) {
      if (f.agent >= 0 && IsAuthority(f.agent)) votes_[f.agent].authority += 1.5;
      const bool on_person = f.action != v1::ACTION_TYPE_SEIZURE && f.action != v1::ACTION_TYPE_INVESTIGATION;
      int target = f.patient;
      if (f.action == v1::ACTION_TYPE_PLEA && target < 0) target = f.agent;
      if (target >= 0 && !IsAuthority(target) && !IsSourceOnly(target)) votes_[target].suspect += on_person ? 3 : 1;
      if (f.agent >= 0 && !IsAuthority(f.agent) && !IsSourceOnly(f.agent) && on_person && f.by_verb && f.patient < 0)
        votes_[f.agent].suspect += 1.5;
    } else if (f.kind == FrameKind::kAct && f.by_verb) {
      if (f.agent >= 0 && !IsAuthority(f.agent) && !IsSourceOnly(f.agent)) votes_[f.agent].suspect += 2;
      if (value == "SOLICIT" && f.patient >= 0 && !IsAuthority(f.patient)) votes_[f.patient].solicited += 4;
    } else if (f.kind == FrameKind::kSay) {
      if (f.agent >= 0 && value == "ASSERTS") votes_[f.agent].source += 1;
    }
  }

  // Whether the words between two mentions only add a further name to a list: commas, "and", ages and appositions.
  bool OnlyLists(const Mention& a, const Mention& b, const Frame& f) const {
    constexpr uint32_t kReachTokens = 12;
    const TokenizedText& text = view_.reading.text;
    if (b.first_token <= a.end_token || b.first_token - a.end_token > kReachTokens) return false;
    bool link = false;
    for (uint32_t t = a.end_token; t < b.first_token; ++t) {
      const std::string& w = text.tokens[t].folded;
      link |= w == "and" || w == ",";
      if (w == ";" || w == ":" || w == "who" || w == "which" || w == "that" || w == "with" || w == "by" || w == "to" ||
          w == "from" || w == "for" || w == "against" || w == "said" || w == "was" || w == "were" || w == "had" ||
          w == "is" || w == "are" || w == "has" || w == "on" || w == "at" || w == "\"" || w == "\u201c")
        return false;
    }
    for (const Frame* other : view_.In(f.trigger.sentence).frames)
      if (other->by_verb && other->trigger.first_token >= a.end_token && other->trigger.first_token < b.first_token)
        return false;
    return link;
  }

  // "A, 47, of Gdynia, B and C were charged": what is told of the nearest is told of all.
  void ShareAlongList(const Frame& f) {
    if (f.kind != FrameKind::kAction && f.kind != FrameKind::kAct) return;
    // What has so many is a table or no prose, and would cost its square.
    constexpr size_t kMaxMentions = 400;
    if (view_.In(f.trigger.sentence).mentions.size() > kMaxMentions) return;
    std::vector<const Mention*> parties;
    for (const Mention* m : view_.In(f.trigger.sentence).mentions)
      if (m->kind == MentionKind::kParty && view_.ParticipantIndex(*m) >= 0) parties.push_back(m);
    for (const int anchor : {f.agent, f.patient}) {
      if (anchor < 0 || IsSourceOnly(anchor)) continue;
      const Votes given = votes_[anchor];
      const bool authority = IsAuthority(anchor);
      if (!authority && given.suspect < 2) continue;
      for (const int step : {-1, 1}) {
        for (size_t i = 0; i < parties.size(); ++i) {
          if (view_.ParticipantIndex(*parties[i]) != anchor) continue;
          for (size_t at = i + static_cast<size_t>(step); at < parties.size(); at += static_cast<size_t>(step)) {
            const Mention& left = *parties[step < 0 ? at : at - 1];
            const Mention& right = *parties[step < 0 ? at + 1 : at];
            const int index = view_.ParticipantIndex(*parties[at]);
            if (!OnlyLists(left, right, f) || IsAuthority(index) != authority || IsSourceOnly(index)) break;
            Votes& v = votes_[index];
            if (authority)
              v.authority = std::max(v.authority, given.authority);
            else
              v.suspect = std::max(v.suspect, given.suspect);
          }
        }
      }
    }
  }

  // "on behalf of A, B and C": the parties behind the cue up to the end of the list.
  void CountBenefit(const TriggerHit& t) {
    constexpr uint32_t kReachTokens = 7;
    const TokenizedText& text = view_.reading.text;
    uint32_t from = t.end_token;
    for (const Mention* m : view_.In(t.sentence).mentions) {
      if (m->kind != MentionKind::kParty || m->first_token < from) continue;
      if (m->first_token > from + kReachTokens) return;
      for (uint32_t i = from; i < m->first_token; ++i) {
        const std::string& w = text.tokens[i].folded;
        if (w == "who" || w == "which" || w == "said" || w == "\u2014" || w == "was" || w == "were" || w == "is" ||
            w == ";" || w == "by" || w == "from" || w == "in")
          return;
      }
      from = m->end_token;
      // "to the army's depot": the depot is meant.
      const std::string next = from < text.tokens.size() ? text.tokens[from].folded : "";
      if (next == "'s" || next == "\u2019s") continue;
      const int p = view_.ParticipantIndex(*m);
      if (p < 0 || IsSourceOnly(p)) continue;
      if (m->generic && !m->named && m->end_token - m->first_token == 1) continue;
      // A service may be the customer; a prosecutor, or "the army" by itself, is not.
      if (IsAuthority(p) && (!m->named || m->function_hint == "PROSECUTOR" || m->function_hint == "COURT")) continue;
      votes_[p].beneficiary += 4.5;
    }
  }

  const DraftView& view_;
  const std::vector<Participant>& all_;
  std::map<int, Votes> votes_;
};

}  // namespace

std::map<int, Votes> CountVotes(const DraftView& view) { return RoleVoter(view).Run(); }

}  // namespace interdict::pipeline
