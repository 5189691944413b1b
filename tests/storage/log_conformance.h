// The suite that every implementation of log.h passes. Include it in ONE source file of a test program, link
// interdict_log, and instantiate it with a factory of your log:
//
//   class MyHarness : public LogHarness { … };
//   INSTANTIATE_TEST_SUITE_P(MyLog, LogConformance,
//       ::testing::Values(LogFactory{"MyLog", [](uint32_t intake, uint32_t incidents) { return
//       std::make_unique<MyHarness>(…);
//       }}));
#pragma once

#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/log/log.h"
#include "storage/log/verify.h"
#include "tests/status_matchers.h"
#include "tests/storage/entry_chain.h"

namespace interdict::log::testing {

// A new, empty log and what the suite must be able to do with it from outside.
class LogHarness {
 public:
  virtual ~LogHarness() = default;
  virtual Log& log() = 0;
  // Begins to close the log: waits must end with CANCELLED. log() stays valid.
  virtual void Close() = 0;
};

// One whose log keeps what it acknowledged.
class DurableLogHarness : public LogHarness {
 public:
  // Closes the log and opens what it left.
  virtual void Reopen() = 0;
};

template <typename Harness>
struct HarnessFactory {
  std::string name;  // as the test's parameter is printed
  std::function<std::unique_ptr<Harness>(uint32_t intake_partitions, uint32_t incident_partitions)> make;

  friend void PrintTo(const HarnessFactory& factory, std::ostream* out) { *out << factory.name; }
};
using LogFactory = HarnessFactory<LogHarness>;
using DurableLogFactory = HarnessFactory<DurableLogHarness>;

template <typename Harness>
class LogSuite : public ::testing::TestWithParam<HarnessFactory<Harness>> {
 protected:
  void SetUp() override {
    harness_ = this->GetParam().make(2, 1);
    ASSERT_NE(harness_, nullptr);
  }

  Log& log() { return harness_->log(); }
  Harness& harness() { return *harness_; }

  // Everything in a partition, in pieces as small as `limits` makes them.
  std::vector<Entry> ReadAll(PartitionId partition, const ReadLimits& limits = {}) {
    std::vector<Entry> all;
    while (true) {
      absl::StatusOr<std::vector<Entry>> some = log().Read(partition, all.size(), limits);
      EXPECT_THAT(some, interdict::testing::IsOk());
      if (!some.ok() || some->empty()) return all;
      all.insert(all.end(), some->begin(), some->end());
    }
  }

  std::vector<std::string> Payloads(PartitionId partition) {
    std::vector<std::string> payloads;
    for (Entry& entry : ReadAll(partition)) payloads.push_back(std::move(entry.payload));
    return payloads;
  }

  const PartitionId intake_{LogName::kIntake, 0};
  const PartitionId second_{LogName::kIntake, 1};
  const PartitionId incidents_{LogName::kIncidents, 0};

