// `interdict show`: one incident or document, whole.
#include <iostream>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "interdict/v1/query_service.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/connection.h"
#include "services/cli/json_lines.h"
#include "services/cli/show_record.h"

namespace interdict::cli {
namespace {

struct Flags {
  ConnectionFlags connection;
  std::string name;
  bool json = false;
  bool brief = false;
  bool why = false;
  std::string as_of;
};

void PrintReasons(const google::protobuf::RepeatedPtrField<v1::MatchReason>& reasons) {
  for (const v1::MatchReason& reason : reasons) {
    std::cout << absl::StreamFormat("    %-18s %.2f  %s%s%s\n", reason.code(), reason.score(), reason.incident(),
                                    reason.incident().empty() ? "" : ": ", reason.detail());
    for (const v1::MatchFeature& feature : reason.features()) {
      std::cout << absl::StreamFormat("      %+6.2f  %s = %.2f\n", feature.contribution(), feature.name(),
                                      feature.value());
    }
  }
}

// Why the reports of an incident are together.
int Explain(const Flags& flags, v1::QueryService::Stub& stub) {
  v1::ExplainIncidentRequest request;
  request.set_name(flags.name);
  grpc::ClientContext context;
  SetDeadline(context, flags.connection.timeout_seconds);
  v1::ExplainIncidentResponse answer;
  const grpc::Status status = stub.ExplainIncident(&context, request, &answer);
  if (!status.ok()) return Fail(status);
  if (flags.json) {
    std::cout << JsonLine(answer) << "\n";
    return kExitOk;
  }
  std::cout << answer.incident() << "\n";
  for (const std::string& name : answer.merged_from()) std::cout << "  merged from " << name << "\n";
  for (const v1::JudgementNote& note : answer.judgements()) {
    std::cout << "  " << note.judgement() << " (" << note.kind() << ") " << note.author() << ": " << note.reason()
              << (note.overruled() ? "  [overruled]" : "") << "\n";
  }
  for (const v1::ExplainedReport& report : answer.reports()) {
    std::cout << "  " << report.report() << "\n    " << report.source().publisher() << ": " << report.source().title()
              << "\n";
    PrintReasons(report.reasons());
  }
  for (const v1::Suggestion& suggestion : answer.suggestions()) {
    const std::string& other =
        suggestion.incident() == answer.incident() ? suggestion.other_incident() : suggestion.incident();
    std::cout << absl::StreamFormat("  may be one with %s (%.2f)\n", other, suggestion.score());
  }
  return kExitOk;
}

int ShowOneIncident(const Flags& flags, v1::QueryService::Stub& stub) {
  v1::GetIncidentRequest request;
  request.set_name(flags.name);
  // The reports of an incident are for programs; a person reads the record that they make.
  request.set_view(flags.json ? v1::INCIDENT_VIEW_FULL : v1::INCIDENT_VIEW_BASIC);
  absl::Time time;
  std::string problem;
  if (absl::ParseTime(absl::RFC3339_full, flags.as_of, &time, &problem)) {
    request.mutable_as_of_time()->set_seconds(absl::ToUnixSeconds(time));
  } else {
    request.set_as_of_position(flags.as_of);
  }
  grpc::ClientContext context;
  SetDeadline(context, flags.connection.timeout_seconds);
  v1::GetIncidentResponse answer;
  const grpc::Status status = stub.GetIncident(&context, request, &answer);
  if (!status.ok()) return Fail(status);
  if (flags.json) {
    std::cout << JsonLine(answer.incident()) << "\n";
  } else {
    if (!answer.merged_into().empty()) std::cout << flags.name << " was merged into " << answer.merged_into() << "\n";
    ShowIncident(std::cout, answer.incident(), ShowOptions{.with_evidence = !flags.brief});
  }
  return kExitOk;
}

int ShowOneDocument(const Flags& flags, v1::QueryService::Stub& stub) {
  v1::GetDocumentRequest request;
  request.set_name(flags.name);
  grpc::ClientContext context;
  SetDeadline(context, flags.connection.timeout_seconds);
  v1::GetDocumentResponse answer;
  const grpc::Status status = stub.GetDocument(&context, request, &answer);
  if (!status.ok()) return Fail(status);
  if (flags.json) {
    std::cout << JsonLine(answer.document()) << "\n";
  } else {
    ShowDocument(std::cout, answer.document());
    if (!flags.brief) std::cout << "\n" << answer.document().text() << "\n";
  }
  return kExitOk;
}

int Run(const Flags& flags) {
  const bool is_incident = absl::StartsWith(flags.name, "incidents/");
  if (!is_incident && !absl::StartsWith(flags.name, "documents/")) {
    std::cerr << "interdict: '" << flags.name << "' is not a resource name; write incidents/… or documents/…\n";
    return kExitUsage;
  }
  const auto channel = Connect(flags.connection);
  if (!channel.ok()) return Fail(channel.status());
  const auto stub = v1::QueryService::NewStub(*channel);
  if (flags.why && is_incident) return Explain(flags, *stub);
  return is_incident ? ShowOneIncident(flags, *stub) : ShowOneDocument(flags, *stub);
}

}  // namespace

Command AddShow(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = app.add_subcommand("show", "One incident or document, with the words that each value rests on");
  AddConnectionFlags(*verb, flags->connection);
  verb->add_option("NAME", flags->name, "resource name: incidents/… or documents/…")->required();
  verb->add_flag("--json", flags->json, "proto3 JSON; of an incident with its reports");
  verb->add_flag("--brief", flags->brief, "without the quoted words, or without the text of a document");
  verb->add_flag("--why", flags->why, "why the reports of an incident are together, and what was nearly in it");
  verb->add_option("--as-of", flags->as_of,
                   "the record as it was: a time such as 2026-11-25T12:00:00Z, or a position of `interdict history`");
  return {verb, [flags] { return Run(*flags); }};
}

}  // namespace interdict::cli
