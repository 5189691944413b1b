// `interdict entity` and `interdict network`: who one is, and who is tied to whom.
#include <algorithm>
#include <cctype>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "interdict/v1/query_service.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/connection.h"
#include "services/cli/json_lines.h"
#include "services/cli/list_age.h"
#include "services/cli/terminal.h"

namespace interdict::cli {
namespace {

struct Flags {
  ConnectionFlags connection;
  std::string name;
  std::string to;
  int depth = 1;
  int max_entities = 100;
  bool observers = false;
  bool json = false;
};

// `PARTY_ROLE_SUSPECT` as `suspect`.
std::string Word(const std::string& value, const std::string& prefix) {
  std::string word = value.substr(std::min(prefix.size(), value.size()));
  for (char& c : word) c = c == '_' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word;
}
std::string RoleOf(v1::PartyRole role) { return Word(v1::PartyRole_Name(role), "PARTY_ROLE_"); }
std::string StandingOf(v1::PartyStanding standing) { return Word(v1::PartyStanding_Name(standing), "PARTY_STANDING_"); }

std::string ResourceName(const std::string& given) {
  return absl::StartsWith(given, "entities/") ? given : "entities/" + given;
}

void Tell(const v1::GetEntityResponse& answer) {
  const v1::Entity& entity = answer.entity();
  std::cout << Printable(entity.display_name()) << "  (" << Word(v1::PartyKind_Name(entity.kind()), "PARTY_KIND_")
            << ")  " << absl::StrJoin(entity.country_codes(), " ") << "\n"
            << entity.name() << "\n";
  for (const v1::EntityName& name : answer.names()) {
    std::cout << "  named " << Printable(name.name()) << " in " << name.report_count()
              << " report(s): " << absl::StrJoin(name.documents(), " ") << "\n";
  }
  for (const v1::Identifier& identifier : answer.identifiers()) {
    std::cout << "  " << Word(v1::IdentifierKind_Name(identifier.kind()), "IDENTIFIER_KIND_") << " "
              << Printable(identifier.value()) << "\n";
  }
  for (const v1::EntityAppearance& appearance : answer.appearances()) {
    std::cout << appearance.incident() << "  " << RoleOf(appearance.role());
    if (appearance.standing() != v1::PARTY_STANDING_UNSPECIFIED) {
      std::cout << ", " << StandingOf(appearance.standing()) << " " << Printable(appearance.standing_date());
    }
    std::cout << "  as " << Printable(appearance.name()) << "\n";
  }
  if (answer.more_appearances()) std::cout << "… and more\n";
  for (const v1::EntityMatch& match : answer.list_matches()) {
    std::cout << "maybe " << match.entry().name() << "  " << std::fixed << std::setprecision(2) << match.score() << "  "
              << Printable(match.matched_name()) << (match.contradiction() ? "  CONTRADICTION" : "") << "\n";
  }
  for (const v1::EntityMatch& match : answer.similar_entities()) {
    std::cout << "like  " << match.entity().name() << "  " << std::fixed << std::setprecision(2) << match.score()
              << "  " << Printable(match.matched_name()) << (match.contradiction() ? "  CONTRADICTION" : "") << "\n";
  }
  for (const v1::ReferenceList& list : answer.lists()) {
    std::cout << "searched " << list.name() << ", version " << Printable(list.version()) << ", "
              << AgeOf(list.version_date()) << " old\n";
  }
}

int ShowEntity(const Flags& flags) {
  const auto channel = Connect(flags.connection);
  if (!channel.ok()) return Fail(channel.status());
  v1::GetEntityRequest request;
  request.set_name(ResourceName(flags.name));
  grpc::ClientContext context;
  SetDeadline(context, flags.connection.timeout_seconds);
  v1::GetEntityResponse answer;
  const grpc::Status status = v1::QueryService::NewStub(*channel)->GetEntity(&context, request, &answer);
  if (!status.ok()) return Fail(status);
  if (flags.json) {
    std::cout << JsonLine(answer) << "\n";
  } else {
    Tell(answer);
  }
  return kExitOk;
}

void TellNetwork(const v1::ExpandNetworkResponse& answer, bool paths) {
  std::map<std::string, std::string> names;
  for (const v1::NetworkNode& node : answer.nodes())
    names[node.entity().name()] = Printable(node.entity().display_name());
  const auto shown = [&names](const std::string& name) { return names.count(name) > 0 ? names[name] : name; };
  if (paths) {
    for (const v1::NetworkPath& path : answer.paths()) {
      std::string line;
      for (const std::string& name : path.names()) line += (line.empty() ? "" : " – ") + shown(name);
      std::cout << line << "\n";
    }
    if (answer.paths().empty()) std::cout << "no path within the limits\n";
    return;
  }
  for (const v1::NetworkNode& node : answer.nodes()) {
    std::cout << std::string(static_cast<size_t>(node.distance()) * 2, ' ') << shown(node.entity().name()) << "  "
              << node.entity().name() << "\n";
    for (const v1::NetworkEdge& edge : answer.edges()) {
      if (edge.entity() != node.entity().name()) continue;
      std::cout << std::string(static_cast<size_t>(node.distance()) * 2 + 4, ' ') << edge.incident() << "  "
                << RoleOf(edge.role()) << "\n";
    }
  }
  if (answer.truncated()) std::cout << "… more was left out: raise --max-entities\n";
}

int ShowNetwork(const Flags& flags) {
  const auto channel = Connect(flags.connection);
  if (!channel.ok()) return Fail(channel.status());
  v1::ExpandNetworkRequest request;
  request.set_name(ResourceName(flags.name));
  if (!flags.to.empty()) request.set_to(ResourceName(flags.to));
  request.set_depth(flags.depth);
  request.set_max_entities(flags.max_entities);
  request.set_include_observers(flags.observers);
  grpc::ClientContext context;
  SetDeadline(context, flags.connection.timeout_seconds);
  v1::ExpandNetworkResponse answer;
  const grpc::Status status = v1::QueryService::NewStub(*channel)->ExpandNetwork(&context, request, &answer);
  if (!status.ok()) return Fail(status);
  if (flags.json) {
    std::cout << JsonLine(answer) << "\n";
  } else {
    TellNetwork(answer, !flags.to.empty());
  }
  return kExitOk;
}

}  // namespace

Command AddEntity(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb =
      app.add_subcommand("entity", "One person, organization, vessel or aircraft: names, incidents, lists");
  AddConnectionFlags(*verb, flags->connection);
  verb->add_option("ID", flags->name, "entities/… or its id")->required();
  verb->add_flag("--json", flags->json, "GetEntity in JSON");
  return {verb, [flags] { return ShowEntity(*flags); }};
}

Command AddNetwork(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = app.add_subcommand("network", "Who is tied to an entity, through which incidents");
  AddConnectionFlags(*verb, flags->connection);
  verb->add_option("ID", flags->name, "entities/… or its id")->required();
  verb->add_option("--to", flags->to, "show the shortest paths to this entity");
  verb->add_option("--depth", flags->depth, "steps over incidents")->check(CLI::Range(1, 4))->capture_default_str();
  verb->add_option("--max-entities", flags->max_entities, "entities at most")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  verb->add_flag("--observers", flags->observers, "also through those who only investigate or tell");
  verb->add_flag("--json", flags->json, "ExpandNetwork in JSON");
  return {verb, [flags] { return ShowNetwork(*flags); }};
}

}  // namespace interdict::cli
