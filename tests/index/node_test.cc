// The index as a process runs it: gRPC in process, folds and resolver in their threads, on the embedded log.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "interdict/internal/v1/admin_service.grpc.pb.h"
#include "interdict/internal/v1/index_service.grpc.pb.h"
#include "services/index/direct_reads.h"
#include "services/index/index_node.h"
#include "services/server/logging.h"
#include "services/server/metrics.h"
#include "services/server/status.h"
#include "storage/log/position.h"
#include "storage/log/rocksdb_log.h"
#include "tests/index/index_fixture.h"
#include "tests/status_matchers.h"

namespace interdict::index::testing {
namespace {

namespace internal = interdict::internal::v1;
using interdict::testing::IsOk;
using interdict::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kOne[] = "Customs seized tank parts. Ladislav Šticha spoke of a marker7391 in Vienna.";

class NodeTest : public ::testing::Test {
 protected:
  NodeTest() : logger_(server::LogLevel::kError) {}

  void Start(log::Log* log, bool run_resolver = true) {
    log_ = log;
    IndexOptions options;
    options.data_dir = folder_.path();
    options.run_resolver = run_resolver;
    options.default_wait = absl::Milliseconds(300);
    auto node = IndexNode::Start(options, log, &metrics_, &logger_);
    ASSERT_THAT(node, IsOk());
    node_ = *std::move(node);
    grpc::ServerBuilder builder;
    for (grpc::Service* service : node_->Services()) builder.RegisterService(service);
    server_ = builder.BuildAndStart();
    const auto channel = server_->InProcessChannel(grpc::ChannelArguments());
    index_ = internal::IndexService::NewStub(channel);
    admin_ = internal::AdminService::NewStub(channel);
  }
  void TearDown() override {
    if (node_ != nullptr) node_->EndWaits();
    if (server_ != nullptr) server_->Shutdown();
    server_.reset();
    node_.reset();
  }
  std::string Token(uint64_t intake_sequence) {
    return log::EncodePositionToken(log_->Identity()->log_id, {{{log::LogName::kIntake, 0}, intake_sequence}});
  }
  absl::StatusOr<internal::SearchIncidentsResponse> Search(const std::string& query, const std::string& read_after,
                                                           absl::Duration timeout = absl::Seconds(60)) {
    grpc::ClientContext context;
    if (timeout != absl::InfiniteDuration()) context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
    internal::SearchIncidentsRequest request;
    request.set_query(query);
    request.set_page_size(10);
    request.set_read_after(read_after);
    internal::SearchIncidentsResponse response;
    const grpc::Status status = index_->SearchIncidents(&context, request, &response);
    if (!status.ok()) return server::FromGrpc(status);
    return response;
  }

  absl::Status SearchDirectly(const server::CallContext& call, const internal::SearchRequest& request,
                              internal::SearchResponse* response) {
    absl::Notification answered;
    absl::Status answer;
    node_->direct_reads()->Search(call, &request, response, [&](absl::Status status) {
      answer = std::move(status);
      answered.Notify();
    });
    answered.WaitForNotification();
    return answer;
  }

