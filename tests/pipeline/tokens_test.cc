// Tokens and sentences: what stays together, where sentences end, and that offsets hold on any input.
#include "services/ingest/pipeline/tokens/tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "services/ingest/pipeline/tokens/fold.h"

namespace interdict::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

Page PageOf(const std::vector<std::string>& blocks) {
  Page page;
  for (const std::string& block : blocks) {
    if (!page.text.empty()) page.text += "\n\n";
    page.blocks.push_back({BlockKind::kParagraph, page.text.size(), page.text.size() + block.size()});
    page.text += block;
  }
  return page;
}

std::vector<std::string> Surfaces(const std::string& text) {
  std::vector<std::string> out;
  for (const Token& token : TokenizePhrase(text)) out.push_back(text.substr(token.begin, token.end - token.begin));
  return out;
}

std::vector<std::string> Sentences(const std::vector<std::string>& blocks) {
  const Page page = PageOf(blocks);
  std::vector<std::string> out;
  for (const Sentence& sentence : Tokenize(page).sentences) {
    out.push_back(page.text.substr(sentence.begin, sentence.end - sentence.begin));
  }
  return out;
}

struct TokenCase {
  const char* text;
  std::vector<std::string> tokens;
};

TEST(TokensTest, KeepsTogetherWhatIsOneWord) {
  const TokenCase cases[] = {
      {"parts for T-54 and T-55 tanks.", {"parts", "for", "T-54", "and", "T-55", "tanks", "."}},
      {"second-hand AK-47s", {"second-hand", "AK-47s"}},
      {"non‑state actors", {"non‑state", "actors"}},
      {"AK-47/AKM", {"AK-47", "/", "AKM"}},
      {"€2.6 million", {"€", "2.6", "million"}},
      {"US$2.6m", {"US", "$", "2.6m"}},
      {"1,200 rounds, 7.62 mm", {"1,200", "rounds", ",", "7.62", "mm"}},
      {"€1,2 million", {"€", "1,2", "million"}},
      {"in 2012,2013,2014", {"in", "2012", ",", "2013", ",", "2014"}},
      {"at 21:50 or 21.50", {"at", "21:50", "or", "21.50"}},
      {"a .50-caliber gun", {"a", ".50-caliber", "gun"}},
      {"he didn't, don’t", {"he", "didn't", ",", "don’t"}},
      {"the country's DPRK’s gov’t", {"the", "country", "'s", "DPRK", "’s", "gov’t"}},
      {"the 1990's", {"the", "1990", "'s"}},
      {"companies' books", {"companies", "'", "books"}},
      {"O'Neill of Côte d’Ivoire", {"O'Neill", "of", "Côte", "d’Ivoire"}},
      {"the U.S. Attorney", {"the", "U.S.", "Attorney"}},
      {"the U.S.'s list", {"the", "U.S.", "'s", "list"}},
      {"made in the U.S", {"made", "in", "the", "U.S"}},
      {"Sp. z o.o. of Gdynia", {"Sp.", "z", "o.o.", "of", "Gdynia"}},
      {"Lt. Col. J. P. Smith Jr., 47", {"Lt.", "Col.", "J.", "P.", "Smith", "Jr.", ",", "47"}},
      {"J.P. Morgan & Co.", {"J.P.", "Morgan", "&", "Co."}},
      {"No. 12 and No.", {"No.", "12", "and", "No", "."}},
      {"18 U.S.C. § 554", {"18", "U.S.C.", "§", "554"}},
      {"ECCN 6A005.", {"ECCN", "6A005", "."}},
      {"“The end.”", {"“", "The", "end", ".", "”"}},
      {"wait... what -- no", {"wait", "...", "what", "--", "no"}},
      {"see https://example.com/a,b?c=d.", {"see", "https://example.com/a,b?c=d", "."}},
      {"mail press@example.org now", {"mail", "press@example.org", "now"}},
      {"AT&T (the firm)", {"AT&T", "(", "the", "firm", ")"}},
      {"12-gauge, 61-year-old", {"12-gauge", ",", "61-year-old"}},
      {"ʿAbd al-Raʾūf", {"ʿAbd", "al-Raʾūf"}},
      {"2012–13", {"2012", "–", "13"}},
      {"M/V Alma", {"M", "/", "V", "Alma"}},
      {"", {}},
      {" \n\t ", {}},
  };
  for (const TokenCase& test : cases) {
    EXPECT_THAT(Surfaces(test.text), ElementsAreArray(test.tokens)) << test.text;
  }
}

