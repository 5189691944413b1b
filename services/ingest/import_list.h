// One import of a reference list, without any transport: the file comes in pieces and is read as it comes; when it is
// whole, what it changes is written to the intake log.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/v1/ingest_service.pb.h"
#include "services/ingest/ingest_parts.h"
#include "services/ingest/lists/list_diff.h"
#include "services/ingest/lists/list_parser.h"
#include "services/server/unary.h"

namespace interdict::ingest {

// Not thread-safe; one after the other. Errors as ingest_service.proto tells at ImportReferenceList; after one it is
// used up.
class ListImportRun {
 public:
  // `parts` must outlive it.
  explicit ListImportRun(const IngestParts& parts) : parts_(parts) {}

  // The next message of the client: first what is imported, then bytes of the file.
  absl::Status Take(const v1::ImportReferenceListRequest& request);

  // The file is whole: finds what it changes, writes it, and waits until it is in force. Blocks.
  absl::StatusOr<v1::ImportReferenceListResponse> Finish(const server::CallContext& call);

 private:
  struct InForce;
  absl::Status Begin(const v1::ReferenceListImport& list);
  absl::StatusOr<InForce> ReadInForce(const server::CallContext& call) const;
  v1::ReferenceList MakeList(const ParsedList& parsed, const InForce& before) const;
  absl::StatusOr<std::string> Write(const v1::ReferenceList& list, const ListDiff& diff,
                                    const std::string& base_import_id, const server::CallContext& call) const;

  const IngestParts& parts_;
  v1::ReferenceListImport import_;
  std::unique_ptr<ListParser> parser_;  // null before the first message
  uint64_t bytes_ = 0;
};

}  // namespace interdict::ingest
