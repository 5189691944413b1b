#include "services/index/resolve/match/group_index.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/match/match_store.h"
#include "tests/index/match/sample_reports.h"
#include "tests/status_matchers.h"

namespace interdict::index::match {
namespace {

using interdict::testing::IsOk;
using interdict::testing::StatusIs;
using internal::v1::ReportFeatures;
using ::testing::IsEmpty;

class GroupIndexTest : public ::testing::Test {
 protected:
  void Add(const ReportFeatures& features, int group, int report) {
    store_.Change([&](const records::Reader& reader, records::Batch* batch) {
      return index_.Add(features, SampleId(group), SampleId(report), reader, batch);
    });
  }
  void Remove(int report, int group) {
    store_.Change([&](const records::Reader& reader, records::Batch* batch) {
      return index_.Remove(SampleId(report), SampleId(group), reader, batch);
    });
  }
  std::vector<Candidate> Find(const ReportFeatures& features) {
    auto candidates = index_.Find(features, *store_.Snapshot());
    EXPECT_THAT(candidates, IsOk());
    return candidates.ok() ? *std::move(candidates) : std::vector<Candidate>();
  }
  // 0 where the group is not found.
  Candidate FindGroup(const ReportFeatures& features, int group) {
    for (Candidate& candidate : Find(features)) {
      if (candidate.group_id == SampleId(group)) return std::move(candidate);
    }
    return {};
  }

