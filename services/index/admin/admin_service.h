// internal.v1.AdminService over gRPC.
#pragma once

#include "absl/synchronization/mutex.h"
#include "interdict/internal/v1/admin_service.grpc.pb.h"
#include "services/index/fold/shard.h"
#include "services/index/gated_call.h"

namespace interdict::index {

// Thread-safe. What it is given must outlive it. Verification, rebuilds and dumps take long: they run on a pool of
// their own, so that readers do not wait behind them.
class AdminServiceAdapter : public internal::v1::AdminService::CallbackService {
 public:
  AdminServiceAdapter(Shard* shard, const CallRunner& runner) : shard_(shard), runner_(runner) {}

  grpc::ServerUnaryReactor* GetDigest(grpc::CallbackServerContext* context,
                                      const internal::v1::GetDigestRequest* request,
                                      internal::v1::GetDigestResponse* response) override;
  grpc::ServerUnaryReactor* VerifyStore(grpc::CallbackServerContext* context,
                                        const internal::v1::VerifyStoreRequest* request,
                                        internal::v1::VerifyStoreResponse* response) override;
  grpc::ServerWriteReactor<internal::v1::DumpRecordsResponse>* DumpRecords(
      grpc::CallbackServerContext* context, const internal::v1::DumpRecordsRequest* request) override;
  grpc::ServerUnaryReactor* RebuildStore(grpc::CallbackServerContext* context,
                                         const internal::v1::RebuildStoreRequest* request,
                                         internal::v1::RebuildStoreResponse* response) override;

 private:
  Shard* const shard_;
  const CallRunner runner_;
  absl::Mutex rebuild_mutex_;  // one rebuild at a time
};

// The digest with its position, from one snapshot.
absl::StatusOr<internal::v1::GetDigestResponse> DigestOf(const Shard& shard);

}  // namespace interdict::index
