#include "services/ingest/pipeline/learned/decisions.h"

#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/status_matchers.h"

namespace interdict::pipeline {
namespace {

constexpr char kHeader[] = "#columns\tdecision\tfeature\tweight\n";

TEST(DecisionsTest, AProbabilityIsTheLogisticOfTheWeightedSum) {
  Decisions decisions;
  ASSERT_THAT(decisions.Add("decisions.tsv", std::string(kHeader) + "origin\t(bias)\t-1\norigin\t(threshold)\t0.35\n"
                                                                    "origin\tp:from\t2\norigin\tshare\t0.5\n"),
              testing::IsOk());
  Features features;
  features.Add("p:from");
  features.Add("share", 0.4F);
  features.Add("unheard of");
  EXPECT_NEAR(decisions.Probability("origin", features), 1 / (1 + std::exp(-1.2)), 1e-5);
  EXPECT_FLOAT_EQ(decisions.Threshold("origin"), 0.35F);
  EXPECT_TRUE(decisions.Knows("origin"));
}

TEST(DecisionsTest, AnUnlearnedDecisionTakesNothing) {
  const Decisions decisions;
  EXPECT_FALSE(decisions.Knows("transit"));
  EXPECT_LT(decisions.Probability("transit", Features()), decisions.Threshold("transit"));
}

TEST(DecisionsTest, OfTwoValuesOfAFeatureTheHigherOneCounts) {
  Features features;
  features.Add("share", 0.2F);
  features.Add("share", 0.7F);
  features.Add("share", 0.4F);
  EXPECT_FLOAT_EQ(features.all().at("share"), 0.7F);
}

TEST(DecisionsTest, BadRowsAreRefusedByLine) {
  for (const char* row : {"origin\tp:from\tmuch\n", "origin\tp:from\tnan\n", "origin\tp:in\t1\norigin\tp:in\t2\n"}) {
    Decisions decisions;
    const absl::Status status = decisions.Add("decisions.tsv", std::string(kHeader) + row);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << row;
    EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("decisions.tsv, line ")) << row;
  }
}

}  // namespace
}  // namespace interdict::pipeline
