// Feeds: what becomes of items and entries, how sloppy files are read, what is refused.
#include "services/ingest/formats/feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "services/ingest/pipeline/decode/utf8.h"
#include "services/ingest/pipeline/page/page.h"
#include "tests/source_tree.h"
#include "tests/status_matchers.h"

namespace interdict::formats {
namespace {

using ::interdict::testing::IsOk;
using ::interdict::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::CivilDay kLatest(2022, 6, 1);

std::string Sample(const std::string& name) {
  std::ifstream in(testing::SourcePath("tests/testdata/intake/" + name), std::ios::binary);
  EXPECT_TRUE(in) << name;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<ContainedDocument> Read(const std::string& feed, const FormatLimits& limits = {}) {
  auto documents = ReadFeed(feed, limits, kLatest);
  EXPECT_THAT(documents, IsOk());
  return documents.ok() ? *std::move(documents) : std::vector<ContainedDocument>();
}

std::string Rss(const std::string& items) {
  return "<rss version=\"2.0\"><channel><title>The Quay</title>" + items + "</channel></rss>";
}

// What the pipeline makes of a document.
pipeline::Page PageOf(const ContainedDocument& document) {
  EXPECT_THAT(document.input, IsOk());
  const auto decoded = pipeline::Decode(document.input->content(), document.input->content_type());
  EXPECT_THAT(decoded, IsOk());
  auto page =
      pipeline::ReadPage(*decoded, {document.input->url(), document.input->publisher(), document.input->published()});
  EXPECT_THAT(page, IsOk());
  return page.ok() ? *std::move(page) : pipeline::Page();
}

TEST(FeedTest, ItemsOfRss) {
  const auto documents = Read(Sample("harbour.rss"));
  ASSERT_EQ(documents.size(), 2u);
  ASSERT_THAT(documents[0].input, IsOk());
  EXPECT_EQ(documents[0].place, "item 1, line 10");
  EXPECT_EQ(documents[0].input->url(), "https://quay.example/2022/05/03/rifles");
  EXPECT_EQ(documents[0].input->published(), "2022-05-03");
  EXPECT_EQ(documents[0].input->publisher(), "The Quay Herald");
  EXPECT_EQ(documents[0].input->external_id(), "tag:quay.example,2022:17");
  EXPECT_EQ(documents[0].input->content_type(), "text/html; charset=utf-8");
  const pipeline::Page page = PageOf(documents[0]);
  EXPECT_EQ(page.title, "Customs seize 40 rifles in Mombasa & hold two");
  EXPECT_EQ(page.byline, "Anna Petrakou");
  EXPECT_EQ(page.text,
            "Customs seize 40 rifles in Mombasa & hold two\n\nCustoms officers in Mombasa seized 40 assault rifles on "
            "2 May 2022 in a container that came from Dubai, the Kenya Revenue Authority said on Tuesday.\n\nTwo men "
            "were arrested. The rifles were bound for South Sudan – the container was declared as furniture.");
  const pipeline::Page shop = PageOf(documents[1]);
  EXPECT_EQ(shop.title, "AT&T opens a shop – no ships involved");
  EXPECT_EQ(shop.publisher, "Harbour Post");
  EXPECT_EQ(shop.published, "2022-05-04");
  EXPECT_EQ(shop.byline, "The Desk");
  EXPECT_THAT(shop.text, HasSubstr("The shop opened on Monday in the old town, the company said."));
}

TEST(FeedTest, EntriesOfAtom) {
  const auto documents = Read(Sample("islands.atom"));
  ASSERT_EQ(documents.size(), 2u);
  const pipeline::Page horn = PageOf(documents[0]);
  EXPECT_EQ(horn.title, "Rhino horn seized in Durban");
  EXPECT_EQ(horn.byline, "J. Roe, A. Poe");
  EXPECT_EQ(horn.published, "2021-04-11") << "the day as printed, without the time zone";
  EXPECT_EQ(documents[0].input->url(), "https://island.example/horn");
  EXPECT_EQ(documents[0].input->external_id(), "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a");
  EXPECT_THAT(horn.text, HasSubstr("seized 40 kg of rhino horn on 10 April 2021.\n\nThe horn was bound for Vietnam"));
  const pipeline::Page plain = PageOf(documents[1]);
  EXPECT_EQ(plain.title, "Plain words: 5 < 6");
  EXPECT_EQ(plain.publisher, "Lagoon Times");
  EXPECT_EQ(plain.published, "2021-04-12");
  EXPECT_THAT(plain.text, HasSubstr("First paragraph of the summary.\n\nSecond paragraph of it."));
}

TEST(FeedTest, OlderRssAndPrefixedAtom) {
  const auto rdf = Read(
      "<?xml version='1.0'?><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
      "xmlns='http://purl.org/rss/1.0/' xmlns:d='http://purl.org/dc/elements/1.1/'><channel><title>Old "
      "Quay</title></channel><item><title>A boat</title><link>http://q.example/1</link><d:date>2003-05-06T10:00:00Z"
      "</d:date><description>It burnt.</description></item></rdf:RDF>");
  ASSERT_EQ(rdf.size(), 1u);
  EXPECT_EQ(rdf[0].input->published(), "2003-05-06");
  EXPECT_EQ(rdf[0].input->publisher(), "Old Quay");
  const auto atom = Read(
      "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:title>F</a:title><a:entry><a:title>A boat</a:title><a:link "
      "href='http://q.example/2'/><a:content>It burnt.</a:content></a:entry></a:feed>");
  ASSERT_EQ(atom.size(), 1u);
  EXPECT_EQ(atom[0].input->url(), "http://q.example/2");
  EXPECT_EQ(PageOf(atom[0]).title, "A boat");
}

TEST(FeedTest, WhichTextOfAnItem) {
  const auto documents = Read(
      Rss("<item><title>t</title><description>Short.</description><content:encoded>&lt;p&gt;Long.&lt;/p&gt;"
          "</content:encoded></item><item><title>t</title><content:encoded> </content:encoded><description>Only this."
          "</description></item><item><description>Without title: 3 &lt; 4 and 5.</description></item>"
          "<item><title>Title alone</title></item><item><title>t</title><description><p>Nobody <b>escaped</b> "
          "this.</p></description></item>"));
  ASSERT_EQ(documents.size(), 5u);
  EXPECT_EQ(PageOf(documents[0]).text, "t\n\nLong.");
  EXPECT_EQ(PageOf(documents[1]).text, "t\n\nOnly this.");
  EXPECT_THAT(PageOf(documents[2]).text, HasSubstr("Without title: 3 < 4 and 5."));
  EXPECT_EQ(PageOf(documents[3]).text, "Title alone");
  EXPECT_EQ(PageOf(documents[4]).text, "t\n\nNobody escaped this.");
}

TEST(FeedTest, OddValuesAreLeftOutAndRefuseNothing) {
  const auto documents = Read(Rss(
      "<item><title>t</title><link>javascript:alert(1)</link><pubDate>Mon, 01 Jan 2035 00:00:00 GMT</pubDate><guid>" +
      std::string(300, 'g') +
      "</guid></item><item><title>t</title><link>/relative</link><pubDate>yesterday"
      "</pubDate><guid>https://q.example/by-guid</guid></item>"));
  ASSERT_EQ(documents.size(), 2u);
  EXPECT_EQ(documents[0].input->url(), "");
  EXPECT_EQ(documents[0].input->published(), "") << "later than today";
  EXPECT_EQ(documents[0].input->external_id().size(), 128u);
  EXPECT_EQ(documents[1].input->published(), "");
}

TEST(FeedTest, CharsetByMarkAndDeclaration) {
  const std::string item = "<item><title>\x8Aticha</title></item>";
  const auto declared = Read("<?xml version=\"1.0\" encoding=\"windows-1250\"?>" + Rss(item));
  ASSERT_EQ(declared.size(), 1u);
  EXPECT_EQ(PageOf(declared[0]).title, "Šticha");
  EXPECT_EQ(PageOf(Read("\xEF\xBB\xBF" + Rss("<item><title>Šticha</title></item>"))[0]).title, "Šticha");
  std::string wide = "\xFF\xFE";
  for (const char c : Rss("<item><title>A boat</title></item>")) wide += std::string{c, '\0'};
  EXPECT_TRUE(LooksLikeFeed(wide));
  EXPECT_EQ(PageOf(Read(wide)[0]).title, "A boat");
}

TEST(FeedTest, AMistakeCostsItsItemOnly) {
  const auto documents =
      Read(Rss("<item><title>one</title></item>\n<item><title>two</item>\n<item><title>three</title></item>\n"
               "<item><title>fo\x0Bur &#0;&#x1F600;</title></item>\n<item a=1><title>five</title></item>\n"
               "<item><title>six</title></item>"));
  ASSERT_EQ(documents.size(), 6u);
  EXPECT_THAT(documents[1].input, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("line 2")));
  EXPECT_THAT(documents[4].input, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("line 5")));
  const std::vector<std::string> titles = {"one", "", "three", "four 😀", "", "six"};
  for (const size_t good : {0u, 2u, 3u, 5u}) {
    EXPECT_EQ(PageOf(documents[good]).title.substr(0, 3), titles[good].substr(0, 3)) << good;
  }
}

TEST(FeedTest, ACutFileKeepsWhatItHolds) {
  std::string feed = Rss("<item><title>one</title></item><item><title>two</title><description>It is cut he");
  feed.resize(feed.find("cut he") + 6);
  const auto documents = Read(feed);
  ASSERT_EQ(documents.size(), 2u);
  EXPECT_EQ(PageOf(documents[0]).title, "one");
  EXPECT_THAT(documents[1].input, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("line 1")));
}

