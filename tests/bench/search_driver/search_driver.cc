// Runs the search index in the harness that measures it against other engines: one text field with the harness's
// tokeniser, facets as keywords, the day as a column, in a RocksDB on disk as in a shard.
//   search_driver build CORPUS INDEX OUT     makes INDEX from a file of tab-separated records, measures adding one
//   search_driver run INDEX QUERIES OUT      answers each query and measures, by class
//   search_driver writes INDEX QUERIES OUT   the same while 1,000 records a second are replaced
//   search_driver names NAMES QUERIES INDEX OUT   the index of names: makes INDEX, asks and measures
//   search_driver adds INDEX                 adds records one by one at rest, then while all segments are merged
//   search_driver hostile INDEX              asks queries that are made to cost, with a deadline of a second
//   search_driver sizes INDEX                bytes by kind of key
#include <sys/resource.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "services/index/engine/search_engine.h"
#include "services/index/engine/segment.h"
#include "tests/bench/search_driver/hostile_queries.h"
#include "tests/bench/search_driver/names_run.h"
#include "tests/bench/search_driver/search_harness.h"

namespace interdict::bench {
namespace {

using namespace index;  // NOLINT(google-build-using-namespace): a program, not a header

enum KeywordId : uint16_t { kDestination, kOrigin, kTransit, kType, kStatus, kGoods, kEntities };
constexpr uint16_t kDay = 0;
constexpr size_t kBatchDocuments = 5000;

const std::map<std::string, uint16_t>& KeywordIds() {
  static const auto* const ids = new std::map<std::string, uint16_t>{
      {"destination", kDestination}, {"origin", kOrigin}, {"transit", kTransit},  {"type", kType},
      {"status", kStatus},           {"goods", kGoods},   {"entities", kEntities}};
  return *ids;
}

EngineOptions Options() {
  IndexSchema schema;
  schema.text_fields = {{0, "body", 1.0F, false}};
  for (const auto& [name, id] : KeywordIds()) schema.keyword_fields.push_back({id, name});
  schema.columns = {{kDay, "day", Column::Unit::kDays, /*sorted=*/true}};
  EngineOptions options;
  options.schemas = {schema, schema};
  return options;
}

struct Opened {
  std::unique_ptr<records::Store> store;
  std::unique_ptr<SearchEngine> engine;
};

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << status << "\n";
  std::exit(1);
}

Opened Open(const std::string& path) {
  records::StoreOptions options;
  options.families = SearchFamilies();
  options.packed_families = PackedSearchFamilies();
  auto store = records::Store::Open(path, options);
  Require(store.status());
  Opened opened;
  opened.store = *std::move(store);
  auto engine = SearchEngine::Open(opened.store.get(), Options());
  Require(engine.status());
  opened.engine = *std::move(engine);
  return opened;
}

IndexDocument ToDocument(const Record& record) {
  IndexDocument document;
  document.number = record.id;
  TextValue body;
  uint32_t position = 0;
  ForEachToken(record.title + " " + record.text, [&](std::string token) {
    body.tokens.push_back({token.substr(0, 255), "", position++});
  });
  document.texts.push_back(std::move(body));
  const auto add = [&document](uint16_t field, const std::string& value) {
    if (!value.empty()) document.keywords.push_back({field, value});
  };
  add(kDestination, record.destination);
  add(kOrigin, record.origin);
  add(kType, record.type);
  add(kStatus, record.status);
  for (const std::string& value : record.transit) add(kTransit, value);
  for (const std::string& value : record.goods) add(kGoods, value);
  for (const std::string& value : record.entities) add(kEntities, value);
  document.columns.push_back({kDay, record.day});
  return document;
}

Query ToQuery(const HarnessQuery& harness) {
  Query query;
  std::vector<QueryNode> terms;
  for (const std::string& term : harness.terms) terms.push_back(Term(term));
  if (harness.cls == "phrase") {
    query.text = Phrase(harness.terms);
  } else if (harness.cls == "or") {
    query.text = Or(std::move(terms));
  } else {
    query.text = And(std::move(terms));
  }
  std::vector<QueryNode> filters;
  for (const auto& [field, value] : harness.filters) filters.push_back(Keyword(KeywordIds().at(field), {value}));
  if (harness.to != 0) filters.push_back(Range(kDay, harness.from, harness.to));
  query.filter = And(std::move(filters));
  if (harness.cls == "newest") {
    query.order = {Order::By::kColumn, kDay, /*descending=*/true};
    query.limit = 20;
  } else if (harness.cls == "facets") {
    query.limit = 0;
    query.count = CountMode::kExact;
    query.facets.resize(2);
    query.facets[0].first = {FacetDimension::Of::kKeyword, kDestination};
    query.facets[1].first = {FacetDimension::Of::kYear, kDay};
  }
  return query;
}

SearchResult Ask(const SearchEngine& engine, const Query& query) {
  auto result = engine.Snapshot()->Search(Collection::kIncidents, query);
  Require(result.status());
  return *std::move(result);
}

class EngineSearcher : public HarnessSearcher {
 public:
  explicit EngineSearcher(const SearchEngine* engine) : engine_(engine) {}

