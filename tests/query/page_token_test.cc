#include "services/query/page_token.h"

#include <random>

#include "services/server/status.h"
#include "tests/status_matchers.h"

namespace interdict::query {
namespace {

using testing::IsOkAndHolds;
using testing::StatusIs;

TEST(PageToken, HoldsItsCursors) {
  const std::vector<ShardCursor> cursors = {
      {},
      {.after = HitPlace{.score = 0.1, .number = 7}},
      {.after = HitPlace{.value = -5, .missing = true, .number = ~uint64_t{0}}, .exhausted = true},
      {.exhausted = true}};
  EXPECT_THAT(DecodePageToken(EncodePageToken("a", cursors), "a", 4), IsOkAndHolds(cursors));
}

TEST(PageToken, OtherArgumentsOrShardsAreAMismatch) {
  const std::string token = EncodePageToken("a", {{.after = HitPlace{.number = 7}}});
  for (const auto& result : {DecodePageToken(token, "b", 1), DecodePageToken(token, "a", 2)}) {
    EXPECT_THAT(result, StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_EQ(server::ReasonOf(result.status()), "PAGE_TOKEN_MISMATCH");
  }
}

TEST(PageToken, TheFieldIsNamed) {
  const auto result = DecodePageToken("x", "a", 1, "resume_token");
  EXPECT_THAT(std::string(result.status().message()), ::testing::HasSubstr("resume_token"));
}

TEST(PageToken, EveryGarbledTokenIsRefused) {
  const std::string token = EncodePageToken("a", {{.after = HitPlace{.score = 2.5, .number = 7}}, {.exhausted = true}});
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string garbled = token;
    const size_t at = random() % garbled.size();
    switch (random() % 4) {
      case 0:
        garbled[at] = static_cast<char>(random());
        break;
      case 1:
        garbled.erase(at, 1 + random() % 5);
        break;
      case 2:
        garbled.insert(at, 1, static_cast<char>(random()));
        break;
      default:
        garbled.resize(at);
        break;
    }
    if (garbled == token) continue;
    EXPECT_THAT(DecodePageToken(garbled, "a", 2), StatusIs(absl::StatusCode::kInvalidArgument)) << garbled;
  }
}

}  // namespace
}  // namespace interdict::query
