#include "services/index/engine/schema/incident_document.h"

#include <utility>

#include "google/protobuf/util/time_util.h"
#include "services/index/engine/schema/document_builder.h"
#include "services/index/engine/schema/enum_names.h"
#include "services/index/engine/schema/field_ids.h"
#include "services/index/engine/schema/index_values.h"

namespace interdict::index {
namespace {

using internal::v1::StoredReport;
using v1::IncidentFacts;

constexpr int64_t kHundredths = 100;
constexpr int64_t kThousandths = 1000;

class IncidentFiller {
 public:
  IncidentFiller(uint64_t number, const v1::Incident& incident)
      : incident_(incident), facts_(incident.facts()), builder_(Collection::kIncidents, number) {}

  void AddTexts(const std::vector<StoredReport>& reports);
  void AddValues();
  IndexDocument Take() { return builder_.Take(); }

 private:
  void AddEnum(uint16_t field, const google::protobuf::EnumDescriptor* type, int value) {
    builder_.AddKeyword(field, EnumName(*type, value));
  }
  void AddConfidence(uint16_t column, float confidence) { builder_.AddDecimal(column, confidence, kThousandths); }
  void AddTime(const v1::TimeFact& time, uint16_t first, uint16_t basis, uint16_t confidence);
  void AddMain();
  void AddActions();
  void AddPlaces();
  void AddParties();
  void AddGoods();
  void AddConveyances();
  void AddClaims();
  void AddVerification();
  void AddSources();