 private:
  std::unique_ptr<Harness> harness_;
};

// Of every log; of those that outlive their process.
class LogConformance : public LogSuite<LogHarness> {};
class DurableLogConformance : public LogSuite<DurableLogHarness> {};
// A test program may have no log that is durable.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DurableLogConformance);

using Sequences = std::vector<uint64_t>;
using ::interdict::testing::IsOk;
using ::interdict::testing::IsOkAndHolds;
using ::interdict::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_P(LogConformance, SaysWhichLogItIs) {
  absl::StatusOr<LogIdentity> identity = log().Identity();
  ASSERT_THAT(identity, IsOk());
  EXPECT_THAT(identity->log_id, ::testing::MatchesRegex("[0-9a-f]{32}"));
  EXPECT_EQ(identity->intake_partitions, 2);
  EXPECT_EQ(identity->incident_partitions, 1);
  EXPECT_EQ(log().Identity()->log_id, identity->log_id);
}

TEST_P(LogConformance, IsEmptyAtFirst) {
  EXPECT_THAT(log().Last(intake_), IsOkAndHolds(0u));
  EXPECT_THAT(log().Read(intake_, 0, {}), IsOkAndHolds(IsEmpty()));
}

TEST_P(LogConformance, CountsFromOneWithoutGapsInEachPartition) {
  EntryChain first;
  EntryChain second;
  EXPECT_THAT(log().Append(intake_, {first.Next("a")}, std::nullopt), IsOkAndHolds(ElementsAre(1)));
  EXPECT_THAT(log().Append(intake_, {first.Next("b"), first.Next("c")}, std::nullopt), IsOkAndHolds(ElementsAre(2, 3)));
  EXPECT_THAT(log().Append(second_, {second.Next("x")}, std::nullopt), IsOkAndHolds(ElementsAre(1)));
  EXPECT_THAT(log().Last(intake_), IsOkAndHolds(3u));
  EXPECT_THAT(log().Last(second_), IsOkAndHolds(1u));
  EXPECT_THAT(log().Last(incidents_), IsOkAndHolds(0u));
  EXPECT_THAT(Payloads(intake_), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Payloads(second_), ElementsAre("x"));
}

TEST_P(LogConformance, ReturnsTheVeryBytes) {
  EntryChain chain;
  const std::string payload("\0\xff binary \n\x80", 12);
  const NewEntry big = chain.Next(std::string(5 << 20, 'z'));
  const NewEntry small = chain.Next(payload);
  const NewEntry empty = chain.Next("");
  ASSERT_THAT(log().Append(intake_, {big, small, empty}, std::nullopt), IsOk());
  const std::vector<Entry> entries = ReadAll(intake_);
  ASSERT_EQ(entries.size(), 3);
  EXPECT_TRUE(entries[0].payload == big.payload);
  EXPECT_EQ(entries[0].header, big.header);
  EXPECT_EQ(entries[1].payload, payload);
  EXPECT_EQ(entries[2].payload, "");
  EXPECT_FALSE(entries[2].erased);
  EXPECT_EQ(entries[2].sequence, 3);
}

TEST_P(LogConformance, SeveralProducersKeepTheirOwnChains) {
  EntryChain one;
  EntryChain two;
  ASSERT_THAT(log().Append(intake_, {one.Next("1a")}, std::nullopt), IsOk());
  ASSERT_THAT(log().Append(intake_, {two.Next("2a"), one.Next("1b")}, std::nullopt), IsOk());
  ASSERT_THAT(log().Append(intake_, {two.Next("2b")}, std::nullopt), IsOkAndHolds(ElementsAre(4)));
  EXPECT_THAT(VerifyPartition(log(), intake_).problems, IsEmpty());
}

TEST_P(LogConformance, AppendingAgainChangesNothing) {
  EntryChain chain;
  const NewEntry a = chain.Next("a");
  const NewEntry b = chain.Next("b");
  const NewEntry c = chain.Next("c");
  ASSERT_THAT(log().Append(intake_, {a, b}, std::nullopt), IsOkAndHolds(ElementsAre(1, 2)));
  EXPECT_THAT(log().Append(intake_, {a, b}, std::nullopt), IsOkAndHolds(ElementsAre(1, 2)));
  EXPECT_THAT(log().Append(intake_, {b, c}, std::nullopt), IsOkAndHolds(ElementsAre(2, 3)));
  EXPECT_THAT(log().Append(intake_, {a}, std::nullopt), IsOkAndHolds(ElementsAre(1)));
  EXPECT_THAT(Payloads(intake_), ElementsAre("a", "b", "c"));
}

TEST_P(LogConformance, AnEntryTwiceInOneBatchIsWrittenOnce) {
  EntryChain chain;
  const NewEntry a = chain.Next("a");
  EXPECT_THAT(log().Append(intake_, {a, a}, std::nullopt), IsOkAndHolds(ElementsAre(1, 1)));
  EXPECT_THAT(log().Last(intake_), IsOkAndHolds(1u));
}

TEST_P(LogConformance, TheSameProducerMayWriteToSeveralPartitions) {
  EntryChain chain;
  const NewEntry a = chain.Next("a");
  EXPECT_THAT(log().Append(intake_, {a}, std::nullopt), IsOkAndHolds(ElementsAre(1)));
  EXPECT_THAT(log().Append(second_, {a}, std::nullopt), IsOkAndHolds(ElementsAre(1)));
}

TEST_P(LogConformance, FencesByTheLastSequence) {
  EntryChain chain;
  const NewEntry a = chain.Next("a");
  EXPECT_THAT(log().Append(intake_, {a}, 1), StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(log().Last(intake_), IsOkAndHolds(0u));
  EXPECT_THAT(log().Append(intake_, {a}, 0), IsOkAndHolds(ElementsAre(1)));
  const NewEntry b = chain.Next("b");
  EXPECT_THAT(log().Append(intake_, {b}, 0), StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(log().Append(intake_, {b}, 1), IsOkAndHolds(ElementsAre(2)));
  // The answer to an append was lost: the same again, with the fence as it was, tells where the entries are.
  EXPECT_THAT(log().Append(intake_, {b}, 1), IsOkAndHolds(ElementsAre(2)));
  EXPECT_THAT(Payloads(intake_), ElementsAre("a", "b"));
}

TEST_P(LogConformance, OfFencedRacersOneWins) {
  std::vector<std::thread> racers;
  std::vector<absl::Status> outcomes(8);
  for (absl::Status& outcome : outcomes) {
    racers.emplace_back([this, &outcome] {
      EntryChain chain;
      outcome = log().Append(incidents_, {chain.Next("x"), chain.Next("y")}, 0).status();
    });
  }
  for (std::thread& racer : racers) racer.join();
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), absl::OkStatus()), 1);
  for (const absl::Status& outcome : outcomes) {
    EXPECT_TRUE(outcome.ok() || absl::IsAborted(outcome)) << outcome;
  }
  EXPECT_THAT(log().Last(incidents_), IsOkAndHolds(2u));
}

