// Which offence: from the goods that the incident is about, from words that name an offence, and from the law and the
// state that the goods were bound for.
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/pipeline/assemble/facts.h"

namespace interdict::pipeline {
namespace {

struct Vote {
  double score = 0;
  std::vector<v1::Evidence> evidence;
};

constexpr char kSanctions[] = "SANCTIONS_EVASION";

bool IsSanctionsLaw(const Knowledge& knowledge, const std::string& instrument) {
  if (absl::StrContains(instrument, "anction")) return true;
  for (const Entry* e : knowledge.embargoes())
    if (e->value == instrument) return true;
  return false;
}

bool IsUnderEmbargo(const Knowledge& knowledge, const std::string& country) {
  for (const Entry* e : knowledge.embargoes())
    for (const std::string& code : e->codes)
      if (code == country) return true;
  return false;
}

std::map<std::string, Vote> CountVotes(const DraftView& view) {
  std::map<std::string, Vote> votes;
  int best = 0;
  for (const Mention* m : view.mentions)
    if (m->kind == MentionKind::kGoods) best = std::max(best, TellingOfGoods(view, *m));
  for (const Mention* m : view.mentions) {
    if (m->kind != MentionKind::kGoods || m->offence.empty()) continue;
    const int telling = TellingOfGoods(view, *m);
    if (telling == 0) continue;
    Vote& vote = votes[IsCounterfeit(view, *m) ? "COUNTERFEIT_GOODS" : m->offence];
    vote.score += (telling == best ? 1 : 0.3) * (m->offence == "OTHER_SMUGGLING" ? 0.5 : 1);
    vote.evidence.push_back(view.reading.CiteMention(*m));
  }
  for (const TriggerHit& t : view.reading.mentions.triggers) {
    if (!view.Has(t.sentence) || t.entry->kind != "offence") continue;
    Vote& vote = votes[t.entry->value];
    vote.score += 1.5;
    vote.evidence.push_back(view.reading.CiteTrigger(t));
  }
  return votes;
}

// Where the text speaks of sanctions, and how plainly this trade broke them: a law of sanctions counts double.
Vote CountSanctions(const DraftView& view, const v1::IncidentFacts& facts) {
  Vote vote;
  for (const TriggerHit& t : view.reading.mentions.triggers) {
    if (!view.Has(t.sentence) || t.entry->kind != "sanction") continue;
    vote.score += 1;
    vote.evidence.push_back(view.reading.CiteTrigger(t));
  }
  for (const v1::LegalBasis& basis : facts.legal_basis()) {
    if (!IsSanctionsLaw(view.reading.knowledge, basis.instrument())) continue;
    vote.score += 2;
    vote.evidence.push_back(basis.evidence(0));
  }
  for (const v1::Place& place : facts.places()) {
    if (place.role() != v1::PLACE_ROLE_DESTINATION || !IsUnderEmbargo(view.reading.knowledge, place.country_code()))
      continue;
    vote.score += vote.score > 0 ? 1.5 : 0.5;
    vote.evidence.push_back(place.evidence(0));
  }
  return vote;
}

// How much talk of sanctions makes a trade an evasion of them, by what was traded: controlled goods are often traded
// against no sanctions, goods of daily life are offended with hardly otherwise.
double SanctionsNeeded(const std::string& offence) {
  if (offence.empty() || offence == "OTHER_SMUGGLING") return 1;
  if (offence == "EXCISE_SMUGGLING" || offence == "PROLIFERATION") return 1.5;
  return 1e9;  // arms, drugs, wildlife: an offence of its own, whatever else it breaks
}

void AddOffence(const std::string& name, const Vote& vote, v1::IncidentFacts* facts) {
  v1::Offence value = v1::OFFENCE_UNSPECIFIED;
  if (!v1::Offence_Parse(absl::StrCat("OFFENCE_", name), &value)) return;
  v1::OffenceFact* fact = facts->add_offences();
  fact->set_offence(value);
  for (const v1::Evidence& e : vote.evidence) Support(fact, e, 0.75F, v1::DERIVATION_INFERRED);
}

}  // namespace

void BuildOffences(const DraftView& view, v1::IncidentFacts* facts) {
  const std::map<std::string, Vote> votes = CountVotes(view);
  std::string best;
  for (const auto& [offence, vote] : votes)
    if (best.empty() || vote.score > votes.at(best).score) best = offence;
  const Vote sanctions = CountSanctions(view, *facts);
  const bool evasion = sanctions.score >= SanctionsNeeded(best);
  // Fuel, coal, luxury or anything else that only sanctions forbid.
  const bool only_sanctions = evasion && (best == "OTHER_SMUGGLING" || best == "EXCISE_SMUGGLING");
  if (!best.empty() && !only_sanctions && best != kSanctions) AddOffence(best, votes.at(best), facts);
  if (evasion) AddOffence(kSanctions, sanctions, facts);
}

}  // namespace interdict::pipeline
