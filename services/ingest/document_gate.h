// Lets one submission of a document in at a time, and remembers what this process has written that the index may not
// have folded yet. So the same bytes submitted twice at once become one document and a sighting.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "interdict/v1/document.pb.h"

namespace interdict::ingest {

// What is known of a document, by this process or by the index.
struct KnownDocument {
  bool stored = false;
  bool removed = false;
  std::map<std::string, std::string> extractors;  // name to highest version
  v1::ExtractionStatus extraction_status = v1::EXTRACTION_STATUS_UNSPECIFIED;
};

// Where a request id was used.
struct UsedRequest {
  std::string document_id;
  uint32_t partition = 0;
  uint64_t sequence = 0;
};

// Thread-safe. Forgets the oldest documents and request ids beyond `capacity` each; those are folded by then, for
// ingest refuses submissions when the fold lags by less than that.
class DocumentGate {
 public:
  explicit DocumentGate(size_t capacity);
  ~DocumentGate();

  // Holds the document until destroyed. Must not outlive the gate.
  class Pass {
   public:
    ~Pass();
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

   private:
    friend class DocumentGate;
    Pass(DocumentGate* gate, std::string document_id, std::string request_id);
    DocumentGate* gate_;
    std::string document_id_;
    std::string request_id_;
  };

  // Waits until no other submission of the document is in work. DEADLINE_EXCEEDED. INVALID_ARGUMENT: the request id
  // (may be empty) is in work, or was used, for another document.
  absl::StatusOr<std::unique_ptr<Pass>> Enter(const std::string& document_id, const std::string& request_id,
                                              absl::Time deadline);

  // What this process knows; nothing is no proof that the document is new.
  KnownDocument Recall(const std::string& document_id) const;
  // document_id is empty where the id was not used.
  UsedRequest RecallRequest(const std::string& request_id) const;

  // To be called by the holder of the pass, once it is durable.
  void Remember(const std::string& document_id, const KnownDocument& known);
  void RememberRequest(const std::string& request_id, const UsedRequest& use);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace interdict::ingest