  Answer Top(const HarnessQuery& harness) override {
    const SearchResult result = Ask(*engine_, ToQuery(harness));
    Answer answer;
    for (const Hit& hit : result.hits) answer.ids.push_back(static_cast<uint32_t>(hit.number));
    if (result.count.has_value()) answer.count = static_cast<int64_t>(*result.count);
    const std::vector<std::string> prefixes = {"c:", "y:"};
    for (size_t i = 0; i < result.facets.size(); ++i) {
      for (const FacetCount& bucket : result.facets[i].counts) answer.facets[prefixes[i] + bucket.first] = bucket.count;
    }
    return answer;
  }

  uint64_t Count(const HarnessQuery& harness) override {
    Query query = ToQuery(harness);
    query.limit = 0;
    query.count = CountMode::kExact;
    query.facets.clear();
    return *Ask(*engine_, query).count;
  }

 private:
  const SearchEngine* engine_;
};

void Add(SearchEngine& engine, Record record, const std::string& probe) {
  IndexChange change;
  record.text = probe + " " + record.text;
  change.Put(ToDocument(record));
  Require(engine.Commit(records::Batch(), change, /*durable=*/true));
}

// Time in ms until a record is durable and found.
double AddAndFind(SearchEngine& engine, Record record, uint32_t number) {
  record.id = number;
  const std::string probe = "visibleprobe" + std::to_string(number);
  const double start = Seconds();
  Add(engine, record, probe);
  Query query;
  query.text = Term(probe);
  if (Ask(engine, query).hits.size() != 1) Require(absl::InternalError("an added record is not found"));
  return (Seconds() - start) * 1e3;
}

// The median of some.
double MeasureAdd(SearchEngine& engine, const Record& record, uint32_t last_number) {
  std::vector<double> milliseconds;
  constexpr uint32_t kAdded = 40;
  for (uint32_t i = 0; i < kAdded; ++i) milliseconds.push_back(AddAndFind(engine, record, last_number + 1 + i));
  IndexChange removal;
  for (uint32_t i = 0; i < kAdded; ++i) removal.Remove(Collection::kIncidents, last_number + 1 + i);
  Require(engine.Commit(records::Batch(), removal, /*durable=*/true));
  return Percentile(milliseconds, 0.5);
}

int Build(const std::string& corpus, const std::string& path, const std::string& out) {
  std::filesystem::remove_all(path);
  std::ifstream in(corpus);
  if (!in) Require(absl::NotFoundError("cannot read " + corpus));
  Opened opened = Open(path);
  const double start = Seconds();
  double synced = start;
  Record record;
  uint64_t records = 0;
  uint32_t last_number = 0;
  IndexChange change;
  for (bool more = true; more;) {
    more = ReadRecord(in, &record);
    if (more) {
      change.Put(ToDocument(record));
      last_number = std::max(last_number, record.id);
      ++records;
    }
    if (more && records % kBatchDocuments != 0) continue;
    const bool durable = !more || Seconds() - synced > 0.5;
    Require(opened.engine->Commit(records::Batch(), change, durable));
    if (durable) synced = Seconds();
    change.Clear();
  }
  const double seconds = Seconds() - start;
  const double resident_mb = PeakResidentMb();
  const double add_ms = MeasureAdd(*opened.engine, record, last_number);
  WriteBuildLine(out, "interdict", records, seconds, resident_mb, add_ms);
  const double rewrite = Seconds();
  Require(opened.engine->Maintain(/*rewrite=*/true));
  for (const auto* families : {&SearchFamilies(), &PackedSearchFamilies()}) {
    for (const std::string& family : *families) Require(opened.store->Compact(family));
  }
  std::printf("rewritten and compacted in %.1f s\n", Seconds() - rewrite);
  return 0;
}

Record MadeUpRecord() {
  Record record;
  record.title = "a record that is added alone";
  record.text = "rifles and bearings were found by customs on their way to the port";
  record.type = "seizure";
  record.day = 15000;
  return record;
}

// Replaces records, 1,000 a second, until told to stop.
void Write(SearchEngine* engine, const std::atomic<bool>* stop, std::atomic<uint64_t>* written) {
  const double start = Seconds();
  Record record = MadeUpRecord();
  for (uint64_t i = 0; !*stop; ++i) {
    record.id = static_cast<uint32_t>(i % 100000 + 1);
    record.title = "replaced record " + std::to_string(i);
    record.day = static_cast<int>(15000 + i % 3000);
    IndexChange change;
    change.Put(ToDocument(record));
    Require(engine->Commit(records::Batch(), change, /*durable=*/i % 500 == 0));
    ++*written;
    const double due = start + static_cast<double>(i) / 1000;
    while (!*stop && Seconds() < due) std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
}

int Run(const std::string& path, const std::string& queries, const std::string& out, bool writing) {
  const double start = Seconds();
  Opened opened = Open(path);
  std::printf("opened in %.3f s, %llu records\n", Seconds() - start,
              static_cast<unsigned long long>(opened.engine->Snapshot()->documents(Collection::kIncidents)));
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> written{0};
  std::thread writer;
  if (writing) writer = std::thread(Write, opened.engine.get(), &stop, &written);
  const double measured = Seconds();
  RunHarness(writing ? "interdict_writes" : "interdict", queries, out,
             [&opened] { return std::make_unique<EngineSearcher>(opened.engine.get()); });
  if (writing) {
    stop = true;
    writer.join();
    std::printf("%.0f writes a second\n", static_cast<double>(written) / (Seconds() - measured));
  }
  std::printf("resident at most %.0f MB\n", PeakResidentMb());
  return 0;
}

// What the plan is and how the hits were scored, for one query given by its line in the file.
int Explain(const std::string& path, const std::string& queries, size_t line) {
  Opened opened = Open(path);
  const std::vector<HarnessQuery> all = ReadQueries(queries);
  if (line >= all.size()) Require(absl::OutOfRangeError("no such query"));
  Query query = ToQuery(all[line]);
  query.explain = true;
  const SearchResult result = Ask(*opened.engine, query);
  std::cout << result.plan;
  for (const Hit& hit : result.hits) std::cout << hit.number << "\n" << hit.explanation;
  return 0;
}

void PrintAdds(const char* when, const std::vector<double>& milliseconds) {
  std::printf("%s: %zu added, median %.2f ms, p90 %.2f ms, p99 %.2f ms\n", when, milliseconds.size(),
              Percentile(milliseconds, 0.5), Percentile(milliseconds, 0.9), Percentile(milliseconds, 0.99));
}

// One record after the other with a pause between: at rest, and while everything is merged into new segments.
int Adds(const std::string& path) {
  Opened opened = Open(path);
  constexpr uint32_t kFirst = 3000000000;  // beyond the corpus
  constexpr uint32_t kAtRest = 200;
  uint32_t number = kFirst;
  const Record record = MadeUpRecord();
  std::vector<double> milliseconds;
  const auto add = [&] {
    milliseconds.push_back(AddAndFind(*opened.engine, record, number++));
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  };
  while (number < kFirst + kAtRest) add();
  PrintAdds("at rest", milliseconds);
  milliseconds.clear();
  // A segment is only written anew if something of it is gone.
  IndexChange change;
  change.Remove(Collection::kIncidents, 1);
  Require(opened.engine->Commit(records::Batch(), change, /*durable=*/true));
  std::atomic<bool> merged{false};
  const double start = Seconds();
  std::thread merge([&] {
    Require(opened.engine->Maintain(/*rewrite=*/true));
    merged = true;
  });
  while (!merged) add();
  merge.join();
  PrintAdds("while all is merged", milliseconds);
  std::printf("merged in %.1f s\n", Seconds() - start);
  change.Clear();
  for (uint32_t i = kFirst; i < number; ++i) change.Remove(Collection::kIncidents, i);
  Require(opened.engine->Commit(records::Batch(), change, /*durable=*/true));
  return 0;
}

int Hostile(const std::string& path) {
  Opened opened = Open(path);
  return AskHostileQueries(*opened.engine, /*deadline_seconds=*/1) ? 0 : 1;
}

// What the kinds of keys of docs/storage_format.md take.
int Sizes(const std::string& path) {
  Opened opened = Open(path);
  std::map<char, std::pair<uint64_t, uint64_t>> kinds;
  const auto reader = opened.store->Snapshot();
  for (const auto cursor = reader->Scan(kSegmentFamily, ""); cursor->Valid(); cursor->Next()) {
    auto& [keys, bytes] = kinds[cursor->key()[4]];
    ++keys;
    bytes += cursor->key().size() + cursor->value().size();
  }
  for (const auto& [kind, size] : kinds) {
    std::printf("%c %9llu keys %8.1f MB\n", kind, static_cast<unsigned long long>(size.first),
                static_cast<double>(size.second) / 1e6);
  }
  return 0;
}

}  // namespace
}  // namespace interdict::bench