  TempFolder folder_;
  log::Log* log_ = nullptr;
  server::Metrics metrics_;
  server::Logger logger_;
  std::unique_ptr<IndexNode> node_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<internal::IndexService::Stub> index_;
  std::unique_ptr<internal::AdminService::Stub> admin_;
};

TEST_F(NodeTest, ReadsItsOwnWrite) {
  log::MemoryLog log;
  Start(&log);
  const uint64_t sequence = FakeIngest(&log).Accept(kOne, {{"parts", kOne}}, "1.0.0", "https://a.example/");
  auto found = Search("STICHA parts", Token(sequence));
  ASSERT_THAT(found, IsOk());
  ASSERT_EQ(found->incidents_size(), 1);
  EXPECT_THAT(found->numbers(), ElementsAre(1));
  EXPECT_EQ(found->next_before_number(), 0u);
  EXPECT_EQ(found->incidents(0).name(), "incidents/" + IncidentIdOf(kOne, 0));
  EXPECT_THAT(log::DecodePositionToken(found->read_position(), log.Identity()->log_id), IsOk());
  EXPECT_TRUE(node_->Ready());

  grpc::ClientContext context;
  internal::BatchGetIncidentsRequest request;
  request.add_incident_ids(std::string(32, '0'));
  request.add_incident_ids(IncidentIdOf(kOne, 0));
  request.set_with_reports(true);
  internal::BatchGetIncidentsResponse response;
  ASSERT_TRUE(index_->BatchGetIncidents(&context, request, &response).ok());
  ASSERT_EQ(response.incidents_size(), 1);
  EXPECT_EQ(response.incidents(0).reports(0).facts().title(), "parts");

  grpc::ClientContext lookup_context;
  internal::LookUpDocumentRequest lookup;
  lookup.set_document_id(IdOf(kOne));
  lookup.set_with_text(true);
  internal::LookUpDocumentResponse known;
  ASSERT_TRUE(index_->LookUpDocument(&lookup_context, lookup, &known).ok());
  EXPECT_TRUE(known.known());
  EXPECT_EQ(known.text(), kOne);
  EXPECT_EQ(known.source().url(), "https://a.example/");
  EXPECT_EQ(known.extractors(0).version(), "1.0.0");

  grpc::ClientContext status_context;
  internal::GetIndexStatusResponse status;
  ASSERT_TRUE(index_->GetIndexStatus(&status_context, {}, &status).ok());
  EXPECT_EQ(status.incident_count(), 1u);
  ASSERT_EQ(status.partitions_size(), 2);
  EXPECT_EQ(status.partitions(0).decided_sequence(), 1u);
  EXPECT_THAT(metrics_.Text(), HasSubstr("interdict_fold_lag_entries"));
}

TEST_F(NodeTest, WaitsForThePositionAtMostUntilTheDeadline) {
  log::MemoryLog log;
  Start(&log);
  for (const absl::Duration timeout : {absl::InfiniteDuration(), absl::Milliseconds(500)}) {
    auto found = Search("", Token(5), timeout);
    EXPECT_THAT(found, StatusIs(absl::StatusCode::kDeadlineExceeded));
  }
  auto found = Search("", Token(5), absl::InfiniteDuration());
  EXPECT_EQ(server::ReasonOf(found.status()), "POSITION_NOT_REACHED");
}

TEST_F(NodeTest, AnIntakePositionWantsTheDecisionsToo) {
  log::MemoryLog log;
  Start(&log, /*run_resolver=*/false);
  const uint64_t sequence = FakeIngest(&log).Accept(kOne, {{"parts", "tank parts"}});
  EXPECT_EQ(server::ReasonOf(Search("", Token(sequence), absl::InfiniteDuration()).status()), "POSITION_NOT_REACHED");
  DecideAll(&log, folder_ / "elsewhere");
  auto found = Search("", Token(sequence));
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->incidents_size(), 1);
}

TEST_F(NodeTest, RefusesBadInputAndSaysWhere) {
  log::MemoryLog log;
  log::MemoryLog other;
  Start(&log);
  EXPECT_EQ(server::ReasonOf(Search("", "nonsense").status()), "INVALID_POSITION");
  const std::string foreign = log::EncodePositionToken(other.Identity()->log_id, {{{log::LogName::kIntake, 0}, 1}});
  EXPECT_EQ(server::ReasonOf(Search("", foreign).status()), "INVALID_POSITION");
  EXPECT_EQ(server::FieldOf(Search("-- --", "").status()), "query");
  EXPECT_EQ(server::FieldOf(Search(std::string(1025, 'a'), "").status()), "query");
  std::string words;
  for (int i = 0; i < 33; ++i) absl::StrAppend(&words, "w", i, " ");
  EXPECT_EQ(server::FieldOf(Search(words, "").status()), "query");
  grpc::ClientContext context;
  internal::BatchGetDocumentsRequest request;
  request.add_document_ids(std::string("\0\0", 2));
  internal::BatchGetDocumentsResponse response;
  const absl::Status status = server::FromGrpc(index_->BatchGetDocuments(&context, request, &response));
  EXPECT_EQ(server::FieldOf(status), "document_ids[0]");
}

TEST_F(NodeTest, AnswersWithinTheProcessAsOverGrpc) {
  log::MemoryLog log;
  Start(&log);
  const uint64_t sequence = FakeIngest(&log).Accept(kOne, {{"parts", "tank parts"}});
  internal::SearchRequest request;
  request.set_collection(internal::SEARCH_COLLECTION_INCIDENTS);
  request.set_query("tank");
  request.set_page_size(10);
  request.set_read_after(Token(sequence));
  internal::SearchResponse direct;
  ASSERT_THAT(SearchDirectly({.deadline = absl::Now() + absl::Seconds(60)}, request, &direct), IsOk());
  internal::SearchResponse remote;
  grpc::ClientContext context;
  ASSERT_TRUE(index_->Search(&context, request, &remote).ok());
  EXPECT_EQ(direct.hits_size(), 1);
  EXPECT_EQ(direct.SerializeAsString(), remote.SerializeAsString());

  request.set_query("(");
  EXPECT_EQ(server::ReasonOf(SearchDirectly({}, request, &direct)), "INVALID_QUERY");
  request.set_query("");
  request.set_read_after(Token(sequence + 10));
  EXPECT_EQ(server::ReasonOf(SearchDirectly({.deadline = absl::Now() + absl::Milliseconds(50)}, request, &direct)),
            "POSITION_NOT_REACHED");
  request.set_read_after("");
  EXPECT_EQ(server::ReasonOf(SearchDirectly({.deadline = absl::Now() - absl::Seconds(1)}, request, &direct)),
            "DEADLINE_PASSED");
  EXPECT_EQ(server::ReasonOf(SearchDirectly({.cancelled = [] { return true; }}, request, &direct)), "CALL_CANCELLED");
}

TEST_F(NodeTest, EndsWaitsWhenItStops) {
  log::MemoryLog log;
  Start(&log);
  node_->EndWaits();
  EXPECT_EQ(server::ReasonOf(Search("", Token(5)).status()), "INDEX_STOPPING");
}

TEST_F(NodeTest, RebuildsUnderReadersWithTheSameDigest) {
  log::MemoryLog log;
  Start(&log);
  FakeIngest ingest(&log);
  uint64_t last = 0;
  for (int i = 0; i < 50; ++i) {
    const std::string text = absl::StrCat("Case ", i, " of smuggled gold.");
    last = ingest.Accept(text, {{"gold", text}}, "1.0.0", "https://a.example/");
    if (i % 10 == 9) last = ingest.Remove(text);
  }
  ASSERT_THAT(Search("", Token(last)), IsOk());
  internal::RebuildStoreRequest request;
  request.set_require_same_digest(true);
  for (int i = 0; i < 2; ++i) {
    grpc::ClientContext context;
    internal::RebuildStoreResponse response;
    const absl::Status status = server::FromGrpc(admin_->RebuildStore(&context, request, &response));
    ASSERT_THAT(status, IsOk());
    EXPECT_EQ(response.old_digest(), response.new_digest());
    EXPECT_GT(response.entry_count(), 100u);
  }
  auto found = Search("gold 17", "");
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->incidents_size(), 1);
  int stores = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "index")) stores += entry.is_directory();
  EXPECT_EQ(stores, 1);

  grpc::ClientContext verify_context;
  internal::VerifyStoreResponse verified;
  ASSERT_TRUE(admin_->VerifyStore(&verify_context, {}, &verified).ok());
  EXPECT_THAT(verified.problems(), ::testing::IsEmpty());
}

