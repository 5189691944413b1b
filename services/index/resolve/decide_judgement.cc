#include "services/index/resolve/decide_judgement.h"

#include <string>
#include <utility>
#include <vector>

#include "services/index/resolve/bind_judgement.h"
#include "services/index/resolve/view_rows.h"

namespace interdict::index {
namespace {

using internal::v1::Decision;
using internal::v1::IntakeEntry;
using internal::v1::Reason;

Reason MakeReason(const std::string& code, const std::string& detail, double score) {
  Reason reason;
  reason.set_code(code);
  reason.set_detail(detail);
  reason.set_score(score);
  return reason;
}

// Groups of the reports that a judgement speaks of.
absl::StatusOr<std::vector<std::string>> GroupsOf(const internal::v1::JudgementDecided& decided,
                                                  const records::Reader& view) {
  std::vector<std::string> groups;
  for (const internal::v1::AnchorList& list : decided.anchors()) {
    for (const internal::v1::Anchor& anchor : list.anchors()) {
      auto line = view::LoadLine(view, anchor.line_id());
      if (!line.ok()) return line.status();
      if (line->has_value() && !(*line)->report_id().empty()) groups.push_back((*line)->group_id());
    }
  }
  return groups;
}

absl::Status UndoJudgement(const internal::v1::JudgementUndone& undone, const SettleOptions& options,
                           const Resolver& resolver, DecisionSink& sink) {
  auto row = view::LoadJudgement(sink.view(), undone.judgement_id());
  if (!row.ok()) return row.status();
  if (!row->has_value()) return absl::OkStatus();
  internal::v1::JudgementDecided decided = (*row)->decided();
  auto groups = GroupsOf(decided, sink.view());
  if (!groups.ok()) return groups.status();
  Reason why = MakeReason("JUDGEMENT_UNDONE", "a judgement was taken back", 1);
  why.set_judgement_id(undone.judgement_id());
  if (!decided.judgement().has_undo()) {
    decided.mutable_judgement()->set_state(v1::Judgement::STATE_UNDONE);
    decided.mutable_judgement()->clear_problem();
    *decided.mutable_judgement()->mutable_undo() = undone.undo();
    Decision decision;
    *decision.mutable_judgement_decided() = std::move(decided);
    *decision.add_reasons() = why;
    if (absl::Status status = sink.Emit(std::move(decision)); !status.ok()) return status;
  }
  return groups->empty() ? absl::OkStatus() : Settle(*groups, undone.judgement_id(), why, options, resolver, sink);
}

}  // namespace

absl::Status DecideJudgement(const ParsedEntry& entry, const SettleOptions& options, const Resolver& resolver,
                             DecisionSink& sink) {
  const IntakeEntry& intake = *entry.intake;
  if (intake.has_judgement_undone()) return UndoJudgement(intake.judgement_undone(), options, resolver, sink);
  const v1::Judgement& judgement = intake.judgement_submitted().judgement();
  const std::string id = JudgementId(judgement);
  auto known = view::LoadJudgement(sink.view(), id);
  if (!known.ok()) return known.status();
  Reason why = MakeReason("JUDGEMENT", "an analyst decided so", 1);
  why.set_judgement_id(id);
  internal::v1::JudgementDecided decided;
  if (known->has_value()) {
    // Decided already: by the same request, or by an attempt at this very entry that was cut off, which is gone on
    // with.
    decided = (*known)->decided();
    if (decided.judgement().has_undo()) return absl::OkStatus();
  } else {
    auto bound = BindJudgement(judgement, entry.sequence, sink.view());
    if (!bound.ok()) return bound.status();
    decided = *std::move(bound);
    Decision decision;
    *decision.mutable_judgement_decided() = decided;
    *decision.add_reasons() = why;
    if (absl::Status status = sink.Emit(std::move(decision)); !status.ok()) return status;
  }
  auto groups = GroupsOf(decided, sink.view());
  if (!groups.ok()) return groups.status();
  return groups->empty() ? absl::OkStatus() : Settle(*groups, "", why, options, resolver, sink);
}

}  // namespace interdict::index
