// Judgements on their way into the log: checks what a person decides, names that lead elsewhere included, and appends
// it. What comes of it the resolver decides.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/v1/ingest_service.pb.h"
#include "services/ingest/ingest_parts.h"
#include "services/server/unary.h"

namespace interdict::ingest {

// Errors as documented at the RPCs. Blocks: call it from a worker.
absl::StatusOr<v1::SubmitJudgementResponse> SubmitJudgement(const IngestParts& parts,
                                                            const v1::SubmitJudgementRequest& request,
                                                            const server::CallContext& call);
absl::StatusOr<v1::UndoJudgementResponse> UndoJudgement(const IngestParts& parts,
                                                        const v1::UndoJudgementRequest& request,
                                                        const server::CallContext& call);

// What needs nothing but the request. INVALID_ARGUMENT names field and remedy.
absl::Status ValidateJudgement(const v1::Judgement& judgement);

}  // namespace interdict::ingest
