#include "services/ingest/pipeline/attribution/attribution.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"

namespace interdict::pipeline {
namespace {

v1::Stance StanceOf(const std::string& value) {
  if (value == "CONFIRMS") return v1::STANCE_CONFIRMS;
  if (value == "PARTIALLY_CONFIRMS") return v1::STANCE_PARTIALLY_CONFIRMS;
  if (value == "DENIES") return v1::STANCE_DENIES;
  if (value == "NEITHER") return v1::STANCE_NEITHER_CONFIRMS_NOR_DENIES;
  if (value == "COULD_NOT_VERIFY") return v1::STANCE_COULD_NOT_VERIFY;
  return v1::STANCE_ASSERTS;
}

// Paths of the facts that have evidence inside the byte span.
template <typename Facts>
void CollectPaths(const Facts& facts, const char* field, uint32_t begin, uint32_t end, v1::Claim* claim) {
  for (int i = 0; i < facts.size(); ++i)
    for (const v1::Evidence& e : facts[i].evidence())
      if (e.begin_byte() >= begin && e.end_byte() <= end) {
        claim->add_paths(absl::StrCat(field, "[", i, "]"));
        break;
      }
}

void FillPaths(const v1::IncidentFacts& facts, uint32_t begin, uint32_t end, v1::Claim* claim) {
  CollectPaths(facts.offences(), "offences", begin, end, claim);
  for (const v1::FieldEvidence& f : facts.field_evidence())
    if (f.path() == "stage")
      for (const v1::Evidence& e : f.evidence())
        if (e.begin_byte() >= begin && e.end_byte() <= end) claim->add_paths("stage");
  CollectPaths(facts.actions(), "actions", begin, end, claim);
  CollectPaths(facts.places(), "places", begin, end, claim);
  CollectPaths(facts.goods(), "goods", begin, end, claim);
}

class ClaimFinder {
 public:
  ClaimFinder(const DraftView& view, v1::IncidentFacts* facts) : view_(view), r_(view.reading), facts_(facts) {}

  void Run() {
    for (const Frame* f : view_.frames) {
      if (f->kind != FrameKind::kSay) continue;
      const v1::Stance stance = StanceOf(f->trigger.entry->value);
      if (stance == v1::STANCE_CONFIRMS && Weakened(*f)) continue;
      const Participant* who = Speaker(*f, stance);
      if (who == nullptr) continue;
      if (stance == v1::STANCE_ASSERTS && !Speaks(*who)) continue;
      Add(*f, stance, *who);
    }
  }

 private:
  // "could not confirm" is met by a longer phrase; a bare negated or conditional "confirm" is no confirmation.
  bool Weakened(const Frame& f) const {
    const Sentence& s = r_.text.sentences[f.trigger.sentence];
    for (uint32_t t = f.trigger.first_token; t > s.first_token && f.trigger.first_token - t < 3;) {
      --t;
      const std::string& w = r_.text.tokens[t].folded;
      if (w == "not" || w == "or" || w == "nor" || w == "cannot" || w == "to") return true;
    }
    return false;
  }

  // The party that speaks: the nearest before the verb in its sentence, else behind it ("…," said X), else that of the
  // sentence before (a quote that goes on).
  bool Speaks(const Participant& p) const {
    for (const v1::Party& party : facts_->parties())
      if (party.name() == PartyName(r_, p))
        return party.role() == v1::PARTY_ROLE_SOURCE || party.role() == v1::PARTY_ROLE_AUTHORITY;
    return p.role_hint == "SOURCE" || p.role_hint == "AUTHORITY";
  }

  const Participant* Speaker(const Frame& f, v1::Stance stance) const {
    const Participant* best = nullptr;
    uint32_t best_distance = 40;
    for (const Mention* m : view_.In(f.trigger.sentence).mentions) {
      if (m->kind != MentionKind::kParty || m->sentence != f.trigger.sentence) continue;
      const Participant* p = view_.ParticipantOf(*m);
      if (p == nullptr || (!p->named && p->generic)) continue;
      const bool before = m->end_token <= f.trigger.first_token;
      uint32_t distance = before ? f.trigger.first_token - m->end_token
                                 : (m->first_token - std::min(m->first_token, f.trigger.end_token)) + 6;
      if (p->role_hint == "SOURCE" || p->role_hint == "AUTHORITY") distance /= 2;
      const bool official = stance == v1::STANCE_CONFIRMS || stance == v1::STANCE_PARTIALLY_CONFIRMS ||
                            stance == v1::STANCE_NEITHER_CONFIRMS_NOR_DENIES;
      if (official && p->role_hint == "AUTHORITY") distance /= 3;  // who has something to confirm
      if (distance < best_distance) {
        best = p;
        best_distance = distance;
      }
    }
    if (best != nullptr) return best;
    const Sentence& s = r_.text.sentences[f.trigger.sentence];
    if (f.trigger.sentence == 0) return nullptr;
    const auto& before = view_.In(f.trigger.sentence - 1).mentions;
    for (auto m = before.rbegin(); m != before.rend(); ++m) {
      if ((*m)->kind != MentionKind::kParty || (*m)->sentence + 1 != f.trigger.sentence ||
          r_.text.sentences[(*m)->sentence].block != s.block)
        continue;
      const Participant* p = view_.ParticipantOf(**m);
      if (p != nullptr && (p->role_hint == "SOURCE" || p->role_hint == "AUTHORITY")) return p;
    }
    return nullptr;
  }

