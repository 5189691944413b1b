// `interdict show`: one incident or document, whole.
#include <iostream>
#include <memory>

#include "absl/strings/match.h"
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
};

int ShowOneIncident(const Flags& flags, v1::QueryService::Stub& stub) {
  v1::GetIncidentRequest request;
  request.set_name(flags.name);
  // The reports of an incident are for programs; a person reads the record that they make.
  request.set_view(flags.json ? v1::INCIDENT_VIEW_FULL : v1::INCIDENT_VIEW_BASIC);
  grpc::ClientContext context;
  SetDeadline(context, flags.connection.timeout_seconds);
  v1::GetIncidentResponse answer;
  const grpc::Status status = stub.GetIncident(&context, request, &answer);
  if (!status.ok()) return Fail(status);
  if (flags.json) {
    std::cout << JsonLine(answer.incident()) << "\n";
  } else {
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
  return {verb, [flags] { return Run(*flags); }};
}

}  // namespace interdict::cli
