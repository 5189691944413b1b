// The first stages over damaged pages: whatever the bytes, the text is valid UTF-8, offsets run forward inside it, and
// nothing crashes. Damage is drawn from a fixed seed, so that a failure comes again.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "services/ingest/pipeline/decode/decode.h"
#include "services/ingest/pipeline/decode/utf8.h"
#include "services/ingest/pipeline/normalise/dates.h"
#include "services/ingest/pipeline/normalise/quantities.h"
#include "services/ingest/pipeline/page/page.h"
#include "services/ingest/pipeline/tokens/tokens.h"
#include "tests/source_tree.h"

namespace interdict::pipeline {
namespace {

constexpr int kRoundsPerPage = 300;

std::vector<std::string> Pages() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(testing::SourcePath("tests/testdata/articles"))) {
    if (entry.path().extension() == ".html" || entry.path().extension() == ".txt") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> pages;
  for (const std::filesystem::path& path : paths) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    pages.push_back(out.str());
  }
  return pages;
}

class Damage {
 public:
  explicit Damage(const std::vector<std::string>& pages) : pages_(pages) {}

  void Apply(std::string& page) {
    for (size_t n = 1 + random_() % 4; n > 0; --n) {
      const size_t at = Below(page.size() + 1);
      const size_t length = Below(std::min<size_t>(page.size() - at, 400) + 1);
      switch (random_() % 5) {
        case 0:
          page.resize(at);
          break;
        case 1:
          page.erase(at, length);
          break;
        case 2:
          page.insert(at, page.substr(at, length));
          break;
        case 3: {
          const std::string& other = pages_[Below(pages_.size())];
          const size_t from = Below(other.size() + 1);
          page.insert(at, other.substr(from, length));
          break;
        }
        default:
          for (size_t k = 1 + Below(20); k > 0 && !page.empty(); --k)
            page[Below(page.size())] = static_cast<char>(random_() & 0xFF);
      }
    }
  }

 private:
  size_t Below(size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  const std::vector<std::string>& pages_;
  std::mt19937 random_{20210411};
};

// Whether [begin, end) lies in `text`, behind `before`, and cuts no character.
void ExpectSpan(const std::string& text, size_t before, size_t begin, size_t end) {
  ASSERT_LE(before, begin);
  ASSERT_LT(begin, end);
  ASSERT_LE(end, text.size());
  ASSERT_NE(static_cast<unsigned char>(text[begin]) & 0xC0, 0x80);
  ASSERT_TRUE(end == text.size() || (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80);
}

void ExpectSoundStages(const Page& page) {
  ASSERT_EQ(CheckUtf8(page.text).invalid_count, 0u);
  for (const std::string* field : {&page.title, &page.publisher, &page.byline, &page.dateline, &page.published})
    ASSERT_EQ(CheckUtf8(*field).invalid_count, 0u);
  std::string start;
  std::string last;
  ASSERT_TRUE(page.published.empty() || EdtfBounds(page.published, &start, &last)) << page.published;
  size_t at = 0;
  for (const Block& block : page.blocks) {
    ASSERT_NO_FATAL_FAILURE(ExpectSpan(page.text, at, block.begin, block.end));
    at = block.end;
  }
  const TokenizedText text = Tokenize(page);
  at = 0;
  for (const Token& token : text.tokens) {
    ASSERT_NO_FATAL_FAILURE(ExpectSpan(page.text, at, token.begin, token.end));
    at = token.end;
  }
  uint32_t token = 0;
  for (const Sentence& sentence : text.sentences) {
    ASSERT_EQ(sentence.first_token, token);
    ASSERT_LT(sentence.first_token, sentence.end_token);
    ASSERT_LT(sentence.block, page.blocks.size());
    token = sentence.end_token;
  }
  ASSERT_EQ(token, text.tokens.size());
  at = 0;
  for (const DateMention& date : FindDates(page, text, page.published)) {
    ASSERT_NO_FATAL_FAILURE(ExpectSpan(page.text, at, date.begin, date.end));
    ASSERT_TRUE(EdtfBounds(date.edtf, &start, &last)) << date.edtf;
    ASSERT_LT(date.sentence, text.sentences.size());
    at = date.end;
  }
  at = 0;
  for (const QuantityMention& quantity : FindQuantities(page, text)) {
    ASSERT_NO_FATAL_FAILURE(ExpectSpan(page.text, at, quantity.begin, quantity.end));
    ASSERT_TRUE(std::isfinite(quantity.value));
    at = quantity.end;
  }
}

TEST(HostileInputTest, DamagedPages) {
  const std::vector<std::string> pages = Pages();
  ASSERT_GE(pages.size(), 10u);
  Damage damage(pages);
  int read = 0;
  for (const std::string& page : pages) {
    for (int round = 0; round < kRoundsPerPage; ++round) {
      std::string damaged = page;
      damage.Apply(damaged);
      const absl::StatusOr<DecodedText> decoded = Decode(damaged, "");
      if (!decoded.ok()) continue;
      ASSERT_EQ(CheckUtf8(decoded->text).invalid_count, 0u);
      const absl::StatusOr<Page> result = ReadPage(*decoded, {});
      if (!result.ok()) continue;
      ++read;
      ASSERT_NO_FATAL_FAILURE(ExpectSoundStages(*result)) << damaged;
    }
  }
  EXPECT_GT(read, static_cast<int>(pages.size()) * kRoundsPerPage / 2);  // damage must not mean that nothing is tested
}

TEST(HostileInputTest, OneTagWithAHundredThousandAttributes) {
  std::string html = "<html><body><p";
  for (int i = 0; i < 100'000; ++i) html += " a" + std::to_string(i) + "=\"" + std::to_string(i) + "\"";
  html += ">Forty rifles were found on Monday below a cargo of onions, the coastguard said.</p></body></html>";
  const absl::StatusOr<DecodedText> decoded = Decode(html, "");
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  const absl::StatusOr<Page> page = ReadPage(*decoded, {});
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->text, "Forty rifles were found on Monday below a cargo of onions, the coastguard said.");
  ASSERT_NO_FATAL_FAILURE(ExpectSoundStages(*page));
}

}  // namespace
}  // namespace interdict::pipeline
