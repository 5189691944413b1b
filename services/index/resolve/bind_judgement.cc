#include "services/index/resolve/bind_judgement.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/index/entry/names.h"
#include "services/index/resolve/view_rows.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

using internal::v1::Anchor;
using internal::v1::AnchorList;
using internal::v1::JudgementDecided;
using v1::Judgement;

constexpr int kMaxRedirections = 100;  // of a name that was merged again and again

// What keeps a judgement from being bound; carried as INVALID_ARGUMENT between the functions here.
absl::Status Invalid(const std::string& problem) { return absl::InvalidArgumentError(problem); }

class Binding {
 public:
  explicit Binding(const records::Reader& view) : view_(view) {}

  // Adds the reports of a name, but for those of `without`.
  absl::Status AddSubject(const std::string& name, const std::set<std::string>& without, AnchorList* list) const;
  template <typename Names>
  absl::Status AddSubjects(const Names& names, const std::set<std::string>& without, AnchorList* list) const {
    absl::Status status;
    for (int i = 0; status.ok() && i < names.size(); ++i) status = AddSubject(names[i], without, list);
    return status;
  }

 private:
  absl::StatusOr<std::string> SurvivingIncident(std::string incident_id) const;
  absl::Status AddLine(const std::string& line_id, AnchorList* list) const;
  absl::Status AddIncident(const std::string& name, const std::set<std::string>& without, AnchorList* list) const;
  absl::Status AddReport(const std::string& name, AnchorList* list) const;

  const records::Reader& view_;
};

absl::StatusOr<std::string> Binding::SurvivingIncident(std::string incident_id) const {
  for (int i = 0; i < kMaxRedirections; ++i) {
    auto incident = view::LoadIncident(view_, incident_id);
    if (!incident.ok()) return incident.status();
    if (!incident->has_value()) return Invalid(absl::StrCat("there is no incidents/", incident_id));
    const auto& to = (*incident)->redirected_to();
    if (to.empty()) return incident_id;
    if (to.size() > 1) {
      return Invalid(absl::StrCat("incidents/", incident_id, " was split into incidents/",
                                  absl::StrJoin(to, ", incidents/"), ": name the part that is meant"));
    }
    incident_id = to.Get(0);
  }
  return Invalid(absl::StrCat("incidents/", incident_id, " was merged too often to follow"));
}

absl::Status Binding::AddLine(const std::string& line_id, AnchorList* list) const {
  auto line = view::LoadLine(view_, line_id);
  if (!line.ok()) return line.status();
  if (!line->has_value()) return absl::OkStatus();
  Anchor* anchor = list->add_anchors();
  anchor->set_document_id((*line)->document_id());
  anchor->set_line_id(line_id);
  return absl::OkStatus();
}

absl::Status Binding::AddIncident(const std::string& name, const std::set<std::string>& without,
                                  AnchorList* list) const {
  const std::string hex = name.substr(name.find('/') + 1);
  if (!records::IdFromHex(hex, records::kIncidentIdBytes).ok()) return Invalid(absl::StrCat("`", name, "` is no name"));
  auto incident_id = SurvivingIncident(hex);
  if (!incident_id.ok()) return incident_id.status();
  auto lines = view::IdsUnder(view_, view::kIncidentLines, *incident_id);
  if (!lines.ok()) return lines.status();
  const int before = list->anchors_size();
  for (const std::string& line_id : *lines) {
    if (without.count(line_id) > 0) continue;
    if (static_cast<size_t>(list->anchors_size() - before) >= kMaxAnchors) break;
    if (absl::Status status = AddLine(line_id, list); !status.ok()) return status;
  }
  if (list->anchors_size() > before) return absl::OkStatus();
  return Invalid(absl::StrCat(name, lines->empty() ? " has no reports" : " has no other reports"));
}

absl::Status Binding::AddReport(const std::string& name, AnchorList* list) const {
  const auto ids = ReportIdsFromName(name);
  if (!ids.ok()) return Invalid(absl::StrCat("`", name, "` is no name"));
  const std::string report_id = records::HexFromId(ids->report);
  auto document = view::LoadDocument(view_, ids->document);
  if (!document.ok()) return document.status();
  for (const std::string& line_id : document->line_ids()) {
    auto line = view::LoadLine(view_, line_id);
    if (!line.ok()) return line.status();
    if (!line->has_value() || (*line)->report_id().empty()) continue;
    const auto& all = (*line)->all_report_ids();
    if (std::find(all.begin(), all.end(), report_id) != all.end()) return AddLine(line_id, list);
  }
  return Invalid(absl::StrCat("there is no report ", name, " that stands"));
}

absl::Status Binding::AddSubject(const std::string& name, const std::set<std::string>& without,
                                 AnchorList* list) const {
  return name.rfind("incidents/", 0) == 0 ? AddIncident(name, without, list) : AddReport(name, list);
}

std::set<std::string> LinesIn(const AnchorList& list) {
  std::set<std::string> lines;
  for (const Anchor& anchor : list.anchors()) lines.insert(anchor.line_id());
  return lines;
}

absl::Status Bind(const Judgement& judgement, const Binding& binding, JudgementDecided* decided) {
  switch (judgement.decision_case()) {
    case Judgement::kSame: {
      if (judgement.same().subjects_size() < 2) return Invalid("`same` needs two subjects");
      absl::Status status;
      for (int i = 0; status.ok() && i < judgement.same().subjects_size(); ++i) {
        status = binding.AddSubject(judgement.same().subjects(i), {}, decided->add_anchors());
      }
      return status;
    }
    case Judgement::kDifferent: {
      AnchorList* reports = decided->add_anchors();
      AnchorList* from = decided->add_anchors();
      absl::Status status = binding.AddSubjects(judgement.different().reports(), {}, reports);
      const std::set<std::string> named = LinesIn(*reports);
      if (status.ok()) status = binding.AddSubjects(judgement.different().from(), named, from);
      if (!status.ok()) return status;
      if (named.empty() || from->anchors().empty()) return Invalid("`different` needs reports on both sides");
      for (const std::string& line : LinesIn(*from)) {
        if (named.count(line) > 0) return Invalid("a report stands on both sides of `different`");
      }
      return absl::OkStatus();
    }
    case Judgement::kRetract:
      return binding.AddSubject(judgement.retract().report(), {}, decided->add_anchors());
    case Judgement::kCorrect:
      return binding.AddSubject(judgement.correct().incident(), {}, decided->add_anchors());
    case Judgement::kConfirm:
      return binding.AddSubject(judgement.confirm().incident(), {}, decided->add_anchors());
    case Judgement::kReply:
      return binding.AddSubject(judgement.reply().incident(), {}, decided->add_anchors());
    case Judgement::DECISION_NOT_SET:
      break;
  }
  return Invalid("there is nothing decided in it");
}

}  // namespace

absl::StatusOr<JudgementDecided> BindJudgement(const Judgement& judgement, uint64_t order,
                                               const records::Reader& view) {
  JudgementDecided decided;
  *decided.mutable_judgement() = judgement;
  decided.mutable_judgement()->set_state(Judgement::STATE_ACTIVE);
  decided.set_order(order);
  const absl::Status status = Bind(judgement, Binding(view), &decided);
  if (status.ok()) return decided;
  if (!absl::IsInvalidArgument(status)) return status;
  decided.clear_anchors();
  decided.mutable_judgement()->set_state(Judgement::STATE_INVALID);
  decided.mutable_judgement()->set_problem(std::string(status.message()));
  return decided;
}

}  // namespace interdict::index
