// What resolver and fold together take of accepted reports: appends structured reports to an embedded log, with
// resolver and shard following it as in `interdict index`, and prints the sustained rate and, at a paced load, the time
// from acknowledged to searchable, at growing sizes of the store.
//   resolve_bench FOLDER [INCIDENTS…]      by default 10000 100000 1000000; FOLDER must not exist
// Every tenth report retells an earlier one.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "services/index/entry/parse_entry.h"
#include "services/index/fold/shard.h"
#include "services/index/resolve/match_reports.h"
#include "services/index/resolve/resolver_runner.h"
#include "storage/ids/ids.h"
#include "storage/log/producer.h"
#include "storage/log/rocksdb_log.h"
#include "tests/index/match/generated_reports.h"

namespace interdict::bench {
namespace {

using index::match::ReportGenerator;

constexpr uint64_t kRetoldEvery = 10;
constexpr uint64_t kBatch = 64;           // documents of an append, as a stream of submissions makes it
constexpr uint64_t kMostWaiting = 2'000;  // documents that are appended ahead of what is searchable
constexpr uint64_t kMeasured = 5'000;     // documents of a measured rate
constexpr uint64_t kPacedPerSecond = 500;
constexpr uint64_t kPaced = 5'000;
constexpr uint64_t kToldEvery = 10'000;  // documents of a long fill
constexpr log::PartitionId kIntake = {log::LogName::kIntake, 0};

// The entry that ingest writes for document `number`.
std::string EntryOf(uint64_t number) {
  const bool retold = number % kRetoldEvery == kRetoldEvery - 1;
  v1::Source source;
  internal::v1::IntakeEntry entry;
  auto* accepted = entry.mutable_document_accepted();
  v1::Report* report = accepted->mutable_report_set()->add_reports();
  *report->mutable_facts() = ReportGenerator(retold ? number / 2 : number).Facts(&source);
  const std::string text = absl::StrCat(ReportGenerator(~number).Text(), "Text ", number, ".");
  const std::string id = ids::DocumentId(text);
  accepted->set_content(text);
  accepted->mutable_document()->set_name("documents/" + id);
  accepted->mutable_document()->set_text(text);
  accepted->mutable_document()->set_text_sha256(ids::Sha256Hex(text));
  accepted->mutable_document()->set_published(source.published());
  accepted->mutable_document()->set_extraction_status(v1::EXTRACTION_STATUS_REPORTED);
  accepted->mutable_report_set()->mutable_extractor()->set_name("interdict");
  accepted->mutable_report_set()->mutable_extractor()->set_version("1.0.0");
  *report->mutable_extractor() = accepted->report_set().extractor();
  report->set_name(absl::StrCat("documents/", id, "/reports/", ids::ReportId(id, "interdict", "1.0.0", 0)));
  report->mutable_facts()->set_title(text.substr(0, 60));
  v1::FieldEvidence* field = report->mutable_facts()->add_field_evidence();
  field->set_path("title");
  v1::Evidence* evidence = field->add_evidence();
  evidence->set_document("documents/" + id);
  evidence->set_text_sha256(accepted->document().text_sha256());
  evidence->set_end_byte(60);
  evidence->set_quote(text.substr(0, 60));
  evidence->set_sentence(text.substr(0, 60));
  return entry.SerializeAsString();
}

uint64_t ResidentMegabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    uint64_t kilobytes = 0;
    if (line.rfind("VmRSS:", 0) == 0 && absl::SimpleAtoi(line.substr(6, line.size() - 9), &kilobytes))
      return kilobytes / 1024;
  }
  return 0;
}

class Spine {
 public:
  static absl::StatusOr<std::unique_ptr<Spine>> Open(const std::string& folder) {
    std::filesystem::create_directories(folder);
    auto spine = std::unique_ptr<Spine>(new Spine());
    auto opened = log::RocksdbLog::Open(folder + "/log", {.intake_partitions = 1, .incident_partitions = 1});
    if (!opened.ok()) return opened.status();
    spine->log_ = *std::move(opened);
    auto shard = index::Shard::Open(
        folder + "/index", spine->log_.get(),
        [](log::PartitionId, const absl::Status& why) { std::cerr << "the fold stands still: " << why << "\n"; });
    if (!shard.ok()) return shard.status();
    spine->shard_ = *std::move(shard);
    index::ResolverOptions options;
    options.view_path = folder + "/resolver";
    options.now = absl::Now;
    auto runner = index::ResolverRunner::Open(
        options, spine->log_.get(), &spine->resolver_,
        [](const absl::Status& why) { std::cerr << "the resolver stands still: " << why << "\n"; });
    if (!runner.ok()) return runner.status();
    spine->runner_ = *std::move(runner);
    spine->producer_ = std::make_unique<log::Producer>(spine->log_.get(), absl::Now);
    spine->shard_->Start();
    spine->runner_->Start();
    return spine;
  }

  ~Spine() {
    if (runner_ != nullptr) runner_->Stop();
    if (shard_ != nullptr) shard_->Stop();
  }