int main(int count, char** arguments) {
  const std::string mode = count > 1 ? arguments[1] : "";
  if (count == 3 && mode == "adds") return interdict::bench::Adds(arguments[2]);
  if (count == 3 && mode == "hostile") return interdict::bench::Hostile(arguments[2]);
  if (count == 3 && mode == "sizes") return interdict::bench::Sizes(arguments[2]);
  if (count == 5) {
    if (mode == "build") return interdict::bench::Build(arguments[2], arguments[3], arguments[4]);
    if (mode == "run") return interdict::bench::Run(arguments[2], arguments[3], arguments[4], false);
    if (mode == "writes") return interdict::bench::Run(arguments[2], arguments[3], arguments[4], true);
    if (mode == "explain") return interdict::bench::Explain(arguments[2], arguments[3], std::stoul(arguments[4]));
  }
  if (count == 6 && mode == "names") {
    return interdict::bench::RunNames(arguments[2], arguments[3], arguments[4], arguments[5]);
  }
  std::cerr
      << "search_driver build CORPUS INDEX OUT | run INDEX QUERIES OUT | writes INDEX QUERIES OUT |\n"
         "  explain INDEX QUERIES LINE | adds INDEX | hostile INDEX | sizes INDEX | names NAMES QUERIES INDEX OUT\n";
  return 2;
}
