// Ingest beside a plug-in extractor: healthy, foreign, lying, slow, down and back.
#include <functional>
#include <mutex>

#include "interdict/v1/extractor_service.grpc.pb.h"
#include "tests/ingest/ingest_fixture.h"

namespace interdict::ingest {
namespace {

using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;

// Answers as the test says.
class FakePlugin final : public v1::ExtractorService::Service {
 public:
  using Answer = std::function<grpc::Status(const v1::ExtractRequest&, v1::ExtractResponse*)>;

  grpc::Status Extract(grpc::ServerContext*, const v1::ExtractRequest* request,
                       v1::ExtractResponse* response) override {
    Answer answer;
    {
      std::lock_guard lock(mutex_);
      ++calls_;
      answer = answer_;
    }
    return answer(*request, response);
  }
  void Set(Answer answer) {
    std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }
  int calls() const {
    std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  mutable std::mutex mutex_;
  Answer answer_;
  int calls_ = 0;
};

grpc::Status ReportRifles(const v1::ExtractRequest& request, v1::ExtractResponse* response) {
  response->mutable_extractor()->set_name("example-model");
  response->mutable_extractor()->set_version("1.0.0");
  const size_t at = request.document().text().find("rifles");
  if (at == std::string::npos) return grpc::Status::OK;
  v1::Goods* goods = response->add_facts()->add_goods();
  goods->set_description("rifles");
  goods->set_category("ML1");
  v1::Evidence* span = goods->add_evidence();
  span->set_begin_byte(static_cast<uint32_t>(at));
  span->set_end_byte(static_cast<uint32_t>(at + 6));
  return grpc::Status::OK;
}

class PluginTest : public IngestTest {
 protected:
  PluginTest() {
    plugin_.Set(ReportRifles);
    StartPlugin();
    options_.plugin.address = "127.0.0.1:" + std::to_string(port_);
    options_.plugin.first_retry_delay = absl::Milliseconds(1);
    options_.plugin.breaker.failures_to_open = 2;
    options_.plugin.now = [this] {
      std::lock_guard lock(clock_mutex_);
      return clock_;
    };
  }
  ~PluginTest() override {
    StopNode();
    StopPlugin();
  }

  void StartPlugin() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port_), grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&plugin_);
    plugin_server_ = builder.BuildAndStart();
    ASSERT_NE(plugin_server_, nullptr);
  }
  void StopPlugin() {
    if (plugin_server_) plugin_server_->Shutdown(std::chrono::system_clock::now());
    plugin_server_.reset();
  }
  void Pass(absl::Duration time) {
    std::lock_guard lock(clock_mutex_);
    clock_ += time;
  }

  FakePlugin plugin_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> plugin_server_;
  std::mutex clock_mutex_;
  absl::Time clock_ = absl::UnixEpoch();
};

TEST_F(PluginTest, ItsReportsAreASetOfTheirOwn) {
  StartNode();
  v1::SubmitDocumentRequest request = Request("incident: rifles seized");
  request.mutable_document()->set_url("https://example.org/1");
  request.set_request_id("r-1");
  const auto response = Submit(request);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->outcome(), v1::SUBMISSION_OUTCOME_ACCEPTED);
  EXPECT_THAT(response->reports(), SizeIs(1));
  EXPECT_EQ(response->plugin().state(), v1::PluginResult::STATE_REPORTED);
  EXPECT_EQ(response->plugin().extractor().name(), "example-model");
  const auto entries = Entries();
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0].request_id(), "r-1");
  EXPECT_EQ(entries[0].document_accepted().report_set().extractor().name(), "interdict");
  const auto& set = entries[1].reports_accepted().report_set();
  EXPECT_EQ(set.extractor().name(), "example-model");
  ASSERT_THAT(set.reports(), SizeIs(1));
  EXPECT_EQ(set.reports(0).name(), response->plugin().reports(0));
  EXPECT_NE(set.reports(0).name(), response->reports(0));
  EXPECT_EQ(set.reports(0).facts().goods(0).evidence(0).quote(), "rifles");
  EXPECT_EQ(entries[1].reports_accepted().source().url(), "https://example.org/1");
  EXPECT_EQ(entries[1].reports_accepted().text(), "incident: rifles seized");
}

