// ReprocessDocuments over a log in memory: what is read again, counted, passed over, and gone on with.
#include <algorithm>
#include <string>
#include <vector>

#include "tests/ingest/ingest_fixture.h"

namespace interdict::ingest {
namespace {

using testing::IsOk;
using v1::ReprocessDocumentsRequest;
using v1::ReprocessDocumentsResponse;

class ReprocessTest : public IngestTest {
 protected:
  // All answers of a call; its status at the end.
  absl::Status Reprocess(const ReprocessDocumentsRequest& request, std::vector<ReprocessDocumentsResponse>* answers) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    const auto reader = stub_->ReprocessDocuments(&context, request);
    ReprocessDocumentsResponse answer;
    while (reader->Read(&answer)) answers->push_back(answer);
    return server::FromGrpc(reader->Finish());
  }
  ReprocessDocumentsResponse ReprocessAll(const ReprocessDocumentsRequest& request = {}) {
    std::vector<ReprocessDocumentsResponse> answers;
    EXPECT_THAT(Reprocess(request, &answers), IsOk());
    if (answers.empty()) return {};
    EXPECT_TRUE(answers.back().done());
    return answers.back();
  }
  absl::Status RefusalOf(const std::string& token) {
    ReprocessDocumentsRequest request;
    request.set_resume_token(token);
    std::vector<ReprocessDocumentsResponse> answers;
    return Reprocess(request, &answers);
  }
};

TEST_F(ReprocessTest, ReadsAgainWhatAnOlderVersionReported) {
  StartNode("1.0.0");
  v1::SubmitDocumentRequest told = Request("an incident\nincident");
  told.mutable_document()->set_url("https://example.org/a");
  told.mutable_document()->set_publisher("The Quay Herald");
  ASSERT_THAT(Submit(told), IsOk());
  ASSERT_THAT(Submit("nothing of note"), IsOk());
  StartNode("1.1.0");
  const ReprocessDocumentsResponse answer = ReprocessAll();
  EXPECT_EQ(answer.total_count(), 2u);
  EXPECT_EQ(answer.examined_count(), 2u);
  EXPECT_EQ(answer.reprocessed_count(), 2u);
  EXPECT_EQ(answer.skipped_count(), 0u);
  EXPECT_EQ(answer.failed_count(), 0u);
  EXPECT_FALSE(answer.position().empty());
  const auto entries = Entries();
  ASSERT_EQ(entries.size(), 4u);
  const auto& first = entries[0].document_accepted();
  const auto& again = entries[2].document_accepted();
  EXPECT_FALSE(first.read_again());
  EXPECT_TRUE(again.read_again());
  EXPECT_EQ(again.content(), first.content());
  EXPECT_EQ(again.document().name(), first.document().name());
  EXPECT_EQ(again.submission().SerializeAsString(), first.submission().SerializeAsString());
  EXPECT_EQ(again.report_set().extractor().version(), "1.1.0");
  EXPECT_EQ(again.report_set().reports_size(), 2);
}

TEST_F(ReprocessTest, PassesOverWhatIsUpToDateAndWhatWasReadAgain) {
  StartNode("1.0.0");
  ASSERT_THAT(Submit("incident one"), IsOk());
  StartNode("1.1.0");
  ASSERT_THAT(Submit("incident two"), IsOk());
  EXPECT_EQ(ReprocessAll().reprocessed_count(), 1u);
  const ReprocessDocumentsResponse second = ReprocessAll();
  EXPECT_EQ(second.examined_count(), 3u);
  EXPECT_EQ(second.reprocessed_count(), 0u);
  EXPECT_EQ(second.skipped_count(), 3u);
  EXPECT_TRUE(second.position().empty());
  EXPECT_EQ(Entries().size(), 3u);
}

TEST_F(ReprocessTest, OnlyCountsWhenAsked) {
  StartNode("1.0.0");
  ASSERT_THAT(Submit("incident one"), IsOk());
  StartNode("1.1.0");
  ReprocessAll();
  ASSERT_THAT(Submit("incident two"), IsOk());
  StartNode("1.2.0");
  ReprocessDocumentsRequest request;
  request.set_validate_only(true);
  const ReprocessDocumentsResponse answer = ReprocessAll(request);
  // The entry of 1.0.0 is superseded by that of 1.1.0.
  EXPECT_EQ(answer.reprocessed_count(), 2u);
  EXPECT_EQ(answer.skipped_count(), 1u);
  EXPECT_EQ(Entries().size(), 3u);
}

TEST_F(ReprocessTest, BringsNothingBackThatWasTakenDown) {
  StartNode("1.0.0");
  const auto submitted = Submit("incident one");
  ASSERT_THAT(submitted, IsOk());
  v1::RemoveDocumentRequest removal;
  removal.set_name(submitted->document());
  removal.set_reason("court order");
  ASSERT_THAT(Call(&v1::IngestService::Stub::RemoveDocument, removal), IsOk());
  StartNode("1.1.0");
  const ReprocessDocumentsResponse answer = ReprocessAll();
  EXPECT_EQ(answer.reprocessed_count(), 0u);
  EXPECT_EQ(answer.skipped_count(), 1u);
  EXPECT_EQ(Entries().size(), 2u);
}

TEST_F(ReprocessTest, TellsWhichDocumentCannotBeReadAndGoesOn) {
  StartNode("1.0.0");
  const auto odd = Submit("incident odd");
  ASSERT_THAT(odd, IsOk());
  ASSERT_THAT(Submit("incident two"), IsOk());
  extract_ = [this](const v1::DocumentInput& input) -> absl::StatusOr<pipeline::Extraction> {
    if (absl::StrContains(input.content(), "odd")) return absl::InvalidArgumentError("document.content: too odd");
    return extractor_.Extract(input);
  };
  StartNode("1.1.0");
  const ReprocessDocumentsResponse answer = ReprocessAll();
  EXPECT_EQ(answer.reprocessed_count(), 1u);
  EXPECT_EQ(answer.failed_count(), 1u);
  EXPECT_TRUE(absl::StrContains(answer.problem(), odd->document())) << answer.problem();
  EXPECT_TRUE(absl::StrContains(answer.problem(), "too odd")) << answer.problem();
}

TEST_F(ReprocessTest, GoesOnBehindAToken) {
  StartNode("1.0.0");
  ASSERT_THAT(Submit("incident one"), IsOk());
  StartNode("1.1.0");
  const std::string token = ReprocessAll().resume_token();
  StartNode("1.2.0");
  ReprocessDocumentsRequest request;
  request.set_resume_token(token);
  const ReprocessDocumentsResponse answer = ReprocessAll(request);
  EXPECT_EQ(answer.examined_count(), 1u);  // what the first call had written
  EXPECT_EQ(answer.reprocessed_count(), 1u);
}

TEST_F(ReprocessTest, ACallThatIsBrokenOffLosesAndDoublesNothing) {
  constexpr int kDocuments = 200;
  StartNode("1.0.0");
  for (int i = 0; i < kDocuments; ++i) ASSERT_THAT(Submit(absl::StrCat("incident ", i)), IsOk());
  extract_ = [this](const v1::DocumentInput& input) {
    absl::SleepFor(absl::Milliseconds(5));
    return extractor_.Extract(input);
  };
  StartNode("1.1.0");
  std::string token;
  {
    grpc::ClientContext context;
    const auto reader = stub_->ReprocessDocuments(&context, {});
    ReprocessDocumentsResponse answer;
    ASSERT_TRUE(reader->Read(&answer));
    token = answer.resume_token();
    context.TryCancel();
    while (reader->Read(&answer)) {
    }
    EXPECT_FALSE(reader->Finish().ok());
  }
  ReprocessDocumentsRequest request;
  request.set_resume_token(token);
  ReprocessAll(request);
  std::vector<std::string> again;
  for (const auto& entry : Entries()) {
    if (entry.document_accepted().read_again()) again.push_back(entry.document_accepted().document().name());
  }
  EXPECT_EQ(again.size(), static_cast<size_t>(kDocuments));
  std::sort(again.begin(), again.end());
  EXPECT_EQ(std::unique(again.begin(), again.end()), again.end());
}

TEST_F(ReprocessTest, RefusesForeignTokens) {
  StartNode();
  ExpectError(RefusalOf("nonsense"), absl::StatusCode::kInvalidArgument, "INVALID_FIELD", "resume_token");
  const std::string foreign = log::EncodePositionToken(std::string(32, 'a'), {{{log::LogName::kIntake, 0}, 0}});
  ExpectError(RefusalOf(foreign), absl::StatusCode::kInvalidArgument, "INVALID_FIELD", "resume_token");
  const std::string beyond = log::EncodePositionToken(log_.Identity()->log_id, {{{log::LogName::kIntake, 0}, 99}});
  ExpectError(RefusalOf(beyond), absl::StatusCode::kInvalidArgument, "INVALID_FIELD", "resume_token");
}

TEST_F(ReprocessTest, NeedsTheIndex) {
  StartNode("1.0.0");
  ASSERT_THAT(Submit("incident one"), IsOk());
  StartNode("1.1.0");
  index_.SetReachable(false);
  EXPECT_EQ(RefusalOf("").code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Entries().size(), 1u);
}

}  // namespace
}  // namespace interdict::ingest