  MatchStore store_;
  GroupIndex index_;
};

TEST_F(GroupIndexTest, AnotherTellingJoinsALookalikeDoesNot) {
  Add(SampleFeatures(kGoldFlight, 1, "2019-05-15"), 1, 1);
  EXPECT_EQ(FindGroup(SampleFeatures(kGoldFlightRetold, 2, "2019-05-17"), 1).verdict, Verdict::kJoin);
  EXPECT_EQ(FindGroup(SampleFeatures(kOtherGoldFlight, 3, "2019-05-24"), 1).verdict, Verdict::kApart);
}

TEST_F(GroupIndexTest, ContributionsSumToTheLogOddsAndNameWhatDecided) {
  Add(SampleFeatures(kGoldFlight, 1, "2019-05-15"), 1, 1);
  const Candidate candidate = FindGroup(SampleFeatures(kGoldFlightRetold, 2, "2019-05-17"), 1);
  double sum = 0;
  for (const Contribution& contribution : candidate.contributions) sum += contribution.log_odds;
  EXPECT_NEAR(sum, candidate.log_odds, 1e-4);
  EXPECT_EQ(candidate.nearest_report_id, SampleId(1));
  EXPECT_TRUE(std::any_of(candidate.contributions.begin(), candidate.contributions.end(),
                          [](const Contribution& c) { return c.feature == "conveyance_match" && c.log_odds > 0; }));
}

TEST_F(GroupIndexTest, ReportsOfOneDocumentNeverJoin) {
  Add(SampleFeatures(kGoldFlight, 1, "2019-05-15"), 1, 1);
  EXPECT_EQ(FindGroup(SampleFeatures(kGoldFlightRetold, 1, "2019-05-15", "", 1), 1).verdict, Verdict::kSameDocument);
}

TEST_F(GroupIndexTest, OneLookalikeDoesNotCarryAGroupOfStrangers) {
  Add(SampleFeatures(kOtherGoldFlight, 1, "2019-05-24"), 1, 1);
  const double alone = FindGroup(SampleFeatures(kOtherGoldFlight, 9, "2019-05-24"), 1).log_odds;
  for (int i = 2; i <= 6; ++i) Add(SampleFeatures(kGoldFlight, i, "2019-05-15"), 1, i);
  const Candidate among = FindGroup(SampleFeatures(kOtherGoldFlight, 9, "2019-05-24"), 1);
  EXPECT_LT(among.log_odds, alone);
  EXPECT_EQ(among.compared, 6);
}

TEST_F(GroupIndexTest, RemovingWhatWasAddedLeavesNoTrace) {
  Add(SampleFeatures(kGoldFlight, 1, "2019-05-15"), 1, 1);
  const auto before = store_.Rows();
  Add(SampleFeatures(kGoldFlightRetold, 2, "2019-05-17"), 1, 2);
  Add(SampleFeatures(kOtherGoldFlight, 3, "2019-05-24"), 3, 3);
  EXPECT_NE(store_.Rows(), before);
  Remove(3, 3);
  Remove(2, 1);
  EXPECT_EQ(store_.Rows(), before);
  Remove(1, 1);
  for (const auto& [key, value] : store_.Rows()) EXPECT_EQ(key, "match_groups/totals");
}

TEST_F(GroupIndexTest, AddingTwiceAndRemovingWhatIsNotThereChangeNothing) {
  const ReportFeatures features = SampleFeatures(kGoldFlight, 1, "2019-05-15");
  Add(features, 1, 1);
  const auto before = store_.Rows();
  Add(features, 1, 1);
  Remove(7, 1);
  Remove(1, 2);
  EXPECT_EQ(store_.Rows(), before);
}

TEST_F(GroupIndexTest, JoinMovesAllReports) {
  Add(SampleFeatures(kGoldFlight, 1, "2019-05-15"), 1, 1);
  Add(SampleFeatures(kGoldFlightRetold, 2, "2019-05-17"), 2, 2);
  EXPECT_EQ(index_.CompareGroups(SampleId(1), SampleId(2), *store_.Snapshot())->verdict, Verdict::kJoin);
  store_.Change([&](const records::Reader& reader, records::Batch* batch) {
    const auto progress = index_.Join(SampleId(2), SampleId(1), reader, batch);
    EXPECT_THAT(progress, IsOk());
    EXPECT_EQ(progress->moved, 1u);
    EXPECT_EQ(progress->left, 0u);
    return absl::OkStatus();
  });
  const Candidate joined = FindGroup(SampleFeatures(kGoldFlight, 3, "2019-05-15"), 1);
  EXPECT_EQ(joined.compared, 2);
  EXPECT_THAT(FindGroup(SampleFeatures(kGoldFlight, 3, "2019-05-15"), 2).group_id, IsEmpty());
}

TEST_F(GroupIndexTest, JoinOfAGroupWithItselfIsRefused) {
  records::Batch batch;
  EXPECT_THAT(index_.Join(SampleId(1), SampleId(1), *store_.Snapshot(), &batch),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(GroupIndexTest, ALargeJoinSaysWhatItLeft) {
  for (int i = 0; i < static_cast<int>(kMaxJoinedReports) + 40; ++i) Add(SampleFeatures("", i), 1, i);
  records::Batch batch;
  const auto base = store_.Snapshot();
  const records::OverlayReader reader(base.get(), &batch);
  const auto progress = index_.Join(SampleId(1), SampleId(2), reader, &batch);
  ASSERT_THAT(progress, IsOk());
  EXPECT_EQ(progress->moved, kMaxJoinedReports);
  EXPECT_EQ(progress->left, 40u);
}

TEST_F(GroupIndexTest, GroupsWithACommonDocumentAreNotJoined) {
  Add(SampleFeatures(kGoldFlight, 1, "2019-05-15"), 1, 1);
  Add(SampleFeatures(kGoldFlightRetold, 1, "2019-05-15", "", 1), 2, 2);
  EXPECT_EQ(index_.CompareGroups(SampleId(1), SampleId(2), *store_.Snapshot())->verdict, Verdict::kSameDocument);
}

TEST_F(GroupIndexTest, ComparisonsStayBoundedInAGroupOfManyReports) {
  for (int i = 1; i <= 60; ++i) Add(SampleFeatures(kGoldFlight, i, "2019-05-15"), 1, i);
  EXPECT_EQ(FindGroup(SampleFeatures(kGoldFlightRetold, 99, "2019-05-17"), 1).compared, kMaxRepresentatives);
  for (int i = 1; i <= 20; ++i) Remove(i, 1);
  EXPECT_EQ(FindGroup(SampleFeatures(kGoldFlightRetold, 99, "2019-05-17"), 1).compared, kMaxRepresentatives);
}

TEST_F(GroupIndexTest, AKeyOfTooManyGroupsListsNone) {
  const std::string facts = R"(parties { name: "Kim" named: true kind: PARTY_KIND_PERSON role: PARTY_ROLE_SUSPECT })";
  for (int i = 0; i < static_cast<int>(kTooCommonGroups) - 1; ++i) Add(SampleFeatures(facts, i), i, i);
  EXPECT_EQ(Find(SampleFeatures(facts, 5000)).size(), kMaxCandidates);
  Add(SampleFeatures(facts, 6000), 6000, 6000);
  EXPECT_THAT(Find(SampleFeatures(facts, 5000)), IsEmpty());
}

TEST_F(GroupIndexTest, ReportsWithoutFactsStandAlone) {
  Add(SampleFeatures("", 1), 1, 1);
  EXPECT_THAT(Find(SampleFeatures("", 2)), IsEmpty());
}

}  // namespace
}  // namespace interdict::index::match
