// The calls of QueryService about reference lists and entities.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "services/query/merge.h"
#include "services/query/query_service.h"
#include "services/query/validate_query.h"

namespace interdict::query {
namespace {

namespace wire = internal::v1;

void AskLists(IndexStub* stub, grpc::ClientContext* context, const wire::ListReferenceListsRequest* request,
              wire::ListReferenceListsResponse* response, std::function<void(grpc::Status)> done) {
  stub->async()->ListReferenceLists(context, request, response, std::move(done));
}

// The position that all answers were computed from.
template <typename Response>
absl::StatusOr<std::string> PositionOf(const ShardAnswers<Response>& answers) {
  std::vector<std::string> tokens;
  for (const auto& answer : answers) tokens.push_back(answer.response.read_position());
  return MergePositions(tokens);
}

}  // namespace

grpc::ServerUnaryReactor* QueryServiceImpl::ListReferenceLists(grpc::CallbackServerContext* context,
                                                               const v1::ListReferenceListsRequest* request,
                                                               v1::ListReferenceListsResponse* response) {
  return Run(context, "ListReferenceLists", !request->read_after().empty(),
             [this, request, response](const Call& call) {
               if (auto status = ValidateListReferenceLists(*request); !status.ok()) return status;
               wire::ListReferenceListsRequest question;
               question.set_read_after(request->read_after());
               AskShards<wire::ListReferenceListsRequest, wire::ListReferenceListsResponse>(
                   shards_, call.shard_call, std::vector(shards_.size(), question), AskLists,
                   [this, response, reactor = call.reactor](ShardAnswers<wire::ListReferenceListsResponse> answers) {
                     if (auto status = FirstError(answers); !status.ok()) return Finish(reactor, status);
                     auto position = PositionOf(answers);
                     if (!position.ok()) return Finish(reactor, position.status());
                     for (auto& answer : answers) {
                       for (v1::ReferenceList& list : *answer.response.mutable_lists()) {
                         *response->add_lists() = std::move(list);
                       }
                     }
                     response->set_read_position(*std::move(position));
                     Finish(reactor, absl::OkStatus());
                   });
               return absl::OkStatus();
             });
}

}  // namespace interdict::query
