#include "services/index/fold/merge_verification.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace interdict::index {
namespace {

using v1::Action;
using v1::Claim;
using v1::Party;
using v1::Verification;
using v1::VerificationStatus;

// Who a claimant is, in the report of the claim.
const Party* ClaimantOf(const v1::IncidentFacts& facts, const Claim& claim) {
  const auto is_claimant = [&](const Party& party) {
    return party.name() == claim.claimant() ||
           std::find(party.aliases().begin(), party.aliases().end(), claim.claimant()) != party.aliases().end();
  };
  const auto found = std::find_if(facts.parties().begin(), facts.parties().end(), is_claimant);
  return found == facts.parties().end() ? nullptr : &*found;
}

bool IsAuthority(const Party* party) { return party != nullptr && party->role() == v1::PARTY_ROLE_AUTHORITY; }

bool HasKnowledge(const Party* party) {
  if (party == nullptr) return false;
  switch (party->role()) {
    case v1::PARTY_ROLE_AUTHORITY:
    case v1::PARTY_ROLE_SUSPECT:
    case v1::PARTY_ROLE_BENEFICIARY:
    case v1::PARTY_ROLE_SOLICITED:
      return true;
    default:
      return party->function() == v1::PARTY_FUNCTION_SPOKESPERSON;
  }
}

// What one report says of how firmly it stands.
struct Stand {
  VerificationStatus status = v1::VERIFICATION_STATUS_UNSPECIFIED;
  EvidenceList evidence;         // of its status
  EvidenceList confirms;         // of authorities
  EvidenceList confirms_a_part;  // of authorities
  EvidenceList denied_by_authority;
  EvidenceList denied;  // with knowledge
  EvidenceList asserted;
};

VerificationStatus StatusOfClaims(const Stand& stand, const v1::IncidentFacts& facts) {
  if (!stand.confirms.empty()) return v1::VERIFICATION_STATUS_CONFIRMED;
  if (!stand.confirms_a_part.empty()) return v1::VERIFICATION_STATUS_PARTIALLY_CONFIRMED;
  if (!stand.denied.empty()) return v1::VERIFICATION_STATUS_DISPUTED;
  bool asserted = false;
  for (const Claim& claim : facts.claims()) asserted = asserted || claim.stance() != v1::STANCE_COULD_NOT_VERIFY;
  if (asserted) return v1::VERIFICATION_STATUS_ALLEGED;
  return facts.claims().empty() ? v1::VERIFICATION_STATUS_UNSPECIFIED : v1::VERIFICATION_STATUS_UNVERIFIED;
}

Stand StandOf(const v1::IncidentFacts& facts) {
  Stand stand;
  for (const Claim& claim : facts.claims()) {
    const Party* claimant = ClaimantOf(facts, claim);
    if (claim.stance() == v1::STANCE_CONFIRMS && IsAuthority(claimant)) AddEvidence(claim.evidence(), &stand.confirms);
    if (claim.stance() == v1::STANCE_PARTIALLY_CONFIRMS && IsAuthority(claimant)) {
      AddEvidence(claim.evidence(), &stand.confirms_a_part);
    }
    if (claim.stance() == v1::STANCE_DENIES && HasKnowledge(claimant)) {
      AddEvidence(claim.evidence(), &stand.denied);
      if (IsAuthority(claimant)) AddEvidence(claim.evidence(), &stand.denied_by_authority);
    }
    if (claim.stance() == v1::STANCE_ASSERTS) AddEvidence(claim.evidence(), &stand.asserted);
  }
  stand.status = facts.verification().status();
  stand.evidence = facts.verification().evidence();
  if (stand.status == v1::VERIFICATION_STATUS_UNSPECIFIED) stand.status = StatusOfClaims(stand, facts);
  return stand;
}

bool IsFinding(const Action& action) {
  return action.status() == v1::ACTION_STATUS_DONE &&
         (action.type() == v1::ACTION_TYPE_PLEA || action.type() == v1::ACTION_TYPE_CONVICTION ||
          action.type() == v1::ACTION_TYPE_SENTENCE);
}

bool IsUndoing(const Action& action) {
  return action.status() == v1::ACTION_STATUS_DONE &&
         (action.type() == v1::ACTION_TYPE_ACQUITTAL || action.type() == v1::ACTION_TYPE_OVERTURNED);
}

// A court's finding of guilt that stands; nullptr: none. `actions` in order of time.
const Action* StandingFinding(const google::protobuf::RepeatedPtrField<Action>& actions) {
  for (int i = 0; i < actions.size(); ++i) {
    if (!IsFinding(actions[i])) continue;
    bool undone = false;
    for (int k = i + 1; k < actions.size() && !undone; ++k) {
      const std::string& target = actions[k].target();
      undone =
          IsUndoing(actions[k]) && (target.empty() || actions[i].target().empty() || target == actions[i].target());
    }
    if (!undone) return &actions[i];
  }
  return nullptr;
}

// The status, and the spans that decided.
struct Decided {
  VerificationStatus status = v1::VERIFICATION_STATUS_UNSPECIFIED;
  EvidenceList evidence;
};

class Verifier {
 public:
  Verifier(const Tellings& tellings, const v1::IncidentFacts& merged) : merged_(merged) {
    for (const Telling& telling : tellings) stands_.push_back(StandOf(*telling.facts));
  }