  void Add(const Frame& f, v1::Stance stance, const Participant& who) {
    const std::string name = PartyName(r_, who);
    v1::Claim* claim = nullptr;
    for (v1::Claim& c : *facts_->mutable_claims())
      if (c.claimant() == name && c.stance() == stance) claim = &c;
    if (claim == nullptr) {
      if (facts_->claims_size() >= 16) return;
      claim = facts_->add_claims();
      claim->set_claimant(name);
      claim->set_stance(stance);
    }
    const v1::Evidence sentence = r_.CiteSentence(f.trigger.sentence);
    Support(claim, sentence, 0.7F, v1::DERIVATION_INFERRED);
    if (stance != v1::STANCE_NEITHER_CONFIRMS_NOR_DENIES && stance != v1::STANCE_COULD_NOT_VERIFY) {
      v1::Claim paths;
      FillPaths(*facts_, sentence.begin_byte(), sentence.end_byte(), &paths);
      AddToldOffence(f.trigger.sentence, &paths);
      for (const std::string& path : paths.paths())
        if (std::find(claim->paths().begin(), claim->paths().end(), path) == claim->paths().end())
          claim->add_paths(path);
    }
  }

  // The offence and the stage, where the sentence speaks of them in words that the facts do not cite.
  void AddToldOffence(uint32_t sentence, v1::Claim* claim) const {
    const auto add = [&](const std::string& path) {
      if (std::find(claim->paths().begin(), claim->paths().end(), path) == claim->paths().end()) claim->add_paths(path);
    };
    for (int i = 0; i < facts_->offences_size(); ++i) {
      const std::string name = v1::Offence_Name(facts_->offences(i).offence()).substr(8);  // behind OFFENCE_
      for (const Mention* m : view_.In(sentence).mentions)
        if (m->sentence == sentence && m->kind == MentionKind::kGoods && m->offence == name)
          add(absl::StrCat("offences[", i, "]"));
      for (const TriggerHit& t : view_.In(sentence).triggers)
        if (t.sentence == sentence && t.entry->kind == "offence" && t.entry->value == name)
          add(absl::StrCat("offences[", i, "]"));
    }
    for (const Frame* f : view_.In(sentence).frames)
      if (f->trigger.sentence == sentence && f->kind == FrameKind::kStage && f->status == v1::ACTION_STATUS_DONE &&
          v1::Stage_Name(facts_->stage()) == absl::StrCat("STAGE_", f->trigger.entry->value))
        add("stage");
  }

