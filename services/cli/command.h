// The verbs of the `interdict` command: each is a function that adds its subcommand to the parser and returns what to
// run.
#pragma once

#include <functional>

#include "CLI/App.hpp"

namespace interdict::cli {

// A subcommand and what it does. `run` is called once, after parsing, if the subcommand was given; it returns the exit
// code: 0 all is well, 1 it failed or a part of it was refused, 2 it was called wrongly.
struct Command {
  CLI::App* app = nullptr;
  std::function<int()> run;
};

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;

// The services as processes.
Command AddServe(CLI::App& app);
Command AddIngest(CLI::App& app);
Command AddIndex(CLI::App& app);
Command AddQuery(CLI::App& app);
// What a client does.
Command AddSubmit(CLI::App& app);
Command AddExtract(CLI::App& app);
Command AddSearch(CLI::App& app);
Command AddAggregate(CLI::App& app);
Command AddShow(CLI::App& app);
Command AddMatch(CLI::App& app);
Command AddEntity(CLI::App& app);
Command AddNetwork(CLI::App& app);
Command AddList(CLI::App& app);
Command AddReprocess(CLI::App& app);
Command AddJudge(CLI::App& app);
Command AddHistory(CLI::App& app);
Command AddSuggestions(CLI::App& app);
Command AddJudgements(CLI::App& app);
// What an operator does.
Command AddStatus(CLI::App& app);
Command AddAdmin(CLI::App& app);

}  // namespace interdict::cli
