#include "storage/log/verify.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "storage/ids/ids.h"

namespace interdict::log {
namespace {

constexpr size_t kMaxProblems = 100;

// Where a producer's chain stands.
struct ChainEnd {
  uint64_t producer_sequence = 0;
  std::string header_sha256;
};

class Verifier {
 public:
  explicit Verifier(PartitionReport& report) : report_(report) {}

  void Check(const Entry& entry) {
    if (entry.sequence != next_) {
      Problem(next_, absl::StrCat("is missing: the next entry that is there is ", entry.sequence));
    }
    next_ = entry.sequence + 1;
    ++report_.entries;
    if (entry.erased) ++report_.erased;
    internal::v1::EntryHeader header;
    if (!header.ParseFromString(entry.header)) return Problem(entry.sequence, "has a header that cannot be read");
    CheckKind(entry.sequence, header);
    CheckPayload(entry, header);
    CheckChain(entry, header);
  }

  void Problem(uint64_t sequence, const std::string& what) {
    if (report_.problems.size() >= kMaxProblems) {
      report_.truncated = true;
      return;
    }
    report_.problems.push_back(absl::StrCat("entry ", ToString(report_.partition), " ", sequence, " ", what));
  }

 private:
  void CheckKind(uint64_t sequence, const internal::v1::EntryHeader& header) {
    const internal::v1::EntryKind expected =
        report_.partition.log == LogName::kIntake ? internal::v1::ENTRY_KIND_INTAKE : internal::v1::ENTRY_KIND_DECISION;
    if (!internal::v1::EntryKind_IsValid(header.kind())) {
      Problem(sequence, absl::StrCat("is of kind ", header.kind(), ", which this version does not know"));
    } else if (header.kind() != expected) {
      Problem(sequence, absl::StrCat("is of kind ", internal::v1::EntryKind_Name(header.kind()),
                                     ", which does not belong into this log"));
    }
    if (header.format_version() < 1 || header.format_version() > kNewestFormatVersion) {
      Problem(sequence, absl::StrCat("has format version ", header.format_version(), ", this version reads 1 to ",
                                     kNewestFormatVersion));
    }
  }

  void CheckPayload(const Entry& entry, const internal::v1::EntryHeader& header) {
    if (entry.erased) {
      if (!entry.payload.empty()) Problem(entry.sequence, "counts as erased but has a payload");
    } else if (ids::Sha256(entry.payload) != header.payload_sha256()) {
      Problem(entry.sequence, "has a payload that does not match the hash in its header");
    }
  }

  void CheckChain(const Entry& entry, const internal::v1::EntryHeader& header) {
    ChainEnd& end = chains_[header.producer()];
    if (header.producer_sequence() != end.producer_sequence + 1) {
      Problem(entry.sequence, absl::StrCat("is number ", header.producer_sequence(), " of its producer ",
                                           header.producer(), ", after number ", end.producer_sequence));
    } else if (header.previous_header_sha256() != end.header_sha256) {
      Problem(entry.sequence,
              absl::StrCat("does not hold the hash of the previous header of its producer ", header.producer()));
    }
    end = {header.producer_sequence(), ids::Sha256(entry.header)};
  }

  PartitionReport& report_;
  uint64_t next_ = 1;
  std::map<std::string, ChainEnd> chains_;
};

}  // namespace

PartitionReport VerifyPartition(LogReader& log, PartitionId partition) {
  PartitionReport report;
  report.partition = partition;
  Verifier verifier(report);
  absl::StatusOr<uint64_t> last = log.Last(partition);
  if (!last.ok()) {
    report.problems.push_back(
        absl::StrCat("partition ", ToString(partition), " cannot be read: ", last.status().ToString()));
    return report;
  }
  uint64_t position = 0;
  while (position < *last) {
    absl::StatusOr<std::vector<Entry>> entries = log.Read(partition, position, ReadLimits{});
    if (!entries.ok()) {
      verifier.Problem(position + 1,
                       absl::StrCat("or one soon after it cannot be read: ", entries.status().ToString()));
      return report;
    }
    if (entries->empty()) {
      verifier.Problem(position + 1, absl::StrCat("is missing, although the last one is ", *last));
      return report;
    }
    for (const Entry& entry : *entries) verifier.Check(entry);
    position = entries->back().sequence;
  }
  return report;
}

absl::StatusOr<std::vector<PartitionReport>> VerifyLog(LogReader& log) {
  absl::StatusOr<LogIdentity> identity = log.Identity();
  if (!identity.ok()) return identity.status();
  std::vector<PartitionReport> reports;
  for (PartitionId partition : identity->Partitions()) reports.push_back(VerifyPartition(log, partition));
  return reports;
}

}  // namespace interdict::log
