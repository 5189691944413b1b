#include "services/ingest/submit_stream.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "absl/time/clock.h"
#include "services/server/worker_pool.h"
#include "storage/ids/ids.h"
#include "tests/ingest/ingest_fixture.h"

namespace interdict::ingest {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class SubmitStreamTest : public IngestTest {
 protected:
  using Stream = grpc::ClientReaderWriter<v1::SubmitDocumentsRequest, v1::SubmitDocumentsResponse>;

  static v1::SubmitDocumentsRequest StreamRequest(const std::string& content) {
    v1::SubmitDocumentsRequest request;
    *request.mutable_submission() = Request(content);
    return request;
  }

  // Makes the extractor wait until Release; counts who waits.
  void HoldExtractor() {
    extract_ = [this](const v1::DocumentInput& input) {
      std::unique_lock lock(mutex_);
      ++inside_;
      most_inside_ = std::max(most_inside_, inside_);
      changed_.notify_all();
      changed_.wait(lock, [this] { return released_; });
      --inside_;
      lock.unlock();
      return extractor_.Extract(input);
    };
  }
  void AwaitInside(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return inside_ >= count; });
  }
  void Release() {
    std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int inside_ = 0;
  int most_inside_ = 0;
  bool released_ = false;
};

TEST_F(SubmitStreamTest, EachDocumentIsAnsweredAndBadOnesDoNotEndIt) {
  StartNode();
  grpc::ClientContext context;
  const auto stream = stub_->SubmitDocuments(&context);
  constexpr uint64_t kDocuments = 200;
  std::thread writer([&] {
    for (uint64_t i = 0; i < kDocuments; ++i) {
      stream->Write(StreamRequest(i % 10 == 3 ? "" : i % 10 == 7 ? "no text" : absl::StrCat("incident ", i)));
    }
    stream->WritesDone();
  });
  std::set<uint64_t> answered;
  v1::SubmitDocumentsResponse response;
  while (stream->Read(&response)) {
    EXPECT_TRUE(answered.insert(response.ordinal()).second) << response.ordinal();
    if (response.ordinal() % 10 == 3 || response.ordinal() % 10 == 7) {
      EXPECT_EQ(response.error().code(), grpc::StatusCode::INVALID_ARGUMENT);
      EXPECT_EQ(response.error().reason(), "INVALID_FIELD");
      EXPECT_EQ(response.error().field(), "document.content");
    } else {
      // The ordinal belongs to the document.
      EXPECT_EQ(response.response().document(),
                "documents/" + ids::DocumentId(absl::StrCat("incident ", response.ordinal())));
    }
  }
  writer.join();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_THAT(answered, SizeIs(kDocuments));
  EXPECT_THAT(Entries(), SizeIs(160));
}

TEST_F(SubmitStreamTest, NeverMoreThanTheLimitInWork) {
  options_.worker_threads = 16;
  options_.max_in_work_per_stream = 3;
  HoldExtractor();
  StartNode();
  grpc::ClientContext context;
  const auto stream = stub_->SubmitDocuments(&context);
  std::thread writer([&] {
    for (int i = 0; i < 20; ++i) stream->Write(StreamRequest(absl::StrCat("text ", i)));
    stream->WritesDone();
  });
  AwaitInside(3);
  Release();
  int answers = 0;
  v1::SubmitDocumentsResponse response;
  while (stream->Read(&response)) ++answers;
  writer.join();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(answers, 20);
  EXPECT_EQ(most_inside_, 3);
}

