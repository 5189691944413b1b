#include "services/ingest/remote_extractor.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "interdict/v1/extractor_service.grpc.pb.h"
#include "services/ingest/check_facts.h"
#include "services/ingest/ingest_parts.h"
#include "services/ingest/supported_facts.h"
#include "services/ingest/validate_submission.h"
#include "services/server/channel.h"
#include "services/server/status.h"
#include "storage/ids/ids.h"

namespace interdict::ingest {
namespace {

using grpc::StatusCode;

// What a plug-in says of one document, not of itself.
bool IsAboutTheDocument(StatusCode code) {
  return code == StatusCode::INVALID_ARGUMENT || code == StatusCode::OUT_OF_RANGE;
}

bool IsWorthARetry(StatusCode code) {
  return code == StatusCode::UNAVAILABLE || code == StatusCode::RESOURCE_EXHAUSTED;
}

// The code alone, and for a deadline how long it was: a plug-in's own words could quote the document, and results are
// logged by clients.
std::string Describe(StatusCode code, absl::Duration timeout) {
  switch (code) {
    case StatusCode::DEADLINE_EXCEEDED:
      return absl::StrCat("DEADLINE_EXCEEDED: no answer within ", absl::FormatDuration(timeout));
    case StatusCode::UNAVAILABLE:
      return "UNAVAILABLE: it cannot be reached, or says so itself";
    case StatusCode::RESOURCE_EXHAUSTED:
      return "RESOURCE_EXHAUSTED: it has too much to do, or its answer is too large";
    case StatusCode::INVALID_ARGUMENT:
    case StatusCode::OUT_OF_RANGE:
      return "the extractor says that the document is not for it";
    case StatusCode::UNIMPLEMENTED:
      return "UNIMPLEMENTED: no ExtractorService is served there";
    default:
      return absl::StrCat("it answered with gRPC code ", static_cast<int>(code));
  }
}

const std::map<v1::PluginResult::State, std::string>& ResultNames() {
  static const auto* const names = new std::map<v1::PluginResult::State, std::string>{
      {v1::PluginResult::STATE_REPORTED, "reported"}, {v1::PluginResult::STATE_DECLINED, "declined"},
      {v1::PluginResult::STATE_FAILED, "failed"},     {v1::PluginResult::STATE_SKIPPED, "skipped"},
      {v1::PluginResult::STATE_REFUSED, "refused"},
  };
  return *names;
}

}  // namespace

struct RemoteExtractor::State {
  State(const RemoteExtractorOptions& given, const std::shared_ptr<grpc::Channel>& to, server::Logger* log)
      : options(given),
        channel(to),
        stub(v1::ExtractorService::NewStub(to)),
        breaker(given.breaker, given.now),
        logger(log) {}

  void AddMetrics(server::Metrics* metrics) {
    for (const auto& [state, name] : ResultNames()) {
      std::atomic<uint64_t>* count = &results[state];
      meters.push_back(metrics->AddCounter("interdict_extractor_documents_total",
                                           "documents that the plug-in extractor was to read, by what became of it",
                                           {{"result", name}}, [count] { return static_cast<double>(*count); }));
    }
    meters.push_back(metrics->AddCounter("interdict_extractor_retries_total", "calls to the plug-in made again", {},
                                         [this] { return static_cast<double>(retries); }));
    meters.push_back(metrics->AddCounter("interdict_extractor_dropped_values_total",
                                         "values of the plug-in that the text does not support", {},
                                         [this] { return static_cast<double>(dropped_values); }));
    meters.push_back(metrics->AddGauge("interdict_extractor_breaker", "0 closed, 1 half open, 2 open", {},
                                       [this] { return static_cast<double>(breaker.state()); }));
  }

  grpc::Status CallOnce(const v1::ExtractRequest& request, absl::Time deadline, v1::ExtractResponse* response) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(deadline));
    response->Clear();
    return stub->Extract(&context, request, response);
  }

  // Until it answers, the attempts are used up, or the time is.
  grpc::Status Call(const v1::ExtractRequest& request, absl::Time deadline, v1::ExtractResponse* response) {
    absl::Duration delay = options.first_retry_delay;
    for (uint32_t attempt = 1;; ++attempt) {
      grpc::Status status = CallOnce(request, deadline, response);
      if (status.ok() || !IsWorthARetry(status.error_code()) || attempt >= options.max_attempts ||
          absl::Now() + delay >= deadline) {
        return status;
      }
      absl::SleepFor(delay);
      delay *= 2;
      ++retries;
    }
  }

  // Tells the breaker, and the log when things change.
  void Note(bool failed, const std::string& problem) {
    const auto before = breaker.state();
    failed ? breaker.Failed() : breaker.Succeeded();
    const auto after = breaker.state();
    if (before == after) return;
    if (after == CircuitBreaker::State::kOpen) {
      logger->Warning("the plug-in extractor fails; it is not asked for a while",
                      {{"address", options.address}, {"problem", problem}});
    } else if (after == CircuitBreaker::State::kClosed) {
      logger->Info("the plug-in extractor answers again", {{"address", options.address}});
    }
  }

  // Checks what came back, and stamps it as ours.
  PluginReading Sift(const v1::Document& document, v1::ExtractResponse response);

  const RemoteExtractorOptions options;
  const std::shared_ptr<grpc::Channel> channel;
  const std::unique_ptr<v1::ExtractorService::Stub> stub;
  CircuitBreaker breaker;
  server::Logger* const logger;
  std::map<v1::PluginResult::State, std::atomic<uint64_t>> results;  // all keys are there before the first call
  std::atomic<uint64_t> retries = 0;
  std::atomic<uint64_t> dropped_values = 0;
  absl::Mutex mutex;
  v1::Extractor last_seen ABSL_GUARDED_BY(mutex);
  std::vector<std::unique_ptr<server::Metrics::Gauge>> meters;  // last: they read the others
};

