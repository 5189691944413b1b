#include "services/log/log_service.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "interdict/internal/v1/log_service.grpc.pb.h"
#include "services/log/entry_waiters.h"
#include "services/server/status.h"
#include "services/server/unary.h"

namespace interdict::log {
namespace {

using internal::v1::WaitForEntriesRequest;
using internal::v1::WaitForEntriesResponse;
using server::CallContext;

constexpr uint32_t kMaxEntriesOfARead = 10'000;
// Bytes after which a read stops; it may pass them by one entry.
constexpr uint64_t kMaxBytesOfARead = 16 << 20;

template <typename Request>
absl::StatusOr<PartitionId> PartitionOf(const Request& request) {
  auto name = ParseLogName(request.log());
  if (!name.ok()) return server::InvalidField("log", "must be 'intake' or 'incidents'");
  return PartitionId{*name, request.partition()};
}

absl::StatusOr<std::vector<NewEntry>> EntriesOf(const internal::v1::AppendEntriesRequest& request) {
  std::vector<NewEntry> entries;
  entries.reserve(request.entries_size());
  size_t bytes = 0;
  for (const internal::v1::NewEntry& entry : request.entries()) {
    bytes += entry.header().size() + entry.payload().size();
    entries.push_back({entry.header(), entry.payload()});
  }
  if (bytes > kMaxLogBatchBytes) {
    return server::InvalidField("entries", "hold " + std::to_string(bytes) + " bytes; a batch may hold " +
                                               std::to_string(kMaxLogBatchBytes) + ", send fewer at a time");
  }
  return entries;
}

// As many entries as the answer may hold, and one at least.
void FillAnswer(std::vector<Entry> entries, internal::v1::ReadEntriesResponse* response) {
  size_t bytes = 0;
  for (Entry& entry : entries) {
    bytes += entry.header.size() + entry.payload.size();
    if (response->entries_size() > 0 && bytes > kMaxLogBatchBytes) return;
    internal::v1::StoredEntry* stored = response->add_entries();
    stored->set_sequence(entry.sequence);
    stored->set_header(std::move(entry.header));
    stored->set_payload(std::move(entry.payload));
    stored->set_erased(entry.erased);
  }
}

// One WaitForEntries. gRPC deletes it by OnDone.
class WaitReactor : public grpc::ServerUnaryReactor {
 public:
  WaitReactor(EntryWaiters* waiters, PartitionId partition, WaitForEntriesResponse* response)
      : waiters_(waiters), partition_(partition), response_(response) {}

  // Called in the RPC's handler, before gRPC can call OnCancel or OnDone.
  void Start(uint64_t after, absl::Time deadline) {
    auto number = waiters_->Add(partition_, after, deadline, [this](absl::StatusOr<uint64_t> last) { Answer(last); });
    if (!number.ok()) return Answer(number.status());
    number_ = *number;
  }

  void OnCancel() override {
    if (waiters_->Cancel(partition_, number_)) Finish(grpc::Status(grpc::CANCELLED, "the client cancelled the call"));
  }

  void OnDone() override { delete this; }

 private:
  void Answer(const absl::StatusOr<uint64_t>& last) {
    if (last.ok()) response_->set_last_sequence(*last);
    Finish(server::ToGrpc(last.status()));
  }

  EntryWaiters* const waiters_;
  const PartitionId partition_;
  WaitForEntriesResponse* const response_;
  uint64_t number_ = 0;
};

}  // namespace

class LogService::Impl final : public internal::v1::LogService::CallbackService {
 public:
  Impl(Log* log, const LogIdentity& identity, server::WorkerPool* pool, const LogServiceOptions& options)
      : log_(log), pool_(pool), waiters_(log, identity, options.max_waits) {}

  void StopWaits() { waiters_.Stop(); }

  grpc::ServerUnaryReactor* GetLogIdentity(grpc::CallbackServerContext* context,
                                           const internal::v1::GetLogIdentityRequest*,
                                           internal::v1::GetLogIdentityResponse* response) override {
    return server::RunUnary(context, pool_, "GetLogIdentity", [this, response](const CallContext&) {
      auto identity = log_->Identity();
      if (!identity.ok()) return identity.status();
      response->set_log_id(identity->log_id);
      response->set_intake_partitions(identity->intake_partitions);
      response->set_incident_partitions(identity->incident_partitions);
      return absl::OkStatus();
    });
  }

