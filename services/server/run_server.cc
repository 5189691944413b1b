#include "services/server/run_server.h"

#include <chrono>
#include <mutex>
#include <utility>

#include "absl/strings/match.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/impl/server_initializer.h"
#include "services/server/listen_address.h"
#include "services/server/rpc_observer.h"
#include "services/server/status.h"

namespace interdict::server {
namespace {

// Adds reflection to one server, or keeps it out. gRPC by itself adds it to every server of a program that links it,
// the health port too.
class ReflectionOption : public grpc::ServerBuilderOption {
 public:
  explicit ReflectionOption(bool wanted) : wanted_(wanted) {}

  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    auto reflection = std::make_unique<grpc::reflection::ProtoServerReflectionPlugin>();
    const std::string name = reflection->name();
    std::erase_if(*plugins, [&name](const auto& plugin) { return plugin->name() == name; });
    if (wanted_) plugins->push_back(std::move(reflection));
  }

 private:
  const bool wanted_;
};

// Notes the names of the services of one server, those that plugins add left out: gRPC shows them to plugins only.
class ServiceNamesPlugin : public grpc::ServerBuilderPlugin {
 public:
  explicit ServiceNamesPlugin(std::vector<std::string>* names) : names_(names) {}

  std::string name() override { return "interdict_service_names"; }
  void InitServer(grpc::ServerInitializer*) override {}
  void ChangeArguments(const std::string&, void*) override {}
  void Finish(grpc::ServerInitializer* server) override {
    for (const std::string& name : *server->GetServiceList()) {
      if (!absl::StartsWith(name, "grpc.")) names_->push_back(name);
    }
  }

 private:
  std::vector<std::string>* names_;
};

class ServiceNamesOption : public grpc::ServerBuilderOption {
 public:
  explicit ServiceNamesOption(std::vector<std::string>* names) : names_(names) {}
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    plugins->push_back(std::make_unique<ServiceNamesPlugin>(names_));
  }

 private:
  std::vector<std::string>* names_;
};

int ToMilliseconds(absl::Duration duration) { return static_cast<int>(absl::ToInt64Milliseconds(duration)); }

absl::Status CheckPlaintext(const ServerOptions& options, const ListenAddress& address, Logger* log) {
  if (IsLoopback(address)) return absl::OkStatus();
  if (!options.insecure) {
    return Error(absl::StatusCode::kInvalidArgument, "PLAINTEXT_REFUSED",
                 "refusing to serve plaintext on " + ToString(address) +
                     ", which other machines can reach; listen on 127.0.0.1, or allow it with --insecure",
                 {{"address", ToString(address)}});
  }
  log->Warning("serving plaintext on an address that other machines can reach (insecure is set)",
               {{"address", ToString(address)}});
  return absl::OkStatus();
}

// Port 0 is resolved by gRPC into `port`; it stays 0 if listening failed.
void Listen(grpc::ServerBuilder& builder, const ListenAddress& address, int* port) {
  // Without this a second server could listen on the same port and take half of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddListeningPort(ToString(address), grpc::InsecureServerCredentials(), port);
}

void SetLimits(grpc::ServerBuilder& builder, const ServerOptions& options) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(options.max_message_bytes));
  builder.SetMaxSendMessageSize(static_cast<int>(options.max_message_bytes));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_concurrent_streams);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, ToMilliseconds(options.keepalive_time));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, ToMilliseconds(options.keepalive_timeout));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             ToMilliseconds(options.min_client_ping_interval));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  grpc::ResourceQuota quota("interdict");
  quota.Resize(options.memory_quota_bytes);
  builder.SetResourceQuota(quota);
}

absl::Status WhyNotStarted(const ListenAddress& address) {
  absl::Status status = CheckBindable(address);
  if (!status.ok()) return status;
  return Error(absl::StatusCode::kFailedPrecondition, "ADDRESS_NOT_AVAILABLE",
               "cannot listen on " + ToString(address) + "; try again, or choose another address",
               {{"address", ToString(address)}});
}

}  // namespace

struct Server::State {
  ServerOptions options;
  Logger* log = nullptr;
  std::vector<std::string> service_names;
  // Answers what is not health with UNIMPLEMENTED; gRPC starts no server that has no service of ours.
  grpc::CallbackGenericService refuse_all;
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<grpc::Server> health_server;  // absent if there is no health port
  int port = 0;
  int health_port = 0;
  bool started = false;  // set once, by Start
  std::mutex mutex;
  std::vector<std::function<void()>> stop_hooks;  // guarded by mutex
  bool stopped = false;                           // guarded by mutex