TEST_F(SubmitStreamTest, AFullQueueIsAnsweredWithARetryHint) {
  options_.worker_threads = 1;
  options_.queue_limit = 1;
  HoldExtractor();
  StartNode();
  grpc::ClientContext context;
  const auto stream = stub_->SubmitDocuments(&context);
  stream->Write(StreamRequest("text 0"));
  AwaitInside(1);
  for (int i = 1; i < 4; ++i) stream->Write(StreamRequest(absl::StrCat("text ", i)));
  stream->WritesDone();
  v1::SubmitDocumentsResponse response;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(stream->Read(&response));
    EXPECT_EQ(response.error().code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_EQ(response.error().reason(), "WORK_QUEUE_FULL");
    EXPECT_GT(response.error().retry_after_ms(), 0);
  }
  Release();
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(stream->Read(&response));
    EXPECT_TRUE(response.has_response());
  }
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(SubmitStreamTest, AnEmptyStreamEndsWell) {
  StartNode();
  grpc::ClientContext context;
  const auto stream = stub_->SubmitDocuments(&context);
  stream->WritesDone();
  v1::SubmitDocumentsResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(SubmitStreamTest, AStopFinishesWhatWasRead) {
  HoldExtractor();
  StartNode();
  grpc::ClientContext context;
  const auto stream = stub_->SubmitDocuments(&context);
  stream->Write(StreamRequest("text 0"));
  stream->Write(StreamRequest("text 1"));
  AwaitInside(2);
  node_->EndStreams();
  Release();
  int answers = 0;
  v1::SubmitDocumentsResponse response;
  while (stream->Read(&response)) answers += response.has_response() ? 1 : 0;
  const absl::Status status = server::FromGrpc(stream->Finish());
  EXPECT_EQ(answers, 2);
  ExpectError(status, absl::StatusCode::kUnavailable, "SERVER_STOPPING");
  EXPECT_THAT(Entries(), SizeIs(2));
}

TEST_F(SubmitStreamTest, AClosedLogIsAnErrorOfTheDocument) {
  StartNode();
  log_.Close();
  grpc::ClientContext context;
  const auto stream = stub_->SubmitDocuments(&context);
  stream->Write(StreamRequest("text"));
  v1::SubmitDocumentsResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.error().reason(), "LOG_UNAVAILABLE");
  EXPECT_GT(response.error().retry_after_ms(), 0);
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

// Serves SubmitStream itself, so that its work can see the call: a cancel reaches the server some time after the
// client's Finish has returned, and only the call tells when.
class BareStreamService final : public v1::IngestService::CallbackService {
 public:
  BareStreamService(server::WorkerPool* pool, SubmitStream::Submit submit) : pool_(pool), submit_(std::move(submit)) {}

  grpc::ServerBidiReactor<v1::SubmitDocumentsRequest, v1::SubmitDocumentsResponse>* SubmitDocuments(
      grpc::CallbackServerContext* context) override {
    auto* stream = new SubmitStream(context, pool_, {}, submit_, [](SubmitStream*) {});
    stream->Start();
    return stream;
  }

 private:
  server::WorkerPool* const pool_;
  const SubmitStream::Submit submit_;
};

TEST(CancelledSubmitStreamTest, WhatWaitedIsNotBegun) {
  constexpr int kWorkers = 4;
  std::atomic<int> begun = 0;
  server::WorkerPool pool("test", kWorkers, 100);
  BareStreamService service(&pool, [&](const v1::SubmitDocumentRequest&, const server::CallContext& call) {
    ++begun;
    while (!call.cancelled()) absl::SleepFor(absl::Milliseconds(1));
    return absl::StatusOr<v1::SubmitDocumentResponse>(absl::CancelledError("the call is over"));
  });
  grpc::ServerBuilder builder;
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  const auto stub = v1::IngestService::NewStub(server->InProcessChannel({}));
  grpc::ClientContext context;
  const auto stream = stub->SubmitDocuments(&context);
  v1::SubmitDocumentsRequest request;
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(stream->Write(request));
  while (begun < kWorkers) absl::SleepFor(absl::Milliseconds(1));
  context.TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  server->Shutdown();  // returns when the stream has been given up
  EXPECT_EQ(begun, kWorkers);
}

}  // namespace
}  // namespace interdict::ingest
