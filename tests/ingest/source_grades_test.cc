#include "services/ingest/source_grades.h"

#include <fstream>

#include "gmock/gmock.h"
#include "tests/ingest/ingest_fixture.h"

namespace interdict::ingest {
namespace {

using absl::StatusCode;
using testing::IsOk;

v1::Reliability GradeWith(const std::string& rows, const std::string& url, const std::string& publisher) {
  const auto grades = SourceGrades::WithRows(rows);
  EXPECT_THAT(grades, IsOk());
  return grades.ok() ? grades->Grade(url, publisher) : v1::RELIABILITY_UNSPECIFIED;
}

TEST(SourceGradesTest, ABuiltInListGradesKnownHostsAndPublishers) {
  EXPECT_EQ(GradeWith("", "https://www.reuters.com/world/x", ""), v1::RELIABILITY_B);
  EXPECT_EQ(GradeWith("", "https://press.un.org/en/x", ""), v1::RELIABILITY_A);
  EXPECT_EQ(GradeWith("", "https://somebody.blogspot.com/x", ""), v1::RELIABILITY_F);
  EXPECT_EQ(GradeWith("", "", "REUTERS"), v1::RELIABILITY_B);
  EXPECT_EQ(GradeWith("", "https://example.org/", "A Paper Nobody Knows"), v1::RELIABILITY_UNSPECIFIED);
}

TEST(SourceGradesTest, TheLongestEndingOfTheHostDecides) {
  const std::string rows = ".example\tC\nnews.example\tB\nbad.news.example\tE\n";
  EXPECT_EQ(GradeWith(rows, "https://x.example/", ""), v1::RELIABILITY_C);
  EXPECT_EQ(GradeWith(rows, "https://www.NEWS.example:8080/a", ""), v1::RELIABILITY_B);
  EXPECT_EQ(GradeWith(rows, "https://bad.news.example/", ""), v1::RELIABILITY_E);
  EXPECT_EQ(GradeWith(rows, "https://notnews.example.org/", ""), v1::RELIABILITY_UNSPECIFIED);
}

TEST(SourceGradesTest, AUserNameIsNoHost) {
  EXPECT_EQ(GradeWith("", "https://justice.gov@evil.example/", ""), v1::RELIABILITY_UNSPECIFIED);
  EXPECT_EQ(GradeWith("", "https://evil.example/justice.gov", ""), v1::RELIABILITY_UNSPECIFIED);
  EXPECT_EQ(GradeWith("", "https://justice.gov\\.evil.example/", ""), v1::RELIABILITY_UNSPECIFIED);
}

TEST(SourceGradesTest, TheOperatorsRowsGoBeforeThoseBuiltIn) {
  EXPECT_EQ(GradeWith("reuters.com\tD\n", "https://reuters.com/", ""), v1::RELIABILITY_D);
  EXPECT_EQ(GradeWith("reuters.com\t-\n", "https://reuters.com/", "Reuters"), v1::RELIABILITY_UNSPECIFIED);
  EXPECT_EQ(GradeWith("# mine\n\nThe Example  Herald\tC\r\n", "", "example herald"), v1::RELIABILITY_C);
}

TEST(SourceGradesTest, AHostIsGradedBeforeThePublisher) {
  EXPECT_EQ(GradeWith("", "https://somebody.blogspot.com/x", "Reuters"), v1::RELIABILITY_F);
  EXPECT_EQ(GradeWith("", "https://aggregator.example/x", "Reuters"), v1::RELIABILITY_B);
}

TEST(SourceGradesTest, AWrongRowNamesItsLine) {
  for (const char* rows : {"a.example\tB\nb.example\n", "a.example\tB\nb.example\tG\n", "a.example\tB\n.\tB\n",
                           "a.example\tB\nA.example\tC\n", "a.example\tB\nb\tB\tC\n"}) {
    const auto grades = SourceGrades::WithRows(rows);
    ASSERT_EQ(grades.status().code(), StatusCode::kInvalidArgument) << rows;
    EXPECT_THAT(std::string(grades.status().message()), ::testing::HasSubstr("line 2")) << rows;
  }
  EXPECT_EQ(SourceGrades::WithFile("/no/such/file").status().code(), StatusCode::kNotFound);
}

class GradedIngestTest : public IngestTest {};

TEST_F(GradedIngestTest, AcceptanceStampsTheGradeOfUrlOrPublisherAsSubmitted) {
  extract_ = [this](const v1::DocumentInput& input) {
    auto extraction = extractor_.Extract(input);
    if (extraction.ok()) extraction->document.set_publisher("Reuters");  // so the page says of itself
    return extraction;
  };
  StartNode();
  v1::SubmitDocumentRequest request = Request("first");
  request.mutable_document()->set_url("https://www.justice.gov/opa/pr/x");
  ASSERT_THAT(Submit(request), IsOk());
  ASSERT_THAT(Submit("second"), IsOk());
  const auto entries = Entries();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].document_accepted().document().reliability(), v1::RELIABILITY_A);
  EXPECT_EQ(entries[1].document_accepted().document().reliability(), v1::RELIABILITY_UNSPECIFIED);
}

TEST_F(GradedIngestTest, TheOperatorsFileCounts) {
  options_.source_grades_file = ::testing::TempDir() + "/grades.tsv";
  std::ofstream(options_.source_grades_file) << "www.justice.gov\tC\n";
  StartNode();
  v1::SubmitDocumentRequest request = Request("first");
  request.mutable_document()->set_url("https://www.justice.gov/opa/pr/x");
  ASSERT_THAT(Submit(request), IsOk());
  EXPECT_EQ(Entries().at(0).document_accepted().document().reliability(), v1::RELIABILITY_C);
}

}  // namespace
}  // namespace interdict::ingest
