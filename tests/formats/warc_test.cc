// WARC archives: which records become documents, what is passed over, and that damage costs its record only.
#include "services/ingest/formats/warc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "tests/formats/pack.h"
#include "tests/status_matchers.h"

namespace interdict::formats {
namespace {

using ::interdict::testing::Gzip;
using ::interdict::testing::IsOk;
using ::interdict::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

absl::Time FirstOfJune() { return absl::FromCivil(absl::CivilDay(2022, 6, 1), absl::UTCTimeZone()); }

std::string Record(const std::string& type, const std::string& fields, const std::string& content) {
  return "WARC/1.0\r\nWARC-Type: " + type + "\r\nWARC-Record-ID: <urn:uuid:" + type +
         ">\r\nWARC-Date: 2022-05-03T10:00:00Z\r\n" + fields + "Content-Length: " + std::to_string(content.size()) +
         "\r\n\r\n" + content + "\r\n\r\n";
}

std::string Answer(const std::string& number, const std::string& fields = "Content-Type: text/html; charset=utf-8\r\n",
                   const std::string& status = "200 OK") {
  return Record(
      "response",
      "WARC-Target-URI: https://quay.example/" + number + "\r\nContent-Type: application/http; msgtype=response\r\n",
      "HTTP/1.1 " + status + "\r\n" + fields + "\r\n<p>Story " + number + "</p>");
}

struct ReadResult {
  std::vector<std::string> urls;
  std::vector<std::string> problems;  // place and message
  std::map<std::string, uint64_t> passed_over;
  std::vector<ContainedDocument> all;
};

ReadResult Read(const std::string& archive, const FormatLimits& limits = {}) {
  std::istringstream file(archive);
  WarcReader reader(file, limits, FirstOfJune());
  ReadResult result;
  while (auto document = reader.Next()) {
    if (document->input.ok()) {
      result.urls.push_back(document->input->url().substr(document->input->url().rfind('/') + 1));
    } else {
      result.problems.push_back(document->place + ": " + std::string(document->input.status().message()));
    }
    result.all.push_back(*std::move(document));
    if (result.all.size() > 100'000) break;
  }
  result.passed_over = reader.passed_over();
  return result;
}

TEST(WarcTest, FieldsOfADocument) {
  const ReadResult result = Read(Answer("1"));
  ASSERT_EQ(result.all.size(), 1u);
  ASSERT_THAT(result.all[0].input, IsOk());
  const v1::DocumentInput& input = *result.all[0].input;
  EXPECT_EQ(input.content(), "<p>Story 1</p>");
  EXPECT_EQ(input.content_type(), "text/html; charset=utf-8");
  EXPECT_EQ(input.url(), "https://quay.example/1");
  EXPECT_EQ(input.external_id(), "urn:uuid:response");
  EXPECT_EQ(input.fetch_time().seconds(), 1651572000);
  EXPECT_EQ(result.all[0].place, "record at byte 0");
}

TEST(WarcTest, WhatIsNoDocumentIsCounted) {
  const std::string archive =
      Record("warcinfo", "", "software: x\r\n") + Record("request", "", "GET / HTTP/1.1\r\n\r\n") + Answer("1") +
      Record("metadata", "", "a: b") + Answer("2", "Content-Type: image/png\r\n") + Answer("3", "", "404 Not Found") +
      Record("revisit", "", "HTTP/1.1 200 OK\r\n\r\n") +
      Record("response", "Content-Type: text/dns\r\n", "20220503 quay.example") +
      Record("resource", "WARC-Target-URI: https://quay.example/4\r\nContent-Type: text/plain\r\n", "Words.") +
      Record("resource", "Content-Type: application/pdf\r\n", "%PDF") + Record("request", "", "x") + Answer("5", "");
  for (const bool packed : {false, true}) {
    const ReadResult result = Read(packed ? Gzip(archive) : archive);
    EXPECT_THAT(result.urls, ElementsAre("1", "4", "5"));
    EXPECT_THAT(result.problems, IsEmpty());
    EXPECT_THAT(result.passed_over,
                ElementsAre(Pair("metadata", 1), Pair("request", 2), Pair("resource of application/pdf", 1),
                            Pair("response of image/png", 1), Pair("response of text/dns", 1),
                            Pair("response with status 404", 1), Pair("revisit", 1), Pair("warcinfo", 1)));
  }
}

TEST(WarcTest, GzipRecordByRecord) {
  const ReadResult result = Read(Gzip(Answer("1")) + Gzip(Record("request", "", "x")) + Gzip(Answer("2")) +
                                 std::string(512, '\0') + Gzip(Answer("3")));
  EXPECT_THAT(result.urls, ElementsAre("1", "2", "3"));
  EXPECT_THAT(result.problems, IsEmpty());
  EXPECT_EQ(result.all[1].number, 3u);
  EXPECT_EQ(result.all[1].place,
            "record at byte " + std::to_string(Gzip(Answer("1")).size() + Gzip(Record("request", "", "x")).size()));
}

TEST(WarcTest, PackedBodiesInPackedRecords) {
  const std::string body = "<p>Forty rifles</p>";
  const std::string record = Record("response", "WARC-Target-URI: <http://quay.example/1>\r\n",
                                    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + Gzip(body));
  const ReadResult result = Read(Gzip(record));
  ASSERT_THAT(result.urls, ElementsAre("1"));
  EXPECT_EQ(result.all[0].input->content(), body);
  EXPECT_EQ(result.all[0].input->content_type(), "");
}

TEST(WarcTest, BrokenRecordsOfAPlainFile) {
  const std::string good = Answer("1");
  const std::pair<std::string, std::string> cases[] = {
      {"garbage between records\nand more\n", "no record begins here"},
      {"WARC/1.0\r\nWARC-Type: response\r\n\r\nno length\r\n\r\n", "no Content-Length"},
      {"WARC/1.0\r\nContent-Length: 12x\r\n\r\n\r\n\r\n", "no Content-Length"},
      {"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999\r\n\r\nshort\r\n\r\n",
       "Content-Length of 99999999"},
      {"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 18446744073709551615\r\n\r\nx\r\n\r\n", "Content-Length"},
      {"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 2\r\n\r\nmuch more than two\r\n\r\n", "Content-Length of 2"},
      {"WARC/1.0\r\nWARC-Type: resp\n", "ends within its head"},
      {Record("response", "", "no answer of HTTP"), "no HTTP answer"},
      {Record("response", "", "HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\nx"), "`zstd`"},
      {Record("response", "WARC-Segment-Number: 1\r\n", "HTTP/1.1 200 OK\r\n\r\nx"), "segment"},
      {std::string(200'000, 'x') + "\n", "head"},
  };
  for (const auto& [broken, problem] : cases) {
    const ReadResult result = Read(good + broken + Answer("2") + Answer("3"));
    EXPECT_THAT(result.urls, ElementsAre("1", "2", "3")) << problem;
    EXPECT_THAT(result.problems,
                ElementsAre(AllOf(HasSubstr("record at byte " + std::to_string(good.size())), HasSubstr(problem))));
  }
}

TEST(WarcTest, ACutFileKeepsWhatItHolds) {
  const std::string archive = Answer("1") + Answer("2");
  for (const bool packed : {false, true}) {
    const std::string whole = packed ? Gzip(Answer("1")) + Gzip(Answer("2")) : archive;
    const size_t first = packed ? Gzip(Answer("1")).size() : Answer("1").size();
    for (size_t size = first + 20; size < whole.size() - 10; size += 7) {
      const ReadResult result = Read(whole.substr(0, size));
      ASSERT_THAT(result.urls, ElementsAre("1")) << size;
      ASSERT_EQ(result.problems.size(), 1u) << size;
    }
  }
}

TEST(WarcTest, BrokenMembersOfAGzipFile) {
  const std::string one = Gzip(Answer("1"));
  const std::string three = Gzip(Answer("3"));
  std::mt19937 random(3);
  int broken = 0;
  for (int round = 0; round < 300; ++round) {
    std::string two = Gzip(Answer("2"));
    two[2 + random() % (two.size() - 2)] ^= static_cast<char>(1 + random() % 255);
    const ReadResult result = Read(one + two + three);
    ASSERT_FALSE(result.urls.empty());
    EXPECT_EQ(result.urls.front(), "1");
    EXPECT_EQ(result.urls.back(), "3") << "round " << round;
    if (!result.problems.empty()) {
      ++broken;
      EXPECT_THAT(result.problems[0], HasSubstr("record at byte " + std::to_string(one.size())));
    }
  }
  EXPECT_GT(broken, 150);
  const ReadResult rubbish = Read(one + "rubbish, not compressed" + three);
  EXPECT_THAT(rubbish.urls, ElementsAre("1", "3"));
  EXPECT_EQ(rubbish.problems.size(), 1u);
  const ReadResult short_record =
      Read(one + Gzip("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 500\r\n\r\nshort") + three);
  EXPECT_THAT(short_record.urls, ElementsAre("1", "3"));
  EXPECT_THAT(short_record.problems, ElementsAre(HasSubstr("495 bytes before")));
}

TEST(WarcTest, LimitsAreToldAndCostNothingElse) {
  FormatLimits limits;
  limits.max_document_bytes = 1000;
  const auto body = [](const std::string& fields, const std::string& content) {
    return Record("response", "", "HTTP/1.1 200 OK\r\n" + fields + "\r\n" + content);
  };
  const std::string archive = Answer("1") + body("", std::string(100'000, 'x')) + body("", std::string(2000, 'x')) +
                              body("Content-Encoding: gzip\r\n", Gzip(std::string(5 << 20, 'x'))) + Answer("2");
  for (const bool packed : {false, true}) {
    const ReadResult result = Read(packed ? Gzip(archive) : archive, limits);
    EXPECT_THAT(result.urls, ElementsAre("1", "2"));
    EXPECT_THAT(result.problems,
                ElementsAre(HasSubstr("limit of 1000"), HasSubstr("limit of 1000"), HasSubstr("limit of 1000")));
  }
}

TEST(WarcTest, NoArchiveAtAll) {
  EXPECT_TRUE(Read("").all.empty());
  EXPECT_EQ(Read("words\nmore words\n").problems.size(), 1u);
  EXPECT_EQ(Read("\x1F\x8B").problems.size(), 1u);
  EXPECT_EQ(Read(Gzip("words")).problems.size(), 1u);
  EXPECT_TRUE(LooksLikeWarc("WARC/1.1\r\n"));
  EXPECT_TRUE(LooksLikeWarc(Gzip("x")));
  EXPECT_FALSE(LooksLikeWarc("<rss>"));
}

// Each of these is small to send and would be dear to read if the work were not bounded.
TEST(WarcTest, HostileArchivesEnd) {
  std::string nested;
  for (int i = 0; i < 100'000; ++i) nested += "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 1000000\r\n\r\n";
  EXPECT_EQ(Read(nested).urls.size(), 0u);
  std::string heads;
  for (int i = 0; i < 200'000; ++i) heads += "WARC/\n";
  EXPECT_EQ(Read(heads).urls.size(), 0u);
  std::string magic;
  for (int i = 0; i < 300'000; ++i) magic += "\x1F\x8B\x08";
  EXPECT_EQ(Read(magic).urls.size(), 0u);
  const ReadResult bomb = Read(Gzip(Record("request", "", std::string(50 << 20, 'x'))) + Gzip(Answer("1")));
  EXPECT_THAT(bomb.urls, ElementsAre("1"));
}

TEST(WarcTest, DamagedArchivesNeverBreakTheReader) {
  std::mt19937 random(9);
  const std::string plain = Record("warcinfo", "", "x") + Answer("1") + Answer("2") + Record("request", "", "y") +
                            Answer("3", "Transfer-Encoding: chunked\r\n");
  const std::string packed = Gzip(Answer("1")) + Gzip(Answer("2")) + Gzip(Answer("3"));
  size_t documents = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string archive = round % 2 == 0 ? plain : packed;
    for (size_t n = 1 + random() % 5; n > 0; --n) {
      const size_t at = random() % archive.size();
      if (random() % 3 == 0) {
        archive.erase(at, random() % 50);
      } else if (random() % 3 == 0) {
        archive.insert(at, archive.substr(random() % archive.size(), random() % 300));
      } else {
        archive[at] = static_cast<char>(random());
      }
    }
    const ReadResult result = Read(archive);
    ASSERT_LT(result.all.size(), 100u);
    documents += result.urls.size();
  }
  EXPECT_GT(documents, 3000u);
}

}  // namespace
}  // namespace interdict::formats
