#include "services/cli/json_lines.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "interdict/v1/ingest_service.pb.h"
#include "nlohmann/json.hpp"

namespace interdict::cli {
namespace {

TEST(JsonLineTest, MessageWithoutMembersIsProtoJson) {
  v1::SubmitDocumentResponse message;
  message.set_document("documents/a");
  message.set_outcome(v1::SUBMISSION_OUTCOME_ACCEPTED);
  EXPECT_EQ(JsonLine(message), R"({"document":"documents/a","outcome":"SUBMISSION_OUTCOME_ACCEPTED"})");
}

TEST(JsonLineTest, MembersStandInFrontInTheirOrder) {
  v1::SubmitDocumentResponse message;
  message.set_document("documents/a");
  EXPECT_EQ(JsonLine(message, {{"id", "x"}, {"file", "y"}}), R"({"id":"x","file":"y","document":"documents/a"})");
}

TEST(JsonLineTest, EmptyMessage) {
  EXPECT_EQ(JsonLine(v1::SubmitDocumentResponse()), "{}");
  EXPECT_EQ(JsonLine(v1::SubmitDocumentResponse(), {{"id", "x"}}), R"({"id":"x"})");
  EXPECT_EQ(JsonLine(v1::SubmitDocumentResponse(), {{"id", "x"}, {"b", ""}}), R"({"id":"x","b":""})");
}

TEST(JsonLineTest, WhatNeedsEscapingComesBackAsItWas) {
  const std::string awkward = "quote \" backslash \\ break \n\r tab \t Šticha";
  v1::SubmitDocumentResponse message;
  message.set_document(awkward);
  const std::string line = JsonLine(message, {{"id", awkward}});
  EXPECT_THAT(line, ::testing::Not(::testing::HasSubstr("\n")));
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["id"], awkward);
  EXPECT_EQ(json["document"], awkward);
}

TEST(JsonLineTest, MemberThatIsNotUtf8IsStillValidJson) {
  const auto json = nlohmann::json::parse(JsonLine(v1::SubmitDocumentResponse(), {{"id", "a\xff"}}));
  EXPECT_EQ(json["id"], "a\uFFFD");
}

}  // namespace
}  // namespace interdict::cli
