#include <algorithm>
#include <array>
#include <map>

#include "absl/strings/str_cat.h"
#include "services/ingest/pipeline/assemble/party_votes.h"
#include "services/ingest/pipeline/learned/candidates.h"
#include "services/ingest/pipeline/learned/surroundings.h"

namespace interdict::pipeline {
namespace {

std::string Bucket(double votes) {
  return votes <= 0 ? "0" : votes < 2 ? "1" : votes < 3 ? "2" : votes < 5 ? "3" : "5";
}

void DescribeMention(const DraftView& view, const Surroundings& around, const Mention& m, Features& f) {
  for (const std::string& told : around.Tells(m.sentence)) f.Add(absl::StrCat("s:", told));
  const auto [near, far] = around.PrepositionsBefore(m.first_token);
  const std::string before = around.TriggerBefore(m.first_token);
  const std::string after = around.TriggerAfter(m.end_token);
  f.Add(absl::StrCat("p:", near));
  f.Add(absl::StrCat("b:", before));
  f.Add(absl::StrCat("a:", after));
  f.Add(absl::StrCat("p:", near, "|b:", before));
  const std::string last = around.Closed(static_cast<int64_t>(m.first_token) - 1, m.sentence);
  const std::string next = around.Closed(m.end_token, m.sentence);
  f.Add(absl::StrCat("last:", last));
  f.Add(absl::StrCat("next:", next));
  f.Add(absl::StrCat("next:", next, "|a:", after));
  f.Add(absl::StrCat("source:", static_cast<int>(m.source)));
  if (m.age_years > 0) f.Add("age");
  if (!m.position.empty()) f.Add("position");
  if (m.definite) f.Add("definite");
  if (!m.codes.empty()) f.Add("state");
  for (const TriggerHit& t : view.In(m.sentence).triggers)
    if ((t.entry->kind == "benefit" || t.entry->kind == "purpose") && t.end_token <= m.first_token &&
        m.first_token - t.end_token < 5)
      f.Add(absl::StrCat("cue:", t.entry->kind));
}

using FramesByParticipant = std::map<int, std::vector<const Frame*>>;

// The frames that each participant acts in or is the target of, so that a long text costs no frames times parties.
FramesByParticipant SortFrames(const DraftView& view) {
  FramesByParticipant sorted;
  for (const Frame* frame : view.frames) {
    if (frame->agent >= 0) sorted[frame->agent].push_back(frame);
    if (frame->patient >= 0 && frame->patient != frame->agent) sorted[frame->patient].push_back(frame);
  }
  return sorted;
}

void DescribeFrames(const FramesByParticipant& frames, int participant, Features& f) {
  const auto own = frames.find(participant);
  if (own == frames.end()) return;
  for (const Frame* frame : own->second) {
    std::string what = "act";
    if (frame->kind == FrameKind::kAction) what = v1::ActionType_Name(frame->action);
    if (frame->kind == FrameKind::kSay) what = "say";
    if (frame->kind == FrameKind::kStage) what = "stage";
    const char* part = frame->agent == participant ? "agent" : "patient";
    f.Add(absl::StrCat(part, ":", what, frame->status == v1::ACTION_STATUS_DONE ? "" : "?"));
    f.Add(absl::StrCat(part, frame->by_verb ? ":verb" : ":noun", frame->passive ? ":passive" : ""));
  }
}

}  // namespace

std::vector<PartyCandidate> PartyCandidates(const DraftView& view, const v1::IncidentFacts& facts) {
  const Surroundings around(view);
  const std::map<int, Votes> votes = CountVotes(view);
  const FramesByParticipant frames = SortFrames(view);
  std::map<int, std::vector<const Mention*>> mentions;
  for (const Mention* m : view.mentions)
    if (m->kind == MentionKind::kParty && view.ParticipantIndex(*m) >= 0)
      mentions[view.ParticipantIndex(*m)].push_back(m);
  std::array<int, v1::PartyRole_ARRAYSIZE> by_role{};
  for (const v1::Party& p : facts.parties()) ++by_role[static_cast<size_t>(p.role())];
  std::vector<PartyCandidate> out;
  for (const auto& [index, own] : mentions) {
    const Participant& p = view.reading.coreference.participants[static_cast<size_t>(index)];
    PartyCandidate c{index, {}};
    Features& f = c.features;
    for (const Mention* m : own) DescribeMention(view, around, *m, f);
    DescribeFrames(frames, index, f);
    const std::string kind = v1::PartyKind_Name(p.kind);
    f.Add(absl::StrCat("kind:", kind));
    f.Add(absl::StrCat("hint:", p.role_hint, ":", kind));
    f.Add(absl::StrCat("function:", p.function_hint));
    f.Add(p.named ? "named" : "unnamed");
    f.Add(absl::StrCat(p.named ? "named:" : "unnamed:", kind));
    if (p.generic) f.Add("generic");
    const std::string name = PartyName(view.reading, p);
    f.Add(absl::StrCat("words:", std::min<int64_t>(4, 1 + std::count(name.begin(), name.end(), ' '))));
    f.Add(own.size() == 1 ? "once" : own.size() < 4 ? "twice" : "often");
    std::string rule = "none";
    for (const v1::Party& party : facts.parties())
      if (party.name() == name) {
        rule = v1::PartyRole_Name(party.role()).substr(std::string("PARTY_ROLE_").size());
        f.Add(absl::StrCat("sure:", rule), party.confidence());
      }
    f.Add(absl::StrCat("rule:", rule));
    f.Add(absl::StrCat("rule:", rule, p.named ? ":named:" : ":unnamed:", kind));
    const auto vote = votes.find(index);
    if (vote != votes.end()) {
      f.Add(absl::StrCat("suspect:", Bucket(vote->second.suspect)));
      f.Add(absl::StrCat("authority:", Bucket(vote->second.authority)));
      f.Add(absl::StrCat("source:", Bucket(vote->second.source)));
      f.Add(absl::StrCat("beneficiary:", Bucket(vote->second.beneficiary)));
    }
    f.Add(absl::StrCat("suspects:", std::min(3, by_role[v1::PARTY_ROLE_SUSPECT])));
    f.Add(absl::StrCat("authorities:", std::min(3, by_role[v1::PARTY_ROLE_AUTHORITY])));
    out.push_back(std::move(c));
  }
  return out;
}

}  // namespace interdict::pipeline
