#include "services/index/engine/language/highlight.h"

#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/index/engine/language/compile.h"
#include "services/index/engine/language/did_you_mean.h"
#include "services/index/engine/language/near_names.h"
#include "services/index/engine/schema/field_ids.h"

namespace interdict::index {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Shown(const std::string& query, uint16_t field, const std::string& text) {
  const FieldCatalog& catalog = FieldCatalog::Incidents();
  auto tree = ParseText(query, catalog.text_names());
  EXPECT_TRUE(tree.ok()) << query;
  auto compiled = CompileText(*tree, catalog);
  EXPECT_TRUE(compiled.ok()) << query;
  Highlighter highlighter(*compiled, catalog);
  std::vector<std::string> shown;
  for (const SourceSpan& span : Highlighter::Merge(highlighter.Find(field, text))) {
    shown.push_back(text.substr(span.begin, span.end - span.begin));
  }
  return shown;
}

TEST(HighlightTest, SpansAreBytesOfTheTextAsWritten) {
  EXPECT_THAT(Shown("sticha", kPartyText, "Mluvčí Ladislav Šticha, BIS"), ElementsAre("Šticha"));
  EXPECT_THAT(Shown("朝鲜", kPassageText, "北朝鲜的船"), ElementsAre("朝鲜"));
  EXPECT_THAT(Shown("cafe", kPassageText, "in the cafe\xCC\x81 there"), ElementsAre("cafe\xCC\x81"));
  EXPECT_THAT(Shown("loads", kPassageText, "They LOADED it"), ElementsAre("LOADED"));
  EXPECT_THAT(Shown("=loads", kPassageText, "They loaded it"), IsEmpty());
}

TEST(HighlightTest, EveryKindOfClause) {
  const std::string text = "Rifles and ball bearings for Kalashnikow, rifles again";
  EXPECT_THAT(Shown("rifle", kPassageText, text), ElementsAre("Rifles", "rifles"));
  EXPECT_THAT(Shown("\"ball bearing\"", kPassageText, text), ElementsAre("ball bearings"));
  EXPECT_THAT(Shown("\"bearing ball\"", kPassageText, text), IsEmpty());
  EXPECT_THAT(Shown("kalash*", kPassageText, text), ElementsAre("Kalashnikow"));
  EXPECT_THAT(Shown("kalashnikov~", kPassageText, text), ElementsAre("Kalashnikow"));
  EXPECT_THAT(Shown("kalashnikov", kPassageText, text), IsEmpty());
  EXPECT_THAT(Shown("rifles NEAR/2 ball", kPassageText, text), ElementsAre("Rifles", "ball"));
  EXPECT_THAT(Shown("rifles NEAR/1 ball", kPassageText, text), IsEmpty());
  EXPECT_THAT(Shown("NOT rifle", kPassageText, text), IsEmpty());
  EXPECT_THAT(Shown("title:rifle", kPassageText, text), IsEmpty());
  EXPECT_THAT(Shown("ball AND (bearing OR pistol)", kPassageText, text), ElementsAre("ball", "bearings"));
}

TEST(HighlightTest, PassagesAreCutBetweenWordsAndHoldTheMostClauses) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "žluťoučký kůň ";
  text += "rifle ";
  for (int i = 0; i < 100; ++i) text += "ďábelské ódy ";
  text += "rifle and bearing ";
  for (int i = 0; i < 100; ++i) text += "úpěl ";
  const FieldCatalog& catalog = FieldCatalog::Incidents();
  Highlighter highlighter(*CompileText(*ParseText("rifle bearing", catalog.text_names()), catalog), catalog);
  const auto matches = highlighter.Find(kPassageText, text);
  const auto passages = BestPassages(text, matches, 100, 3);
  ASSERT_EQ(passages.size(), 2u);
  EXPECT_EQ(passages[0].clauses, 2u);
  const std::string best = text.substr(passages[0].span.begin, passages[0].span.end - passages[0].span.begin);
  EXPECT_NE(best.find("rifle and bearing"), std::string::npos);
  EXPECT_LE(best.size(), 100u);
  EXPECT_EQ(best.front() == ' ' || best.back() == ' ', false);
  EXPECT_EQ(text[passages[0].span.begin - 1], ' ');
  EXPECT_EQ(text[passages[0].span.end], ' ');
}

