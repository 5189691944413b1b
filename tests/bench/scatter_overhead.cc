#include "tests/bench/scatter_overhead.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "interdict/internal/v1/index_service.grpc.pb.h"
#include "interdict/v1/query_service.grpc.pb.h"
#include "services/index/fold/shard.h"
#include "services/index/shard_reader.h"
#include "services/server/status.h"
#include "storage/log/rocksdb_log.h"

namespace interdict::bench {
namespace {

namespace wire = internal::v1;

// Of a kind, before the next kind has its turn: as many as a client that goes on asking, few enough that all kinds see
// the same machine.
constexpr uint64_t kCallsInARow = 50;

// Runs `call` and notes how long it took.
absl::Status Note(Measurement& measurement, const std::function<grpc::Status()>& call) {
  const auto begin = std::chrono::steady_clock::now();
  const grpc::Status status = call();
  measurement.times.push_back(absl::FromChrono(std::chrono::steady_clock::now() - begin));
  measurement.elapsed += measurement.times.back();
  return status.ok() ? absl::OkStatus() : server::FromGrpc(status);
}

absl::Status AskQuery(v1::QueryService::Stub& stub, const std::string& words, Measurement& measurement) {
  return Note(measurement, [&] {
    grpc::ClientContext context;
    v1::SearchIncidentsRequest request;
    v1::SearchIncidentsResponse response;
    request.set_query(words);
    request.set_page_size(1);
    return stub.SearchIncidents(&context, request, &response);
  });
}

// What the query service asks on behalf of AskQuery.
wire::SearchRequest ShardRequest(const std::string& words) {
  wire::SearchRequest request;
  request.set_collection(wire::SEARCH_COLLECTION_INCIDENTS);
  request.set_query(words);
  request.set_page_size(1);
  request.set_suggest(true);
  return request;
}

absl::Status AskShard(wire::IndexService::Stub& stub, const std::string& words, Measurement& measurement) {
  const wire::SearchRequest request = ShardRequest(words);
  return Note(measurement, [&] {
    grpc::ClientContext context;
    wire::SearchResponse response;
    return stub.Search(&context, request, &response);
  });
}

// Refused for its position before any work: as near to nothing as a call of this server is.
absl::Status AskNothing(wire::IndexService::Stub& stub, Measurement& measurement) {
  return Note(measurement, [&] {
    grpc::ClientContext context;
    wire::GetSearchStatisticsRequest request;
    wire::GetSearchStatisticsResponse response;
    request.set_read_after("-");
    const grpc::Status refused = stub.GetSearchStatistics(&context, request, &response);
    return refused.error_code() == grpc::StatusCode::INVALID_ARGUMENT ? grpc::Status::OK : refused;
  });
}

}  // namespace

absl::StatusOr<ScatterOverhead> MeasureScatter(const std::shared_ptr<grpc::Channel>& channel,
                                               const std::shared_ptr<grpc::Channel>& query_channel,
                                               absl::Duration duration,
                                               const std::function<std::string(uint64_t)>& words) {
  const auto query = v1::QueryService::NewStub(channel);
  const auto query_process = v1::QueryService::NewStub(query_channel);
  const auto index = wire::IndexService::NewStub(channel);
  ScatterOverhead overhead;
  const auto end = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(duration);
  const std::vector<std::function<absl::Status(uint64_t)>> calls = {
      [&](uint64_t number) { return AskQuery(*query, words(number), overhead.query); },
      [&](uint64_t number) { return AskQuery(*query_process, words(number), overhead.query_process); },
      [&](uint64_t number) { return AskShard(*index, words(number), overhead.shard); },
      [&](uint64_t /*number*/) { return AskNothing(*index, overhead.no_op); }};
  for (uint64_t first = 0; std::chrono::steady_clock::now() < end; first += kCallsInARow) {
    for (const auto& call : calls) {
      for (uint64_t i = 0; i < kCallsInARow; ++i) {
        if (absl::Status status = call(first + i); !status.ok()) return status;
      }
    }
  }
  for (Measurement* each : {&overhead.query, &overhead.query_process, &overhead.shard, &overhead.no_op}) {
    std::sort(each->times.begin(), each->times.end());
  }
  return overhead;
}

absl::StatusOr<Measurement> MeasureShardCode(const std::string& data_folder, absl::Duration duration,
                                             const std::function<std::string(uint64_t)>& words) {
  auto log = log::RocksdbLog::Open(data_folder + "/log", log::RocksdbLogOptions());
  if (!log.ok()) return log.status();
  auto shard = index::Shard::Open(data_folder + "/index", log->get(), [](log::PartitionId, const absl::Status&) {});
  if (!shard.ok()) return shard.status();
  const index::ShardReader reader(shard->get(), [] { return log::Positions(); });
  return Repeat(duration, [&](uint64_t number) -> absl::StatusOr<uint64_t> {
    auto answer = reader.Search(ShardRequest(words(number)), [] { return absl::OkStatus(); });
    if (!answer.ok()) return answer.status();
    return 0;
  });
}

}  // namespace interdict::bench