TEST_F(PluginTest, KnownBytesAreNotReadAgain) {
  StartNode();
  ASSERT_THAT(Submit("rifles"), IsOk());
  const auto again = Submit("rifles");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->outcome(), v1::SUBMISSION_OUTCOME_DUPLICATE);
  EXPECT_EQ(again->plugin().state(), v1::PluginResult::STATE_KNOWN);
  EXPECT_EQ(plugin_.calls(), 1);
  EXPECT_THAT(Entries(), SizeIs(3));
}

TEST_F(PluginTest, ExtractDocumentShowsItAndStoresNothing) {
  StartNode();
  v1::ExtractDocumentRequest request;
  request.mutable_document()->set_content("rifles");
  const auto response = Call(&v1::IngestService::Stub::ExtractDocument, request);
  ASSERT_THAT(response, IsOk());
  EXPECT_THAT(response->reports(), IsEmpty());
  ASSERT_THAT(response->plugin_reports(), SizeIs(1));
  EXPECT_EQ(response->plugin().state(), v1::PluginResult::STATE_REPORTED);
  EXPECT_THAT(Entries(), IsEmpty());
}

TEST_F(PluginTest, ValidateOnlySendsItNothing) {
  StartNode();
  v1::SubmitDocumentRequest request = Request("rifles");
  request.set_validate_only(true);
  ASSERT_THAT(Submit(request), IsOk());
  EXPECT_EQ(plugin_.calls(), 0);
}

TEST_F(PluginTest, ValuesWithoutEvidenceAreDroppedAndCounted) {
  plugin_.Set([](const v1::ExtractRequest& request, v1::ExtractResponse* response) {
    const grpc::Status status = ReportRifles(request, response);
    v1::Goods* lie = response->mutable_facts(0)->add_goods();
    lie->set_description("tanks");
    lie->set_category("ML6");
    lie->add_evidence()->set_end_byte(1'000'000);
    return status;
  });
  StartNode();
  const auto response = Submit("rifles");
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->plugin().dropped_values(), 1U);
  EXPECT_THAT(Entries()[1].reports_accepted().report_set().reports(0).facts().goods(), SizeIs(1));
  EXPECT_THAT(metrics_.Text(), ::testing::HasSubstr("interdict_extractor_dropped_values_total 1"));
}

TEST_F(PluginTest, TheReservedNameIsRefused) {
  plugin_.Set([](const v1::ExtractRequest& request, v1::ExtractResponse* response) {
    const grpc::Status status = ReportRifles(request, response);
    response->mutable_extractor()->set_name("interdict");
    return status;
  });
  StartNode();
  const auto response = Submit("rifles");
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->plugin().state(), v1::PluginResult::STATE_REFUSED);
  EXPECT_THAT(response->plugin().problem(), ::testing::HasSubstr("reserved"));
  EXPECT_THAT(Entries(), SizeIs(1));
}

TEST_F(PluginTest, ItMayDeclineADocumentWithoutBeingCountedAsBroken) {
  plugin_.Set([](const v1::ExtractRequest&, v1::ExtractResponse*) {
    return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "not my language");
  });
  StartNode();
  for (int i = 0; i < 5; ++i) {
    const auto response = Submit("text " + std::to_string(i));
    ASSERT_THAT(response, IsOk());
    EXPECT_EQ(response->plugin().state(), v1::PluginResult::STATE_DECLINED);
  }
  EXPECT_EQ(plugin_.calls(), 5);
}

TEST_F(PluginTest, ABusyPluginIsAskedAgainAFewTimes) {
  int refusals = 2;
  plugin_.Set([&refusals](const v1::ExtractRequest& request, v1::ExtractResponse* response) {
    if (refusals-- > 0) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "loading");
    return ReportRifles(request, response);
  });
  StartNode();
  const auto response = Submit("rifles");
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->plugin().state(), v1::PluginResult::STATE_REPORTED);
  EXPECT_EQ(plugin_.calls(), 3);
}

