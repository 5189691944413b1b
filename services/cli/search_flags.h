// What `interdict search` and `interdict aggregate` are asked for, as flags and as requests.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "interdict/v1/query_service.pb.h"
#include "services/cli/connection.h"
#include "services/cli/query_error.h"

namespace interdict::cli {

struct SearchFlags {
  ConnectionFlags connection;
  std::vector<std::string> words;
  std::string filter;
  std::string order;
  std::vector<std::string> facets;
  int facet_limit = 10;
  int limit = 20;
  bool all = false;
  bool documents = false;
  bool explain = false;
  bool count = false;
  bool partial = false;
  bool json = false;

  std::string query() const;
  // What is asked for: with a query the most relevant first, without one the newest.
  std::string order_by() const;
  // For query_error.h.
  SentTexts sent() const;
};

// `FIELD` or `FIELD:year`, `:month`, `:day`. INVALID_ARGUMENT for another word behind the colon.
absl::StatusOr<v1::FacetDimension> ParseDimension(const std::string& text);

// Sets what SearchIncidentsRequest and SearchDocumentsRequest have in common. INVALID_ARGUMENT: a facet.
template <typename Request>
absl::Status FillRequest(const SearchFlags& flags, Request* request) {
  request->set_query(flags.query());
  request->set_filter(flags.filter);
  request->set_order_by(flags.order_by());
  request->set_highlight(!flags.json);
  request->set_explain(flags.explain);
  request->set_allow_partial(flags.partial);
  // For a person, to know whether there is more is enough.
  request->set_count(flags.count ? v1::COUNT_MODE_EXACT
                                 : (flags.json ? v1::COUNT_MODE_UNSPECIFIED : v1::COUNT_MODE_CAPPED));
  for (const std::string& text : flags.facets) {
    const auto dimension = ParseDimension(text);
    if (!dimension.ok()) return dimension.status();
    v1::FacetRequest* facet = request->add_facets();
    *facet->mutable_dimension() = *dimension;
    facet->set_limit(flags.facet_limit);
  }
  return absl::OkStatus();
}

// Writes the error, and where in the query it is; returns the exit code.
int FailSearch(const absl::Status& status, const SentTexts& sent);

// Warns on standard error that shards are missing.
void WarnOfMissing(const google::protobuf::RepeatedPtrField<v1::MissingShard>& missing);

}  // namespace interdict::cli