  Decided Decide() const {
    if (const Action* finding = StandingFinding(merged_.actions())) {
      Decided decided = WithEvidence(v1::VERIFICATION_STATUS_CONFIRMED, &Stand::confirms);
      AddEvidence(finding->evidence(), &decided.evidence);
      return decided;
    }
    for (const auto& [status, claims] :
         {std::make_pair(v1::VERIFICATION_STATUS_CONFIRMED, &Stand::confirms),
          std::make_pair(v1::VERIFICATION_STATUS_PARTIALLY_CONFIRMED, &Stand::confirms_a_part)}) {
      if (!Holds(status, claims)) continue;
      if (IsDeniedElsewhere(status, claims)) {
        return WithEvidence(v1::VERIFICATION_STATUS_DISPUTED, &Stand::denied_by_authority);
      }
      return WithEvidence(status, claims);
    }
    if (Holds(v1::VERIFICATION_STATUS_DISPUTED, &Stand::denied) || IsAcquitted()) {
      Decided decided = WithEvidence(v1::VERIFICATION_STATUS_DISPUTED, &Stand::denied);
      for (const Action& action : merged_.actions()) {
        if (IsUndoing(action)) AddEvidence(action.evidence(), &decided.evidence);
      }
      return decided;
    }
    if (Holds(v1::VERIFICATION_STATUS_ALLEGED, &Stand::asserted)) {
      return WithEvidence(v1::VERIFICATION_STATUS_ALLEGED, &Stand::asserted);
    }
    if (Holds(v1::VERIFICATION_STATUS_UNVERIFIED, nullptr)) {
      return WithEvidence(v1::VERIFICATION_STATUS_UNVERIFIED, nullptr);
    }
    return {};
  }

  const std::vector<Stand>& stands() const { return stands_; }

 private:
  using Claims = EvidenceList Stand::*;

  static bool Says(const Stand& stand, VerificationStatus status, Claims claims) {
    return stand.status == status || (claims != nullptr && !(stand.*claims).empty());
  }

  bool Holds(VerificationStatus status, Claims claims) const {
    return std::any_of(stands_.begin(), stands_.end(), [&](const Stand& stand) { return Says(stand, status, claims); });
  }

  // Whether an authority denies it in a report that does not itself weigh that against a confirmation.
  bool IsDeniedElsewhere(VerificationStatus status, Claims claims) const {
    return std::any_of(stands_.begin(), stands_.end(), [&](const Stand& stand) {
      return !stand.denied_by_authority.empty() && !Says(stand, status, claims);
    });
  }

  bool IsAcquitted() const { return std::any_of(merged_.actions().begin(), merged_.actions().end(), IsUndoing); }

  // The spans of the reports with that status, else those of the claims.
  Decided WithEvidence(VerificationStatus status, Claims claims) const {
    Decided decided{status, {}};
    for (const Stand& stand : stands_) {
      if (stand.status == status) AddEvidence(stand.evidence, &decided.evidence);
    }
    for (const Stand& stand : stands_) {
      if (claims != nullptr && (stand.status != status || decided.evidence.empty())) {
        AddEvidence(stand.*claims, &decided.evidence);
      }
    }
    return decided;
  }

  const v1::IncidentFacts& merged_;
  std::vector<Stand> stands_;
};

v1::Reliability ReliabilityOf(const Tellings& tellings) {
  int best = v1::RELIABILITY_F;
  for (const Telling& telling : tellings) best = std::min(best, telling.grade);
  return static_cast<v1::Reliability>(best);
}

v1::Credibility CredibilityOf(VerificationStatus status, uint32_t origins, v1::Reliability reliability) {
  int grade = v1::CREDIBILITY_6;
  switch (status) {
    case v1::VERIFICATION_STATUS_CONFIRMED:
      grade = v1::CREDIBILITY_2;
      break;
    case v1::VERIFICATION_STATUS_PARTIALLY_CONFIRMED:
    case v1::VERIFICATION_STATUS_ALLEGED:
      grade = v1::CREDIBILITY_3;
      break;
    case v1::VERIFICATION_STATUS_DISPUTED:
      grade = v1::CREDIBILITY_4;
      break;
    default:
      break;
  }
  if (origins >= 2) grade = grade == v1::CREDIBILITY_6 ? v1::CREDIBILITY_3 : grade - 1;
  const bool weak = reliability == v1::RELIABILITY_D || reliability == v1::RELIABILITY_E;
  if (weak && grade < v1::CREDIBILITY_5) ++grade;
  return static_cast<v1::Credibility>(grade);
}

}  // namespace

void MergeVerification(const Tellings& tellings, uint32_t origins, v1::IncidentFacts* into) {
  const Verifier verifier(tellings, *into);
  const Decided decided = verifier.Decide();
  Verification* merged = into->mutable_verification();
  merged->Clear();
  merged->set_status(decided.status);
  *merged->mutable_evidence() = decided.evidence;
  merged->set_derivation(v1::DERIVATION_INFERRED);
  for (size_t t = 0; t < tellings.size(); ++t) {
    const Verification& told = tellings[t].facts->verification();
    for (const v1::Alternative& other : told.alternatives()) {
      if (other.value() == v1::VerificationStatus_Name(decided.status)) continue;
      AddAlternative("", other.value(), other.confidence(), other.evidence(), merged->mutable_alternatives());
    }
    if (told.status() == v1::VERIFICATION_STATUS_UNSPECIFIED) continue;
    if (told.status() == decided.status) {
      if (told.confidence() > merged->confidence()) {
        merged->set_confidence(told.confidence());
        merged->set_derivation(told.derivation());
      }
    } else {
      AddAlternative("", v1::VerificationStatus_Name(told.status()), told.confidence(), told.evidence(),
                     merged->mutable_alternatives());
    }
  }
  merged->set_independent_sources(origins);
  merged->set_reliability(ReliabilityOf(tellings));
  merged->set_credibility(CredibilityOf(decided.status, origins, merged->reliability()));
}

}  // namespace interdict::index