TEST_F(PluginTest, ASlowOneDoesNotHoldTheDocument) {
  options_.plugin.timeout_seconds = 0.05;
  plugin_.Set([](const v1::ExtractRequest& request, v1::ExtractResponse* response) {
    absl::SleepFor(absl::Milliseconds(500));
    return ReportRifles(request, response);
  });
  StartNode();
  const auto response = Submit("incident: rifles");
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->outcome(), v1::SUBMISSION_OUTCOME_ACCEPTED);
  EXPECT_THAT(response->reports(), SizeIs(1));
  EXPECT_EQ(response->plugin().state(), v1::PluginResult::STATE_FAILED);
  EXPECT_THAT(response->plugin().problem(), ::testing::HasSubstr("DEADLINE_EXCEEDED"));
}

TEST_F(PluginTest, ClientsInAHurryDoNotCountAgainstIt) {
  plugin_.Set([](const v1::ExtractRequest& request, v1::ExtractResponse* response) {
    absl::SleepFor(absl::Milliseconds(400));
    return ReportRifles(request, response);
  });
  StartNode();
  for (int i = 0; i < 4; ++i) {
    // Whether the call itself is in time is up to the machine.
    (void)Call(&v1::IngestService::Stub::SubmitDocument, Request("rifles " + std::to_string(i)),
               absl::Milliseconds(300));
  }
  const auto response = Submit("rifles");
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->plugin().state(), v1::PluginResult::STATE_REPORTED) << response->plugin().problem();
}

TEST_F(PluginTest, ADeadOneIsLeftAloneAndUsedAgainWhenItIsBack) {
  StartNode();
  ASSERT_THAT(Submit("rifles 0"), IsOk());
  StopPlugin();
  for (int i = 1; i <= 2; ++i) {
    const auto response = Submit("rifles " + std::to_string(i));
    ASSERT_THAT(response, IsOk());
    EXPECT_EQ(response->plugin().state(), v1::PluginResult::STATE_FAILED);
  }
  EXPECT_EQ(Submit("rifles 3")->plugin().state(), v1::PluginResult::STATE_SKIPPED);
  StartPlugin();
  EXPECT_EQ(Submit("rifles 4")->plugin().state(), v1::PluginResult::STATE_SKIPPED);
  Pass(absl::Seconds(10));
  const auto back = Submit("rifles 5");
  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(back->plugin().state(), v1::PluginResult::STATE_REPORTED) << back->plugin().problem();
  // What was missed is read when it is submitted again.
  const auto missed = Submit("rifles 3");
  ASSERT_THAT(missed, IsOk());
  EXPECT_EQ(missed->outcome(), v1::SUBMISSION_OUTCOME_REEXTRACTED);
  EXPECT_EQ(missed->plugin().state(), v1::PluginResult::STATE_REPORTED);
  const auto entries = Entries();
  EXPECT_TRUE(entries[entries.size() - 2].has_document_sighted());
  EXPECT_TRUE(entries.back().has_reports_accepted());
}

TEST_F(PluginTest, AHigherVersionReadsKnownBytesAgain) {
  StartNode();
  ASSERT_THAT(Submit("rifles"), IsOk());
  plugin_.Set([](const v1::ExtractRequest& request, v1::ExtractResponse* response) {
    const grpc::Status status = ReportRifles(request, response);
    response->mutable_extractor()->set_version("1.1.0");
    return status;
  });
  ASSERT_THAT(Submit("other rifles"), IsOk());  // shows the new version
  const auto again = Submit("rifles");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->outcome(), v1::SUBMISSION_OUTCOME_REEXTRACTED);
  EXPECT_EQ(again->plugin().extractor().version(), "1.1.0");
}

TEST_F(IngestTest, ABadAddressOfThePluginIsRefusedAtTheStart) {
  options_.plugin.address = "nowhere";
  DocumentExtractor extractor{.extract = extract_};
  const auto node =
      IngestNode::Start(options_, &log_, grpc::CreateChannel("127.0.0.1:1", grpc::InsecureChannelCredentials()),
                        extractor, &metrics_, &logger_);
  EXPECT_EQ(server::ReasonOf(node.status()), "INVALID_ADDRESS");
}

}  // namespace
}  // namespace interdict::ingest
