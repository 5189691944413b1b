// `interdict serve`, `ingest`, `index`, `query`: the services as processes.
#include <atomic>
#include <iostream>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "services/cli/command.h"
#include "services/cli/index_host.h"
#include "services/cli/local_instance.h"
#include "services/cli/process_flags.h"
#include "services/ingest/pipeline/pipeline.h"
#include "services/log/log_service.h"
#include "services/log/remote_log.h"
#include "services/server/channel.h"
#include "services/server/shutdown_signal.h"
#include "services/server/status.h"

namespace interdict::cli {
namespace {

// What every process does around its services.
struct Process {
  std::vector<grpc::Service*> services;
  std::function<bool()> ready;
  std::function<void()> on_stop;
};

int Refuse(server::Logger& log, const absl::Status& status) {
  log.Error("cannot start", {{"problem", std::string(status.message())}, {"reason", server::ReasonOf(status)}});
  return kExitFailed;
}

// Serves until SIGTERM or SIGINT, then stops gracefully.
int Serve(const ProcessFlags& flags, const Process& process, server::ShutdownSignal& signal, server::Metrics& metrics,
          server::Logger& log) {
  server::ServerOptions options = flags.server;
  options.drain = absl::Seconds(flags.drain_seconds);
  auto server = server::Server::Start(options, process.services, &metrics, &log);
  if (!server.ok()) return Refuse(log, server.status());
  (*server)->OnStop(process.on_stop);
  // Says NOT_SERVING until the process can answer, and after that follows it.
  std::atomic<bool> ending = false;
  std::thread readiness([&] {
    bool told = false;
    while (!ending) {
      const bool ready = process.ready();
      if (ready != told) {
        (*server)->SetReady(ready);
        log.Info(ready ? "ready" : "not ready");
        told = ready;
      }
      absl::SleepFor(absl::Milliseconds(told ? 500 : 20));
    }
  });
  const int number = signal.Wait();
  log.Info("signal", {{"number", static_cast<int64_t>(number)}});
  ending = true;
  readiness.join();
  (*server)->Stop();
  return kExitOk;
}

// Sets up what comes before any service and hands over to `run`.
int WithProcess(const ProcessFlags& flags,
                const std::function<int(server::ShutdownSignal&, server::Metrics&, server::Logger&)>& run) {
  const auto level = server::ParseLogLevel(flags.log_level);
  server::Logger log(level.ok() ? *level : server::LogLevel::kInfo);
  auto signal = server::ShutdownSignal::Create();
  if (!signal.ok()) return Refuse(log, signal.status());
  server::Metrics metrics;
  const int exit_code = run(**signal, metrics, log);
  log.Info("stopped", {{"exit_code", static_cast<int64_t>(exit_code)}});
  return exit_code;
}

// The channels of the shards, in order: `a|b` are replicas of one.
absl::StatusOr<std::vector<query::ReplicaChannels>> ShardChannels(const std::vector<std::string>& addresses) {
  std::vector<query::ReplicaChannels> shards;
  for (const std::string& replicas : addresses) {
    shards.emplace_back();
    for (const auto address : absl::StrSplit(replicas, '|')) {
      auto channel = server::MakeChannel(std::string(address), log::LogChannelOptions());
      if (!channel.ok()) return channel.status();
      shards.back().push_back(*std::move(channel));
    }
  }
  return shards;
}

// Whether a replica of the shard can be asked.
bool IsReachable(const query::ReplicaChannels& replicas) {
  size_t reachable = 0;  // all are looked at, so that all connect
  for (const auto& replica : replicas) reachable += replica->GetState(/*try_to_connect=*/true) == GRPC_CHANNEL_READY;
  return reachable > 0;
}

int RunServe(const ProcessFlags& flags) {
  return WithProcess(flags, [&flags](server::ShutdownSignal& signal, server::Metrics& metrics, server::Logger& log) {
    auto instance = LocalInstance::Start(flags, &metrics, &log);
    if (!instance.ok()) return Refuse(log, instance.status());
    Process process;
    process.services = (*instance)->PublicServices();
    process.ready = [&instance] { return (*instance)->Ready(); };
    process.on_stop = [&instance] { (*instance)->EndLongCalls(); };
    const int exit_code = Serve(flags, process, signal, metrics, log);
    (*instance)->Stop();
    return exit_code;
  });
}

int RunIndex(const ProcessFlags& flags) {
  return WithProcess(flags, [&flags](server::ShutdownSignal& signal, server::Metrics& metrics, server::Logger& log) {
    auto host = IndexHost::Start(flags, &metrics, &log);
    if (!host.ok()) return Refuse(log, host.status());
    Process process;
    process.services = (*host)->Services();
    process.ready = [&host] { return (*host)->Ready(); };
    process.on_stop = [&host] { (*host)->EndLongCalls(); };
    // Entries of the log are larger than documents.
    ProcessFlags index_flags = flags;
    index_flags.server.max_message_bytes = std::max(flags.server.max_message_bytes, log::kMaxLogMessageBytes);
    const int exit_code = Serve(index_flags, process, signal, metrics, log);
    (*host)->Stop();
    return exit_code;
  });
}

int RunIngest(const ProcessFlags& flags) {
  return WithProcess(flags, [&flags](server::ShutdownSignal& signal, server::Metrics& metrics, server::Logger& log) {
    auto pipeline = pipeline::Pipeline::Load(flags.knowledge);
    if (!pipeline.ok()) return Refuse(log, pipeline.status());
    // The first shard's first replica hosts the log.
    const std::string host = flags.index_addresses.front().substr(0, flags.index_addresses.front().find('|'));
    auto channel = server::MakeChannel(host, log::LogChannelOptions());
    if (!channel.ok()) return Refuse(log, channel.status());
    log::RemoteLog remote_log(*channel);
    auto node = ingest::IngestNode::Start(flags.ingest, &remote_log, *channel, *std::move(pipeline), &metrics, &log);
    if (!node.ok()) return Refuse(log, node.status());
    Process process;
    process.services = (*node)->Services();
    process.ready = [&remote_log] { return remote_log.Identity().ok(); };
    process.on_stop = [&node] { (*node)->EndStreams(); };
    const int exit_code = Serve(flags, process, signal, metrics, log);
    (*node)->Stop();
    return exit_code;
  });
}

int RunQuery(const ProcessFlags& flags) {
  return WithProcess(flags, [&flags](server::ShutdownSignal& signal, server::Metrics& metrics, server::Logger& log) {
    auto shards = ShardChannels(flags.index_addresses);
    if (!shards.ok()) return Refuse(log, shards.status());
    query::QueryOptions options = flags.query;
    options.hedge.initial_delay = absl::Milliseconds(flags.hedge_initial_ms);
    auto node = query::QueryNode::Start(options, *shards, &metrics, &log);
    if (!node.ok()) return Refuse(log, node.status());
    Process process;
    process.services = (*node)->Services();
    process.ready = [&shards] { return std::all_of(shards->begin(), shards->end(), IsReachable); };
    process.on_stop = [] {};
    const int exit_code = Serve(flags, process, signal, metrics, log);
    (*node)->Stop();
    return exit_code;
  });
}

}  // namespace

Command AddServe(CLI::App& app) {
  auto flags = std::make_shared<ProcessFlags>();
  CLI::App* verb =
      app.add_subcommand("serve", "All three services in this process, on one port, over the log in --data");
  AddServerFlags(*verb, *flags, "127.0.0.1:8600");
  AddIndexFlags(*verb, *flags);
  AddIngestFlags(*verb, *flags);
  AddQueryFlags(*verb, *flags);
  return {verb, [flags] { return RunServe(*flags); }};
}

Command AddIngest(CLI::App& app) {
  auto flags = std::make_shared<ProcessFlags>();
  CLI::App* verb = app.add_subcommand("ingest", "The ingest service alone; keeps nothing, run as many as you like");
  AddServerFlags(*verb, *flags, "127.0.0.1:8601");
  AddIndexAddressFlag(*verb, *flags);
  AddIngestFlags(*verb, *flags);
  return {verb, [flags] { return RunIngest(*flags); }};
}

Command AddIndex(CLI::App& app) {
  auto flags = std::make_shared<ProcessFlags>();
  CLI::App* verb = app.add_subcommand(
      "index", "The index service alone, one shard of it; hosts the log for the others, or follows that of another");
  AddServerFlags(*verb, *flags, "127.0.0.1:8602");
  AddIndexFlags(*verb, *flags);
  AddShardFlags(*verb, *flags);
  return {verb, [flags] { return RunIndex(*flags); }};
}

Command AddQuery(CLI::App& app) {
  auto flags = std::make_shared<ProcessFlags>();
  CLI::App* verb = app.add_subcommand("query", "The query service alone; keeps nothing, run as many as you like");
  AddServerFlags(*verb, *flags, "127.0.0.1:8603");
  AddIndexAddressFlag(*verb, *flags);
  AddQueryFlags(*verb, *flags);
  return {verb, [flags] { return RunQuery(*flags); }};
}

}  // namespace interdict::cli
