#include "storage/log/entry_checks.h"

#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "storage/ids/ids.h"

namespace interdict::log {
namespace {

constexpr size_t kProducerDigits = 32;
constexpr size_t kHashBytes = 32;

absl::Status Invalid(size_t index, const std::string& problem) {
  return absl::InvalidArgumentError(absl::StrCat("entries[", index, "]: ", problem));
}

bool IsProducerId(std::string_view word) {
  if (word.size() != kProducerDigits) return false;
  for (char digit : word) {
    if (!absl::ascii_isdigit(digit) && (digit < 'a' || digit > 'f')) return false;
  }
  return true;
}

// What is wrong with the header; empty if nothing is.
std::string ProblemOf(const internal::v1::EntryHeader& header, std::string_view payload) {
  if (!IsProducerId(header.producer())) return "header.producer: must be 32 lower-case hexadecimal digits";
  if (header.producer_sequence() == 0) return "header.producer_sequence: must be at least 1";
  if (header.kind() == internal::v1::ENTRY_KIND_UNSPECIFIED) return "header.kind: must be set";
  const bool first = header.producer_sequence() == 1;
  if (header.previous_header_sha256().size() != (first ? 0 : kHashBytes)) {
    return "header.previous_header_sha256: must be empty in a producer's first entry and 32 bytes in all others";
  }
  if (header.payload_sha256() != ids::Sha256(payload)) return "header.payload_sha256: is not the hash of the payload";
  return "";
}

// The state with the entries of one append on top of it.
class Growing {
 public:
  explicit Growing(const PartitionState& state) : state_(state), last_(state.last()) {}

  absl::StatusOr<std::optional<ProducerEntry>> LastOf(const std::string& producer) const {
    auto added = added_.find(producer);
    if (added != added_.end()) return added->second.rbegin()->second;
    return state_.LastOf(producer);
  }

  absl::StatusOr<std::optional<ProducerEntry>> Find(const std::string& producer, uint64_t producer_sequence) const {
    auto added = added_.find(producer);
    if (added != added_.end()) {
      auto entry = added->second.find(producer_sequence);
      if (entry != added->second.end()) return entry->second;
    }
    return state_.Find(producer, producer_sequence);
  }

  uint64_t Add(const CheckedEntry& entry) {
    ++last_;
    added_[entry.producer][entry.producer_sequence] = {entry.producer_sequence, last_, entry.header_sha256};
    return last_;
  }

 private:
  const PartitionState& state_;
  uint64_t last_;
  std::map<std::string, std::map<uint64_t, ProducerEntry>> added_;
};

// The sequence under which `entry` is already there. It must be the very same one.
absl::StatusOr<uint64_t> SequenceOfKnown(const CheckedEntry& entry, size_t index, const Growing& state) {
  absl::StatusOr<std::optional<ProducerEntry>> known = state.Find(entry.producer, entry.producer_sequence);
  if (!known.ok()) return known.status();
  if (!known->has_value()) {
    return absl::DataLossError(absl::StrCat("entry ", entry.producer_sequence, " of producer ", entry.producer,
                                            " is missing before its last one: verify the log"));
  }
  if ((*known)->header_sha256 != entry.header_sha256) {
    return Invalid(index, "header.producer_sequence: is taken by another entry of this producer");
  }
  return (*known)->sequence;
}

}  // namespace

absl::Status CheckPartition(const LogIdentity& identity, PartitionId partition) {
  const uint32_t count = partition.log == LogName::kIntake ? identity.intake_partitions : identity.incident_partitions;
  if (partition.number < count) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat("no partition ", ToString(partition), ": the log `", ToString(partition.log),
                                          "` has ", count, ", counted from 0"));
}

absl::StatusOr<std::vector<CheckedEntry>> CheckEntries(std::vector<NewEntry> entries) {
  if (entries.empty()) return absl::InvalidArgumentError("entries: must hold at least one");
  std::vector<CheckedEntry> checked;
  checked.reserve(entries.size());
  for (NewEntry& entry : entries) {
    internal::v1::EntryHeader header;
    if (!header.ParseFromString(entry.header))
      return Invalid(checked.size(), "header: is not a serialised EntryHeader");
    const std::string problem = ProblemOf(header, entry.payload);
    if (!problem.empty()) return Invalid(checked.size(), problem);
    CheckedEntry& added = checked.emplace_back();
    added.producer = header.producer();
    added.producer_sequence = header.producer_sequence();
    added.previous_header_sha256 = header.previous_header_sha256();
    added.header_sha256 = ids::Sha256(entry.header);
    added.entry = std::move(entry);
  }
  return checked;
}

absl::StatusOr<AppendPlan> PlanAppend(const std::vector<CheckedEntry>& entries, std::optional<uint64_t> expected_last,
                                      const PartitionState& state) {
  AppendPlan plan;
  Growing growing(state);
  for (size_t index = 0; index < entries.size(); ++index) {
    const CheckedEntry& entry = entries[index];
    absl::StatusOr<std::optional<ProducerEntry>> tail = growing.LastOf(entry.producer);
    if (!tail.ok()) return tail.status();
    const ProducerEntry previous = tail->value_or(ProducerEntry{});
    if (entry.producer_sequence <= previous.producer_sequence) {
      absl::StatusOr<uint64_t> known = SequenceOfKnown(entry, index, growing);
      if (!known.ok()) return known.status();
      plan.sequences.push_back(*known);
      continue;
    }
    if (entry.producer_sequence != previous.producer_sequence + 1) {
      return Invalid(index, absl::StrCat("header.producer_sequence: leaves a gap, got ", entry.producer_sequence,
                                         ", want ", previous.producer_sequence + 1));
    }
    if (entry.previous_header_sha256 != previous.header_sha256) {
      return Invalid(index, "header.previous_header_sha256: is not the hash of the producer's previous header");
    }
    plan.sequences.push_back(growing.Add(entry));
    plan.fresh.push_back(index);
  }
  if (!plan.fresh.empty() && expected_last.has_value() && *expected_last != state.last()) {
    return absl::AbortedError(absl::StrCat("expected_last is ", *expected_last, ", but the last entry is ",
                                           state.last(), ": another writer was here, read on and decide again"));
  }
  return plan;
}

}  // namespace interdict::log
