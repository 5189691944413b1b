// `interdict status`: how far log, folds and resolver are.
#include "services/server/status.h"

#include <iomanip>
#include <iostream>
#include <memory>

#include "absl/time/clock.h"
#include "interdict/internal/v1/index_service.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/connection.h"
#include "services/cli/json_lines.h"

namespace interdict::cli {
namespace {

struct Flags {
  ConnectionFlags connection;
  double wait_seconds = 0;
  bool json = false;
};

void ShowStatus(const internal::v1::GetIndexStatusResponse& status) {
  std::cout << "log " << status.log_id() << ", " << status.incident_count() << " incident(s), "
            << status.skipped_entry_count() << " skipped entries\n"
            << std::left << std::setw(14) << "partition" << std::right << std::setw(12) << "in the log" << std::setw(12)
            << "folded" << std::setw(12) << "decided"
            << "\n";
  for (const auto& partition : status.partitions()) {
    std::cout << std::left << std::setw(14) << partition.log() + "/" + std::to_string(partition.partition())
              << std::right << std::setw(12) << partition.last_sequence() << std::setw(12)
              << partition.folded_sequence() << std::setw(12)
              << (partition.log() == "intake" ? std::to_string(partition.decided_sequence()) : "-");
    if (!partition.stopped_because().empty()) std::cout << "  STOPPED: " << partition.stopped_because();
    std::cout << "\n";
  }
}

int Run(const Flags& flags) {
  const auto channel = Connect(flags.connection);
  if (!channel.ok()) return Fail(channel.status());
  const auto stub = internal::v1::IndexService::NewStub(*channel);
  const absl::Time give_up = absl::Now() + absl::Seconds(flags.wait_seconds);
  while (true) {
    grpc::ClientContext context;
    SetDeadline(context, flags.connection.timeout_seconds);
    internal::v1::GetIndexStatusResponse answer;
    const grpc::Status status = stub->GetIndexStatus(&context, {}, &answer);
    if (status.ok()) {
      if (flags.json) {
        std::cout << JsonLine(answer) << "\n";
      } else {
        ShowStatus(answer);
      }
      return kExitOk;
    }
    if (status.error_code() != grpc::UNAVAILABLE || absl::Now() >= give_up) return Fail(status);
    absl::SleepFor(absl::Milliseconds(100));
  }
}

}  // namespace

Command AddStatus(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb =
      app.add_subcommand("status", "How far log, folds and resolver are; exit code 1 if the server does not answer");
  AddConnectionFlags(*verb, flags->connection);
  verb->add_option("--wait", flags->wait_seconds, "seconds to wait for a server that is starting")
      ->capture_default_str();
  verb->add_flag("--json", flags->json, "GetIndexStatus in JSON");
  return {verb, [flags] { return Run(*flags); }};
}

}  // namespace interdict::cli
