#include "services/log/remote_log.h"

#include <algorithm>
#include <limits>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "grpcpp/channel.h"
#include "interdict/internal/v1/log_service.grpc.pb.h"
#include "services/log/log_service.h"
#include "services/server/status.h"

namespace interdict::log {
namespace {

absl::Status Closed() { return absl::CancelledError("the connection to the log is being closed"); }

// The same error, details included, as UNAVAILABLE.
absl::Status AsUnavailable(const absl::Status& status) {
  absl::Status result = absl::UnavailableError("the log did not answer: " + std::string(status.message()));
  status.ForEachPayload(
      [&result](absl::string_view type_url, const absl::Cord& payload) { result.SetPayload(type_url, payload); });
  return result;
}

// What a call that failed means in the words of log.h.
absl::Status ToLogStatus(const absl::Status& status) {
  const std::string reason = server::ReasonOf(status);
  const bool busy = reason == "WORK_QUEUE_FULL" || reason == "TOO_MANY_WAITS";
  // CANCELLED here is the server's doing, for instance as it stops: Close is told apart by the caller.
  if (busy || absl::IsDeadlineExceeded(status) || absl::IsCancelled(status)) return AsUnavailable(status);
  return status;
}

template <typename Request>
Request For(PartitionId partition) {
  Request request;
  request.set_log(ToString(partition.log));
  request.set_partition(partition.number);
  return request;
}

uint32_t ToTimeoutMs(absl::Duration duration) {
  // Rounded up: a wait that ends a little early would be asked for again and again.
  const int64_t ms = absl::ToInt64Milliseconds(absl::Ceil(duration, absl::Milliseconds(1)));
  return static_cast<uint32_t>(std::clamp<int64_t>(ms, 0, absl::ToInt64Milliseconds(absl::Hours(24))));
}

}  // namespace

struct RemoteLog::State {
  std::unique_ptr<internal::v1::LogService::Stub> stub;
  RemoteLogOptions options;
  std::mutex mutex;
  bool closed = false;                     // guarded by mutex
  std::set<grpc::ClientContext*> running;  // guarded by mutex
  std::optional<LogIdentity> identity;     // guarded by mutex

  // Makes one call with a deadline, in such a way that Close can end it.
  template <typename Request, typename Response>
  absl::Status Call(grpc::Status (internal::v1::LogService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                           Response*),
                    const Request& request, Response* response, absl::Duration timeout) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
    {
      std::lock_guard lock(mutex);
      if (closed) return Closed();
      running.insert(&context);
    }
    const absl::Status status = server::FromGrpc((stub.get()->*method)(&context, request, response));
    std::lock_guard lock(mutex);
    running.erase(&context);
    if (status.ok()) return status;
    return closed ? Closed() : ToLogStatus(status);
  }
};

server::ChannelOptions LogChannelOptions() {
  server::ChannelOptions options;
  options.max_message_bytes = kMaxLogMessageBytes;
  const std::string service = "interdict.internal.v1.LogService/";
  options.retried_methods = {service + "GetLogIdentity", service + "ReadEntries"};
  return options;
}

RemoteLog::RemoteLog(std::shared_ptr<grpc::Channel> channel, const RemoteLogOptions& options)
    : state_(std::make_unique<State>()) {
  state_->stub = internal::v1::LogService::NewStub(channel);
  state_->options = options;
}

RemoteLog::~RemoteLog() { Close(); }

void RemoteLog::Close() {
  std::lock_guard lock(state_->mutex);
  state_->closed = true;
  for (grpc::ClientContext* context : state_->running) context->TryCancel();
}

absl::StatusOr<LogIdentity> RemoteLog::Identity() {
  {
    std::lock_guard lock(state_->mutex);
    if (state_->identity.has_value()) return *state_->identity;
  }
  internal::v1::GetLogIdentityResponse response;
  absl::Status status =
      state_->Call(&internal::v1::LogService::Stub::GetLogIdentity, {}, &response, state_->options.call_timeout);
  if (!status.ok()) return status;
  LogIdentity identity = {response.log_id(), response.intake_partitions(), response.incident_partitions()};
  std::lock_guard lock(state_->mutex);
  state_->identity = identity;
  return identity;
}

absl::StatusOr<std::vector<Entry>> RemoteLog::Read(PartitionId partition, uint64_t after, const ReadLimits& limits) {
  auto request = For<internal::v1::ReadEntriesRequest>(partition);
  request.set_after_sequence(after);
  request.set_max_entries(limits.max_entries);
  request.set_max_bytes(limits.max_bytes);
  internal::v1::ReadEntriesResponse response;
  absl::Status status =
      state_->Call(&internal::v1::LogService::Stub::ReadEntries, request, &response, state_->options.call_timeout);
  if (!status.ok()) return status;
  std::vector<Entry> entries;
  entries.reserve(response.entries_size());
  for (internal::v1::StoredEntry& stored : *response.mutable_entries()) {
    entries.push_back({stored.sequence(), std::move(*stored.mutable_header()), std::move(*stored.mutable_payload()),
                       stored.erased()});
  }
  return entries;
}

absl::StatusOr<uint64_t> RemoteLog::Last(PartitionId partition) {
  return Wait(partition, std::numeric_limits<uint64_t>::max(), absl::InfinitePast());
}

absl::StatusOr<uint64_t> RemoteLog::Wait(PartitionId partition, uint64_t after, absl::Time deadline) {
  auto request = For<internal::v1::WaitForEntriesRequest>(partition);
  request.set_after_sequence(after);
  while (true) {
    const absl::Duration slice = std::min(deadline - absl::Now(), state_->options.wait_slice);
    request.set_timeout_ms(ToTimeoutMs(slice));
    internal::v1::WaitForEntriesResponse response;
    absl::Status status = state_->Call(&internal::v1::LogService::Stub::WaitForEntries, request, &response,
                                       absl::Milliseconds(request.timeout_ms()) + state_->options.call_timeout);
    if (!status.ok()) return status;
    if (response.last_sequence() > after || absl::Now() >= deadline) return response.last_sequence();
  }
}

absl::StatusOr<std::vector<uint64_t>> RemoteLog::Append(PartitionId partition, const std::vector<NewEntry>& entries,
                                                        std::optional<uint64_t> expected_last) {
  auto request = For<internal::v1::AppendEntriesRequest>(partition);
  size_t bytes = 0;
  for (const NewEntry& entry : entries) {
    bytes += entry.header.size() + entry.payload.size();
    internal::v1::NewEntry* added = request.add_entries();
    added->set_header(entry.header);
    added->set_payload(entry.payload);
  }
  if (bytes > kMaxLogBatchBytes) {
    return server::InvalidField("entries", "hold " + std::to_string(bytes) + " bytes; a batch may hold " +
                                               std::to_string(kMaxLogBatchBytes) + ", append fewer at a time");
  }
  if (expected_last.has_value()) request.set_expected_last(*expected_last);
  internal::v1::AppendEntriesResponse response;
  absl::Status status =
      state_->Call(&internal::v1::LogService::Stub::AppendEntries, request, &response, state_->options.call_timeout);
  if (!status.ok()) return status;
  return std::vector<uint64_t>(response.sequences().begin(), response.sequences().end());
}

absl::Status RemoteLog::Erase(PartitionId partition, uint64_t sequence) {
  auto request = For<internal::v1::EraseEntryRequest>(partition);
  request.set_sequence(sequence);
  internal::v1::EraseEntryResponse response;
  return state_->Call(&internal::v1::LogService::Stub::EraseEntry, request, &response, state_->options.erase_timeout);
}

}  // namespace interdict::log
