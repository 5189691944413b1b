#include "services/ingest/intake_log.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/server/status.h"
#include "storage/log/position.h"

namespace interdict::ingest {
namespace {

constexpr absl::Duration kUnavailableRetryDelay = absl::Seconds(1);
constexpr absl::Duration kFullRetryDelay = absl::Seconds(30);
constexpr uint32_t kFormatVersion = 1;
constexpr log::ReadLimits kReadLimits = {.max_entries = 64, .max_bytes = 4 << 20};

absl::Status ExplainLogError(const absl::Status& status) {
  const std::string told(status.message());
  switch (status.code()) {
    case absl::StatusCode::kDataLoss:
      return server::Error(status.code(), "LOG_DAMAGED", "an entry of the log cannot be read: " + told);
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kCancelled:  // the log is being closed
      return server::WithRetryAfter(
          server::Error(absl::StatusCode::kUnavailable, "LOG_UNAVAILABLE",
                        "the log cannot be written now; nothing was accepted, or it is not known; send it again",
                        {{"cause", told}}),
          kUnavailableRetryDelay);
    case absl::StatusCode::kDeadlineExceeded:
      return server::Error(status.code(), "DEADLINE_PASSED",
                           "the log did not confirm in time; it is not known whether it was accepted; send it again");
    case absl::StatusCode::kResourceExhausted:
      return server::WithRetryAfter(
          server::Error(status.code(), "LOG_FULL", "the log has no room left; free disk space, then send it again",
                        {{"cause", told}}),
          kFullRetryDelay);
    default:
      return absl::InternalError("the log refused an entry: " + told);
  }
}

// The first 16 digits of the id, which is a hash, spread documents evenly.
log::PartitionId PartitionOf(const std::string& document_id, const log::LogIdentity& identity) {
  uint64_t number = 0;
  for (size_t i = 0; i < 16 && i < document_id.size(); ++i) {
    const char c = document_id[i];
    number = number << 4 | static_cast<uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  return {log::LogName::kIntake, static_cast<uint32_t>(number % identity.intake_partitions)};
}

IntakePosition MakePosition(const log::LogIdentity& identity, uint32_t partition, uint64_t sequence) {
  return {.partition = partition,
          .sequence = sequence,
          .token = log::EncodePositionToken(identity.log_id, {{{log::LogName::kIntake, partition}, sequence}})};
}

}  // namespace

IntakeLog::IntakeLog(log::Log* log, std::function<absl::Time()> now) : log_(log), producer_(log, std::move(now)) {}

absl::StatusOr<log::LogIdentity> IntakeLog::Identity() {
  {
    absl::MutexLock lock(&mutex_);
    if (identity_) return *identity_;
  }
  auto identity = log_->Identity();
  if (!identity.ok()) return ExplainLogError(identity.status());
  absl::MutexLock lock(&mutex_);
  identity_ = *identity;
  return identity;
}

absl::StatusOr<IntakePosition> IntakeLog::Append(const std::string& document_id,
                                                 const std::vector<internal::v1::IntakeEntry>& entries,
                                                 absl::Time deadline) {
  const auto identity = Identity();
  if (!identity.ok()) return identity.status();
  const log::PartitionId partition = PartitionOf(document_id, *identity);
  std::vector<log::Payload> payloads;
  payloads.reserve(entries.size());
  for (const internal::v1::IntakeEntry& entry : entries) {
    payloads.push_back({.kind = internal::v1::ENTRY_KIND_INTAKE,
                        .format_version = kFormatVersion,
                        .bytes = entry.SerializeAsString()});
  }
  uint64_t last = 0;
  if (payloads.size() == 1) {  // shares its write with those of other threads
    const auto sequence = producer_.Append(partition, std::move(payloads.front()), deadline);
    if (!sequence.ok()) return ExplainLogError(sequence.status());
    last = *sequence;
  } else {
    const auto sequences = producer_.AppendBatch(partition, std::move(payloads), std::nullopt, deadline);
    if (!sequences.ok()) return ExplainLogError(sequences.status());
    last = sequences->back();
  }
  return MakePosition(*identity, partition.number, last);
}

absl::StatusOr<IntakePosition> IntakeLog::AppendJudgement(const internal::v1::IntakeEntry& entry, absl::Time deadline) {
  const auto identity = Identity();
  if (!identity.ok()) return identity.status();
  const auto sequence = producer_.Append(
      {log::LogName::kIntake, 0},
      {.kind = internal::v1::ENTRY_KIND_INTAKE, .format_version = kFormatVersion, .bytes = entry.SerializeAsString()},
      deadline);
  if (!sequence.ok()) return ExplainLogError(sequence.status());
  return MakePosition(*identity, 0, *sequence);
}

absl::StatusOr<uint32_t> IntakeLog::IncidentPartitions() {
  const auto identity = Identity();
  if (!identity.ok()) return identity.status();
  return identity->incident_partitions;
}

absl::StatusOr<IntakePosition> IntakeLog::End(const std::string& document_id) {
  const auto identity = Identity();
  if (!identity.ok()) return identity.status();
  const log::PartitionId partition = PartitionOf(document_id, *identity);
  const auto last = log_->Last(partition);
  if (!last.ok()) return ExplainLogError(last.status());
  return MakePosition(*identity, partition.number, *last);
}

absl::StatusOr<IntakePosition> IntakeLog::At(uint32_t partition, uint64_t sequence) {
  const auto identity = Identity();
  if (!identity.ok()) return identity.status();
  return MakePosition(*identity, partition, sequence);
}

absl::StatusOr<log::Positions> IntakeLog::Ends() {
  const auto identity = Identity();
  if (!identity.ok()) return identity.status();
  log::Positions ends;
  for (uint32_t number = 0; number < identity->intake_partitions; ++number) {
    const log::PartitionId partition = {log::LogName::kIntake, number};
    const auto last = log_->Last(partition);
    if (!last.ok()) return ExplainLogError(last.status());
    ends[partition] = *last;
  }
  return ends;
}

absl::StatusOr<std::vector<log::Entry>> IntakeLog::Read(uint32_t partition, uint64_t after) {
  auto entries = log_->Read({log::LogName::kIntake, partition}, after, kReadLimits);
  if (!entries.ok()) return ExplainLogError(entries.status());
  return entries;
}

absl::StatusOr<std::string> IntakeLog::EncodeToken(const log::Positions& positions) {
  const auto identity = Identity();
  if (!identity.ok()) return identity.status();
  return log::EncodePositionToken(identity->log_id, positions);
}

absl::StatusOr<log::Positions> IntakeLog::DecodeToken(const std::string& field, const std::string& token) {
  const auto identity = Identity();
  if (!identity.ok()) return identity.status();
  auto positions = log::DecodePositionToken(token, identity->log_id);
  if (!positions.ok()) return server::InvalidField(field, std::string(positions.status().message()));
  return positions;
}

absl::StatusOr<uint64_t> IntakeLog::EntryCount() {
  const auto ends = Ends();
  if (!ends.ok()) return ends.status();
  uint64_t count = 0;
  for (const auto& [partition, last] : *ends) count += last;
  return count;
}

}  // namespace interdict::ingest
