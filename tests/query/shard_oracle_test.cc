// Random questions through gRPC: a query service over three shards with two replicas each, all on real stores that
// follow one log, against brute force over the decoded records. Documents come and go, nodes are stopped and opened
// again, stores are made anew. 400 questions; INTERDICT_SHARD_ORACLE_QUERIES=N asks more.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "interdict/internal/v1/admin_service.grpc.pb.h"
#include "interdict/internal/v1/index_service.grpc.pb.h"
#include "interdict/v1/query_service.grpc.pb.h"
#include "services/index/engine/schema/incident_document.h"
#include "services/index/fold/incident_rows.h"
#include "services/index/index_node.h"
#include "services/index/record_highlights.h"
#include "services/index/search_request.h"
#include "services/query/query_node.h"
#include "services/query/validate_query.h"
#include "services/server/status.h"
#include "storage/log/position.h"
#include "storage/records/keys.h"
#include "tests/index/engine/oracle.h"
#include "tests/index/index_fixture.h"
#include "tests/query/random_cases.h"
#include "tests/status_matchers.h"

namespace interdict::query {
namespace {

using index::testing::Oracle;
using interdict::testing::IsOk;

constexpr uint32_t kShards = 3;
constexpr uint32_t kReplicas = 2;
constexpr uint32_t kIncidentPartitions = 6;  // two a shard: replicas fold them in different turns

// Longer than any answer takes on a machine that is busy with other things.
constexpr auto kPatience = std::chrono::minutes(3);

int Questions() {
  const char* wanted = std::getenv("INTERDICT_SHARD_ORACLE_QUERIES");
  return wanted == nullptr ? 400 : std::stoi(wanted);
}

// An index process: a node and its port.
struct Served {
  std::unique_ptr<index::IndexNode> node;
  std::unique_ptr<grpc::Server> server;
  int port = 0;

  void Stop() {
    node->EndWaits();
    server->Shutdown();
    server.reset();
    node.reset();
  }
};

class ShardOracleTest : public ::testing::Test {
 protected:
  ShardOracleTest() : log_(1, kIncidentPartitions), ingest_(&log_) {
    for (uint32_t i = 0; i < kShards * kReplicas; ++i) served_.push_back(Serve(i, 0));
    std::vector<ReplicaChannels> channels(kShards);
    for (uint32_t i = 0; i < served_.size(); ++i) {
      channels[i / kReplicas].push_back(
          grpc::CreateChannel(absl::StrCat("127.0.0.1:", served_[i].port), grpc::InsecureChannelCredentials()));
    }
    auto node = QueryNode::Start(QueryOptions(), channels, &metrics_, &logger_);
    EXPECT_THAT(node, IsOk());
    query_ = *std::move(node);
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    for (grpc::Service* service : query_->Services()) builder.RegisterService(service);
    query_server_ = builder.BuildAndStart();
    stub_ = v1::QueryService::NewStub(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()));
    auto whole = index::Shard::Open(folder_ / "whole", &log_, nullptr);
    EXPECT_THAT(whole, IsOk());
    whole_ = *std::move(whole);
  }
  ~ShardOracleTest() override {
    query_server_->Shutdown();
    query_->Stop();
    for (Served& each : served_) each.Stop();
  }

  // Replica `i` % kReplicas of shard `i` / kReplicas. The first decides what belongs together.
  Served Serve(uint32_t i, int port) {
    index::IndexOptions options;
    options.data_dir = folder_ / absl::StrCat("replica", i);
    options.slot = {i / kReplicas, kShards};
    options.run_resolver = i == 0;
    options.worker_threads = 2;
    auto node = index::IndexNode::Start(options, &log_, &metrics_, &logger_);
    EXPECT_THAT(node, IsOk());
    Served served;
    served.node = *std::move(node);
    grpc::ServerBuilder builder;
    builder.AddListeningPort(absl::StrCat("127.0.0.1:", port), grpc::InsecureServerCredentials(), &served.port);
    for (grpc::Service* service : served.node->Services()) builder.RegisterService(service);
    served.server = builder.BuildAndStart();
    EXPECT_NE(served.server, nullptr);
    return served;
  }

