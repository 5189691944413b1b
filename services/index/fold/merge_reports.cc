#include "services/index/fold/merge_reports.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/index/engine/analyzer.h"
#include "services/index/fold/merge_values.h"

namespace interdict::index {
namespace {

using internal::v1::StoredReport;
using v1::IncidentFacts;

// Where the values of one report stand in the merged record: field name to index to index.
using Places = std::map<std::string, std::vector<int>>;

Places MergeLists(const IncidentFacts& from, IncidentFacts* into) {
  using v1::Action;
  using v1::Conveyance;
  using v1::Goods;
  using v1::LegalBasis;
  using v1::OffenceFact;
  using v1::Party;
  using v1::Place;
  Places places;
  places["offences"] = MergeList(from.offences(), into->mutable_offences(), {OffenceFact::kOffenceFieldNumber});
  places["actions"] = MergeList(from.actions(), into->mutable_actions(),
                                {Action::kTypeFieldNumber, Action::kStatusFieldNumber, Action::kAuthorityFieldNumber,
                                 Action::kTargetFieldNumber});
  places["places"] = MergeList(from.places(), into->mutable_places(),
                               {Place::kRoleFieldNumber, Place::kCountryCodeFieldNumber, Place::kRegionCodeFieldNumber,
                                Place::kNameFieldNumber});
  places["parties"] =
      MergeList(from.parties(), into->mutable_parties(),
                {Party::kNameFieldNumber, Party::kNamedFieldNumber, Party::kKindFieldNumber, Party::kRoleFieldNumber});
  places["goods"] = MergeList(from.goods(), into->mutable_goods(),
                              {Goods::kDescriptionFieldNumber, Goods::kCategoryFieldNumber, Goods::kPartFieldNumber});
  places["conveyances"] = MergeList(from.conveyances(), into->mutable_conveyances(),
                                    {Conveyance::kKindFieldNumber, Conveyance::kNameFieldNumber});
  places["legal_basis"] = MergeList(from.legal_basis(), into->mutable_legal_basis(),
                                    {LegalBasis::kInstrumentFieldNumber, LegalBasis::kProvisionFieldNumber});
  return places;
}

// `goods[1]…` with the index where that value stands now.
std::string MovePath(const std::string& path, const Places& places) {
  const size_t open = path.find('[');
  const size_t close = path.find(']', open);
  if (open == std::string::npos || close == std::string::npos) return path;
  const auto list = places.find(path.substr(0, open));
  int index = 0;
  const bool known = list != places.end() && absl::SimpleAtoi(path.substr(open + 1, close - open - 1), &index) &&
                     index >= 0 && index < static_cast<int>(list->second.size());
  if (!known) return path;
  return absl::StrCat(list->first, "[", list->second[index], path.substr(close));
}

void MergeClaims(const IncidentFacts& from, Places places, IncidentFacts* into) {
  using v1::Claim;
  google::protobuf::RepeatedPtrField<Claim> moved = from.claims();
  // A claim may speak of a claim.
  for (int i = 0; i < moved.size(); ++i) places["claims"].push_back(into->claims_size() + i);
  for (Claim& claim : moved) {
    for (std::string& path : *claim.mutable_paths()) path = MovePath(path, places);
  }
  const bool speaks_of_claims = std::any_of(moved.begin(), moved.end(), [](const Claim& claim) {
    return std::any_of(claim.paths().begin(), claim.paths().end(),
                       [](const std::string& path) { return path.rfind("claims[", 0) == 0; });
  });
  if (speaks_of_claims) {
    into->mutable_claims()->MergeFrom(moved);
    return;
  }
  MergeList(moved, into->mutable_claims(),
            {Claim::kClaimantFieldNumber, Claim::kStanceFieldNumber, Claim::kPathsFieldNumber,
             Claim::kAttributedToFieldNumber, Claim::kDateFieldNumber});
}

// Keeps another reading of a value beside it.
template <typename Value>
void AddAlternative(const std::string& reading, float confidence, Value* beside) {
  for (v1::Alternative& there : *beside->mutable_alternatives()) {
    if (there.value() != reading) continue;
    there.set_confidence(std::max(there.confidence(), confidence));
    return;
  }
  v1::Alternative* alternative = beside->add_alternatives();
  alternative->set_value(reading);
  alternative->set_confidence(confidence);
}

void MergeTime(const v1::TimeFact& from, bool earliest_wins, v1::TimeFact* into) {
  if (from.edtf() == into->edtf() && from.basis() == into->basis()) {
    MergeValue(from, into);
    return;
  }
  const bool earlier = !from.start().empty() && (into->start().empty() || from.start() < into->start());
  if (earliest_wins && earlier) {
    v1::TimeFact kept = from;
    AddAlternative(into->edtf(), into->confidence(), &kept);
    for (const v1::Alternative& other : into->alternatives()) AddAlternative(other.value(), other.confidence(), &kept);
    *into = kept;
    return;
  }
  AddAlternative(from.edtf(), from.confidence(), into);
}

void MergeFieldEvidence(const IncidentFacts& from, const std::string& path, IncidentFacts* into) {
  for (const v1::FieldEvidence& evidence : from.field_evidence()) {
    if (evidence.path() != path) continue;
    auto* all = into->mutable_field_evidence();
    const auto there =
        std::find_if(all->begin(), all->end(), [&](const v1::FieldEvidence& other) { return other.path() == path; });
    if (there == all->end()) {
      *all->Add() = evidence;
    } else {
      MergeValue(evidence, &*there);
    }
  }
}

bool IsStageTold(v1::Stage stage) { return stage != v1::STAGE_UNSPECIFIED && stage != v1::STAGE_UNKNOWN; }

void MergeScalars(const IncidentFacts& from, IncidentFacts* into) {
  if (into->title().empty() && !from.title().empty()) {
    into->set_title(from.title());
    MergeFieldEvidence(from, "title", into);
  }
  if (into->summary().empty() && !from.summary().empty()) {
    into->set_summary(from.summary());
    MergeFieldEvidence(from, "summary", into);
  }
  if (IsStageTold(from.stage()) && !IsStageTold(into->stage())) {
    into->set_stage(from.stage());
    auto* all = into->mutable_field_evidence();
    all->erase(std::remove_if(all->begin(), all->end(), [](const auto& other) { return other.path() == "stage"; }),
               all->end());
  }
  if (from.stage() == into->stage()) MergeFieldEvidence(from, "stage", into);
  if (from.has_occurred() && into->has_occurred()) {
    MergeTime(from.occurred(), /*earliest_wins=*/false, into->mutable_occurred());
  } else if (from.has_occurred()) {
    *into->mutable_occurred() = from.occurred();
  }
  if (from.has_disclosed() && into->has_disclosed()) {
    MergeTime(from.disclosed(), /*earliest_wins=*/true, into->mutable_disclosed());
  } else if (from.has_disclosed()) {
    *into->mutable_disclosed() = from.disclosed();
  }
}

// Which of two statuses speaks for both: what is confirmed stays so, a denial weighs more than hearsay.
int Weight(v1::VerificationStatus status) {
  constexpr std::array<v1::VerificationStatus, 5> kByWeight = {
      v1::VERIFICATION_STATUS_UNVERIFIED, v1::VERIFICATION_STATUS_ALLEGED, v1::VERIFICATION_STATUS_PARTIALLY_CONFIRMED,
      v1::VERIFICATION_STATUS_DISPUTED, v1::VERIFICATION_STATUS_CONFIRMED};
  const auto found = std::find(kByWeight.begin(), kByWeight.end(), status);
  return found == kByWeight.end() ? -1 : static_cast<int>(found - kByWeight.begin());
}

void MergeVerification(const v1::Verification& from, v1::Verification* into) {
  if (from.status() == into->status()) {
    MergeValue(from, into);
    return;
  }
  v1::Verification stronger = *into;
  v1::Verification weaker = from;
  if (Weight(from.status()) > Weight(into->status())) std::swap(stronger, weaker);
  if (weaker.status() != v1::VERIFICATION_STATUS_UNSPECIFIED) {
    AddAlternative(v1::VerificationStatus_Name(weaker.status()), weaker.confidence(), &stronger);
  }
  *into = stronger;
}

}  // namespace

uint32_t CountOrigins(const std::vector<StoredReport>& reports) {
  std::set<std::string> origins;
  for (const StoredReport& report : reports) {
    const v1::Source& source = report.source();
    const int chain = source.attribution_chain_size();
    const std::string name = chain > 0 ? source.attribution_chain(chain - 1) : source.publisher();
    const std::string folded = absl::StrJoin(Analyze(name), " ");
    origins.insert(folded.empty() ? source.document() : folded);
  }
  return std::max<uint32_t>(1, static_cast<uint32_t>(origins.size()));
}

v1::Incident MergeReports(const std::vector<StoredReport>& reports) {
  v1::Incident incident;
  IncidentFacts* facts = incident.mutable_facts();
  *facts = reports.front().report().facts();
  for (size_t i = 1; i < reports.size(); ++i) {
    const IncidentFacts& more = reports[i].report().facts();
    MergeScalars(more, facts);
    const Places places = MergeLists(more, facts);
    MergeClaims(more, places, facts);
    if (more.has_verification()) MergeVerification(more.verification(), facts->mutable_verification());
  }
  facts->mutable_verification()->set_independent_sources(CountOrigins(reports));
  for (const StoredReport& report : reports) *incident.add_sources() = report.source();
  return incident;
}

}  // namespace interdict::index
