// An incident of more reports than its record shows: it counts them all, verifies, and says the same whether its
// decisions are folded one by one or many at once.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/index/admin/verify.h"
#include "services/index/fold/fold_entries.h"
#include "services/index/fold/incident_rows.h"
#include "storage/records/keys.h"
#include "tests/index/index_fixture.h"
#include "tests/index/title_groups.h"
#include "tests/status_matchers.h"

namespace interdict::index::testing {
namespace {

using interdict::testing::IsOk;
using ::testing::IsEmpty;

constexpr size_t kReports = kFirstReports + kLatestReports + 72;

std::string TextOf(size_t number) { return absl::StrCat("Text of story ", number, " with word", number); }

class LargeIncidentTest : public ::testing::Test {
 protected:
  LargeIncidentTest() : log_(1, 1), ingest_(&log_) {
    for (size_t i = 0; i < kReports; ++i) ingest_.Accept(TextOf(i), {{"ivory", "Text"}});
  }
  void Decide() {
    const TitleGroups policy;
    const auto runner = OpenRunner(folder_ / "view", &log_, &policy);
    while (true) {
      auto more = runner->Step();
      ASSERT_THAT(more, IsOk());
      if (!*more) break;
    }
  }
  // Folds a log entry by entry, each in a batch of its own.
  std::string DigestOneByOne() {
    const auto shard = Shard::Open(folder_ / "single", &log_, nullptr);
    EXPECT_THAT(shard, IsOk());
    absl::Status status =
        (*shard)->WithFoldPaused([&](StoreDirectory&, std::shared_ptr<IndexedStore>& store) -> absl::Status {
          for (const log::PartitionId& partition : (*shard)->owned().Partitions()) {
            auto last = log_.Last(partition);
            if (!last.ok()) return last.status();
            for (uint64_t at = 0; at < *last; ++at) {
              auto step = FoldEntries(&log_, (*shard)->identity(), partition, at, at + 1, store.get());
              if (!step.ok()) return step.status();
            }
          }
          return absl::OkStatus();
        });
    EXPECT_THAT(status, IsOk());
    return DigestOfShard(**shard);
  }
  v1::Incident Read(const Shard& shard) {
    auto stored = LoadIncident(*shard.Snapshot(), *records::IdFromHex(IncidentIdOf(TextOf(0), 0), 16));
    EXPECT_THAT(stored, IsOk());
    return stored.ok() && stored->has_value() ? (*stored)->incident() : v1::Incident();
  }

  TempFolder folder_;
  log::MemoryLog log_;
  FakeIngest ingest_;
};

TEST_F(LargeIncidentTest, CountsAllItsReportsAndVerifies) {
  Decide();
  const auto shard = FoldAll(folder_ / "index", &log_);
  const v1::Incident incident = Read(*shard);
  EXPECT_EQ(incident.report_count(), kReports);
  EXPECT_EQ(static_cast<size_t>(incident.sources_size()), kFirstReports + kLatestReports);
  auto verified = VerifyShard(*shard);
  ASSERT_THAT(verified, IsOk());
  EXPECT_THAT(verified->problems(), IsEmpty());
}

TEST_F(LargeIncidentTest, IsTheSameHoweverManyDecisionsAreFoldedAtOnce) {
  Decide();
  EXPECT_EQ(DigestOfShard(*FoldAll(folder_ / "index", &log_)), DigestOneByOne());
}

// Reports that come and go within one step: the record is that of the last decision, and nothing stays in the index of
// an incident that stood only for a moment.
TEST_F(LargeIncidentTest, IsGoneWhenItsReportsGoInTheStepInWhichTheyCame) {
  for (size_t i = 0; i < kReports; ++i) ingest_.Remove(TextOf(i));
  ingest_.Accept("Text of another", {{"rifles", "Text"}});
  Decide();
  const auto shard = FoldAll(folder_ / "index", &log_);
  EXPECT_EQ(Read(*shard).state(), v1::Incident::STATE_REMOVED);
  EXPECT_EQ(DigestOfShard(*shard), DigestOneByOne());
  auto verified = VerifyShard(*shard);
  ASSERT_THAT(verified, IsOk());
  EXPECT_THAT(verified->problems(), IsEmpty());
}

}  // namespace
}  // namespace interdict::index::testing
