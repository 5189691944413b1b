#include "services/index/fold/build_incident.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "services/index/fold/merge_reports.h"

namespace interdict::index {
namespace {

using google::protobuf::FieldDescriptor;
using internal::v1::StoredIncidentJudgement;
using v1::IncidentFacts;

void ReplaceField(const std::string& name, const IncidentFacts& from, IncidentFacts* into) {
  const FieldDescriptor* field = IncidentFacts::descriptor()->FindFieldByName(name);
  if (field == nullptr) return;
  IncidentFacts only = from;
  const auto* reflection = only.GetReflection();
  for (int i = 0; i < IncidentFacts::descriptor()->field_count(); ++i) {
    const FieldDescriptor* other = IncidentFacts::descriptor()->field(i);
    if (other != field) reflection->ClearField(&only, other);
  }
  reflection->ClearField(into, field);
  into->MergeFrom(only);
}

// Evidence of a scalar that a person has replaced says nothing about the new value.
void DropFieldEvidence(const std::string& name, IncidentFacts* facts) {
  auto* all = facts->mutable_field_evidence();
  all->erase(std::remove_if(all->begin(), all->end(), [&](const auto& evidence) { return evidence.path() == name; }),
             all->end());
}

// A claim about elements of a list that was replaced becomes one about the list.
void WidenClaims(const std::string& name, IncidentFacts* facts) {
  const std::string prefix = name + "[";
  for (v1::Claim& claim : *facts->mutable_claims()) {
    std::set<std::string> seen;
    std::vector<std::string> paths;
    for (const std::string& path : claim.paths()) {
      const std::string& wide = path.rfind(prefix, 0) == 0 ? name : path;
      if (seen.insert(wide).second) paths.push_back(wide);
    }
    claim.clear_paths();
    for (std::string& path : paths) claim.add_paths(std::move(path));
  }
}

}  // namespace

bool IsCorrectable(const std::string& field) {
  static constexpr std::array<std::string_view, 11> kFields = {"title",   "summary",  "offences",   "stage",
                                                               "actions", "occurred", "disclosed",  "places",
                                                               "parties", "goods",    "conveyances"};
  return field == "legal_basis" || std::find(kFields.begin(), kFields.end(), field) != kFields.end();
}

v1::Incident BuildIncident(const std::vector<internal::v1::StoredReport>& reports,
                           const std::vector<StoredIncidentJudgement>& judgements) {
  v1::Incident incident = MergeReports(reports);
  incident.set_state(v1::Incident::STATE_ACTIVE);
  IncidentFacts* facts = incident.mutable_facts();
  std::map<std::string, const StoredIncidentJudgement*> last_of;  // by corrected field
  for (const StoredIncidentJudgement& judgement : judgements) {
    for (const std::string& field : judgement.note().fields()) last_of[field] = &judgement;
  }
  for (const auto& [field, judgement] : last_of) {
    ReplaceField(field, judgement->facts(), facts);
    DropFieldEvidence(field, facts);
    WidenClaims(field, facts);
  }
  for (const StoredIncidentJudgement& judgement : judgements) {
    v1::JudgementNote* note = incident.add_judgements();
    *note = judgement.note();
    const bool corrects = note->fields_size() > 0;
    const bool holds = std::any_of(note->fields().begin(), note->fields().end(),
                                   [&](const std::string& field) { return last_of[field] == &judgement; });
    if (corrects && !holds) note->set_overruled(true);
    // An analyst who has checked the record vouches for it: the first grade of the Admiralty scale.
    if (note->kind() == "confirm") facts->mutable_verification()->set_credibility(v1::CREDIBILITY_1);
  }
  return incident;
}

}  // namespace interdict::index
