// A shard for the tests of query: incidents and documents in memory, answering as index_service.proto says.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "interdict/internal/v1/index_service.grpc.pb.h"
#include "services/server/status.h"
#include "storage/log/position.h"

namespace interdict::query {

// Thread-safe. Folds one partition of the incident log, whose sequence a test moves.
class FakeShard final : public internal::v1::IndexService::Service {
 public:
  explicit FakeShard(uint32_t partition) : partition_{log::LogName::kIncidents, partition} {}

  // An incident with the next number; `title` is what a search looks into.
  void Add(const std::string& id, int64_t create_seconds, const std::string& title) {
    std::lock_guard lock(mutex_);
    v1::Incident incident;
    incident.set_name("incidents/" + id);
    incident.mutable_facts()->set_title(title);
    incident.mutable_create_time()->set_seconds(create_seconds);
    incident.add_reports()->set_name("documents/d/reports/r");
    incidents_.emplace(incidents_.size() + 1, incident);
    ++sequence_;
  }

  void AddDocument(const std::string& id) {
    std::lock_guard lock(mutex_);
    documents_[id].set_name("documents/" + id);
  }

  void FailWith(grpc::Status status) {
    std::lock_guard lock(mutex_);
    failure_ = std::move(status);
  }

  uint64_t sequence() {
    std::lock_guard lock(mutex_);
    return sequence_;
  }

  grpc::Status BatchGetIncidents(grpc::ServerContext* context, const internal::v1::BatchGetIncidentsRequest* request,
                                 internal::v1::BatchGetIncidentsResponse* response) override {
    if (auto status = Await(context, request->read_after()); !status.ok()) return status;
    std::lock_guard lock(mutex_);
    for (const std::string& id : request->incident_ids()) {
      for (const auto& [number, incident] : incidents_) {
        if (incident.name() != "incidents/" + id) continue;
        v1::Incident* copy = response->add_incidents();
        *copy = incident;
        if (!request->with_reports()) copy->clear_reports();
      }
    }
    response->set_read_position(Position());
    return grpc::Status::OK;
  }

  grpc::Status BatchGetDocuments(grpc::ServerContext* context, const internal::v1::BatchGetDocumentsRequest* request,
                                 internal::v1::BatchGetDocumentsResponse* response) override {
    if (auto status = Await(context, request->read_after()); !status.ok()) return status;
    std::lock_guard lock(mutex_);
    for (const std::string& id : request->document_ids()) {
      if (documents_.count(id) > 0) *response->add_documents() = documents_[id];
    }
    response->set_read_position(Position());
    return grpc::Status::OK;
  }

  grpc::Status SearchIncidents(grpc::ServerContext* context, const internal::v1::SearchIncidentsRequest* request,
                               internal::v1::SearchIncidentsResponse* response) override {
    if (auto status = Await(context, request->read_after()); !status.ok()) return status;
    std::lock_guard lock(mutex_);
    for (auto at = incidents_.rbegin(); at != incidents_.rend(); ++at) {
      if (request->before_number() != 0 && at->first >= request->before_number()) continue;
      if (at->second.facts().title().find(request->query()) == std::string::npos) continue;
      if (static_cast<uint32_t>(response->incidents_size()) == request->page_size()) {
        response->set_next_before_number(response->numbers(response->numbers_size() - 1));
        break;
      }
      v1::Incident* copy = response->add_incidents();
      *copy = at->second;
      copy->clear_reports();
      response->add_numbers(at->first);
    }
    response->set_read_position(Position());
    return grpc::Status::OK;
  }

  static constexpr char kLogId[] = "0123456789abcdef0123456789abcdef";

 private:
  std::string Position() const { return log::EncodePositionToken(kLogId, {{partition_, sequence_}}); }

  grpc::Status Await(grpc::ServerContext* context, const std::string& read_after) {
    while (true) {
      {
        std::lock_guard lock(mutex_);
        if (!failure_.ok()) return failure_;
        if (read_after.empty()) return grpc::Status::OK;
        auto positions = log::DecodePositionToken(read_after, kLogId);
        if (!positions.ok()) {
          return server::ToGrpc(
              server::Error(absl::StatusCode::kInvalidArgument, "INVALID_POSITION", "of another log"));
        }
        if ((*positions)[partition_] <= sequence_) return grpc::Status::OK;
      }
      if (context->IsCancelled()) return grpc::Status(grpc::StatusCode::CANCELLED, "given up");
      absl::SleepFor(absl::Milliseconds(2));
    }
  }

  const log::PartitionId partition_;
  std::mutex mutex_;
  uint64_t sequence_ = 0;
  grpc::Status failure_;
  std::map<uint64_t, v1::Incident> incidents_;
  std::map<std::string, v1::Document> documents_;
};

}  // namespace interdict::query
