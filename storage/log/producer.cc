#include "storage/log/producer.h"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "storage/ids/ids.h"

namespace interdict::log {
namespace {

// A gathered batch stays below what a message between processes may hold; a single larger call goes alone.
constexpr size_t kMaxBatchEntries = 1000;
constexpr size_t kMaxBatchBytes = 4 << 20;
constexpr absl::Duration kFirstPause = absl::Milliseconds(5);
constexpr absl::Duration kLongestPause = absl::Seconds(1);

// One call of Append or AppendBatch. Shared by its caller and the batch that it is in.
struct Call {
  std::vector<Payload> payloads;
  std::optional<uint64_t> expected_last;
  size_t bytes = 0;
  bool in_batch = false;
  std::optional<absl::StatusOr<std::vector<uint64_t>>> result;
};

// What is being appended: fixed bytes, sent again as they are until the outcome is known.
struct InFlight {
  std::vector<NewEntry> entries;
  std::optional<uint64_t> expected_last;
  std::vector<std::shared_ptr<Call>> calls;  // in the order of their entries
  std::string last_header_sha256;
  bool outcome_was_unknown = false;
  absl::Duration pause = kFirstPause;
  absl::Time not_before = absl::InfinitePast();
};

// One partition. At most one batch is in flight.
struct Lane {
  std::string producer;
  uint64_t sequence = 0;      // of the last settled entry of `producer`
  std::string header_sha256;  // of its header; empty before the first
  std::deque<std::shared_ptr<Call>> waiting;
  std::optional<InFlight> in_flight;
  bool sending = false;   // a thread is inside LogWriter::Append
  absl::CondVar changed;  // a batch was settled, or its sender left
};

// Whether the writer promises with this status that nothing was written.
bool NothingWritten(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kOutOfRange:
      return true;
    default:
      return false;
  }
}

// Stamps and chains the payloads of a call behind the entries that the batch has.
void AddEntries(const Lane& lane, absl::Time now, std::vector<Payload> payloads, InFlight& batch) {
  for (Payload& payload : payloads) {
    internal::v1::EntryHeader header;
    header.set_producer(lane.producer);
    header.set_producer_sequence(lane.sequence + batch.entries.size() + 1);
    header.set_kind(payload.kind);
    header.set_format_version(payload.format_version);
    header.set_append_time_us(absl::ToUnixMicros(now));
    header.set_payload_sha256(ids::Sha256(payload.bytes));
    header.set_previous_header_sha256(batch.last_header_sha256);
    NewEntry& entry = batch.entries.emplace_back();
    entry.header = header.SerializeAsString();
    entry.payload = std::move(payload.bytes);
    batch.last_header_sha256 = ids::Sha256(entry.header);
  }
}

// Makes a batch of the waiting calls, in their order. A fenced call goes alone, since its fence is meant for it only.
InFlight Gather(Lane& lane, absl::Time now) {
  InFlight batch;
  batch.last_header_sha256 = lane.header_sha256;
  size_t bytes = 0;
  while (!lane.waiting.empty()) {
    std::shared_ptr<Call> call = lane.waiting.front();
    const bool alone = call->expected_last.has_value();
    const bool fits = !alone && bytes + call->bytes <= kMaxBatchBytes &&
                      batch.entries.size() + call->payloads.size() <= kMaxBatchEntries;
    if (!batch.calls.empty() && !fits) break;
    lane.waiting.pop_front();
    bytes += call->bytes;
    call->in_batch = true;
    batch.expected_last = call->expected_last;
    const size_t before = batch.entries.size();
    AddEntries(lane, now, std::move(call->payloads), batch);
    call->payloads.resize(batch.entries.size() - before);  // the count tells which sequences are the call's
    batch.calls.push_back(std::move(call));
    if (alone) break;
  }
  return batch;
}

}  // namespace

struct Producer::State {
  LogWriter* writer;
  std::function<absl::Time()> now;
  std::string id;
  absl::Mutex mutex;
  std::map<PartitionId, std::unique_ptr<Lane>> lanes;  // guarded by mutex, what is in them too

  Lane& LaneOf(PartitionId partition) {
    std::unique_ptr<Lane>& lane = lanes[partition];
    if (lane == nullptr) {
      lane = std::make_unique<Lane>();
      lane->producer = id;
    }
    return *lane;
  }

  absl::StatusOr<std::vector<uint64_t>> Append(PartitionId partition, std::shared_ptr<Call> call, absl::Time deadline);
  void Send(PartitionId partition, Lane& lane) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  void Settle(Lane& lane, absl::StatusOr<std::vector<uint64_t>> result) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
};

