// The resolver: what it decides, and that a kill between any two steps loses and doubles nothing.
#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/index/resolve/decide.h"
#include "storage/ids/ids.h"
#include "tests/index/index_fixture.h"
#include "tests/status_matchers.h"

namespace interdict::index::testing {
namespace {

using interdict::testing::IsOk;
using interdict::testing::StatusIs;
using internal::v1::Decision;

// Passes calls on, until so many writing calls are made; from then on every call fails as if the process were gone. The
// last one is carried out or not, as chosen.
class DyingLog : public log::Log {
 public:
  DyingLog(log::Log* log, int writes_left, bool last_one_counts)
      : log_(log), writes_left_(writes_left), last_one_counts_(last_one_counts) {}

  bool dead() const { return writes_left_ < 0; }

  absl::StatusOr<log::LogIdentity> Identity() override { return log_->Identity(); }
  absl::StatusOr<std::vector<log::Entry>> Read(log::PartitionId partition, uint64_t after,
                                               const log::ReadLimits& limits) override {
    if (dead()) return Killed();
    return log_->Read(partition, after, limits);
  }
  absl::StatusOr<uint64_t> Last(log::PartitionId partition) override { return log_->Last(partition); }
  absl::StatusOr<uint64_t> Wait(log::PartitionId partition, uint64_t after, absl::Time deadline) override {
    return log_->Wait(partition, after, deadline);
  }
  absl::StatusOr<std::vector<uint64_t>> Append(log::PartitionId partition, const std::vector<log::NewEntry>& entries,
                                               std::optional<uint64_t> expected_last) override {
    if (--writes_left_ >= 0) return log_->Append(partition, entries, expected_last);
    if (writes_left_ == -1 && last_one_counts_) log_->Append(partition, entries, expected_last).IgnoreError();
    return Killed();
  }
  absl::Status Erase(log::PartitionId partition, uint64_t sequence) override {
    if (--writes_left_ >= 0) return log_->Erase(partition, sequence);
    if (writes_left_ == -1 && last_one_counts_) log_->Erase(partition, sequence).IgnoreError();
    return Killed();
  }

 private:
  static absl::Status Killed() { return absl::CancelledError("killed"); }