  const DraftView& view_;
  const Reading& r_;
  v1::IncidentFacts* facts_;
};

// A claim that has no speaker in the text: the document's own word for its first sentence.
void AddPublisherClaim(const DraftView& view, v1::IncidentFacts* facts) {
  if (facts->claims_size() > 0) return;
  v1::Claim* claim = facts->add_claims();
  claim->set_claimant(view.reading.page.publisher.empty() ? "the document" : view.reading.page.publisher);
  claim->set_stance(v1::STANCE_ASSERTS);
  Support(claim, view.reading.CiteSentence(view.draft.sentences[0]), 0.6F, v1::DERIVATION_INFERRED);
}

bool IsAuthority(const v1::IncidentFacts& facts, const std::string& name) {
  for (const v1::Party& p : facts.parties())
    if (p.name() == name)
      return p.role() == v1::PARTY_ROLE_AUTHORITY || p.function() == v1::PARTY_FUNCTION_SPOKESPERSON;
  return false;
}

}  // namespace

void BuildClaims(const DraftView& view, v1::IncidentFacts* facts) {
  ClaimFinder(view, facts).Run();
  // A confirmation beside a refusal to speak of the details is one of a part.
  const v1::IncidentFacts before = *facts;
  facts->clear_claims();
  for (v1::Claim c : before.claims()) {
    if (c.stance() == v1::STANCE_CONFIRMS && IsAuthority(before, c.claimant()))
      for (const v1::Claim& other : before.claims())
        if (other.stance() == v1::STANCE_NEITHER_CONFIRMS_NOR_DENIES && IsAuthority(before, other.claimant()))
          c.set_stance(v1::STANCE_PARTIALLY_CONFIRMS);
    v1::Claim* same = nullptr;
    for (v1::Claim& known : *facts->mutable_claims())
      if (known.claimant() == c.claimant() && known.stance() == c.stance()) same = &known;
    if (same == nullptr) {
      *facts->add_claims() = c;
      continue;
    }
    for (const std::string& path : c.paths())
      if (std::find(same->paths().begin(), same->paths().end(), path) == same->paths().end()) same->add_paths(path);
    for (const v1::Evidence& e : c.evidence()) Support(same, e, same->confidence(), same->derivation());
  }
  AddPublisherClaim(view, facts);
}

void BuildVerification(const DraftView& view, v1::IncidentFacts* facts) {
  const v1::Claim* denial = nullptr;
  const v1::Claim* part = nullptr;
  const v1::Claim* unverified = nullptr;
  std::set<std::string> claimants;
  for (const v1::Claim& c : facts->claims()) {
    claimants.insert(c.claimant());
    if (c.stance() == v1::STANCE_DENIES && denial == nullptr) denial = &c;
    if (c.stance() == v1::STANCE_PARTIALLY_CONFIRMS && part == nullptr) part = &c;
    if (c.stance() == v1::STANCE_COULD_NOT_VERIFY && unverified == nullptr) unverified = &c;
  }
  const v1::Action* court = nullptr;
  const v1::Action* response = nullptr;
  for (const v1::Action& a : facts->actions()) {
    if (a.status() != v1::ACTION_STATUS_DONE) continue;
    const bool found = a.type() == v1::ACTION_TYPE_CONVICTION || a.type() == v1::ACTION_TYPE_SENTENCE ||
                       a.type() == v1::ACTION_TYPE_PLEA || a.type() == v1::ACTION_TYPE_PENALTY;
    if (found && court == nullptr) court = &a;
    const bool acted = a.type() == v1::ACTION_TYPE_SEIZURE || a.type() == v1::ACTION_TYPE_INTERDICTION ||
                       a.type() == v1::ACTION_TYPE_EXPULSION || a.type() == v1::ACTION_TYPE_DESIGNATION;
    if (acted && response == nullptr) response = &a;
  }
  v1::Verification* v = facts->mutable_verification();
  const auto set = [&](v1::VerificationStatus status, const v1::Evidence& evidence) {
    v->set_status(status);
    Support(v, evidence, 0.7F, v1::DERIVATION_INFERRED);
  };
  if (court != nullptr) {
    set(v1::VERIFICATION_STATUS_CONFIRMED, court->evidence(0));
  } else if (part != nullptr) {
    set(v1::VERIFICATION_STATUS_PARTIALLY_CONFIRMED, part->evidence(0));
  } else if (denial != nullptr) {
    set(v1::VERIFICATION_STATUS_DISPUTED, denial->evidence(0));
  } else if (unverified != nullptr && response == nullptr) {
    set(v1::VERIFICATION_STATUS_UNVERIFIED, unverified->evidence(0));
  } else if (response != nullptr) {
    set(v1::VERIFICATION_STATUS_CONFIRMED, response->evidence(0));
  } else {
    set(v1::VERIFICATION_STATUS_ALLEGED, facts->claims(0).evidence(0));
  }
  v->set_independent_sources(static_cast<uint32_t>(std::max<size_t>(1, std::min<size_t>(claimants.size(), 3))));
  v->set_reliability(v1::RELIABILITY_F);
  const bool confirmed = v->status() == v1::VERIFICATION_STATUS_CONFIRMED;
  v->set_credibility(confirmed               ? v1::CREDIBILITY_1
                     : part != nullptr       ? v1::CREDIBILITY_2
                     : denial != nullptr     ? v1::CREDIBILITY_4
                     : unverified != nullptr ? v1::CREDIBILITY_6
                                             : v1::CREDIBILITY_3);
  (void)view;
}

std::vector<std::string> AttributionChain(const Reading& reading) {
  std::vector<std::string> verifying;  // speak of the report as their own work
  std::vector<std::string> cited;
  std::set<uint32_t> unverified;  // sentences that could not verify
  for (const TriggerHit& t : reading.mentions.triggers)
    if (t.entry->value == "COULD_NOT_VERIFY") unverified.insert(t.sentence);
  for (const Mention& m : reading.mentions.all) {
    if (m.kind != MentionKind::kParty || m.function_hint != "OUTLET" || m.text == reading.page.publisher) continue;
    const bool own = unverified.count(m.sentence) > 0;
    std::vector<std::string>& list = own ? verifying : cited;
    if (std::find(list.begin(), list.end(), m.text) == list.end()) list.push_back(m.text);
  }
  std::vector<std::string> chain = verifying;
  for (const std::string& name : cited)
    if (std::find(chain.begin(), chain.end(), name) == chain.end()) chain.push_back(name);
  return chain;
}

}  // namespace interdict::pipeline
