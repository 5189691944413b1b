#include "storage/log/producer.h"

#include <atomic>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/log/memory_log.h"
#include "storage/log/verify.h"
#include "tests/status_matchers.h"
#include "tests/storage/faulty_writer.h"

namespace interdict::log {
namespace {

using ::interdict::testing::IsOk;
using ::interdict::testing::IsOkAndHolds;
using ::interdict::testing::StatusIs;
using testing::FaultyWriter;
using Reach = FaultyWriter::Reach;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr PartitionId kIntake{LogName::kIntake, 0};
const absl::Time kClock = absl::UnixEpoch() + absl::Seconds(1'600'000'000);

Payload Text(const std::string& text) { return {internal::v1::ENTRY_KIND_INTAKE, 1, text}; }
absl::Time Soon() { return absl::Now() + absl::Minutes(1); }

class ProducerTest : public ::testing::Test {
 protected:
  std::vector<std::string> Payloads() {
    std::vector<std::string> payloads;
    const std::vector<Entry> entries = log_.Read(kIntake, 0, {}).value();
    for (const Entry& entry : entries) payloads.push_back(entry.payload);
    return payloads;
  }
  internal::v1::EntryHeader Header(uint64_t sequence) {
    internal::v1::EntryHeader header;
    EXPECT_TRUE(header.ParseFromString(log_.Read(kIntake, sequence - 1, {})->front().header));
    return header;
  }

  MemoryLog log_;
  FaultyWriter writer_{&log_};
  Producer producer_{&writer_, [] { return kClock; }};
};

TEST_F(ProducerTest, StampsAndChains) {
  EXPECT_THAT(producer_.Append(kIntake, Text("a"), Soon()), IsOkAndHolds(1u));
  EXPECT_THAT(producer_.AppendBatch(kIntake, {Text("b"), Text("c")}, std::nullopt, Soon()),
              IsOkAndHolds(ElementsAre(2, 3)));
  EXPECT_THAT(Payloads(), ElementsAre("a", "b", "c"));
  EXPECT_EQ(Header(3).producer(), producer_.id());
  EXPECT_EQ(Header(3).producer_sequence(), 3);
  EXPECT_EQ(Header(3).append_time_us(), absl::ToUnixMicros(kClock));
  EXPECT_THAT(VerifyPartition(log_, kIntake).problems, IsEmpty());
}

TEST_F(ProducerTest, PartitionsHaveChainsOfTheirOwn) {
  MemoryLog log(2, 1);
  Producer producer(&log, absl::Now);
  EXPECT_THAT(producer.Append({LogName::kIntake, 0}, Text("a"), Soon()), IsOkAndHolds(1u));
  EXPECT_THAT(producer.Append({LogName::kIntake, 1}, Text("b"), Soon()), IsOkAndHolds(1u));
}

TEST_F(ProducerTest, RefusesNothingAndUnspecifiedKinds) {
  EXPECT_THAT(producer_.AppendBatch(kIntake, {}, std::nullopt, Soon()), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(producer_.Append(kIntake, Payload{}, Soon()), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(writer_.appends(), 0);
}

TEST_F(ProducerTest, SendsAgainUntilTheOutcomeIsKnown) {
  writer_.FailNext({{Reach::kLost, absl::UnavailableError("")}, {Reach::kWritten, absl::UnavailableError("")}});
  EXPECT_THAT(producer_.Append(kIntake, Text("a"), Soon()), IsOkAndHolds(1u));
  EXPECT_THAT(producer_.Append(kIntake, Text("b"), Soon()), IsOkAndHolds(2u));
  EXPECT_THAT(Payloads(), ElementsAre("a", "b"));
  EXPECT_EQ(writer_.appends(), 4);
}

TEST_F(ProducerTest, AnExpiredDeadlineWritesNothing) {
  EXPECT_THAT(producer_.Append(kIntake, Text("a"), absl::InfinitePast()),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(writer_.appends(), 0);
  EXPECT_THAT(producer_.Append(kIntake, Text("b"), Soon()), IsOkAndHolds(1u));
}

// The deadline passes while it is not known whether the entry was written: both ways, the next append must go through
// and the chain must hold.
TEST_F(ProducerTest, TheNextAppendSettlesAnUnknownOne) {
  for (Reach reach : {Reach::kLost, Reach::kWritten}) {
    MemoryLog log;
    FaultyWriter writer(&log);
    Producer producer(&writer, absl::Now);
    writer.FailNext(std::vector<FaultyWriter::Fault>(1, {reach, absl::UnavailableError("")}));
    absl::Time deadline = absl::Now() + absl::Hours(1);
    writer.OnAppend([&deadline] { absl::SleepFor(deadline - absl::Now()); });
    deadline = absl::Now() + absl::Milliseconds(300);
    EXPECT_THAT(producer.Append(kIntake, Text("unknown"), deadline), StatusIs(absl::StatusCode::kDeadlineExceeded));
    writer.OnAppend(nullptr);
    EXPECT_THAT(producer.Append(kIntake, Text("next"), Soon()), IsOkAndHolds(2u));
    EXPECT_EQ(log.Read(kIntake, 0, {})->front().payload, "unknown");
    EXPECT_THAT(VerifyPartition(log, kIntake).problems, IsEmpty());
  }
}

TEST_F(ProducerTest, AnErrorOfUnknownOutcomeIsToldAndSettledLater) {
  writer_.FailNext({{Reach::kWritten, absl::CancelledError("gone")}});
  EXPECT_THAT(producer_.Append(kIntake, Text("a"), Soon()), StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(producer_.Append(kIntake, Text("b"), Soon()), IsOkAndHolds(2u));
  EXPECT_THAT(VerifyPartition(log_, kIntake).problems, IsEmpty());
}

TEST_F(ProducerTest, ADefiniteFailureBurnsNoSequence) {
  writer_.FailNext({{Reach::kLost, absl::ResourceExhaustedError("full")}});
  EXPECT_THAT(producer_.Append(kIntake, Text("a"), Soon()), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(producer_.AppendBatch(kIntake, {Text("b")}, 7, Soon()), StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(producer_.Append({LogName::kIntake, 9}, Text("c"), Soon()), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(producer_.Append(kIntake, Text("d"), Soon()), IsOkAndHolds(1u));
  EXPECT_EQ(Header(1).producer_sequence(), 1);
  EXPECT_EQ(Header(1).producer(), producer_.id());
}

// The first send arrives although the log then says that it failed: its sequence may be taken, so the chain starts
// anew.
TEST_F(ProducerTest, AFailureAfterAnUnknownOutcomeStartsAFreshChain) {
  writer_.FailNext({{Reach::kWritten, absl::UnavailableError("")}, {Reach::kLost, absl::ResourceExhaustedError("")}});
  EXPECT_THAT(producer_.Append(kIntake, Text("a"), Soon()), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(producer_.Append(kIntake, Text("b"), Soon()), IsOkAndHolds(2u));
  EXPECT_NE(Header(2).producer(), producer_.id());
  EXPECT_EQ(Header(2).producer_sequence(), 1);
  EXPECT_THAT(VerifyPartition(log_, kIntake).problems, IsEmpty());
}

TEST_F(ProducerTest, FencesOnlyTheCallThatAskedForIt) {
  EXPECT_THAT(producer_.AppendBatch(kIntake, {Text("a"), Text("b")}, 0, Soon()), IsOkAndHolds(ElementsAre(1, 2)));
  EXPECT_THAT(producer_.AppendBatch(kIntake, {Text("c")}, 0, Soon()), StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(producer_.AppendBatch(kIntake, {Text("d")}, 2, Soon()), IsOkAndHolds(ElementsAre(3)));
}

// While the first append is held, no other is sent; those that gather meanwhile keep their payloads side by side.
TEST_F(ProducerTest, OneAppendAtATimeAndGatheredCallsStayWhole) {
  absl::Notification first_is_under_way;
  absl::Notification go_on;
  std::atomic<bool> held = false;
  writer_.OnAppend([&] {
    if (held.exchange(true)) return;
    first_is_under_way.Notify();
    go_on.WaitForNotification();
  });
  std::vector<std::thread> threads;
  std::atomic<int> done = 0;
  threads.emplace_back([&] { EXPECT_THAT(producer_.Append(kIntake, Text("first"), Soon()), IsOk()); });
  first_is_under_way.WaitForNotification();
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back([&, i] {
      EXPECT_THAT(
          producer_.AppendBatch(kIntake, {Text(absl::StrCat(i)), Text(absl::StrCat(i, "+"))}, std::nullopt, Soon()),
          IsOk());
      ++done;
    });
  }
  EXPECT_EQ(done, 0);
  EXPECT_EQ(writer_.appends(), 1);
  go_on.Notify();
  for (std::thread& thread : threads) thread.join();
  const std::vector<std::string> payloads = Payloads();
  ASSERT_EQ(payloads.size(), 21);
  for (size_t i = 1; i < payloads.size(); i += 2) EXPECT_EQ(payloads[i + 1], payloads[i] + "+");
  EXPECT_THAT(VerifyPartition(log_, kIntake).problems, IsEmpty());
}

// Many callers, an unreliable log, short and long deadlines: what was acknowledged is there, nothing is there twice,
// and the chains hold.
TEST_F(ProducerTest, AnUnreliableLogLosesAndDoublesNothing) {
  std::vector<FaultyWriter::Fault> faults;
  for (int i = 0; i < 60; ++i) {
    faults.push_back({i % 3 == 0 ? Reach::kLost : Reach::kWritten,
                      i % 7 == 0 ? absl::InternalError("") : absl::UnavailableError("")});
    if (i % 5 == 0) faults.push_back({Reach::kLost, absl::ResourceExhaustedError("")});
  }
  writer_.FailNext(faults);
  std::vector<std::set<std::string>> acknowledged(6);
  std::vector<std::thread> threads;
  for (size_t thread = 0; thread < acknowledged.size(); ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 30; ++i) {
        const std::string text = absl::StrCat(thread, ":", i);
        const absl::Time deadline = i % 2 == 0 ? Soon() : absl::Now() + absl::Milliseconds(3);
        if (producer_.Append(kIntake, Text(text), deadline).ok()) acknowledged[thread].insert(text);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(producer_.Append(kIntake, Text("last"), Soon()), IsOk());
  const std::vector<std::string> payloads = Payloads();
  const std::set<std::string> there(payloads.begin(), payloads.end());
  EXPECT_EQ(there.size(), payloads.size());
  for (const std::set<std::string>& some : acknowledged) {
    for (const std::string& text : some) EXPECT_TRUE(there.contains(text)) << text;
  }
  EXPECT_THAT(VerifyPartition(log_, kIntake).problems, IsEmpty());
}

}  // namespace
}  // namespace interdict::log
