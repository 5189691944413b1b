#include "services/ingest/document_gate.h"

#include <deque>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "services/server/status.h"

namespace interdict::ingest {
namespace {

// A map that drops its oldest keys.
template <typename Value>
class BoundedMap {
 public:
  explicit BoundedMap(size_t capacity) : capacity_(capacity) {}

  const Value* Find(const std::string& key) const {
    const auto at = values_.find(key);
    return at == values_.end() ? nullptr : &at->second;
  }

  void Put(const std::string& key, const Value& value) {
    if (!values_.insert_or_assign(key, value).second) return;
    order_.push_back(key);
    if (order_.size() <= capacity_) return;
    values_.erase(order_.front());
    order_.pop_front();
  }

 private:
  size_t capacity_;
  std::unordered_map<std::string, Value> values_;
  std::deque<std::string> order_;
};

absl::Status RequestIdTaken() {
  return server::InvalidField("request_id", "was used for other bytes; use a new id for each document");
}

}  // namespace

struct DocumentGate::State {
  explicit State(size_t capacity) : documents(capacity), requests(capacity) {}

  mutable absl::Mutex mutex;
  absl::CondVar left;
  std::unordered_set<std::string> in_work ABSL_GUARDED_BY(mutex);
  // Request id to document id.
  std::unordered_map<std::string, std::string> requests_in_work ABSL_GUARDED_BY(mutex);
  BoundedMap<KnownDocument> documents ABSL_GUARDED_BY(mutex);
  BoundedMap<UsedRequest> requests ABSL_GUARDED_BY(mutex);
};

DocumentGate::DocumentGate(size_t capacity) : state_(std::make_unique<State>(capacity)) {}
DocumentGate::~DocumentGate() = default;

DocumentGate::Pass::Pass(DocumentGate* gate, std::string document_id, std::string request_id)
    : gate_(gate), document_id_(std::move(document_id)), request_id_(std::move(request_id)) {}

DocumentGate::Pass::~Pass() {
  absl::MutexLock lock(&gate_->state_->mutex);
  gate_->state_->in_work.erase(document_id_);
  if (!request_id_.empty()) gate_->state_->requests_in_work.erase(request_id_);
  gate_->state_->left.SignalAll();
}

absl::StatusOr<std::unique_ptr<DocumentGate::Pass>> DocumentGate::Enter(const std::string& document_id,
                                                                        const std::string& request_id,
                                                                        absl::Time deadline) {
  absl::MutexLock lock(&state_->mutex);
  while (state_->in_work.count(document_id) > 0) {
    if (state_->left.WaitWithDeadline(&state_->mutex, deadline) && state_->in_work.count(document_id) > 0) {
      return server::Error(absl::StatusCode::kDeadlineExceeded, "DEADLINE_PASSED",
                           "the same document was in work for another call until the deadline; send it again");
    }
  }
  if (!request_id.empty()) {
    const auto other = state_->requests_in_work.find(request_id);
    if (other != state_->requests_in_work.end() && other->second != document_id) return RequestIdTaken();
    const UsedRequest* used = state_->requests.Find(request_id);
    if (used != nullptr && used->document_id != document_id) return RequestIdTaken();
    state_->requests_in_work.emplace(request_id, document_id);
  }
  state_->in_work.insert(document_id);
  return std::unique_ptr<Pass>(new Pass(this, document_id, request_id));
}

KnownDocument DocumentGate::Recall(const std::string& document_id) const {
  absl::MutexLock lock(&state_->mutex);
  const KnownDocument* known = state_->documents.Find(document_id);
  return known == nullptr ? KnownDocument() : *known;
}

UsedRequest DocumentGate::RecallRequest(const std::string& request_id) const {
  absl::MutexLock lock(&state_->mutex);
  const UsedRequest* used = state_->requests.Find(request_id);
  return used == nullptr ? UsedRequest() : *used;
}

void DocumentGate::Remember(const std::string& document_id, const KnownDocument& known) {
  absl::MutexLock lock(&state_->mutex);
  state_->documents.Put(document_id, known);
}

void DocumentGate::RememberRequest(const std::string& request_id, const UsedRequest& use) {
  if (request_id.empty()) return;
  absl::MutexLock lock(&state_->mutex);
  state_->requests.Put(request_id, use);
}

}  // namespace interdict::ingest
