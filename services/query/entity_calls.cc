// The calls of QueryService about reference lists and entities.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "services/query/expand_network.h"
#include "services/query/gather_entity.h"
#include "services/query/match_stream.h"
#include "services/query/merge.h"
#include "services/query/query_service.h"
#include "services/query/validate_entities.h"
#include "services/query/validate_query.h"
#include "services/server/status.h"

namespace interdict::query {
namespace {

namespace wire = internal::v1;

void AskLists(IndexStub* stub, grpc::ClientContext* context, const wire::ListReferenceListsRequest* request,
              wire::ListReferenceListsResponse* response, std::function<void(grpc::Status)> done) {
  stub->async()->ListReferenceLists(context, request, response, std::move(done));
}

void AskEntities(IndexStub* stub, grpc::ClientContext* context, const wire::ReadEntitiesRequest* request,
                 wire::ReadEntitiesResponse* response, std::function<void(grpc::Status)> done) {
  stub->async()->ReadEntities(context, request, response, std::move(done));
}

void AskMatches(IndexStub* stub, grpc::ClientContext* context, const wire::MatchNamesRequest* request,
                wire::MatchNamesResponse* response, std::function<void(grpc::Status)> done) {
  stub->async()->MatchNames(context, request, response, std::move(done));
}

// A stream that was refused.
class RefusedMatch final : public grpc::ServerWriteReactor<v1::MatchEntitiesResponse> {
 public:
  explicit RefusedMatch(const absl::Status& status) { Finish(server::ToGrpc(status)); }
  void OnDone() override { delete this; }
};

// The position that all answers were computed from.
template <typename Response>
absl::StatusOr<std::string> PositionOf(const ShardAnswers<Response>& answers) {
  std::vector<std::string> tokens;
  for (const auto& answer : answers) tokens.push_back(answer.response.read_position());
  return MergePositions(tokens);
}

}  // namespace

grpc::ServerWriteReactor<v1::MatchEntitiesResponse>* QueryServiceImpl::MatchEntities(
    grpc::CallbackServerContext* context, const v1::MatchEntitiesRequest* request) {
  if (auto status = Begin("MatchEntities"); !status.ok()) return new RefusedMatch(status);
  const auto complete = ValidateMatchEntities(*request);
  if (!complete.ok()) {
    EndCall();
    return new RefusedMatch(complete.status());
  }
  // Each deletes itself in OnDone.
  return new MatchStream({.shards = &shards_,
                          .call = ShardCallOf(context, !request->read_after().empty()),
                          .finished = [this] { EndCall(); }},
                         *complete);
}

grpc::ServerUnaryReactor* QueryServiceImpl::GetEntity(grpc::CallbackServerContext* context,
                                                      const v1::GetEntityRequest* request,
                                                      v1::GetEntityResponse* response) {
  return Run(context, "GetEntity", !request->read_after().empty(), [this, request, response](const Call& call) {
    const auto id = ValidateGetEntity(*request);
    if (!id.ok()) return id.status();
    wire::ReadEntitiesRequest question;
    question.add_entity_ids(*id);
    question.set_max_appearances(1000);
    question.set_read_after(request->read_after());
    AskShards<wire::ReadEntitiesRequest, wire::ReadEntitiesResponse>(
        shards_, call.shard_call, std::vector(shards_.size(), question), AskEntities,
        [this, request, response, call](ShardAnswers<wire::ReadEntitiesResponse> answers) {
          if (auto status = FirstError(answers); !status.ok()) return Finish(call.reactor, status);
          auto entity = GatherEntity(request->name(), std::move(answers));
          if (!entity.ok()) return Finish(call.reactor, entity.status());
          *response = *std::move(entity);
          FillLookalikes(call, response);
        });
    return absl::OkStatus();
  });
}

void QueryServiceImpl::FillLookalikes(const Call& call, v1::GetEntityResponse* response) {
  wire::MatchNamesRequest question;
  *question.mutable_request() = LookalikeQuestion(*response);
  AskShards<wire::MatchNamesRequest, wire::MatchNamesResponse>(
      shards_, call.shard_call, std::vector(shards_.size(), question), AskMatches,
      [this, response, call](ShardAnswers<wire::MatchNamesResponse> answers) {
        if (auto status = FirstError(answers); !status.ok()) return Finish(call.reactor, status);
        AddLookalikes(answers, response);
        Finish(call.reactor, absl::OkStatus());
      });
}

grpc::ServerUnaryReactor* QueryServiceImpl::ExpandNetwork(grpc::CallbackServerContext* context,
                                                          const v1::ExpandNetworkRequest* request,
                                                          v1::ExpandNetworkResponse* response) {
  return Run(context, "ExpandNetwork", !request->read_after().empty(), [this, request, response](const Call& call) {
    const auto complete = ValidateExpandNetwork(*request);
    if (!complete.ok()) return complete.status();
    query::ExpandNetwork(shards_, call.shard_call, *complete,
                         [this, response, call](absl::StatusOr<v1::ExpandNetworkResponse> network) {
                           if (network.ok()) *response = *std::move(network);
                           Finish(call.reactor, network.status());
                         });
    return absl::OkStatus();
  });
}

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
