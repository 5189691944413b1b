// A log cut into shards: every incident is in one of them, documents are in the first, and nobody waits for what is not
// his.
#include "services/index/fold/ownership.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/index/document_reader.h"
#include "services/index/shard_reader.h"
#include "storage/records/keys.h"
#include "tests/index/index_fixture.h"
#include "tests/status_matchers.h"

namespace interdict::index::testing {
namespace {

using interdict::testing::IsOk;
using interdict::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const log::LogIdentity kIdentity = {.log_id = "", .intake_partitions = 2, .incident_partitions = 5};
constexpr log::LogName kIntake = log::LogName::kIntake;
constexpr log::LogName kIncidents = log::LogName::kIncidents;

std::unique_ptr<Shard> OpenShard(const std::string& path, log::Log* log, ShardSlot slot) {
  auto shard = Shard::Open(path, log, nullptr, slot);
  EXPECT_THAT(shard, IsOk());
  EXPECT_THAT((*shard)->CatchUp(), IsOk());
  return *std::move(shard);
}

std::set<std::string> IncidentsIn(const Shard& shard) {
  std::set<std::string> ids;
  const auto reader = shard.Snapshot();
  for (auto cursor = reader->Scan(records::family::kIncidents, ""); cursor->Valid(); cursor->Next()) {
    ids.insert(records::HexFromId(cursor->key()));
  }
  return ids;
}

TEST(ShardSlotTest, ParsesWhatItWrites) {
  for (const ShardSlot slot : {ShardSlot{0, 1}, ShardSlot{2, 3}}) {
    const auto parsed = ShardSlot::Parse(slot.ToString());
    ASSERT_THAT(parsed, IsOk());
    EXPECT_EQ(*parsed, slot);
  }
  for (const std::string text : {"", "1", "1/1", "3/3", "-1/3", "0/0", "0/1/2", "a/3", "0/"}) {
    EXPECT_THAT(ShardSlot::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(OwnershipTest, PartitionsAreSharedOutOnce) {
  EXPECT_THAT(Ownership(kIdentity, {0, 2}).Partitions(),
              ElementsAre(log::PartitionId{kIntake, 0}, log::PartitionId{kIntake, 1}, log::PartitionId{kIncidents, 0},
                          log::PartitionId{kIncidents, 2}, log::PartitionId{kIncidents, 4}));
  EXPECT_THAT(Ownership(kIdentity, {1, 2}).Partitions(),
              ElementsAre(log::PartitionId{kIncidents, 1}, log::PartitionId{kIncidents, 3}));
  EXPECT_EQ(Ownership(kIdentity).Partitions(), kIdentity.Partitions());
}

TEST(OwnershipTest, WaitsOnlyForItsOwn) {
  const Ownership second(kIdentity, {1, 2});
  Progress progress;
  progress.folded = {{{kIncidents, 1}, 5}, {{kIncidents, 3}, 5}};
  progress.watermarks = {{{kIncidents, 1}, {{{kIntake, 0}, 7}}}, {{kIncidents, 3}, {{{kIntake, 0}, 8}}}};
  EXPECT_TRUE(HasReached(progress, second, {{{kIncidents, 0}, 100}, {{kIncidents, 1}, 5}}));
  EXPECT_FALSE(HasReached(progress, second, {{{kIncidents, 1}, 6}}));
  EXPECT_TRUE(HasReached(progress, second, {{{kIntake, 0}, 7}}));
  EXPECT_FALSE(HasReached(progress, second, {{{kIntake, 0}, 8}}));
  EXPECT_FALSE(HasReached(progress, second, {{{kIncidents, 9}, 1}})) << "there is no such partition";
}

TEST(OwnershipTest, ThreeShardsHoldTogetherWhatOneHolds) {
  TempFolder folder;
  log::MemoryLog log(1, 3);
  FakeIngest ingest(&log);
  for (int i = 0; i < 12; ++i) {
    const std::string text = absl::StrCat("Seizure ", i, " of coal. Then a second one.");
    ingest.Accept(text, {{"first", "coal"}, {"second", "second"}});
  }
  DecideAll(&log, folder / "view");
  const auto whole = OpenShard(folder / "whole", &log, {});
  std::set<std::string> all;
  std::vector<std::unique_ptr<Shard>> shards;
  std::multiset<std::string> of_document;
  for (uint32_t k = 0; k < 3; ++k) {
    shards.push_back(OpenShard(folder / absl::StrCat("shard", k), &log, {k, 3}));
    const std::set<std::string> ids = IncidentsIn(*shards.back());
    EXPECT_THAT(ids, Not(IsEmpty()));
    for (const std::string& id : ids) EXPECT_TRUE(all.insert(id).second) << id << " is in two shards";
    const ShardReader reader(shards.back().get(), [] { return log::Positions(); });
    internal::v1::BatchGetDocumentsRequest request;
    request.add_document_ids(IdOf("Seizure 3 of coal. Then a second one."));
    const auto answer = reader.BatchGetDocuments(request, [] { return absl::OkStatus(); });
    ASSERT_THAT(answer, IsOk());
    EXPECT_EQ(answer->documents_size(), k == 0 ? 1 : 0);
    for (const auto& incidents : answer->incidents()) {
      of_document.insert(incidents.incidents().begin(), incidents.incidents().end());
    }
  }
  internal::v1::BatchGetDocumentsRequest request;
  request.add_document_ids(IdOf("Seizure 3 of coal. Then a second one."));
  request.set_incidents_only(true);
  const auto only = ShardReader(whole.get(), [] { return log::Positions(); }).BatchGetDocuments(request, [] {
    return absl::OkStatus();
  });
  ASSERT_THAT(only, IsOk());
  EXPECT_EQ(only->documents_size(), 0);
  ASSERT_EQ(only->incidents_size(), 1);
  EXPECT_EQ(only->incidents(0).incidents_size(), 2);
  EXPECT_EQ(only->incidents(0).numbers_size(), 2);
  EXPECT_EQ(all, IncidentsIn(*whole));
  EXPECT_EQ(of_document,
            (std::multiset<std::string>{"incidents/" + IncidentIdOf("Seizure 3 of coal. Then a second one.", 0),
                                        "incidents/" + IncidentIdOf("Seizure 3 of coal. Then a second one.", 1)}));
  const auto replica = OpenShard(folder / "replica", &log, {1, 3});
  EXPECT_EQ(DigestOfShard(*replica), DigestOfShard(*shards[1]));
}

// Number key to id, of incidents or documents.
std::map<std::string, std::string> NumbersIn(const Shard& shard, std::string_view family) {
  std::map<std::string, std::string> numbers;
  const auto reader = shard.Snapshot();
  for (const auto cursor = reader->Scan(family, ""); cursor->Valid(); cursor->Next()) {
    numbers.emplace(cursor->key(), cursor->value());
  }
  return numbers;
}

TEST(OwnershipTest, NumbersAreTheSameInEveryReplicaAndShard) {
  TempFolder folder;
  log::MemoryLog log(2, 3);
  FakeIngest ingest(&log);
  const auto early = OpenShard(folder / "early", &log, {});
  for (int i = 0; i < 12; ++i) {
    const std::string text = absl::StrCat("Seizure ", i, " of coal. Then a second one.");
    ingest.Accept(text, {{"first", "coal"}, {"second", "second"}});
    DecideAll(&log, folder / "view");
    ASSERT_THAT(early->CatchUp(), IsOk());
  }
  // Gone before the second replica begins: it never sees what was there.
  for (int i : {0, 1, 5}) ingest.Remove(absl::StrCat("Seizure ", i, " of coal. Then a second one."));
  DecideAll(&log, folder / "view");
  ASSERT_THAT(early->CatchUp(), IsOk());
  // One partition after the other, where the first took what came in turn.
  const auto late = OpenShard(folder / "late", &log, {});
  const auto incidents = NumbersIn(*early, records::family::kIncidentNumbers);
  EXPECT_EQ(incidents.size(), 18U);
  EXPECT_EQ(NumbersIn(*late, records::family::kIncidentNumbers), incidents);
  EXPECT_EQ(NumbersIn(*late, records::family::kDocumentNumbers), NumbersIn(*early, records::family::kDocumentNumbers));
  std::map<std::string, std::string> of_shards;
  for (uint32_t k = 0; k < 3; ++k) {
    const auto shard = OpenShard(folder / absl::StrCat("shard", k), &log, {k, 3});
    for (const auto& [number, id] : NumbersIn(*shard, records::family::kIncidentNumbers)) {
      EXPECT_TRUE(of_shards.emplace(number, id).second) << "two shards give one number";
    }
  }
  EXPECT_EQ(of_shards, incidents);
  const auto status = ShardReader(late.get(), [] { return log::Positions(); }).GetIndexStatus();
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(status->incident_count(), 18U);
}

TEST(OwnershipTest, AStoreStaysWithItsShard) {
  TempFolder folder;
  log::MemoryLog log(1, 3);
  OpenShard(folder / "index", &log, {1, 3}).reset();
  EXPECT_THAT(Shard::Open(folder / "index", &log, nullptr, {2, 3}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("--shard 1/3")));
  EXPECT_THAT(Shard::Open(folder / "index", &log, nullptr),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("--shard 1/3")));
  EXPECT_THAT(Shard::Open(folder / "index", &log, nullptr, {1, 3}), IsOk());
  EXPECT_THAT(Shard::Open(folder / "other", &log, nullptr, {1, 4}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--incident-partitions 4")));
}

}  // namespace
}  // namespace interdict::index::testing
