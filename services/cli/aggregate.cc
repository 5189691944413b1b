// `interdict aggregate`: how many incidents there are by one field or by pairs of two: timelines, routes.
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "interdict/v1/query_service.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/json_lines.h"
#include "services/cli/search_flags.h"
#include "services/cli/search_output.h"
#include "services/server/status.h"

namespace interdict::cli {
namespace {

struct Flags {
  ConnectionFlags connection;
  std::vector<std::string> words;
  std::string filter;
  std::string by;
  std::string order = "count";
  int limit = 100;
  bool partial = false;
  bool json = false;
};

absl::StatusOr<v1::AggregateIncidentsRequest> RequestOf(const Flags& flags, const std::vector<std::string>& fields) {
  v1::AggregateIncidentsRequest request;
  request.set_query(absl::StrJoin(flags.words, " "));
  request.set_filter(flags.filter);
  for (const std::string& field : fields) {
    const auto dimension = ParseDimension(field);
    if (!dimension.ok()) return dimension.status();
    *request.add_by() = *dimension;
  }
  request.set_order(flags.order == "key" ? v1::BUCKET_ORDER_KEY : v1::BUCKET_ORDER_UNSPECIFIED);
  request.set_limit(flags.limit);
  request.set_allow_partial(flags.partial);
  return request;
}

int Run(const Flags& flags) {
  const std::vector<std::string> fields = absl::StrSplit(flags.by, ',');
  const auto request = RequestOf(flags, fields);
  if (!request.ok()) return Fail(request.status());
  const auto channel = Connect(flags.connection);
  if (!channel.ok()) return Fail(channel.status());
  const auto stub = v1::QueryService::NewStub(*channel);
  grpc::ClientContext context;
  SetDeadline(context, flags.connection.timeout_seconds);
  v1::AggregateIncidentsResponse answer;
  const grpc::Status status = stub->AggregateIncidents(&context, *request, &answer);
  if (!status.ok()) {
    SentTexts sent = {{"query", request->query()}, {"filter", request->filter()}};
    for (size_t i = 0; i < fields.size(); ++i) {
      sent[absl::StrCat("by[", i, "].field")] = request->by(static_cast<int>(i)).field();
    }
    return FailSearch(server::FromGrpc(status), sent);
  }
  WarnOfMissing(answer.missing_shards());
  if (!flags.json) {
    ShowBuckets(std::cout, {.style = StyleOf(1), .width = TerminalWidth()}, fields, answer);
    return kExitOk;
  }
  for (const v1::FacetBucket& bucket : answer.buckets()) std::cout << JsonLine(bucket) << "\n";
  answer.clear_buckets();
  std::cout << "{\"summary\":" << JsonLine(answer) << "}\n";
  return kExitOk;
}

}  // namespace

Command AddAggregate(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = app.add_subcommand("aggregate", "Counts of incidents by one field, or by pairs of two");
  AddConnectionFlags(*verb, flags->connection);
  verb->add_option("QUERY", flags->words, "as in search");
  verb->add_option(
          "--by", flags->by,
          "FIELD or FIELD,FIELD; FIELD:year, :month, :day for dates. Example: places.origin,places.destination")
      ->required();
  verb->add_option("--filter", flags->filter, "as in search");
  verb->add_option("--order", flags->order, "count: the largest first; key: ascending, for timelines")
      ->check(CLI::IsMember({"count", "key"}))
      ->capture_default_str();
  verb->add_option("--limit", flags->limit, "how many buckets")->check(CLI::Range(1, 10000))->capture_default_str();
  verb->add_flag("--partial", flags->partial, "answer without index shards that do not");
  verb->add_flag("--json", flags->json, "one line of JSON a bucket, and a last one with the totals");
  return {verb, [flags] { return Run(*flags); }};
}

}  // namespace interdict::cli
