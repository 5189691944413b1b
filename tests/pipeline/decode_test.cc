// Bytes to UTF-8: charsets by mark, declaration, markup and detection; what is refused; and that random bytes always
// give valid text.
#include "services/ingest/pipeline/decode/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "services/ingest/pipeline/decode/utf8.h"

namespace interdict::pipeline {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using std::string_literals::operator""s;

struct DecodeCase {
  const char* name;
  std::string content;
  std::string content_type;
  std::string text;
  std::string charset;
};

std::string Utf16(const std::string& ascii, bool little) {
  std::string out;
  for (char c : ascii) {
    if (!little) out += '\0';
    out += c;
    if (little) out += '\0';
  }
  return out;
}

TEST(DecodeTest, FindsTheCharset) {
  const std::string czech_1250 =
      "Tajn\xE1 slu\x9E"
      "ba odhalila p\xF8\xEDpad. \x8Aticha o tom mluvil.";
  const std::string czech = "Tajná služba odhalila případ. Šticha o tom mluvil.";
  const DecodeCase cases[] = {
      {"ascii", "Plain words.", "", "Plain words.", "UTF-8"},
      {"utf-8", "Šticha said.", "", "Šticha said.", "UTF-8"},
      {"utf-8 mark", "\xEF\xBB\xBFŠticha", "", "Šticha", "UTF-8"},
      {"mark wins over declaration", "\xEF\xBB\xBFŠticha", "text/plain; charset=windows-1250", "Šticha", "UTF-8"},
      {"utf-16 mark", "\xFF\xFE" + Utf16("Ship seized", true), "", "Ship seized", "UTF-16LE"},
      {"utf-16 big mark", "\xFE\xFF" + Utf16("Ship seized", false), "", "Ship seized", "UTF-16BE"},
      {"utf-16 without mark", Utf16("Ship seized at sea", true), "", "Ship seized at sea", "UTF-16LE"},
      {"utf-16 declared", Utf16("Ship", false), "text/plain; charset=utf-16be", "Ship", "UTF-16BE"},
      {"declared", czech_1250, "text/plain; charset=windows-1250", czech, "windows-1250"},
      {"declared quoted", czech_1250, "text/plain; foo=bar; charset=\"Windows-1250\"", czech, "windows-1250"},
      {"latin-1 means windows-1252", "\x93Yes\x94 \x80 5", "text/plain; charset=iso-8859-1", "“Yes” € 5",
       "windows-1252"},
      {"declared wrongly", "Ladislav Šticha", "text/plain; charset=iso-8859-1", "Ladislav Šticha", "UTF-8"},
      {"utf-8 declared wrongly", "caf\xE9 \x93ouvert\x94", "text/plain; charset=utf-8", "café “ouvert”",
       "windows-1252"},
      {"unknown declaration", "Šticha", "text/plain; charset=no-such-thing", "Šticha", "UTF-8"},
      {"meta charset", "<html><head><meta charset=\"windows-1250\"></head><body>\x8Aticha", "text/html",
       "<html><head><meta charset=\"windows-1250\"></head><body>Šticha", "windows-1250"},
      {"meta http-equiv",
       "<html><meta http-equiv='Content-Type' content='text/html; charset=windows-1251'><p>\xCC\xEE\xF1\xEA\xE2\xE0",
       "", "<html><meta http-equiv='Content-Type' content='text/html; charset=windows-1251'><p>Москва", "windows-1251"},
      {"xml declaration", "<?xml version=\"1.0\" encoding=\"ISO-8859-2\"?><html><p>\xA9ticha", "",
       "<?xml version=\"1.0\" encoding=\"ISO-8859-2\"?><html><p>Šticha", "ISO-8859-2"},
      {"one bad byte in utf-8", "Š \xFF end of it", "text/plain; charset=utf-8", "Š \xEF\xBF\xBD end of it", "UTF-8"},
      {"cut sequence", "Šticha said \xC5", "text/plain", "Šticha said \xEF\xBF\xBD", ""},
      {"line ends",
       "a\r\nb\rc\nd\xE2\x80\xA9"
       "e",
       "text/plain", "a\nb\nc\nd\ne", "UTF-8"},
      {"NULs", "It was a long day at the port\0."s, "text/plain", "It was a long day at the port.", "UTF-8"},
  };
  for (const DecodeCase& test : cases) {
    const absl::StatusOr<DecodedText> decoded = Decode(test.content, test.content_type);
    ASSERT_TRUE(decoded.ok()) << test.name << ": " << decoded.status();
    if (!test.charset.empty()) {
      EXPECT_EQ(decoded->text, test.text) << test.name;
      EXPECT_EQ(decoded->charset, test.charset) << test.name;
    }
  }
}

TEST(DecodeTest, DetectsUndeclaredCharsets) {
  // "The customs officers found weapons in the container", a sentence or two in Russian, windows-1251.
  const std::string russian =
      "\xD2\xE0\xEC\xEE\xE6\xE5\xED\xED\xE8\xEA\xE8 \xED\xE0\xF8\xEB\xE8 \xEE\xF0\xF3\xE6\xE8\xE5 \xE2 "
      "\xEA\xEE\xED\xF2\xE5\xE9\xED\xE5\xF0\xE5, \xEA\xEE\xF2\xEE\xF0\xFB\xE9 \xEF\xF0\xE8\xE1\xFB\xEB "
      "\xE8\xE7 \xEF\xEE\xF0\xF2\xE0.";
  absl::StatusOr<DecodedText> decoded = Decode(russian, "");
  ASSERT_TRUE(decoded.ok());
  EXPECT_THAT(decoded->text, HasSubstr("оружие"));
  decoded = Decode("The caf\xE9 in the old port was closed after the raid, the owner said on Monday.", "");
  ASSERT_TRUE(decoded.ok());
  EXPECT_THAT(decoded->text, HasSubstr("café"));
}

TEST(DecodeTest, CountsReplacements) {
  const absl::StatusOr<DecodedText> decoded =
      Decode("Š and a good deal of text \xFF with two bad bytes \xFE in it", "text/plain; charset=utf-8");
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->replaced_count, 2u);
}

