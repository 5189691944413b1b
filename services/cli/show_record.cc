#include "services/cli/show_record.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>
#include <sstream>
#include <vector>

#include "absl/strings/str_join.h"
#include "google/protobuf/util/time_util.h"

namespace interdict::cli {
namespace {

constexpr char kIndent[] = "  ";
constexpr size_t kLabelWidth = 13;

// What other reports say instead, and which documents say so.
void Contradictions(std::ostream& out, const google::protobuf::RepeatedPtrField<v1::Alternative>& alternatives) {
  for (const v1::Alternative& other : alternatives) {
    std::set<std::string> documents;
    for (const v1::Evidence& evidence : other.evidence()) documents.insert(evidence.document());
    if (documents.empty()) continue;
    out << kIndent << std::string(kLabelWidth, ' ') << "or " << (other.field().empty() ? "" : other.field() + " ")
        << other.value() << ", by " << absl::StrJoin(documents, ", ") << "\n";
  }
}

// One line of a value with its confidence, and below it what contradicts it and the words that it rests on.
template <typename Value>
void Line(std::ostream& out, const std::string& label, const std::string& text, const Value& value,
          const ShowOptions& options) {
  out << kIndent << label << std::string(kLabelWidth - std::min(kLabelWidth, label.size()), ' ') << text;
  if (!options.with_evidence) {
    out << "\n";
    Contradictions(out, value.alternatives());
    return;
  }
  out << "  [" << Word(v1::Derivation_Name(value.derivation()), "DERIVATION_") << " "
      << std::lround(value.confidence() * 100) << "%]\n";
  Contradictions(out, value.alternatives());
  for (const v1::Evidence& evidence : value.evidence()) {
    out << kIndent << std::string(kLabelWidth, ' ') << "“" << evidence.quote() << "” (" << evidence.begin_byte() << "–"
        << evidence.end_byte() << ")\n";
  }
}

// Words joined by commas, empty ones left out.
std::string Joined(const std::vector<std::string>& parts) {
  std::vector<std::string> kept;
  for (const std::string& part : parts) {
    if (!part.empty()) kept.push_back(part);
  }
  return absl::StrJoin(kept, ", ");
}

std::string Prefixed(const std::string& prefix, const std::string& text) { return text.empty() ? "" : prefix + text; }

std::string Number(double value) {
  std::ostringstream text;
  text.precision(15);
  text << value;
  return text.str();
}

std::string DescribePlace(const v1::Place& place) {
  const std::string& code = place.country_code().empty() ? place.region_code() : place.country_code();
  return place.name().empty() ? code : code + "  " + place.name();
}

std::string DescribeParty(const v1::Party& party) {
  std::string text = party.named() ? party.name() : "(unnamed) " + party.name();
  const std::string role = Word(v1::PartyRole_Name(party.role()), "PARTY_ROLE_");
  const std::string function = party.function() == v1::PARTY_FUNCTION_UNSPECIFIED
                                   ? ""
                                   : Word(v1::PartyFunction_Name(party.function()), "PARTY_FUNCTION_");
  const std::string standing = party.standing() == v1::PARTY_STANDING_UNSPECIFIED
                                   ? ""
                                   : Word(v1::PartyStanding_Name(party.standing()), "PARTY_STANDING_");
  text += " — " + Joined({role, function, Word(v1::PartyKind_Name(party.kind()), "PARTY_KIND_"), party.position(),
                          Prefixed("of ", party.nationality_code()), Prefixed("posted to ", party.posted_to_code()),
                          Prefixed("for ", party.acting_for()), standing});
  if (!party.aliases().empty()) text += "; also: " + absl::StrJoin(party.aliases(), ", ");
  return text;
}

std::string DescribeGoods(const v1::Goods& goods) {
  std::vector<std::string> parts = {goods.category()};
  if (!goods.models().empty()) parts.push_back("models " + absl::StrJoin(goods.models(), ", "));
  if (goods.part()) parts.push_back("parts");
  for (const v1::Quantity& quantity : goods.quantities()) {
    parts.push_back((quantity.approximate() ? "about " : "") + Number(quantity.value()) +
                    Prefixed(" ", quantity.unit()));
  }
  for (const v1::MoneyAmount& value : goods.values()) {
    parts.push_back((value.approximate() ? "about " : "") + Number(value.amount()) + " " + value.currency_code());
  }
  return goods.description() + " — " + Joined(parts);
}

std::string DescribeConveyance(const v1::Conveyance& conveyance) {
  return conveyance.name() + " — " +
         Joined({Word(v1::ConveyanceKind_Name(conveyance.kind()), "CONVEYANCE_KIND_"), conveyance.model(),
                 Prefixed("IMO ", conveyance.imo_number()), Prefixed("flag ", conveyance.flag_code()),
                 conveyance.registration()});
}

std::string DescribeAction(const v1::Action& action) {
  return Word(v1::ActionType_Name(action.type()), "ACTION_TYPE_") + " — " +
         Joined({Word(v1::ActionStatus_Name(action.status()), "ACTION_STATUS_"), Prefixed("by ", action.authority()),
                 Prefixed("of ", action.target()), action.date(), Prefixed("in ", action.country_code()),
                 Prefixed("reason: ", action.reason())});
}

std::string DescribeClaim(const v1::Claim& claim) {
  return claim.claimant() + " " + Word(v1::Stance_Name(claim.stance()), "STANCE_") + " " +
         (claim.paths().empty() ? "the incident" : absl::StrJoin(claim.paths(), ", ")) +
         Prefixed(", after ", claim.attributed_to()) + Prefixed(", ", claim.date());
}

std::string DescribeVerification(const v1::Verification& verification) {
  std::string text = Word(v1::VerificationStatus_Name(verification.status()), "VERIFICATION_STATUS_");
  text += ", " + std::to_string(verification.independent_sources()) + " independent source(s)";
  if (verification.reliability() != v1::RELIABILITY_UNSPECIFIED) {
    text += ", Admiralty " + v1::Reliability_Name(verification.reliability()).substr(12);
    if (verification.credibility() != v1::CREDIBILITY_UNSPECIFIED)
      text += v1::Credibility_Name(verification.credibility()).substr(12);
  }
  return text;
}

void ShowScalars(std::ostream& out, const v1::IncidentFacts& facts, const ShowOptions& options) {
  for (const v1::FieldEvidence& field : facts.field_evidence()) {
    if (field.path() == "stage") Line(out, "stage", Word(v1::Stage_Name(facts.stage()), "STAGE_"), field, options);
  }
  if (facts.has_occurred()) {
    Line(out, "occurred",
         facts.occurred().edtf() + " (" + Word(v1::TimeBasis_Name(facts.occurred().basis()), "TIME_BASIS_") + ")",
         facts.occurred(), options);
  }
  if (facts.has_disclosed()) Line(out, "disclosed", facts.disclosed().edtf(), facts.disclosed(), options);
}

void ShowSource(std::ostream& out, const v1::Source& source) {
  const std::string grade =
      source.reliability() == v1::RELIABILITY_UNSPECIFIED ? "" : v1::Reliability_Name(source.reliability()).substr(12);
  std::string text = Joined({source.publisher(), source.published(), source.url(), Prefixed("grade ", grade)});
  for (const std::string& link : source.attribution_chain()) text += " ← " + link;
  out << kIndent << "source       " << source.document() << Prefixed("  ", text) << "\n";
}

}  // namespace

std::string Word(const std::string& enum_value_name, const std::string& prefix) {
  std::string word = enum_value_name.substr(enum_value_name.rfind(prefix, 0) == 0 ? prefix.size() : 0);
  for (char& c : word) c = c == '_' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word;
}

void ShowFacts(std::ostream& out, const v1::IncidentFacts& facts, const ShowOptions& options) {
  out << (facts.title().empty() ? "(without title)" : facts.title()) << "\n";
  if (!facts.summary().empty()) out << kIndent << facts.summary() << "\n";
  for (const auto& each : facts.offences())
    Line(out, "offence", Word(v1::Offence_Name(each.offence()), "OFFENCE_"), each, options);
  ShowScalars(out, facts, options);
  for (const auto& each : facts.places()) {
    Line(out, Word(v1::PlaceRole_Name(each.role()), "PLACE_ROLE_"), DescribePlace(each), each, options);
  }
  for (const auto& each : facts.goods()) Line(out, "goods", DescribeGoods(each), each, options);
  for (const auto& each : facts.parties()) Line(out, "party", DescribeParty(each), each, options);
  for (const auto& each : facts.conveyances()) Line(out, "conveyance", DescribeConveyance(each), each, options);
  for (const auto& each : facts.actions()) Line(out, "action", DescribeAction(each), each, options);
  for (const auto& each : facts.legal_basis()) {
    Line(out, "law", Joined({each.instrument(), each.provision()}), each, options);
  }
  for (const auto& each : facts.claims()) Line(out, "claim", DescribeClaim(each), each, options);
  if (facts.has_verification())
    Line(out, "verification", DescribeVerification(facts.verification()), facts.verification(), options);
}

// A reply in full: it is shown wherever the record is.
void ShowJudgement(std::ostream& out, const v1::JudgementNote& note) {
  out << kIndent << "judgement    " << note.kind() << Prefixed(" of ", absl::StrJoin(note.fields(), ", ")) << " by "
      << note.author() << (note.author_authenticated() ? "" : " (not authenticated)") << ": " << note.reason()
      << (note.overruled() ? "  [overruled]" : "") << "\n";
  if (note.kind() == "reply") {
    out << kIndent << std::string(kLabelWidth, ' ') << note.party() << ": “" << note.text() << "”"
        << Prefixed("  ", note.url()) << "\n";
  }
}

void ShowIncident(std::ostream& out, const v1::Incident& incident, const ShowOptions& options) {
  out << incident.name();
  if (incident.state() != v1::Incident::STATE_ACTIVE)
    out << "  (" << Word(v1::Incident::State_Name(incident.state()), "STATE_") << ")";
  out << "\n";
  if (!incident.merged_into().empty()) out << kIndent << "merged into " << incident.merged_into() << "\n";
  for (const std::string& part : incident.split_into()) out << kIndent << "split into  " << part << "\n";
  if (incident.state() == v1::Incident::STATE_ACTIVE) ShowFacts(out, incident.facts(), options);
  for (const v1::JudgementNote& note : incident.judgements()) ShowJudgement(out, note);
  for (const v1::Source& source : incident.sources()) ShowSource(out, source);
}

void ShowDocument(std::ostream& out, const v1::Document& document) {
  out << document.name() << "\n" << (document.title().empty() ? "(without title)" : document.title()) << "\n";
  const auto line = [&out](const std::string& label, const std::string& text) {
    if (!text.empty()) out << kIndent << label << std::string(kLabelWidth - label.size(), ' ') << text << "\n";
  };
  line("state", Word(v1::Document::State_Name(document.state()), "STATE_"));
  line("removed", document.removal_reason());
  line("publisher", document.publisher());
  line("byline", document.byline());
  line("trail", absl::StrJoin(document.section_trail(), " / "));
  line("dateline", document.dateline());
  line("published", document.published());
  line("language", document.language());
  line("reported by", absl::StrJoin(document.attribution_chain(), " ← "));
  line("type",
       Joined({document.content_type(), document.charset(), std::to_string(document.content_size_bytes()) + " bytes"}));
  line("extraction", Word(v1::ExtractionStatus_Name(document.extraction_status()), "EXTRACTION_STATUS_"));
  if (document.has_accept_time()) line("accepted", google::protobuf::util::TimeUtil::ToString(document.accept_time()));
  for (const v1::Sighting& sighting : document.sightings()) {
    line("seen", Joined({sighting.url().empty() ? "without URL" : sighting.url(),
                         std::to_string(sighting.count()) + " time(s)"}));
  }
  line("supersedes", document.supersedes());
  line("superseded", document.superseded_by());
  for (const std::string& incident : document.incidents()) line("incident", incident);
}

}  // namespace interdict::cli
