// Metrics of a process in the Prometheus model, and the HTTP port that serves them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/support/status_code_enum.h"

namespace interdict::server {

// All metrics of one process. Thread-safe. Names: `interdict_rpc_handled_total{method,code}`,
// `interdict_rpc_duration_seconds{method}` (histogram), `interdict_rpc_in_flight{method}`, and the gauges that are
// added.
class Metrics {
 public:
  // Keeps a gauge alive; the gauge is gone, and its callback is not running, once this is destroyed.
  class Gauge;
  using Labels = std::map<std::string, std::string>;

  Metrics();
  ~Metrics();

  // A gauge whose value is asked for at each scrape. `read` must be quick and must not touch this object.
  [[nodiscard]] std::unique_ptr<Gauge> AddGauge(const std::string& name, const std::string& help, const Labels& labels,
                                                std::function<double()> read);
  // The same for a number that only grows; by convention `name` ends in `_total`.
  [[nodiscard]] std::unique_ptr<Gauge> AddCounter(const std::string& name, const std::string& help,
                                                  const Labels& labels, std::function<double()> read);

  // One call of `method` (`/package.Service/Method`).
  void RpcStarted(const std::string& method);
  void RpcFinished(const std::string& method, grpc::StatusCode code, absl::Duration duration);

  // Serves `GET /metrics` on HOST:PORT (port 0: any free one) until destroyed. FAILED_PRECONDITION
  // (ADDRESS_NOT_AVAILABLE) if it cannot be listened on. Called once, before the object is shared between threads.
  absl::Status Serve(const std::string& address);
  // Port that is served; 0 if none is.
  int port() const;

  // What a scrape answers, in the text format.
  std::string Text() const;

 private:
  struct State;
  std::unique_ptr<Gauge> AddCallback(const std::string& name, const std::string& help, const Labels& labels,
                                     bool is_counter, std::function<double()> read);
  // Shared with the gauges and the HTTP server's threads.
  std::shared_ptr<State> state_;
};

class Metrics::Gauge {
 public:
  ~Gauge();
  Gauge(const Gauge&) = delete;
  Gauge& operator=(const Gauge&) = delete;

 private:
  friend class Metrics;
  Gauge(std::shared_ptr<State> state, uint64_t id);
  std::shared_ptr<State> state_;
  uint64_t id_;
};

}  // namespace interdict::server
