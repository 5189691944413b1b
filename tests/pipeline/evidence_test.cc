// What holds for every value of every document in the repository: its evidence lies in the text, is quoted byte for
// byte, and supports it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "services/ingest/pipeline/knowledge/knowledge.h"
#include "services/ingest/pipeline/normalise/dates.h"
#include "tests/pipeline/pipeline_fixture.h"
#include "tests/source_tree.h"

namespace interdict::pipeline {
namespace {

std::vector<std::string> Documents() {
  std::set<std::string> paths;
  for (const char* folder : {"tests/eval/open/text", "tests/testdata/articles"})
    for (const auto& item : std::filesystem::directory_iterator(testing::SourcePath(folder)))
      if (item.path().string().find(".main.txt") == std::string::npos) paths.insert(item.path().string());
  return {paths.begin(), paths.end()};
}

bool IsBoundary(const std::string& text, uint32_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
}

class EvidenceOf : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    extraction_ =
        ExtractText(ReadFile(GetParam()), GetParam().find(".html") == std::string::npos ? "text/plain" : "text/html");
  }

  void Check(const v1::Evidence& e) {
    const std::string& text = extraction_.document.text();
    EXPECT_EQ(e.document(), extraction_.document.name());
    EXPECT_EQ(e.text_sha256(), extraction_.document.text_sha256());
    ASSERT_LT(e.begin_byte(), e.end_byte());
    ASSERT_LE(e.end_byte(), text.size());
    EXPECT_TRUE(IsBoundary(text, e.begin_byte()) && IsBoundary(text, e.end_byte())) << e.quote();
    EXPECT_EQ(text.substr(e.begin_byte(), e.end_byte() - e.begin_byte()), e.quote());
    EXPECT_LE(e.sentence().size(), 1000U);
    EXPECT_NE(e.sentence().find(e.quote()), std::string::npos) << e.quote() << " / " << e.sentence();
  }
  template <typename Fact>
  void CheckFact(const Fact& fact) {
    EXPECT_GT(fact.evidence_size(), 0) << fact.ShortDebugString();
    EXPECT_GT(fact.confidence(), 0);
    EXPECT_LE(fact.confidence(), 1);
    EXPECT_NE(fact.derivation(), v1::DERIVATION_UNSPECIFIED);
    for (const v1::Evidence& e : fact.evidence()) Check(e);
  }
  template <typename Facts>
  void CheckAll(const Facts& facts) {
    for (const auto& fact : facts) CheckFact(fact);
  }
  template <typename Fact>
  static bool SomeQuote(const Fact& fact, const std::function<bool(const std::string&)>& holds) {
    return std::any_of(fact.evidence().begin(), fact.evidence().end(),
                       [&](const v1::Evidence& e) { return holds(e.quote()); });
  }

  Extraction extraction_;
};

TEST_P(EvidenceOf, LiesInTheTextAndIsQuotedByteForByte) {
  for (const v1::Report& report : extraction_.reports) {
    const v1::IncidentFacts& f = report.facts();
    CheckAll(f.offences());
    CheckAll(f.actions());
    CheckAll(f.places());
    CheckAll(f.parties());
    CheckAll(f.goods());
    CheckAll(f.conveyances());
    CheckAll(f.legal_basis());
    CheckAll(f.claims());
    CheckAll(f.field_evidence());
    CheckFact(f.verification());
    if (f.has_occurred()) CheckFact(f.occurred());
    if (f.has_disclosed()) CheckFact(f.disclosed());
    std::set<std::string> paths;
    for (const v1::FieldEvidence& e : f.field_evidence()) paths.insert(e.path());
    EXPECT_EQ(paths, (std::set<std::string>{"stage", "summary", "title"}));
  }
}

TEST_P(EvidenceOf, SupportsItsValue) {
  auto knowledge = Knowledge::Load("");
  ASSERT_TRUE(knowledge.ok());
  for (const v1::Report& report : extraction_.reports) {
    const v1::IncidentFacts& f = report.facts();
    for (const v1::Place& p : f.places()) {
      const std::string code = p.country_code().empty() ? p.region_code() : p.country_code();
      EXPECT_FALSE(code.empty());
      EXPECT_EQ(p.country_code().empty(), !p.region_code().empty());
      const auto from_place = [&](const std::string& quote) {
        const auto codes = (*knowledge)->PlaceCodes(quote);
        return std::find(codes.begin(), codes.end(), code) != codes.end();
      };
      // A place that an agency stands for is checked by the agency's own row.
      const auto from_agency = [&](const std::string& quote) {
        Page page;
        page.text = quote;
        page.blocks.push_back({BlockKind::kParagraph, 0, quote.size()});
        for (const KnownPhrase& known : (*knowledge)->Find(quote, Tokenize(page)))
          if (known.entry->table == Table::kAgency &&
              std::find(known.entry->codes.begin(), known.entry->codes.end(), code) != known.entry->codes.end())
            return true;
        return false;
      };
      EXPECT_TRUE(SomeQuote(p, from_place) || SomeQuote(p, from_agency)) << code << " " << p.name();
    }
    for (const v1::Party& p : f.parties()) {
      EXPECT_TRUE(SomeQuote(p, [&](const std::string& quote) { return quote == p.name(); })) << p.name();
      for (const std::string& alias : p.aliases())
        EXPECT_NE(extraction_.document.text().find(alias), std::string::npos) << alias;
    }
    for (const v1::Goods& g : f.goods()) {
      EXPECT_TRUE(SomeQuote(g, [&](const std::string& quote) { return quote == g.description(); })) << g.description();
      EXPECT_FALSE(g.category().empty());
      for (const std::string& model : g.models()) EXPECT_NE(g.description().find(model), std::string::npos) << model;
    }
    for (const v1::TimeFact* time : {&f.occurred(), &f.disclosed()}) {
      if (time->edtf().empty()) continue;
      std::string start;
      std::string last;
      ASSERT_TRUE(EdtfBounds(time->edtf(), &start, &last)) << time->edtf();
      EXPECT_EQ(start, time->start());
      EXPECT_EQ(last, time->end());
    }
    for (const v1::Claim& c : f.claims()) EXPECT_NE(c.stance(), v1::STANCE_UNSPECIFIED);
  }
}

TEST_P(EvidenceOf, IsTheSameEveryTime) {
  const Extraction again =
      ExtractText(ReadFile(GetParam()), GetParam().find(".html") == std::string::npos ? "text/plain" : "text/html");
  ASSERT_EQ(again.reports.size(), extraction_.reports.size());
  EXPECT_EQ(again.document.SerializeAsString(), extraction_.document.SerializeAsString());
  for (size_t i = 0; i < again.reports.size(); ++i)
    EXPECT_EQ(again.reports[i].SerializeAsString(), extraction_.reports[i].SerializeAsString());
}

INSTANTIATE_TEST_SUITE_P(AllDocuments, EvidenceOf, ::testing::ValuesIn(Documents()), [](const auto& info) {
  std::string name = std::filesystem::path(info.param).filename().string();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

}  // namespace
}  // namespace interdict::pipeline
