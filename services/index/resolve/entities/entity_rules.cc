#include "services/index/resolve/entities/entity_rules.h"

#include <algorithm>
#include <optional>
#include <set>

#include "services/index/fold/name_owners.h"
#include "services/index/names/name_score.h"
#include "services/index/screening/second_identifiers.h"

namespace interdict::index {
namespace {

using internal::v1::Reason;
using internal::v1::StoredEntity;

// Names that score so much are the same but for spelling; from the lower on they are worth a look.
constexpr double kSameNameScore = 0.9;
constexpr double kSuggestedNameScore = 0.8;
// What a name that is the same is worth where nothing else is known.
constexpr double kNameAloneShare = 0.8;

void AddReason(const char* code, const char* detail, double score, EntityJudgement* judgement) {
  Reason& reason = judgement->reasons.emplace_back();
  reason.set_code(code);
  reason.set_detail(detail);
  reason.set_score(score);
}

// The words of a name that carry identity; company forms and honorifics do not.
std::multiset<std::string> WordsOf(const std::string& name, names::NameKind kind) {
  std::multiset<std::string> words;
  for (const names::NameToken& token : names::Normalise(name, kind).tokens) {
    const bool counts = token.role != names::TokenRole::kCompanyForm && token.role != names::TokenRole::kHonorific;
    if (counts) words.insert(token.text);
  }
  return words;
}

size_t FullWords(const std::string& name, names::NameKind kind) {
  const auto tokens = names::Normalise(name, kind).tokens;
  return static_cast<size_t>(std::count_if(tokens.begin(), tokens.end(), [](const names::NameToken& token) {
    return token.role == names::TokenRole::kWord || token.role == names::TokenRole::kGeneric;
  }));
}

// Whether the two tell countries, and whether they share one.
enum class Countries { kNotCompared, kShared, kDisjoint };

Countries CompareCountries(const NamedParty& party, const StoredEntity& stored) {
  if (party.country_codes.empty() || stored.country_codes().empty()) return Countries::kNotCompared;
  for (const internal::v1::CountedText& code : stored.country_codes()) {
    const auto& ours = party.country_codes;
    if (std::find(ours.begin(), ours.end(), code.value()) != ours.end()) return Countries::kShared;
  }
  return Countries::kDisjoint;
}

DatesAre CompareBirths(const NamedParty& party, const StoredEntity& stored) {
  google::protobuf::RepeatedPtrField<std::string> dates;
  for (const internal::v1::CountedText& date : stored.birth_dates()) *dates.Add() = date.value();
  return CompareDates(party.birth_years, dates);
}

bool Holds(const google::protobuf::RepeatedPtrField<internal::v1::CountedText>& texts, const std::string& value) {
  return !value.empty() &&
         std::any_of(texts.begin(), texts.end(), [&value](const auto& text) { return text.value() == value; });
}

// What the numbers of both sides say.
enum class Numbers { kNotCompared, kSame, kDifferent };

Numbers CompareNumbers(const names::NameHit& hit) {
  Numbers numbers = Numbers::kNotCompared;
  for (const names::IdentifierPart& part : hit.identifiers) {
    if (part.verdict == names::IdentifierVerdict::kSame) return Numbers::kSame;
    numbers = Numbers::kDifferent;
  }
  return numbers;
}

bool IsMainName(const StoredEntity& stored, const std::string& name) { return Holds(stored.names(), name); }

// Second evidence that lets a name join; the strongest. Adds its reason.
double SecondEvidence(const NamedParty& party, const EntityCandidate& candidate, EntityJudgement* judgement) {
  const StoredEntity& stored = *candidate.stored;
  double best = 0;
  if (candidate.in_same_group) {
    AddReason("SAME_INCIDENT", "stands in the same incident", 0.95, judgement);
    best = 0.95;
  }
  if (party.party->kind() == v1::PARTY_KIND_PERSON) {
    const DatesAre births = CompareBirths(party, stored);
    if (births == DatesAre::kOverlapping || births == DatesAre::kSameDay) {
      AddReason("SAME_AGE", "the ages told fit one year of birth", 0.93, judgement);
      best = std::max(best, 0.93);
    }
    const bool same_country = CompareCountries(party, stored) == Countries::kShared;
    if (same_country && Holds(stored.positions(), party.party->position())) {
      AddReason("SAME_POSITION", "the same nationality and office", 0.9, judgement);
      best = std::max(best, 0.9);
    }
    if (same_country && Holds(stored.acting_for(), party.party->acting_for())) {
      AddReason("SAME_PRINCIPAL", "the same nationality, and acts for the same", 0.9, judgement);
      best = std::max(best, 0.9);
    }
  } else if (party.party->kind() == v1::PARTY_KIND_VESSEL && CompareCountries(party, stored) == Countries::kShared) {
    AddReason("SAME_FLAG", "the same flag", 0.9, judgement);
    best = std::max(best, 0.9);
  }
  return best;
}

EntityJudgement Suggest(EntityJudgement judgement, double score) {
  judgement.verdict = EntityVerdict::kSuggested;
  judgement.score = score;
  return judgement;
}

EntityJudgement Join(EntityJudgement judgement, double score) {
  judgement.verdict = EntityVerdict::kSame;
  judgement.score = score;
  return judgement;
}

// A number that both tell decides, unless the rest says no.
std::optional<EntityJudgement> ByNumbers(const NamedParty& party, const names::NameHit& hit,
                                         EntityJudgement judgement) {
  const Numbers numbers = CompareNumbers(hit);
  if (numbers == Numbers::kNotCompared) return std::nullopt;
  if (numbers == Numbers::kDifferent) {
    AddReason("OTHER_IDENTIFIER", "the same name, but another number", 0, &judgement);
    if (hit.name_score < kSuggestedNameScore) return EntityJudgement();
    return Suggest(std::move(judgement), 0.3);
  }
  AddReason("SAME_IDENTIFIER", "the same number", 0.98, &judgement);
  const bool named_by_number = party.party->kind() == v1::PARTY_KIND_AIRCRAFT;
  if (hit.contradiction || (hit.name_score < names::kNamesAgree && !named_by_number)) {
    AddReason("OTHER_NAME", "but the names do not agree", 0, &judgement);
    return Suggest(std::move(judgement), 0.6);
  }
  return Join(std::move(judgement), 0.98);
}

}  // namespace

EntityJudgement JudgeEntity(const NamedParty& party, const names::NameHit& hit, const EntityCandidate& candidate) {
  const StoredEntity& stored = *candidate.stored;
  EntityJudgement judgement;
  if (auto decided = ByNumbers(party, hit, judgement)) return *std::move(decided);
  if (hit.name_score < kSuggestedNameScore) return judgement;
  AddReason(hit.name_score >= kSameNameScore ? "SAME_NAME" : "LIKE_NAME",
            hit.name_score >= kSameNameScore ? "the names are the same but for spelling" : "the names are alike",
            hit.name_score, &judgement);
  const double alone = hit.name_score * kNameAloneShare;
  const bool apart =
      CompareCountries(party, stored) == Countries::kDisjoint || CompareBirths(party, stored) == DatesAre::kDifferent;
  if (apart) {
    AddReason("CONTRADICTION", "nationality or age differ", 0, &judgement);
    return Suggest(std::move(judgement), alone / 2);
  }
  if (hit.name_score < kSameNameScore) return Suggest(std::move(judgement), alone);
  const names::NameKind kind = NameKindOf(party.party->kind());
  if (party.party->kind() == v1::PARTY_KIND_ORGANIZATION) {
    const auto words = WordsOf(party.party->name(), kind);
    if (!words.empty() && words == WordsOf(hit.name, kind) && IsMainName(stored, hit.name)) {
      AddReason("SAME_FULL_NAME", "the full names are the same", 0.92, &judgement);
      return Join(std::move(judgement), 0.92);
    }
  }
  const double second = SecondEvidence(party, candidate, &judgement);
  // One word is no full name: it joins nobody outside of its incident, and nobody by an alias.
  const bool full = FullWords(party.party->name(), kind) >= 2 || party.party->kind() != v1::PARTY_KIND_PERSON;
  const bool enough = second > 0 && (full || (candidate.in_same_group && IsMainName(stored, hit.name)));
  if (enough) return Join(std::move(judgement), second);
  AddReason("NAME_ALONE", "a name alone joins nobody", 0, &judgement);
  return Suggest(std::move(judgement), alone);
}

}  // namespace interdict::index
