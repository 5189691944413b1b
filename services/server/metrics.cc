#include "services/server/metrics.h"

#include <exception>
#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

#include "prometheus/collectable.h"
#include "prometheus/counter.h"
#include "prometheus/exposer.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"
#include "prometheus/text_serializer.h"
#include "services/server/status.h"

namespace interdict::server {
namespace {

// Seconds; from a cached read to a slow extraction.
const prometheus::Histogram::BucketBoundaries& DurationBuckets() {
  static const prometheus::Histogram::BucketBoundaries kBuckets = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                                   0.1,    0.25,  0.5,    1,     2.5,  5,     10};
  return kBuckets;
}

const char* CodeName(grpc::StatusCode code) {
  static constexpr const char* kNames[] = {
      "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
      "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
      "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
      "DATA_LOSS", "UNAUTHENTICATED"};
  const auto number = static_cast<size_t>(code);
  return number < std::size(kNames) ? kNames[number] : "UNKNOWN";
}

struct CallbackGauge {
  std::string name;
  std::string help;
  Metrics::Labels labels;
  std::function<double()> read;
  bool is_counter = false;
};

}  // namespace

struct Metrics::State : public prometheus::Collectable {
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  prometheus::Family<prometheus::Counter>& handled = prometheus::BuildCounter()
                                                         .Name("interdict_rpc_handled_total")
                                                         .Help("Calls that were answered, by method and code")
                                                         .Register(*registry);
  prometheus::Family<prometheus::Histogram>& duration = prometheus::BuildHistogram()
                                                            .Name("interdict_rpc_duration_seconds")
                                                            .Help("Time from arrival of a call to its answer")
                                                            .Register(*registry);
  prometheus::Family<prometheus::Gauge>& in_flight = prometheus::BuildGauge()
                                                         .Name("interdict_rpc_in_flight")
                                                         .Help("Calls that are not answered yet")
                                                         .Register(*registry);
  mutable std::mutex mutex;
  uint64_t next_id = 1;                      // guarded by mutex
  std::map<uint64_t, CallbackGauge> gauges;  // guarded by mutex
  std::unique_ptr<prometheus::Exposer> exposer;

  // The callback gauges; those of one name make one family, as the text format demands.
  std::vector<prometheus::MetricFamily> Collect() const override {
    std::map<std::string, prometheus::MetricFamily> families;
    std::lock_guard lock(mutex);
    for (const auto& [id, gauge] : gauges) {
      prometheus::MetricFamily& family = families[gauge.name];
      family.name = gauge.name;
      family.help = gauge.help;
      family.type = gauge.is_counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
      prometheus::ClientMetric metric;
      for (const auto& [key, value] : gauge.labels) metric.label.push_back({key, value});
      (gauge.is_counter ? metric.counter.value : metric.gauge.value) = gauge.read();
      family.metric.push_back(std::move(metric));
    }
    std::vector<prometheus::MetricFamily> result;
    result.reserve(families.size());
    for (auto& [name, family] : families) result.push_back(std::move(family));
    return result;
  }
};

Metrics::Metrics() : state_(std::make_shared<State>()) {}

Metrics::~Metrics() {
  // Stops the threads of the HTTP server before what they read goes away.
  state_->exposer.reset();
}

std::unique_ptr<Metrics::Gauge> Metrics::AddGauge(const std::string& name, const std::string& help,
                                                  const Labels& labels, std::function<double()> read) {
  return AddCallback(name, help, labels, /*is_counter=*/false, std::move(read));
}

std::unique_ptr<Metrics::Gauge> Metrics::AddCounter(const std::string& name, const std::string& help,
                                                    const Labels& labels, std::function<double()> read) {
  return AddCallback(name, help, labels, /*is_counter=*/true, std::move(read));
}

std::unique_ptr<Metrics::Gauge> Metrics::AddCallback(const std::string& name, const std::string& help,
                                                     const Labels& labels, bool is_counter,
                                                     std::function<double()> read) {
  std::lock_guard lock(state_->mutex);
  const uint64_t id = state_->next_id++;
  state_->gauges[id] = {name, help, labels, std::move(read), is_counter};
  return std::unique_ptr<Gauge>(new Gauge(state_, id));
}

Metrics::Gauge::Gauge(std::shared_ptr<State> state, uint64_t id) : state_(std::move(state)), id_(id) {}

Metrics::Gauge::~Gauge() {
  std::lock_guard lock(state_->mutex);
  state_->gauges.erase(id_);
}

void Metrics::RpcStarted(const std::string& method) { state_->in_flight.Add({{"method", method}}).Increment(); }

void Metrics::RpcFinished(const std::string& method, grpc::StatusCode code, absl::Duration duration) {
  state_->in_flight.Add({{"method", method}}).Decrement();
  state_->handled.Add({{"method", method}, {"code", CodeName(code)}}).Increment();
  state_->duration.Add({{"method", method}}, DurationBuckets()).Observe(absl::ToDoubleSeconds(duration));
}

absl::Status Metrics::Serve(const std::string& address) {
  try {
    state_->exposer = std::make_unique<prometheus::Exposer>(address, 2);
  } catch (const std::exception& failure) {
    return Error(absl::StatusCode::kFailedPrecondition, "ADDRESS_NOT_AVAILABLE",
                 "cannot serve metrics on " + address + " (" + failure.what() +
                     "); choose another address, or stop what listens there",
                 {{"address", address}});
  }
  state_->exposer->RegisterCollectable(state_->registry);
  state_->exposer->RegisterCollectable(state_);
  return absl::OkStatus();
}

int Metrics::port() const {
  if (state_->exposer == nullptr) return 0;
  const std::vector<int> ports = state_->exposer->GetListeningPorts();
  return ports.empty() ? 0 : ports.front();
}

std::string Metrics::Text() const {
  std::vector<prometheus::MetricFamily> families = state_->registry->Collect();
  std::vector<prometheus::MetricFamily> callbacks = state_->Collect();
  families.insert(families.end(), callbacks.begin(), callbacks.end());
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace interdict::server
