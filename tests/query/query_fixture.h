// A query node over fake shards, each with its replicas, in one process.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "interdict/v1/query_service.grpc.pb.h"
#include "services/query/query_node.h"
#include "services/query/timer.h"
#include "services/server/status.h"
#include "tests/query/fake_shard.h"
#include "tests/status_matchers.h"

namespace interdict::query {

// A timer whose time passes when a test says so.
class ManualTimer final : public Timer {
 public:
  std::unique_ptr<Pending> After(absl::Duration delay, std::function<void()> fire) override {
    auto entry = std::make_shared<Entry>();
    entry->fire = std::move(fire);
    entry->delay = delay;
    std::lock_guard lock(mutex_);
    entries_.push_back(entry);
    return std::make_unique<Handle>(entry);
  }

  // Fires all that was set and not taken back; returns how many.
  int FireAll() {
    std::vector<std::shared_ptr<Entry>> entries;
    {
      std::lock_guard lock(mutex_);
      entries.swap(entries_);
    }
    int fired = 0;
    for (const auto& entry : entries) {
      if (entry->cancelled) continue;
      entry->fire();
      ++fired;
    }
    return fired;
  }

 private:
  struct Entry {
    std::function<void()> fire;
    absl::Duration delay;
    std::atomic<bool> cancelled = false;
  };
  class Handle final : public Pending {
   public:
    explicit Handle(std::shared_ptr<Entry> entry) : entry_(std::move(entry)) {}
    ~Handle() override { entry_->cancelled = true; }

   private:
    std::shared_ptr<Entry> entry_;
  };

  std::mutex mutex_;
  std::vector<std::shared_ptr<Entry>> entries_;
};

inline std::string Id(int number) {
  return absl::StrCat(absl::Hex(number, absl::kZeroPad16), absl::Hex(number, absl::kZeroPad16));
}

inline void ExpectError(const absl::Status& status, absl::StatusCode code, const std::string& reason,
                        const std::string& field = "") {
  EXPECT_EQ(status.code(), code) << status.ToString();
  EXPECT_EQ(server::ReasonOf(status), reason) << status.ToString();
  EXPECT_EQ(server::FieldOf(status), field) << status.ToString();
}

class QueryTest : public ::testing::Test {
 protected:
  using Stub = v1::QueryService::Stub;

  ~QueryTest() override {
    if (!node_) return;
    for (auto& shard : shards_) shard->Release();
    server_->Shutdown();
    node_->Stop();
    for (auto& server : shard_servers_) {
      if (server) server->Shutdown();
    }
  }

  // `shards_[s * replicas + r]` is replica r of shard s.
  void StartNode(uint32_t shards = 1, uint32_t replicas = 1) {
    std::vector<ReplicaChannels> channels(shards);
    for (uint32_t i = 0; i < shards * replicas; ++i) {
      shards_.push_back(std::make_unique<FakeShard>(i / replicas));
      grpc::ServerBuilder builder;
      builder.RegisterService(shards_.back().get());
      shard_servers_.push_back(builder.BuildAndStart());
      channels[i / replicas].push_back(shard_servers_.back()->InProcessChannel({}));
    }
    auto node = QueryNode::Start(options_, channels, &metrics_, &logger_, &timer_);
    ASSERT_THAT(node, testing::IsOk());
    node_ = *std::move(node);
    grpc::ServerBuilder builder;
    for (grpc::Service* service : node_->Services()) builder.RegisterService(service);
    server_ = builder.BuildAndStart();
    stub_ = v1::QueryService::NewStub(server_->InProcessChannel({}));
  }

  template <typename Response, typename Request>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                const Request& request, absl::Duration timeout = absl::Seconds(60)) {
    grpc::ClientContext context;
    if (timeout != absl::InfiniteDuration()) context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
    Response response;
    const grpc::Status status = (stub_.get()->*method)(&context, request, &response);
    if (!status.ok()) return server::FromGrpc(status);
    return response;
  }

  absl::StatusOr<v1::SearchIncidentsResponse> Search(const v1::SearchIncidentsRequest& request) {
    return Call(&Stub::SearchIncidents, request);
  }

  // Names of all pages.
  std::vector<std::string> ReadAll(v1::SearchIncidentsRequest request) {
    std::vector<std::string> names;
    do {
      const auto page = Search(request);
      EXPECT_THAT(page, testing::IsOk());
      if (!page.ok()) break;
      EXPECT_LE(page->incidents_size(), request.page_size());
      EXPECT_EQ(page->incidents_size(), page->hits_size());
      for (const v1::Incident& incident : page->incidents()) names.push_back(incident.name());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return names;
  }

  // Names of a stream, and the token of the last message.
  std::pair<std::vector<std::string>, std::string> ReadStream(const v1::StreamIncidentsRequest& request,
                                                              size_t limit = SIZE_MAX) {
    grpc::ClientContext context;
    auto reader = stub_->StreamIncidents(&context, request);
    std::vector<std::string> names;
    std::string token;
    v1::StreamIncidentsResponse message;
    while (names.size() < limit && reader->Read(&message)) {
      names.push_back(message.incident().name());
      token = message.resume_token();
    }
    if (names.size() == limit) context.TryCancel();
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok() || names.size() == limit) << status.error_message();
    return {names, token};
  }

  QueryOptions options_;
  server::Metrics metrics_;
  server::Logger logger_{server::LogLevel::kError, [](const std::string&) {}};
  ManualTimer timer_;
  std::vector<std::unique_ptr<FakeShard>> shards_;
  std::vector<std::unique_ptr<grpc::Server>> shard_servers_;
  std::unique_ptr<QueryNode> node_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Stub> stub_;
};

}  // namespace interdict::query