// Hands the outcome of the batch in flight to its calls, or keeps the batch if the outcome is unknown.
void Producer::State::Settle(Lane& lane, absl::StatusOr<std::vector<uint64_t>> result) {
  InFlight& batch = *lane.in_flight;
  if (result.ok() && result->size() != batch.entries.size()) {
    result = absl::InternalError(
        absl::StrCat("the log returned ", result->size(), " sequences for ", batch.entries.size(), " entries"));
  }
  if (!result.ok() && !NothingWritten(result.status().code())) {
    batch.outcome_was_unknown = true;
    batch.not_before = absl::Now() + batch.pause;
    batch.pause = std::min(batch.pause * 2, kLongestPause);
    if (absl::IsUnavailable(result.status())) return;
    // Sending again at once would not help these callers; the batch stays, and the next call settles it first.
    for (const std::shared_ptr<Call>& call : batch.calls) call->result = result.status();
    batch.calls.clear();
    return;
  }
  size_t first = 0;
  for (const std::shared_ptr<Call>& call : batch.calls) {
    if (!result.ok()) {
      call->result = result.status();
      continue;
    }
    const size_t count = call->payloads.size();
    call->result = std::vector<uint64_t>(result->begin() + first, result->begin() + first + count);
    first += count;
  }
  if (result.ok()) {
    lane.sequence += batch.entries.size();
    lane.header_sha256 = batch.last_header_sha256;
  } else if (absl::IsInvalidArgument(result.status()) ||
             (batch.outcome_was_unknown && !absl::IsAborted(result.status()))) {
    // The log does not know our chain as we do, or an earlier send may still arrive late and take these sequences. (Not
    // after ABORTED: its fence would stop it.)
    lane.producer = ids::RandomId();
    lane.sequence = 0;
    lane.header_sha256.clear();
  }
  lane.in_flight.reset();
}

// One attempt to append the batch in flight, gathered first if there is none.
void Producer::State::Send(PartitionId partition, Lane& lane) {
  if (!lane.in_flight) lane.in_flight = Gather(lane, now());
  lane.sending = true;
  mutex.Unlock();
  absl::StatusOr<std::vector<uint64_t>> result =
      writer->Append(partition, lane.in_flight->entries, lane.in_flight->expected_last);
  mutex.Lock();
  lane.sending = false;
  Settle(lane, std::move(result));
  lane.changed.SignalAll();
}

absl::StatusOr<std::vector<uint64_t>> Producer::State::Append(PartitionId partition, std::shared_ptr<Call> call,
                                                              absl::Time deadline) {
  absl::MutexLock lock(&mutex);
  Lane& lane = LaneOf(partition);
  lane.waiting.push_back(call);
  while (!call->result.has_value()) {
    const absl::Time time = absl::Now();
    if (time >= deadline) {
      if (call->in_batch) {
        return absl::DeadlineExceededError(
            "the log did not answer in time: it is not known whether it has the entries");
      }
      lane.waiting.erase(std::find(lane.waiting.begin(), lane.waiting.end(), call));
      return absl::DeadlineExceededError("the log was busy for too long: nothing was written");
    }
    const bool pausing = lane.in_flight.has_value() && time < lane.in_flight->not_before;
    if (!lane.sending && !pausing) {
      Send(partition, lane);
    } else {
      lane.changed.WaitWithDeadline(&mutex, lane.sending ? deadline : std::min(deadline, lane.in_flight->not_before));
    }
  }
  return *std::move(call->result);
}

Producer::Producer(LogWriter* writer, std::function<absl::Time()> now) : state_(std::make_unique<State>()) {
  state_->writer = writer;
  state_->now = std::move(now);
  state_->id = ids::RandomId();
}

Producer::~Producer() = default;

const std::string& Producer::id() const { return state_->id; }

absl::StatusOr<uint64_t> Producer::Append(PartitionId partition, Payload payload, absl::Time deadline) {
  std::vector<Payload> payloads;
  payloads.push_back(std::move(payload));
  absl::StatusOr<std::vector<uint64_t>> sequences = AppendBatch(partition, std::move(payloads), std::nullopt, deadline);
  if (!sequences.ok()) return sequences.status();
  return sequences->front();
}

absl::StatusOr<std::vector<uint64_t>> Producer::AppendBatch(PartitionId partition, std::vector<Payload> payloads,
                                                            std::optional<uint64_t> expected_last,
                                                            absl::Time deadline) {
  if (payloads.empty()) return absl::InvalidArgumentError("payloads: must hold at least one");
  auto call = std::make_shared<Call>();
  for (const Payload& payload : payloads) {
    if (payload.kind == internal::v1::ENTRY_KIND_UNSPECIFIED) {
      return absl::InvalidArgumentError("payload.kind: must be set");
    }
    call->bytes += payload.bytes.size();
  }
  call->payloads = std::move(payloads);
  call->expected_last = expected_last;
  return state_->Append(partition, std::move(call), deadline);
}

}  // namespace interdict::log
