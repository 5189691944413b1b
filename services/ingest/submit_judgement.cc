#include "services/ingest/submit_judgement.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/ingest/calendar.h"
#include "services/server/status.h"
#include "storage/ids/ids.h"

namespace interdict::ingest {
namespace {

using server::InvalidField;
using v1::Judgement;

constexpr size_t kMaxAuthorBytes = 200;
constexpr size_t kMaxReasonBytes = 4'000;
constexpr size_t kMaxReplyBytes = 10'000;
constexpr size_t kMaxUrlBytes = 2'000;
constexpr int kMaxSubjects = 100;
constexpr int kMaxRedirections = 20;
constexpr size_t kShortDigits = 32;
constexpr size_t kDocumentDigits = 64;

bool IsHex(std::string_view text, size_t digits) {
  return text.size() == digits &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Whether `name` is `collection` with an id behind it.
bool IsName(std::string_view name, std::string_view collection) {
  return name.rfind(collection, 0) == 0 && IsHex(name.substr(collection.size()), kShortDigits);
}

bool IsIncidentName(std::string_view name) { return IsName(name, "incidents/"); }

bool IsReportName(std::string_view name) {
  constexpr std::string_view kDocuments = "documents/";
  if (name.rfind(kDocuments, 0) != 0 || name.size() < kDocuments.size() + kDocumentDigits) return false;
  return IsHex(name.substr(kDocuments.size(), kDocumentDigits), kDocumentDigits) &&
         IsName(name.substr(kDocuments.size() + kDocumentDigits), "/reports/");
}

absl::Status CheckText(const std::string& field, const std::string& text, size_t most) {
  if (text.empty()) return InvalidField(field, "is empty; it stays with the judgement");
  if (text.size() > most) return InvalidField(field, absl::StrCat("has ", text.size(), " bytes; at most ", most));
  return absl::OkStatus();
}

absl::Status CheckIncident(const std::string& field, const std::string& name) {
  if (IsIncidentName(name)) return absl::OkStatus();
  return InvalidField(field, "must be `incidents/` with 32 lower-case hexadecimal digits behind it");
}

absl::Status CheckReport(const std::string& field, const std::string& name) {
  if (IsReportName(name)) return absl::OkStatus();
  return InvalidField(field, "must be the name of a report, `documents/{document}/reports/{report}`");
}

// Names of incidents or reports, each once.
template <typename Names>
absl::Status CheckSubjects(const std::string& field, const Names& names, int least) {
  if (names.size() < least) return InvalidField(field, absl::StrCat("names ", names.size(), "; at least ", least));
  if (names.size() > kMaxSubjects) {
    return InvalidField(field, absl::StrCat("names ", names.size(), "; at most ", kMaxSubjects));
  }
  std::set<std::string> seen;
  for (int i = 0; i < names.size(); ++i) {
    const std::string path = absl::StrCat(field, "[", i, "]");
    if (!IsIncidentName(names[i]) && !IsReportName(names[i])) {
      return InvalidField(path, "must be the name of an incident or of a report");
    }
    if (!seen.insert(names[i]).second) return InvalidField(path, "is named twice");
  }
  return absl::OkStatus();
}

absl::Status CheckCorrection(const v1::Correct& correct) {
  static constexpr std::array<std::string_view, 12> kCorrectable = {
      "title",     "summary", "offences", "stage", "actions",     "occurred",
      "disclosed", "places",  "parties",  "goods", "conveyances", "legal_basis"};
  const std::string field = "judgement.correct";
  if (auto status = CheckIncident(field + ".incident", correct.incident()); !status.ok()) return status;
  if (correct.fields().paths().empty()) return InvalidField(field + ".fields", "is empty; name what is corrected");
  for (const std::string& path : correct.fields().paths()) {
    if (std::find(kCorrectable.begin(), kCorrectable.end(), path) == kCorrectable.end()) {
      return InvalidField(field + ".fields",
                          absl::StrCat("`", path.substr(0, 100), "` cannot be corrected; one of ",
                                       absl::StrJoin(kCorrectable, ", ", [](std::string* out, auto name) {
                                         out->append(std::string(name));
                                       })));
    }
  }
  const std::array<std::pair<const char*, const v1::TimeFact*>, 2> times = {
      {{"occurred", &correct.facts().occurred()}, {"disclosed", &correct.facts().disclosed()}}};
  for (const auto& [name, time] : times) {
    if (!time->edtf().empty() && !ParseEdtf(time->edtf()).has_value()) {
      return InvalidField(absl::StrCat(field, ".facts.", name, ".edtf"), "is no EDTF date, such as 2014-03-05");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckReply(const v1::Reply& reply) {
  if (auto status = CheckIncident("judgement.reply.incident", reply.incident()); !status.ok()) return status;
  if (auto status = CheckText("judgement.reply.party", reply.party(), kMaxAuthorBytes); !status.ok()) return status;
  if (auto status = CheckText("judgement.reply.text", reply.text(), kMaxReplyBytes); !status.ok()) return status;
  if (reply.url().size() <= kMaxUrlBytes) return absl::OkStatus();
  return InvalidField("judgement.reply.url", absl::StrCat("has more than ", kMaxUrlBytes, " bytes"));
}

// Looks names up in the index and puts in place of a merged one what it was merged into.
class NameCheck {
 public:
  NameCheck(const IngestParts& parts, absl::Time deadline) : parts_(parts), deadline_(deadline) {}

  absl::Status Subject(const std::string& field, std::string* name) {
    return IsIncidentName(*name) ? Incident(field, name) : Report(field, *name);
  }
  absl::Status Incident(const std::string& field, std::string* name);
  absl::Status Report(const std::string& field, const std::string& name);

 private:
  const IngestParts& parts_;
  const absl::Time deadline_;
};

absl::Status NameCheck::Incident(const std::string& field, std::string* name) {
  for (int i = 0; i < kMaxRedirections; ++i) {
    const auto partitions = parts_.log->IncidentPartitions();
    if (!partitions.ok()) return partitions.status();
    auto incident = parts_.index->FindIncident(name->substr(name->find('/') + 1), *partitions, deadline_);
    if (!incident.ok()) return incident.status();
    if (!incident->asked) return absl::OkStatus();  // another shard's: the resolver will know
    if (!incident->record.has_value()) {
      return server::Error(absl::StatusCode::kNotFound, "INCIDENT_NOT_FOUND",
                           absl::StrCat(field, ": there is no ", *name), {{"field", field}, {"incident", *name}});
    }
    const v1::Incident& record = *incident->record;
    if (record.state() == v1::Incident::STATE_SPLIT) {
      const std::string parts = absl::StrJoin(record.split_into(), ", ");
      return server::Error(absl::StatusCode::kFailedPrecondition, "INCIDENT_SPLIT",
                           absl::StrCat(field, ": ", *name, " was split; name the part that is meant: ", parts),
                           {{"field", field}, {"incident", *name}, {"parts", parts}});
    }
    if (record.state() != v1::Incident::STATE_MERGED) return absl::OkStatus();
    *name = record.merged_into();
  }
  return absl::OkStatus();
}

absl::Status NameCheck::Report(const std::string& field, const std::string& name) {
  const std::string document_id = name.substr(name.find('/') + 1, kDocumentDigits);
  const auto known = parts_.index->LookUp(document_id, "", false, deadline_);
  if (!known.ok()) return known.status();
  if (known->known() && !known->removed()) return absl::OkStatus();
  return server::Error(absl::StatusCode::kNotFound, "REPORT_NOT_FOUND",
                       absl::StrCat(field, ": the document of ", name, " is not stored"),
                       {{"field", field}, {"report", name}});
}

absl::Status CheckNames(NameCheck& check, Judgement* judgement) {
  const auto all = [&](const std::string& field, auto* names) {
    absl::Status status;
    for (int i = 0; status.ok() && i < names->size(); ++i) {
      status = check.Subject(absl::StrCat(field, "[", i, "]"), names->Mutable(i));
    }
    return status;
  };
  switch (judgement->decision_case()) {
    case Judgement::kSame: {
      absl::Status status = all("judgement.same.subjects", judgement->mutable_same()->mutable_subjects());
      // Two names of one incident, once those that were merged are followed.
      return status.ok() ? CheckSubjects("judgement.same.subjects", judgement->same().subjects(), 2) : status;
    }
    case Judgement::kDifferent: {
      absl::Status status = all("judgement.different.reports", judgement->mutable_different()->mutable_reports());
      return status.ok() ? all("judgement.different.from", judgement->mutable_different()->mutable_from()) : status;
    }
    case Judgement::kRetract:
      return check.Report("judgement.retract.report", judgement->retract().report());
    case Judgement::kCorrect:
      return check.Incident("judgement.correct.incident", judgement->mutable_correct()->mutable_incident());
    case Judgement::kConfirm:
      return check.Incident("judgement.confirm.incident", judgement->mutable_confirm()->mutable_incident());
    case Judgement::kReply:
      return check.Incident("judgement.reply.incident", judgement->mutable_reply()->mutable_incident());
    case Judgement::DECISION_NOT_SET:
      break;
  }
  return absl::OkStatus();
}

// First and last day of a corrected date follow from it.
void FillDays(v1::TimeFact* time) {
  const auto span = ParseEdtf(time->edtf());
  if (!span.has_value()) return;
  time->set_start(FormatDay(span->first));
  time->set_end(FormatDay(span->last));
}

google::protobuf::Timestamp Now(const IngestParts& parts) {
  const int64_t micros = absl::ToUnixMicros(parts.options->now());
  google::protobuf::Timestamp time;
  time.set_seconds(micros / 1'000'000);
  time.set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1'000));
  return time;
}

}  // namespace

absl::Status ValidateJudgement(const Judgement& judgement) {
  if (auto status = CheckText("judgement.author", judgement.author(), kMaxAuthorBytes); !status.ok()) return status;
  if (auto status = CheckText("judgement.reason", judgement.reason(), kMaxReasonBytes); !status.ok()) return status;
  switch (judgement.decision_case()) {
    case Judgement::kSame:
      return CheckSubjects("judgement.same.subjects", judgement.same().subjects(), 2);
    case Judgement::kDifferent: {
      absl::Status status = CheckSubjects("judgement.different.reports", judgement.different().reports(), 1);
      return status.ok() ? CheckSubjects("judgement.different.from", judgement.different().from(), 1) : status;
    }
    case Judgement::kRetract:
      return CheckReport("judgement.retract.report", judgement.retract().report());
    case Judgement::kCorrect:
      return CheckCorrection(judgement.correct());
    case Judgement::kConfirm:
      return CheckIncident("judgement.confirm.incident", judgement.confirm().incident());
    case Judgement::kReply:
      return CheckReply(judgement.reply());
    case Judgement::DECISION_NOT_SET:
      break;
  }
  return InvalidField("judgement.decision", "is missing; set one of same, different, retract, correct, confirm, reply");
}

absl::StatusOr<v1::SubmitJudgementResponse> SubmitJudgement(const IngestParts& parts,
                                                            const v1::SubmitJudgementRequest& request,
                                                            const server::CallContext& call) {
  if (auto status = CheckRequestId(request.request_id()); !status.ok()) return status;
  if (auto status = ValidateJudgement(request.judgement()); !status.ok()) return status;
  if (!request.validate_only()) {
    if (auto status = parts.backpressure->Check(); !status.ok()) return status;
  }
  v1::SubmitJudgementResponse response;
  Judgement* judgement = response.mutable_judgement();
  *judgement = request.judgement();
  NameCheck check(parts, call.deadline);
  if (auto status = CheckNames(check, judgement); !status.ok()) return status;
  const std::string id = request.request_id().empty() ? ids::RandomId() : ids::JudgementId(request.request_id());
  judgement->set_name("judgements/" + id);
  judgement->set_author_authenticated(false);  // nobody is authenticated yet
  *judgement->mutable_create_time() = Now(parts);
  judgement->set_state(Judgement::STATE_UNSPECIFIED);
  judgement->clear_problem();
  judgement->clear_undo();
  if (judgement->has_correct()) {
    v1::IncidentFacts* facts = judgement->mutable_correct()->mutable_facts();
    if (facts->has_occurred()) FillDays(facts->mutable_occurred());
    if (facts->has_disclosed()) FillDays(facts->mutable_disclosed());
  }
  if (request.validate_only()) return response;
  internal::v1::IntakeEntry entry;
  *entry.mutable_judgement_submitted()->mutable_judgement() = *judgement;
  const auto position = parts.log->AppendJudgement(entry, call.deadline);
  if (!position.ok()) return position.status();
  response.set_position(position->token);
  return response;
}

absl::StatusOr<v1::UndoJudgementResponse> UndoJudgement(const IngestParts& parts,
                                                        const v1::UndoJudgementRequest& request,
                                                        const server::CallContext& call) {
  if (!IsName(request.name(), "judgements/")) {
    return InvalidField("name", "must be `judgements/` with 32 lower-case hexadecimal digits behind it");
  }
  if (auto status = CheckText("author", request.author(), kMaxAuthorBytes); !status.ok()) return status;
  if (auto status = CheckText("reason", request.reason(), kMaxReasonBytes); !status.ok()) return status;
  if (auto status = parts.backpressure->Check(); !status.ok()) return status;
  const std::string id = request.name().substr(request.name().find('/') + 1);
  const auto partitions = parts.log->IncidentPartitions();
  if (!partitions.ok()) return partitions.status();
  const auto known = parts.index->KnowsJudgement(id, *partitions, call.deadline);
  if (!known.ok()) return known.status();
  if (!*known) {
    return server::Error(
        absl::StatusCode::kNotFound, "JUDGEMENT_NOT_FOUND",
        absl::StrCat("there is no ", request.name(), "; if it was just submitted, wait for its position"),
        {{"judgement", request.name()}});
  }
  internal::v1::IntakeEntry entry;
  internal::v1::JudgementUndone* undone = entry.mutable_judgement_undone();
  undone->set_judgement_id(id);
  undone->mutable_undo()->set_author(request.author());
  undone->mutable_undo()->set_reason(request.reason());
  *undone->mutable_undo()->mutable_time() = Now(parts);
  const auto position = parts.log->AppendJudgement(entry, call.deadline);
  if (!position.ok()) return position.status();
  v1::UndoJudgementResponse response;
  response.set_position(position->token);
  return response;
}

}  // namespace interdict::ingest
