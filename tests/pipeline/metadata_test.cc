// Where a page's metadata come from, and which source wins: docs/intake.md has the order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/ingest/pipeline/page/page.h"

namespace interdict::pipeline {
namespace {

using ::testing::ElementsAre;

constexpr char kProse[] =
    "<p>Forty rifles were found on Monday below a cargo of onions, the coastguard said.</p><p>The skipper was held "
    "until the evening and then taken to the court in the town.</p>";

Page ReadParts(const std::string& head, const std::string& before = "", const PageHints& hints = {}) {
  const auto decoded =
      Decode("<html><head>" + head + "</head><body><article>" + before + kProse + "</article></body></html>", "");
  EXPECT_TRUE(decoded.ok()) << decoded.status();
  auto page = ReadPage(*decoded, hints);
  EXPECT_TRUE(page.ok()) << page.status();
  return page.ok() ? *std::move(page) : Page();
}

std::string Meta(const std::string& name, const std::string& content) {
  return "<meta name=\"" + name + "\" content=\"" + content + "\">";
}
std::string Property(const std::string& name, const std::string& content) {
  return "<meta property=\"" + name + "\" content=\"" + content + "\">";
}
std::string Linked(const std::string& json) { return "<script type=\"application/ld+json\">" + json + "</script>"; }

TEST(MetadataTest, PublishedByOrderOfSources) {
  const std::string linked = Linked(R"({"@type":"NewsArticle","datePublished":"2001-01-01T00:00:00Z"})");
  const std::string meta = Property("article:published_time", "2002-02-02T00:00:00Z");
  const std::string time = "<time datetime=\"2003-03-03\">x</time>";
  const std::string visible = "<p>4 April 2004</p>";
  const std::string url = "https://q.example/2005/05/05/a";
  EXPECT_EQ(ReadParts(linked + meta, time + visible, {url, "", "2000-01-01"}).published, "2000-01-01");
  EXPECT_EQ(ReadParts(meta + linked, time + visible, {url, "", ""}).published, "2001-01-01");
  EXPECT_EQ(ReadParts(meta, time + visible, {url, "", ""}).published, "2002-02-02");
  EXPECT_EQ(ReadParts("", time + visible, {url, "", ""}).published, "2003-03-03");
  EXPECT_EQ(ReadParts("", visible, {url, "", ""}).published, "2004-04-04");
  EXPECT_EQ(ReadParts("", "", {url, "", ""}).published, "2005-05-05");
  EXPECT_EQ(ReadParts("", "").published, "");
}

TEST(MetadataTest, PublishedInTheNamesOfManySystems) {
  for (const char* name : {"date", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date",
                           "dc.date", "DC.Date.Issued", "dc.date.created", "DCTERMS.created", "dcterms.date",
                           "dcterms.issued", "parsely-pub-date", "sailthru.date", "article.published",
                           "cXenseParse:recs:publishtime", "datePublished", "article_date_original", "displaydate"}) {
    EXPECT_EQ(ReadParts(Meta(name, "2021-04-11T08:00:00+02:00")).published, "2021-04-11") << name;
  }
  for (const char* name :
       {"article:published_time", "og:published_time", "article:published", "og:article:published_time"})
    EXPECT_EQ(ReadParts(Property(name, "2021-04-11T08:00:00+02:00")).published, "2021-04-11") << name;
  for (const char* element :
       {"<meta itemprop=\"datePublished\" content=\"2021-04-11\">",
        "<span itemprop=\"datePublished\" content=\"2021-04-11T01:00\">yesterday</span>",
        "<span itemprop=\"datePublished\">11 April 2021</span>",
        "<abbr class=\"published\" title=\"2021-04-11T01:00:00\">last week</abbr>",
        "<time class=\"entry-date\" datetime=\"2021-04-11\">11/4</time>", "<p>Published: 11 April 2021</p>"}) {
    EXPECT_EQ(ReadParts("", element).published, "2021-04-11") << element;
  }
}

TEST(MetadataTest, WhenItWasChangedIsTheLastResort) {
  const std::string changed = Property("article:modified_time", "2022-02-02");
  EXPECT_EQ(ReadParts(changed).published, "2022-02-02");
  EXPECT_EQ(ReadParts(changed, "<time datetime=\"2021-01-01\">x</time>").published, "2021-01-01");
  EXPECT_EQ(
      ReadParts(Linked(R"({"@type":"NewsArticle","dateModified":"2022-02-02"})"), "<p>4 April 2004</p>").published,
      "2004-04-04");
}

TEST(MetadataTest, TheCanonicalAddressStandsInForTheUrl) {
  const std::string link = "<link rel=\"canonical\" href=\"https://q.example/2005/05/05/a\">";
  EXPECT_EQ(ReadParts(link).published, "2005-05-05");
  EXPECT_EQ(ReadParts(Property("og:url", "https://q.example/2005/06/06/a")).published, "2005-06-06");
  EXPECT_EQ(ReadParts(link, "", {"https://q.example/2007/07/07/b", "", ""}).published, "2007-07-07");
  EXPECT_EQ(ReadParts(link, "", {"https://q.example/b", "", ""}).published, "2005-05-05");
}

TEST(MetadataTest, TitlesByOrderOfSources) {
  const std::string og = Property("og:title", "Rifles under onions told by og");
  const std::string linked = Linked(R"({"@type":"NewsArticle","headline":"Rifles under onions told by data"})");
  const std::string title = "<title>Rifles under onions told by title | The Quay</title>";
  const std::string heading = "<h1>Rifles under onions told by heading</h1>";
  EXPECT_EQ(ReadParts(title + linked + og, heading).title, "Rifles under onions told by og");
  EXPECT_EQ(ReadParts(title + linked, heading).title, "Rifles under onions told by data");
  EXPECT_EQ(ReadParts(title, heading).title, "Rifles under onions told by heading");
  EXPECT_EQ(ReadParts(title).title, "Rifles under onions told by title");
  EXPECT_EQ(ReadParts(Property("og:title", "Rifles under onions | The Quay"), "<h1>Rifles under onions</h1>").title,
            "Rifles under onions")
      << "what the page shows, where both are the same";
}

TEST(MetadataTest, PublishersByOrderOfSources) {
  const std::string og = Property("og:site_name", "By og");
  const std::string linked = Linked(R"({"@type":"NewsArticle","publisher":{"@type":"Organization","name":"By data"}})");
  const std::string meta = Meta("application-name", "By name");
  const std::string title = "<title>Rifles under a load of onions - By title</title>";
  EXPECT_EQ(ReadParts(title + meta + linked + og, "", {"", "By client", ""}).publisher, "By client");
  EXPECT_EQ(ReadParts(title + meta + linked + og).publisher, "By og");
  EXPECT_EQ(ReadParts(title + meta + linked).publisher, "By data");
  EXPECT_EQ(ReadParts(title + meta).publisher, "By name");
  EXPECT_EQ(ReadParts(title, "<h1>Rifles under a load of onions</h1>").publisher, "By title");
}

// The graph that a widespread plug-in of WordPress writes: names stand at other nodes.
TEST(MetadataTest, ReferencesWithinLinkedData) {
  const Page page = ReadParts(Linked(
      R"({"@context":"https://schema.org","@graph":[
        {"@type":"Article","@id":"https://q.example/a#article","headline":"Rifles under a load of onions",
         "author":{"@id":"https://q.example/#/person/1"},"publisher":{"@id":"https://q.example/#organization"},
         "datePublished":"2021-04-11T07:00:00+00:00","isPartOf":{"@id":"https://q.example/a"}},
        {"@type":"WebPage","@id":"https://q.example/a","datePublished":"2020-01-01"},
        {"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","position":1,"name":"Home"},
          {"@type":"ListItem","position":2,"item":{"@id":"https://q.example/c","name":"Coast"}}]},
        {"@type":"Organization","@id":"https://q.example/#organization","name":"The Quay Herald"},
        {"@type":"Person","@id":"https://q.example/#/person/1","name":"Anna Petrakou"}]})"));
  EXPECT_EQ(page.publisher, "The Quay Herald");
  EXPECT_EQ(page.byline, "Anna Petrakou");
  EXPECT_EQ(page.published, "2021-04-11");
  EXPECT_THAT(page.section_trail, ElementsAre("Home", "Coast"));
}

