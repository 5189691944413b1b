#include "tests/bench/search_driver/search_harness.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

namespace interdict::bench {
namespace {

constexpr double kMostSeconds = 3;  // of one measurement
constexpr int kRepetitions = 4;

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  if (text.empty()) return parts;
  size_t begin = 0;
  for (size_t end = text.find(separator); end != std::string::npos; end = text.find(separator, begin)) {
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  parts.push_back(text.substr(begin));
  return parts;
}

// One class, as hits or as counts.
class ClassRun {
 public:
  ClassRun(const std::vector<HarnessQuery>& queries, bool counts,
           const std::function<std::unique_ptr<HarnessSearcher>()>& open)
      : queries_(queries), counts_(counts), open_(open) {}

  void Answers(HarnessSearcher& searcher, std::ostream& out) {
    const double start = Seconds();
    for (const HarnessQuery& query : queries_) {
      if (counts_) {
        out << query.id << "\tcount\t" << searcher.Count(query) << "\n";
      } else {
        const Answer answer = searcher.Top(query);
        out << query.id << "\t" << query.cls << "\t" << answer.count << "\t";
        for (const uint32_t id : answer.ids) out << id << ",";
        out << "\t";
        for (const auto& [bucket, count] : answer.facets) out << bucket << "=" << count << ";";
        out << "\n";
      }
      ++warm_;
      if (Seconds() - start > kMostSeconds * 4) break;
    }
    out.flush();
  }

  std::string Measure(HarnessSearcher& searcher, const std::string& engine, const std::string& name) {
    std::vector<double> milliseconds;
    const double start = Seconds();
    for (int i = 0; i < kRepetitions && Seconds() - start < kMostSeconds; ++i) {
      for (size_t n = 0; n < warm_ && Seconds() - start < kMostSeconds * 3; ++n) {
        const double begin = Seconds();
        Ask(searcher, n);
        milliseconds.push_back((Seconds() - begin) * 1e3);
      }
    }
    char line[256];
    std::snprintf(line, sizeof(line), "%s\t%s\t%.4f\t%.4f\t%.1f\t%zu", engine.c_str(), name.c_str(),
                  Percentile(milliseconds, 0.5), Percentile(milliseconds, 0.99), QueriesPerSecond(), warm_);
    return line;
  }

 private:
  void Ask(HarnessSearcher& searcher, size_t query) {
    if (counts_) {
      searcher.Count(queries_[query]);
    } else {
      searcher.Top(queries_[query]);
    }
  }

  // Of two threads together.
  double QueriesPerSecond() {
    std::vector<double> rates(2);
    std::vector<std::thread> threads;
    for (size_t t = 0; t < rates.size(); ++t) {
      threads.emplace_back([this, t, &rates] {
        const auto searcher = open_();
        const double start = Seconds();
        size_t asked = 0;
        for (; Seconds() - start < kMostSeconds / 2; ++asked) Ask(*searcher, (t * warm_ / 2 + asked) % warm_);
        rates[t] = static_cast<double>(asked) / (Seconds() - start);
      });
    }
    for (std::thread& thread : threads) thread.join();
    return rates[0] + rates[1];
  }

  const std::vector<HarnessQuery>& queries_;
  const bool counts_;
  const std::function<std::unique_ptr<HarnessSearcher>()>& open_;
  size_t warm_ = 0;
};

}  // namespace

bool ReadRecord(std::istream& in, Record* record) {
  std::string line;
  if (!std::getline(in, line)) return false;
  std::vector<std::string> cells = Split(line, '\t');
  cells.resize(11);
  record->id = static_cast<uint32_t>(std::stoul(cells[0]));
  record->title = cells[1];
  record->text = cells[2];
  record->day = std::stoi(cells[3]);
  record->origin = cells[4];
  record->transit = Split(cells[5], ',');
  record->destination = cells[6];
  record->type = cells[7];
  record->status = cells[8];
  record->goods = Split(cells[9], ',');
  record->entities = Split(cells[10], ',');
  return true;
}

std::vector<HarnessQuery> ReadQueries(const std::string& path) {
  std::ifstream in(path);
  std::vector<HarnessQuery> queries;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> cells = Split(line, '\t');
    cells.resize(5);
    HarnessQuery query;
    query.id = queries.size();
    query.cls = cells[0];
    query.terms = Split(cells[1], ' ');
    for (const std::string& filter : Split(cells[2], '&')) {
      const size_t equals = filter.find('=');
      query.filters.emplace_back(filter.substr(0, equals), filter.substr(equals + 1));
    }
    query.from = std::stoi(cells[3]);
    query.to = std::stoi(cells[4]);
    queries.push_back(std::move(query));
  }
  return queries;
}

void ForEachToken(const std::string& text, const std::function<void(std::string)>& visit) {
  std::string token;
  for (const char c : text + " ") {
    if (c >= 'A' && c <= 'Z') {
      token.push_back(static_cast<char>(c - 'A' + 'a'));
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      token.push_back(c);
    } else if (!token.empty()) {
      visit(std::move(token));
      token.clear();
    }
  }
}

void RunHarness(const std::string& engine, const std::string& queries, const std::string& out,
                const std::function<std::unique_ptr<HarnessSearcher>()>& open) {
  std::vector<std::string> order;
  std::map<std::string, std::vector<HarnessQuery>> classes;
  for (HarnessQuery& query : ReadQueries(queries)) {
    if (classes[query.cls].empty()) order.push_back(query.cls);
    classes[query.cls].push_back(std::move(query));
  }
  std::ofstream answers(out + "/answers." + engine + ".tsv");
  std::ofstream results(out + "/results." + engine + ".tsv");
  const auto searcher = open();
  for (const std::string& cls : order) {
    const bool countable = cls != "facets" && cls != "newest";
    for (const bool counts : {false, true}) {
      if (counts && !countable) continue;
      ClassRun run(classes[cls], counts, open);
      run.Answers(*searcher, answers);
      const std::string line = run.Measure(*searcher, engine, counts ? cls + ".count" : cls);
      results << line << std::endl;
      std::printf("%s\n", line.c_str());
    }
  }
}

void WriteBuildLine(const std::string& out, const std::string& engine, uint64_t records, double seconds,
                    double resident_mb, double add_ms) {
  char line[256];
  std::snprintf(line, sizeof(line), "%s\t%llu\t%.2f\t%.0f\t%.0f\t%.3f", engine.c_str(),
                static_cast<unsigned long long>(records), seconds, static_cast<double>(records) / seconds, resident_mb,
                add_ms);
  std::ofstream(out + "/build." + engine + ".tsv") << line << "\n";
  std::printf("%s\n", line);
}

double Seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double PeakResidentMb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

double Percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<size_t>(share * static_cast<double>(values.size())))];
}

}  // namespace interdict::bench
