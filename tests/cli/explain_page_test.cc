#include "services/cli/explain_page.h"

#include <regex>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/ingest/pipeline/trace/explain.h"
#include "tests/status_matchers.h"

namespace interdict::cli {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;

// Two cases in one text, and names that would be markup if they were not escaped.
constexpr char kText[] =
    "Customs seize rifles & cash <script>alert(1)</script>\n\n"
    "MOMBASA, 4 May 2021. Kenyan customs officers on Monday seized 40 rifles hidden in a container that came from "
    "Yemen. Police arrested Ahmed \"<b>Boss</b>\" Nassir, a local trader, on suspicion of arms smuggling.\n\n"
    "In a separate case, German customs officers seized 300 kilograms of cocaine in the port of Hamburg on 2 May 2021 "
    "and arrested a truck driver on suspicion of drug smuggling.\n";

class ExplainTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto pipeline = pipeline::Pipeline::Load("");
    ASSERT_THAT(pipeline, IsOk());
    pipeline_ = *std::move(pipeline);
    v1::DocumentInput input;
    input.set_content(kText);
    input.set_content_type("text/plain");
    input.set_published("2021-05-04");
    auto extraction = pipeline_->Extract(input, &trace_);
    ASSERT_THAT(extraction, IsOk());
    extraction_ = *std::move(extraction);
    auto plain = pipeline_->Extract(input);
    ASSERT_THAT(plain, IsOk());
    for (size_t i = 0; i < plain->reports.size(); ++i)
      EXPECT_EQ(plain->reports[i].SerializeAsString(), extraction_.reports[i].SerializeAsString())
          << "a trace must not change the output";
  }

  std::unique_ptr<pipeline::Pipeline> pipeline_;
  pipeline::Trace trace_;
  pipeline::Extraction extraction_;
};

TEST_F(ExplainTest, EveryValueHasItsWordsAndWhatMadeIt) {
  ASSERT_FALSE(extraction_.reports.empty());
  for (size_t i = 0; i < extraction_.reports.size(); ++i) {
    const auto explained = pipeline::Explain(extraction_.reports[i].facts(), i, extraction_.document.text(), trace_);
    EXPECT_FALSE(explained.values.empty());
    for (const auto& value : explained.values) {
      EXPECT_FALSE(value.value.empty()) << value.path;
      EXPECT_FALSE(value.made_by.empty()) << value.path;
      EXPECT_FALSE(value.derivation.empty()) << value.path;
      for (const v1::Evidence& span : value.evidence) EXPECT_THAT(span.sentence(), HasSubstr(span.quote()));
    }
  }
}

TEST_F(ExplainTest, GoodsAreTracedToTheRowThatKnowsThem) {
  const auto explained = pipeline::Explain(extraction_.reports[0].facts(), 0, extraction_.document.text(), trace_);
  std::vector<std::string> made_by;
  for (const auto& value : explained.values)
    if (value.slot == "goods") made_by.insert(made_by.end(), value.made_by.begin(), value.made_by.end());
  EXPECT_THAT(made_by, Contains(HasSubstr("goods.tsv “rifle")));
}

TEST_F(ExplainTest, ActionsAreTracedToTheTrigger) {
  const auto explained = pipeline::Explain(extraction_.reports[0].facts(), 0, extraction_.document.text(), trace_);
  std::vector<std::string> made_by;
  for (const auto& value : explained.values)
    if (value.slot == "action") made_by.insert(made_by.end(), value.made_by.begin(), value.made_by.end());
  EXPECT_THAT(made_by, Contains(::testing::AllOf(HasSubstr("action SEIZURE"), HasSubstr("triggers.tsv “seized”"))));
}

TEST_F(ExplainTest, EveryStageHasItsTime) {
  std::vector<std::string> stages;
  for (const auto& stage : trace_.stages) stages.push_back(stage.stage);
  for (const char* stage : {"decode", "page", "language", "tokens", "mentions", "coreference", "frames", "grouping"})
    EXPECT_THAT(stages, Contains(stage));
}

TEST_F(ExplainTest, TheTextListsWhatTheReportHolds) {
  std::ostringstream out;
  WriteExplanation(out, extraction_, trace_);
  EXPECT_THAT(out.str(), HasSubstr("incident 1 of "));
  EXPECT_THAT(out.str(), HasSubstr("made by  "));
  EXPECT_THAT(out.str(), HasSubstr("time per stage"));
}

TEST_F(ExplainTest, ThePageEscapesTheDocumentAndLoadsNothing) {
  std::ostringstream out;
  WriteExplanationPage(out, "a<b>.txt", extraction_, trace_);
  const std::string page = out.str();
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<b>")));
  EXPECT_THAT(page, Not(HasSubstr("http://")));
  EXPECT_THAT(page, HasSubstr("a&lt;b&gt;.txt"));
  EXPECT_THAT(page, HasSubstr("class=\"s-goods"));
  // The words of the text, markup taken out, are the text.
  const size_t begin = page.find("<div class=\"text\">") + 18;
  std::string words = page.substr(begin, page.find("</div>", begin) - begin);
  words = std::regex_replace(words, std::regex("<mark [^>]*>|</mark>"), "");
  for (const auto& [escaped, character] : std::vector<std::pair<std::string, std::string>>{
           {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}})
    words = std::regex_replace(words, std::regex(escaped), character);
  EXPECT_EQ(words, extraction_.document.text());
}

TEST(ExplainPageTest, IncidentsAreToldApartAlsoWhereSpansOverlap) {
  pipeline::Extraction extraction;
  extraction.document.set_text("Rifles and cocaine were seized.");
  const auto add = [&extraction](uint32_t begin, uint32_t end) {
    v1::Goods* goods = extraction.reports.emplace_back().mutable_facts()->add_goods();
    goods->set_description(extraction.document.text().substr(begin, end - begin));
    goods->add_evidence()->set_begin_byte(begin);
    goods->mutable_evidence(0)->set_end_byte(end);
  };
  add(0, 18);
  add(11, 18);
  std::ostringstream out;
  WriteExplanationPage(out, "x", extraction, pipeline::Trace());
  EXPECT_THAT(out.str(), HasSubstr("<mark class=\"s-goods i0\" title=\"incident 1 · goods: Rifles and cocaine (0%)\">"
                                   "Rifles and </mark>"));
  EXPECT_THAT(out.str(), HasSubstr("<mark class=\"s-goods i1 i0\""));
  EXPECT_THAT(out.str(), HasSubstr("incident 2 · goods: cocaine"));
  EXPECT_THAT(out.str(), HasSubstr("id=\"only1\""));
}

TEST(EscapeHtmlTest, ReplacesWhatMeansSomething) {
  EXPECT_EQ(EscapeHtml("<a href=\"x\">'&amp;'</a>"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;&#39;&lt;/a&gt;");
}

}  // namespace
}  // namespace interdict::cli
