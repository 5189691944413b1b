#include "services/index/fold/merge_headlines.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "services/index/engine/schema/date_span.h"

namespace interdict::index {
namespace {

using v1::IncidentFacts;

int SpecificityOf(const IncidentFacts& facts) {
  int specific = facts.goods_size() + facts.conveyances_size() + facts.actions_size() + facts.legal_basis_size();
  for (const v1::Party& party : facts.parties()) specific += party.named() ? 1 : 0;
  for (const v1::Place& place : facts.places()) specific += place.name().empty() ? 0 : 1;
  const auto span = ParseDaySpan(facts.occurred().edtf());
  return specific + (span && span->first == span->last ? 1 : 0);
}

// Tellings, the best first.
std::vector<int> BestFirst(const Tellings& tellings) {
  std::vector<int> specific;
  std::vector<int> order;
  for (size_t t = 0; t < tellings.size(); ++t) {
    specific.push_back(SpecificityOf(*tellings[t].facts));
    order.push_back(static_cast<int>(t));
  }
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return std::make_tuple(-specific[a], tellings[a].grade) < std::make_tuple(-specific[b], tellings[b].grade);
  });
  return order;
}

// Adds what the facts have on `path` to the merged field evidence of that path.
void AddFieldEvidence(const IncidentFacts& from, const std::string& path, IncidentFacts* into) {
  for (const v1::FieldEvidence& evidence : from.field_evidence()) {
    if (evidence.path() != path) continue;
    auto* all = into->mutable_field_evidence();
    auto there = std::find_if(all->begin(), all->end(), [&](const auto& other) { return other.path() == path; });
    if (there == all->end()) {
      *all->Add() = evidence;
      continue;
    }
    AddEvidence(evidence.evidence(), there->mutable_evidence());
    if (evidence.confidence() > there->confidence()) {
      there->set_confidence(evidence.confidence());
      there->set_derivation(evidence.derivation());
    }
  }
}

bool IsToldStage(v1::Stage stage) { return stage != v1::STAGE_UNSPECIFIED && stage != v1::STAGE_UNKNOWN; }

bool IsOutcome(v1::Stage stage) { return stage == v1::STAGE_FOILED || stage == v1::STAGE_COMPLETED; }

// Better in what it tells, then in support.
bool IsBetterStage(v1::Stage a, const Support& support_a, v1::Stage b, const Support& support_b) {
  if (IsToldStage(a) != IsToldStage(b)) return IsToldStage(a);
  if (IsOutcome(a) != IsOutcome(b)) return IsOutcome(a);
  return IsBetter(support_a, support_b);
}

void AddStageAlternative(const IncidentFacts& from, IncidentFacts* into) {
  auto* all = into->mutable_field_evidence();
  auto there = std::find_if(all->begin(), all->end(), [](const auto& other) { return other.path() == "stage"; });
  if (there == all->end()) {
    there = all->begin() + all->size();
    v1::FieldEvidence* fresh = all->Add();
    fresh->set_path("stage");
    there = all->end() - 1;
  }
  for (const v1::FieldEvidence& evidence : from.field_evidence()) {
    if (evidence.path() != "stage") continue;
    AddAlternative("", v1::Stage_Name(from.stage()), evidence.confidence(), evidence.evidence(),
                   there->mutable_alternatives());
  }
}

}  // namespace

void MergeTitleAndSummary(const Tellings& tellings, IncidentFacts* into) {
  const std::vector<int> order = BestFirst(tellings);
  for (int t : order) {
    const IncidentFacts& facts = *tellings[t].facts;
    if (into->title().empty()) into->set_title(facts.title());
    if (into->summary().empty()) into->set_summary(facts.summary());
  }
  for (int t : order) {
    const IncidentFacts& facts = *tellings[t].facts;
    if (!facts.title().empty() && facts.title() == into->title()) AddFieldEvidence(facts, "title", into);
    if (!facts.summary().empty() && facts.summary() == into->summary()) AddFieldEvidence(facts, "summary", into);
  }
}

void MergeStage(const Tellings& tellings, IncidentFacts* into) {
  std::map<v1::Stage, std::vector<int>> told_by;
  for (size_t t = 0; t < tellings.size(); ++t) {
    const v1::Stage stage = tellings[t].facts->stage();
    if (stage != v1::STAGE_UNSPECIFIED) told_by[stage].push_back(static_cast<int>(t));
  }
  if (told_by.empty()) return;
  auto best = told_by.begin();
  for (auto it = std::next(best); it != told_by.end(); ++it) {
    if (IsBetterStage(it->first, SupportOf(tellings, it->second), best->first, SupportOf(tellings, best->second))) {
      best = it;
    }
  }
  into->set_stage(best->first);
  for (int t : best->second) AddFieldEvidence(*tellings[t].facts, "stage", into);
  for (const Telling& telling : tellings) {
    if (IsToldStage(telling.facts->stage()) && telling.facts->stage() != best->first) {
      AddStageAlternative(*telling.facts, into);
    }
  }
}

}  // namespace interdict::index