  // Appends the next documents durably; returns the sequence of the last.
  absl::StatusOr<uint64_t> Append(uint64_t documents) {
    std::vector<log::Payload> payloads;
    for (uint64_t i = 0; i < documents; ++i) {
      payloads.push_back({internal::v1::ENTRY_KIND_INTAKE, index::kPayloadFormatVersion, EntryOf(next_++)});
    }
    auto sequences =
        producer_->AppendBatch(kIntake, std::move(payloads), std::nullopt, absl::Now() + absl::Seconds(60));
    if (!sequences.ok()) return sequences.status();
    return sequences->back();
  }

  absl::Status WaitSearchable(uint64_t sequence) const {
    return shard_->WaitFor({{kIntake, sequence}}, absl::Now() + absl::Seconds(600));
  }

  // As fast as it goes. Returns documents a second, from the first append to the last being searchable.
  absl::StatusOr<double> Fill(uint64_t documents) {
    const absl::Time start = absl::Now();
    std::vector<uint64_t> waiting;
    uint64_t last = 0;
    for (uint64_t done = 0; done < documents;) {
      const uint64_t count = std::min(kBatch, documents - done);
      auto appended = Append(count);
      if (!appended.ok()) return appended.status();
      done += count;
      last = *appended;
      if (last > kMostWaiting) {
        absl::Status status = WaitSearchable(last - kMostWaiting);
        if (!status.ok()) return status;
      }
      if (done / kToldEvery != (done - count) / kToldEvery) {
        std::cerr << absl::StrFormat("%d documents, %.0f a second so far\n", next_,
                                     static_cast<double>(done) / absl::ToDoubleSeconds(absl::Now() - start));
      }
    }
    absl::Status status = WaitSearchable(last);
    if (!status.ok()) return status;
    return static_cast<double>(documents) / absl::ToDoubleSeconds(absl::Now() - start);
  }

  // One document at a time at an even pace; milliseconds from acknowledged to searchable, sorted.
  absl::StatusOr<std::vector<double>> Pace(uint64_t documents) {
    std::vector<absl::Time> acknowledged(documents);
    std::vector<uint64_t> sequences(documents);
    std::vector<double> waits_ms(documents);
    std::atomic<uint64_t> appended = 0;
    absl::Status read;
    std::thread reader([&] {
      for (uint64_t i = 0; i < documents && read.ok(); ++i) {
        while (appended.load(std::memory_order_acquire) <= i) absl::SleepFor(absl::Microseconds(100));
        read = WaitSearchable(sequences[i]);
        waits_ms[i] = absl::ToDoubleMilliseconds(absl::Now() - acknowledged[i]);
      }
    });
    absl::Status status;
    const absl::Time start = absl::Now();
    for (uint64_t i = 0; i < documents; ++i) {
      absl::SleepFor(start + absl::Seconds(1) * i / kPacedPerSecond - absl::Now());
      auto sequence = Append(1);
      if (!sequence.ok()) status = sequence.status();
      acknowledged[i] = absl::Now();
      sequences[i] = sequence.value_or(0);
      appended.store(i + 1, std::memory_order_release);
    }
    reader.join();
    if (!status.ok()) return status;
    if (!read.ok()) return read;
    std::sort(waits_ms.begin(), waits_ms.end());
    return waits_ms;
  }

  uint64_t documents() const { return next_; }

 private:
  Spine() = default;

  std::unique_ptr<log::RocksdbLog> log_;
  const index::MatchReports resolver_;
  std::unique_ptr<index::Shard> shard_;
  std::unique_ptr<index::ResolverRunner> runner_;
  std::unique_ptr<log::Producer> producer_;
  uint64_t next_ = 0;
};

absl::Status Run(const std::string& folder, const std::vector<uint64_t>& sizes) {
  auto spine = Spine::Open(folder);
  if (!spine.ok()) return spine.status();
  std::cout << "documents in store | filled at | rate there | median ms | p99 ms at " << kPacedPerSecond
            << " a second | resident MB\n";
  for (const uint64_t size : sizes) {
    double filled = 0;
    if (size > (*spine)->documents()) {
      auto rate = (*spine)->Fill(size - (*spine)->documents());
      if (!rate.ok()) return rate.status();
      filled = *rate;
    }
    auto rate = (*spine)->Fill(kMeasured);
    if (!rate.ok()) return rate.status();
    auto waits = (*spine)->Pace(kPaced);
    if (!waits.ok()) return waits.status();
    std::cout << absl::StrFormat("%d | %.0f/s | %.0f/s | %.1f | %.1f | %d\n", size, filled, *rate,
                                 (*waits)[waits->size() / 2], (*waits)[waits->size() * 99 / 100], ResidentMegabytes())
              << std::flush;
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace interdict::bench

int main(int argc, char** argv) {
  std::vector<uint64_t> sizes;
  for (int i = 2; i < argc; ++i) {
    uint64_t size = 0;
    if (!absl::SimpleAtoi(argv[i], &size)) argc = 0;
    sizes.push_back(size);
  }
  if (argc < 2 || std::filesystem::exists(argv[1])) {
    std::cerr << "resolve_bench FOLDER [INCIDENTS…]: FOLDER must not exist, INCIDENTS are numbers\n";
    return 2;
  }
  if (sizes.empty()) sizes = {10'000, 100'000, 1'000'000};
  const absl::Status status = interdict::bench::Run(argv[1], sizes);
  if (!status.ok()) std::cerr << status << "\n";
  return status.ok() ? 0 : 1;
}
