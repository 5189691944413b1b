#include "services/index/entry/entry_problems.h"

#include <set>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "services/index/entry/entity_problems.h"
#include "services/index/entry/list_problems.h"
#include "services/index/entry/names.h"
#include "storage/ids/extractor_version.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

using internal::v1::Decision;
using internal::v1::IntakeEntry;
using internal::v1::ReportSet;
using internal::v1::Submission;

bool IsDocumentId(std::string_view hex) { return records::IdFromHex(hex, records::kDocumentIdBytes).ok(); }
bool IsShortId(std::string_view hex) { return records::IdFromHex(hex, records::kIncidentIdBytes).ok(); }

std::string ProblemOf(const Submission& submission) {
  if (submission.url().find('\0') != std::string::npos) return "url with a NUL byte";
  return "";
}

std::string ProblemOf(const ReportSet& set, const std::string& document_id) {
  if (set.extractor().name().empty()) return "report set without an extractor";
  if (!ids::ParseExtractorVersion(set.extractor().version())) return "extractor's version is not MAJOR.MINOR.PATCH";
  std::set<std::string> seen;
  for (int i = 0; i < set.reports_size(); ++i) {
    const auto ids = ReportIdsFromName(set.reports(i).name());
    if (!ids.ok()) return absl::StrCat("report ", i, " has no valid name");
    if (ids->document != document_id) return absl::StrCat("report ", i, " is of another document");
    if (!seen.insert(ids->report).second) return absl::StrCat("report ", i, " has the name of an earlier one");
  }
  return "";
}

std::string ProblemOfAccepted(const internal::v1::DocumentAccepted& accepted) {
  const auto id = DocumentIdFromName(accepted.document().name());
  if (!id.ok()) return "document without a valid name";
  std::string problem = ProblemOf(accepted.submission());
  return problem.empty() ? ProblemOf(accepted.report_set(), *id) : problem;
}

std::string ProblemOfEarlier(const google::protobuf::RepeatedPtrField<std::string>& report_ids) {
  for (const std::string& id : report_ids) {
    if (!IsShortId(id)) return "an earlier report's id is not 32 hexadecimal digits";
  }
  return "";
}

std::string ProblemOfPlaced(const internal::v1::ReportPlaced& placed) {
  if (!IsShortId(placed.incident_id())) return "incident id is not 32 hexadecimal digits";
  const auto ids = ReportIdsFromName(placed.report().name());
  if (!ids.ok()) return "report without a valid name";
  const auto& earlier = placed.earlier_report_ids();
  const std::string last = earlier.empty() ? "" : earlier.Get(earlier.size() - 1);
  if (placed.replaces_report_id() != last) return "replaced report is not the last of the earlier ones";
  if (!placed.group_id().empty() && !IsShortId(placed.group_id())) return "group id is not 32 hexadecimal digits";
  return ProblemOfEarlier(earlier);
}

// Of ReportWithdrawn and ReportErased.
template <typename Event>
std::string ProblemOfTakenBack(const Event& event) {
  if (!IsShortId(event.incident_id())) return "incident id is not 32 hexadecimal digits";
  if (!IsShortId(event.report_id())) return "report id is not 32 hexadecimal digits";
  if (!IsDocumentId(event.document_id())) return "document id is not 64 hexadecimal digits";
  return ProblemOfEarlier(event.earlier_report_ids());
}

// `judgements/{32 hex}`.
bool IsJudgementName(std::string_view name) {
  constexpr std::string_view kPrefix = "judgements/";
  return name.rfind(kPrefix, 0) == 0 && IsShortId(name.substr(kPrefix.size()));
}

std::string ProblemOfJudgement(const v1::Judgement& judgement) {
  if (!IsJudgementName(judgement.name())) return "judgement without a valid name";
  if (judgement.decision_case() == v1::Judgement::DECISION_NOT_SET) return "judgement without a decision";
  return "";
}

std::string ProblemOfMoved(const internal::v1::ReportMoved& moved) {
  if (!IsShortId(moved.incident_id())) return "incident id is not 32 hexadecimal digits";
  if (!IsShortId(moved.report_id())) return "report id is not 32 hexadecimal digits";
  if (!IsDocumentId(moved.document_id())) return "document id is not 64 hexadecimal digits";
  const bool to = moved.to_incident_id().empty() || IsShortId(moved.to_incident_id());
  return to ? "" : "incident moved to is not 32 hexadecimal digits";
}

