// Reasons of decisions as clients see them.
#pragma once

#include "google/protobuf/repeated_ptr_field.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "interdict/v1/judgement.pb.h"

namespace interdict::index {

v1::MatchReason ToMatchReason(const internal::v1::Reason& reason);
void AddMatchReasons(const google::protobuf::RepeatedPtrField<internal::v1::Reason>& reasons,
                     google::protobuf::RepeatedPtrField<v1::MatchReason>* into);

}  // namespace interdict::index
