#include "services/cli/input_documents.h"

#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/util/time_util.h"
#include "gtest/gtest.h"
#include "tests/cli/temp_folder.h"
#include "tests/status_matchers.h"

namespace interdict::cli {
namespace {

using ::interdict::testing::IsOk;
using ::interdict::testing::StatusIs;
using ::interdict::testing::TempFolder;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class InputDocumentsTest : public ::testing::Test {
 protected:
  std::vector<InputDocument> ReadAll(const std::vector<std::string>& paths, const InputOptions& options = {}) {
    auto documents = InputDocuments::Open(paths, options);
    EXPECT_THAT(documents, IsOk());
    std::vector<InputDocument> all;
    if (!documents.ok()) return all;
    while (auto document = documents->Next()) all.push_back(*std::move(document));
    return all;
  }
  // What becomes of a single JSON line.
  InputDocument ReadLine(const std::string& line, const InputOptions& options = {}) {
    auto all = ReadAll({folder_.Write("one.jsonl", line + "\n")}, options);
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? InputDocument{} : all.front();
  }
  static std::vector<std::string> Ids(const std::vector<InputDocument>& documents) {
    std::vector<std::string> ids;
    ids.reserve(documents.size());
    for (const InputDocument& document : documents) ids.push_back(document.id);
    return ids;
  }

  TempFolder folder_;
};

TEST_F(InputDocumentsTest, FileIsOneDocumentWithItsNameAsId) {
  const auto all = ReadAll({folder_.Write("czech-2021.txt", "Text\nof two lines")});
  ASSERT_EQ(all.size(), 1u);
  ASSERT_THAT(all[0].input, IsOk());
  EXPECT_EQ(all[0].id, "czech-2021");
  EXPECT_EQ(all[0].origin, folder_.Path("czech-2021.txt"));
  EXPECT_EQ(all[0].input->content(), "Text\nof two lines");
  EXPECT_EQ(all[0].input->content_type(), "text/plain");
  EXPECT_EQ(all[0].input->external_id(), "czech-2021");
}

TEST_F(InputDocumentsTest, MediaTypeFollowsTheEnding) {
  const auto all = ReadAll({folder_.Write("a.html", "x"), folder_.Write("b.HTM", "x"), folder_.Write("c.xhtml", "x"),
                            folder_.Write("d.unknown", "x")});
  std::vector<std::string> types;
  types.reserve(all.size());
  for (const auto& each : all) types.push_back(each.input->content_type());
  EXPECT_THAT(types, ElementsAre("text/html", "text/html", "application/xhtml+xml", ""));
}

TEST_F(InputDocumentsTest, FolderStandsForItsDocumentsInOrder) {
  folder_.Write("in/b.txt", "b");
  folder_.Write("in/a.html", "a");
  folder_.Write("in/deep/er/c.txt", "c");
  folder_.Write("in/lines.jsonl", "{\"id\":\"l1\",\"text\":\"t\"}\n{\"id\":\"l2\",\"text\":\"t\"}\n");
  folder_.Write("in/picture.png", "no document");
  auto documents = InputDocuments::Open({folder_.Path("in")}, InputOptions{});
  ASSERT_THAT(documents, IsOk());
  EXPECT_EQ(documents->file_count(), 4u);
  EXPECT_THAT(Ids(ReadAll({folder_.Path("in")})), ElementsAre("a", "b", "c", "l1", "l2"));
}

constexpr char kFeed[] =
    "<rss><channel><title>Quay</title><item><title>one</title><guid>g-1</guid></item><item/><item><title>three</title>"
    "</item></channel></rss>";

std::string Archive(const std::string& body) {
  const std::string message = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body;
  return "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\nWARC/1.0\r\nWARC-Type: response\r\n"
         "WARC-Target-URI: https://example.org/a\r\nContent-Length: " +
         std::to_string(message.size()) + "\r\n\r\n" + message + "\r\n\r\n";
}

TEST_F(InputDocumentsTest, ItemsOfAFeedAreDocuments) {
  const auto all = ReadAll({folder_.Write("news.rss", kFeed), folder_.Write("next.txt", "x")});
  ASSERT_THAT(Ids(all), ElementsAre("news-1", "news-2", "news-3", "next"));
  ASSERT_THAT(all[0].input, IsOk());
  EXPECT_EQ(all[0].origin, folder_.Path("news.rss") + " item 1, line 1");
  EXPECT_EQ(all[0].input->external_id(), "g-1");
  EXPECT_EQ(all[0].input->publisher(), "Quay");
  EXPECT_THAT(all[1].input, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("neither title nor text")));
  EXPECT_EQ(all[2].input->external_id(), "news-3");
}

TEST_F(InputDocumentsTest, RecordsOfAnArchiveAreDocuments) {
  auto documents = InputDocuments::Open({folder_.Write("crawl.warc", Archive("<p>x</p>"))}, InputOptions{});
  ASSERT_THAT(documents, IsOk());
  auto first = documents->Next();
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->id, "crawl-2");
  ASSERT_THAT(first->input, IsOk());
  EXPECT_EQ(first->input->url(), "https://example.org/a");
  EXPECT_EQ(first->input->content(), "<p>x</p>");
  EXPECT_FALSE(documents->Next().has_value());
  EXPECT_THAT(documents->passed_over(), ElementsAre(folder_.Path("crawl.warc") + ": passed over 1 warcinfo"));
}

