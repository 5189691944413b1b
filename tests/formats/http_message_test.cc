// HTTP answers of archives: status, type, chunks, compression, and what is broken.
#include "services/ingest/formats/http_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/ingest/formats/inflate.h"
#include "tests/formats/pack.h"
#include "tests/status_matchers.h"

namespace interdict::formats {
namespace {

using ::interdict::testing::Gzip;
using ::interdict::testing::IsOk;
using ::interdict::testing::RawDeflate;
using ::interdict::testing::StatusIs;
using ::interdict::testing::Zlib;
using ::testing::HasSubstr;

std::string Message(const std::string& fields, const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1251\r\n" + fields + "\r\n" + body;
}

TEST(HttpMessageTest, PlainAndPackedBodies) {
  const std::string body = "<p>Forty rifles were found below a cargo of onions.</p>";
  const std::string chunks =
      "10\r\n" + body.substr(0, 16) + "\r\n" + "27;name=value\r\n" + body.substr(16) + "\r\n0\r\n\r\n";
  ASSERT_EQ(body.size(), 0x10u + 0x27u);
  const std::string packed = Gzip(body);
  char size[16];
  snprintf(size, sizeof size, "%zx\r\n", packed.size());
  const std::pair<std::string, std::string> cases[] = {
      {"", body},
      {"Transfer-Encoding: chunked\r\n", chunks},
      {"Transfer-Encoding: chunked\r\n", body},  // stored joined
      {"Content-Encoding: gzip\r\n", Gzip(body)},
      {"content-encoding:X-GZIP\r\n", Gzip(body.substr(0, 9)) + Gzip(body.substr(9))},
      {"Content-Encoding: gzip\r\n", body},  // stored unpacked
      {"Content-Encoding: deflate\r\n", Zlib(body)},
      {"Content-Encoding: deflate\r\n", RawDeflate(body)},
      {"Content-Encoding: identity\r\n", body},
      {"Content-Encoding: deflate, gzip\r\n", Gzip(Zlib(body))},
      {"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", size + packed + "\r\n0\r\n\r\n"},
  };
  for (const auto& [fields, sent] : cases) {
    const auto answer = ParseHttpAnswer(Message(fields, sent), 1 << 20);
    ASSERT_THAT(answer, IsOk()) << fields;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, body) << fields;
    EXPECT_EQ(answer->content_type, "text/html; charset=windows-1251");
  }
}

TEST(HttpMessageTest, WhatCannotBeRead) {
  const std::string bomb = Gzip(std::string(10 << 20, 'x'));
  std::string broken = Gzip("some words that are packed, and broken then");
  broken[broken.size() - 6] ^= 0x55;
  const std::tuple<std::string, std::string, std::string> cases[] = {
      {"", Message("Content-Encoding: br\r\n", "x"), "`br` is not read"},
      {"", Message("Content-Encoding: gzip\r\n", bomb), "limit of 1048576"},
      {"", Message("Content-Encoding: gzip\r\n", broken), "broken"},
      {"", Message("Content-Encoding: gzip\r\n", Gzip("words and more words").substr(0, 15)), "too early"},
      {"", Message("Content-Encoding: deflate\r\n", "no packed data"), "broken"},
      {"", Message("Transfer-Encoding: chunked\r\n", "5\r\nabcde\r\nffff\r\nabc"), "cut"},
      {"", Message("Transfer-Encoding: chunked\r\n", "5\r\nabcdefgh\r\n0\r\n\r\n"), "longer"},
      {"", Message("Transfer-Encoding: chunked\r\n", "fffffffff\r\nabc"), "limit"},
      {"", Message("", std::string((1 << 20) + 1, 'x')), "limit"},
      {"", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", "no HTTP answer"},
      {"", "", "no HTTP answer"},
      {"", "words\r\n\r\nwords", "no HTTP answer"},
      {"", "HTTP/1.1 abc\r\n\r\nwords", "without a status"},
  };
  for (const auto& [ignored, message, problem] : cases) {
    EXPECT_THAT(ParseHttpAnswer(message, 1 << 20), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(problem)))
        << problem;
  }
}

TEST(HttpMessageTest, FieldsOfAnyForm) {
  const HeaderFields fields =
      HeaderFields::Parse("A: 1\nb :  2 \r\nno field\r\n: nameless\r\nLong: x\r\n  and y\r\nA: second\r\n");
  EXPECT_EQ(fields.Get("a"), "1");
  EXPECT_EQ(fields.Get("B"), "2");
  EXPECT_EQ(fields.Get("long"), "x and y");
  EXPECT_EQ(fields.Get("missing"), "");
}

TEST(HttpMessageTest, ContentTypesForTheirField) {
  const std::pair<const char*, const char*> cases[] = {
      {"Text/HTML; Charset=\"UTF-8\"; x=y", "text/html; charset=UTF-8"},
      {"text/html;charset=utf-8;charset=koi8-r", "text/html; charset=utf-8"},
      {"text/html; charset=a b", "text/html"},
      {"text/html; boundary", "text/html"},
      {"", ""},
      {"text/ht\x01ml", "text/ht?ml"},
  };
  for (const auto& [sent, field] : cases) EXPECT_EQ(ContentTypeField(sent), field) << sent;
}

}  // namespace
}  // namespace interdict::formats
