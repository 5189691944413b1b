// A StreamIncidents call: reads the hits in steps and writes them one after the other, as fast as the client takes
// them.
#pragma once

#include <functional>
#include <string>

#include "interdict/v1/query_service.grpc.pb.h"
#include "services/query/search_answers.h"

namespace interdict::query {

// Deletes itself when gRPC is done with the call. One step is read at a time; no thread waits.
class SearchStream final : public grpc::ServerWriteReactor<v1::StreamIncidentsResponse> {
 public:
  // What it needs of the service; `shards` and `map` must live until `finished` was called, which happens once.
  struct Parts {
    const Shards* shards;
    ShardMap* map;
    ShardCall call;
    std::function<void(const absl::Status&)> finished;
  };

  // Begins the stream.
  SearchStream(Parts parts, SearchRound round, std::string arguments);

  void OnWriteDone(bool ok) override;
  void OnCancel() override {}  // the questions under way are cancelled with the call
  void OnDone() override { delete this; }

 private:
  ~SearchStream() override = default;
  void ReadStep();
  void WriteNext();
  void End(const absl::Status& status);

  const Parts parts_;
  const std::string arguments_;
  SearchRound round_;
  StreamStep step_;
  size_t written_ = 0;  // of the step
};

}  // namespace interdict::query
