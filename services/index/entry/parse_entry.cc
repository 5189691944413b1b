#include "services/index/entry/parse_entry.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/index/entry/entry_problems.h"
#include "storage/ids/ids.h"

namespace interdict::index {
namespace {

using internal::v1::EntryHeader;

absl::Status NotKnown(const ParsedEntry& entry, const std::string& what) {
  return absl::FailedPreconditionError(absl::StrCat("entry ", entry.sequence, " of ", log::ToString(entry.partition),
                                                    " has ", what,
                                                    ", which this version of Interdict does not know: upgrade it; the "
                                                    "partition goes on by itself then"));
}

// Reads the payload as a message with a oneof `event`.
template <typename Message>
absl::Status ParsePayload(const EntryHeader& header, const std::string& payload, ParsedEntry& parsed,
                          std::optional<Message>& into) {
  Message message;
  if (!message.ParseFromString(payload)) {
    if (ids::Sha256(payload) != header.payload_sha256()) {
      return absl::DataLossError(absl::StrCat("entry ", parsed.sequence, " of ", log::ToString(parsed.partition),
                                              " is not what was appended: its hash differs; restore the log"));
    }
    parsed.problem = "payload is not readable";
    return absl::OkStatus();
  }
  if (message.event_case() == Message::EVENT_NOT_SET) {
    const bool newer = !message.GetReflection()->GetUnknownFields(message).empty();
    if (newer) return NotKnown(parsed, "an event");
    parsed.problem = "no event";
    return absl::OkStatus();
  }
  parsed.problem = ProblemOf(message);
  if (parsed.problem.empty()) into = std::move(message);
  return absl::OkStatus();
}

}  // namespace

internal::v1::LogPosition ToProto(const log::PartitionId& partition, uint64_t sequence) {
  internal::v1::LogPosition position;
  position.set_log(log::ToString(partition.log));
  position.set_partition(partition.number);
  position.set_sequence(sequence);
  return position;
}

internal::v1::LogPosition ParsedEntry::position() const { return ToProto(partition, sequence); }

absl::StatusOr<ParsedEntry> ParseEntry(log::PartitionId partition, const log::Entry& entry) {
  ParsedEntry parsed;
  parsed.partition = partition;
  parsed.sequence = entry.sequence;
  EntryHeader header;
  if (!header.ParseFromString(entry.header)) {
    return absl::DataLossError(
        absl::StrCat("header of entry ", entry.sequence, " of ", log::ToString(partition), " is not readable"));
  }
  parsed.append_time_us = header.append_time_us();
  const bool known =
      header.kind() == internal::v1::ENTRY_KIND_INTAKE || header.kind() == internal::v1::ENTRY_KIND_DECISION;
  if (!known) return NotKnown(parsed, absl::StrCat("kind ", static_cast<int>(header.kind())));
  if (header.format_version() > kPayloadFormatVersion) {
    return NotKnown(parsed, absl::StrCat("format version ", header.format_version()));
  }
  if (entry.erased) {
    parsed.erased = true;
    return parsed;
  }
  absl::Status status;
  if (partition.log == log::LogName::kIntake && header.kind() == internal::v1::ENTRY_KIND_INTAKE) {
    status = ParsePayload(header, entry.payload, parsed, parsed.intake);
  } else if (partition.log == log::LogName::kIncidents && header.kind() == internal::v1::ENTRY_KIND_DECISION) {
    status = ParsePayload(header, entry.payload, parsed, parsed.decision);
  } else {
    parsed.problem = "kind of the other log";
  }
  if (!status.ok()) return status;
  return parsed;
}

}  // namespace interdict::index
