// An ingest node over a log in memory and a fake index, spoken to over in-process gRPC.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "interdict/v1/ingest_service.grpc.pb.h"
#include "services/ingest/ingest_node.h"
#include "services/server/status.h"
#include "storage/log/memory_log.h"
#include "tests/ingest/fake_index.h"
#include "tests/status_matchers.h"

namespace interdict::ingest {

// One report for each line of the text that starts with "incident"; refuses a text that starts with "no text".
class LineExtractor {
 public:
  absl::StatusOr<pipeline::Extraction> Extract(const v1::DocumentInput& input) {
    ++calls_;
    if (absl::StartsWith(input.content(), "no text"))
      return absl::InvalidArgumentError("document.content: has no text; send a page with text");
    pipeline::Extraction extraction;
    extraction.document.set_text(input.content());
    extraction.document.set_extraction_status(v1::EXTRACTION_STATUS_NO_INCIDENT);
    size_t at = 0;
    while ((at = input.content().find("incident", at)) != std::string::npos) {
      extraction.reports.emplace_back().mutable_facts()->set_title("incident");
      extraction.document.set_extraction_status(v1::EXTRACTION_STATUS_REPORTED);
      at += 8;
    }
    return extraction;
  }
  int calls() const { return calls_; }

 private:
  std::atomic<int> calls_{0};
};

class IngestTest : public ::testing::Test {
 protected:
  // 2026-03-01, noon.
  static absl::Time Now() { return absl::FromUnixSeconds(1'772'366'400); }

  IngestTest() {
    options_.worker_threads = 4;
    options_.status_interval = absl::Milliseconds(5);
    options_.default_deadline = absl::Seconds(20);
    options_.now = Now;
    extract_ = [this](const v1::DocumentInput& input) { return extractor_.Extract(input); };
  }
  ~IngestTest() override { StopNode(); }

  // Starts, or starts again with other options over the same log.
  void StartNode(const std::string& version = "1.0.0") {
    StopNode();
    grpc::ServerBuilder index_builder;
    index_builder.SetMaxReceiveMessageSize(64 << 20);
    index_builder.RegisterService(&index_);
    index_server_ = index_builder.BuildAndStart();
    DocumentExtractor extractor{.extract = extract_};
    extractor.stamp.set_name("interdict");
    extractor.stamp.set_version(version);
    auto node = IngestNode::Start(options_, &log_, index_server_->InProcessChannel({}), std::move(extractor), &metrics_,
                                  &logger_);
    ASSERT_THAT(node, testing::IsOk());
    node_ = *std::move(node);
    grpc::ServerBuilder builder;
    builder.SetMaxReceiveMessageSize(64 << 20);
    for (grpc::Service* service : node_->Services()) builder.RegisterService(service);
    server_ = builder.BuildAndStart();
    stub_ = v1::IngestService::NewStub(server_->InProcessChannel({}));
  }

  void StopNode() {
    if (!node_) return;
    node_->EndStreams();
    server_->Shutdown();
    node_->Stop();
    stub_.reset();
    server_.reset();
    node_.reset();
    index_server_->Shutdown();
    index_server_.reset();
  }

  static v1::SubmitDocumentRequest Request(const std::string& content) {
    v1::SubmitDocumentRequest request;
    request.mutable_document()->set_content(content);
    return request;
  }

  // One unary call.
  template <typename Response, typename Request>
  absl::StatusOr<Response> Call(grpc::Status (v1::IngestService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                                Response*),
                                const Request& request, absl::Duration timeout = absl::Seconds(20)) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
    Response response;
    const grpc::Status status = (stub_.get()->*method)(&context, request, &response);
    if (!status.ok()) return server::FromGrpc(status);
    return response;
  }

  absl::StatusOr<v1::SubmitDocumentResponse> Submit(const v1::SubmitDocumentRequest& request) {
    return Call(&v1::IngestService::Stub::SubmitDocument, request);
  }

  absl::StatusOr<v1::SubmitDocumentResponse> Submit(const std::string& content) { return Submit(Request(content)); }

  // All entries of the intake log, in order.
  std::vector<internal::v1::IntakeEntry> Entries() {
    std::vector<internal::v1::IntakeEntry> entries;
    auto stored = log_.Read({log::LogName::kIntake, 0}, 0, {.max_entries = 100'000, .max_bytes = 1 << 30});
    for (const log::Entry& entry : *stored) entries.emplace_back().ParseFromString(entry.payload);
    return entries;
  }

  log::MemoryLog log_;
  FakeIndex index_{&log_};
  LineExtractor extractor_;
  Extract extract_;
  IngestOptions options_;
  server::Metrics metrics_;
  server::Logger logger_{server::LogLevel::kError, [](const std::string&) {}};
  std::unique_ptr<grpc::Server> index_server_;
  std::unique_ptr<IngestNode> node_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::IngestService::Stub> stub_;
};

// Matches an error with all that a client programs against.
inline void ExpectError(const absl::Status& status, absl::StatusCode code, const std::string& reason,
                        const std::string& field = "") {
  EXPECT_EQ(status.code(), code) << status.ToString();
  EXPECT_EQ(server::ReasonOf(status), reason) << status.ToString();
  EXPECT_EQ(server::FieldOf(status), field) << status.ToString();
}

}  // namespace interdict::ingest
