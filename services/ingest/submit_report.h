// The work of SubmitReport, free of transport. Thread-safe; each call blocks.
#pragma once

#include "absl/status/statusor.h"
#include "interdict/v1/ingest_service.pb.h"
#include "services/ingest/ingest_parts.h"
#include "services/server/unary.h"

namespace interdict::ingest {

// Stores the reports of another extractor; returns once they are durable. Errors as ingest_service.proto tells.
absl::StatusOr<v1::SubmitReportResponse> SubmitReport(const IngestParts& parts, const v1::SubmitReportRequest& request,
                                                      const server::CallContext& call);

}  // namespace interdict::ingest