  const v1::Incident& incident_;
  const IncidentFacts& facts_;
  DocumentBuilder builder_;
};

void IncidentFiller::AddTexts(const std::vector<StoredReport>& reports) {
  const std::pair<const char*, uint16_t> kFields[] = {{"title", kTitleText},
                                                      {"summary", kSummaryText},
                                                      {"party", kPartyText},
                                                      {"goods", kGoodsText},
                                                      {"place", kPlaceText}};
  for (const auto& [name, id] : kFields) {
    for (const std::string& passage : PassagesOf(name, facts_)) builder_.AddText(id, passage);
    // Titles and summaries of other reports than the one that the merged record shows.
    for (const StoredReport& report : reports) {
      for (const std::string& passage : PassagesOf(name, report.report().facts())) builder_.AddText(id, passage);
    }
  }
  for (const StoredReport& report : reports) {
    for (const v1::Evidence* evidence : EvidenceOf(report.report().facts())) {
      builder_.AddText(kPassageText, evidence->sentence().empty() ? evidence->quote() : evidence->sentence());
    }
  }
}

void IncidentFiller::AddValues() {
  AddMain();
  AddActions();
  AddPlaces();
  AddParties();
  AddGoods();
  AddConveyances();
  AddClaims();
  AddVerification();
  AddSources();
}

void IncidentFiller::AddTime(const v1::TimeFact& time, uint16_t first, uint16_t basis, uint16_t confidence) {
  builder_.AddDates(first, time.edtf());
  for (const v1::Alternative& reading : time.alternatives()) builder_.AddDates(first, reading.value());
  builder_.AddDay(static_cast<uint16_t>(first + 2), time.edtf());
  AddEnum(basis, v1::TimeBasis_descriptor(), time.basis());
  AddConfidence(confidence, time.confidence());
}

void IncidentFiller::AddMain() {
  using google::protobuf::util::TimeUtil;
  builder_.AddKeyword(kIncidentName, incident_.name());
  for (const v1::OffenceFact& offence : facts_.offences()) {
    AddEnum(kOffence, v1::Offence_descriptor(), offence.offence());
    AddConfidence(kOffenceConfidence, offence.confidence());
  }
  AddEnum(kStage, v1::Stage_descriptor(), facts_.stage());
  if (facts_.has_occurred()) AddTime(facts_.occurred(), kOccurredFirst, kOccurredBasis, kOccurredConfidence);
  if (facts_.has_disclosed()) AddTime(facts_.disclosed(), kDisclosedFirst, kDisclosedBasis, kDisclosedConfidence);
  builder_.AddNumber(kCreateTime, TimeUtil::TimestampToMicroseconds(incident_.create_time()));
  builder_.AddNumber(kUpdateTime, TimeUtil::TimestampToMicroseconds(incident_.update_time()));
  for (const v1::LegalBasis& basis : facts_.legal_basis()) {
    builder_.AddName(kInstrument, basis.instrument());
    builder_.AddName(kProvision, basis.provision());
    AddConfidence(kInstrumentConfidence, basis.confidence());
  }
}

void IncidentFiller::AddActions() {
  for (const v1::Action& action : facts_.actions()) {
    AddEnum(kActionType, v1::ActionType_descriptor(), action.type());
    if (action.status() == v1::ACTION_STATUS_DONE) AddEnum(kActionDone, v1::ActionType_descriptor(), action.type());
    AddEnum(kActionStatus, v1::ActionStatus_descriptor(), action.status());
    builder_.AddName(kActionAuthority, action.authority());
    builder_.AddName(kActionTarget, action.target());
    builder_.AddDates(kActionFirst, action.date());
    builder_.AddKeyword(kActionCountry, action.country_code());
    AddConfidence(kActionConfidence, action.confidence());
  }
}

void IncidentFiller::AddPlaces() {
  struct Role {
    v1::PlaceRole role;
    uint16_t keyword;
    uint16_t point;
  };
  constexpr Role kRoles[] = {{v1::PLACE_ROLE_ORIGIN, kPlaceOrigin, kOriginPoint},
                             {v1::PLACE_ROLE_TRANSIT, kPlaceTransit, kTransitPoint},
                             {v1::PLACE_ROLE_DESTINATION, kPlaceDestination, kDestinationPoint},
                             {v1::PLACE_ROLE_LOCATION, kPlaceLocation, kLocationPoint}};
  for (const v1::Place& place : facts_.places()) {
    const std::string& code = place.country_code().empty() ? place.region_code() : place.country_code();
    const double latitude = place.point().latitude_degrees();
    const double longitude = place.point().longitude_degrees();
    AddEnum(kPlaceRole, v1::PlaceRole_descriptor(), place.role());
    builder_.AddKeyword(kPlaceCountry, code);
    builder_.AddName(kPlaceName, place.name());
    if (place.has_point()) builder_.AddPoint(kPlacePoint, latitude, longitude);
    for (const Role& role : kRoles) {
      if (role.role != place.role()) continue;
      builder_.AddKeyword(role.keyword, code);
      if (place.has_point()) builder_.AddPoint(role.point, latitude, longitude);
    }
    AddConfidence(kPlaceConfidence, place.confidence());
  }
}

void IncidentFiller::AddParties() {
  const std::pair<v1::PartyRole, uint16_t> kRoles[] = {
      {v1::PARTY_ROLE_SUSPECT, kPartySuspect},     {v1::PARTY_ROLE_BENEFICIARY, kPartyBeneficiary},
      {v1::PARTY_ROLE_AUTHORITY, kPartyAuthority}, {v1::PARTY_ROLE_SOURCE, kPartySource},
      {v1::PARTY_ROLE_SOLICITED, kPartySolicited}, {v1::PARTY_ROLE_OTHER, kPartyOther}};
  for (const v1::Party& party : facts_.parties()) {
    std::vector<std::string> names(party.aliases().begin(), party.aliases().end());
    names.insert(names.begin(), party.name());
    for (const std::string& name : names) {
      builder_.AddName(kPartyName, name);
      for (const auto& [role, field] : kRoles) {
        if (role == party.role()) builder_.AddName(field, name);
      }
    }
    builder_.AddBoolean(kPartyNamed, party.named());
    AddEnum(kPartyKind, v1::PartyKind_descriptor(), party.kind());
    AddEnum(kPartyRole, v1::PartyRole_descriptor(), party.role());
    AddEnum(kPartyFunction, v1::PartyFunction_descriptor(), party.function());
    builder_.AddKeyword(kPartyNationality, party.nationality_code());
    builder_.AddName(kPartyPosition, party.position());
    builder_.AddKeyword(kPartyPostedTo, party.posted_to_code());
    builder_.AddName(kPartyActingFor, party.acting_for());
    AddEnum(kPartyStanding, v1::PartyStanding_descriptor(), party.standing());
    builder_.AddDates(kStandingFirst, party.standing_date());
    builder_.AddKeyword(kPartyEntity, party.entity());
    if (party.age_years() != 0) builder_.AddNumber(kPartyAge, party.age_years());
    AddConfidence(kPartyConfidence, party.confidence());
  }
  builder_.AddNumber(kPartyCount, facts_.parties_size());
}

void IncidentFiller::AddGoods() {
  for (const v1::Goods& goods : facts_.goods()) {
    builder_.AddKeyword(kGoodsCategory, goods.category());
    for (const std::string& model : goods.models()) builder_.AddName(kGoodsModel, model);
    builder_.AddBoolean(kGoodsPart, goods.part());
    for (const v1::Quantity& quantity : goods.quantities()) {
      builder_.AddDecimal(kGoodsQuantity, quantity.value(), kThousandths);
      builder_.AddName(kGoodsUnit, quantity.unit());
    }
    for (const v1::MoneyAmount& value : goods.values()) {
      builder_.AddDecimal(kGoodsAmount, value.amount(), kHundredths);
      builder_.AddKeyword(kGoodsCurrency, value.currency_code());
    }
    builder_.AddKeyword(kGoodsHsChapter, goods.hs_chapter());
    AddConfidence(kGoodsConfidence, goods.confidence());
  }
  builder_.AddNumber(kGoodsCount, facts_.goods_size());
}

void IncidentFiller::AddConveyances() {
  for (const v1::Conveyance& conveyance : facts_.conveyances()) {
    AddEnum(kConveyanceKind, v1::ConveyanceKind_descriptor(), conveyance.kind());
    builder_.AddName(kConveyanceName, conveyance.name());
    builder_.AddKeyword(kConveyanceImo, conveyance.imo_number());
    builder_.AddKeyword(kConveyanceFlag, conveyance.flag_code());
    builder_.AddName(kConveyanceRegistration, conveyance.registration());
    builder_.AddName(kConveyanceModel, conveyance.model());
    AddConfidence(kConveyanceConfidence, conveyance.confidence());
  }
}

void IncidentFiller::AddClaims() {
  for (const v1::Claim& claim : facts_.claims()) {
    builder_.AddName(kClaimant, claim.claimant());
    AddEnum(kStance, v1::Stance_descriptor(), claim.stance());
    builder_.AddName(kAttributedTo, claim.attributed_to());
    builder_.AddDates(kClaimFirst, claim.date());
    AddConfidence(kClaimConfidence, claim.confidence());
  }
}

void IncidentFiller::AddVerification() {
  if (!facts_.has_verification()) return;
  const v1::Verification& verification = facts_.verification();
  AddEnum(kVerificationStatus, v1::VerificationStatus_descriptor(), verification.status());
  AddEnum(kReliability, v1::Reliability_descriptor(), verification.reliability());
  AddEnum(kCredibility, v1::Credibility_descriptor(), verification.credibility());
  builder_.AddNumber(kIndependentSources, verification.independent_sources());
  AddConfidence(kVerificationConfidence, verification.confidence());
}

void IncidentFiller::AddSources() {
  for (const v1::Source& source : incident_.sources()) {
    builder_.AddKeyword(kSourceDocument, source.document());
    builder_.AddName(kSourcePublisher, source.publisher());
    builder_.AddKeyword(kSourceHost, HostOf(source.url()));
    builder_.AddDates(kSourceFirst, source.published());
  }
  builder_.AddNumber(kSourceCount, incident_.sources_size());
}

template <typename Values>
void CollectEvidence(const Values& values, std::vector<const v1::Evidence*>& all) {
  for (const auto& value : values) {
    for (const v1::Evidence& evidence : value.evidence()) all.push_back(&evidence);
  }
}

}  // namespace

IndexDocument IncidentDocument(uint64_t number, const v1::Incident& incident,
                               const std::vector<StoredReport>& reports) {
  IncidentFiller filler(number, incident);
  filler.AddTexts(reports);
  filler.AddValues();
  return filler.Take();
}

std::vector<const v1::Evidence*> EvidenceOf(const IncidentFacts& facts) {
  std::vector<const v1::Evidence*> all;
  CollectEvidence(facts.field_evidence(), all);
  CollectEvidence(facts.offences(), all);
  CollectEvidence(facts.actions(), all);
  for (const v1::Evidence& evidence : facts.occurred().evidence()) all.push_back(&evidence);
  for (const v1::Evidence& evidence : facts.disclosed().evidence()) all.push_back(&evidence);
  CollectEvidence(facts.places(), all);
  CollectEvidence(facts.parties(), all);
  CollectEvidence(facts.goods(), all);
  CollectEvidence(facts.conveyances(), all);
  CollectEvidence(facts.legal_basis(), all);
  CollectEvidence(facts.claims(), all);
  for (const v1::Evidence& evidence : facts.verification().evidence()) all.push_back(&evidence);
  return all;
}

std::vector<std::string> PassagesOf(const std::string& text_field, const IncidentFacts& facts) {
  std::vector<std::string> passages;
  if (text_field == "title") passages.push_back(facts.title());
  if (text_field == "summary") passages.push_back(facts.summary());
  if (text_field == "party") {
    for (const v1::Party& party : facts.parties()) {
      passages.push_back(party.name());
      passages.insert(passages.end(), party.aliases().begin(), party.aliases().end());
      passages.push_back(party.position());
    }
  }
  if (text_field == "goods") {
    for (const v1::Goods& goods : facts.goods()) {
      passages.push_back(goods.description());
      passages.insert(passages.end(), goods.models().begin(), goods.models().end());
    }
    for (const v1::Conveyance& conveyance : facts.conveyances()) {
      passages.insert(passages.end(), {conveyance.name(), conveyance.registration(), conveyance.model()});
    }
  }
  if (text_field == "place") {
    for (const v1::Place& place : facts.places()) passages.push_back(place.name());
  }
  return passages;
}

}  // namespace interdict::index
