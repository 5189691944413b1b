// What was done about it, when, which offence, and how far it came.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <span>

#include "absl/strings/str_cat.h"
#include "services/ingest/pipeline/assemble/facts.h"

namespace interdict::pipeline {
namespace {

std::string NameOf(const DraftView& view, int participant) {
  return participant < 0
             ? std::string()
             : PartyName(view.reading, view.reading.coreference.participants[static_cast<size_t>(participant)]);
}

bool IsListed(const v1::IncidentFacts& facts, const std::string& name) {
  return std::any_of(facts.parties().begin(), facts.parties().end(),
                     [&](const v1::Party& p) { return p.name() == name; });
}

// The dates of a sentence; dates lie in text order.
std::span<const DateMention> DatesIn(const DraftView& view, uint32_t sentence) {
  const auto& all = view.reading.dates;
  const auto first = std::lower_bound(all.begin(), all.end(), sentence,
                                      [](const DateMention& d, uint32_t s) { return d.sentence < s; });
  auto last = first;
  while (last != all.end() && last->sentence == sentence) ++last;
  return {first, last};
}

// The date nearest to the trigger in its sentence, outside the reason given.
const DateMention* DateNear(const DraftView& view, const Frame& f) {
  constexpr uint32_t kReachBytes = 120;
  const uint32_t at = view.reading.text.tokens[f.trigger.first_token].begin;
  const DateMention* best = nullptr;
  uint32_t best_distance = kReachBytes;
  for (const DateMention& d : DatesIn(view, f.trigger.sentence)) {
    if (d.sentence != f.trigger.sentence || (d.begin >= f.reason_begin && d.begin < f.reason_end)) continue;
    const uint32_t distance = d.begin > at ? d.begin - at : at - d.begin;
    if (distance >= best_distance) continue;
    best = &d;
    best_distance = distance;
  }
  return best;
}

// Whether the frame is told inside the reason for another: what was done to somebody else, in another case.
bool IsInsideReason(const DraftView& view, const Frame& f) {
  const uint32_t at = view.reading.text.tokens[f.trigger.first_token].begin;
  const auto& frames = view.In(f.trigger.sentence).frames;
  return std::any_of(frames.begin(), frames.end(),
                     [&](const Frame* other) { return at >= other->reason_begin && at < other->reason_end; });
}

void AddFieldEvidence(v1::IncidentFacts* facts, const char* path, v1::Evidence evidence, float confidence,
                      v1::Derivation derivation) {
  v1::FieldEvidence* field = facts->add_field_evidence();
  field->set_path(path);
  *field->add_evidence() = std::move(evidence);
  field->set_confidence(confidence);
  field->set_derivation(derivation);
}

// How well a date tells when the incident took place, by what stands nearest to it in its sentence: the act and its
// discovery before what came of it, and anything before the telling ("reports indicated this week").
double DateWeight(const DraftView& view, const DateMention& date, v1::TimeBasis* basis) {
  double best = 0;
  double nearest_say = 1e9;
  double nearest_event = 1e9;
  for (const Frame* f : view.In(date.sentence).frames) {
    if (f->trigger.sentence != date.sentence || f->status != v1::ACTION_STATUS_DONE) continue;
    const double at = view.reading.text.tokens[f->trigger.first_token].begin;
    const double distance = std::abs(at - date.begin);
    if (f->kind == FrameKind::kSay) {
      nearest_say = std::min(nearest_say, distance);
      continue;
    }
    nearest_event = std::min(nearest_event, distance);
    double weight = 3;
    v1::TimeBasis of = v1::TIME_BASIS_ACT;
    if (f->kind == FrameKind::kAction) {
      const bool found = f->action == v1::ACTION_TYPE_SEIZURE || f->action == v1::ACTION_TYPE_INTERDICTION;
      weight = found ? 3.2 : f->action == v1::ACTION_TYPE_ARREST ? 2.2 : 1.5;
      of = found ? v1::TIME_BASIS_DETECTION : v1::TIME_BASIS_RESPONSE;
    }
    weight -= std::min(1.0, distance / 200);
    if (weight <= best) continue;
    best = weight;
    *basis = of;
  }
  if (nearest_say * 1.5 < nearest_event) best *= 0.3;
  return best;
}

}  // namespace

void BuildActions(const DraftView& view, v1::IncidentFacts* facts) {
  for (const Frame* f : view.frames) {
    if (f->kind != FrameKind::kAction || IsInsideReason(view, *f)) continue;
    const std::string authority = NameOf(view, f->agent);
    const std::string target = NameOf(view, f->patient);
    v1::Action* action = nullptr;
    for (v1::Action& a : *facts->mutable_actions())
      if (a.type() == f->action && a.status() == f->status &&
          (a.target().empty() || target.empty() || a.target() == target))
        action = &a;
    if (action == nullptr) {
      constexpr int kMaxActions = 64;
      if (facts->actions_size() >= kMaxActions) continue;
      action = facts->add_actions();
      action->set_type(f->action);
      action->set_status(f->status);
    }
    if (action->authority().empty() && IsListed(*facts, authority)) action->set_authority(authority);
    if (action->target().empty() && IsListed(*facts, target)) action->set_target(target);
    Support(action, view.reading.CiteTrigger(f->trigger), f->by_verb ? 0.8F : 0.65F, v1::DERIVATION_INFERRED);
    if (f->reason_end > f->reason_begin && action->reason().empty()) {
      const v1::Evidence reason = view.reading.Cite(f->reason_begin, f->reason_end);
      action->set_reason(reason.quote());
      Support(action, reason, action->confidence(), v1::DERIVATION_INFERRED);
    }
    const DateMention* date = DateNear(view, *f);
    if (date != nullptr && action->date().empty()) {
      action->set_date(date->edtf);
      Support(action, view.reading.Cite(date->begin, date->end), action->confidence(), v1::DERIVATION_INFERRED);
    }
  }
}

void BuildTimes(const DraftView& view, v1::IncidentFacts* facts) {
  const DateMention* best = nullptr;
  double best_weight = 0;
  v1::TimeBasis best_basis = v1::TIME_BASIS_ACT;
  for (const DateMention& d : view.reading.dates) {
    if (!view.Has(d.sentence)) continue;
    v1::TimeBasis basis = v1::TIME_BASIS_RESPONSE;
    double weight = DateWeight(view, d, &basis) + 0.2;
    if (d.edtf.find('/') != std::string::npos && !d.relative) weight += 0.8;
    for (const Mention* m : view.In(d.sentence).mentions)
      if (m->kind == MentionKind::kLegal && m->sentence == d.sentence) {
        weight -= 2;  // dates of laws
        break;
      }
    if (view.reading.page.blocks[view.reading.text.sentences[d.sentence].block].kind == BlockKind::kTitle)
      weight -= 0.5;
    if (d.edtf == view.reading.published) weight -= 1.5;
    if (d.start > view.reading.published && !view.reading.published.empty()) weight -= 5;
    if (weight <= best_weight) continue;
    best = &d;
    best_weight = weight;
    best_basis = basis;
  }
  if (best != nullptr) {
    v1::TimeFact* occurred = facts->mutable_occurred();
    occurred->set_edtf(best->edtf);
    occurred->set_start(best->start);
    occurred->set_end(best->last);
    occurred->set_basis(best_basis);
    Support(occurred, view.reading.Cite(best->begin, best->end), 0.7F,
            best->relative ? v1::DERIVATION_NORMALISED : v1::DERIVATION_STATED);
  }
  // Disclosed: the publication, to the month, where the text itself shows the date or speaks of it.
  std::string start;
  std::string last;
  if (view.reading.published.empty() || !EdtfBounds(view.reading.published, &start, &last) || !view.draft.main) return;
  for (const DateMention& d : view.reading.dates) {
    if (d.start > last || d.last < start || d.start.empty()) continue;
    v1::TimeFact* disclosed = facts->mutable_disclosed();
    disclosed->set_edtf(view.reading.published.substr(0, 7));
    EdtfBounds(disclosed->edtf(), &start, &last);
    disclosed->set_start(start);
    disclosed->set_end(last);
    disclosed->set_basis(v1::TIME_BASIS_PUBLICATION);
    Support(disclosed, view.reading.Cite(d.begin, d.end), 0.7F, v1::DERIVATION_NORMALISED);
    return;
  }
}

void BuildOffences(const DraftView& view, v1::IncidentFacts* facts) {
  std::map<std::string, std::pair<double, std::vector<v1::Evidence>>> votes;
  for (const Mention* m : view.mentions) {
    if (m->kind != MentionKind::kGoods || m->offence.empty()) continue;
    auto& [score, evidence] = votes[m->offence];
    score += m->offence == "OTHER_SMUGGLING" ? 0.4 : 1;
    evidence.push_back(view.reading.CiteMention(*m));
  }
  std::vector<v1::Evidence> sanctions;
  for (const TriggerHit& t : view.reading.mentions.triggers) {
    if (!view.Has(t.sentence)) continue;
    if (t.entry->kind == "sanction") sanctions.push_back(view.reading.CiteTrigger(t));
    if (t.entry->kind != "offence") continue;
    auto& [score, evidence] = votes[t.entry->value];
    score += t.entry->value == "COUNTERFEIT_GOODS" ? 1.5 : 2;
    evidence.push_back(view.reading.CiteTrigger(t));
  }
  std::string best;
  for (const auto& [offence, vote] : votes)
    if (best.empty() || vote.first > votes[best].first) best = offence;
  const bool weak = best.empty() || best == "EXCISE_SMUGGLING" || best == "OTHER_SMUGGLING";
  if (!sanctions.empty() && (weak ? sanctions.size() >= 1 : best == "PROLIFERATION" && sanctions.size() >= 3)) {
    auto& [score, evidence] = votes["SANCTIONS_EVASION"];
    evidence.insert(evidence.end(), sanctions.begin(), sanctions.end());
    if (weak) best = "SANCTIONS_EVASION";
    score = votes[best].first;
  }
  for (const auto& [offence, vote] : votes) {
    if (offence != best && !(offence == "SANCTIONS_EVASION" && vote.first > 0)) continue;
    v1::Offence value = v1::OFFENCE_UNSPECIFIED;
    if (!v1::Offence_Parse(absl::StrCat("OFFENCE_", offence), &value)) continue;
    v1::OffenceFact* fact = facts->add_offences();
    fact->set_offence(value);
    for (const v1::Evidence& e : vote.second) Support(fact, e, 0.75F, v1::DERIVATION_INFERRED);
  }
}

void BuildStage(const DraftView& view, v1::IncidentFacts* facts) {
  std::map<v1::Stage, double> score;
  std::map<v1::Stage, v1::Evidence> proof;
  const auto vote = [&](v1::Stage stage, double weight, const TriggerHit& trigger) {
    score[stage] += weight;
    proof.try_emplace(stage, view.reading.CiteTrigger(trigger));
  };
  bool seized = false;
  for (const Frame* f : view.frames) {
    if (f->status != v1::ACTION_STATUS_DONE) continue;
    const std::string& value = f->trigger.entry->value;
    if (f->kind == FrameKind::kStage) {
      if (value == "FOILED") vote(v1::STAGE_FOILED, 4, f->trigger);
      if (value == "COMPLETED") vote(v1::STAGE_COMPLETED, 1.5, f->trigger);
      if (value == "ATTEMPTED") vote(v1::STAGE_ATTEMPTED, 0.5, f->trigger);
      if (value == "PLANNED") vote(v1::STAGE_PLANNED, 0.4, f->trigger);
    } else if (f->kind == FrameKind::kAct && value == "MOVE" && f->trigger.entry->extra == "verb:past") {
      vote(v1::STAGE_COMPLETED, 0.8, f->trigger);
    } else if (f->kind == FrameKind::kAction) {
      const bool found = f->action == v1::ACTION_TYPE_SEIZURE || f->action == v1::ACTION_TYPE_INTERDICTION;
      if (found) vote(v1::STAGE_FOILED, seized ? 0.4 : 2.2, f->trigger);
      seized |= found;
      const bool late = f->action == v1::ACTION_TYPE_PLEA || f->action == v1::ACTION_TYPE_CONVICTION ||
                        f->action == v1::ACTION_TYPE_DESIGNATION || f->action == v1::ACTION_TYPE_EXTRADITION;
      if (late) vote(v1::STAGE_COMPLETED, 1.5, f->trigger);
    }
  }
  v1::Stage best = v1::STAGE_UNKNOWN;
  for (const auto& [stage, points] : score)
    if (best == v1::STAGE_UNKNOWN || points > score[best]) best = stage;
  facts->set_stage(best);
  AddFieldEvidence(facts, "stage",
                   best == v1::STAGE_UNKNOWN ? view.reading.CiteSentence(view.draft.sentences[0]) : proof[best],
                   best == v1::STAGE_UNKNOWN ? 0.4F : 0.7F, v1::DERIVATION_INFERRED);
}

void BuildTitleAndSummary(const DraftView& view, v1::IncidentFacts* facts) {
  const Reading& r = view.reading;
  std::vector<std::pair<double, uint32_t>> scored;
  uint32_t title_sentence = view.draft.sentences[0];
  for (uint32_t s : view.draft.sentences) {
    if (r.page.blocks[r.text.sentences[s].block].kind == BlockKind::kTitle) continue;
    double score = 0;
    for (const Frame* f : view.In(s).frames)
      if (f->trigger.sentence == s && f->kind != FrameKind::kSay)
        score += f->status == v1::ACTION_STATUS_DONE ? 1 : 0.3;
    for (const Mention* m : view.In(s).mentions)
      if (m->sentence == s) score += m->kind == MentionKind::kGoods ? 0.8 : 0.3;
    const uint32_t length = r.text.sentences[s].end - r.text.sentences[s].begin;
    if (length > 600) score *= 0.5;
    scored.emplace_back(score, s);
  }
  std::stable_sort(scored.begin(), scored.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  if (!scored.empty()) title_sentence = scored[0].second;
  scored.resize(std::min<size_t>(scored.size(), 3));
  std::sort(scored.begin(), scored.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  v1::FieldEvidence summary;
  for (const auto& [score, s] : scored) {
    const v1::Evidence e = r.CiteSentence(s);
    facts->set_summary(absl::StrCat(facts->summary(), facts->summary().empty() ? "" : " ", e.quote()));
    *summary.add_evidence() = e;
  }
  const size_t headline = view.draft.main && !r.page.title.empty() ? r.page.text.find(r.page.title) : std::string::npos;
  const v1::Evidence title =
      headline == std::string::npos
          ? r.CiteSentence(title_sentence)
          : r.Cite(static_cast<uint32_t>(headline), static_cast<uint32_t>(headline + r.page.title.size()));
  facts->set_title(title.quote());
  AddFieldEvidence(facts, "title", title, 0.8F, v1::DERIVATION_STATED);
  if (summary.evidence_size() == 0) {
    facts->set_summary(title.quote());
    *summary.add_evidence() = title;
  }
  summary.set_path("summary");
  summary.set_confidence(0.8F);
  summary.set_derivation(v1::DERIVATION_STATED);
  *facts->add_field_evidence() = std::move(summary);
}

}  // namespace interdict::pipeline
