// Verification finds damage and says where.
#include "services/index/admin/verify.h"

#include <filesystem>
#include <functional>
#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/index/admin/rebuild.h"
#include "storage/ids/ids.h"
#include "storage/records/keys.h"
#include "tests/index/index_fixture.h"
#include "tests/status_matchers.h"

namespace interdict::index::testing {
namespace {

namespace family = records::family;
using interdict::testing::IsOk;
using interdict::testing::StatusIs;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kOne[] = "Customs seized tank parts.";

// Gives back other bytes than were appended.
class LyingLog : public log::Log {
 public:
  explicit LyingLog(log::Log* log) : log_(log) {}
  absl::StatusOr<log::LogIdentity> Identity() override { return log_->Identity(); }
  absl::StatusOr<std::vector<log::Entry>> Read(log::PartitionId partition, uint64_t after,
                                               const log::ReadLimits& limits) override {
    auto entries = log_->Read(partition, after, limits);
    if (entries.ok() && partition.log == log::LogName::kIntake) {
      for (log::Entry& entry : *entries) entry.payload.back() ^= 1;
    }
    return entries;
  }
  absl::StatusOr<uint64_t> Last(log::PartitionId partition) override { return log_->Last(partition); }
  absl::StatusOr<uint64_t> Wait(log::PartitionId partition, uint64_t after, absl::Time deadline) override {
    return log_->Wait(partition, after, deadline);
  }
  absl::StatusOr<std::vector<uint64_t>> Append(log::PartitionId partition, const std::vector<log::NewEntry>& entries,
                                               std::optional<uint64_t> expected_last) override {
    return log_->Append(partition, entries, expected_last);
  }
  absl::Status Erase(log::PartitionId partition, uint64_t sequence) override {
    return log_->Erase(partition, sequence);
  }

 private:
  log::Log* const log_;
};

class VerifyTest : public ::testing::Test {
 protected:
  VerifyTest() {
    FakeIngest ingest(&log_);
    ingest.Accept(kOne, {{"parts", "tank parts"}}, "1.0.0", "https://a.example/", "request-1");
    DecideAll(&log_, folder_ / "view");
    shard_ = FoldAll(folder_ / "index", &log_);
  }
  void Damage(const std::function<void(records::Batch*)>& damage, const IndexChange& index = IndexChange()) {
    ASSERT_THAT(shard_->WithFoldPaused([&](StoreDirectory&, std::shared_ptr<IndexedStore>& store) {
      records::Batch batch;
      damage(&batch);
      return store->Commit(batch, index, false);
    }),
                IsOk());
  }
  void DamageIndex(const IndexChange& index) {
    Damage([](records::Batch*) {}, index);
  }
  std::vector<std::string> ProblemsFound() {
    auto verified = VerifyShard(*shard_);
    EXPECT_THAT(verified, IsOk());
    return {verified->problems().begin(), verified->problems().end()};
  }

  const std::string document_id_ = *records::IdFromHex(IdOf(kOne), 32);
  const std::string report_id_ = *records::IdFromHex(ReportIdOf(kOne, 0), 16);
  const std::string incident_id_ = *records::IdFromHex(IncidentIdOf(kOne, 0), 16);
  TempFolder folder_;
  log::MemoryLog log_;
  std::unique_ptr<Shard> shard_;
};

TEST_F(VerifyTest, FindsNothingWhereAllIsWell) {
  EXPECT_THAT(ProblemsFound(), IsEmpty());
  auto verified = VerifyShard(*shard_);
  EXPECT_EQ(verified->entry_count(), 3u);
  EXPECT_GT(verified->record_count(), 8u);
}

TEST_F(VerifyTest, FindsAnIncidentThatTheIndexHasNot) {
  IndexChange index;
  index.Remove(Collection::kIncidents, 1);
  DamageIndex(index);
  EXPECT_THAT(ProblemsFound(), Contains(HasSubstr("number 1, is not found by all")));
}

TEST_F(VerifyTest, FindsADocumentThatTheIndexHasOtherwise) {
  IndexChange index;
  IndexDocument other;
  other.collection = Collection::kDocuments;
  other.number = 1;
  index.Put(other);
  DamageIndex(index);
  EXPECT_THAT(ProblemsFound(), Contains(HasSubstr("documents/" + IdOf(kOne) + ", number 1, is not found by all")));
}

TEST_F(VerifyTest, FindsWhatIsIndexedAndNotListed) {
  IndexChange index;
  IndexDocument ghost;
  ghost.number = 77;
  index.Put(ghost);
  DamageIndex(index);
  EXPECT_THAT(ProblemsFound(), Contains(HasSubstr("holds 2 incidents, the store lists 1")));
}

TEST_F(VerifyTest, FindsAMissingReferenceToAReport) {
  Damage([this](records::Batch* batch) {
    batch->Delete(family::kDocumentReports, records::DocumentReportKey(document_id_, report_id_, incident_id_));
  });
  EXPECT_THAT(ProblemsFound(), Contains(HasSubstr("document_reports does not lead to it")));
}

TEST_F(VerifyTest, FindsAMissingReport) {
  Damage(
      [this](records::Batch* batch) { batch->Delete(family::kReports, records::ReportKey(incident_id_, report_id_)); });
  const auto problems = ProblemsFound();
  EXPECT_THAT(problems, Contains(HasSubstr("no report of it is there")));
  EXPECT_THAT(problems, Contains(HasSubstr("is missing")));
}

TEST_F(VerifyTest, FindsAMissingDocumentAndARebuildRepairsIt) {
  Damage([this](records::Batch* batch) { batch->Delete(family::kDocuments, document_id_); });
  EXPECT_THAT(ProblemsFound(), Contains(HasSubstr("its document")));
  internal::v1::RebuildStoreRequest request;
  request.set_require_same_digest(true);
  EXPECT_THAT(RebuildStore(request, *shard_), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("was kept")));
  EXPECT_FALSE(ProblemsFound().empty());
  request.set_require_same_digest(false);
  EXPECT_THAT(RebuildStore(request, *shard_), IsOk());
  EXPECT_THAT(ProblemsFound(), IsEmpty());
}

TEST_F(VerifyTest, FindsAnUnreadableRecordAndARebuildRepairsIt) {
  Damage([this](records::Batch* batch) { batch->Put(family::kIncidents, incident_id_, "\xFF\xFF"); });
  EXPECT_THAT(ProblemsFound(), Contains(HasSubstr("record is not readable")));
  EXPECT_THAT(RebuildStore({}, *shard_), IsOk());
  EXPECT_THAT(ProblemsFound(), IsEmpty());
}

TEST_F(VerifyTest, FindsAPayloadThatIsNotWhatWasAppended) {
  LyingLog lying(&log_);
  shard_.reset();
  shard_ = FoldAll(folder_ / "index", &lying);
  EXPECT_THAT(ProblemsFound(), Contains(HasSubstr("log intake/0")));
}

TEST_F(VerifyTest, ARebuildThatWasCutOffLeavesTheOldStore) {
  const std::string digest = DigestOfShard(*shard_);
  {
    StoreDirectory directory(folder_ / "index");
    ASSERT_THAT(directory.CreateNext(), IsOk());  // and dies before Publish
  }
  shard_.reset();
  shard_ = FoldAll(folder_ / "index", &log_);
  EXPECT_EQ(DigestOfShard(*shard_), digest);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "index/store-000002"));
}

}  // namespace
}  // namespace interdict::index::testing
