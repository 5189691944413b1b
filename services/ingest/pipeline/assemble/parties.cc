#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/pipeline/assemble/facts.h"
#include "services/ingest/pipeline/assemble/party_votes.h"
#include "services/ingest/pipeline/learned/candidates.h"

namespace interdict::pipeline {
namespace {

bool IsTransport(const Participant& p) { return p.kind == v1::PARTY_KIND_VESSEL || p.kind == v1::PARTY_KIND_AIRCRAFT; }

v1::PartyRole Choose(const Participant& p, const Votes& v, double* best) {
  const std::array<std::pair<double, v1::PartyRole>, 5> options = {{{v.source, v1::PARTY_ROLE_SOURCE},
                                                                    {v.authority, v1::PARTY_ROLE_AUTHORITY},
                                                                    {v.suspect, v1::PARTY_ROLE_SUSPECT},
                                                                    {v.solicited, v1::PARTY_ROLE_SOLICITED},
                                                                    {v.beneficiary, v1::PARTY_ROLE_BENEFICIARY}}};
  v1::PartyRole role = v1::PARTY_ROLE_OTHER;
  *best = 0.9;
  for (const auto& [score, option] : options) {
    if (score <= *best) continue;
    *best = score;
    role = option;
  }
  if (p.role_hint == "SOURCE" && role == v1::PARTY_ROLE_SUSPECT) role = v1::PARTY_ROLE_SOURCE;
  return role;
}

std::string FunctionOf(const Participant& p, v1::PartyRole role) {
  if (role == v1::PARTY_ROLE_SUSPECT && p.kind != v1::PARTY_KIND_PERSON && IsTransport(p)) return "CARRIER";
  if (role == v1::PARTY_ROLE_BENEFICIARY && p.function_hint.empty()) return "PRINCIPAL";
  return p.function_hint;
}

}  // namespace

std::string PartyName(const Reading& reading, const Participant& participant) {
  return reading.mentions.all[participant.name_mention].text;
}

namespace {

// The text with its first mention inside the draft, then further ones as evidence; other forms as aliases.
v1::Party MakeParty(const DraftView& view, const Participant& p, v1::PartyRole role, double votes) {
  v1::Party party;
  party.set_name(PartyName(view.reading, p));
  party.set_named(p.named);
  party.set_kind(p.kind);
  party.set_role(role);
  v1::PartyFunction function = v1::PARTY_FUNCTION_UNSPECIFIED;
  if (v1::PartyFunction_Parse(absl::StrCat("PARTY_FUNCTION_", FunctionOf(p, role)), &function))
    party.set_function(function);
  const float confidence = static_cast<float>(std::min(0.95, 0.5 + votes * 0.06));
  const Mention& name = view.reading.mentions.all[p.name_mention];
  Support(&party, view.reading.CiteMention(name), confidence,
          p.named ? v1::DERIVATION_STATED : v1::DERIVATION_INFERRED);
  for (uint32_t index : p.mentions) {
    const Mention& m = view.reading.mentions.all[index];
    if (view.Has(m.sentence)) Support(&party, view.reading.CiteMention(m), confidence, party.derivation());
    if (m.text != party.name() &&
        std::find(party.aliases().begin(), party.aliases().end(), m.text) == party.aliases().end() &&
        party.aliases_size() < 8)
      party.add_aliases(m.text);
    if (!m.codes.empty() && party.nationality_code().empty() && m.codes[0].size() == 2 &&
        absl::ascii_isupper(static_cast<unsigned char>(m.codes[0][0]))) {
      party.set_nationality_code(m.codes[0]);
      Support(&party, view.reading.CiteMention(m), confidence, party.derivation());
    }
    if (!m.position.empty() && (party.position().empty() || m.position.size() > party.position().size()))
      party.set_position(m.position);
    if (!m.posted_to_code.empty() && party.posted_to_code().empty() && p.kind == v1::PARTY_KIND_PERSON)
      party.set_posted_to_code(m.posted_to_code);
    if (m.age_years > 0) party.set_age_years(m.age_years);
  }
  return party;
}

// "ships", "drones": kinds, none that was stopped.
bool IsPlural(const Mention& m) { return m.entry != nullptr && m.text.size() > m.entry->phrase.size(); }

// "a patrol aircraft spotted", "a cutter stopped": what belongs to an authority, or does the stopping.
bool IsStopper(const DraftView& view, const Mention& m) {
  const auto& sentence = view.In(m.sentence);
  for (const TriggerHit& t : sentence.triggers)
    if (t.entry->kind == "patrol" && t.first_token <= m.end_token && t.end_token + 2 >= m.first_token) return true;
  return std::any_of(sentence.mentions.begin(), sentence.mentions.end(), [&](const Mention* p) {
    return p->kind == MentionKind::kParty && p->role_hint == "AUTHORITY" && p->first_token <= m.first_token &&
           m.end_token <= p->end_token;
  });
}

// A boat or aeroplane without a name that was stopped takes part all the same, where no named one does.
void AddUnnamedTransport(const DraftView& view, v1::IncidentFacts* facts) {
  for (const v1::Party& p : facts->parties())
    if (p.kind() == v1::PARTY_KIND_VESSEL || p.kind() == v1::PARTY_KIND_AIRCRAFT) return;
  for (const Mention* m : view.mentions) {
    if (m->kind != MentionKind::kConveyance || (m->conveyance_kind != "VESSEL" && m->conveyance_kind != "AIRCRAFT"))
      continue;
    const auto& frames = view.In(m->sentence).frames;
    const bool stopped = std::any_of(frames.begin(), frames.end(), [&](const Frame* f) {
      return f->trigger.sentence == m->sentence && f->status == v1::ACTION_STATUS_DONE &&
             (f->action == v1::ACTION_TYPE_INTERDICTION || f->action == v1::ACTION_TYPE_SEIZURE);
    });
    if (!stopped || IsPlural(*m) || IsStopper(view, *m)) continue;
    v1::Party party;
    party.set_name(m->text);
    party.set_kind(m->conveyance_kind == "VESSEL" ? v1::PARTY_KIND_VESSEL : v1::PARTY_KIND_AIRCRAFT);
    party.set_role(v1::PARTY_ROLE_SUSPECT);
    party.set_function(v1::PARTY_FUNCTION_CARRIER);
    Support(&party, view.reading.CiteMention(*m), 0.5F, v1::DERIVATION_INFERRED);
    *facts->add_parties() = std::move(party);
    return;
  }
}

// Words after a cue of benefit that no mention covers: "for an armed group", "to a workshop in Isfahan".
void AddDescribedBeneficiaries(const DraftView& view, v1::IncidentFacts* facts) {
  const Reading& r = view.reading;
  for (const TriggerHit& t : r.mentions.triggers) {
    if (!view.Has(t.sentence) || t.entry->kind != "benefit") continue;
    const Sentence& s = r.text.sentences[t.sentence];
    uint32_t first = t.end_token;
    while (first < s.end_token && (r.text.tokens[first].folded == "the" || r.text.tokens[first].folded == "a" ||
                                   r.text.tokens[first].folded == "an" || r.text.tokens[first].folded == "one"))
      ++first;
    uint32_t end = first;
    bool organisation = false;
    bool stopped = false;
    while (end < s.end_token && end - first < 9 && !stopped) {
      const Token& token = r.text.tokens[end];
      stopped = (!token.is_word && !token.is_number && token.folded != "'s" && token.folded != "\u2019s") ||
                token.folded == "and" || token.folded == "who" || token.folded == "which" || token.folded == "that" ||
                token.folded == "but" || token.folded == "with" || token.folded == "by";
      for (const Mention* m : view.In(t.sentence).mentions)
        if (m->kind != MentionKind::kPlace && m->first_token <= end && end < m->end_token) {
          organisation = false;
          stopped = true;
          first = s.end_token;
        }
      if (!stopped) ++end;
    }
    for (const TriggerHit& word : view.In(t.sentence).triggers)
      organisation |= word.entry->kind == "body" && word.first_token >= first && word.end_token <= end;
    if (!organisation || first >= end) continue;
    v1::Party party;
    const v1::Evidence evidence = r.Cite(r.text.tokens[first].begin, r.text.tokens[end - 1].end);
    party.set_name(evidence.quote());
    party.set_kind(v1::PARTY_KIND_ORGANIZATION);
    party.set_role(v1::PARTY_ROLE_BENEFICIARY);
    party.set_function(v1::PARTY_FUNCTION_END_USER);
    Support(&party, evidence, 0.6F, v1::DERIVATION_INFERRED);
    *facts->add_parties() = std::move(party);
  }
}

// "BIS spokesperson X", "X, a spokesman for Y": for whom a source speaks; "on behalf of": for whom a suspect acts.
void FillActingFor(const DraftView& view, v1::IncidentFacts* facts) {
  std::string principal;
  for (const v1::Party& p : facts->parties())
    if (p.role() == v1::PARTY_ROLE_BENEFICIARY && principal.empty()) principal = p.name();
  for (v1::Party& p : *facts->mutable_parties()) {
    if (p.role() == v1::PARTY_ROLE_SUSPECT && p.kind() == v1::PARTY_KIND_PERSON && !principal.empty()) {
      p.set_acting_for(principal);
      principal.clear();
    }
    if (p.role() != v1::PARTY_ROLE_SOURCE || p.position().empty()) continue;
    for (const v1::Party& other : facts->parties())
      if (other.role() == v1::PARTY_ROLE_AUTHORITY && other.kind() == v1::PARTY_KIND_ORGANIZATION)
        for (const v1::Evidence& e : p.evidence()) {
          std::vector<std::string> forms(other.aliases().begin(), other.aliases().end());
          forms.push_back(other.name());
          for (const std::string& form : forms)
            if (e.sentence().find(absl::StrCat(form, " ", p.position())) != std::string::npos)
              p.set_acting_for(other.name());
        }
  }
  (void)view;
}

}  // namespace

namespace {

bool InActionSentence(const DraftView& view, const Participant& p) {
  for (uint32_t index : p.mentions)
    for (const Frame* f : view.In(view.reading.mentions.all[index].sentence).frames)
      if (f->trigger.sentence == view.reading.mentions.all[index].sentence && f->kind == FrameKind::kAction &&
          f->status == v1::ACTION_STATUS_DONE)
        return true;
  return false;
}

// Whether it says something of the incident as the subject of its own sentence.
bool Speaks(const DraftView& view, int index, const Participant& p) {
  for (uint32_t m : p.mentions)
    for (const Frame* f : view.In(view.reading.mentions.all[m].sentence).frames)
      if (f->kind == FrameKind::kSay && f->agent == index && f->trigger.entry->value == "ASSERTS") return true;
  return false;
}

// "the Office", "Court": a head with a capital that names no one by itself.
bool IsBareHead(const DraftView& view, const Participant& p) {
  const Mention& name = view.reading.mentions.all[p.name_mention];
  const std::vector<TriggerHit>& all = view.reading.mentions.triggers;
  auto t = std::lower_bound(all.begin(), all.end(), name.first_token,
                            [](const TriggerHit& hit, uint32_t token) { return hit.first_token < token; });
  for (; t != all.end() && t->first_token == name.first_token; ++t)
    if (t->entry->kind == "bare" && t->end_token == name.end_token) return true;
  return false;
}

bool OnlyInHeadings(const DraftView& view, const Participant& p) {
  for (uint32_t index : p.mentions) {
    const Mention& m = view.reading.mentions.all[index];
    const BlockKind kind = view.reading.page.blocks[view.reading.text.sentences[m.sentence].block].kind;
    if (view.Has(m.sentence) && kind != BlockKind::kTitle && kind != BlockKind::kHeading) return false;
  }
  return true;
}

// A description in the headline or the lead ("A local dealer has been jailed …") that a name takes up behind it.
bool IsTakenUpByName(const DraftView& view, int own, const Participant& p, const std::map<int, Votes>& votes) {
  constexpr uint32_t kReachSentences = 4;
  if (p.named || p.kind != v1::PARTY_KIND_PERSON) return false;
  const Mention& first = view.reading.mentions.all[p.mentions.front()];
  const bool heading = OnlyInHeadings(view, p);
  if (!heading && (p.mentions.size() > 2 || first.definite)) return false;
  const bool plural = first.head.size() > 3 && first.head.back() == 's';
  if (plural && !heading) return false;
  // Participants stand in the order of their first mention.
  for (auto next = votes.upper_bound(own); next != votes.end(); ++next) {
    const Votes& vote = next->second;
    const Participant& other = view.reading.coreference.participants[static_cast<size_t>(next->first)];
    if (view.reading.mentions.all[other.mentions.front()].sentence > first.sentence + kReachSentences) return false;
    if (!other.named || other.kind != p.kind || vote.suspect < 2 || vote.suspect < vote.source) continue;
    const Mention& name = view.reading.mentions.all[other.mentions.front()];
    const bool conflicting = !p.codes.empty() && !other.codes.empty() && p.codes[0] != other.codes[0];
    if (!conflicting && name.sentence > first.sentence && name.sentence <= first.sentence + kReachSentences)
      return true;
  }
  return false;
}

// A class noun that is told apart by age, people or any other word, of which something is told.
bool IsSpecific(const DraftView& view, const Participant& p) {
  return std::any_of(p.mentions.begin(), p.mentions.end(), [&](uint32_t index) {
    const Mention& m = view.reading.mentions.all[index];
    return m.age_years > 0 || !m.codes.empty();
  });
}

// The role that the learned decisions give a candidate, with its probability; none where they know of none. `judged`:
// whether there is such a decision for its kind.
std::optional<v1::PartyRole> DecideRole(const Decisions& decisions, const Participant& p, const Features& features,
                                        float* probability, bool* judged) {
  constexpr std::array<std::pair<v1::PartyRole, const char*>, 3> kRoles = {
      {{v1::PARTY_ROLE_SUSPECT, "suspect"},
       {v1::PARTY_ROLE_AUTHORITY, "authority"},
       {v1::PARTY_ROLE_BENEFICIARY, "beneficiary"}}};
  std::optional<v1::PartyRole> best;
  float best_margin = 0;
  const auto consider = [&](v1::PartyRole role, const char* decision) {
    if (!decisions.Knows(decision)) return;
    *judged = true;
    const float found = decisions.Probability(decision, features);
    const float margin = found - decisions.Threshold(decision);
    if (margin < best_margin || (best && margin == best_margin)) return;
    best = role;
    best_margin = margin;
    *probability = found;
  };
  if (IsTransport(p)) {
    consider(v1::PARTY_ROLE_SUSPECT, "vessel");
    return best;
  }
  for (const auto& [role, decision] : kRoles) consider(role, decision);
  return best;
}

// Whether a role is one that the learned decisions give and take.
bool IsLearnedRole(const Decisions& decisions, v1::PartyRole role) {
  return (role == v1::PARTY_ROLE_SUSPECT && decisions.Knows("suspect")) ||
         (role == v1::PARTY_ROLE_AUTHORITY && decisions.Knows("authority")) ||
         (role == v1::PARTY_ROLE_BENEFICIARY && decisions.Knows("beneficiary"));
}

// A beneficiary by the rules, for whom no decision was learned, takes another part only where that is likelier than
// not: the learned thresholds are chosen for parties that the rules leave open, and lie lower.
bool KeepsRuledRole(const Decisions& decisions, v1::PartyRole ruled, float probability) {
  constexpr float kLikelierThanNot = 0.5F;
  return ruled == v1::PARTY_ROLE_BENEFICIARY && !IsLearnedRole(decisions, ruled) && probability < kLikelierThanNot;
}

// The learned decisions have the last word on who plays which part. A named party without a part stays as OTHER.
void DecideParties(const DraftView& view, v1::IncidentFacts* facts) {
  const Decisions& decisions = view.reading.knowledge.decisions();
  for (const PartyCandidate& c : PartyCandidates(view, *facts)) {
    const Participant& p = view.reading.coreference.participants[static_cast<size_t>(c.participant)];
    float probability = 0;
    bool judged = false;
    const auto role = DecideRole(decisions, p, c.features, &probability, &judged);
    if (!judged) continue;
    auto& parties = *facts->mutable_parties();
    const std::string name = PartyName(view.reading, p);
    const auto ruled =
        std::find_if(parties.begin(), parties.end(), [&](const v1::Party& each) { return each.name() == name; });
    if (role && ruled == parties.end()) {
      *parties.Add() = MakeParty(view, p, *role, 0);
      parties.rbegin()->set_confidence(probability);
    } else if (role) {
      if (KeepsRuledRole(decisions, ruled->role(), probability)) continue;
      ruled->set_role(*role);
      ruled->set_confidence(probability);
    } else if (ruled != parties.end() && IsTransport(p)) {
      parties.erase(ruled);
    } else if (ruled != parties.end() && IsLearnedRole(decisions, ruled->role())) {
      // One that is told by age or origin ("a 36-year-old driver") is somebody: the rules' word stands.
      const bool somebody = ruled->role() == v1::PARTY_ROLE_SUSPECT && IsSpecific(view, p);
      if (p.named)
        ruled->set_role(v1::PARTY_ROLE_OTHER);
      else if (!somebody)
        parties.erase(ruled);
    }
  }
}

bool InEventSentence(const DraftView& view, const Participant& p) {
  for (uint32_t index : p.mentions)
    for (const Frame* f : view.In(view.reading.mentions.all[index].sentence).frames)
      if (f->trigger.sentence == view.reading.mentions.all[index].sentence && f->kind != FrameKind::kSay &&
          f->status == v1::ACTION_STATUS_DONE)
        return true;
  return false;
}

}  // namespace

void BuildParties(const DraftView& view, v1::IncidentFacts* facts) {
  const std::map<int, Votes> votes = CountVotes(view);
  for (const auto& [index, vote] : votes) {
    const Participant& p = view.reading.coreference.participants[static_cast<size_t>(index)];
    if (p.generic && !p.named && vote.beneficiary < 2 && (vote.suspect < 3 || !IsSpecific(view, p))) continue;
    if (IsBareHead(view, p)) continue;
    double best = 0;
    const v1::PartyRole role = Choose(p, vote, &best);
    if (role == v1::PARTY_ROLE_OTHER && !p.named) continue;
    if (role == v1::PARTY_ROLE_SUSPECT && IsTakenUpByName(view, index, p, votes)) continue;
    if (role == v1::PARTY_ROLE_AUTHORITY && best <= (p.kind == v1::PARTY_KIND_ORGANIZATION ? 3.0 : 1.5) &&
        !InActionSentence(view, p) && !(p.kind == v1::PARTY_KIND_ORGANIZATION && p.named && Speaks(view, index, p)))
      continue;
    if (role == v1::PARTY_ROLE_AUTHORITY && !p.named && best <= 3.0) continue;
    if (role == v1::PARTY_ROLE_SUSPECT && best <= 2.0 && !(p.named && IsTransport(p)) && !InEventSentence(view, p))
      continue;
    if (role == v1::PARTY_ROLE_SUSPECT && !p.named && best < 2) continue;
    if (role == v1::PARTY_ROLE_AUTHORITY && !p.named && p.kind == v1::PARTY_KIND_PERSON && best < 2.5) continue;
    if (role == v1::PARTY_ROLE_SOURCE && !p.named) continue;
    constexpr int kMaxParties = 256;
    if (facts->parties_size() >= kMaxParties) break;
    v1::Party party = MakeParty(view, p, role, best);
    if (vote.suspect > 1 && role != v1::PARTY_ROLE_SUSPECT && role != v1::PARTY_ROLE_SOURCE) {
      v1::Alternative* other = party.add_alternatives();
      other->set_value("PARTY_ROLE_SUSPECT");
      other->set_confidence(0.2F);
    }
    *facts->add_parties() = std::move(party);
  }
  AddUnnamedTransport(view, facts);
  AddDescribedBeneficiaries(view, facts);
  DecideParties(view, facts);
  FillActingFor(view, facts);
}

void BuildStandings(const DraftView& view, v1::IncidentFacts* facts) {
  const auto rank = [](v1::ActionType type) {
    switch (type) {
      case v1::ACTION_TYPE_ACQUITTAL:
        return std::make_pair(9, v1::PARTY_STANDING_ACQUITTED);
      case v1::ACTION_TYPE_CONVICTION:
      case v1::ACTION_TYPE_PLEA:
      case v1::ACTION_TYPE_SENTENCE:
        return std::make_pair(8, v1::PARTY_STANDING_CONVICTED);
      case v1::ACTION_TYPE_DISMISSAL:
        return std::make_pair(7, v1::PARTY_STANDING_CLEARED);
      case v1::ACTION_TYPE_DELISTING:
        return std::make_pair(6, v1::PARTY_STANDING_DELISTED);
      case v1::ACTION_TYPE_DESIGNATION:
        return std::make_pair(5, v1::PARTY_STANDING_DESIGNATED);
      case v1::ACTION_TYPE_CHARGE:
        return std::make_pair(4, v1::PARTY_STANDING_CHARGED);
      default:
        return std::make_pair(1, v1::PARTY_STANDING_SUSPECTED);
    }
  };
  for (v1::Party& party : *facts->mutable_parties()) {
    if (party.role() != v1::PARTY_ROLE_SUSPECT) {
      party.set_standing(v1::PARTY_STANDING_MENTIONED);
      continue;
    }
    int best = 0;
    party.set_standing(v1::PARTY_STANDING_SUSPECTED);
    for (const v1::Action& a : facts->actions()) {
      if (a.status() != v1::ACTION_STATUS_DONE || a.target() != party.name()) continue;
      const auto [order, standing] = rank(a.type());
      if (order <= best) continue;
      best = order;
      party.set_standing(standing);
      party.set_standing_date(a.date());
    }
  }
  (void)view;
}

}  // namespace interdict::pipeline