TEST(FeedTest, WhatIsNoFeedIsRefused) {
  for (const char* bytes : {"", "words", "<html><body><p>x</p></body></html>", "<rss", "{}"}) {
    EXPECT_THAT(ReadFeed(bytes, {}, kLatest), StatusIs(absl::StatusCode::kInvalidArgument)) << bytes;
  }
  EXPECT_TRUE(Read("<rss><channel/></rss>").empty());
}

TEST(FeedTest, EntityBombsAreRefusedUnexpanded) {
  std::string bomb = "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"boom\">";
  for (char c = 'b'; c < 'k'; ++c) {
    bomb += std::string("<!ENTITY ") + c + " \"";
    for (int i = 0; i < 10; ++i) bomb += std::string("&") + static_cast<char>(c - 1) + ";";
    bomb += "\">";
  }
  bomb += "]><rss><channel><item><title>&j;</title></item></channel></rss>";
  EXPECT_THAT(ReadFeed(bomb, {}, kLatest), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("entities")));
  EXPECT_THAT(
      ReadFeed("<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><rss><channel><item><title>&x;</title></item>"
               "</channel></rss>",
               {}, kLatest),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("entities")));
  const auto harmless = Read(
      "<!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\" "
      "\"http://my.netscape.com/publish/formats/rss-0.91.dtd\">" +
      Rss("<item><title>one</title></item>"));
  EXPECT_EQ(harmless.size(), 1u);
}