  void Change(RandomCases& random, int operations) {
    uint64_t last = 0;
    for (int i = 0; i < operations; ++i) {
      if (texts_.size() > 10 && random.Below(4) == 0) {
        const size_t gone = random.Below(static_cast<uint32_t>(texts_.size()));
        last = ingest_.Remove(texts_[gone]);
        texts_.erase(texts_.begin() + static_cast<std::ptrdiff_t>(gone));
        continue;
      }
      if (!texts_.empty() && random.Below(6) == 0) {
        // Another reading of a text replaces the report of the first.
        const std::string& text = texts_[random.Below(static_cast<uint32_t>(texts_.size()))];
        last = ingest_.Report(text, "interdict",
                              {{"read again: " + text.substr(0, 30), text.substr(0, text.find('.') + 1)}},
                              absl::StrCat("1.0.", ++version_));
        continue;
      }
      const internal::v1::IntakeEntry entry = random.Document(++documents_);
      texts_.push_back(entry.document_accepted().content());
      last = ingest_.Append(entry, index::testing::IdOf(texts_.back()));
    }
    position_ = log::EncodePositionToken(log_.Identity()->log_id, {{{log::LogName::kIntake, 0}, last}});
    // Every replica has folded it before the oracle is told: the question after it goes to one of each shard only.
    for (Served& each : served_) {
      internal::v1::SearchRequest request;
      request.set_collection(internal::v1::SEARCH_COLLECTION_INCIDENTS);
      request.set_read_after(position_);
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + kPatience);
      internal::v1::SearchResponse response;
      const auto channel =
          grpc::CreateChannel(absl::StrCat("127.0.0.1:", each.port), grpc::InsecureChannelCredentials());
      const grpc::Status reached = internal::v1::IndexService::NewStub(channel)->Search(&context, request, &response);
      ASSERT_TRUE(reached.ok()) << reached.error_message();
    }
    TellOracle();
  }

  // Decodes all records of a shard that folds all partitions.
  void TellOracle() {
    ASSERT_THAT(whole_->CatchUp(), IsOk());
    const auto reader = whole_->Snapshot();
    oracle_ = std::make_unique<Oracle>(index::FieldCatalog::Incidents().Schema());
    records_.clear();
    numbers_.clear();
    for (const auto cursor = reader->Scan(records::family::kIncidents, ""); cursor->Valid(); cursor->Next()) {
      const std::string id(cursor->key());
      auto stored = index::LoadIncident(*reader, id);
      auto reports = index::LoadReports(*reader, id);
      ASSERT_THAT(stored, IsOk());
      ASSERT_THAT(reports, IsOk());
      if (reports->empty()) continue;
      const uint64_t number = (*stored)->number();
      oracle_->Put(index::IncidentDocument(number, (*stored)->incident(), *reports));
      numbers_[(*stored)->incident().name()] = number;
      records_[number] = {(*stored)->incident(), *std::move(reports)};
    }
  }