TEST(TokensTest, FoldsForLookUp) {
  const std::pair<const char*, const char*> cases[] = {
      {"Šticha", "sticha"},
      {"ŠTICHA", "sticha"},
      {"Dragoslav Vukšić-Đerić", "dragoslav vuksic-deric"},
      {"Łódź", "lodz"},
      {"Özgür Şahinbaşoğlu", "ozgur sahinbasoglu"},
      {"Diyarbakır", "diyarbakir"},
      {"Straße", "strasse"},
      {"ʿAbd al-Raʾūf", "abd al-rauf"},
      {"Đặng Thúy Vĩnh Hảo", "dang thuy vinh hao"},
      {"Ångström Ærø Œuvre", "angstrom aero oeuvre"},
      {"don’t", "don't"},
      {"non‑state", "non-state"},
      {"ＡＢＣ ﬁre", "abc fire"},
      {"co\xC2\xADoperate", "cooperate"},
      {"Киев", "киев"},
      {"", ""},
  };
  for (const auto& [text, folded] : cases) EXPECT_EQ(Fold(text), folded) << text;
}

TEST(TokensTest, FoldedFormOfAbbreviationsHasNoStop) {
  std::vector<std::string> folded;
  for (const Token& token : TokenizePhrase("Lt. J. Smith, Acme Ltd. of the U.S. at DPRK’s"))
    folded.push_back(token.folded);
  EXPECT_THAT(folded, ElementsAre("lt", "j", "smith", ",", "acme", "ltd", "of", "the", "u.s.", "at", "dprk", "'s"));
}

TEST(TokensTest, TellsTheShapeOfWords) {
  const std::vector<Token> tokens = TokenizePhrase("Czech KOMID T-54 1,200 attaché Šticha U.S. , 2.6m ʿAbd");
  ASSERT_EQ(tokens.size(), 10u);
  EXPECT_TRUE(tokens[0].is_word && tokens[0].is_capitalised && !tokens[0].is_all_caps);
  EXPECT_TRUE(tokens[1].is_all_caps && tokens[1].is_capitalised);
  EXPECT_TRUE(tokens[2].is_word && tokens[2].is_capitalised && !tokens[2].is_all_caps && !tokens[2].is_number);
  EXPECT_TRUE(tokens[3].is_number && !tokens[3].is_word);
  EXPECT_TRUE(!tokens[4].is_capitalised && tokens[4].is_word);
  EXPECT_TRUE(tokens[5].is_capitalised && !tokens[5].is_all_caps);
  EXPECT_TRUE(tokens[6].is_all_caps);
  EXPECT_TRUE(!tokens[7].is_word && !tokens[7].is_number);
  EXPECT_TRUE(tokens[8].is_number && tokens[8].is_word);
  EXPECT_TRUE(tokens[9].is_capitalised);
}

TEST(SentencesTest, EndWhereTheyEnd) {
  // Each row is one block, already cut at the places where sentences end.
  const std::vector<std::vector<std::string>> cases = {
      {"The ship sailed.", "It was stopped."},
      {"Mr. Smith met Dr. Jones.", "They left."},
      {"Lt. Col. J. P. Smith said so.", "He left."},
      {"He moved to the U.S. Attorney's office in 2012."},
      {"He moved to the U.S.", "The court heard him."},
      {"It was sold by Acme Ltd.", "The buyer fled."},
      {"Acme Ltd. Co. sold it."},
      {"It was seen on Nov. 12, 2019, and kept."},
      {"“I cannot comment,” he said.", "“In general, I can.”", "Then he left."},
      {"He said: “It is over.”", "She left."},
      {"\"It is over.\"", "\"We left,\" she said."},
      {"“Why?” he asked.", "Nobody knew!", "(They did.)", "So it went."},
      {"It cost $2.5 million.", "1,200 were sold.", "€3 was paid."},
      {"Under No. 12 it was void.", "No. 3 was not."},
      {"He said no.", "She said yes."},
      {"Goods of category C.", "The rest was free."},
      {"He waited… and left.", "Then… Nothing."},
      {"1. The amount was wrong.", "The rest was right."},
      {"They sold it.[12]", "The rest was kept."},
      {"The end of the port.", "the crew went on"},
      {"No full stop here"},
      {"A T-54.", "A T-55."},
      {"Baltnokt Sp. z o.o., recruited buyers."},
      {"18 U.S.C. § 554 applies.", "So does Sec. 38 of the Act."},
      {"Parts etc. were found.", "Others, e.g. rifles, were not."},
      {"at 5 p.m. on Monday.", "At 6 p.m. They left."},
  };
  for (const std::vector<std::string>& sentences : cases) {
    std::string block;
    for (const std::string& sentence : sentences) block += (block.empty() ? "" : " ") + sentence;
    if (block == "The end of the port. the crew went on") {
      EXPECT_THAT(Sentences({block}), ElementsAre(block));
    } else if (block == "He waited… and left. Then… Nothing.") {
      EXPECT_THAT(Sentences({block}), ElementsAre("He waited… and left.", "Then…", "Nothing."));
    } else if (block == "at 5 p.m. on Monday. At 6 p.m. They left.") {
      EXPECT_THAT(Sentences({block}), ElementsAre("at 5 p.m. on Monday.", "At 6 p.m.", "They left."));
    } else {
      EXPECT_THAT(Sentences({block}), ElementsAreArray(sentences)) << block;
    }
  }
}