TEST(FeedTest, Limits) {
  FormatLimits limits;
  limits.max_document_bytes = 1000;
  const auto documents = Read(Rss("<item><title>large</title><description>" + std::string(2000, 'x') +
                                  "</description></item><item><title>small</title></item>"),
                              limits);
  ASSERT_EQ(documents.size(), 2u);
  EXPECT_THAT(documents[0].input, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("1000")));
  EXPECT_THAT(documents[1].input, IsOk());
  limits.max_items = 1;
  EXPECT_THAT(ReadFeed(Rss("<item/><item/>"), limits, kLatest),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("items")));
  limits.max_feed_bytes = 10;
  EXPECT_THAT(ReadFeed(Rss(""), limits, kLatest), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("10")));
  const std::string deep = Rss("<item><title>deep</title><x>" + [] {
    std::string open;
    for (int i = 0; i < 100'000; ++i) open += "<d>";
    return open;
  }() + "</x></item><item><title>next</title></item>");
  const auto after = Read(deep);
  ASSERT_EQ(after.size(), 2u);
  EXPECT_THAT(after[0].input, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("nested")));
  EXPECT_THAT(after[1].input, IsOk());
}

TEST(FeedTest, LooksLikeFeedByTheFirstElement) {
  EXPECT_TRUE(LooksLikeFeed("\xEF\xBB\xBF<?xml version='1.0'?>\n<!-- made by hand -->\n<rss version='2.0'>"));
  EXPECT_TRUE(LooksLikeFeed("<?xml-stylesheet href='x'?><feed xmlns='a'>"));
  EXPECT_TRUE(LooksLikeFeed("<rdf:RDF xmlns:rdf='x'>"));
  for (const char* other : {"", "<", "rss", "<rssx>", "<html><rss>", "<!-- <rss>", "<?xml version='1.0'?><sdnList>"})
    EXPECT_FALSE(LooksLikeFeed(other)) << other;
}

TEST(FeedTest, DamagedFeedsGiveDocumentsOrWords) {
  std::mt19937 random(5);
  const std::string samples[] = {Sample("harbour.rss"), Sample("islands.atom")};
  int documents_read = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string feed = samples[round % 2];
    for (size_t n = 1 + random() % 6; n > 0; --n) {
      const size_t at = random() % feed.size();
      if (random() % 3 == 0) {
        feed.erase(at, random() % 60);
      } else if (random() % 3 == 0) {
        feed.insert(at, feed.substr(random() % feed.size(), random() % 80));
      } else {
        feed[at] = static_cast<char>(random());
      }
    }
    const auto documents = ReadFeed(feed, {}, kLatest);
    if (!documents.ok()) continue;
    for (const ContainedDocument& document : *documents) {
      if (!document.input.ok()) {
        ASSERT_FALSE(document.input.status().message().empty());
        continue;
      }
      ++documents_read;
      ASSERT_EQ(pipeline::CheckUtf8(document.input->content()).invalid_count, 0u);
      ASSERT_EQ(pipeline::CheckUtf8(document.input->publisher()).invalid_count, 0u);
      ASSERT_EQ(pipeline::CheckUtf8(document.input->external_id()).invalid_count, 0u);
      ASSERT_LE(document.input->publisher().size(), 256u);
    }
  }
  EXPECT_GT(documents_read, 1000);
}

}  // namespace
}  // namespace interdict::formats