TEST(MetadataTest, BylinesByOrderOfSources) {
  const std::string linked = Linked(R"({"@type":"NewsArticle","author":[{"name":"A. Data"},{"name":"B. Data"}]})");
  const std::string meta = Meta("author", "By Anna Meta");
  const std::string rel = "<p><a rel=\"author\" href=\"/a\">Anna Rel</a></p>";
  const std::string line = "<p>By Anna Line</p>";
  EXPECT_EQ(ReadParts(meta + linked, rel + line).byline, "A. Data, B. Data");
  EXPECT_EQ(ReadParts(meta, rel + line).byline, "Anna Meta");
  EXPECT_EQ(ReadParts("", rel + line).byline, "Anna Rel");
  EXPECT_EQ(ReadParts("", line).byline, "Anna Line");
  EXPECT_EQ(ReadParts(Property("article:author", "https://social.example/quay"), line).byline, "Anna Line");
}

TEST(MetadataTest, SectionTrails) {
  EXPECT_THAT(ReadParts("", "<nav class=\"breadcrumbs\"><a href=/>Home</a> / <a href=/c>Coast</a></nav>").section_trail,
              ElementsAre("Home", "Coast"));
  EXPECT_THAT(ReadParts("", "<ol aria-label=\"Breadcrumb\"><li>Home</li><li>Coast</li></ol>").section_trail,
              ElementsAre("Home", "Coast"));
}

TEST(MetadataTest, BrokenMetadataAreNone) {
  const Page page =
      ReadParts(Linked("{\"@type\":\"NewsArticle\",\"headline\":") + Linked("[[[[") +
                Linked(R"({"@type":["NewsArticle"],"headline":{"@value":5},"datePublished":7,"author":[[1]],
                                         "publisher":null,"@id":{"x":1},"itemListElement":{}})") +
                Meta("date", "soon") + Property("og:title", "  "));
  EXPECT_EQ(page.published, "");
  EXPECT_EQ(page.title, "");
  EXPECT_EQ(page.publisher, "");
}

}  // namespace
}  // namespace interdict::pipeline