  log::Log* const log_;
  int writes_left_;
  const bool last_one_counts_;
};

constexpr char kOne[] = "Customs seized tank parts. Later, police arrested a broker in Vienna.";
constexpr char kTwo[] = "A ship with coal was stopped. A second ship fled.";
constexpr char kThree[] = "Nothing happened here, twice.";

// Everything that the resolver can meet.
void AppendStory(FakeIngest& ingest) {
  ingest.Accept(kOne, {{"parts", "seized tank parts"}, {"broker", "arrested a broker"}}, "1.0.0",
                "https://a.example/1");
  ingest.Accept(kTwo, {{"coal", "A ship with coal"}, {"second", "A second ship fled"}});
  ingest.Sight(kOne, "https://b.example/1");
  ingest.Accept(kOne, {{"parts of tanks", "tank parts"}, {"Vienna", "Vienna"}}, "1.1.0");
  ingest.Report(kTwo, "other", {{"coal ship", "ship with coal"}});
  ingest.Accept(kThree, {}, "1.0.0");
  ingest.Remove(kTwo);
  ingest.Accept(kTwo, {{"coal", "A ship with coal"}}, "2.0.0");  // came in too late
}

// One line a decision that counts, without what differs between runs: order among partitions, watermarks, doubles.
std::vector<std::string> Effects(log::Log* log) {
  std::vector<std::string> lines;
  for (uint32_t i = 0; i < log->Identity()->incident_partitions; ++i) {
    for (const Decision& decision : Decisions(log, i)) {
      if (!decision.has_watermark())
        lines.push_back(absl::StrCat(i, " ", ids::Sha256Hex(decision.SerializeAsString())));
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

class ResolverTest : public ::testing::Test {
 protected:
  TempFolder folder_;
  EachReportAnIncident resolver_;
};

TEST_F(ResolverTest, EveryReportStartsAnIncident) {
  log::MemoryLog log;
  FakeIngest(&log).Accept(kOne, {{"parts", "seized tank parts"}, {"broker", "arrested a broker"}});
  DecideAll(&log, folder_ / "view");
  const auto decisions = Decisions(&log);
  ASSERT_EQ(decisions.size(), 3u);
  EXPECT_EQ(decisions[0].report_placed().incident_id(), IncidentIdOf(kOne, 0));
  EXPECT_EQ(decisions[1].report_placed().incident_id(), IncidentIdOf(kOne, 1));
  EXPECT_EQ(decisions[0].report_placed().text(), kOne);
  EXPECT_EQ(decisions[0].reasons(0).code(), "FIRST_REPORT");
  EXPECT_EQ(decisions[0].cause().sequence(), 1u);
  EXPECT_EQ(decisions[2].watermark().decided(0).sequence(), 1u);
}

TEST_F(ResolverTest, NewerExtractionKeepsIncidentsOfOverlappingEvidence) {
  log::MemoryLog log;
  FakeIngest ingest(&log);
  ingest.Accept(kOne, {{"parts", "seized tank parts"}, {"broker", "arrested a broker"}});
  ingest.Accept(kOne, {{"Vienna", "Vienna"}, {"parts", "tank parts"}}, "1.10.0");
  ingest.Accept(kOne, {{"older", "seized"}}, "1.9.0");  // not newer: 1.10 > 1.9
  DecideAll(&log, folder_ / "view");
  const auto decisions = Decisions(&log);
  ASSERT_EQ(decisions.size(), 6u);
  EXPECT_EQ(decisions[2].report_placed().incident_id(), IncidentIdOf(kOne, 0, "1.10.0"));
  EXPECT_EQ(decisions[2].report_placed().replaces_report_id(), "");
  EXPECT_EQ(decisions[3].report_placed().incident_id(), IncidentIdOf(kOne, 0));
  EXPECT_EQ(decisions[3].report_placed().replaces_report_id(), ReportIdOf(kOne, 0));
  EXPECT_EQ(decisions[3].reasons(0).code(), "REPLACES_REPORT");
  EXPECT_EQ(decisions[4].report_withdrawn().report_id(), ReportIdOf(kOne, 1));
  EXPECT_TRUE(decisions[5].has_watermark());
}

TEST_F(ResolverTest, RemovalErasesEveryPayloadThatHoldsText) {
  log::MemoryLog log;
  FakeIngest ingest(&log);
  AppendStory(ingest);
  DecideAll(&log, folder_ / "view");
  for (const log::PartitionId& partition : log.Identity()->Partitions()) {
    const auto entries = *log.Read(partition, 0, log::ReadLimits());
    for (const log::Entry& entry : entries) {
      EXPECT_EQ(entry.payload.find("coal"), std::string::npos) << log::ToString(partition) << " " << entry.sequence;
    }
  }
  std::set<std::string> erased;
  for (const Decision& decision : Decisions(&log)) {
    if (decision.has_report_erased()) erased.insert(decision.report_erased().report_id());
  }
  EXPECT_EQ(erased,
            std::set<std::string>({ReportIdOf(kTwo, 0), ReportIdOf(kTwo, 1), ReportIdOf(kTwo, 0, "1.0.0", "other")}));
}

// Parameters: partitions of the incident log; whether the view is lost too.
class KillTest : public ::testing::TestWithParam<std::tuple<uint32_t, bool>> {};

TEST_P(KillTest, NoDecisionIsLostOrDoubledWhereverItIsKilled) {
  const auto [partitions, lose_view] = GetParam();
  std::vector<std::string> expected;
  {
    log::MemoryLog log(1, partitions);
    FakeIngest ingest(&log);
    AppendStory(ingest);
    const TempFolder folder;
    DecideAll(&log, folder / "view");
    expected = Effects(&log);
  }
  EachReportAnIncident resolver;
  bool survived = false;
  for (int writes = 0; !survived; ++writes) {
    ASSERT_LT(writes, 200);
    for (const bool counts : {false, true}) {
      SCOPED_TRACE(absl::StrCat("killed at write ", writes, counts ? ", which was made" : ""));
      log::MemoryLog log(1, partitions);
      FakeIngest ingest(&log);
      AppendStory(ingest);
      const TempFolder folder;
      {
        DyingLog dying(&log, writes, counts);
        const auto runner = OpenRunner(folder / "view", &dying, &resolver);
        auto more = runner->Step();
        while (more.ok() && *more) more = runner->Step();
        survived = more.ok();
      }
      DecideAll(&log, lose_view ? folder / "fresh" : folder / "view");
      EXPECT_EQ(Effects(&log), expected);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Partitions, KillTest, ::testing::Combine(::testing::Values(1u, 3u), ::testing::Bool()));

TEST_F(ResolverTest, OfTwoResolversOneWritesAndTheOtherStepsBack) {
  log::MemoryLog log;
  FakeIngest ingest(&log);
  ingest.Accept(kOne, {{"parts", "seized tank parts"}});

  // The second decides while the first is between reading and writing.
  class Meddler : public EachReportAnIncident {
   public:
    Meddler(log::Log* log, std::string view) : log_(log), view_(std::move(view)) {}
    absl::StatusOr<Verdict> Decide(const std::string& features, const records::Reader& view) const override {
      DecideAll(log_, view_);
      return EachReportAnIncident::Decide(features, view);
    }

   private:
    log::Log* log_;
    std::string view_;
  };
  Meddler meddler(&log, folder_ / "second");
  const auto first = OpenRunner(folder_ / "first", &log, &meddler);
  EXPECT_THAT(first->Step(), StatusIs(absl::StatusCode::kAborted));
  auto again = first->Step();
  ASSERT_THAT(again, IsOk());
  EXPECT_FALSE(*again);
  EXPECT_EQ(Decisions(&log).size(), 2u);

  ingest.Accept(kTwo, {});  // nothing to place: the first may write again
  again = first->Step();
  ASSERT_THAT(again, IsOk());
  EXPECT_TRUE(*again);
}

TEST_F(ResolverTest, RefusesTheViewOfAnotherLog) {
  log::MemoryLog one;
  log::MemoryLog other;
  DecideAll(&one, folder_ / "view");
  ResolverOptions options;
  options.view_path = folder_ / "view";
  options.now = absl::Now;
  EXPECT_THAT(ResolverRunner::Open(options, &other, &resolver_, nullptr).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, ::testing::HasSubstr("delete")));
}

}  // namespace
}  // namespace interdict::index::testing
