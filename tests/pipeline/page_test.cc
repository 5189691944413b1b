// Pages taken apart: the main text of whole pages, metadata by source, and hostile markup.
#include "services/ingest/pipeline/page/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "services/ingest/pipeline/decode/utf8.h"
#include "services/ingest/pipeline/page/lines.h"
#include "services/ingest/pipeline/tokens/tokens.h"
#include "tests/source_tree.h"

namespace interdict::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string ReadArticle(const std::string& name) {
  std::ifstream in(testing::SourcePath("tests/testdata/articles/" + name), std::ios::binary);
  EXPECT_TRUE(in) << name;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

Page ReadBytes(const std::string& bytes, const PageHints& hints = {}) {
  const absl::StatusOr<DecodedText> decoded = Decode(bytes, "");
  EXPECT_TRUE(decoded.ok()) << decoded.status();
  absl::StatusOr<Page> page = ReadPage(*decoded, hints);
  EXPECT_TRUE(page.ok()) << page.status();
  return page.ok() ? *std::move(page) : Page();
}

void ExpectSound(const Page& page) {
  ASSERT_EQ(CheckUtf8(page.text).invalid_count, 0u);
  size_t at = 0;
  for (const Block& block : page.blocks) {
    ASSERT_EQ(block.begin, at);
    ASSERT_LT(block.begin, block.end);
    ASSERT_LE(block.end, page.text.size());
    at = block.end + 2;
  }
  ASSERT_EQ(at, page.text.size() + 2);
}

TEST(PageTest, MainTextOfWholePages) {
  for (const char* name : {"czech-dprk-2021", "layout-table-2009", "windows-1250-2015", "broken-markup-2018",
                           "live-blog-2022", "press-release-2020"}) {
    const Page page = ReadBytes(ReadArticle(std::string(name) + ".html"));
    EXPECT_EQ(page.text + "\n", ReadArticle(std::string(name) + ".main.txt")) << name;
    ASSERT_NO_FATAL_FAILURE(ExpectSound(page)) << name;
    ASSERT_FALSE(page.blocks.empty());
    EXPECT_EQ(page.blocks[0].kind, BlockKind::kTitle) << name;
  }
}

TEST(PageTest, TextAndHtmlOfOneArticleGiveTheSame) {
  const Page text = ReadBytes(ReadArticle("czech-dprk-2021.txt"));
  const Page html = ReadBytes(ReadArticle("czech-dprk-2021.html"));
  EXPECT_EQ(text.text, html.text);
  for (const Page* page : {&text, &html}) {
    EXPECT_THAT(page->title, StartsWith("Czech gov’t foiled Korean arms smuggling plot"));
    EXPECT_THAT(page->section_trail, ElementsAre("Home", "International Customs", "Korea"));
    EXPECT_EQ(page->published, "2021-04-11");
  }
  EXPECT_EQ(html.publisher, "NK News");
}

TEST(PageTest, MetadataOfThePages) {
  const Page table = ReadBytes(ReadArticle("layout-table-2009.html"));
  EXPECT_EQ(table.byline, "Anna Petrakou");
  EXPECT_EQ(table.published, "2009-05-12");
  const Page czech = ReadBytes(ReadArticle("windows-1250-2015.html"));
  EXPECT_EQ(czech.dateline, "PRAGUE");
  EXPECT_EQ(czech.published, "2015-03-03");
  const Page live = ReadBytes(ReadArticle("live-blog-2022.html"));
  EXPECT_EQ(live.published, "2022-06-02");
  EXPECT_EQ(live.publisher, "Quay Radio");
  const Page release = ReadBytes(ReadArticle("press-release-2020.html"));
  EXPECT_EQ(release.publisher, "Lagoon State Customs Office");
  EXPECT_EQ(release.dateline, "Port Lagoon");
  EXPECT_EQ(release.published, "2020-02-04");
}

TEST(PageTest, PlainTextPreambles) {
  Page page = ReadBytes(
      "Harbour Gazette\nHome > News > Coast\n\nCoastguards find rifles under a cargo of onions\n\nBy Anna "
      "Petrakou\nTuesday, 12 May 2009\n\n"
      "VOLOS, Greece (Reuters) - Forty rifles were found on Monday below a cargo of onions, the coastguard "
      "said.\n\nRead more: Onions");
  EXPECT_EQ(page.title, "Coastguards find rifles under a cargo of onions");
  EXPECT_EQ(page.publisher, "Harbour Gazette");
  EXPECT_EQ(page.byline, "Anna Petrakou");
  EXPECT_EQ(page.dateline, "VOLOS, Greece");
  EXPECT_EQ(page.published, "2009-05-12");
  EXPECT_THAT(page.text, Not(HasSubstr("Read more")));
  EXPECT_EQ(page.blocks.size(), 2u);
}

// What a plain text tells of itself above its first sentence.
struct PreambleCase {
  const char* text;
  const char* title;
  const char* publisher;
  const char* byline;
  const char* dateline;
  const char* published;
  const char* section;
};

TEST(PageTest, WhatALineAboveTheTextIs) {
  const std::string prose = "\n\nForty rifles were found on Monday below a cargo of onions, the coastguard said.";
  const PreambleCase cases[] = {
      {"IN BRIEF\n\nRifles under the onions", "Rifles under the onions", "", "", "", "", "IN BRIEF"},
      {"Home  News  Courts  Sport  Opinion  Jobs\nSign in | Subscribe\n\nRifles under a load of onions\n12 May 2009",
       "Rifles under a load of onions", "", "", "", "2009-05-12", ""},
      {"TALL SHIPS\none sailor, two anchors, far too many knots to untie\n\nSaturday 9 May 2009\n\nThe boat with two "
       "names",
       "The boat with two names", "TALL SHIPS", "", "", "2009-05-09", ""},
      {"QUAY DAILY\nTuesday 12 May 2009, 23:58 - HARBOUR LIVE BLOG, LAST REPORT\n\nRifles under a load of onions",
       "Rifles under a load of onions", "QUAY DAILY", "", "", "2009-05-12", ""},
      {"HARBOUR DIGEST\nYour Monday digest of the quays\n12 May 2009", "", "HARBOUR DIGEST", "", "", "2009-05-12", ""},
      {"OPINION\n\nOnions are not what they seem to be\n\nBy Anna Petrakou\nThe Quay Review, 12 May 2009",
       "Onions are not what they seem to be", "The Quay Review", "Anna Petrakou", "", "2009-05-12", "OPINION"},
      {"Coast Docket\nNotes for the bar of the seven islands | No. 38 | May 12, 2009\n\nRepublic v. Petrakou and "
       "others",
       "Republic v. Petrakou and others", "Coast Docket", "", "", "2009-05-12", ""},
      {"Radio Volos - English page\n12.05.2009, 15:20\n\nForty rifles in one boat, skipper is gone",
       "Forty rifles in one boat, skipper is gone", "Radio Volos", "", "", "2009-05-12", ""},
      {"MINISTRY OF THE QUAYS\nPRESS RELEASE\nVolos, 12 May 2009\n\nRIFLES FOUND UNDER A LOAD OF ONIONS",
       "RIFLES FOUND UNDER A LOAD OF ONIONS", "MINISTRY OF THE QUAYS", "", "Volos", "2009-05-12", ""},
      {"Rifles under a load of onions\n\nAnna Petrakou | The Quay Herald\nTuesday 12 May 2009, 11:05 Updated 14:32",
       "Rifles under a load of onions", "The Quay Herald", "Anna Petrakou", "", "2009-05-12", ""},
      {"The Quay Herald\nTuesday 12 May 2009 | NEWS > COAST\n\nRifles under a load of onions\n\nBy Anna Petrakou, "
       "Volos",
       "Rifles under a load of onions", "The Quay Herald", "Anna Petrakou", "Volos", "2009-05-12", "NEWS"},
      {"Quay Monthly\nMay 2009 | Cover story | online since 12 May 2009\n\nTHE RIFLE GARDEN\nHow onions became a cover",
       "THE RIFLE GARDEN", "Quay Monthly", "", "", "2009-05-12", "Cover story"},
      {"[Extract from the report of the Panel of Sailors, 12 May 2009]\n\nII. Boats",
       "Extract from the report of the Panel of Sailors, 12 May 2009", "", "", "", "2009-05-12", ""},
      {"Who put forty rifles under a load of onions, and where is he now?",
       "Who put forty rifles under a load of onions, and where is he now?", "", "", "", "", ""},
  };
  for (const PreambleCase& test : cases) {
    const Page page = ReadBytes(test.text + prose);
    EXPECT_EQ(page.title, test.title) << test.text;
    EXPECT_EQ(page.publisher, test.publisher) << test.text;
    EXPECT_EQ(page.byline, test.byline) << test.text;
    EXPECT_EQ(page.dateline, test.dateline) << test.text;
    EXPECT_EQ(page.published, test.published) << test.text;
    EXPECT_EQ(page.section_trail.empty() ? "" : page.section_trail[0], test.section) << test.text;
    EXPECT_THAT(page.text, HasSubstr("Forty rifles were found")) << test.text;
  }
}

TEST(PageTest, DatelinesOfTheFirstSentence) {
  const std::string rest = "Forty rifles were found below a cargo of onions, the coastguard said.";
  const PreambleCase cases[] = {
      {"VOLOS, Greece, May 12, 2009 (Quay Press Agency) - ", "", "Quay Press Agency", "", "VOLOS, Greece", "2009-05-12",
       ""},
      {"VOLOS, 12 May 2009. — ", "", "", "", "VOLOS", "2009-05-12", ""},
      {"Volos, Tuesday 12 May 2009 - ", "", "", "", "Volos", "2009-05-12", ""},
      {"VOLOS/LARISSA – ", "", "", "", "VOLOS/LARISSA", "", ""},
      {"Volos - ", "", "", "", "", "", ""},
      {"OPINION: ", "", "", "", "", "", ""},
  };
  for (const PreambleCase& test : cases) {
    const Page page = ReadBytes("Rifles under a load of onions\n\n" + (test.text + rest));
    EXPECT_EQ(page.dateline, test.dateline) << test.text;
    EXPECT_EQ(page.published, test.published) << test.text;
    EXPECT_EQ(page.publisher, test.publisher) << test.text;
  }
}

TEST(PageTest, LinesOfTheSiteInsideTheText) {
  const std::string first = "Forty rifles were found on Monday below a cargo of onions, the coastguard said.";
  const std::string last = "The skipper was held until the evening and then taken to the court in the town.";
  for (const char* line :
       {"Read more: Onions of the island", "READ ALSO: A port is closed", "Related: Fish prices",
        "Related topics: rifles | onions", "Sign up for our newsletter: The Week in Boats, every Friday",
        "You receive this e-mail because you signed up at a fair. Unsubscribe below.",
        "We and our 614 partners store information on your device, such as cookies, and show adverts. You may accept.",
        "[Accept all] [Manage preferences]", "Photo: Anna Petrakou", "ADVERTISEMENT - CONTINUE READING BELOW",
        "About us | Advertise | Careers | Cookie policy | RSS", "(Reporting by Anna Petrakou; editing by J. Roe)",
        "Updated 13 May 2009", "MOST READ\n1. A mayor opens the quay\n2. Fish prices up again",
        "TRENDING NOW\n> A mayor opens the quay\n> Fish prices up again",
        "3 comments\nsailor: A fine story this is."}) {
    const Page page = ReadBytes("Rifles under a load of onions\n\n" + first + "\n\n" + line + "\n\n" + last);
    EXPECT_EQ(page.text, "Rifles under a load of onions\n\n" + first + "\n\n" + last) << line;
  }
  const Page updated = ReadBytes("Rifles under a load of onions\n\n" + first + "\n\nUpdated 13 May 2009");
  EXPECT_EQ(updated.published, "2009-05-13");
}

TEST(PageTest, HintsWin) {
  const Page page =
      ReadBytes("Title of the story here\n\n3 May 2018\n\nThe port was closed on that day, as everybody knows.",
                {"https://example.org/2017/02/03/x", "Given", "2019-01-01"});
  EXPECT_EQ(page.published, "2019-01-01");
  EXPECT_EQ(page.publisher, "Given");
  EXPECT_EQ(ReadBytes("Title of the story\n\nThe port was closed, as everybody in the town knows.",
                      {"https://example.org/2017/02/03/x", "", ""})
                .published,
            "2017-02-03");
}

TEST(PageTest, HardWrappedLinesAreJoined) {
  const Page page = ReadBytes(
      "Rifles found in the hold\n\nForty rifles were found on Monday below a cargo of onions, the\ncoastguard said. "
      "The skipper, a man of 51, "
      "was held until the\nevening.");
  EXPECT_THAT(page.text, HasSubstr("onions, the coastguard said. The skipper"));
}

TEST(PageTest, RowsOfTables) {
  const Page page = ReadBytes(
      "<html><body><h1>Prices of fuel at three ports</h1><p>Forty ships took fuel on Monday at the port of the island, "
      "it "
      "is "
      "said.</p><table><tr><th>Port</th><th>Light</th><th>Heavy</th></tr><tr><td>Volos</td><td>552</td><td></td></tr>"
      "<tr><td>Flag:</td><td>Togo</td></tr></table><table><tr><td><p>A cell of layout.</p></td><td>Another</td></tr>"
      "</table></body></html>");
  for (const char* line :
       {"\n\nPort; Light; Heavy\n\n", "\n\nVolos; 552\n\n", "\n\nFlag: Togo\n\n", "\n\nA cell of layout.\n\nAnother"})
    EXPECT_THAT(page.text, HasSubstr(line));
}

TEST(PageTest, AnElementWithMostOfTheTextStaysWhateverItsName) {
  const std::string article =
      "<p>Forty rifles were found on Monday below a cargo of onions, the coastguard said.</p><p>The skipper was held "
      "until the evening and then taken to the court in the town.</p>";
  const std::string aside = "<p>Two boats were sold at the fair of the town last week, and one burnt.</p>";
  for (const char* open : {"<form action=x>", "<div class='widget-area'>", "<section id=related>"}) {
    const std::string close = std::string(open).starts_with("<form")  ? "</form>"
                              : std::string(open).starts_with("<div") ? "</div>"
                                                                      : "</section>";
    const Page whole = ReadBytes("<html><body>" + (open + article) + close + "</body></html>");
    EXPECT_THAT(whole.text, HasSubstr("Forty rifles")) << open;
    const Page part = ReadBytes("<html><body>" + article + open + aside + close + "</body></html>");
    EXPECT_THAT(part.text, HasSubstr("Forty rifles")) << open;
    EXPECT_THAT(part.text, Not(HasSubstr("Two boats"))) << open;
  }
  // Comments are never the article, however long.
  const Page comments = ReadBytes("<html><body>" + article + "<div class=comments>" + aside + aside + aside + aside +
                                  "</div></body></html>");
  EXPECT_THAT(comments.text, Not(HasSubstr("Two boats")));
}

TEST(PageTest, NoTextIsAnError) {
  for (const char* html : {"<html><script>var a = 1;</script></html>", "<html><nav>Home</nav></html>", "  \n "}) {
    const absl::StatusOr<Page> page = ReadPage({html, MediaType::kHtml, "UTF-8", 0}, {});
    ASSERT_FALSE(page.ok()) << html;
    EXPECT_EQ(page.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(page.status().message().find("document.content: ") == 0);
  }
}

// Finish within the test's time limit only if the work is linear.
TEST(PageTest, HostileMarkupOfTenMegabytes) {
  for (const char* piece : {"<div>", "<div><font color=1>x</div>", "<b><p>x", "<table><td>", "<body a=1>", "<!--",
                            "<a href=x>", "word ", "<", "</p>", "<br>", "<li>x", "<h1>y"}) {
    std::string html = "<html><body><p>The first paragraph of the page, with enough words in it to count as prose.</p>";
    const size_t size = std::string(piece) == "<div>" || std::string(piece) == "word " ? 10'000'000 : 1'000'000;
    while (html.size() < size) html += piece;
    const absl::StatusOr<Page> page = ReadPage({html, MediaType::kHtml, "UTF-8", 0}, {});
    if (!page.ok()) continue;
    ASSERT_NO_FATAL_FAILURE(ExpectSound(*page)) << piece;
  }
}

TEST(PageTest, RandomMarkupNeverBreaks) {
  const std::vector<std::string> pieces = {"<p>",
                                           "</p>",
                                           "<div class=nav>",
                                           "</div>",
                                           "<h1>",
                                           "</h1>",
                                           "<table>",
                                           "<tr><td>",
                                           "</table>",
                                           "<a href=x>",
                                           "</a>",
                                           "<script>",
                                           "</script>",
                                           "<!--",
                                           "-->",
                                           "Some words stand here and there, as in prose, and end. ",
                                           "&amp;",
                                           "&#0;",
                                           "\xC5\xA1",
                                           "\xFF",
                                           "<ul><li>",
                                           "<br>",
                                           "<svg>",
                                           "<title>",
                                           "\"",
                                           "<x y='",
                                           ">"};
  std::mt19937 random(11);
  for (int round = 0; round < 3000; ++round) {
    std::string html = round % 2 == 0 ? "<html>" : "";
    for (size_t n = random() % 40; n > 0; --n)
      html += random() % 20 == 0 ? std::string(1, static_cast<char>(random())) : pieces[random() % pieces.size()];
    const absl::StatusOr<DecodedText> decoded = Decode(html, "");
    if (!decoded.ok()) continue;
    const absl::StatusOr<Page> page = ReadPage(*decoded, {});
    if (!page.ok()) continue;
    ASSERT_NO_FATAL_FAILURE(ExpectSound(*page)) << html;
    for (const Token& token : Tokenize(*page).tokens) ASSERT_LE(token.end, page->text.size());
  }
}

// URLs are the client's: of any length, with and without a date.
TEST(PageUrlTest, TheDateInAUrlIsReadAndAShortUrlIsHarmless) {
  const auto decoded = Decode("The customs service seized forty rifles at the border on Friday.", "text/plain");
  ASSERT_TRUE(decoded.ok());
  const std::string dated = "https://example.org/2021/04/11/story";
  for (size_t length = 8; length <= dated.size(); ++length) {
    ASSERT_TRUE(ReadPage(*decoded, {dated.substr(0, length), "", ""}).ok()) << dated.substr(0, length);
  }
  EXPECT_EQ(ReadPage(*decoded, {dated, "", ""})->published, "2021-04-11");
  EXPECT_EQ(ReadPage(*decoded, {"https://example.org/2021/04/story", "", ""})->published, "2021-04");
  EXPECT_EQ(ReadPage(*decoded, {"https://example.org/2021/99/99/story", "", ""})->published, "");
}

}  // namespace
}  // namespace interdict::pipeline
