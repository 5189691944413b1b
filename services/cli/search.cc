// `interdict search`: incidents or documents that match a query and a filter, as a table or as JSON Lines.
#include <algorithm>
#include <iostream>
#include <memory>

#include "interdict/v1/query_service.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/json_lines.h"
#include "services/cli/search_flags.h"
#include "services/cli/search_output.h"
#include "services/server/status.h"

namespace interdict::cli {
namespace {

using Stub = v1::QueryService::Stub;

TableStyle StandardTable() { return {.style = StyleOf(1), .width = TerminalWidth()}; }

// What differs between the two collections.
struct Incidents {
  using Request = v1::SearchIncidentsRequest;
  using Response = v1::SearchIncidentsResponse;
  static constexpr char kWord[] = "incident";
  static grpc::Status Call(Stub& stub, grpc::ClientContext* context, const Request& request, Response* response) {
    return stub.SearchIncidents(context, request, response);
  }
  static const auto& Records(const Response& response) { return response.incidents(); }
  static void Clear(Response& response) { response.clear_incidents(); }
  static void Header(const TableStyle& table) { ShowHeader(std::cout, table); }
};

struct Documents {
  using Request = v1::SearchDocumentsRequest;
  using Response = v1::SearchDocumentsResponse;
  static constexpr char kWord[] = "document";
  static grpc::Status Call(Stub& stub, grpc::ClientContext* context, const Request& request, Response* response) {
    return stub.SearchDocuments(context, request, response);
  }
  static const auto& Records(const Response& response) { return response.documents(); }
  static void Clear(Response& response) { response.clear_documents(); }
  static void Header(const TableStyle& table) { ShowDocumentHeader(std::cout, table); }
};

// Writes the records of a page; `shown` counts them.
template <typename Kind>
void ShowPage(const SearchFlags& flags, const TableStyle& table, const typename Kind::Response& page, int64_t* shown) {
  const auto& records = Kind::Records(page);
  for (int i = 0; i < records.size(); ++i) {
    if (flags.json) {
      std::cout << JsonLine(records[i]) << "\n";
    } else {
      if (*shown == 0) Kind::Header(table);
      ShowHit(std::cout, table, records[i], i < page.hits_size() ? page.hits(i) : v1::SearchHit());
    }
    ++*shown;
  }
}

// What belongs to the whole answer. In JSON a last line with the member `summary`, if anything of it was asked for.
template <typename Kind>
void ShowSummary(const SearchFlags& flags, const TableStyle& table, typename Kind::Response first, int64_t shown,
                 bool more) {
  if (flags.json) {
    if (flags.facets.empty() && !flags.count && !flags.explain && first.missing_shards().empty()) return;
    Kind::Clear(first);
    first.clear_hits();
    first.clear_next_page_token();
    std::cout << "{\"summary\":" << JsonLine(first) << "}\n";
    return;
  }
  for (const v1::FacetResult& facet : first.facets()) ShowFacet(std::cout, table, facet);
  if (!first.plan().empty()) std::cout << "\n" << table.style.Bold("plan") << "\n" << first.plan();
  if (shown == 0) {
    std::cout << "no " << Kind::kWord << " found\n";
  } else {
    std::cout << (first.facets().empty() ? "" : "\n") << ShownOf(shown, first.has_total() ? &first.total() : nullptr)
              << " " << Kind::kWord << "(s)" << (more ? ", there are more: --limit N or --all" : "") << "\n";
  }
  if (!first.did_you_mean().empty()) {
    std::cout << "did you mean: " << table.style.Bold(Printable(first.did_you_mean())) << "\n";
  }
}

template <typename Kind>
int SearchPages(const SearchFlags& flags, Stub& stub) {
  typename Kind::Request request;
  if (const auto status = FillRequest(flags, &request); !status.ok()) return Fail(status);
  const TableStyle table = StandardTable();
  typename Kind::Response first;
  int64_t shown = 0;
  do {
    request.set_page_size(flags.all ? 1000 : static_cast<int>(std::min<int64_t>(1000, flags.limit - shown)));
    grpc::ClientContext context;
    SetDeadline(context, flags.connection.timeout_seconds);
    typename Kind::Response page;
    const grpc::Status status = Kind::Call(stub, &context, request, &page);
    if (!status.ok()) return FailSearch(server::FromGrpc(status), flags.sent());
    ShowPage<Kind>(flags, table, page, &shown);
    const bool is_first = request.page_token().empty();
    request.set_page_token(page.next_page_token());
    if (is_first) {
      WarnOfMissing(page.missing_shards());
      first = std::move(page);
    }
  } while (!request.page_token().empty() && (flags.all || shown < flags.limit));
  ShowSummary<Kind>(flags, table, std::move(first), shown, !request.page_token().empty());
  return kExitOk;
}

int RunSearch(const SearchFlags& flags) {
  const auto channel = Connect(flags.connection);
  if (!channel.ok()) return Fail(channel.status());
  const auto stub = v1::QueryService::NewStub(*channel);
  return flags.documents ? SearchPages<Documents>(flags, *stub) : SearchPages<Incidents>(flags, *stub);
}

}  // namespace

Command AddSearch(CLI::App& app) {
  auto flags = std::make_shared<SearchFlags>();
  CLI::App* verb =
      app.add_subcommand("search", "Incidents that match a query and a filter; without either: the newest");
  AddConnectionFlags(*verb, flags->connection);
  verb->add_option("QUERY", flags->words,
                   "words that must all occur; or AND OR NOT, \"phrases\", NEAR/5, prefix*, field:");
  verb->add_option("--filter", flags->filter, "for example: occurred >= \"2015\" AND places.destination = \"KP\"");
  verb->add_option("--order", flags->order, "relevance, or a field with desc or asc: \"occurred desc\"");
  verb->add_option("--facet", flags->facets, "count by this field; FIELD:year, :month, :day for dates; may be repeated")
      ->allow_extra_args(false);
  verb->add_option("--facet-limit", flags->facet_limit, "values of a facet")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  auto* limit = verb->add_option("--limit", flags->limit, "how many at most")->check(CLI::Range(1, 1000000));
  limit->capture_default_str();
  verb->add_flag("--all", flags->all, "all that match")->excludes(limit);
  verb->add_flag("--documents", flags->documents, "search documents instead of incidents");
  verb->add_flag("--count", flags->count, "count exactly what matches");
  verb->add_flag("--explain", flags->explain, "show how the query is run and how scores come about");
  verb->add_flag("--partial", flags->partial, "answer without index shards that do not");
  verb->add_flag("--json", flags->json, "one line of JSON a record; with facets, counts or plan a last line of those");
  return {verb, [flags] { return RunSearch(*flags); }};
}

}  // namespace interdict::cli
