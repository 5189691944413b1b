#include "services/ingest/pipeline/calibrate/calibrate.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/pipeline/knowledge/embedded_files.h"
#include "services/ingest/pipeline/knowledge/table_reader.h"

namespace interdict::pipeline {
namespace {

constexpr char kFile[] = "confidence.tsv";

// The slot names of the scorer: places and parties by role.
std::string SlotOf(const v1::Place& place) {
  return absl::AsciiStrToLower(v1::PlaceRole_Name(place.role()).substr(std::string("PLACE_ROLE_").size()));
}

std::string SlotOf(const v1::Party& party) {
  if (party.kind() == v1::PARTY_KIND_VESSEL || party.kind() == v1::PARTY_KIND_AIRCRAFT) return "vessels";
  switch (party.role()) {
    case v1::PARTY_ROLE_SUSPECT:
      return "suspects";
    case v1::PARTY_ROLE_BENEFICIARY:
      return "beneficiaries";
    case v1::PARTY_ROLE_AUTHORITY:
      return "authorities";
    default:
      return "";
  }
}

bool ParseDerivation(const std::string& cell, v1::Derivation* derivation) {
  if (cell == "any") {
    *derivation = v1::DERIVATION_UNSPECIFIED;
    return true;
  }
  return v1::Derivation_Parse(absl::StrCat("DERIVATION_", absl::AsciiStrToUpper(cell)), derivation);
}

bool ParseProbability(const std::string& cell, float* value) {
  return absl::SimpleAtof(cell, value) && *value >= 0 && *value <= 1;
}

}  // namespace

absl::StatusOr<Calibration> Calibration::Parse(const std::string& content) {
  auto rows = ReadTable(kFile, content, {"slot", "derivation", "stated", "right"});
  if (!rows.ok()) return rows.status();
  Calibration calibration;
  for (const TableRow& row : *rows) {
    v1::Derivation derivation = v1::DERIVATION_UNSPECIFIED;
    float stated = 0;
    float right = 0;
    const auto bad = [&row](const char* what) {
      return absl::InvalidArgumentError(absl::StrCat("knowledge file ", kFile, ", line ", row.line, ": ", what));
    };
    if (!ParseDerivation(row.cells[1], &derivation))
      return bad("the derivation must be any, stated, normalised or inferred");
    if (!ParseProbability(row.cells[2], &stated) || !ParseProbability(row.cells[3], &right))
      return bad("stated and right must be numbers from 0 to 1");
    Knots& knots = calibration.knots_[{row.cells[0], derivation}];
    if (!knots.empty() && (stated <= knots.back().first || right < knots.back().second))
      return bad("the knots of a slot must rise: order them by `stated`, and let `right` never fall");
    knots.emplace_back(stated, right);
  }
  return calibration;
}

absl::StatusOr<Calibration> Calibration::Load(const std::string& folder) {
  if (folder.empty()) {
    for (const EmbeddedFile& file : EmbeddedKnowledgeFiles())
      if (file.name == kFile) return Parse(std::string(file.content));
    return Calibration();
  }
  std::ifstream in(std::filesystem::path(folder) / kFile, std::ios::binary);
  if (!in) return Calibration();
  std::stringstream content;
  content << in.rdbuf();
  return Parse(content.str());
}

float Calibration::Map(const std::string& slot, v1::Derivation derivation, float stated) const {
  auto found = knots_.find({slot, derivation});
  if (found == knots_.end()) found = knots_.find({slot, v1::DERIVATION_UNSPECIFIED});
  if (found == knots_.end()) return stated;
  const Knots& knots = found->second;
  const auto after = std::lower_bound(knots.begin(), knots.end(), stated,
                                      [](const auto& knot, float value) { return knot.first < value; });
  if (after == knots.end()) return knots.back().second;
  if (after == knots.begin()) return after->second;
  const auto before = std::prev(after);
  const float share = (stated - before->first) / (after->first - before->first);
  return before->second + share * (after->second - before->second);
}

void Calibration::Apply(v1::IncidentFacts* facts) const {
  const auto set = [this](const std::string& slot, auto* value) {
    value->set_confidence(Map(slot, value->derivation(), value->confidence()));
  };
  for (v1::OffenceFact& each : *facts->mutable_offences()) set("offences", &each);
  for (v1::Action& each : *facts->mutable_actions()) set("actions", &each);
  for (v1::Place& each : *facts->mutable_places()) set(SlotOf(each), &each);
  for (v1::Party& each : *facts->mutable_parties()) set(SlotOf(each), &each);
  for (v1::Goods& each : *facts->mutable_goods()) set("goods", &each);
  for (v1::LegalBasis& each : *facts->mutable_legal_basis()) set("legal", &each);
  if (facts->has_occurred()) set("occurred", facts->mutable_occurred());
  if (facts->has_verification()) set("verification", facts->mutable_verification());
  for (v1::FieldEvidence& each : *facts->mutable_field_evidence())
    if (each.path() == "stage") set("stage", &each);
}

}  // namespace interdict::pipeline
