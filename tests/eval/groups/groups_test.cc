// Floors of the grouping on the labelled groups (docs/resolution.md). Of the blind half only totals are asserted.
#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/eval/groups/grouping.h"
#include "tests/eval/groups/labelled_reports.h"
#include "tests/source_tree.h"
#include "tests/status_matchers.h"

namespace interdict::index::match {
namespace {

using interdict::testing::IsOk;
using interdict::testing::SourcePath;

std::vector<LabelledReport> Read(const std::string& half) {
  auto reports = ReadLabelledReports(SourcePath("tests/eval/groups/" + half), SourcePath("services/ingest/knowledge"));
  EXPECT_THAT(reports, IsOk());
  return reports.ok() ? *std::move(reports) : std::vector<LabelledReport>();
}

Score ScoreOf(const std::vector<LabelledReport>& reports, const std::vector<size_t>& order) {
  return BCubed(reports, GroupInOrder(reports, order, GroupIndex()));
}

TEST(GroupsTest, OpenHalfReachesItsFloorInAnyOrder) {
  const std::vector<LabelledReport> reports = Read("open");
  ASSERT_GE(reports.size(), 90u);
  EXPECT_GE(ScoreOf(reports, OrderOfPublication(reports.size())).f1, 0.90);
  std::mt19937 random(7);
  for (int i = 0; i < 5; ++i) {
    std::vector<size_t> order = OrderOfPublication(reports.size());
    std::shuffle(order.begin(), order.end(), random);
    EXPECT_GE(ScoreOf(reports, order).f1, 0.80);
  }
}

TEST(GroupsTest, BlindHalfReachesItsFloor) {
  const std::vector<LabelledReport> reports = Read("blind");
  ASSERT_GE(reports.size(), 60u);
  EXPECT_GE(ScoreOf(reports, OrderOfPublication(reports.size())).f1, 0.85);
}

TEST(GroupsTest, ThereAreEnoughGroupsAndTexts) {
  std::set<std::string> groups;
  size_t reports = 0;
  size_t texts = 0;
  for (const char* half : {"open", "blind"}) {
    for (const LabelledReport& report : Read(half)) {
      groups.insert(half + report.group);
      ++reports;
      texts += report.extracted ? 1 : 0;
    }
  }
  EXPECT_GE(groups.size(), 60u);
  EXPECT_GE(reports, 150u);
  EXPECT_GE(texts, 40u);
}

TEST(BCubedTest, AllTogetherAndAllApart) {
  std::vector<LabelledReport> reports(4);
  for (size_t i = 0; i < 4; ++i) reports[i].group = i < 2 ? "a" : "b";
  std::vector<Placed> together(4, {"1", {}});
  EXPECT_DOUBLE_EQ(BCubed(reports, together).precision, 0.5);
  EXPECT_DOUBLE_EQ(BCubed(reports, together).recall, 1);
  std::vector<Placed> apart(4);
  for (size_t i = 0; i < 4; ++i) apart[i].group_id = std::to_string(i);
  EXPECT_DOUBLE_EQ(BCubed(reports, apart).precision, 1);
  EXPECT_DOUBLE_EQ(BCubed(reports, apart).recall, 0.5);
  EXPECT_DOUBLE_EQ(PairAgreement(together, apart), 0);
  EXPECT_DOUBLE_EQ(PairOverlap(together, together), 1);
}

}  // namespace
}  // namespace interdict::index::match
