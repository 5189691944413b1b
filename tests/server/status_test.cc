#include "services/server/status.h"

#include "tests/status_matchers.h"

namespace interdict::server {
namespace {

using ::interdict::testing::IsOk;
using ::interdict::testing::StatusIs;
using ::testing::HasSubstr;

TEST(StatusTest, InvalidFieldNamesTheFieldAfterARoundTrip) {
  const grpc::Status wire = ToGrpc(InvalidField("document.content", "is empty; send at least one byte"));
  EXPECT_EQ(wire.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(wire.error_message(), "document.content: is empty; send at least one byte");
  const absl::Status back = FromGrpc(wire);
  EXPECT_THAT(back, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is empty")));
  EXPECT_EQ(ReasonOf(back), "INVALID_FIELD");
  EXPECT_EQ(FieldOf(back), "document.content");
}

TEST(StatusTest, ReasonAndRetryDelaySurviveTheWire) {
  const absl::Status status =
      WithRetryAfter(Error(absl::StatusCode::kResourceExhausted, "WORK_QUEUE_FULL", "full", {{"method", "X"}}),
                     absl::Milliseconds(1250));
  const absl::Status back = FromGrpc(ToGrpc(status));
  EXPECT_THAT(back, StatusIs(absl::StatusCode::kResourceExhausted, "full"));
  EXPECT_EQ(ReasonOf(back), "WORK_QUEUE_FULL");
  EXPECT_EQ(RetryAfterOf(back), absl::Milliseconds(1250));
  EXPECT_EQ(FieldOf(back), "");
}

TEST(StatusTest, EveryCodeKeepsItsNumber) {
  for (int number = 1; number <= 16; ++number) {
    const grpc::Status wire = ToGrpc(absl::Status(static_cast<absl::StatusCode>(number), "m"));
    EXPECT_EQ(static_cast<int>(wire.error_code()), number);
    EXPECT_EQ(static_cast<int>(FromGrpc(wire).code()), number);
  }
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
  EXPECT_THAT(FromGrpc(grpc::Status::OK), IsOk());
}

TEST(StatusTest, StatusWithoutDetailsHasNoReason) {
  const absl::Status plain = FromGrpc(grpc::Status(grpc::NOT_FOUND, "gone", "not a google.rpc.Status"));
  EXPECT_THAT(plain, StatusIs(absl::StatusCode::kNotFound, "gone"));
  EXPECT_EQ(ReasonOf(plain), "");
  EXPECT_EQ(RetryAfterOf(plain), absl::ZeroDuration());
}

TEST(StatusTest, LongMessageIsCutBetweenCharacters) {
  std::string message(1999, 'x');
  message += "\u0160ticha";  // its first letter would straddle the limit
  const grpc::Status wire = ToGrpc(absl::InternalError(message));
  EXPECT_EQ(wire.error_message(), std::string(1999, 'x'));
}

}  // namespace
}  // namespace interdict::server
