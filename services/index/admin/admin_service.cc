#include "services/index/admin/admin_service.h"

#include <memory>
#include <string>
#include <utility>

#include "services/index/admin/digest.h"
#include "services/index/admin/dump.h"
#include "services/index/admin/rebuild.h"
#include "services/index/admin/verify.h"
#include "services/server/status.h"

namespace interdict::index {
namespace {

using internal::v1::DumpRecordsResponse;

// A dump under way: a thread of the pool makes records, gRPC sends one at a time. Deletes itself in OnDone,
// which comes only after Finish, the last thing that the pool does with it.
class DumpCall : public grpc::ServerWriteReactor<DumpRecordsResponse> {
 public:
  struct State {
    absl::Mutex mutex;
    bool writing ABSL_GUARDED_BY(mutex) = false;
    bool over ABSL_GUARDED_BY(mutex) = false;  // cancelled or broken: write no more
  };

  DumpCall() : state_(std::make_shared<State>()) {}

  // Sends one record when the one before is gone; false if the call is over.
  bool Send(const DumpRecordsResponse& record) {
    const auto free = [state = state_.get()]()
                          ABSL_NO_THREAD_SAFETY_ANALYSIS { return !state->writing || state->over; };
    {
      absl::MutexLock lock(&state_->mutex);
      state_->mutex.Await(absl::Condition(&free));
      if (state_->over) return false;
      state_->writing = true;
    }
    record_ = record;
    StartWrite(&record_);
    return true;
  }

  // After the last record.
  void End(const absl::Status& status) {
    const auto free = [state = state_.get()]()
                          ABSL_NO_THREAD_SAFETY_ANALYSIS { return !state->writing || state->over; };
    {
      absl::MutexLock lock(&state_->mutex);
      state_->mutex.Await(absl::Condition(&free));
    }
    Finish(server::ToGrpc(status));
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&state_->mutex);
    state_->writing = false;
    if (!ok) state_->over = true;
  }
  void OnCancel() override {
    absl::MutexLock lock(&state_->mutex);
    state_->over = true;
  }
  void OnDone() override { delete this; }

 private:
  const std::shared_ptr<State> state_;
  DumpRecordsResponse record_;
};

}  // namespace

absl::StatusOr<internal::v1::GetDigestResponse> DigestOf(const Shard& shard) {
  const auto reader = shard.Snapshot();
  auto digest = ComputeDigest(*reader);
  if (!digest.ok()) return digest.status();
  auto positions = ReadPositions(*reader, shard.owned());
  if (!positions.ok()) return positions.status();
  internal::v1::GetDigestResponse response;
  response.set_digest(digest->hex);
  response.set_record_count(digest->record_count);
  response.set_read_position(log::EncodePositionToken(shard.identity().log_id, *positions));
  response.set_positions(log::ToString(*positions));
  auto said = ComputeRecordDigest(*reader);
  if (!said.ok()) return said.status();
  response.set_record_digest(said->hex);
  return response;
}

grpc::ServerUnaryReactor* AdminServiceAdapter::GetDigest(grpc::CallbackServerContext* context,
                                                         const internal::v1::GetDigestRequest* request,
                                                         internal::v1::GetDigestResponse* response) {
  return RunAfter(context, runner_, "GetDigest", request->read_after(),
                  [this, response](const server::CallContext&) -> absl::Status {
                    auto digest = DigestOf(*shard_);
                    if (!digest.ok()) return digest.status();
                    *response = *std::move(digest);
                    return absl::OkStatus();
                  });
}

grpc::ServerUnaryReactor* AdminServiceAdapter::VerifyStore(grpc::CallbackServerContext* context,
                                                           const internal::v1::VerifyStoreRequest* /*request*/,
                                                           internal::v1::VerifyStoreResponse* response) {
  return server::RunUnary(context, runner_.pool, "VerifyStore",
                          [this, response](const server::CallContext&) -> absl::Status {
                            auto verified = VerifyShard(*shard_);
                            if (!verified.ok()) return verified.status();
                            *response = *std::move(verified);
                            return absl::OkStatus();
                          });
}

grpc::ServerWriteReactor<DumpRecordsResponse>* AdminServiceAdapter::DumpRecords(
    grpc::CallbackServerContext* /*context*/, const internal::v1::DumpRecordsRequest* request) {
  auto* call = new DumpCall();  // OnDone deletes it, after Finish
  const bool queued = runner_.pool->TrySubmit([this, call, content = request->content()] {
    absl::Status status = interdict::index::DumpRecords(
        content, [this] { return shard_->Snapshot(); }, shard_->log(),
        [call](const DumpRecordsResponse& record) { return call->Send(record); });
    if (absl::IsInvalidArgument(status)) status = server::InvalidField("content", std::string(status.message()));
    call->End(status);
  });
  if (!queued) call->Finish(server::ToGrpc(server::WorkQueueFull("DumpRecords")));
  return call;
}

grpc::ServerUnaryReactor* AdminServiceAdapter::RebuildStore(grpc::CallbackServerContext* context,
                                                            const internal::v1::RebuildStoreRequest* request,
                                                            internal::v1::RebuildStoreResponse* response) {
  return server::RunUnary(context, runner_.pool, "RebuildStore",
                          [this, request, response](const server::CallContext&) -> absl::Status {
                            absl::MutexLock lock(&rebuild_mutex_);
                            auto rebuilt = interdict::index::RebuildStore(*request, *shard_);
                            if (!rebuilt.ok()) return rebuilt.status();
                            *response = *std::move(rebuilt);
                            return absl::OkStatus();
                          });
}

}  // namespace interdict::index
