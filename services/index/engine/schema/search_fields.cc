// The tables of both collections. docs/search_language.md lists them; a test compares the two.
#include <utility>

#include "interdict/v1/document.pb.h"
#include "interdict/v1/entity.pb.h"
#include "interdict/v1/incident.pb.h"
#include "services/index/engine/schema/enum_names.h"
#include "services/index/engine/schema/field_catalog.h"
#include "services/index/engine/schema/field_ids.h"

namespace interdict::index {
namespace {

using Type = SearchField::Type;
using Names = std::vector<std::string>;

constexpr int64_t kHundredths = 100;
constexpr int64_t kThousandths = 1000;

SearchField Make(Type type, std::string name, Names aliases, std::string example) {
  SearchField field;
  field.type = type;
  field.name = std::move(name);
  field.aliases = std::move(aliases);
  field.example = std::move(example);
  return field;
}

SearchField Enum(std::string name, uint16_t id, const google::protobuf::EnumDescriptor* type, Names aliases = {}) {
  SearchField field = Make(Type::kEnum, std::move(name), std::move(aliases), "");
  field.keyword = id;
  field.values = EnumNames(*type);
  field.prefix = EnumPrefix(*type);
  field.example = field.values.front();
  return field;
}

SearchField Keyword(Type type, std::string name, uint16_t id, std::string example, Names aliases = {}) {
  SearchField field = Make(type, std::move(name), std::move(aliases), std::move(example));
  field.keyword = id;
  return field;
}

SearchField Code(std::string name, uint16_t id, std::string example, Names aliases = {}) {
  return Keyword(Type::kCode, std::move(name), id, std::move(example), std::move(aliases));
}

SearchField LowerCode(std::string name, uint16_t id, std::string example, Names aliases = {}) {
  SearchField field = Code(std::move(name), id, std::move(example), std::move(aliases));
  field.lower = true;
  return field;
}

SearchField Country(std::string name, uint16_t id, Names aliases = {}) {
  return Keyword(Type::kCountry, std::move(name), id, "KP", std::move(aliases));
}

// `id` is folded, the next one as written.
SearchField Name(std::string name, uint16_t id, std::string example, Names aliases = {}) {
  SearchField field = Keyword(Type::kName, std::move(name), id, std::move(example), std::move(aliases));
  field.shown = static_cast<uint16_t>(id + 1);
  return field;
}

SearchField Boolean(std::string name, uint16_t id) { return Keyword(Type::kBoolean, std::move(name), id, "true"); }

SearchField Number(std::string name, uint16_t column, std::string example, int64_t scale = 1, Names aliases = {}) {
  SearchField field = Make(Type::kNumber, std::move(name), std::move(aliases), std::move(example));
  field.column = column;
  field.scale = scale;
  return field;
}

SearchField Confidence(std::string name, uint16_t column) {
  return Number(std::move(name), column, "0.8", kThousandths);
}

// `first` is followed by the column of the last day.
SearchField Date(std::string name, uint16_t first, Names aliases = {}) {
  SearchField field = Make(Type::kDate, std::move(name), std::move(aliases), "2012-07");
  field.column = first;
  field.column_last = static_cast<uint16_t>(first + 1);
  return field;
}

// Of one happening: several values are readings of one date, and there is a day to sort and count by.
SearchField OneDate(std::string name, uint16_t first) {
  SearchField field = Date(std::move(name), first);
  field.column_day = static_cast<uint16_t>(first + 2);
  field.readings = true;
  return field;
}

SearchField Time(std::string name, uint16_t column) {
  SearchField field = Make(Type::kTime, std::move(name), {}, "2024-05-01T12:00:00Z");
  field.column = column;
  return field;
}

SearchField Text(std::string name, FieldMask mask, std::string example) {
  SearchField field = Make(Type::kText, std::move(name), {}, std::move(example));
  field.text = mask;
  return field;
}

SearchField PointIn(std::string name, uint16_t geo) {
  SearchField field = Make(Type::kPoint, std::move(name), {}, "");
  field.geo = geo;
  return field;
}

void Append(std::vector<SearchField> from, std::vector<SearchField>& into) {
  for (SearchField& field : from) into.push_back(std::move(field));
}

constexpr FieldMask Bit(uint16_t id) { return FieldMask{1} << id; }

void AddWhatAndWhen(std::vector<SearchField>& fields) {
  Append({Text("title", Bit(kTitleText), "seizure"), Text("summary", Bit(kSummaryText), "seizure"),
          Text("text", Bit(kPassageText), "seizure"), LowerCode("name", kIncidentName, "incidents/3b97a2c1…"),
          Enum("offences.offence", kOffence, v1::Offence_descriptor(), {"offences", "offence"}),
          Confidence("offences.confidence", kOffenceConfidence), Enum("stage", kStage, v1::Stage_descriptor()),
          OneDate("occurred", kOccurredFirst), Enum("occurred.basis", kOccurredBasis, v1::TimeBasis_descriptor()),
          Confidence("occurred.confidence", kOccurredConfidence), OneDate("disclosed", kDisclosedFirst),
          Enum("disclosed.basis", kDisclosedBasis, v1::TimeBasis_descriptor()),
          Confidence("disclosed.confidence", kDisclosedConfidence), Time("create_time", kCreateTime),
          Time("update_time", kUpdateTime)},
         fields);
}

void AddActions(std::vector<SearchField>& fields) {
  Append({Enum("actions.type", kActionType, v1::ActionType_descriptor(), {"actions"}),
          Enum("actions.done", kActionDone, v1::ActionType_descriptor()),
          Enum("actions.status", kActionStatus, v1::ActionStatus_descriptor()),
          Name("actions.authority", kActionAuthority, "Czech foreign ministry"),
          Name("actions.target", kActionTarget, "a local businessman"), Date("actions.date", kActionFirst),
          Country("actions.country_code", kActionCountry, {"actions.country"}),
          Confidence("actions.confidence", kActionConfidence)},
         fields);
}

void AddPlaces(std::vector<SearchField>& fields) {
  Append({PointIn("places", kPlacePoint), Enum("places.role", kPlaceRole, v1::PlaceRole_descriptor()),
          Country("places.country_code", kPlaceCountry, {"places.country", "places.region_code", "places.region"}),
          Country("places.origin", kPlaceOrigin), Country("places.transit", kPlaceTransit),
          Country("places.destination", kPlaceDestination), Country("places.location", kPlaceLocation),
          Name("places.name", kPlaceName, "Nampo"), PointIn("places.origin.point", kOriginPoint),
          PointIn("places.transit.point", kTransitPoint), PointIn("places.destination.point", kDestinationPoint),
          PointIn("places.location.point", kLocationPoint), Confidence("places.confidence", kPlaceConfidence)},
         fields);
}

void AddParties(std::vector<SearchField>& fields) {
  Append({Name("parties.name", kPartyName, "Jade Petrel", {"parties", "parties.aliases"}),
          Boolean("parties.named", kPartyNamed),
          Enum("parties.kind", kPartyKind, v1::PartyKind_descriptor()),
          Enum("parties.role", kPartyRole, v1::PartyRole_descriptor()),
          Enum("parties.function", kPartyFunction, v1::PartyFunction_descriptor()),
          Country("parties.nationality_code", kPartyNationality, {"parties.nationality"}),
          Name("parties.position", kPartyPosition, "economic attaché"),
          Country("parties.posted_to_code", kPartyPostedTo, {"parties.posted_to"}),
          Name("parties.acting_for", kPartyActingFor, "BIS"),
          Enum("parties.standing", kPartyStanding, v1::PartyStanding_descriptor()),
          Date("parties.standing_date", kStandingFirst),
          LowerCode("parties.entity", kPartyEntity, "entities/3b97a2c1…"),
          Number("parties.age_years", kPartyAge, "40"),
          Number("parties.count", kPartyCount, "2"),
          Name("parties.suspect", kPartySuspect, "Jade Petrel"),
          Name("parties.beneficiary", kPartyBeneficiary, "Jade Petrel"),
          Name("parties.authority", kPartyAuthority, "BIS"),
          Name("parties.source", kPartySource, "BIS"),
          Name("parties.solicited", kPartySolicited, "a local businessman"),
          Name("parties.other", kPartyOther, "BIS"),
          Confidence("parties.confidence", kPartyConfidence)},
         fields);
}

void AddGoods(std::vector<SearchField>& fields) {
  Append({Text("goods.description", Bit(kGoodsText), "tank parts"), Code("goods.category", kGoodsCategory, "ML6"),
          Name("goods.models", kGoodsModel, "T-54", {"goods.model"}), Boolean("goods.part", kGoodsPart),
          Number("goods.quantity", kGoodsQuantity, "11200", kThousandths, {"goods.quantities.value"}),
          Name("goods.unit", kGoodsUnit, "kg", {"goods.quantities.unit"}),
          Number("goods.amount", kGoodsAmount, "2600000", kHundredths, {"goods.values.amount"}),
          Code("goods.currency_code", kGoodsCurrency, "EUR", {"goods.currency", "goods.values.currency_code"}),
          Code("goods.hs_chapter", kGoodsHsChapter, "93"), Number("goods.count", kGoodsCount, "2"),
          Confidence("goods.confidence", kGoodsConfidence),
          Enum("conveyances.kind", kConveyanceKind, v1::ConveyanceKind_descriptor(), {"conveyances"}),
          Name("conveyances.name", kConveyanceName, "Jade Petrel"),
          Code("conveyances.imo_number", kConveyanceImo, "3128451"),
          Country("conveyances.flag_code", kConveyanceFlag, {"conveyances.flag"}),
          Name("conveyances.registration", kConveyanceRegistration, "EX-12907"),
          Name("conveyances.model", kConveyanceModel, "Antonov An-12BK"),
          Confidence("conveyances.confidence", kConveyanceConfidence)},
         fields);
}

void AddLawAndSources(std::vector<SearchField>& fields) {
  Append({Name("legal_basis.instrument", kInstrument, "UNSCR 1718", {"legal_basis"}),
          Name("legal_basis.provision", kProvision, "paragraph 11"),
          Confidence("legal_basis.confidence", kInstrumentConfidence), Name("claims.claimant", kClaimant, "BIS"),
          Enum("claims.stance", kStance, v1::Stance_descriptor(), {"claims"}),
          Name("claims.attributed_to", kAttributedTo, "Deník N"), Date("claims.date", kClaimFirst),
          Confidence("claims.confidence", kClaimConfidence),
          Enum("verification.status", kVerificationStatus, v1::VerificationStatus_descriptor()),
          Number("verification.independent_sources", kIndependentSources, "2"),
          Enum("verification.reliability", kReliability, v1::Reliability_descriptor()),
          Enum("verification.credibility", kCredibility, v1::Credibility_descriptor()),
          Confidence("verification.confidence", kVerificationConfidence),
          Name("sources.publisher", kSourcePublisher, "NK News"),
          LowerCode("sources.document", kSourceDocument, "documents/9f86d081…"),
          LowerCode("sources.host", kSourceHost, "example.org"), Date("sources.published", kSourceFirst),
          Number("sources.count", kSourceCount, "2")},
         fields);
}

std::vector<SearchField> IncidentTable() {
  std::vector<SearchField> fields;
  AddWhatAndWhen(fields);
  AddActions(fields);
  AddPlaces(fields);
  AddParties(fields);
  AddGoods(fields);
  AddLawAndSources(fields);
  return fields;
}

std::vector<SearchField> DocumentTable() {
  return {Text("title", Bit(kDocumentTitleText), "seizure"),
          Text("text", Bit(kDocumentBodyText), "seizure"),
          LowerCode("name", kDocumentName, "documents/9f86d081…"),
          Name("publisher", kDocumentPublisher, "NK News"),
          LowerCode("host", kDocumentHost, "example.org", {"url.host"}),
          LowerCode("language", kDocumentLanguage, "en"),
          LowerCode("content_type", kDocumentContentType, "text/html"),
          LowerCode("charset", kDocumentCharset, "windows-1252"),
          Enum("tlp", kDocumentTlp, v1::TlpMarking_descriptor()),
          Enum("extraction_status", kDocumentExtraction, v1::ExtractionStatus_descriptor(), {"status"}),
          LowerCode("extractor", kDocumentExtractor, "interdict"),
          Name("byline", kDocumentByline, "Jane Doe"),
          Name("section_trail", kDocumentSection, "International Customs", {"section"}),
          Name("attribution_chain", kDocumentAttribution, "Deník N"),
          LowerCode("external_id", kDocumentExternalId, "a-17"),
          OneDate("published", kPublishedFirst),
          Time("accept_time", kAcceptTime),
          Number("content_size_bytes", kContentSize, "10000")};
}

}  // namespace

const FieldCatalog& FieldCatalog::Incidents() {
  static const FieldCatalog* const kCatalog = new FieldCatalog({{"title", kTitleText, 3.0F, true},
                                                                {"summary", kSummaryText, 1.5F, true},
                                                                {"text", kPassageText, 1.0F, true},
                                                                {"party", kPartyText, 2.0F, false},
                                                                {"goods", kGoodsText, 2.0F, true},
                                                                {"place", kPlaceText, 1.5F, false}},
                                                               IncidentTable());
  return *kCatalog;
}

const FieldCatalog& FieldCatalog::Documents() {
  static const FieldCatalog* const kCatalog = new FieldCatalog(
      {{"title", kDocumentTitleText, 2.0F, true}, {"text", kDocumentBodyText, 1.0F, true}}, DocumentTable());
  return *kCatalog;
}

}  // namespace interdict::index