// Whatever the bytes: spans ordered, inside the text, at character boundaries of valid text.
TEST(HighlightTest, RandomTextsGiveOrderedSpansAtCharacters) {
  const std::vector<std::string> pieces = {"a", "rifle", " ", "é", "朝", "e\xCC\x81", "ﬁ", "\n", "ball", "ß", "İ"};
  const FieldCatalog& catalog = FieldCatalog::Incidents();
  Highlighter highlighter(
      *CompileText(*ParseText("rifle OR a OR 朝 OR e* OR \"a ball\" OR ss~", catalog.text_names()), catalog), catalog);
  std::mt19937 random(3);
  size_t spans = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (uint32_t i = random() % 40; i > 0; --i) text += pieces[random() % pieces.size()];
    const auto matches = highlighter.Find(kPassageText, text);
    uint32_t before = 0;
    for (const SourceSpan& span : Highlighter::Merge(matches)) {
      ASSERT_LE(before, span.begin);
      ASSERT_LT(span.begin, span.end);
      ASSERT_LE(span.end, text.size());
      for (const uint32_t at : {span.begin, span.end}) {
        ASSERT_TRUE(at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80) << text;
      }
      before = span.end;
      ++spans;
    }
    for (const Passage& passage : BestPassages(text, matches, 20, 3)) {
      ASSERT_LE(passage.span.end, text.size());
      for (const uint32_t at : {passage.span.begin, passage.span.end}) {
        ASSERT_TRUE(at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80) << text;
      }
    }
  }
  EXPECT_GT(spans, 1000u);
}

// Words with the number of documents, the same in each field.
class FakeWords : public WordList {
 public:
  absl::StatusOr<Words> Beginning(uint16_t, const std::string& prefix, size_t limit) const override {
    Words found;
    for (const auto& word : kWords) {
      if (word.first.rfind(prefix, 0) == 0 && found.size() < limit) found.push_back(word);
    }
    return found;
  }
  absl::StatusOr<Words> Similar(uint16_t, const std::string& word, uint32_t max_edits, size_t limit) const override {
    Words found;
    for (const auto& candidate : kWords) {
      if (SimilarWords(candidate.first, word, max_edits, 0) && found.size() < limit) found.push_back(candidate);
    }
    return found;
  }

 private:
  const Words kWords = {{"bearings", 40}, {"centrifuge", 70}, {"malta", 100},
                        {"manta", 2},     {"rifle", 90},      {"rifles", 5}};
};

std::string Corrected(const std::string& query) {
  const FieldCatalog& catalog = FieldCatalog::Incidents();
  auto tree = ParseText(query, catalog.text_names());
  EXPECT_TRUE(tree.ok()) << query;
  auto corrected = DidYouMean(query, *tree, catalog, FakeWords());
  EXPECT_TRUE(corrected.ok());
  return corrected.value_or("");
}

TEST(DidYouMeanTest, CorrectsOnlyWordsThatNothingHas) {
  EXPECT_EQ(Corrected("centrifuge bearing"), "");  // another form of the word is there
  EXPECT_EQ(Corrected("centrifgue AND (malta OR \"rifel case\")"), "centrifuge AND (malta OR \"rifle case\")");
  EXPECT_EQ(Corrected("party:matla"), "party:malta");
  EXPECT_EQ(Corrected("manta"), "");
  EXPECT_EQ(Corrected("mantaa"), "manta");  // one edit is worth more than some frequency
  EXPECT_EQ(Corrected("xyzzyx"), "");
  EXPECT_EQ(Corrected("rifel* OR rifel~ OR NOT rifel"), "");
  EXPECT_EQ(Corrected("=centrifugé NEAR/3 =riflee"), "=centrifugé NEAR/3 =rifle");
}

}  // namespace
}  // namespace interdict::index