TEST_F(NodeTest, DumpsWhatIsThereAndRefusesWhatIsNot) {
  log::MemoryLog log;
  Start(&log);
  const uint64_t sequence = FakeIngest(&log).Accept(kOne, {{"parts", "tank parts"}});
  ASSERT_THAT(Search("", Token(sequence)), IsOk());
  for (const auto& [content, expected] : std::vector<std::pair<std::string, std::string>>{
           {"incidents", "STATE_ACTIVE"}, {"log", "document_accepted"}, {"", "text_sha256"}}) {
    grpc::ClientContext context;
    internal::DumpRecordsRequest request;
    request.set_content(content);
    auto stream = admin_->DumpRecords(&context, request);
    std::string all;
    internal::DumpRecordsResponse record;
    while (stream->Read(&record)) absl::StrAppend(&all, record.content(), " ", record.key(), " ", record.value(), "\n");
    EXPECT_TRUE(stream->Finish().ok());
    EXPECT_THAT(all, HasSubstr(expected));
  }
  grpc::ClientContext context;
  internal::DumpRecordsRequest request;
  request.set_content("secrets");
  auto stream = admin_->DumpRecords(&context, request);
  internal::DumpRecordsResponse record;
  EXPECT_FALSE(stream->Read(&record));
  EXPECT_EQ(server::FieldOf(server::FromGrpc(stream->Finish())), "content");
}

TEST_F(NodeTest, ATakedownLeavesNoByteOfTheTextInAnyFile) {
  auto log = log::RocksdbLog::Open(folder_ / "log", log::RocksdbLogOptions());
  ASSERT_THAT(log, IsOk());
  Start(log->get());
  FakeIngest ingest(log->get());
  ingest.Accept(kOne, {{"marker7391 title", "marker7391"}});
  ingest.Report(kOne, "other", {{"marker7391", "marker7391"}});
  ASSERT_THAT(Search("marker7391", Token(ingest.Accept("Another text", {}))), IsOk());
  auto found = Search("marker7391", Token(ingest.Remove(kOne)));
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->incidents_size(), 0);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream stream(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    EXPECT_EQ(bytes.find("marker7391"), std::string::npos) << entry.path();
  }
  TearDown();
}

}  // namespace
}  // namespace interdict::index::testing
