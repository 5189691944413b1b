// What the tests of the index share: a log in memory with an ingest of its own that appends entries as the real one
// does, and temporary folders.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "interdict/internal/v1/log_entry.pb.h"
#include "services/index/fold/shard.h"
#include "services/index/resolve/each_report_an_incident.h"
#include "services/index/resolve/resolver_runner.h"
#include "storage/log/log.h"
#include "storage/log/memory_log.h"
#include "storage/log/producer.h"

namespace interdict::index::testing {

// A new empty folder, deleted with the object.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A passage of a text that a report rests on, and what the report tells.
struct ReportSpec {
  std::string title;
  std::string quote;  // must occur in the text
  // Parties that it names: a name, or a name and a nationality (`Kim Chol Nam/KP`); persons.
  std::vector<std::string> parties = {};
};

// Appends to the intake log what ingest would.
class FakeIngest {
 public:
  explicit FakeIngest(log::Log* log);

  // A document of these bytes (its text is the same), read by `interdict` of that version. Returns the entry's
  // sequence.
  uint64_t Accept(const std::string& text, const std::vector<ReportSpec>& reports, const std::string& version = "1.0.0",
                  const std::string& url = "", const std::string& request_id = "", bool read_again = false);
  uint64_t Sight(const std::string& text, const std::string& url, const std::string& request_id = "");
  uint64_t Report(const std::string& text, const std::string& extractor, const std::vector<ReportSpec>& reports,
                  const std::string& version = "1.0.0");
  uint64_t Remove(const std::string& text);
  // A judgement with that id; author and reason are filled in.
  uint64_t Judge(const std::string& id, v1::Judgement judgement);
  uint64_t Undo(const std::string& id);
  uint64_t Append(const internal::v1::IntakeEntry& entry, const std::string& document_hex);
  uint64_t AppendRaw(log::PartitionId partition, const log::Payload& payload);

  // Positions token-free: where the last append went.
  log::PartitionId last_partition() const { return last_partition_; }

 private:
  log::Log* const log_;
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  log::Producer producer_;
  log::PartitionId last_partition_;
};

std::string IdOf(const std::string& text);
std::string ReportIdOf(const std::string& text, uint32_t ordinal, const std::string& version = "1.0.0",
                       const std::string& extractor = "interdict");
std::string IncidentIdOf(const std::string& text, uint32_t ordinal, const std::string& version = "1.0.0",
                         const std::string& extractor = "interdict");

// A resolver over a view folder with a clock that stands still.
std::unique_ptr<ResolverRunner> OpenRunner(const std::string& view_path, log::Log* log, const Resolver* resolver);

// Decides all there is.
void DecideAll(log::Log* log, const std::string& view_path);

// A shard that has folded all there is.
std::unique_ptr<Shard> FoldAll(const std::string& path, log::Log* log);

// Digest of a shard made anew.
std::string DigestOfRebuild(log::Log* log);
std::string DigestOfShard(const Shard& shard);
// Of what the records say now: see ComputeRecordDigest.
std::string RecordDigestOf(const Shard& shard);

// Decisions of a partition of the incident log, erased ones left out.
std::vector<internal::v1::Decision> Decisions(log::Log* log, uint32_t partition = 0);

}  // namespace interdict::index::testing
