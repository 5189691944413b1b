#include "services/cli/submission_stream.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "services/server/status.h"
#include "tests/status_matchers.h"

namespace interdict::cli {
namespace {

using ::interdict::testing::IsOk;
using ::interdict::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Stream = grpc::ServerReaderWriter<v1::SubmitDocumentsResponse, v1::SubmitDocumentsRequest>;

// What the server does with one stream; `number` counts streams from 0.
using StreamScript = std::function<grpc::Status(Stream&, int number)>;

class ScriptedIngest : public v1::IngestService::Service {
 public:
  explicit ScriptedIngest(StreamScript script) : script_(std::move(script)) {}
  grpc::Status SubmitDocuments(grpc::ServerContext*, Stream* stream) override {
    int number;
    {
      std::lock_guard lock(mutex_);
      number = streams_++;
    }
    return script_(*stream, number);
  }
  int streams() {
    std::lock_guard lock(mutex_);
    return streams_;
  }

 private:
  const StreamScript script_;
  std::mutex mutex_;
  int streams_ = 0;  // guarded by mutex_
};

v1::SubmitDocumentsResponse Accepted(uint64_t ordinal, const v1::SubmitDocumentsRequest& request) {
  v1::SubmitDocumentsResponse answer;
  answer.set_ordinal(ordinal);
  answer.mutable_response()->set_document("documents/" + request.submission().document().content());
  answer.mutable_response()->set_outcome(v1::SUBMISSION_OUTCOME_ACCEPTED);
  return answer;
}

v1::SubmitDocumentsResponse Refused(uint64_t ordinal, grpc::StatusCode code, int64_t retry_after_ms) {
  v1::SubmitDocumentsResponse answer;
  answer.set_ordinal(ordinal);
  answer.mutable_error()->set_code(code);
  answer.mutable_error()->set_message("not now");
  answer.mutable_error()->set_retry_after_ms(retry_after_ms);
  return answer;
}

// Accepts everything; at most `limit` documents, then the stream breaks.
grpc::Status AcceptUpTo(Stream& stream, uint64_t limit) {
  v1::SubmitDocumentsRequest request;
  for (uint64_t ordinal = 0; stream.Read(&request); ++ordinal) {
    if (ordinal == limit) return grpc::Status(grpc::UNAVAILABLE, "stopping");
    stream.Write(Accepted(ordinal, request));
  }
  return grpc::Status::OK;
}

class SubmissionStreamTest : public ::testing::Test {
 protected:
  ~SubmissionStreamTest() override {
    if (server_ != nullptr) server_->Shutdown();
  }

  void Serve(StreamScript script) {
    service_ = std::make_unique<ScriptedIngest>(std::move(script));
    grpc::ServerBuilder builder;
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = v1::IngestService::NewStub(server_->InProcessChannel(grpc::ChannelArguments()));
  }

  // Submits `count` documents named d0, d1, … with request ids r0, r1, …
  absl::Status Submit(int count, SubmissionStreamOptions options = {}) {
    SubmissionStream stream(stub_.get(), options);
    int given = 0;
    const auto next = [&]() -> std::optional<Submission> {
      if (given == count) return std::nullopt;
      Submission submission;
      submission.id = "d" + std::to_string(given);
      submission.request.mutable_document()->set_content(submission.id);
      submission.request.set_request_id("r" + std::to_string(given));
      ++given;
      return submission;
    };
    return stream.Run(next, [&](const Submission& submission, const v1::SubmitDocumentsResponse& answer) {
      answered_.push_back(submission.id);
      if (answer.has_error()) {
        refused_[submission.id] = answer.error();
      } else {
        EXPECT_EQ(answer.response().document(), "documents/" + submission.id);
      }
    });
  }

  std::vector<std::string> AnsweredSorted() const {
    std::vector<std::string> sorted = answered_;
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  }

