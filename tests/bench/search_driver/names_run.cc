#include "tests/bench/search_driver/names_run.h"

#include <sys/resource.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <thread>
#include <vector>

#include "services/index/names/name_index_writer.h"
#include "services/index/names/name_keys.h"
#include "services/index/names/name_searcher.h"
#include "storage/records/store.h"
#include "tests/bench/search_driver/search_harness.h"

namespace interdict::bench {
namespace {

constexpr size_t kBatchNames = 5000;
constexpr size_t kHits = 10;
constexpr size_t kScreened = 10000;
constexpr int kAdded = 40;

struct NameLine {
  std::string name;
  uint64_t number = 0;
};

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << status << "\n";
  std::exit(1);
}

std::vector<NameLine> ReadNames(const std::string& path, bool number_first) {
  std::ifstream in(path);
  if (!in) Require(absl::NotFoundError("cannot read " + path));
  std::vector<NameLine> lines;
  for (std::string line; std::getline(in, line);) {
    const size_t tab = line.find('\t');
    if (tab == std::string::npos) continue;
    const std::string first = line.substr(0, tab);
    const std::string second = line.substr(tab + 1);
    lines.push_back(number_first ? NameLine{second, std::stoull(first)} : NameLine{first, std::stoull(second)});
  }
  return lines;
}

std::unique_ptr<records::Store> OpenStore(const std::string& path) {
  records::StoreOptions options;
  options.families = names::NameFamilies();
  options.packed_families = names::PackedNameFamilies();
  auto store = records::Store::Open(path, options);
  Require(store.status());
  return *std::move(store);
}

void Commit(records::Store& store, const std::vector<NameLine>& lines, size_t begin, size_t end, bool durable) {
  const auto snapshot = store.Snapshot();
  names::NameIndexWriter writer(snapshot.get());
  for (size_t i = begin; i < end; ++i) {
    Require(writer.Put({lines[i].number, names::NameKind::kUnknown, {lines[i].name}, {}}));
  }
  records::Batch batch;
  Require(writer.Finish(&batch));
  Require(store.Commit(batch, durable));
}

double BuildIndex(records::Store& store, const std::vector<NameLine>& lines) {
  const double start = Seconds();
  for (size_t begin = 0; begin < lines.size(); begin += kBatchNames) {
    const size_t end = std::min(lines.size(), begin + kBatchNames);
    Commit(store, lines, begin, end, /*durable=*/end == lines.size());
  }
  const double seconds = Seconds() - start;
  for (const auto* families : {&names::NameFamilies(), &names::PackedNameFamilies()}) {
    for (const std::string& family : *families) Require(store.Compact(family));
  }
  return seconds;
}

std::vector<names::NameHit> Ask(const names::NameSearcher& searcher, const records::Reader& reader,
                                const std::string& name, double threshold) {
  names::MatchOptions options;
  options.limit = kHits;
  options.threshold = threshold;
  options.explain = false;
  auto matches = searcher.Match(reader, {name, names::NameKind::kUnknown, {}}, options);
  Require(matches.status());
  return std::move(matches->hits);
}

std::string Measure(const names::NameSearcher& searcher, const records::Reader& reader,
                    const std::vector<NameLine>& queries) {
  std::vector<double> milliseconds;
  size_t first = 0;
  size_t in_ten = 0;
  for (int pass = 0; pass < 2; ++pass) {
    milliseconds.clear();
    first = in_ten = 0;
    for (const NameLine& query : queries) {
      const double start = Seconds();
      const auto hits = Ask(searcher, reader, query.name, 0);
      milliseconds.push_back((Seconds() - start) * 1e3);
      for (size_t i = 0; i < hits.size(); ++i) {
        if (hits[i].number != query.number) continue;
        ++in_ten;
        if (i == 0) ++first;
      }
    }
  }
  const auto share = [&queries](size_t count) {
    return static_cast<double>(count) / static_cast<double>(queries.size());
  };
  char line[256];
  std::snprintf(line, sizeof(line), "Interdict name index\t%.3f\t%.3f\t%.4f\t%.4f\t%zu", Percentile(milliseconds, 0.5),
                Percentile(milliseconds, 0.99), share(in_ten), share(first), queries.size());
  return line;
}

double ProcessorSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Names a second, of two threads together. Half of the names are misspelt, half as they stand in the list.
double Screen(const names::NameSearcher& searcher, const records::Reader& reader, const std::vector<NameLine>& names,
              const std::vector<NameLine>& queries) {
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i = next++; i < kScreened; i = next++) {
      const NameLine& line = i % 2 == 0 ? queries[i / 2 % queries.size()] : names[i * 7919 % names.size()];
      Ask(searcher, reader, line.name, 0.7);
    }
  };
  const double start = Seconds();
  const double processor = ProcessorSeconds();
  std::thread other(work);
  work();
  other.join();
  std::printf("processor time of screening: %.3f ms a name\n", (ProcessorSeconds() - processor) * 1e3 / kScreened);
  return static_cast<double>(kScreened) / (Seconds() - start);
}

// Median milliseconds until a new name is durable and found.
double MeasureAdd(records::Store& store, const names::NameSearcher& searcher, uint64_t last_number) {
  std::vector<double> milliseconds;
  for (int i = 0; i < kAdded; ++i) {
    const NameLine line = {"Added Visibleprobe " + std::string(1, static_cast<char>('a' + i % 26)) + std::to_string(i),
                           last_number + 1 + static_cast<uint64_t>(i)};
    const double start = Seconds();
    Commit(store, {line}, 0, 1, /*durable=*/true);
    const auto hits = Ask(searcher, *store.Snapshot(), line.name, 0);
    if (hits.empty() || hits[0].number != line.number) Require(absl::InternalError("an added name is not found"));
    milliseconds.push_back((Seconds() - start) * 1e3);
  }
  return Percentile(milliseconds, 0.5);
}

}  // namespace

int RunNames(const std::string& names, const std::string& queries, const std::string& index, const std::string& out) {
  const std::vector<NameLine> lines = ReadNames(names, /*number_first=*/true);
  const std::vector<NameLine> asked = ReadNames(queries, /*number_first=*/false);
  if (lines.empty() || asked.empty()) Require(absl::InvalidArgumentError("no names or no queries"));
  std::filesystem::remove_all(index);
  uint64_t last_number = 0;
  for (const NameLine& line : lines) last_number = std::max(last_number, line.number);
  {
    const auto store = OpenStore(index);
    std::printf("interdict names index %.2f s\n", BuildIndex(*store, lines));
  }
  const auto store = OpenStore(index);
  const auto snapshot = store->Snapshot();
  const names::NameSearcher searcher;
  const std::string line = Measure(searcher, *snapshot, asked);
  std::printf("%s\n", line.c_str());
  std::ofstream(out + "/names.interdict.tsv") << line << "\n";
  std::printf("screening %.0f names a second, two threads\n", Screen(searcher, *snapshot, lines, asked));
  std::printf("a name added, durable and found: %.2f ms\n", MeasureAdd(*store, searcher, last_number));
  std::printf("resident at most %.0f MB\n", PeakResidentMb());
  return 0;
}

}  // namespace interdict::bench