TEST(DecodeTest, TellsMarkupFromText) {
  const std::pair<const char*, MediaType> cases[] = {
      {"<!DOCTYPE html><p>x", MediaType::kHtml},
      {"  \n<html><p>x", MediaType::kHtml},
      {"<!-- note --> <div>x</div>", MediaType::kHtml},
      {"<p>Loose paragraph</p>", MediaType::kHtml},
      {"<press@example.org> wrote", MediaType::kPlainText},
      {"a < b and c > d", MediaType::kPlainText},
      {"Text that mentions <b>bold</b>", MediaType::kPlainText},
  };
  for (const auto& [content, type] : cases) {
    const absl::StatusOr<DecodedText> decoded = Decode(content, "");
    ASSERT_TRUE(decoded.ok()) << content;
    EXPECT_EQ(decoded->media_type, type) << content;
  }
  EXPECT_EQ(Decode("<p>x", "text/plain")->media_type, MediaType::kPlainText);
  EXPECT_EQ(Decode("words", "TEXT/HTML; charset=utf-8")->media_type, MediaType::kHtml);
  EXPECT_EQ(Decode("words", "application/xhtml+xml")->media_type, MediaType::kHtml);
}

TEST(DecodeTest, RefusesWhatIsNoText) {
  const std::tuple<std::string, std::string, std::string> cases[] = {
      {"", "", "document.content: "},
      {"words", "application/pdf", "document.content_type: "},
      {"words", "text/html\x01", "document.content_type: "},
      {"%PDF-1.7 and so on", "", "document.content: "},
      {"PK\x03\x04 and so on", "text/plain", "document.content: "},
      {std::string(1000, '\0'), "", "document.content: "},
      {std::string(1000, '\x01'), "text/plain", "document.content: "},
      {std::string(1000, '\xFF'), "text/plain; charset=utf-8", ""},
  };
  for (const auto& [content, type, message] : cases) {
    const absl::StatusOr<DecodedText> decoded = Decode(content, type);
    if (message.empty()) continue;
    ASSERT_FALSE(decoded.ok()) << type;
    EXPECT_EQ(decoded.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(decoded.status().message()), StartsWith(message));
  }
}

TEST(DecodeTest, RandomBytesGiveValidTextOrAnError) {
  std::mt19937 random(7);
  const std::string types[] = {"",
                               "text/plain",
                               "text/html; charset=utf-8",
                               "text/plain; charset=utf-16",
                               "text/html; charset=shift_jis",
                               "text/plain; charset=gb18030",
                               "text/plain; charset=utf-7",
                               "text/plain; charset=iso-2022-jp"};
  const std::string words = "the ship <p> said 5 \xC5\xA1 ";
  int accepted = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string content;
    const unsigned noise = round % 3 == 0 ? 2 : 40;
    for (size_t n = random() % 400; n > 0; --n) {
      content += random() % noise == 0 ? static_cast<char>(random()) : words[content.size() % words.size()];
    }
    const absl::StatusOr<DecodedText> decoded = Decode(content, types[random() % std::size(types)]);
    if (!decoded.ok()) {
      EXPECT_EQ(decoded.status().code(), absl::StatusCode::kInvalidArgument) << decoded.status();
      continue;
    }
    ++accepted;
    EXPECT_EQ(CheckUtf8(decoded->text).invalid_count, 0u);
    EXPECT_EQ(decoded->text.find('\0'), std::string::npos);
    EXPECT_EQ(decoded->text.find('\r'), std::string::npos);
  }
  EXPECT_GT(accepted, 500);
}

TEST(DecodeTest, LargeConvertedTextKeepsPairsAtBufferEnds) {
  std::string content = "\xFF\xFE";
  std::string expected;
  for (int i = 0; i < 30'000; ++i) {
    content += "\x3D\xD8\xA2\xDE";  // a ship, a surrogate pair
    expected += "🚢";
    if (i % 97 == 0) {
      content += "a\0"s;
      expected += "a";
    }
  }
  const absl::StatusOr<DecodedText> decoded = Decode(content, "");
  ASSERT_TRUE(decoded.ok());
  EXPECT_TRUE(decoded->text == expected) << decoded->text.size();
}

}  // namespace
}  // namespace interdict::pipeline