  std::unique_ptr<ScriptedIngest> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::IngestService::Stub> stub_;
  std::vector<std::string> answered_;
  std::map<std::string, v1::SubmissionError> refused_;
};

TEST_F(SubmissionStreamTest, EachDocumentIsAnsweredOnce) {
  Serve([](Stream& stream, int) { return AcceptUpTo(stream, 1000); });
  ASSERT_THAT(Submit(100, {.window = 8}), IsOk());
  EXPECT_THAT(answered_, SizeIs(100));
  EXPECT_EQ(std::set<std::string>(answered_.begin(), answered_.end()).size(), 100u);
  EXPECT_EQ(service_->streams(), 1);
}

TEST_F(SubmissionStreamTest, NothingToSubmitIsDone) {
  Serve([](Stream& stream, int) { return AcceptUpTo(stream, 1000); });
  EXPECT_THAT(Submit(0), IsOk());
  EXPECT_THAT(answered_, IsEmpty());
}

TEST_F(SubmissionStreamTest, AnswersMayComeInAnyOrder) {
  Serve([](Stream& stream, int) {
    std::vector<v1::SubmitDocumentsRequest> requests(4);
    for (auto& request : requests) stream.Read(&request);
    for (uint64_t ordinal : {2, 0, 3, 1}) stream.Write(Accepted(ordinal, requests[ordinal]));
    return grpc::Status::OK;
  });
  ASSERT_THAT(Submit(4, {.window = 4}), IsOk());
  EXPECT_THAT(answered_, ElementsAre("d2", "d0", "d3", "d1"));
}

TEST_F(SubmissionStreamTest, WhatABrokenStreamLeftUnansweredIsSentAgainWithTheSameRequestId) {
  std::mutex mutex;
  std::map<std::string, std::set<std::string>> request_ids;  // by content
  std::vector<std::string> second_stream;
  Serve([&](Stream& stream, int number) {
    v1::SubmitDocumentsRequest request;
    for (uint64_t ordinal = 0; stream.Read(&request); ++ordinal) {
      {
        std::lock_guard lock(mutex);
        request_ids[request.submission().document().content()].insert(request.submission().request_id());
        if (number == 1) second_stream.push_back(request.submission().document().content());
      }
      // The first stream answers its second document only and breaks after the fourth.
      if (number > 0 || ordinal == 1) stream.Write(Accepted(ordinal, request));
      if (number == 0 && ordinal == 3) return grpc::Status(grpc::UNAVAILABLE, "connection lost");
    }
    return grpc::Status::OK;
  });
  ASSERT_THAT(Submit(6, {.window = 4}), IsOk());
  EXPECT_THAT(AnsweredSorted(), ElementsAre("d0", "d1", "d2", "d3", "d4", "d5"));
  EXPECT_EQ(service_->streams(), 2);
  EXPECT_THAT(second_stream, ::testing::UnorderedElementsAre("d0", "d2", "d3", "d4", "d5")) << "d1 was answered";
  for (const auto& [content, ids] : request_ids) {
    EXPECT_THAT(ids, ElementsAre("r" + content.substr(1)));
  }
}

TEST_F(SubmissionStreamTest, StreamThatEndsWellButEarlyIsGoneOnWith) {
  Serve([](Stream& stream, int) {
    v1::SubmitDocumentsRequest request;
    if (stream.Read(&request)) stream.Write(Accepted(0, request));
    return grpc::Status::OK;
  });
  ASSERT_THAT(Submit(3, {.window = 2}), IsOk());
  EXPECT_THAT(AnsweredSorted(), ElementsAre("d0", "d1", "d2"));
}

TEST_F(SubmissionStreamTest, DocumentTurnedAwayForNowIsSentAgainNoSoonerThanAsked) {
  constexpr int64_t kWaitMs = 300;
  absl::Time asked;
  absl::Time came_again;
  Serve([&](Stream& stream, int) {
    v1::SubmitDocumentsRequest request;
    for (uint64_t ordinal = 0; stream.Read(&request); ++ordinal) {
      if (ordinal == 0) {
        asked = absl::Now();
        stream.Write(Refused(ordinal, grpc::RESOURCE_EXHAUSTED, kWaitMs));
      } else {
        came_again = absl::Now();
        stream.Write(Accepted(ordinal, request));
      }
    }
    return grpc::Status::OK;
  });
  ASSERT_THAT(Submit(1), IsOk());
  EXPECT_THAT(answered_, ElementsAre("d0"));
  EXPECT_THAT(refused_, IsEmpty());
  EXPECT_GE(came_again - asked, absl::Milliseconds(kWaitMs));
  EXPECT_EQ(service_->streams(), 1) << "the stream itself was good";
}

TEST_F(SubmissionStreamTest, StreamTurnedAwayForNowIsOpenedAgainNoSoonerThanAsked) {
  constexpr absl::Duration kWait = absl::Milliseconds(700);
  absl::Time asked;
  absl::Time came_again;
  Serve([&](Stream& stream, int number) {
    if (number == 0) {
      asked = absl::Now();
      return server::ToGrpc(
          server::WithRetryAfter(server::Error(absl::StatusCode::kResourceExhausted, "BUSY", "full", {}), kWait));
    }
    came_again = absl::Now();
    return AcceptUpTo(stream, 1000);
  });
  ASSERT_THAT(Submit(2), IsOk());
  EXPECT_THAT(AnsweredSorted(), ElementsAre("d0", "d1"));
  EXPECT_GE(came_again - asked, kWait);
}

TEST_F(SubmissionStreamTest, RefusedDocumentIsToldAndTheOthersGoOn) {
  Serve([](Stream& stream, int) {
    v1::SubmitDocumentsRequest request;
    for (uint64_t ordinal = 0; stream.Read(&request); ++ordinal) {
      const bool bad = request.submission().document().content() == "d1";
      stream.Write(bad ? Refused(ordinal, grpc::INVALID_ARGUMENT, 0) : Accepted(ordinal, request));
    }
    return grpc::Status::OK;
  });
  ASSERT_THAT(Submit(3), IsOk());
  EXPECT_THAT(AnsweredSorted(), ElementsAre("d0", "d1", "d2"));
  ASSERT_THAT(refused_, SizeIs(1));
  EXPECT_EQ(refused_["d1"].code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(refused_["d1"].message(), "not now");
}

TEST_F(SubmissionStreamTest, DocumentThatIsTurnedAwayForTooLongIsToldAsRefused) {
  Serve([](Stream& stream, int) {
    v1::SubmitDocumentsRequest request;
    for (uint64_t ordinal = 0; stream.Read(&request); ++ordinal) {
      stream.Write(Refused(ordinal, grpc::RESOURCE_EXHAUSTED, 10));
    }
    return grpc::Status::OK;
  });
  ASSERT_THAT(Submit(2, {.give_up_after = absl::Milliseconds(500)}), IsOk());
  EXPECT_THAT(AnsweredSorted(), ElementsAre("d0", "d1"));
  EXPECT_EQ(refused_["d0"].code(), grpc::RESOURCE_EXHAUSTED);
}

TEST_F(SubmissionStreamTest, ServerThatIsAwayForTooLongIsGivenUp) {
  Serve([](Stream&, int) { return grpc::Status(grpc::UNAVAILABLE, "nobody there"); });
  EXPECT_THAT(Submit(3, {.window = 3, .give_up_after = absl::Milliseconds(500)}),
              StatusIs(absl::StatusCode::kUnavailable, AllOf(HasSubstr("not answered"), HasSubstr("nobody there"))));
  EXPECT_GT(service_->streams(), 1) << "it was tried again";
  EXPECT_THAT(answered_, IsEmpty());
}

TEST_F(SubmissionStreamTest, ServerThatWillNeverTakeThemIsNotTriedAgain) {
  Serve([](Stream&, int) { return grpc::Status(grpc::UNAUTHENTICATED, "who are you"); });
  EXPECT_THAT(Submit(3), StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("who are you")));
  EXPECT_EQ(service_->streams(), 1);
}

TEST_F(SubmissionStreamTest, SlowInputIsNoReasonToGiveUp) {
  constexpr absl::Duration kGiveUpAfter = absl::Seconds(1);
  Serve([](Stream& stream, int number) {
    // Breaks at the second document, which comes long after the first.
    return AcceptUpTo(stream, number == 0 ? 1 : 1000);
  });
  SubmissionStream stream(stub_.get(), {.window = 4, .give_up_after = kGiveUpAfter});
  int given = 0;
  const auto next = [&]() -> std::optional<Submission> {
    if (given == 2) return std::nullopt;
    if (given == 1) absl::SleepFor(1.2 * kGiveUpAfter);
    Submission submission;
    submission.id = "d" + std::to_string(given++);
    submission.request.mutable_document()->set_content(submission.id);
    return submission;
  };
  EXPECT_THAT(stream.Run(next, [&](const Submission& submission,
                                   const v1::SubmitDocumentsResponse&) { answered_.push_back(submission.id); }),
              IsOk());
  EXPECT_THAT(AnsweredSorted(), ElementsAre("d0", "d1"));
}

TEST_F(SubmissionStreamTest, NoMoreThanTheWindowIsOnItsWay) {
  constexpr int kWindow = 4;
  constexpr int kCount = 18;
  int most_unanswered = 0;
  Serve([&](Stream& stream, int) {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<v1::SubmitDocumentsRequest> received;
    int answered = 0;
    // Reads all that comes, whether it is answered or not.
    std::thread reader([&] {
      v1::SubmitDocumentsRequest request;
      while (stream.Read(&request)) {
        std::lock_guard lock(mutex);
        received.push_back(request);
        most_unanswered = std::max(most_unanswered, static_cast<int>(received.size()) - answered);
        changed.notify_all();
      }
    });
    // Answers one when the window is full, or nothing more will come.
    while (answered < kCount) {
      v1::SubmitDocumentsResponse answer;
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return static_cast<int>(received.size()) >= std::min(answered + kWindow, kCount); });
        answer = Accepted(answered, received[answered]);
        ++answered;
      }
      stream.Write(answer);
    }
    reader.join();
    return grpc::Status::OK;
  });
  ASSERT_THAT(Submit(kCount, {.window = kWindow}), IsOk());
  EXPECT_THAT(answered_, SizeIs(kCount));
  EXPECT_EQ(most_unanswered, kWindow);
}

}  // namespace
}  // namespace interdict::cli
