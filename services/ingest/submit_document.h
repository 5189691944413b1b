// The work of SubmitDocument, ExtractDocument and RemoveDocument, free of transport. Thread-safe; each call blocks.
#pragma once

#include "absl/status/statusor.h"
#include "interdict/v1/ingest_service.pb.h"
#include "services/ingest/ingest_parts.h"
#include "services/server/unary.h"

namespace interdict::ingest {

// Stores a document, or a sighting of a known one; returns once it is durable. Errors as ingest_service.proto tells.
absl::StatusOr<v1::SubmitDocumentResponse> SubmitDocument(const IngestParts& parts,
                                                          const v1::SubmitDocumentRequest& request,
                                                          const server::CallContext& call);

// The same work, nothing stored.
absl::StatusOr<v1::ExtractDocumentResponse> ExtractDocument(const IngestParts& parts,
                                                            const v1::ExtractDocumentRequest& request,
                                                            const server::CallContext& call);

// Takes a document down; a second time changes nothing and is no error.
absl::StatusOr<v1::RemoveDocumentResponse> RemoveDocument(const IngestParts& parts,
                                                          const v1::RemoveDocumentRequest& request,
                                                          const server::CallContext& call);

}  // namespace interdict::ingest