  grpc::ServerUnaryReactor* AppendEntries(grpc::CallbackServerContext* context,
                                          const internal::v1::AppendEntriesRequest* request,
                                          internal::v1::AppendEntriesResponse* response) override {
    return server::RunUnary(context, pool_, "AppendEntries", [this, request, response](const CallContext&) {
      auto partition = PartitionOf(*request);
      if (!partition.ok()) return partition.status();
      auto entries = EntriesOf(*request);
      if (!entries.ok()) return entries.status();
      std::optional<uint64_t> expected_last;
      if (request->has_expected_last()) expected_last = request->expected_last();
      auto sequences = log_->Append(*partition, *entries, expected_last);
      if (!sequences.ok()) return sequences.status();
      response->mutable_sequences()->Assign(sequences->begin(), sequences->end());
      return absl::OkStatus();
    });
  }

  grpc::ServerUnaryReactor* ReadEntries(grpc::CallbackServerContext* context,
                                        const internal::v1::ReadEntriesRequest* request,
                                        internal::v1::ReadEntriesResponse* response) override {
    return server::RunUnary(context, pool_, "ReadEntries", [this, request, response](const CallContext&) {
      auto partition = PartitionOf(*request);
      if (!partition.ok()) return partition.status();
      const ReadLimits limits = {std::min(request->max_entries(), kMaxEntriesOfARead),
                                 std::min(request->max_bytes(), kMaxBytesOfARead)};
      auto entries = log_->Read(*partition, request->after_sequence(), limits);
      if (!entries.ok()) return entries.status();
      FillAnswer(*std::move(entries), response);
      return absl::OkStatus();
    });
  }

  grpc::ServerUnaryReactor* WaitForEntries(grpc::CallbackServerContext* context, const WaitForEntriesRequest* request,
                                           WaitForEntriesResponse* response) override {
    const bool at_once =
        request->timeout_ms() == 0 || request->after_sequence() == std::numeric_limits<uint64_t>::max();
    auto partition = PartitionOf(*request);
    if (at_once || !partition.ok()) {
      return server::RunUnary(context, pool_, "WaitForEntries", [this, partition, response](const CallContext&) {
        if (!partition.ok()) return partition.status();
        auto last = log_->Last(*partition);
        if (last.ok()) response->set_last_sequence(*last);
        return last.status();
      });
    }
    auto* reactor = new WaitReactor(&waiters_, *partition, response);
    const absl::Time deadline = absl::Now() + absl::Milliseconds(request->timeout_ms());
    reactor->Start(request->after_sequence(), std::min(deadline, server::MakeCallContext(context).deadline));
    return reactor;
  }

  grpc::ServerUnaryReactor* EraseEntry(grpc::CallbackServerContext* context,
                                       const internal::v1::EraseEntryRequest* request,
                                       internal::v1::EraseEntryResponse*) override {
    return server::RunUnary(context, pool_, "EraseEntry", [this, request](const CallContext&) {
      auto partition = PartitionOf(*request);
      if (!partition.ok()) return partition.status();
      return log_->Erase(*partition, request->sequence());
    });
  }

 private:
  Log* const log_;
  server::WorkerPool* const pool_;
  EntryWaiters waiters_;
};

absl::StatusOr<std::unique_ptr<LogService>> LogService::Create(Log* log, server::WorkerPool* pool,
                                                               const LogServiceOptions& options) {
  auto identity = log->Identity();
  if (!identity.ok()) return identity.status();
  return std::unique_ptr<LogService>(new LogService(std::make_unique<Impl>(log, *identity, pool, options)));
}

LogService::LogService(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LogService::~LogService() = default;
grpc::Service* LogService::service() { return impl_.get(); }
void LogService::StopWaits() { impl_->StopWaits(); }

}  // namespace interdict::log