  // Reads all pages and compares each with what brute force says.
  void Compare(v1::SearchIncidentsRequest request) {
    SCOPED_TRACE(request.ShortDebugString());
    auto question = ValidateSearchIncidents(request, QueryOptions());
    ASSERT_THAT(question, IsOk());
    auto read = index::ReadSearchRequest(*question);
    ASSERT_THAT(read, IsOk());
    const std::vector<uint64_t> expected = Expected(read->query);
    std::vector<v1::SearchHit> hits;
    std::vector<std::string> names;
    do {
      v1::SearchIncidentsResponse page;
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + kPatience);
      const grpc::Status status = stub_->SearchIncidents(&context, request, &page);
      ASSERT_TRUE(status.ok()) << status.error_message();
      EXPECT_EQ(page.total().count(), expected.size());
      EXPECT_TRUE(page.total().exact());
      EXPECT_EQ(page.missing_shards_size(), 0);
      for (int i = 0; i < page.facets_size(); ++i) CompareFacet(read->query, i, page.facets(i));
      ASSERT_EQ(page.incidents_size(), page.hits_size());
      for (const v1::Incident& incident : page.incidents()) names.push_back(incident.name());
      hits.insert(hits.end(), page.hits().begin(), page.hits().end());
      request.set_page_token(page.next_page_token());
      ++asked_;
    } while (!request.page_token().empty() && names.size() < 40);
    ASSERT_EQ(names.size(), request.page_token().empty() ? expected.size() : names.size());
    for (size_t i = 0; i < names.size(); ++i) {
      const auto number = numbers_.find(names[i]);
      ASSERT_NE(number, numbers_.end()) << names[i];
      CompareOrder(read->query, expected[i], number->second, hits[i].score());
      CompareHit(*read, records_[number->second], hits[i], request.highlight());
    }
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size()) << "a hit stands twice";
  }

  // The engine's scores are rounded: what is equal up to that may change places.
  void CompareOrder(const index::Query& query, uint64_t expected, uint64_t found, double score) const {
    if (query.order.by != index::Order::By::kRelevance) {
      EXPECT_EQ(found, expected);
      return;
    }
    const auto score_of = [&](uint64_t number) { return oracle_->Score(oracle_->documents().at(number), query.text); };
    const double best = score_of(expected);
    EXPECT_NEAR(score, best, 1e-4 * (1 + best));
    EXPECT_NEAR(score_of(found), best, 1e-4 * (1 + best));
    EXPECT_TRUE(oracle_->Matches(oracle_->documents().at(found), query.text));
    EXPECT_TRUE(oracle_->Matches(oracle_->documents().at(found), query.filter));
  }

  bool AllFine() const { return !HasFailure(); }

  struct Record {
    v1::Incident incident;
    std::vector<internal::v1::StoredReport> reports;
  };

  std::vector<uint64_t> Expected(const index::Query& query) const {
    if (query.order.by != index::Order::By::kRelevance) return oracle_->Ordered(query);
    std::vector<std::pair<double, uint64_t>> scored;
    for (const uint64_t number : oracle_->Matching(query)) {
      scored.emplace_back(-oracle_->Score(oracle_->documents().at(number), query.text), number);
    }
    std::sort(scored.begin(), scored.end());
    std::vector<uint64_t> numbers;
    numbers.reserve(scored.size());
    for (const auto& [score, number] : scored) numbers.push_back(number);
    return numbers;
  }

  void CompareFacet(const index::Query& query, int facet, const v1::FacetResult& told) const {
    std::map<std::pair<std::string, std::string>, uint64_t> counts;
    for (const v1::FacetBucket& bucket : told.buckets()) counts[{bucket.keys(0), ""}] = bucket.count();
    EXPECT_EQ(counts, oracle_->Facet(query, query.facets[facet]));
    EXPECT_EQ(told.bucket_count(), counts.size());
  }

  static void CompareHit(const index::ReadSearch& read, const Record& record, const v1::SearchHit& hit,
                         bool highlight) {
    index::Highlighter highlighter(read.query.text, *read.catalog);
    google::protobuf::RepeatedPtrField<v1::Highlight> expected;
    if (highlight && !highlighter.empty()) {
      expected = index::IncidentHighlights(record.incident, record.reports, highlighter);
    }
    ASSERT_EQ(hit.highlights_size(), expected.size());
    for (int i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(hit.highlights(i).SerializeAsString(), expected[i].SerializeAsString());
      for (const v1::ByteSpan& span : hit.highlights(i).spans()) {
        EXPECT_LT(span.begin_bytes(), span.end_bytes());
        EXPECT_LE(span.end_bytes(), hit.highlights(i).text().size());
      }
    }
  }

  index::testing::TempFolder folder_;
  log::MemoryLog log_;
  index::testing::FakeIngest ingest_;
  server::Metrics metrics_;
  server::Logger logger_{server::LogLevel::kError, [](const std::string&) {}};
  std::vector<Served> served_;
  std::unique_ptr<QueryNode> query_;
  std::unique_ptr<grpc::Server> query_server_;
  std::unique_ptr<v1::QueryService::Stub> stub_;
  std::unique_ptr<index::Shard> whole_;
  std::unique_ptr<Oracle> oracle_;
  std::map<uint64_t, Record> records_;
  std::map<std::string, uint64_t> numbers_;
  std::vector<std::string> texts_;
  std::string position_;
  uint64_t documents_ = 0;
  int version_ = 0;
  int asked_ = 0;
};

TEST_F(ShardOracleTest, ThreeShardsOfTwoReplicasAnswerAsBruteForceDoes) {
  RandomCases random(20261125);
  const int questions = Questions();
  for (int step = 0; asked_ < questions && AllFine(); ++step) {
    Change(random, step == 0 ? 60 : 6);
    if (step % 3 == 1) {
      // Stopped in between two answers, and opened again over the same store.
      const uint32_t which = 1 + random.Below(kShards * kReplicas - 1);
      const int port = served_[which].port;
      served_[which].Stop();
      for (int i = 0; i < 3 && AllFine(); ++i) Compare(random.Question());
      served_[which] = Serve(which, port);
    }
    if (step % 3 == 2) {
      const int port = served_[random.Below(kShards * kReplicas)].port;
      internal::v1::RebuildStoreRequest request;
      request.set_require_same_digest(true);
      grpc::ClientContext context;
      internal::v1::RebuildStoreResponse response;
      const auto channel = grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials());
      const grpc::Status made =
          internal::v1::AdminService::NewStub(channel)->RebuildStore(&context, request, &response);
      ASSERT_TRUE(made.ok()) << made.error_message();
    }
    for (int i = 0; i < 12 && AllFine(); ++i) {
      v1::SearchIncidentsRequest question = random.Question();
      // One incident: its shard alone is asked.
      if (i % 6 == 5) question.set_filter("name = \"" + records_.begin()->second.incident.name() + "\"");
      Compare(question);
    }
  }
}

}  // namespace
}  // namespace interdict::query
