// A shard in the process of the query service: it is asked directly, with the deadline of the call, and what it answers
// is told as that of any other.
#include "services/query/local_shard.h"

#include <thread>
#include <utility>

#include "grpcpp/create_channel.h"
#include "tests/query/query_fixture.h"

namespace interdict::query {
namespace {

namespace wire = internal::v1;
using testing::IsOk;
using testing::StatusIs;

// Answers each search with one incident, or an error, from a thread of its own.
class ThreadShard final : public LocalShard {
 public:
  ~ThreadShard() override {
    for (std::thread& thread : threads_) thread.join();
  }

  void Search(const server::CallContext& call, const wire::SearchRequest* request, wire::SearchResponse* response,
              Done done) override {
    call_ = call;
    request_ = *request;
    response->add_hits()->mutable_incident()->set_name("incidents/" + Id(7));
    response->set_read_position("here");
    Answer(std::move(done));
  }
  void BatchGetIncidents(const server::CallContext& /*call*/, const wire::BatchGetIncidentsRequest* request,
                         wire::BatchGetIncidentsResponse* response, Done done) override {
    for (const std::string& id : request->incident_ids()) response->add_incidents()->set_name("incidents/" + id);
    response->set_read_position("here");
    Answer(std::move(done));
  }
  void BatchGetDocuments(const server::CallContext& /*call*/, const wire::BatchGetDocumentsRequest* /*request*/,
                         wire::BatchGetDocumentsResponse* response, Done done) override {
    response->add_documents()->set_title("a title");
    response->set_read_position("here");
    Answer(std::move(done));
  }

  absl::Status status;
  server::CallContext call_;
  wire::SearchRequest request_;

 private:
  void Answer(Done done) {
    threads_.emplace_back([this, done = std::move(done)] { done(status); });
  }
  std::vector<std::thread> threads_;
};

class LocalShardTest : public QueryTest {
 protected:
  LocalShardTest() {
    // Nobody listens: an answer can only come from the local shard.
    const ReplicaChannels nowhere = {grpc::CreateChannel("127.0.0.1:1", grpc::InsecureChannelCredentials())};
    auto node = QueryNode::Start(options_, {nowhere}, &metrics_, &logger_, &timer_, &shard_);
    EXPECT_THAT(node, IsOk());
    node_ = *std::move(node);
    grpc::ServerBuilder builder;
    for (grpc::Service* service : node_->Services()) builder.RegisterService(service);
    server_ = builder.BuildAndStart();
    stub_ = v1::QueryService::NewStub(server_->InProcessChannel({}));
  }
  ~LocalShardTest() override { server_->Shutdown(); }

  ThreadShard shard_;
};

TEST_F(LocalShardTest, SearchesAskItDirectly) {
  v1::SearchIncidentsRequest request;
  request.set_query("rifle");
  request.set_page_size(3);
  const auto answer = Search(request);
  ASSERT_THAT(answer, IsOk());
  ASSERT_EQ(answer->incidents_size(), 1);
  EXPECT_EQ(answer->incidents(0).name(), "incidents/" + Id(7));
  EXPECT_EQ(answer->read_position(), "here");
  EXPECT_EQ(shard_.request_.query(), "rifle");
  EXPECT_EQ(shard_.request_.page_size(), 3U);
}

TEST_F(LocalShardTest, LookUpsAskItDirectly) {
  v1::GetIncidentRequest incident;
  incident.set_name("incidents/" + Id(5));
  const auto found = Call(&Stub::GetIncident, incident);
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->incident().name(), incident.name());
  v1::GetDocumentRequest document;
  document.set_name("documents/" + std::string(64, 'a'));
  const auto read = Call(&Stub::GetDocument, document);
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->document().title(), "a title");
}

TEST_F(LocalShardTest, TheDeadlineOfTheCallPassesDown) {
  const absl::Time before = absl::Now();
  ASSERT_THAT(Call(&Stub::SearchIncidents, v1::SearchIncidentsRequest(), absl::Seconds(60)), IsOk());
  EXPECT_GE(shard_.call_.deadline, before);
  // gRPC rounds what is left up to its own ticks.
  EXPECT_LE(shard_.call_.deadline, absl::Now() + absl::Seconds(61));
}

TEST_F(LocalShardTest, ACallWithoutDeadlineHasTheDefault) {
  ASSERT_THAT(Call(&Stub::SearchIncidents, v1::SearchIncidentsRequest(), absl::InfiniteDuration()), IsOk());
  EXPECT_LE(shard_.call_.deadline, absl::Now() + options_.default_wait);
}

TEST_F(LocalShardTest, ItsErrorsAreThoseOfAShard) {
  shard_.status = server::Error(absl::StatusCode::kUnavailable, "INDEX_STOPPING", "the index is stopping");
  ExpectError(Search({}).status(), absl::StatusCode::kUnavailable, "INDEX_UNAVAILABLE");
  shard_.status = server::InvalidField("query", "is wrong");
  ExpectError(Search({}).status(), absl::StatusCode::kInvalidArgument, "INVALID_FIELD", "query");
}

TEST_F(LocalShardTest, StreamsAskItStepByStep) {
  EXPECT_EQ(ReadStream({}).first, std::vector<std::string>{"incidents/" + Id(7)});
}

TEST_F(LocalShardTest, MustBeTheOnlyShard) {
  const ReplicaChannels channels = {grpc::CreateChannel("127.0.0.1:1", grpc::InsecureChannelCredentials())};
  const ReplicaChannels two = {channels[0], channels[0]};
  for (const std::vector<ReplicaChannels>& shards :
       {std::vector<ReplicaChannels>{channels, channels}, std::vector<ReplicaChannels>{two}}) {
    ExpectError(QueryNode::Start(options_, shards, &metrics_, &logger_, &timer_, &shard_).status(),
                absl::StatusCode::kInvalidArgument, "INVALID_FIELD", "shards");
  }
}

}  // namespace
}  // namespace interdict::query