  void SetReady(bool ready) {
    SetHealth("", ready);
    for (const std::string& name : service_names) SetHealth(name, ready);
  }

  void SetHealth(const std::string& name, bool serving) {
    for (grpc::Server* each : {server.get(), health_server.get()}) {
      if (each != nullptr) each->GetHealthCheckService()->SetServingStatus(name, serving);
    }
  }

  absl::Status StartMain(const std::vector<grpc::Service*>& services, Metrics* metrics) {
    grpc::ServerBuilder builder;
    SetLimits(builder, options);
    ListenAddress address;
    if (!options.listen.empty()) {
      auto parsed = ParseListenAddress(options.listen);
      if (!parsed.ok()) return parsed.status();
      address = *parsed;
      if (absl::Status status = CheckPlaintext(options, address, log); !status.ok()) return status;
      Listen(builder, address, &port);
    }
    builder.SetOption(std::make_unique<ReflectionOption>(options.reflection));
    builder.SetOption(std::make_unique<ServiceNamesOption>(&service_names));
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
    interceptors.push_back(MakeRpcObserver(metrics, log));
    builder.experimental().SetInterceptorCreators(std::move(interceptors));
    for (grpc::Service* service : services) builder.RegisterService(service);
    server = builder.BuildAndStart();
    if (server == nullptr || (!options.listen.empty() && port == 0)) return WhyNotStarted(address);
    return absl::OkStatus();
  }

  absl::Status StartHealth() {
    if (options.health_listen.empty()) return absl::OkStatus();
    auto address = ParseListenAddress(options.health_listen);
    if (!address.ok()) return address.status();
    grpc::ServerBuilder builder;
    builder.SetOption(std::make_unique<ReflectionOption>(false));
    builder.RegisterCallbackGenericService(&refuse_all);
    Listen(builder, *address, &health_port);
    health_server = builder.BuildAndStart();
    if (health_server == nullptr || health_port == 0) return WhyNotStarted(*address);
    return absl::OkStatus();
  }
};

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      const std::vector<grpc::Service*>& services, Metrics* metrics,
                                                      Logger* log) {
  // A switch of the whole process, without one for a single server; every server here wants it.
  grpc::EnableDefaultHealthCheckService(true);
  auto state = std::make_unique<State>();
  state->options = options;
  state->log = log;
  std::unique_ptr<Server> server(new Server(std::move(state)));
  State& started = *server->state_;
  if (absl::Status status = started.StartMain(services, metrics); !status.ok()) return status;
  if (absl::Status status = started.StartHealth(); !status.ok()) return status;
  if (!options.metrics_listen.empty()) {
    if (absl::Status status = metrics->Serve(options.metrics_listen); !status.ok()) return status;
  }
  server->SetReady(false);
  started.SetHealth(kLivenessService, true);
  started.started = true;
  log->Info("serving", {{"address", options.listen},
                        {"port", static_cast<int64_t>(started.port)},
                        {"health_port", static_cast<int64_t>(started.health_port)},
                        {"metrics_port", static_cast<int64_t>(metrics->port())}});
  return server;
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() { Stop(); }

void Server::SetReady(bool ready) {
  std::lock_guard lock(state_->mutex);
  // What tells of readiness may be late; a server that stops takes no work.
  if (!state_->stopped) state_->SetReady(ready);
}

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(static_cast<int>(state_->options.max_message_bytes));
  arguments.SetMaxSendMessageSize(static_cast<int>(state_->options.max_message_bytes));
  return state_->server->InProcessChannel(arguments);
}

int Server::port() const { return state_->port; }
int Server::health_port() const { return state_->health_port; }

void Server::OnStop(std::function<void()> hook) {
  std::lock_guard lock(state_->mutex);
  state_->stop_hooks.push_back(std::move(hook));
}

void Server::Stop() {
  std::vector<std::function<void()>> hooks;
  {
    std::lock_guard lock(state_->mutex);
    if (state_->stopped) return;
    state_->stopped = true;
    hooks.swap(state_->stop_hooks);
    state_->SetReady(false);
    state_->SetHealth(kLivenessService, false);
  }
  if (state_->started) state_->log->Info("stopping");
  for (const auto& hook : hooks) hook();
  const auto deadline = std::chrono::system_clock::now() + absl::ToChronoMilliseconds(state_->options.drain);
  if (state_->server != nullptr) state_->server->Shutdown(deadline);
  // Last, so that a probe gets an answer, not a refused connection, while calls are being finished.
  if (state_->health_server != nullptr) state_->health_server->Shutdown(std::chrono::system_clock::now());
  if (state_->started) state_->log->Info("stopped");
}

}  // namespace interdict::server
