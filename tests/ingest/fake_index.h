// An IndexService for the tests of ingest: folds the intake log into memory whenever it is asked, as the contract says.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "interdict/internal/v1/index_service.grpc.pb.h"
#include "services/server/status.h"
#include "storage/log/log.h"
#include "storage/log/position.h"

namespace interdict::ingest {

// Thread-safe. Knobs: stop folding (it lags), or answer UNAVAILABLE (it cannot be asked).
class FakeIndex final : public internal::v1::IndexService::Service {
 public:
  explicit FakeIndex(log::Log* log) : log_(log) {}

  void SetFolding(bool on) { Set(&folding_, on); }
  void SetDeciding(bool on) { Set(&deciding_, on); }
  void SetReachable(bool on) { Set(&reachable_, on); }

  grpc::Status LookUpDocument(grpc::ServerContext*, const internal::v1::LookUpDocumentRequest* request,
                              internal::v1::LookUpDocumentResponse* response) override {
    std::lock_guard lock(mutex_);
    if (!reachable_) return Unreachable();
    Fold();
    const auto at = documents_.find(request->document_id());
    if (at != documents_.end()) {
      const Known& known = at->second;
      response->set_known(true);
      response->set_removed(known.removed);
      response->set_extraction_status(known.document.extraction_status());
      for (const auto& [name, version] : known.extractors) {
        v1::Extractor* extractor = response->add_extractors();
        extractor->set_name(name);
        extractor->set_version(version);
      }
      if (request->with_text()) {
        response->set_text(known.document.text());
        response->mutable_source()->set_document(known.document.name());
        response->mutable_source()->set_title(known.document.title());
      }
    }
    const auto used = requests_.find(request->request_id());
    if (!request->request_id().empty() && used != requests_.end()) {
      response->set_request_document_id(used->second.first);
      *response->mutable_request_position() = used->second.second;
    }
    return grpc::Status::OK;
  }

  grpc::Status BatchGetDocuments(grpc::ServerContext* context, const internal::v1::BatchGetDocumentsRequest* request,
                                 internal::v1::BatchGetDocumentsResponse*) override {
    const auto positions = log::DecodePositionToken(request->read_after(), "");
    if (!positions.ok()) return server::ToGrpc(positions.status());
    while (true) {
      {
        std::lock_guard lock(mutex_);
        if (!reachable_) return Unreachable();
        Fold();
        bool reached = true;
        for (const auto& [partition, sequence] : *positions) reached = reached && folded_[partition.number] >= sequence;
        if (reached) return grpc::Status::OK;
      }
      if (context->IsCancelled()) return grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "not reached");
      absl::SleepFor(absl::Milliseconds(2));
    }
  }

  grpc::Status GetIndexStatus(grpc::ServerContext*, const internal::v1::GetIndexStatusRequest*,
                              internal::v1::GetIndexStatusResponse* response) override {
    std::lock_guard lock(mutex_);
    if (!reachable_) return Unreachable();
    Fold();
    const auto identity = log_->Identity();
    for (uint32_t number = 0; number < identity->intake_partitions; ++number) {
      auto* partition = response->add_partitions();
      partition->set_log("intake");
      partition->set_partition(number);
      partition->set_last_sequence(*log_->Last({log::LogName::kIntake, number}));
      partition->set_folded_sequence(folded_[number]);
      partition->set_decided_sequence(decided_[number]);
    }
    return grpc::Status::OK;
  }

 private:
  struct Known {
    bool removed = false;
    v1::Document document;
    std::map<std::string, std::string> extractors;
  };

  static grpc::Status Unreachable() { return grpc::Status(grpc::StatusCode::UNAVAILABLE, "switched off by the test"); }

  void Set(bool* knob, bool on) {
    std::lock_guard lock(mutex_);
    *knob = on;
  }

  void Fold() {
    const auto identity = log_->Identity();
    for (uint32_t number = 0; number < identity->intake_partitions; ++number) {
      const log::PartitionId partition{log::LogName::kIntake, number};
      while (folding_) {
        const auto entries = log_->Read(partition, folded_[number], {});
        if (!entries.ok() || entries->empty()) break;
        for (const log::Entry& entry : *entries) Apply(number, entry);
      }
      if (deciding_) decided_[number] = folded_[number];
    }
  }

  void Apply(uint32_t number, const log::Entry& stored) {
    internal::v1::IntakeEntry entry;
    entry.ParseFromString(stored.payload);
    folded_[number] = stored.sequence;
    std::string id;
    if (entry.has_document_accepted()) {
      id = entry.document_accepted().document().name().substr(std::string("documents/").size());
      documents_[id].document = entry.document_accepted().document();
      Note(entry.document_accepted().report_set().extractor(), &documents_[id]);
    } else if (entry.has_document_sighted()) {
      id = entry.document_sighted().document_id();
    } else if (entry.has_reports_accepted()) {
      id = entry.reports_accepted().document_id();
      Note(entry.reports_accepted().report_set().extractor(), &documents_[id]);
    } else if (entry.has_document_removed()) {
      id = entry.document_removed().document_id();
      documents_[id] = Known{.removed = true};
    }
    if (entry.request_id().empty()) return;
    internal::v1::LogPosition position;
    position.set_log("intake");
    position.set_partition(number);
    position.set_sequence(stored.sequence);
    requests_.emplace(entry.request_id(), std::make_pair(id, position));
  }

  static void Note(const v1::Extractor& extractor, Known* known) {
    known->extractors[extractor.name()] = extractor.version();
  }

  log::Log* const log_;
  std::mutex mutex_;
  bool folding_ = true;
  bool deciding_ = true;
  bool reachable_ = true;
  std::map<uint32_t, uint64_t> folded_;
  std::map<uint32_t, uint64_t> decided_;
  std::map<std::string, Known> documents_;
  std::map<std::string, std::pair<std::string, internal::v1::LogPosition>> requests_;
};

}  // namespace interdict::ingest
