// QueryService over fake shards: look-ups, limits, waiting, errors. Searches are in search_test.cc, replicas in
// replica_test.cc.
#include <thread>

#include "services/query/query_node.h"
#include "storage/log/position.h"
#include "tests/query/query_fixture.h"

namespace interdict::query {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::StatusIs;

TEST_F(QueryTest, ViewsOfAnIncident) {
  StartNode();
  shards_[0]->Add(Id(1), 1, "one");
  v1::GetIncidentRequest request;
  request.set_name("incidents/" + Id(1));
  const auto basic = Call(&Stub::GetIncident, request);
  ASSERT_THAT(basic, IsOk());
  EXPECT_EQ(basic->incident().facts().title(), "one");
  EXPECT_THAT(basic->incident().reports(), IsEmpty());
  EXPECT_FALSE(basic->read_position().empty());
  request.set_view(v1::INCIDENT_VIEW_FULL);
  EXPECT_EQ(Call(&Stub::GetIncident, request)->incident().reports_size(), 1);
  request.set_view(static_cast<v1::IncidentView>(9));
  ExpectError(Call(&Stub::GetIncident, request).status(), StatusCode::kInvalidArgument, "INVALID_FIELD", "view");
}

TEST_F(QueryTest, NamesThatAreNone) {
  StartNode();
  for (const std::string& name :
       {std::string(), std::string("incidents/"), "incidents/" + std::string(32, 'G'),
        "incidents/" + std::string(32, '\0'), "documents/" + Id(1), Id(1), "incidents/" + Id(1) + "0"}) {
    v1::GetIncidentRequest request;
    request.set_name(name);
    ExpectError(Call(&Stub::GetIncident, request).status(), StatusCode::kInvalidArgument, "INVALID_FIELD", "name");
    v1::GetDocumentRequest document;
    document.set_name(name);
    ExpectError(Call(&Stub::GetDocument, document).status(), StatusCode::kInvalidArgument, "INVALID_FIELD", "name");
  }
}

TEST_F(QueryTest, WhatIsNotThere) {
  StartNode(2);
  v1::GetIncidentRequest incident;
  incident.set_name("incidents/" + Id(1));
  ExpectError(Call(&Stub::GetIncident, incident).status(), StatusCode::kNotFound, "INCIDENT_NOT_FOUND");
  v1::GetDocumentRequest document;
  document.set_name("documents/" + Id(1) + Id(1));
  ExpectError(Call(&Stub::GetDocument, document).status(), StatusCode::kNotFound, "DOCUMENT_NOT_FOUND");
  shards_[1]->AddDocument(Id(1) + Id(1));
  EXPECT_EQ(Call(&Stub::GetDocument, document)->document().name(), document.name());
}

TEST_F(QueryTest, BatchKeepsTheOrderAndIsAllOrNone) {
  StartNode(2);
  shards_[0]->Add(Id(1), 1, "one");
  shards_[1]->Add(Id(2), 2, "two");
  v1::BatchGetIncidentsRequest request;
  for (const int number : {2, 1, 2}) request.add_names("incidents/" + Id(number));
  const auto response = Call(&Stub::BatchGetIncidents, request);
  ASSERT_THAT(response, IsOk());
  ASSERT_EQ(response->incidents_size(), 3);
  EXPECT_EQ(response->incidents(0).facts().title(), "two");
  EXPECT_EQ(response->incidents(1).facts().title(), "one");
  EXPECT_EQ(response->incidents(2).facts().title(), "two");
  // The positions of both shards.
  const auto positions = log::DecodePositionToken(response->read_position(), FakeShard::kLogId);
  ASSERT_THAT(positions, IsOk());
  EXPECT_EQ(positions->size(), 2u);
  request.add_names("incidents/" + Id(3));
  const auto missing = Call(&Stub::BatchGetIncidents, request);
  ExpectError(missing.status(), StatusCode::kNotFound, "INCIDENT_NOT_FOUND");
  EXPECT_THAT(std::string(missing.status().message()), ::testing::HasSubstr(Id(3)));
}

TEST_F(QueryTest, BatchLimits) {
  StartNode();
  v1::BatchGetIncidentsRequest request;
  ExpectError(Call(&Stub::BatchGetIncidents, request).status(), StatusCode::kInvalidArgument, "INVALID_FIELD", "names");
  for (int i = 0; i < 1001; ++i) request.add_names("incidents/" + Id(i));
  ExpectError(Call(&Stub::BatchGetIncidents, request).status(), StatusCode::kInvalidArgument, "INVALID_FIELD", "names");
  request.clear_names();
  request.add_names("incidents/" + Id(1));
  request.add_names("x");
  ExpectError(Call(&Stub::BatchGetIncidents, request).status(), StatusCode::kInvalidArgument, "INVALID_FIELD",
              "names[1]");
}

TEST_F(QueryTest, SearchLimits) {
  StartNode();
  const auto expect_bad = [this](const std::string& query, int32_t page_size, const std::string& field) {
    v1::SearchIncidentsRequest request;
    request.set_query(query);
    request.set_page_size(page_size);
    ExpectError(Search(request).status(), StatusCode::kInvalidArgument, "INVALID_FIELD", field);
  };
  expect_bad("", -1, "page_size");
  expect_bad(std::string("a\0b", 3), 0, "query");
  expect_bad(std::string(16385, 'a'), 0, "query");
}

TEST_F(QueryTest, PageSizesAreDefaultedAndLowered) {
  options_.default_page_size = 2;
  options_.max_page_size = 3;
  StartNode();
  for (int i = 1; i <= 5; ++i) shards_[0]->Add(Id(i), i, "x");
  v1::SearchIncidentsRequest request;
  EXPECT_EQ(Search(request)->incidents_size(), 2);
  request.set_page_size(1'000'000'000);
  EXPECT_EQ(Search(request)->incidents_size(), 3);
}

TEST_F(QueryTest, ADocumentTellsOfIncidentsInAllShards) {
  StartNode(3);
  const std::string id = Id(1) + Id(1);
  shards_[0]->AddDocument(id, true, {{4, "incidents/d"}, {7, "incidents/g"}});
  shards_[1]->AddDocument(id, false, {{5, "incidents/e"}});
  shards_[2]->AddDocument(id, false, {{3, "incidents/c"}});
  v1::GetDocumentRequest request;
  request.set_name("documents/" + id);
  const auto document = Call(&Stub::GetDocument, request);
  ASSERT_THAT(document, IsOk());
  EXPECT_THAT(document->document().incidents(),
              ElementsAre("incidents/c", "incidents/d", "incidents/e", "incidents/g"));
}

TEST_F(QueryTest, ReadAfterWaits) {
  StartNode();
  v1::GetIncidentRequest request;
  request.set_name("incidents/" + Id(1));
  request.set_read_after(log::EncodePositionToken(FakeShard::kLogId, {{{log::LogName::kIncidents, 0}, 1}}));
  std::thread later([this] { shards_[0]->Add(Id(1), 1, "one"); });
  EXPECT_THAT(Call(&Stub::GetIncident, request), IsOk());
  later.join();
}

TEST_F(QueryTest, ReadAfterThatIsNotReached) {
  options_.default_wait = absl::Milliseconds(30);
  StartNode();
  v1::SearchIncidentsRequest request;
  request.set_read_after(log::EncodePositionToken(FakeShard::kLogId, {{{log::LogName::kIncidents, 0}, 99}}));
  ExpectError(Call(&Stub::SearchIncidents, request, absl::InfiniteDuration()).status(), StatusCode::kDeadlineExceeded,
              "POSITION_NOT_REACHED");
  EXPECT_THAT(Call(&Stub::SearchIncidents, request, absl::Milliseconds(30)), StatusIs(StatusCode::kDeadlineExceeded));
}

TEST_F(QueryTest, ReadAfterThatIsNoPosition) {
  StartNode();
  v1::SearchIncidentsRequest request;
  request.set_read_after("nonsense");
  ExpectError(Search(request).status(), StatusCode::kInvalidArgument, "INVALID_POSITION");
  request.set_read_after(log::EncodePositionToken(std::string(32, 'f'), {}));
  ExpectError(Search(request).status(), StatusCode::kInvalidArgument, "INVALID_POSITION");
}

TEST_F(QueryTest, AnUnreachableShardIsNeverAnEmptyAnswer) {
  StartNode(2);
  shards_[1]->FailWith(grpc::Status(grpc::StatusCode::UNAVAILABLE, "down"));
  ExpectError(Search({}).status(), StatusCode::kUnavailable, "INDEX_UNAVAILABLE");
  shards_[1]->FailWith(server::ToGrpc(server::Error(StatusCode::kDataLoss, "STORED_RECORD_CORRUPT", "bad block")));
  ExpectError(Search({}).status(), StatusCode::kDataLoss, "STORED_RECORD_CORRUPT");
}

TEST_F(QueryTest, TooManyCallsAreRefused) {
  options_.max_calls_in_progress = 1;
  StartNode();
  v1::SearchIncidentsRequest waiting;
  waiting.set_read_after(log::EncodePositionToken(FakeShard::kLogId, {{{log::LogName::kIncidents, 0}, 1}}));
  std::thread waiter([&] {
    // The calls below may be in progress when this one comes first.
    absl::Status waited = Search(waiting).status();
    while (waited.code() == StatusCode::kResourceExhausted) waited = Search(waiting).status();
    EXPECT_THAT(waited, IsOk());
  });
  absl::Status status;
  // Until the waiting call is in progress, others are answered.
  while (status.ok()) status = Search({}).status();
  ExpectError(status, StatusCode::kResourceExhausted, "WORK_QUEUE_FULL");
  EXPECT_GT(server::RetryAfterOf(status), absl::ZeroDuration());
  shards_[0]->Add(Id(1), 1, "x");
  waiter.join();
}

TEST_F(QueryTest, ACancelledCallCancelsTheShards) {
  StartNode();
  v1::SearchIncidentsRequest request;
  request.set_read_after(log::EncodePositionToken(FakeShard::kLogId, {{{log::LogName::kIncidents, 0}, 99}}));
  grpc::ClientContext context;
  std::thread canceller([&] { context.TryCancel(); });
  v1::SearchIncidentsResponse response;
  EXPECT_EQ(stub_->SearchIncidents(&context, request, &response).error_code(), grpc::StatusCode::CANCELLED);
  canceller.join();
  node_->Stop();  // returns only when no call is left, long before the default wait
}

TEST(QueryNode, OptionsOutOfRangeAreRefused) {
  server::Metrics metrics;
  server::Logger logger(server::LogLevel::kError, [](const std::string&) {});
  ExpectError(QueryNode::Start({}, {}, &metrics, &logger).status(), StatusCode::kInvalidArgument, "INVALID_FIELD",
              "shards");
  ExpectError(QueryNode::Start({}, {{}}, &metrics, &logger).status(), StatusCode::kInvalidArgument, "INVALID_FIELD",
              "shards");
  QueryOptions options;
  options.hedge.quantile = 1.5;
  ExpectError(QueryNode::Start(options, {{nullptr}}, &metrics, &logger).status(), StatusCode::kInvalidArgument,
              "INVALID_FIELD", "hedge");
}

}  // namespace
}  // namespace interdict::query
