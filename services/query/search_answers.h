// Fills the answers of searches from what the shards told, without any transport.
#pragma once

#include <string>
#include <vector>

#include "interdict/v1/query_service.pb.h"
#include "services/query/search_round.h"

namespace interdict::query {

// What a page token is bound to: all arguments but the token itself.
template <typename Request>
std::string ArgumentsOf(Request request) {
  request.clear_page_token();
  return Request::descriptor()->full_name() + "\n" + request.SerializeAsString();
}
std::string ArgumentsOf(v1::StreamIncidentsRequest request);

// A page. `round` is what was asked, `arguments` what its token is to be bound to.
void FillPage(SearchGathered gathered, const SearchRound& round, const v1::SearchIncidentsRequest& request,
              v1::SearchIncidentsResponse* response);
void FillPage(SearchGathered gathered, const SearchRound& round, const v1::SearchDocumentsRequest& request,
              v1::SearchDocumentsResponse* response);

void FillBuckets(SearchGathered gathered, const v1::AggregateIncidentsRequest& request, size_t limit,
                 v1::AggregateIncidentsResponse* response);

// A step of a stream: its messages, each with its own token, and where the next step goes on.
struct StreamStep {
  std::vector<v1::StreamIncidentsResponse> messages;
  std::vector<ShardCursor> cursors;
  bool more = false;
};
StreamStep MakeStep(SearchGathered gathered, const SearchRound& round, const std::string& arguments);

}  // namespace interdict::query
