// What matching a report costs with 10,000, 100,000 and 1,000,000 groups in the store: features, search, and search
// with adding, without the log and the records around it.
//   match_bench [GROUPS…]
#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "services/index/resolve/match/features.h"
#include "services/index/resolve/match/hashes.h"
#include "tests/index/match/generated_reports.h"
#include "tests/index/match/match_store.h"

namespace interdict::index::match {
namespace {

constexpr size_t kMeasured = 2000;
constexpr int kBatch = 200;

// Processor time of this thread, which a busy machine does not change as much.
double Seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

std::string Id(uint64_t number) { return absl::StrFormat("%016x", MixBits(number)); }

struct Timing {
  double median_us = 0;
  double high_us = 0;  // 99 of 100 take less
  double each_us = 0;
};

Timing Summarise(std::vector<double> seconds) {
  Timing timing;
  for (const double s : seconds) timing.each_us += 1e6 * s / static_cast<double>(seconds.size());
  std::sort(seconds.begin(), seconds.end());
  timing.median_us = 1e6 * seconds[seconds.size() / 2];
  timing.high_us = 1e6 * seconds[seconds.size() * 99 / 100];
  return timing;
}

void MeasureFeatures() {
  ReportGenerator generator(99);
  std::vector<double> seconds;
  for (size_t i = 0; i < kMeasured; ++i) {
    std::string text;
    v1::Source source;
    const v1::Report report = generator.Report(&text, &source);
    const double start = Seconds();
    FeaturesOf(report, source, text);
    seconds.push_back(Seconds() - start);
  }
  const Timing timing = Summarise(seconds);
  std::cout << absl::StrFormat("features of a report: %.0f us\n", timing.each_us);
}

void Measure(size_t groups, const GroupIndex& index, MatchStore& store) {
  ReportGenerator generator(static_cast<uint32_t>(groups));
  std::vector<double> find;
  std::vector<double> both;
  size_t candidates = 0;
  for (size_t i = 0; i < kMeasured; ++i) {
    const internal::v1::ReportFeatures features = generator.Features();
    store.Change([&](const records::Reader& reader, records::Batch* batch) {
      const double start = Seconds();
      auto found = index.Find(features, reader);
      if (!found.ok()) return found.status();
      find.push_back(Seconds() - start);
      candidates += found->size();
      absl::Status status = index.Add(features, Id(groups * 7 + i), Id(groups * 7 + i), reader, batch);
      both.push_back(Seconds() - start);
      return status;
    });
  }
  const Timing search = Summarise(find);
  const Timing all = Summarise(both);
  std::cout << absl::StrFormat(
      "%8d groups: find %.0f us (median %.0f, p99 %.0f), find and add %.0f us (p99 %.0f), %.1f candidates\n", groups,
      search.each_us, search.median_us, search.high_us, all.each_us, all.high_us,
      static_cast<double>(candidates) / kMeasured);
}

void Run(const std::vector<size_t>& sizes) {
  MeasureFeatures();
  MatchStore store;
  const GroupIndex index;
  ReportGenerator generator(1);
  size_t groups = 0;
  for (const size_t size : sizes) {
    const double start = Seconds();
    const size_t before = groups;
    while (groups < size) {
      store.Change([&](const records::Reader& reader, records::Batch* batch) {
        absl::Status status;
        for (int i = 0; i < kBatch && groups < size && status.ok(); ++i, ++groups) {
          status = index.Add(generator.Features(), Id(groups), Id(groups), reader, batch);
        }
        return status;
      });
    }
    std::cout << absl::StrFormat("filled with %d groups, %.0f us each\n", size - before,
                                 1e6 * (Seconds() - start) / static_cast<double>(size - before));
    Measure(size, index, store);
  }
}

}  // namespace
}  // namespace interdict::index::match

int main(int argc, char** argv) {
  std::vector<size_t> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::strtoul(argv[i], nullptr, 10));
  if (sizes.empty()) sizes = {10'000, 100'000, 1'000'000};
  interdict::index::match::Run(sizes);
  return 0;
}
