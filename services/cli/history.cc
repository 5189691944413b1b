// `interdict history`, `interdict suggestions`, `interdict judgements`: what changed a record, which incidents may be
// one, and what was judged.
#include <cctype>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "interdict/v1/query_service.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/connection.h"
#include "services/cli/json_lines.h"

namespace interdict::cli {
namespace {

struct Flags {
  ConnectionFlags connection;
  std::string name;
  std::vector<std::string> states;  // judgements only
  int page_size = 50;
  bool json = false;
};

std::string TimeText(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(time.seconds()), absl::UTCTimeZone());
}

// The word of an enum value without its prefix, in lower case.
std::string Word(const std::string& name, size_t prefix) {
  std::string word = name.substr(prefix);
  for (char& c : word) c = c == '_' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word;
}

int History(const Flags& flags) {
  const auto channel = Connect(flags.connection);
  if (!channel.ok()) return Fail(channel.status());
  v1::ListRevisionsRequest request;
  request.set_name(flags.name);
  request.set_page_size(flags.page_size);
  grpc::ClientContext context;
  SetDeadline(context, flags.connection.timeout_seconds);
  v1::ListRevisionsResponse answer;
  const grpc::Status status = v1::QueryService::NewStub(*channel)->ListRevisions(&context, request, &answer);
  if (!status.ok()) return Fail(status);
  for (const v1::Revision& revision : answer.revisions()) {
    if (flags.json) {
      std::cout << JsonLine(revision) << "\n";
      continue;
    }
    std::cout << TimeText(revision.time()) << "  " << Word(v1::Revision::Change_Name(revision.change()), 7);
    for (const std::string& incident : revision.incidents()) std::cout << "  " << incident;
    if (!revision.judgement().empty()) std::cout << "  by " << revision.judgement();
    std::cout << "\n";
    if (!revision.report().empty()) std::cout << "    " << revision.report() << "\n";
    for (const v1::MatchReason& reason : revision.reasons()) {
      std::cout << absl::StreamFormat("    %s %.2f %s\n", reason.code(), reason.score(), reason.detail());
    }
    std::cout << "    as of: --as-of " << revision.position() << "\n";
  }
  return kExitOk;
}

int Suggestions(const Flags& flags) {
  const auto channel = Connect(flags.connection);
  if (!channel.ok()) return Fail(channel.status());
  v1::ListSuggestionsRequest request;
  request.set_incident(flags.name);
  request.set_page_size(flags.page_size);
  grpc::ClientContext context;
  SetDeadline(context, flags.connection.timeout_seconds);
  v1::ListSuggestionsResponse answer;
  const grpc::Status status = v1::QueryService::NewStub(*channel)->ListSuggestions(&context, request, &answer);
  if (!status.ok()) return Fail(status);
  for (const v1::Suggestion& suggestion : answer.suggestions()) {
    if (flags.json) {
      std::cout << JsonLine(suggestion) << "\n";
      continue;
    }
    std::cout << absl::StreamFormat("%.2f  %s  %s\n", suggestion.score(), suggestion.incident(),
                                    suggestion.other_incident());
    for (const std::string& title : suggestion.titles()) std::cout << "      " << title << "\n";
  }
  return kExitOk;
}

int Judgements(const Flags& flags) {
  const auto channel = Connect(flags.connection);
  if (!channel.ok()) return Fail(channel.status());
  v1::ListJudgementsRequest request;
  request.set_page_size(flags.page_size);
  for (const std::string& word : flags.states) {
    v1::Judgement::State state = v1::Judgement::STATE_UNSPECIFIED;
    v1::Judgement::State_Parse(absl::StrCat("STATE_", absl::AsciiStrToUpper(word)), &state);
    request.add_states(state);  // a word that the option lets through is a state
  }
  grpc::ClientContext context;
  SetDeadline(context, flags.connection.timeout_seconds);
  v1::ListJudgementsResponse answer;
  const grpc::Status status = v1::QueryService::NewStub(*channel)->ListJudgements(&context, request, &answer);
  if (!status.ok()) return Fail(status);
  for (const v1::Judgement& judgement : answer.judgements()) {
    if (flags.json) {
      std::cout << JsonLine(judgement) << "\n";
      continue;
    }
    std::cout << TimeText(judgement.create_time()) << "  " << judgement.name() << "  "
              << Word(v1::Judgement::State_Name(judgement.state()), 6) << "  " << judgement.author() << ": "
              << judgement.reason() << "\n";
    if (!judgement.problem().empty()) std::cout << "      " << judgement.problem() << "\n";
  }
  return kExitOk;
}

Command Add(CLI::App& app, const char* name, const char* what, const char* subject, bool required,
            int (*action)(const Flags&)) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = app.add_subcommand(name, what);
  AddConnectionFlags(*verb, flags->connection);
  if (subject != nullptr) {
    CLI::Option* option = verb->add_option("NAME", flags->name, subject);
    if (required) option->required();
  }
  verb->add_option("--page-size", flags->page_size, "how many")->capture_default_str();
  verb->add_flag("--json", flags->json, "proto3 JSON, one a line");
  if (action == &Judgements) {
    verb->add_option("--state", flags->states, "only judgements in this state; may be given more than once")
        ->check(CLI::IsMember({"active", "undone", "overruled", "orphaned", "invalid"}));
  }
  return {verb, [flags, action] { return action(*flags); }};
}

}  // namespace

Command AddHistory(CLI::App& app) {
  return Add(app, "history", "What changed an incident's record, the newest first", "incidents/…", true, &History);
}

Command AddSuggestions(CLI::App& app) {
  return Add(app, "suggestions", "Pairs of incidents that may be one, the likeliest first",
             "only pairs with this one, incidents/…", false, &Suggestions);
}

Command AddJudgements(CLI::App& app) {
  return Add(app, "judgements", "Judgements, the newest first", nullptr, false, &Judgements);
}

}  // namespace interdict::cli
