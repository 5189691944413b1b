// What matching a report costs with 10,000, 100,000 and 1,000,000 groups in the store: features, search, and search
// with adding, without the log and the records around it.
//   match_bench [GROUPS…]
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/index/resolve/match/features.h"
#include "services/index/resolve/match/hashes.h"
#include "tests/index/match/match_store.h"

namespace interdict::index::match {
namespace {

constexpr size_t kMeasured = 2000;
constexpr int kBatch = 200;
constexpr uint32_t kWords = 40'000;

// Processor time of this thread, which a busy machine does not change as much.
double Seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Words by Zipf's law, so that some keys are in very many groups.
class Generator {
 public:
  explicit Generator(uint32_t seed) : random_(seed) {}

  uint32_t Rank(uint32_t most) {
    const double share = std::uniform_real_distribution<double>(0, 1)(random_);
    return static_cast<uint32_t>(std::pow(static_cast<double>(most), share)) - 1;
  }
  uint32_t Even(uint32_t most) { return std::uniform_int_distribution<uint32_t>(0, most - 1)(random_); }

  std::string Word(uint32_t rank) {
    std::string word;
    uint64_t bits = MixBits(rank + 7);
    for (int i = 0; i < 3; ++i, bits /= 105) {
      word.push_back("bdfgklmnprstvzj"[bits % 15]);
      word.push_back("aeiou"[bits / 15 % 5]);
    }
    return absl::StrCat(word, "rn");
  }

  std::string Name() {
    std::string name;
    for (int i = 0; i < 2; ++i) {
      std::string word = Word(Rank(kWords));
      word[0] = static_cast<char>(word[0] - 'a' + 'A');
      absl::StrAppend(&name, i == 0 ? "" : " ", word);
    }
    return name;
  }

  v1::Report Report(std::string* text, v1::Source* source) {
    v1::Report report;
    v1::IncidentFacts& facts = *report.mutable_facts();
    const uint32_t day = Even(3650);
    const std::string date = absl::StrFormat("%d-%02d-%02d", 2010 + day / 365, 1 + day % 12, 1 + day % 28);
    facts.mutable_occurred()->set_edtf(date);
    source->set_published(date);
    facts.add_offences()->set_offence(static_cast<v1::Offence>(1 + Even(11)));
    for (int i = 0; i < 3; ++i) {
      v1::Place* place = facts.add_places();
      place->set_role(static_cast<v1::PlaceRole>(1 + i));
      const uint32_t country = Rank(200);
      place->set_country_code({static_cast<char>('A' + country % 26), static_cast<char>('A' + country / 26)});
      place->set_name(Word(Rank(5000)));
    }
    for (int i = 0; i < 4; ++i) {
      v1::Party* party = facts.add_parties();
      party->set_name(Name());
      party->set_named(true);
      party->set_kind(v1::PARTY_KIND_PERSON);
      party->set_role(i == 0 ? v1::PARTY_ROLE_AUTHORITY : v1::PARTY_ROLE_SUSPECT);
    }
    v1::Goods* goods = facts.add_goods();
    goods->set_category(absl::StrCat("ML", 1 + Rank(22)));
    goods->set_description(Word(Rank(500)));
    v1::Quantity* quantity = goods->add_quantities();
    quantity->set_value(1 + Rank(10000));
    quantity->set_unit("kg");
    text->clear();
    for (int i = 0; i < 300; ++i)
      absl::StrAppend(text, i % 20 == 7 ? Name() : Word(Rank(kWords)), i % 12 == 11 ? ". " : " ");
    report.set_name(absl::StrFormat("documents/%016x%048x/reports/%032x", random_(), random_(), random_()));
    return report;
  }

  internal::v1::ReportFeatures Features() {
    std::string text;
    v1::Source source;
    const v1::Report report = Report(&text, &source);
    return FeaturesOf(report, source, text);
  }

 private:
  std::mt19937_64 random_;
};

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
  Generator generator(99);
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
  Generator generator(static_cast<uint32_t>(groups));
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
  Generator generator(1);
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
