#include "storage/ids/extractor_version.h"

#include "gtest/gtest.h"

namespace interdict::ids {
namespace {

TEST(ExtractorVersion, ComparesNumberByNumber) {
  EXPECT_LT(*ParseExtractorVersion("1.9.0"), *ParseExtractorVersion("1.10.0"));
}

TEST(ExtractorVersion, HasOneSpelling) {
  for (const char* text : {"", "1", "1.0", "1.0.0.0", "1.0.x", "01.0.0", "1..0", "-1.0.0", "1234567890.0.0"}) {
    EXPECT_FALSE(ParseExtractorVersion(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace interdict::ids
