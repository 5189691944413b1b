// The `interdict` command: the services as processes, and a client for them.
#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"
#include "services/cli/command.h"
#include "services/cli/config_file.h"

int main(int argc, char** argv) {
  CLI::App app(
      "Interdict: one well-sourced record for each incident of illicit trade.\n"
      "Start it with `interdict serve`, hand it documents with `interdict submit FILE`.");
  app.name("interdict");
  app.set_version_flag("--version", INTERDICT_VERSION);
  app.require_subcommand(1);
  using namespace interdict::cli;
  const std::vector<Command> commands = {AddServe(app),   AddIngest(app),    AddIndex(app),      AddQuery(app),
                                         AddSubmit(app),  AddExtract(app),   AddSearch(app),     AddAggregate(app),
                                         AddShow(app),    AddMatch(app),     AddEntity(app),     AddNetwork(app),
                                         AddHistory(app), AddJudge(app),     AddJudgements(app), AddSuggestions(app),
                                         AddList(app),    AddReprocess(app), AddStatus(app),     AddAdmin(app)};
  const std::vector<CLI::App*> services = {commands[0].app, commands[1].app, commands[2].app, commands[3].app};
  const auto service = std::find_if(services.begin(), services.end(),
                                    [&](const CLI::App* each) { return argc > 1 && each->get_name() == argv[1]; });
  const std::string config = FindConfigFile(argc, argv);
  if (service != services.end() && !config.empty()) {
    if (const absl::Status status = ApplyConfigFile(config, **service, services); !status.ok()) {
      std::cerr << "interdict: " << status.message() << "\n";
      return kExitUsage;
    }
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version are "errors" of exit code 0.
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  const auto given =
      std::find_if(commands.begin(), commands.end(), [](const Command& each) { return each.app->parsed(); });
  return given == commands.end() ? kExitUsage : given->run();
}
