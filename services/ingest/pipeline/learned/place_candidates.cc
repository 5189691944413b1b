#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/pipeline/learned/candidates.h"
#include "services/ingest/pipeline/learned/surroundings.h"

namespace interdict::pipeline {
namespace {

constexpr std::array<std::pair<v1::PlaceRole, const char*>, 4> kRoles = {{{v1::PLACE_ROLE_ORIGIN, "origin"},
                                                                          {v1::PLACE_ROLE_TRANSIT, "transit"},
                                                                          {v1::PLACE_ROLE_DESTINATION, "destination"},
                                                                          {v1::PLACE_ROLE_LOCATION, "location"}}};

// What follows an adjective of origin: goods, a party, a means of transport.
std::string CarriedBy(const DraftView& view, const Mention& m) {
  for (const Mention* other : view.In(m.sentence).mentions) {
    if (other == &m || other->kind == MentionKind::kPlace) continue;
    const bool holds = other->first_token <= m.first_token && m.end_token <= other->end_token;
    const bool follows = other->first_token >= m.end_token && other->first_token <= m.end_token + 1;
    if (!holds && !follows) continue;
    switch (other->kind) {
      case MentionKind::kGoods:
        return "goods";
      case MentionKind::kConveyance:
        return "carrier";
      case MentionKind::kParty:
        return absl::StrCat("party:", v1::PartyKind_Name(other->party_kind), ":", other->role_hint);
      default:
        break;
    }
  }
  return "none";
}

void DescribeMention(const DraftView& view, const Surroundings& around, const Mention& m, Features& f) {
  for (const std::string& told : around.Tells(m.sentence)) f.Add(absl::StrCat("s:", told));
  if (m.kind == MentionKind::kParty) {
    f.Add(absl::StrCat("party:", m.role_hint));
    if (around.TriggerAfter(m.first_token).rfind("action", 0) == 0) f.Add("party:acts");
    return;
  }
  const std::string kind = m.entry == nullptr ? "other" : m.entry->kind;
  f.Add(absl::StrCat("kind:", kind));
  if (m.is_demonym) {
    const std::string carried = CarriedBy(view, m);
    f.Add(absl::StrCat("d:", carried));
    return;
  }
  f.Add("name");
  const auto [near, far] = around.PrepositionsBefore(m.first_token);
  const std::string before = around.TriggerBefore(m.first_token);
  f.Add(absl::StrCat("p:", near));
  f.Add(absl::StrCat("p:", near, "<", far));
  f.Add(absl::StrCat("g:", before));
  f.Add(absl::StrCat("p:", near, "|g:", before));
  f.Add(absl::StrCat("next:", around.Closed(m.end_token, m.sentence)));
  f.Add(absl::StrCat("last:", around.Closed(static_cast<int64_t>(m.first_token) - 1, m.sentence)));
  for (const std::string& told : around.Tells(m.sentence))
    if (near != "-") f.Add(absl::StrCat("p:", near, "|s:", told));
  for (const TriggerHit& t : view.In(m.sentence).triggers)
    if (t.entry->kind == "place" && t.end_token <= m.first_token && m.first_token - t.end_token < 6)
      f.Add(absl::StrCat("cue:", t.entry->value, t.end_token - t.first_token > 1 ? "+" : ""));
}

// What the rules found, for this code and for others.
void DescribeRules(const v1::IncidentFacts& facts, const std::string& code, Features& f) {
  std::set<std::string> own;
  for (const auto& [role, name] : kRoles) {
    bool mine = false;
    bool any = false;
    for (const v1::Place& p : facts.places()) {
      if (p.role() != role) continue;
      any = true;
      if (p.country_code() != code && p.region_code() != code) continue;
      mine = true;
      f.Add(absl::StrCat("rule:", name, p.derivation() == v1::DERIVATION_INFERRED ? ":inferred" : ":told"));
      f.Add(absl::StrCat("sure:", name), p.confidence());
    }
    if (mine) own.insert(name);
    f.Add(absl::StrCat("rule:", name, mine ? ":mine" : any ? ":other" : ":none"));
  }
  std::string all = "rules";
  for (const std::string& name : own) absl::StrAppend(&all, ":", name);
  f.Add(all);
}

}  // namespace

std::vector<PlaceCandidate> PlaceCandidates(const DraftView& view, const v1::IncidentFacts& facts) {
  const Surroundings around(view);
  std::map<std::string, std::vector<const Mention*>> by_code;
  std::vector<std::string> order;
  size_t total = 0;
  for (const Mention* m : view.mentions) {
    const bool place = m->kind == MentionKind::kPlace;
    if ((!place && m->kind != MentionKind::kParty) || m->codes.empty()) continue;
    const std::string& code = m->codes[0];
    if (!place && (code.size() != 2 || !absl::ascii_isupper(static_cast<unsigned char>(code[0])))) continue;
    if (by_code.count(code) == 0) order.push_back(code);
    by_code[code].push_back(m);
    ++total;
  }
  std::set<std::string> actions;
  for (const Frame* f : view.frames)
    if (f->kind == FrameKind::kAction && f->status == v1::ACTION_STATUS_DONE)
      actions.insert(v1::ActionType_Name(f->action).substr(std::string("ACTION_TYPE_").size()));
  std::vector<PlaceCandidate> out;
  for (auto& [code, mentions] : by_code) {
    PlaceCandidate c{code, std::move(mentions), {}};
    for (const Mention* m : c.mentions) DescribeMention(view, around, *m, c.features);
    DescribeRules(facts, code, c.features);
    const float share = static_cast<float>(c.mentions.size()) / static_cast<float>(total);
    c.features.Add("share", share);
    c.features.Add(share > 0.5F ? "share:most" : share > 0.25F ? "share:much" : "share:little");
    if (c.mentions.size() == 1) c.features.Add("once");
    if (code.size() != 2) c.features.Add("region");
    if (code == "XZ") c.features.Add("sea");
    if (by_code.size() == 1) c.features.Add("alone");
    if (by_code.size() > 6) c.features.Add("many");
    const auto rank = std::find(order.begin(), order.end(), code) - order.begin();
    c.features.Add(absl::StrCat("rank:", std::min<int64_t>(rank, 3)));
    for (const char* action : {"SEIZURE", "INTERDICTION", "ARREST", "SENTENCE", "CHARGE", "DESIGNATION", "EXPULSION"})
      if (actions.count(action) > 0) c.features.Add(absl::StrCat("all:", action));
    out.push_back(std::move(c));
  }
  return out;
}

}  // namespace interdict::pipeline
