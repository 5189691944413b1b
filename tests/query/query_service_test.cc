#include <memory>
#include <thread>
#include <vector>

#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "interdict/v1/query_service.grpc.pb.h"
#include "services/query/query_node.h"
#include "tests/query/fake_shard.h"
#include "tests/status_matchers.h"

namespace interdict::query {
namespace {

using absl::StatusCode;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::StatusIs;
using Stub = v1::QueryService::Stub;

std::string Id(int number) {
  return absl::StrCat(absl::Hex(number, absl::kZeroPad16), absl::Hex(number, absl::kZeroPad16));
}

void ExpectError(const absl::Status& status, StatusCode code, const std::string& reason,
                 const std::string& field = "") {
  EXPECT_EQ(status.code(), code) << status.ToString();
  EXPECT_EQ(server::ReasonOf(status), reason) << status.ToString();
  EXPECT_EQ(server::FieldOf(status), field) << status.ToString();
}

class QueryTest : public ::testing::Test {
 protected:
  ~QueryTest() override {
    if (!node_) return;
    server_->Shutdown();
    node_->Stop();
    for (auto& server : shard_servers_) {
      if (server) server->Shutdown();
    }
  }

  void StartNode(uint32_t shards = 1) {
    std::vector<std::shared_ptr<grpc::Channel>> channels;
    for (uint32_t i = 0; i < shards; ++i) {
      shards_.push_back(std::make_unique<FakeShard>(i));
      grpc::ServerBuilder builder;
      builder.RegisterService(shards_.back().get());
      shard_servers_.push_back(builder.BuildAndStart());
      channels.push_back(shard_servers_.back()->InProcessChannel({}));
    }
    auto node = QueryNode::Start(options_, channels, &metrics_, &logger_);
    ASSERT_THAT(node, IsOk());
    node_ = *std::move(node);
    grpc::ServerBuilder builder;
    for (grpc::Service* service : node_->Services()) builder.RegisterService(service);
    server_ = builder.BuildAndStart();
    stub_ = v1::QueryService::NewStub(server_->InProcessChannel({}));
  }

  template <typename Response, typename Request>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                const Request& request, absl::Duration timeout = absl::Seconds(20)) {
    grpc::ClientContext context;
    if (timeout != absl::InfiniteDuration()) context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
    Response response;
    const grpc::Status status = (stub_.get()->*method)(&context, request, &response);
    if (!status.ok()) return server::FromGrpc(status);
    return response;
  }

  absl::StatusOr<v1::SearchIncidentsResponse> Search(const v1::SearchIncidentsRequest& request) {
    return Call(&Stub::SearchIncidents, request);
  }

  // Names of all pages.
  std::vector<std::string> ReadAll(v1::SearchIncidentsRequest request) {
    std::vector<std::string> names;
    do {
      const auto page = Search(request);
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) break;
      EXPECT_LE(page->incidents_size(), request.page_size());
      for (const v1::Incident& incident : page->incidents()) names.push_back(incident.name());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return names;
  }

  QueryOptions options_;
  server::Metrics metrics_;
  server::Logger logger_{server::LogLevel::kError, [](const std::string&) {}};
  std::vector<std::unique_ptr<FakeShard>> shards_;
  std::vector<std::unique_ptr<grpc::Server>> shard_servers_;
  std::unique_ptr<QueryNode> node_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Stub> stub_;
};

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
  expect_bad(" - / ", 0, "query");
  expect_bad(std::string("a\0b", 3), 0, "query");
  expect_bad(std::string(1025, 'a'), 0, "query");
  std::string words;
  for (int i = 0; i < 33; ++i) words += "w ";
  expect_bad(words, 0, "query");
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

TEST_F(QueryTest, PagesOfSeveralShardsMergeByTime) {
  StartNode(3);
  // Uneven: most newest ones in one shard, so that answers are used up at different times.
  std::vector<std::string> expected;
  for (int i = 1; i <= 60; ++i) {
    const size_t shard = i > 40 ? 0 : static_cast<size_t>(i * 7 % 3);
    shards_[shard]->Add(Id(i), i, i % 5 == 0 ? "rare word" : "word");
    expected.insert(expected.begin(), "incidents/" + Id(i));
  }
  for (const int page_size : {1, 2, 7, 20, 59, 60, 100}) {
    v1::SearchIncidentsRequest request;
    request.set_page_size(page_size);
    EXPECT_EQ(ReadAll(request), expected) << page_size;
    request.set_query("rare");
    EXPECT_EQ(ReadAll(request).size(), 12u) << page_size;
  }
}

TEST_F(QueryTest, LaterIncidentsDoNotShiftPages) {
  StartNode(2);
  for (int i = 1; i <= 6; ++i) shards_[i % 2]->Add(Id(i), i, "x");
  v1::SearchIncidentsRequest request;
  request.set_page_size(2);
  const auto first = Search(request);
  EXPECT_EQ(first->incidents(1).name(), "incidents/" + Id(5));
  shards_[0]->Add(Id(7), 7, "x");
  shards_[1]->Add(Id(8), 8, "x");
  request.set_page_token(first->next_page_token());
  const auto second = Search(request);
  ASSERT_EQ(second->incidents_size(), 2);
  EXPECT_EQ(second->incidents(0).name(), "incidents/" + Id(4));
  EXPECT_EQ(second->incidents(1).name(), "incidents/" + Id(3));
}

TEST_F(QueryTest, APageTokenBelongsToItsArguments) {
  StartNode();
  for (int i = 1; i <= 4; ++i) shards_[0]->Add(Id(i), i, "x");
  v1::SearchIncidentsRequest request;
  request.set_page_size(2);
  request.set_page_token(Search(request)->next_page_token());
  ASSERT_THAT(Search(request), IsOk());
  v1::SearchIncidentsRequest other = request;
  other.set_query("y");
  ExpectError(Search(other).status(), StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH");
  other = request;
  other.set_page_size(3);
  ExpectError(Search(other).status(), StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH");
  other = request;
  other.set_page_token("nonsense");
  ExpectError(Search(other).status(), StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH");
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
}

}  // namespace
}  // namespace interdict::query