TEST_P(LogConformance, RefusesWhatIsNotAnAppend) {
  EXPECT_THAT(log().Append(intake_, {}, std::nullopt), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(log().Append(intake_, {{"\xff\xff not a header", "a"}}, std::nullopt),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("entries[0]: header")));
}

TEST_P(LogConformance, RefusesSpoiledHeaders) {
  struct Case {
    std::string problem;
    std::function<void(internal::v1::EntryHeader&)> spoil;
  };
  const std::vector<Case> cases = {
      {"producer:", [](auto& header) { header.set_producer("someone"); }},
      {"producer:", [](auto& header) { header.set_producer(std::string(32, 'A')); }},
      {"producer_sequence", [](auto& header) { header.set_producer_sequence(0); }},
      {"producer_sequence: leaves a gap", [](auto& header) { header.set_producer_sequence(3); }},
      {"kind", [](auto& header) { header.clear_kind(); }},
      {"payload_sha256", [](auto& header) { header.set_payload_sha256(ids::Sha256("other")); }},
      {"payload_sha256", [](auto& header) { header.clear_payload_sha256(); }},
      {"previous_header_sha256", [](auto& header) { header.clear_previous_header_sha256(); }},
      {"previous_header_sha256", [](auto& header) { header.set_previous_header_sha256(ids::Sha256("other")); }},
  };
  EntryChain chain;
  ASSERT_THAT(log().Append(intake_, {chain.Next("a")}, std::nullopt), IsOk());
  for (const Case& c : cases) {
    internal::v1::EntryHeader header = chain.NextHeader("b");
    c.spoil(header);
    EXPECT_THAT(log().Append(intake_, {{header.SerializeAsString(), "b"}}, std::nullopt),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.problem)));
  }
  EXPECT_THAT(log().Last(intake_), IsOkAndHolds(1u));
}

TEST_P(LogConformance, ABatchWithOneBadEntryIsRefusedWhole) {
  EntryChain chain;
  const NewEntry good = chain.Next("good");
  NewEntry bad = chain.Next("bad");
  bad.payload = "other";
  EXPECT_THAT(log().Append(intake_, {good, bad}, std::nullopt),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("entries[1]")));
  EXPECT_THAT(log().Last(intake_), IsOkAndHolds(0u));
  EXPECT_THAT(log().Append(intake_, {good}, std::nullopt), IsOkAndHolds(ElementsAre(1)));
}

TEST_P(LogConformance, AProducersSequenceIsNotGivenTwice) {
  EntryChain chain;
  ASSERT_THAT(log().Append(intake_, {chain.Next("a")}, std::nullopt), IsOk());
  EntryChain impostor(chain.producer());
  EXPECT_THAT(log().Append(intake_, {impostor.Next("other")}, std::nullopt),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("taken")));
}

TEST_P(LogConformance, UnknownPartitionsAreNotFound) {
  for (PartitionId unknown : {PartitionId{LogName::kIntake, 2}, PartitionId{LogName::kIncidents, 1}}) {
    EXPECT_THAT(log().Append(unknown, {EntryChain().Next("a")}, std::nullopt), StatusIs(absl::StatusCode::kNotFound));
    EXPECT_THAT(log().Read(unknown, 0, {}), StatusIs(absl::StatusCode::kNotFound));
    EXPECT_THAT(log().Last(unknown), StatusIs(absl::StatusCode::kNotFound));
    EXPECT_THAT(log().Wait(unknown, 0, absl::InfinitePast()), StatusIs(absl::StatusCode::kNotFound));
    EXPECT_THAT(log().Erase(unknown, 1), StatusIs(absl::StatusCode::kNotFound));
  }
}

