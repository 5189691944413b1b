#include <thread>

#include "storage/ids/ids.h"
#include "tests/ingest/ingest_fixture.h"

namespace interdict::ingest {
namespace {

using absl::StatusCode;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;
using testing::StatusIs;

struct BadInput {
  std::string name;
  std::function<void(v1::SubmitDocumentRequest*)> spoil;
  std::string field;
};

class BadInputTest : public IngestTest, public ::testing::WithParamInterface<BadInput> {};

TEST_P(BadInputTest, IsRefusedAndNamesTheField) {
  options_.max_content_bytes = 1000;
  StartNode();
  v1::SubmitDocumentRequest request = Request("a text");
  GetParam().spoil(&request);
  const auto response = Submit(request);
  ExpectError(response.status(), StatusCode::kInvalidArgument, "INVALID_FIELD", GetParam().field);
  EXPECT_THAT(Entries(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    All, BadInputTest,
    ::testing::Values(
        BadInput{"NoDocument", [](auto* r) { r->clear_document(); }, "document"},
        BadInput{"EmptyDocument", [](auto* r) { r->mutable_document()->clear_content(); }, "document.content"},
        BadInput{"TooLarge", [](auto* r) { r->mutable_document()->set_content(std::string(1001, 'x')); },
                 "document.content"},
        BadInput{"NoTextInIt", [](auto* r) { r->mutable_document()->set_content("no text"); }, "document.content"},
        BadInput{"UnknownType", [](auto* r) { r->mutable_document()->set_content_type("application/pdf"); },
                 "document.content_type"},
        BadInput{"MalformedParameter", [](auto* r) { r->mutable_document()->set_content_type("text/html; charset"); },
                 "document.content_type"},
        BadInput{"RelativeUrl", [](auto* r) { r->mutable_document()->set_url("/a/b"); }, "document.url"},
        BadInput{"UrlWithoutHost", [](auto* r) { r->mutable_document()->set_url("https:///a"); }, "document.url"},
        BadInput{"OtherScheme", [](auto* r) { r->mutable_document()->set_url("ftp://example.org/a"); }, "document.url"},
        BadInput{"LongUrl",
                 [](auto* r) { r->mutable_document()->set_url("https://example.org/" + std::string(2048, 'a')); },
                 "document.url"},
        BadInput{"LongPublisher", [](auto* r) { r->mutable_document()->set_publisher(std::string(257, 'a')); },
                 "document.publisher"},
        BadInput{"NulInPublisher", [](auto* r) { r->mutable_document()->set_publisher(std::string("a\0b", 3)); },
                 "document.publisher"},
        BadInput{"ImpossibleDate", [](auto* r) { r->mutable_document()->set_published("2023-02-29"); },
                 "document.published"},
        BadInput{"NoDate", [](auto* r) { r->mutable_document()->set_published("last week"); }, "document.published"},
        BadInput{"FutureDate", [](auto* r) { r->mutable_document()->set_published("2026-03-04"); },
                 "document.published"},
        BadInput{"FutureFetch",
                 [](auto* r) { r->mutable_document()->mutable_fetch_time()->set_seconds(1'772'366'400 + 3 * 86'400); },
                 "document.fetch_time"},
        BadInput{"BadNanos", [](auto* r) { r->mutable_document()->mutable_fetch_time()->set_nanos(-1); },
                 "document.fetch_time"},
        BadInput{"UnknownMarking", [](auto* r) { r->mutable_document()->set_tlp(static_cast<v1::TlpMarking>(77)); },
                 "document.tlp"},
        BadInput{"ControlInExternalId", [](auto* r) { r->mutable_document()->set_external_id("a\nb"); },
                 "document.external_id"},
        BadInput{"LongExternalId", [](auto* r) { r->mutable_document()->set_external_id(std::string(129, 'a')); },
                 "document.external_id"},
        BadInput{"NulInRequestId", [](auto* r) { r->set_request_id(std::string("a\0", 2)); }, "request_id"},
        BadInput{"LongRequestId", [](auto* r) { r->set_request_id(std::string(65, 'a')); }, "request_id"}),
    [](const auto& info) { return info.param.name; });

TEST_F(IngestTest, GoodMetadataPasses) {
  StartNode();
  v1::SubmitDocumentRequest request = Request("a text");
  auto* document = request.mutable_document();
  document->set_content_type("Text/HTML; charset=\"windows-1252\"");
  document->set_url("https://example.org/a?b=č");
  document->set_publisher("Deník N");
  document->set_published("2026-03-03");  // tomorrow's paper, and one more
  document->mutable_fetch_time()->set_seconds(1'772'366'400);
  document->set_tlp(v1::TLP_MARKING_AMBER);
  document->set_external_id("x-1");
  ASSERT_THAT(Submit(request), IsOk());
  const auto submission = Entries().front().document_accepted().submission();
  EXPECT_EQ(submission.publisher(), "Deník N");
  EXPECT_EQ(submission.fetch_time_us(), 1'772'366'400'000'000);
  EXPECT_EQ(submission.tlp(), v1::TLP_MARKING_AMBER);
}

TEST_F(IngestTest, NewBytesAreOneEntryWithAllReports) {
  StartNode();
  const auto response = Submit("incident one\nincident two");
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->outcome(), v1::SUBMISSION_OUTCOME_ACCEPTED);
  EXPECT_EQ(response->extraction_status(), v1::EXTRACTION_STATUS_REPORTED);
  const std::string id = ids::DocumentId("incident one\nincident two");
  EXPECT_EQ(response->document(), "documents/" + id);
  const auto entries = Entries();
  ASSERT_THAT(entries, SizeIs(1));
  const auto& accepted = entries[0].document_accepted();
  EXPECT_EQ(accepted.content(), "incident one\nincident two");
  EXPECT_EQ(accepted.document().name(), response->document());
  ASSERT_EQ(accepted.report_set().reports_size(), 2);
  EXPECT_EQ(accepted.report_set().reports(1).name(),
            response->document() + "/reports/" + ids::ReportId(id, "interdict", "1.0.0", 1));
  EXPECT_THAT(response->reports(),
              ::testing::ElementsAre(accepted.report_set().reports(0).name(), accepted.report_set().reports(1).name()));
  const auto positions = log::DecodePositionToken(response->position(), log_.Identity()->log_id);
  ASSERT_THAT(positions, IsOk());
  EXPECT_EQ(*positions, (log::Positions{{{log::LogName::kIntake, 0}, 1}}));
}

TEST_F(IngestTest, TheSameBytesAgainAreASighting) {
  StartNode();
  ASSERT_THAT(Submit("incident"), IsOk());
  const auto again = Submit("incident");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->outcome(), v1::SUBMISSION_OUTCOME_DUPLICATE);
  EXPECT_THAT(again->reports(), IsEmpty());
  EXPECT_EQ(again->extraction_status(), v1::EXTRACTION_STATUS_REPORTED);
  EXPECT_EQ(extractor_.calls(), 1);
  ASSERT_THAT(Entries(), SizeIs(2));
  EXPECT_TRUE(Entries()[1].has_document_sighted());
}

TEST_F(IngestTest, ARestartedNodeLearnsFromTheIndex) {
  StartNode();
  ASSERT_THAT(Submit("incident"), IsOk());
  StartNode();
  EXPECT_EQ(Submit("incident")->outcome(), v1::SUBMISSION_OUTCOME_DUPLICATE);
}

TEST_F(IngestTest, ANodeRemembersWhatTheIndexHasNotFolded) {
  index_.SetFolding(false);
  StartNode();
  ASSERT_THAT(Submit("incident"), IsOk());
  EXPECT_EQ(Submit("incident")->outcome(), v1::SUBMISSION_OUTCOME_DUPLICATE);
}

TEST_F(IngestTest, TheSameBytesAtTheSameTimeAreAcceptedOnce) {
  StartNode();
  std::vector<std::thread> threads;
  std::atomic<int> accepted{0};
  std::atomic<int> duplicate{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto response = Submit("incident");
      ASSERT_THAT(response, IsOk());
      ++(response->outcome() == v1::SUBMISSION_OUTCOME_ACCEPTED ? accepted : duplicate);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(duplicate, 7);
  EXPECT_EQ(extractor_.calls(), 1);
}

TEST_F(IngestTest, ARequestIdIsAnsweredFromTheFirstTime) {
  StartNode();
  v1::SubmitDocumentRequest request = Request("incident");
  request.set_request_id("r-1");
  const auto first = Submit(request);
  ASSERT_THAT(first, IsOk());
  for (int i = 0; i < 2; ++i) {
    const auto again = Submit(request);
    ASSERT_THAT(again, IsOk());
    EXPECT_EQ(again->outcome(), v1::SUBMISSION_OUTCOME_REPLAYED);
    EXPECT_EQ(again->position(), first->position());
    StartNode();  // the second time from the index, not from memory
  }
  EXPECT_THAT(Entries(), SizeIs(1));
  request.mutable_document()->set_content("other bytes");
  ExpectError(Submit(request).status(), StatusCode::kInvalidArgument, "INVALID_FIELD", "request_id");
}

TEST_F(IngestTest, ANewerExtractorReadsAgainAnOlderOneDoesNot) {
  StartNode("1.2.0");
  ASSERT_THAT(Submit("incident"), IsOk());
  StartNode("1.10.0");
  EXPECT_EQ(Submit("incident")->outcome(), v1::SUBMISSION_OUTCOME_REEXTRACTED);
  EXPECT_EQ(Entries()[1].document_accepted().report_set().extractor().version(), "1.10.0");
  StartNode("1.2.0");
  EXPECT_EQ(Submit("incident")->outcome(), v1::SUBMISSION_OUTCOME_DUPLICATE);
}

TEST_F(IngestTest, ValidateOnlyStoresNothing) {
  StartNode();
  v1::SubmitDocumentRequest request = Request("incident");
  request.set_validate_only(true);
  const auto response = Submit(request);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->outcome(), v1::SUBMISSION_OUTCOME_VALIDATED);
  EXPECT_THAT(response->position(), IsEmpty());
  EXPECT_THAT(Entries(), IsEmpty());
  request.mutable_document()->set_content("no text");
  ExpectError(Submit(request).status(), StatusCode::kInvalidArgument, "INVALID_FIELD", "document.content");
}

TEST_F(IngestTest, ExtractDocumentStoresNothing) {
  StartNode();
  v1::ExtractDocumentRequest request;
  request.mutable_document()->set_content("incident");
  const auto response = Call(&v1::IngestService::Stub::ExtractDocument, request);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->document().name(), "documents/" + ids::DocumentId("incident"));
  EXPECT_THAT(response->reports(), SizeIs(1));
  EXPECT_EQ(response->extractor().version(), "1.0.0");
  EXPECT_THAT(Entries(), IsEmpty());
}

TEST_F(IngestTest, ARemovedDocumentStaysOut) {
  StartNode();
  const auto submitted = Submit("incident");
  v1::RemoveDocumentRequest request;
  request.set_name(submitted->document());
  request.set_reason("court order");
  request.set_validate_only(true);
  ASSERT_THAT(Call(&v1::IngestService::Stub::RemoveDocument, request), IsOk());
  EXPECT_THAT(Entries(), SizeIs(1));
  request.set_validate_only(false);
  const auto removed = Call(&v1::IngestService::Stub::RemoveDocument, request);
  ASSERT_THAT(removed, IsOk());
  EXPECT_EQ(Entries()[1].document_removed().reason(), "court order");
  ExpectError(Submit("incident").status(), StatusCode::kFailedPrecondition, "DOCUMENT_REMOVED");
  StartNode();
  ExpectError(Submit("incident").status(), StatusCode::kFailedPrecondition, "DOCUMENT_REMOVED");
  EXPECT_EQ(Call(&v1::IngestService::Stub::RemoveDocument, request)->position(), removed->position());
  EXPECT_THAT(Entries(), SizeIs(2));
}

TEST_F(IngestTest, RemovalChecksItsArguments) {
  StartNode();
  v1::RemoveDocumentRequest request;
  request.set_name("documents/" + ids::DocumentId("never seen"));
  request.set_reason("x");
  ASSERT_THAT(Submit("something else"), IsOk());
  ExpectError(Call(&v1::IngestService::Stub::RemoveDocument, request).status(), StatusCode::kNotFound,
              "DOCUMENT_NOT_FOUND");
  request.clear_reason();
  ExpectError(Call(&v1::IngestService::Stub::RemoveDocument, request).status(), StatusCode::kInvalidArgument,
              "INVALID_FIELD", "reason");
  request.set_name(std::string("documents/\0", 11));
  ExpectError(Call(&v1::IngestService::Stub::RemoveDocument, request).status(), StatusCode::kInvalidArgument,
              "INVALID_FIELD", "name");
}

TEST_F(IngestTest, AClosedLogIsUnavailable) {
  StartNode();
  log_.Close();
  const auto response = Submit("incident");
  ExpectError(response.status(), StatusCode::kUnavailable, "LOG_UNAVAILABLE");
  EXPECT_GT(server::RetryAfterOf(response.status()), absl::ZeroDuration());
}

TEST_F(IngestTest, WithoutAnIndexDocumentsAreAcceptedAndTakedownsAreNot) {
  index_.SetReachable(false);
  StartNode();
  EXPECT_EQ(Submit("incident")->outcome(), v1::SUBMISSION_OUTCOME_ACCEPTED);
  v1::RemoveDocumentRequest request;
  request.set_name("documents/" + ids::DocumentId("not remembered"));
  request.set_reason("x");
  ExpectError(Call(&v1::IngestService::Stub::RemoveDocument, request).status(), StatusCode::kUnavailable,
              "INDEX_UNAVAILABLE");
}

TEST_F(IngestTest, ALaggingFoldOrResolverFillsTheBacklog) {
  for (const bool fold : {true, false}) {
    options_.max_fold_lag_entries = fold ? 3 : 1000;
    options_.max_resolver_lag_entries = fold ? 1000 : 3;
    fold ? index_.SetFolding(false) : index_.SetDeciding(false);
    StartNode();
    absl::Status refused;
    for (int i = 0; i < 10'000 && refused.ok(); ++i) {
      refused = Submit(absl::StrCat(fold, " text ", i)).status();
      if (i > 3) absl::SleepFor(absl::Milliseconds(1));
    }
    ExpectError(refused, StatusCode::kResourceExhausted, "INGEST_BACKLOG_FULL");
    EXPECT_EQ(server::RetryAfterOf(refused), options_.backlog_retry_delay);
    index_.SetFolding(true);
    index_.SetDeciding(true);
    absl::Status accepted = refused;
    for (int i = 0; i < 10'000 && !accepted.ok(); ++i) {
      accepted = Submit("after it has caught up").status();
      absl::SleepFor(absl::Milliseconds(1));
    }
    EXPECT_THAT(accepted, IsOk());
  }
}

TEST_F(IngestTest, TheBacklogCountsWhileTheIndexIsAway) {
  options_.max_fold_lag_entries = 3;
  index_.SetReachable(false);
  StartNode();
  absl::Status refused;
  for (int i = 0; i < 10'000 && refused.ok(); ++i) {
    refused = Submit(absl::StrCat("text ", i)).status();
    if (i > 3) absl::SleepFor(absl::Milliseconds(1));
  }
  ExpectError(refused, StatusCode::kResourceExhausted, "INGEST_BACKLOG_FULL");
}

TEST_F(IngestTest, AnExpiredDeadlineIsTold) {
  StartNode();
  EXPECT_THAT(Call(&v1::IngestService::Stub::SubmitDocument, Request("incident"), absl::Seconds(-1)),
              StatusIs(StatusCode::kDeadlineExceeded));
  EXPECT_THAT(Entries(), IsEmpty());
}

TEST_F(IngestTest, OptionsOutOfRangeAreRefused) {
  options_.worker_threads = 0;
  const auto node = IngestNode::Start(options_, &log_, nullptr, DocumentExtractor(), &metrics_, &logger_);
  ExpectError(node.status(), StatusCode::kInvalidArgument, "INVALID_FIELD", "worker_threads");
}

}  // namespace
}  // namespace interdict::ingest
