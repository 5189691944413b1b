#include "services/index/entry/reasons.h"

#include "absl/strings/str_cat.h"

namespace interdict::index {

v1::MatchReason ToMatchReason(const internal::v1::Reason& reason) {
  v1::MatchReason match;
  match.set_code(reason.code());
  match.set_detail(reason.detail());
  match.set_score(reason.score());
  if (!reason.incident_id().empty()) match.set_incident(absl::StrCat("incidents/", reason.incident_id()));
  if (!reason.judgement_id().empty()) match.set_judgement(absl::StrCat("judgements/", reason.judgement_id()));
  *match.mutable_features() = reason.features();
  return match;
}

void AddMatchReasons(const google::protobuf::RepeatedPtrField<internal::v1::Reason>& reasons,
                     google::protobuf::RepeatedPtrField<v1::MatchReason>* into) {
  for (const internal::v1::Reason& reason : reasons) *into->Add() = ToMatchReason(reason);
}

}  // namespace interdict::index
