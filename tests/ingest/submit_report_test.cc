#include "services/ingest/check_evidence.h"
#include "storage/ids/ids.h"
#include "tests/ingest/ingest_fixture.h"

namespace interdict::ingest {
namespace {

using absl::StatusCode;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;

constexpr char kText[] =
    "Customs spoke. Ladislav Šticha of BIS said parts for T-54 tanks were seized in Brno in 2012. More follows.";

void Mark(v1::Evidence* evidence, const std::string& words) {
  const size_t at = std::string(kText).find(words);
  evidence->set_begin_byte(static_cast<uint32_t>(at));
  evidence->set_end_byte(static_cast<uint32_t>(at + words.size()));
}

v1::SubmitReportRequest GoodReport() {
  v1::SubmitReportRequest request;
  request.mutable_input()->set_content(kText);
  request.mutable_extractor()->set_name("desk-nlp");
  request.mutable_extractor()->set_version("1.0.0");
  v1::IncidentFacts* facts = request.add_facts();
  facts->set_title("parts for T-54 tanks were seized");
  facts->add_field_evidence()->set_path("title");
  Mark(facts->mutable_field_evidence(0)->add_evidence(), "parts for T-54 tanks were seized");
  facts->add_offences()->set_offence(v1::OFFENCE_ARMS_TRAFFICKING);
  Mark(facts->mutable_offences(0)->add_evidence(), "parts for T-54 tanks");
  facts->add_parties()->set_name("Ladislav Šticha");
  Mark(facts->mutable_parties(0)->add_evidence(), "Šticha");
  facts->add_places()->set_country_code("CZ");
  facts->mutable_places(0)->set_role(v1::PLACE_ROLE_LOCATION);
  Mark(facts->mutable_places(0)->add_evidence(), "Brno");
  facts->add_goods()->set_description("parts for T-54 tanks");
  facts->mutable_goods(0)->set_category("ML6");
  Mark(facts->mutable_goods(0)->add_evidence(), "parts for T-54 tanks");
  facts->mutable_occurred()->set_edtf("2012");
  Mark(facts->mutable_occurred()->add_evidence(), "2012");
  facts->add_claims()->set_claimant("BIS");
  facts->mutable_claims(0)->set_stance(v1::STANCE_ASSERTS);
  facts->mutable_claims(0)->add_paths("goods[0]");
  Mark(facts->mutable_claims(0)->add_evidence(), "said parts for T-54 tanks were seized");
  return request;
}

class SubmitReportTest : public IngestTest {
 protected:
  absl::StatusOr<v1::SubmitReportResponse> Report(const v1::SubmitReportRequest& request) {
    return Call(&v1::IngestService::Stub::SubmitReport, request);
  }
};

TEST_F(SubmitReportTest, FillsWhatTheServerFills) {
  StartNode();
  const auto response = Report(GoodReport());
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->outcome(), v1::SUBMISSION_OUTCOME_ACCEPTED);
  const std::string id = ids::DocumentId(kText);
  EXPECT_THAT(response->reports(),
              ::testing::ElementsAre("documents/" + id + "/reports/" + ids::ReportId(id, "desk-nlp", "1.0.0", 0)));
  ASSERT_THAT(Entries(), SizeIs(1));
  const auto accepted = Entries()[0].document_accepted();
  EXPECT_EQ(accepted.content(), kText);
  EXPECT_EQ(accepted.document().extraction_status(), v1::EXTRACTION_STATUS_UNSPECIFIED);
  const auto& facts = accepted.report_set().reports(0).facts();
  const v1::Evidence& evidence = facts.parties(0).evidence(0);
  EXPECT_EQ(evidence.document(), "documents/" + id);
  EXPECT_EQ(evidence.text_sha256(), ids::Sha256Hex(kText));
  EXPECT_EQ(evidence.quote(), "Šticha");
  EXPECT_EQ(evidence.sentence(), "Ladislav Šticha of BIS said parts for T-54 tanks were seized in Brno in 2012.");
  EXPECT_EQ(facts.occurred().start(), "2012-01-01");
  EXPECT_EQ(facts.occurred().end(), "2012-12-31");
}

TEST_F(SubmitReportTest, OnAStoredDocument) {
  StartNode();
  ASSERT_THAT(Submit(kText), IsOk());
  v1::SubmitReportRequest request = GoodReport();
  request.set_document("documents/" + ids::DocumentId(kText));
  ASSERT_THAT(Report(request), IsOk());
  ASSERT_THAT(Entries(), SizeIs(2));
  EXPECT_EQ(Entries()[1].reports_accepted().text(), kText);
  EXPECT_EQ(Entries()[1].reports_accepted().report_set().reports_size(), 1);
  // The same version again: nothing is replaced.
  const auto again = Report(request);
  EXPECT_EQ(again->outcome(), v1::SUBMISSION_OUTCOME_DUPLICATE);
  EXPECT_THAT(Entries(), SizeIs(2));
  request.mutable_extractor()->set_version("2.0.0");
  EXPECT_EQ(Report(request)->outcome(), v1::SUBMISSION_OUTCOME_REEXTRACTED);
  request.mutable_extractor()->set_version("1.5.0");
  ExpectError(Report(request).status(), StatusCode::kFailedPrecondition, "EXTRACTOR_SUPERSEDED");
}

TEST_F(SubmitReportTest, AKnownDocumentHandedInAgainIsSighted) {
  StartNode();
  ASSERT_THAT(Submit(kText), IsOk());
  v1::SubmitReportRequest request = GoodReport();
  request.set_request_id("r-1");
  const auto first = Report(request);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(Entries(), SizeIs(3));
  EXPECT_TRUE(Entries()[1].has_document_sighted());
  EXPECT_TRUE(Entries()[2].has_reports_accepted());
  EXPECT_EQ(Entries()[2].request_id(), "r-1");
  const auto again = Report(request);
  EXPECT_EQ(again->outcome(), v1::SUBMISSION_OUTCOME_REPLAYED);
  EXPECT_EQ(again->position(), first->position());
  EXPECT_THAT(Entries(), SizeIs(3));
}

TEST_F(SubmitReportTest, OwnExtractionStillReadsItLater) {
  StartNode();
  ASSERT_THAT(Report(GoodReport()), IsOk());
  EXPECT_EQ(Submit(kText)->outcome(), v1::SUBMISSION_OUTCOME_REEXTRACTED);
}

TEST_F(SubmitReportTest, UnknownAndRemovedDocuments) {
  StartNode();
  ASSERT_THAT(Submit("another"), IsOk());
  v1::SubmitReportRequest request = GoodReport();
  request.set_document("documents/" + ids::DocumentId(kText));
  ExpectError(Report(request).status(), StatusCode::kNotFound, "DOCUMENT_NOT_FOUND");
  ASSERT_THAT(Submit(kText), IsOk());
  v1::RemoveDocumentRequest removal;
  removal.set_name(request.document());
  removal.set_reason("x");
  ASSERT_THAT(Call(&v1::IngestService::Stub::RemoveDocument, removal), IsOk());
  ExpectError(Report(request).status(), StatusCode::kFailedPrecondition, "DOCUMENT_REMOVED");
}

TEST_F(SubmitReportTest, ValidateOnlyStoresNothing) {
  StartNode();
  v1::SubmitReportRequest request = GoodReport();
  request.set_validate_only(true);
  EXPECT_EQ(Report(request)->outcome(), v1::SUBMISSION_OUTCOME_VALIDATED);
  EXPECT_THAT(Entries(), IsEmpty());
}

struct BadReport {
  std::string name;
  std::function<void(v1::SubmitReportRequest*)> spoil;
  std::string field;
};

class BadReportTest : public SubmitReportTest, public ::testing::WithParamInterface<BadReport> {};

TEST_P(BadReportTest, IsRefusedAndNamesTheField) {
  options_.max_reports = 3;
  StartNode();
  v1::SubmitReportRequest request = GoodReport();
  GetParam().spoil(&request);
  ExpectError(Report(request).status(), StatusCode::kInvalidArgument, "INVALID_FIELD", GetParam().field);
  EXPECT_THAT(Entries(), IsEmpty());
}

v1::Evidence* PartyEvidence(v1::SubmitReportRequest* r) {
  return r->mutable_facts(0)->mutable_parties(0)->mutable_evidence(0);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadReportTest,
    ::testing::Values(
        BadReport{"NoSubject", [](auto* r) { r->clear_input(); }, "subject"},
        BadReport{"MalformedName", [](auto* r) { r->set_document("documents/ABC"); }, "document"},
        BadReport{"EmptyInput", [](auto* r) { r->mutable_input()->clear_content(); }, "input.content"},
        BadReport{"InputWithoutText", [](auto* r) { r->mutable_input()->set_content("no text"); }, "input.content"},
        BadReport{"ReservedName", [](auto* r) { r->mutable_extractor()->set_name("interdict"); }, "extractor.name"},
        BadReport{"BadName", [](auto* r) { r->mutable_extractor()->set_name("Desk NLP"); }, "extractor.name"},
        BadReport{"BadVersion", [](auto* r) { r->mutable_extractor()->set_version("1.0"); }, "extractor.version"},
        BadReport{"TooMany",
                  [](auto* r) {
                    for (int i = 0; i < 3; ++i) r->add_facts();
                  },
                  "facts"},
        BadReport{"SpanOutsideText", [](auto* r) { PartyEvidence(r)->set_end_byte(10'000); },
                  "facts[0].parties[0].evidence[0].end_byte"},
        BadReport{"EmptySpan", [](auto* r) { PartyEvidence(r)->set_end_byte(PartyEvidence(r)->begin_byte()); },
                  "facts[0].parties[0].evidence[0].begin_byte"},
        BadReport{"InsideACharacter",
                  [](auto* r) { PartyEvidence(r)->set_begin_byte(PartyEvidence(r)->begin_byte() + 1); },
                  "facts[0].parties[0].evidence[0].begin_byte"},
        BadReport{"OtherQuote", [](auto* r) { PartyEvidence(r)->set_quote("Sticha"); },
                  "facts[0].parties[0].evidence[0].quote"},
        BadReport{"OtherSentence",
                  [](auto* r) { PartyEvidence(r)->set_sentence("Ladislav Šticha said nothing of the sort."); },
                  "facts[0].parties[0].evidence[0].sentence"},
        BadReport{"OtherTextHash", [](auto* r) { PartyEvidence(r)->set_text_sha256("00"); },
                  "facts[0].parties[0].evidence[0].text_sha256"},
        BadReport{"OtherDocument", [](auto* r) { PartyEvidence(r)->set_document("documents/1"); },
                  "facts[0].parties[0].evidence[0].document"},
        BadReport{"NoEvidence", [](auto* r) { r->mutable_facts(0)->mutable_goods(0)->clear_evidence(); },
                  "facts[0].goods[0].evidence"},
        BadReport{"TitleWithoutEvidence", [](auto* r) { r->mutable_facts(0)->clear_field_evidence(); },
                  "facts[0].title"},
        BadReport{"EvidenceForNothing",
                  [](auto* r) { r->mutable_facts(0)->mutable_field_evidence(0)->set_path("summary"); },
                  "facts[0].field_evidence[0].path"},
        BadReport{"PathToNothing", [](auto* r) { r->mutable_facts(0)->mutable_claims(0)->set_paths(0, "goods[1]"); },
                  "facts[0].claims[0].paths[0]"},
        BadReport{"PathOfNoField", [](auto* r) { r->mutable_facts(0)->mutable_claims(0)->set_paths(0, "weapons[0]"); },
                  "facts[0].claims[0].paths[0]"},
        BadReport{"PathMalformed", [](auto* r) { r->mutable_facts(0)->mutable_claims(0)->set_paths(0, "goods[-1]"); },
                  "facts[0].claims[0].paths[0]"},
        BadReport{"LowerCaseCountry", [](auto* r) { r->mutable_facts(0)->mutable_places(0)->set_country_code("cz"); },
                  "facts[0].places[0].country_code"},
        BadReport{"UnknownCategory", [](auto* r) { r->mutable_facts(0)->mutable_goods(0)->set_category("ML23"); },
                  "facts[0].goods[0].category"},
        BadReport{"ImpossibleDate", [](auto* r) { r->mutable_facts(0)->mutable_occurred()->set_edtf("2012-13"); },
                  "facts[0].occurred.edtf"},
        BadReport{"StartDisagrees", [](auto* r) { r->mutable_facts(0)->mutable_occurred()->set_start("2011-01-01"); },
                  "facts[0].occurred.start"},
        BadReport{"UnknownEnum",
                  [](auto* r) { r->mutable_facts(0)->mutable_offences(0)->set_offence(static_cast<v1::Offence>(99)); },
                  "facts[0].offences[0].offence"},
        BadReport{"NoOffence", [](auto* r) { r->mutable_facts(0)->mutable_offences(0)->clear_offence(); },
                  "facts[0].offences[0].offence"},
        BadReport{"Confidence", [](auto* r) { r->mutable_facts(0)->mutable_goods(0)->set_confidence(1.5F); },
                  "facts[0].goods[0].confidence"},
        BadReport{"ResolvedEntity", [](auto* r) { r->mutable_facts(0)->mutable_parties(0)->set_entity("entities/1"); },
                  "facts[0].parties[0].entity"},
        BadReport{"NulInName",
                  [](auto* r) { r->mutable_facts(0)->mutable_parties(0)->set_name(std::string("a\0b", 3)); },
                  "facts[0].parties[0].name"}),
    [](const auto& info) { return info.param.name; });

TEST(SentenceAround, NeverCrossesALineAndIsCutAtWords) {
  EXPECT_EQ(SentenceAround("One line\nA second line. And more.", 11, 17), "A second line.");
  std::string words;
  for (int i = 0; i < 600; ++i) words += "word ";
  const std::string cut = SentenceAround(words, 1500, 1504);
  EXPECT_LE(cut.size(), 1000u);
  EXPECT_GT(cut.size(), 900u);
  EXPECT_EQ(cut.substr(0, 5), "word ");
  EXPECT_EQ(cut.substr(cut.size() - 4), "word");
}

}  // namespace
}  // namespace interdict::ingest