std::string ProblemOfJudged(const internal::v1::IncidentJudged& judged) {
  if (!IsShortId(judged.incident_id())) return "incident id is not 32 hexadecimal digits";
  return IsShortId(judged.judgement_id()) ? "" : "judgement id is not 32 hexadecimal digits";
}

std::string ProblemOfSuggestion(const internal::v1::SuggestionMade& made) {
  const bool incidents = IsShortId(made.incident_id()) && IsShortId(made.other_incident_id());
  const bool groups = IsShortId(made.group_id()) && IsShortId(made.other_group_id());
  return incidents && groups ? "" : "an id of a suggestion is not 32 hexadecimal digits";
}

std::string ProblemOfRedirected(const internal::v1::IncidentRedirected& redirected) {
  if (!IsShortId(redirected.incident_id())) return "incident id is not 32 hexadecimal digits";
  if (redirected.to_incident_ids().empty()) return "redirection to nowhere";
  for (const std::string& id : redirected.to_incident_ids()) {
    if (!IsShortId(id)) return "incident redirected to is not 32 hexadecimal digits";
    if (id == redirected.incident_id()) return "redirection to itself";
  }
  return "";
}

std::string ProblemOfWatermark(const internal::v1::Watermark& watermark) {
  for (const internal::v1::LogPosition& position : watermark.decided()) {
    if (position.log() != "intake") return "watermark of a log that is not `intake`";
  }
  return "";
}

}  // namespace

std::string ProblemOf(const IntakeEntry& entry) {
  if (entry.request_id().find('\0') != std::string::npos) return "request id with a NUL byte";
  switch (entry.event_case()) {
    case IntakeEntry::kDocumentAccepted:
      return ProblemOfAccepted(entry.document_accepted());
    case IntakeEntry::kDocumentSighted:
      if (!IsDocumentId(entry.document_sighted().document_id())) return "document id is not 64 hexadecimal digits";
      return ProblemOf(entry.document_sighted().submission());
    case IntakeEntry::kReportsAccepted: {
      const auto id = records::IdFromHex(entry.reports_accepted().document_id(), records::kDocumentIdBytes);
      if (!id.ok()) return "document id is not 64 hexadecimal digits";
      return ProblemOf(entry.reports_accepted().report_set(), *id);
    }
    case IntakeEntry::kDocumentRemoved:
      return IsDocumentId(entry.document_removed().document_id()) ? "" : "document id is not 64 hexadecimal digits";
    case IntakeEntry::kJudgementSubmitted:
      return ProblemOfJudgement(entry.judgement_submitted().judgement());
    case IntakeEntry::kJudgementUndone:
      return IsShortId(entry.judgement_undone().judgement_id()) ? "" : "judgement id is not 32 hexadecimal digits";
    case IntakeEntry::kListChunk:
      return ProblemOf(entry.list_chunk());
    case IntakeEntry::kListPublished:
      return ProblemOf(entry.list_published());
    case IntakeEntry::EVENT_NOT_SET:
      break;
  }
  return "no event";
}

std::string ProblemOf(const Decision& decision) {
  switch (decision.event_case()) {
    case Decision::kReportPlaced:
      return ProblemOfPlaced(decision.report_placed());
    case Decision::kReportWithdrawn:
      return ProblemOfTakenBack(decision.report_withdrawn());
    case Decision::kReportErased:
      return ProblemOfTakenBack(decision.report_erased());
    case Decision::kMentionLinked:
      return ProblemOf(decision.mention_linked());
    case Decision::kWatermark:
      return ProblemOfWatermark(decision.watermark());
    case Decision::kReportMoved:
      return ProblemOfMoved(decision.report_moved());
    case Decision::kJudgementDecided:
      return ProblemOfJudgement(decision.judgement_decided().judgement());
    case Decision::kIncidentJudged:
      return ProblemOfJudged(decision.incident_judged());
    case Decision::kSuggestionMade:
      return ProblemOfSuggestion(decision.suggestion_made());
    case Decision::kGroupsJoined: {
      const auto& joined = decision.groups_joined();
      const bool good = IsShortId(joined.group_id()) && IsShortId(joined.into_group_id());
      return good && joined.group_id() != joined.into_group_id() ? "" : "groups are not two different ids";
    }
    case Decision::kIncidentRedirected:
      return ProblemOfRedirected(decision.incident_redirected());
    case Decision::EVENT_NOT_SET:
      break;
  }
  return "no event";
}

}  // namespace interdict::index
