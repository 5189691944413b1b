#include "tests/bench/scatter_overhead.h"

#include <algorithm>
#include <chrono>

#include "interdict/internal/v1/index_service.grpc.pb.h"
#include "interdict/v1/query_service.grpc.pb.h"
#include "services/server/status.h"

namespace interdict::bench {
namespace {

// Runs `call` and notes how long it took.
absl::Status Note(Measurement& measurement, const std::function<grpc::Status()>& call) {
  const auto begin = std::chrono::steady_clock::now();
  const grpc::Status status = call();
  measurement.times.push_back(absl::FromChrono(std::chrono::steady_clock::now() - begin));
  measurement.elapsed += measurement.times.back();
  return status.ok() ? absl::OkStatus() : server::FromGrpc(status);
}

}  // namespace

absl::StatusOr<ScatterOverhead> MeasureScatter(const std::shared_ptr<grpc::Channel>& channel, absl::Duration duration,
                                               const std::function<std::string(uint64_t)>& words) {
  const auto query = v1::QueryService::NewStub(channel);
  const auto index = internal::v1::IndexService::NewStub(channel);
  ScatterOverhead overhead;
  const auto end = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(duration);
  for (uint64_t i = 0; std::chrono::steady_clock::now() < end; ++i) {
    absl::Status status = Note(overhead.query, [&] {
      grpc::ClientContext context;
      v1::SearchIncidentsRequest request;
      v1::SearchIncidentsResponse response;
      request.set_query(words(i));
      request.set_page_size(1);
      return query->SearchIncidents(&context, request, &response);
    });
    if (!status.ok()) return status;
    status = Note(overhead.shard, [&] {
      grpc::ClientContext context;
      internal::v1::SearchRequest request;
      internal::v1::SearchResponse response;
      request.set_collection(internal::v1::SEARCH_COLLECTION_INCIDENTS);
      request.set_query(words(i));
      request.set_page_size(1);
      return index->Search(&context, request, &response);
    });
    if (!status.ok()) return status;
    // Refused for its position before any work: as near to nothing as a call of this server is.
    status = Note(overhead.no_op, [&] {
      grpc::ClientContext context;
      internal::v1::GetSearchStatisticsRequest request;
      internal::v1::GetSearchStatisticsResponse response;
      request.set_read_after("-");
      const grpc::Status refused = index->GetSearchStatistics(&context, request, &response);
      return refused.error_code() == grpc::StatusCode::INVALID_ARGUMENT ? grpc::Status::OK : refused;
    });
    if (!status.ok()) return status;
  }
  for (Measurement* each : {&overhead.query, &overhead.shard, &overhead.no_op}) {
    std::sort(each->times.begin(), each->times.end());
  }
  return overhead;
}

}  // namespace interdict::bench
