// `interdict search`: incidents in which all words occur, newest first.
#include <iostream>
#include <memory>

#include "absl/strings/str_join.h"
#include "interdict/v1/query_service.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/connection.h"
#include "services/cli/json_lines.h"
#include "services/cli/show_record.h"

namespace interdict::cli {
namespace {

struct Flags {
  ConnectionFlags connection;
  std::vector<std::string> words;
  bool json = false;
  int limit = 20;
};

void ShowHit(const v1::Incident& incident) {
  const v1::IncidentFacts& facts = incident.facts();
  std::vector<std::string> route;
  for (const v1::Place& place : facts.places()) {
    route.push_back(Word(v1::PlaceRole_Name(place.role()), "PLACE_ROLE_") + " " +
                    (place.country_code().empty() ? place.region_code() : place.country_code()));
  }
  std::cout << incident.name() << "\n  " << facts.title() << "\n  "
            << (facts.has_occurred() ? facts.occurred().edtf() : "no date") << "; " << absl::StrJoin(route, ", ")
            << "; " << Word(v1::VerificationStatus_Name(facts.verification().status()), "VERIFICATION_STATUS_") << "; "
            << incident.sources_size() << " source(s)\n";
}

int Run(const Flags& flags) {
  const auto channel = Connect(flags.connection);
  if (!channel.ok()) return Fail(channel.status());
  const auto stub = v1::QueryService::NewStub(*channel);
  v1::SearchIncidentsRequest request;
  request.set_query(absl::StrJoin(flags.words, " "));
  int left = flags.limit;
  int shown = 0;
  do {
    request.set_page_size(left);
    grpc::ClientContext context;
    SetDeadline(context, flags.connection.timeout_seconds);
    v1::SearchIncidentsResponse answer;
    const grpc::Status status = stub->SearchIncidents(&context, request, &answer);
    if (!status.ok()) return Fail(status);
    for (const v1::Incident& incident : answer.incidents()) {
      if (flags.json) {
        std::cout << JsonLine(incident) << "\n";
      } else {
        ShowHit(incident);
      }
    }
    left -= answer.incidents_size();
    shown += answer.incidents_size();
    request.set_page_token(answer.next_page_token());
  } while (left > 0 && !request.page_token().empty());
  if (!flags.json) {
    std::cout << (shown == 0 ? "no incident found\n"
                             : std::to_string(shown) + " incident(s)" +
                                   (request.page_token().empty() ? "" : ", there are more: --limit N") + "\n");
  }
  return kExitOk;
}

}  // namespace

Command AddSearch(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = app.add_subcommand("search", "Incidents in which all words occur, newest first; without words: all");
  AddConnectionFlags(*verb, flags->connection);
  verb->add_option("WORDS", flags->words, "words that must all occur");
  verb->add_flag("--json", flags->json, "one line of JSON an incident");
  verb->add_option("--limit", flags->limit, "how many at most")->check(CLI::Range(1, 1000000))->capture_default_str();
  return {verb, [flags] { return Run(*flags); }};
}

}  // namespace interdict::cli
