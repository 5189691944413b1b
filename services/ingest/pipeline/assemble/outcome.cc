// What was done about it, when, which offence, and how far it came.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <span>

#include "absl/strings/str_cat.h"
#include "services/ingest/pipeline/assemble/facts.h"
#include "services/ingest/pipeline/learned/candidates.h"

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

void SetTime(const DraftView& view, const DateMention& date, v1::TimeBasis basis, float confidence,
             v1::TimeFact* time) {
  time->Clear();
  time->set_edtf(date.edtf);
  time->set_start(date.start);
  time->set_end(date.last);
  time->set_basis(basis);
  Support(time, view.reading.Cite(date.begin, date.end), confidence,
          date.relative ? v1::DERIVATION_NORMALISED : v1::DERIVATION_STATED);
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

namespace {

// The learned decision between the dates, the one that the rules chose among them; none where none is likely enough.
void DecideTime(const DraftView& view, v1::IncidentFacts* facts) {
  const Decisions& decisions = view.reading.knowledge.decisions();
  if (!decisions.Knows("occurred")) return;
  const DateMention* best = nullptr;
  float best_probability = decisions.Threshold("occurred");
  for (const DateCandidate& c : DateCandidates(view, *facts)) {
    const float probability = decisions.Probability("occurred", c.features);
    if (probability < best_probability) continue;
    best = c.date;
    best_probability = probability;
  }
  if (best == nullptr) {
    facts->clear_occurred();
    return;
  }
  if (facts->has_occurred() && facts->occurred().edtf() == best->edtf) {
    facts->mutable_occurred()->set_confidence(best_probability);
    return;
  }
  v1::TimeBasis basis = v1::TIME_BASIS_RESPONSE;
  DateWeight(view, *best, &basis);
  SetTime(view, *best, basis, best_probability, facts->mutable_occurred());
}

}  // namespace

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
  if (best != nullptr) SetTime(view, *best, best_basis, 0.7F, facts->mutable_occurred());
  DecideTime(view, facts);
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

namespace {

// Whether goods were stopped on their way: the sentence speaks of what carries them, of where they were bound, or of
// how they were hidden.
bool IsOnTheWay(const DraftView& view, uint32_t sentence) {
  const auto& in = view.In(sentence);
  const bool carried = std::any_of(in.mentions.begin(), in.mentions.end(), [](const Mention* m) {
    return m->kind == MentionKind::kConveyance || m->party_kind == v1::PARTY_KIND_VESSEL ||
           m->party_kind == v1::PARTY_KIND_AIRCRAFT;
  });
  return carried || std::any_of(in.triggers.begin(), in.triggers.end(), [](const TriggerHit& t) {
           return t.entry->kind == "cover" || (t.entry->kind == "act" && t.entry->value == "HIDE") ||
                  (t.entry->kind == "place" && t.entry->value != "LOCATION" && t.end_token - t.first_token > 1);
         });
}

// Weighs what the frames say of how far the act came.
class StageVoter {
 public:
  explicit StageVoter(const DraftView& view) : view_(view) {}

  void Run() {
    for (const Frame* f : view_.frames) {
      if (f->status != v1::ACTION_STATUS_DONE) continue;
      if (f->kind == FrameKind::kStage) CountStage(*f);
      if (f->kind == FrameKind::kAct) CountAct(*f);
      if (f->kind == FrameKind::kAction) CountAction(*f);
    }
  }

  v1::Stage Best(v1::Evidence* proof) const {
    v1::Stage best = v1::STAGE_UNKNOWN;
    for (const auto& [stage, points] : score_)
      if (best == v1::STAGE_UNKNOWN || points > score_.at(best)) best = stage;
    if (best != v1::STAGE_UNKNOWN) *proof = proof_.at(best);
    return best;
  }

 private:
  void Vote(v1::Stage stage, double weight, const Frame& f) {
    score_[stage] += weight;
    proof_.try_emplace(stage, view_.reading.CiteTrigger(f.trigger));
  }

  void CountStage(const Frame& f) {
    const std::string& value = f.trigger.entry->value;
    if (value == "FOILED") Vote(v1::STAGE_FOILED, 4, f);
    if (value == "COMPLETED") Vote(v1::STAGE_COMPLETED, 1.5, f);
    if (value == "ATTEMPTED") Vote(v1::STAGE_ATTEMPTED, 0.5, f);
    if (value == "PLANNED") Vote(v1::STAGE_PLANNED, 0.4, f);
  }

  // A participle behind a number or an article.
  bool IsAdjective(const TriggerHit& t) const {
    if (t.first_token == 0) return true;
    const Token& before = view_.reading.text.tokens[t.first_token - 1];
    return before.is_number || before.folded == "the" || before.folded == "a" || before.folded == "of" ||
           before.folded == "some" || before.folded == "any" || before.folded == "these";
  }

  // "exported", "had shipped": the deed is told as done, unless the sentence calls it an attempt.
  void CountAct(const Frame& f) {
    const std::string& form = f.trigger.entry->extra;
    if (f.trigger.entry->value != "MOVE" || (form != "verb:past" && form != "verb:participle")) return;
    // "200 smuggled pistols": the word describes the goods and tells of no journey that ended.
    for (const Mention* m : view_.In(f.trigger.sentence).mentions)
      if (m->kind == MentionKind::kGoods && f.trigger.first_token < m->end_token &&
          f.trigger.end_token + 1 > m->first_token && IsAdjective(f.trigger))
        return;
    for (const Frame* other : view_.In(f.trigger.sentence).frames)
      if (other->kind == FrameKind::kStage && other->trigger.entry->value != "COMPLETED") return;
    if (moved_ >= kMostMoves) return;
    ++moved_;
    Vote(v1::STAGE_COMPLETED, 0.9, f);
  }

  void CountAction(const Frame& f) {
    const bool found = f.action == v1::ACTION_TYPE_SEIZURE || f.action == v1::ACTION_TYPE_INTERDICTION;
    if (found) {
      const bool on_the_way = IsOnTheWay(view_, f.trigger.sentence);
      if (on_the_way) ++on_the_way_;
      Vote(v1::STAGE_FOILED, found_ ? 0.4 : 1.4, f);
      if (on_the_way && on_the_way_ == 1) Vote(v1::STAGE_FOILED, 1.2, f);
      found_ = true;
      return;
    }
    const bool late = f.action == v1::ACTION_TYPE_PLEA || f.action == v1::ACTION_TYPE_CONVICTION ||
                      f.action == v1::ACTION_TYPE_DESIGNATION || f.action == v1::ACTION_TYPE_EXTRADITION ||
                      f.action == v1::ACTION_TYPE_SENTENCE;
    if (late && late_.insert(f.action).second) Vote(v1::STAGE_COMPLETED, 1.3, f);
    if (f.action == v1::ACTION_TYPE_PENALTY && late_.insert(f.action).second) Vote(v1::STAGE_COMPLETED, 0.5, f);
  }

  static constexpr int kMostMoves = 4;
  const DraftView& view_;
  std::map<v1::Stage, double> score_;
  std::map<v1::Stage, v1::Evidence> proof_;
  std::set<v1::ActionType> late_;
  int moved_ = 0;
  int on_the_way_ = 0;
  bool found_ = false;
};

}  // namespace

void BuildStage(const DraftView& view, v1::IncidentFacts* facts) {
  StageVoter voter(view);
  voter.Run();
  v1::Evidence proof;
  const v1::Stage best = voter.Best(&proof);
  facts->set_stage(best);
  if (best == v1::STAGE_UNKNOWN) proof = view.reading.CiteSentence(view.draft.sentences[0]);
  AddFieldEvidence(facts, "stage", std::move(proof), best == v1::STAGE_UNKNOWN ? 0.4F : 0.7F, v1::DERIVATION_INFERRED);
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