namespace {

PluginReading Outcome(v1::PluginResult::State state, std::string problem) {
  PluginReading reading;
  reading.result.set_state(state);
  reading.result.set_problem(std::move(problem));
  return reading;
}

}  // namespace

PluginReading RemoteExtractor::State::Sift(const v1::Document& document, v1::ExtractResponse response) {
  if (auto status = ValidateExtractor("extractor", response.extractor()); !status.ok()) {
    return Outcome(v1::PluginResult::STATE_REFUSED, std::string(status.message()));
  }
  if (static_cast<size_t>(response.facts_size()) > options.max_reports) {
    return Outcome(v1::PluginResult::STATE_REFUSED,
                   absl::StrCat(response.facts_size(), " incidents; at most ", options.max_reports));
  }
  PluginReading reading;
  const std::string document_id = document.name().substr(document.name().find('/') + 1);
  const EvidenceText text{.document = document.name(), .text = document.text(), .text_sha256 = document.text_sha256()};
  uint32_t dropped = 0;
  size_t bytes = 0;
  *reading.reports.mutable_extractor() = response.extractor();
  for (v1::IncidentFacts& facts : *response.mutable_facts()) {
    dropped += KeepSupportedFacts(text, &facts);
    if (facts.ByteSizeLong() == 0) continue;
    bytes += facts.ByteSizeLong();
    if (bytes > options.max_report_set_bytes) {
      return Outcome(v1::PluginResult::STATE_REFUSED, absl::StrCat("with quotes filled the facts have more than ",
                                                                   options.max_report_set_bytes, " bytes"));
    }
    v1::Report* report = reading.reports.add_reports();
    report->set_ordinal(static_cast<uint32_t>(reading.reports.reports_size() - 1));
    *report->mutable_extractor() = response.extractor();
    report->set_name(ReportName(document_id, response.extractor(), report->ordinal()));
    *report->mutable_facts() = std::move(facts);
    reading.result.add_reports(report->name());
  }
  reading.result.set_state(v1::PluginResult::STATE_REPORTED);
  *reading.result.mutable_extractor() = response.extractor();
  reading.result.set_dropped_values(dropped);
  dropped_values += dropped;
  absl::MutexLock lock(&mutex);
  last_seen = response.extractor();
  return reading;
}

absl::StatusOr<std::unique_ptr<RemoteExtractor>> RemoteExtractor::Make(const RemoteExtractorOptions& options,
                                                                       server::Metrics* metrics,
                                                                       server::Logger* logger) {
  if (!(options.timeout_seconds > 0)) return server::InvalidField("extractor_timeout_seconds", "must be above zero");
  if (options.max_attempts == 0) return server::InvalidField("max_attempts", "must be at least 1");
  if (options.breaker.failures_to_open == 0) return server::InvalidField("failures_to_open", "must be at least 1");
  server::ChannelOptions channel_options;
  channel_options.max_message_bytes = options.max_message_bytes;
  auto channel = server::MakeChannel(options.address, channel_options);
  if (!channel.ok()) return channel.status();
  auto state = std::make_unique<State>(options, *channel, logger);
  state->AddMetrics(metrics);
  return std::unique_ptr<RemoteExtractor>(new RemoteExtractor(std::move(state)));
}

RemoteExtractor::RemoteExtractor(std::unique_ptr<State> state) : state_(std::move(state)) {}
RemoteExtractor::~RemoteExtractor() = default;

PluginReading RemoteExtractor::Read(const v1::Document& document, const std::string& url, absl::Time deadline) {
  State& state = *state_;
  if (!state.breaker.TryEnter()) {
    ++state.results[v1::PluginResult::STATE_SKIPPED];
    return Outcome(v1::PluginResult::STATE_SKIPPED, "it failed several times in a row; it is asked again before long");
  }
  // A probe must not wait for the channel's own idea of when to connect again.
  if (state.breaker.state() == CircuitBreaker::State::kHalfOpen)
    grpc::experimental::ChannelResetConnectionBackoff(state.channel.get());
  v1::ExtractRequest request;
  *request.mutable_document() = document;
  request.set_url(url);
  const absl::Time now = absl::Now();
  const absl::Duration timeout = std::min(absl::Seconds(state.options.timeout_seconds), (deadline - now) / 2);
  v1::ExtractResponse response;
  const grpc::Status status = state.Call(request, now + timeout, &response);
  PluginReading reading;
  if (status.ok()) {
    reading = state.Sift(document, std::move(response));
  } else {
    reading = Outcome(
        IsAboutTheDocument(status.error_code()) ? v1::PluginResult::STATE_DECLINED : v1::PluginResult::STATE_FAILED,
        Describe(status.error_code(), timeout));
  }
  const auto result = reading.result.state();
  // A client in a hurry says nothing of the plug-in; but a probe has to be decided.
  const bool in_a_hurry = status.error_code() == StatusCode::DEADLINE_EXCEEDED &&
                          timeout < absl::Seconds(state.options.timeout_seconds) / 4;
  if (!in_a_hurry || state.breaker.state() == CircuitBreaker::State::kHalfOpen) {
    state.Note(result == v1::PluginResult::STATE_FAILED || result == v1::PluginResult::STATE_REFUSED,
               reading.result.problem());
  }
  ++state.results[result];
  return reading;
}

v1::Extractor RemoteExtractor::last_seen() const {
  absl::MutexLock lock(&state_->mutex);
  return state_->last_seen;
}

}  // namespace interdict::ingest