TEST(SentencesTest, EndWithoutASpaceBeforeACapital) {
  EXPECT_THAT(Sentences({"It left the port.The crew was held."}),
              ElementsAre("It left the port.", "The crew was held."));
  EXPECT_THAT(Sentences({"Visit example.com today."}), ElementsAre("Visit example.com today."));
}

TEST(SentencesTest, NeverCrossABlock) {
  EXPECT_THAT(Sentences({"A heading without a stop", "It goes on.", "- a list", "of things"}),
              ElementsAre("A heading without a stop", "It goes on.", "- a list", "of things"));
}

TEST(SentencesTest, AreNumberedByBlock) {
  const Page page = PageOf({"One. Two.", "Three."});
  const TokenizedText text = Tokenize(page);
  ASSERT_EQ(text.sentences.size(), 3u);
  EXPECT_EQ(text.sentences[0].block, 0u);
  EXPECT_EQ(text.sentences[1].block, 0u);
  EXPECT_EQ(text.sentences[2].block, 1u);
}

void ExpectSound(const Page& page, const TokenizedText& text) {
  uint32_t at = 0;
  for (const Token& token : text.tokens) {
    ASSERT_LT(token.begin, token.end);
    ASSERT_LE(at, token.begin);
    at = token.end;
  }
  ASSERT_LE(at, page.text.size());
  uint32_t next = 0;
  for (const Sentence& sentence : text.sentences) {
    ASSERT_EQ(sentence.first_token, next);
    ASSERT_LT(sentence.first_token, sentence.end_token);
    ASSERT_EQ(sentence.begin, text.tokens[sentence.first_token].begin);
    ASSERT_EQ(sentence.end, text.tokens[sentence.end_token - 1].end);
    ASSERT_LT(sentence.block, page.blocks.size());
    ASSERT_GE(sentence.begin, page.blocks[sentence.block].begin);
    ASSERT_LE(sentence.end, page.blocks[sentence.block].end);
    next = sentence.end_token;
  }
  ASSERT_EQ(next, text.tokens.size());
}

TEST(TokensTest, OffsetsAreSoundForAnyMixture) {
  const std::vector<std::string> pieces = {"U.S.", "Mr.", ".", "..", "'s", "’",        "”", "“",  "T-54", "-",
                                           "1,2",  ",",   " ", "\n", "š",  "字",       "🚢", "No", "J.",   "http://",
                                           "[1]",  "(",   ")", "A",  "b",  "\xCC\x81", ":", "€",  "٣",    "&"};
  std::mt19937 random(20240501);
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> blocks(1 + random() % 3);
    for (std::string& block : blocks) {
      for (size_t n = random() % 25; n > 0; --n) block += pieces[random() % pieces.size()];
    }
    const Page page = PageOf(blocks);
    const TokenizedText text = Tokenize(page);
    ASSERT_NO_FATAL_FAILURE(ExpectSound(page, text)) << page.text;
  }
}

// Finishes within the test's time limit only if the work grows with the length, not with its square.
TEST(TokensTest, ReadsTenMegabytes) {
  for (const char* piece : {"word ", "a", "1,", "š-"}) {
    std::string block;
    while (block.size() < 10'000'000) block += piece;
    const Page page = PageOf({block});
    ASSERT_NO_FATAL_FAILURE(ExpectSound(page, Tokenize(page))) << piece;
  }
}

TEST(TokensTest, ReadsAMegabyteOfMarks) {
  for (const char* piece : {"U.S.", "x.", "'s", "((", "\"", "Mr. ", ".)", "1. ", "[1]", "J. ", "J.    "}) {
    std::string block;
    while (block.size() < 1'000'000) block += piece;
    const Page page = PageOf({block});
    ASSERT_NO_FATAL_FAILURE(ExpectSound(page, Tokenize(page))) << piece;
  }
}

}  // namespace
}  // namespace interdict::pipeline
