// The harness's side of a search driver: its records, queries and tokeniser, its way of measuring, and the files in
// which it expects answers and figures.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace interdict::bench {

struct Record {
  uint32_t id = 0;
  std::string title;
  std::string text;
  int day = 0;  // since 1970-01-01
  std::string origin;
  std::vector<std::string> transit;
  std::string destination;
  std::string type;
  std::string status;
  std::vector<std::string> goods;
  std::vector<std::string> entities;
};
// False at the end.
bool ReadRecord(std::istream& in, Record* record);

struct HarnessQuery {
  size_t id = 0;
  std::string cls;
  std::vector<std::string> terms;
  std::vector<std::pair<std::string, std::string>> filters;
  int from = 0;
  int to = 0;  // 0: no dates
};
std::vector<HarnessQuery> ReadQueries(const std::string& path);

// Runs of ASCII letters and digits, in lower case.
void ForEachToken(const std::string& text, const std::function<void(std::string)>& visit);

struct Answer {
  int64_t count = -1;
  std::vector<uint32_t> ids;
  std::map<std::string, uint64_t> facets;
};
// One thread's handle.
class HarnessSearcher {
 public:
  virtual ~HarnessSearcher() = default;
  virtual Answer Top(const HarnessQuery& query) = 0;
  virtual uint64_t Count(const HarnessQuery& query) = 0;
};

// Each class of queries: once to warm up and for the answers, then timed in one thread, then in two.
void RunHarness(const std::string& engine, const std::string& queries, const std::string& out,
                const std::function<std::unique_ptr<HarnessSearcher>()>& open);
void WriteBuildLine(const std::string& out, const std::string& engine, uint64_t records, double seconds,
                    double resident_mb, double add_ms);

double Seconds();
double PeakResidentMb();
double Percentile(std::vector<double> values, double share);

}  // namespace interdict::bench