TEST_F(InputDocumentsTest, FeedsAndArchivesAreKnownByTheirBytes) {
  const auto all = ReadAll({folder_.Write("feed", kFeed), folder_.Write("crawl.bin", Archive("<p>x</p>")),
                            folder_.Write("quoted.txt", kFeed), folder_.Write("page.xml", "<html><p>x</p></html>")});
  EXPECT_THAT(Ids(all), ElementsAre("feed-1", "feed-2", "feed-3", "crawl-2", "quoted", "page"));
  EXPECT_EQ(all[4].input->content(), kFeed) << "a text that holds XML is a text";
}

TEST_F(InputDocumentsTest, FolderHoldsFeedsAndArchives) {
  folder_.Write("in/a.atom", "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>x</title></entry></feed>");
  folder_.Write("in/b.xml", kFeed);
  folder_.Write("in/c.xml", "<sanctions/>");
  folder_.Write("in/d.warc", Archive("<p>x</p>"));
  folder_.Write("in/e.gz", "no archive");
  EXPECT_THAT(Ids(ReadAll({folder_.Path("in")})), ElementsAre("a-1", "b-1", "b-2", "b-3", "d-2"));
}

TEST_F(InputDocumentsTest, FeedsHaveALimitAndWhatIsNoneIsTold) {
  const auto all = ReadAll({folder_.Write("large.rss", kFeed), folder_.Write("next.txt", "x")}, {.max_feed_bytes = 10});
  ASSERT_EQ(all.size(), 2u);
  EXPECT_THAT(all[0].input, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--max-feed-bytes")));
  const auto none = ReadAll({folder_.Write("none.rss", "<html/>")});
  ASSERT_EQ(none.size(), 1u);
  EXPECT_THAT(none[0].input, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no RSS or Atom feed")));
}

TEST_F(InputDocumentsTest, PathsKeepTheOrderOfTheCommandLine) {
  const std::string z = folder_.Write("z.txt", "z");
  const std::string a = folder_.Write("a.txt", "a");
  EXPECT_THAT(Ids(ReadAll({z, a, z})), ElementsAre("z", "a", "z"));
}

TEST_F(InputDocumentsTest, FolderWithoutDocumentsIsNotFound) {
  folder_.Write("in/picture.png", "no document");
  EXPECT_THAT(InputDocuments::Open({folder_.Path("in")}, InputOptions{}),
              StatusIs(absl::StatusCode::kNotFound, AllOf(HasSubstr(folder_.Path("in")), HasSubstr(".jsonl"))));
}

TEST_F(InputDocumentsTest, MissingPathIsNamedBeforeAnythingIsRead) {
  const std::string there = folder_.Write("a.txt", "a");
  EXPECT_THAT(InputDocuments::Open({there, folder_.Path("none.txt")}, InputOptions{}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none.txt")));
}

TEST_F(InputDocumentsTest, FileThatMayNotBeReadIsNamed) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const std::string path = folder_.Write("secret.txt", "a");
  std::filesystem::permissions(path, std::filesystem::perms::none);
  EXPECT_THAT(InputDocuments::Open({path}, InputOptions{}),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("secret.txt")));
}

TEST_F(InputDocumentsTest, FileThatVanishesIsToldAndTheNextOneIsRead) {
  const std::string text = folder_.Write("gone.txt", "a");
  const std::string lines = folder_.Write("gone.jsonl", "{\"text\":\"t\"}\n");
  const std::string last = folder_.Write("last.txt", "l");
  auto documents = InputDocuments::Open({text, lines, last}, InputOptions{});
  ASSERT_THAT(documents, IsOk());
  std::filesystem::remove(text);
  std::filesystem::remove(lines);
  auto first = documents->Next();
  ASSERT_TRUE(first.has_value());
  EXPECT_THAT(first->input, StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("gone.txt")));
  auto second = documents->Next();
  ASSERT_TRUE(second.has_value());
  EXPECT_THAT(second->input, StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("gone.jsonl")));
  auto third = documents->Next();
  ASSERT_TRUE(third.has_value());
  EXPECT_THAT(third->input, IsOk());
  EXPECT_FALSE(documents->Next().has_value());
}

