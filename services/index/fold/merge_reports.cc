#include "services/index/fold/merge_reports.h"

#include <algorithm>
#include <string>

#include "services/index/fold/merge_actions.h"
#include "services/index/fold/merge_claims.h"
#include "services/index/fold/merge_conveyances.h"
#include "services/index/fold/merge_corrections.h"
#include "services/index/fold/merge_dates.h"
#include "services/index/fold/merge_goods.h"
#include "services/index/fold/merge_headlines.h"
#include "services/index/fold/merge_lists.h"
#include "services/index/fold/merge_parties.h"
#include "services/index/fold/merge_places.h"
#include "services/index/fold/merge_sources.h"
#include "services/index/fold/merge_standing.h"
#include "services/index/fold/merge_support.h"
#include "services/index/fold/merge_verification.h"

namespace interdict::index {
namespace {

using internal::v1::StoredReport;
using v1::IncidentFacts;

// What the groups of one list became: the index in the record of each value of each telling.
void MoveActions(const std::vector<int>& order, Groups* actions) {
  for (std::vector<int>& telling : actions->place) {
    for (int& place : telling) place = order[place];
  }
}

void MergeFacts(const Tellings& tellings, uint32_t origins, IncidentFacts* into) {
  Corrections corrections(&tellings);
  MergeTitleAndSummary(tellings, into);
  MergeStage(tellings, into);
  MergeOccurred(tellings, &corrections, into);
  MergeDisclosed(tellings, into);
  const MergedParties parties = MergeParties(tellings, into);
  Groups actions = MergeActions(tellings, parties.names, into);
  MoveActions(OrderTimeline(into), &actions);
  for (size_t p = 0; p < parties.groups.members.size(); ++p) {
    const auto members = MembersOf(
        tellings, parties.groups.members[p], [](const IncidentFacts& f) -> const auto& { return f.parties(); });
    MergeStanding(tellings, members, into->actions(), into->mutable_parties(static_cast<int>(p)));
  }
  ValuePlaces places;
  places["offences"] = MergeOffences(tellings, into).place;
  places["actions"] = std::move(actions.place);
  places["places"] = MergePlaces(tellings, into).place;
  places["parties"] = parties.groups.place;
  places["goods"] = MergeGoods(tellings, &corrections, into).place;
  places["conveyances"] = MergeConveyances(tellings, into).place;
  places["legal_basis"] = MergeLegalBasis(tellings, into).place;
  MergeClaims(tellings, parties.names, places, into);
  MergeVerification(tellings, origins, into);
}

}  // namespace

uint32_t CountOrigins(const std::vector<StoredReport>& reports) {
  const std::vector<uint32_t> origins = FindOrigins(reports);
  return *std::max_element(origins.begin(), origins.end());
}

v1::Incident MergeReports(const std::vector<StoredReport>& reports) {
  const std::vector<uint32_t> origins = FindOrigins(reports);
  v1::Incident incident;
  MergeFacts(MakeTellings(reports, origins), *std::max_element(origins.begin(), origins.end()),
             incident.mutable_facts());
  for (size_t i = 0; i < reports.size(); ++i) {
    v1::Source* source = incident.add_sources();
    *source = reports[i].source();
    source->set_origin(origins[i]);
  }
  return incident;
}

}  // namespace interdict::index