TEST_P(LogConformance, ReadKeepsItsLimitsAndAlwaysGivesOne) {
  EntryChain chain;
  std::vector<NewEntry> entries;
  for (int i = 0; i < 10; ++i) entries.push_back(chain.Next(std::string(1000, static_cast<char>('a' + i))));
  ASSERT_THAT(log().Append(intake_, entries, std::nullopt), IsOk());
  EXPECT_EQ(log().Read(intake_, 0, {.max_entries = 3})->size(), 3);
  EXPECT_EQ(log().Read(intake_, 8, {.max_entries = 3})->size(), 2);
  EXPECT_THAT(log().Read(intake_, 10, {}), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(log().Read(intake_, std::numeric_limits<uint64_t>::max(), {}), IsOkAndHolds(IsEmpty()));
  EXPECT_EQ(log().Read(intake_, 0, {.max_bytes = 1})->size(), 1);
  const size_t some = log().Read(intake_, 0, {.max_bytes = 5000})->size();
  EXPECT_GE(some, 2);
  EXPECT_LE(some, 5);
  EXPECT_EQ(ReadAll(intake_, {.max_entries = 3}).size(), 10);
  EXPECT_EQ(ReadAll(intake_, {.max_bytes = 2500}).size(), 10);
}

TEST_P(LogConformance, WaitReturnsAtOnceIfThereIsMore) {
  EntryChain chain;
  ASSERT_THAT(log().Append(intake_, {chain.Next("a"), chain.Next("b")}, std::nullopt), IsOk());
  EXPECT_THAT(log().Wait(intake_, 0, absl::InfiniteFuture()), IsOkAndHolds(2u));
  EXPECT_THAT(log().Wait(intake_, 1, absl::InfiniteFuture()), IsOkAndHolds(2u));
}

TEST_P(LogConformance, WaitTellsTheLastWhenTimeRunsOut) {
  EntryChain chain;
  ASSERT_THAT(log().Append(intake_, {chain.Next("a")}, std::nullopt), IsOk());
  EXPECT_THAT(log().Wait(intake_, 1, absl::Now() + absl::Milliseconds(30)), IsOkAndHolds(1u));
  EXPECT_THAT(log().Wait(intake_, 1, absl::InfinitePast()), IsOkAndHolds(1u));
  EXPECT_THAT(log().Wait(intake_, std::numeric_limits<uint64_t>::max(), absl::InfinitePast()), IsOkAndHolds(1u));
}

TEST_P(LogConformance, WaitWakesWhenAnEntryComes) {
  std::vector<absl::StatusOr<uint64_t>> woken(4, absl::UnknownError("did not return"));
  std::vector<std::thread> waiters;
  for (absl::StatusOr<uint64_t>& result : woken) {
    waiters.emplace_back([this, &result] { result = log().Wait(intake_, 0, absl::Now() + absl::Minutes(1)); });
  }
  EntryChain elsewhere;
  EntryChain chain;
  EXPECT_THAT(log().Append(second_, {elsewhere.Next("x")}, std::nullopt), IsOk());
  EXPECT_THAT(log().Append(intake_, {chain.Next("a")}, std::nullopt), IsOk());
  for (std::thread& waiter : waiters) waiter.join();
  for (const absl::StatusOr<uint64_t>& result : woken) EXPECT_THAT(result, IsOkAndHolds(1u));
}

TEST_P(LogConformance, ClosingCancelsWaits) {
  absl::Status woken;
  std::thread waiter([this, &woken] { woken = log().Wait(intake_, 0, absl::Now() + absl::Minutes(1)).status(); });
  harness().Close();
  waiter.join();
  EXPECT_THAT(woken, StatusIs(absl::StatusCode::kCancelled));
}

TEST_P(LogConformance, EraseBlanksThePayloadAndTheChainStillVerifies) {
  EntryChain chain;
  const NewEntry secret = chain.Next("secret");
  ASSERT_THAT(log().Append(intake_, {secret}, std::nullopt), IsOk());
  EntryChain other;
  ASSERT_THAT(log().Append(intake_, {other.Next("kept"), other.Next("also kept")}, std::nullopt), IsOk());
  EXPECT_THAT(log().Erase(intake_, 1), IsOk());
  EXPECT_THAT(log().Erase(intake_, 1), IsOk());
  const std::vector<Entry> entries = ReadAll(intake_);
  ASSERT_EQ(entries.size(), 3);
  EXPECT_TRUE(entries[0].erased);
  EXPECT_EQ(entries[0].payload, "");
  EXPECT_EQ(entries[0].header, secret.header);
  EXPECT_FALSE(entries[1].erased);
  EXPECT_EQ(entries[1].payload, "kept");
  EXPECT_THAT(VerifyPartition(log(), intake_).problems, IsEmpty());
  EXPECT_EQ(VerifyPartition(log(), intake_).erased, 1);
  // The erased entry still counts as written.
  EXPECT_THAT(log().Append(intake_, {secret}, std::nullopt), IsOkAndHolds(ElementsAre(1)));
  EXPECT_TRUE(ReadAll(intake_)[0].erased);
}

TEST_P(LogConformance, EraseOfAnUnknownEntryIsNotFound) {
  EntryChain chain;
  ASSERT_THAT(log().Append(intake_, {chain.Next("a")}, std::nullopt), IsOk());
  for (uint64_t unknown : {uint64_t{0}, uint64_t{2}, std::numeric_limits<uint64_t>::max()}) {
    EXPECT_THAT(log().Erase(intake_, unknown), StatusIs(absl::StatusCode::kNotFound));
  }
  EXPECT_THAT(log().Erase(incidents_, 1), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Payloads(intake_), ElementsAre("a"));
}

TEST_P(LogConformance, ManyThreadsLoseAndDoubleNothing) {
  constexpr int kThreads = 8;
  constexpr int kEach = 40;
  std::vector<std::set<uint64_t>> acknowledged(kThreads);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([this, thread, &acknowledged] {
      EntryChain chain;
      for (int i = 0; i < kEach; ++i) {
        const NewEntry entry = chain.Next(absl::StrCat(thread, ":", i));
        absl::StatusOr<Sequences> sequences = log().Append(intake_, {entry}, std::nullopt);
        ASSERT_THAT(sequences, IsOk());
        // What is acknowledged can be read at once, and is what was appended.
        absl::StatusOr<std::vector<Entry>> read = log().Read(intake_, sequences->front() - 1, {.max_entries = 1});
        ASSERT_THAT(read, IsOk());
        ASSERT_EQ(read->size(), 1);
        EXPECT_EQ(read->front().payload, entry.payload);
        acknowledged[thread].insert(sequences->front());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<uint64_t> all;
  for (const std::set<uint64_t>& some : acknowledged) all.insert(some.begin(), some.end());
  EXPECT_EQ(all.size(), kThreads * kEach);
  EXPECT_EQ(*all.rbegin(), kThreads * kEach);
  const std::vector<std::string> payloads = Payloads(intake_);
  EXPECT_EQ(payloads.size(), kThreads * kEach);
  EXPECT_EQ(std::set<std::string>(payloads.begin(), payloads.end()).size(), kThreads * kEach);
  EXPECT_THAT(VerifyPartition(log(), intake_).problems, IsEmpty());
}

TEST_P(DurableLogConformance, KeepsEverythingWhenOpenedAgain) {
  const std::string id = log().Identity()->log_id;
  EntryChain chain;
  const NewEntry a = chain.Next("a");
  ASSERT_THAT(log().Append(intake_, {a, chain.Next("b")}, std::nullopt), IsOk());
  ASSERT_THAT(log().Erase(intake_, 2), IsOk());
  harness().Reopen();
  EXPECT_EQ(log().Identity()->log_id, id);
  EXPECT_EQ(log().Identity()->intake_partitions, 2);
  EXPECT_THAT(log().Last(intake_), IsOkAndHolds(2u));
  EXPECT_THAT(Payloads(intake_), ElementsAre("a", ""));
  EXPECT_TRUE(ReadAll(intake_)[1].erased);
  EXPECT_THAT(log().Append(intake_, {a}, std::nullopt), IsOkAndHolds(ElementsAre(1)));
  EXPECT_THAT(log().Append(intake_, {chain.Next("c")}, 2), IsOkAndHolds(ElementsAre(3)));
  EXPECT_THAT(VerifyPartition(log(), intake_).problems, IsEmpty());
}

}  // namespace interdict::log::testing