TEST_F(InputDocumentsTest, DocumentAtTheLimitIsReadAndOneByteMoreIsRefused) {
  const InputOptions options{.max_document_bytes = 10};
  const auto all = ReadAll({folder_.Write("fits.txt", std::string(10, 'x')),
                            folder_.Write("large.txt", std::string(11, 'x')), folder_.Write("next.txt", "x")},
                           options);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_THAT(all[0].input, IsOk());
  EXPECT_THAT(all[1].input, StatusIs(absl::StatusCode::kInvalidArgument,
                                     AllOf(HasSubstr("document.content"), HasSubstr("11"), HasSubstr("10"))));
  EXPECT_THAT(all[2].input, IsOk());
}

TEST_F(InputDocumentsTest, EmptyFileIsHandedOn) {
  const auto all = ReadAll({folder_.Write("empty.txt", "")});
  ASSERT_EQ(all.size(), 1u);
  ASSERT_THAT(all[0].input, IsOk()) << "whether it is good is for the server to say";
  EXPECT_THAT(all[0].input->content(), IsEmpty());
}

TEST_F(InputDocumentsTest, JsonLineSetsAllFields) {
  const auto document =
      ReadLine(R"({"id":"n-1","text":"Šticha","url":"https://example.org/a","publisher":"P","published":"2021-04",)"
               R"("fetch_time":"2024-05-01T12:00:00Z","tlp":"AMBER_STRICT"})");
  ASSERT_THAT(document.input, IsOk());
  EXPECT_EQ(document.id, "n-1");
  EXPECT_EQ(document.input->external_id(), "n-1");
  EXPECT_EQ(document.input->content(), "Šticha");
  EXPECT_EQ(document.input->content_type(), "text/plain; charset=utf-8");
  EXPECT_EQ(document.input->url(), "https://example.org/a");
  EXPECT_EQ(document.input->publisher(), "P");
  EXPECT_EQ(document.input->published(), "2021-04");
  EXPECT_EQ(google::protobuf::util::TimeUtil::ToString(document.input->fetch_time()), "2024-05-01T12:00:00Z");
  EXPECT_EQ(document.input->tlp(), v1::TLP_MARKING_AMBER_STRICT);
}

TEST_F(InputDocumentsTest, Base64ContentMayHoldAnyBytes) {
  const auto document = ReadLine(R"({"content_base64":"PGI+AP8=","content_type":"text/html"})");
  ASSERT_THAT(document.input, IsOk());
  EXPECT_EQ(document.input->content(), std::string("<b>\0\xff", 5));
  EXPECT_EQ(document.input->content_type(), "text/html");
}

TEST_F(InputDocumentsTest, GivenMediaTypeWinsOverPlainText) {
  EXPECT_EQ(ReadLine(R"({"text":"<p>x</p>","content_type":"text/html"})").input->content_type(), "text/html");
}

TEST_F(InputDocumentsTest, LineWithoutIdIsNamedByFileAndLine) {
  const auto all = ReadAll({folder_.Write("feed.ndjson", "\n{\"text\":\"a\"}\r\n  \n{\"text\":\"b\"}")});
  EXPECT_THAT(Ids(all), ElementsAre("feed-2", "feed-4"));
  EXPECT_EQ(all[1].origin, folder_.Path("feed.ndjson") + " line 4");
}

TEST_F(InputDocumentsTest, BadLineIsToldAndTheNextOneIsRead) {
  const auto all = ReadAll({folder_.Write("feed.jsonl", "{\"text\":\n[1]\n{\"text\":\"good\"}\n")});
  ASSERT_EQ(all.size(), 3u);
  EXPECT_THAT(all[0].input, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("not a JSON object")));
  EXPECT_EQ(all[0].origin, folder_.Path("feed.jsonl") + " line 1");
  EXPECT_THAT(all[1].input, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("not a JSON object")));
  EXPECT_THAT(all[2].input, IsOk());
}

TEST_F(InputDocumentsTest, MistakesInALineNameTheKey) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"text":"a","titel":"x"})", "unknown key 'titel'"},
      {R"({"text":5})", "'text' must be a string"},
      {R"({"text":"a","content_base64":"YQ=="})", "exactly one of"},
      {R"({"id":"a"})", "exactly one of"},
      {R"({"content_base64":"!"})", "'content_base64' is not base64"},
      {R"({"text":"a","fetch_time":"yesterday"})", "'fetch_time'"},
      {R"({"text":"a","tlp":"PURPLE"})", "'tlp' must be"},
  };
  for (const auto& [line, problem] : cases) {
    EXPECT_THAT(ReadLine(line).input, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(problem))) << line;
  }
}

TEST_F(InputDocumentsTest, RefusedLineKeepsItsIdWhereItHasOne) {
  EXPECT_EQ(ReadLine(R"({"id":"n-1","text":5})").id, "n-1");
}

TEST_F(InputDocumentsTest, LargeDocumentOfALineIsRefused) {
  const InputOptions options{.max_document_bytes = 3};
  EXPECT_THAT(ReadLine(R"({"text":"abc"})", options).input, IsOk());
  EXPECT_THAT(ReadLine(R"({"text":"abcd"})", options).input,
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("document.content")));
}

}  // namespace
}  // namespace interdict::cli
