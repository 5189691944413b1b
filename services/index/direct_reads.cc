#include "services/index/direct_reads.h"

#include <utility>

namespace interdict::index {

void DirectReads::Search(const server::CallContext& call, const internal::v1::SearchRequest* request,
                         internal::v1::SearchResponse* response, Done done) {
  RunAfter(
      call, runner_, "Search", request->read_after(),
      [reader = reader_, request, response](const server::CallContext& running) {
        return Deliver(reader->Search(*request, CheckOf(running)), response);
      },
      std::move(done));
}

void DirectReads::BatchGetIncidents(const server::CallContext& call,
                                    const internal::v1::BatchGetIncidentsRequest* request,
                                    internal::v1::BatchGetIncidentsResponse* response, Done done) {
  RunAfter(
      call, runner_, "BatchGetIncidents", request->read_after(),
      [reader = reader_, request, response](const server::CallContext& running) {
        return Deliver(reader->BatchGetIncidents(*request, CheckOf(running)), response);
      },
      std::move(done));
}

void DirectReads::BatchGetDocuments(const server::CallContext& call,
                                    const internal::v1::BatchGetDocumentsRequest* request,
                                    internal::v1::BatchGetDocumentsResponse* response, Done done) {
  RunAfter(
      call, runner_, "BatchGetDocuments", request->read_after(),
      [reader = reader_, request, response](const server::CallContext& running) {
        return Deliver(reader->BatchGetDocuments(*request, CheckOf(running)), response);
      },
      std::move(done));
}

}  // namespace interdict::index
