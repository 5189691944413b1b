// Asks the operator's plug-in extractor (extractor_service.proto) what it reads in a document, and keeps of the answer
// what the text supports. Never an obstacle: whatever happens to the plug-in, the answer is a result that says so.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "interdict/v1/ingest_service.pb.h"
#include "services/ingest/remote_extractor_options.h"
#include "services/server/logging.h"
#include "services/server/metrics.h"

namespace interdict::ingest {

// What the plug-in made of a document: the result for the client, and, in state REPORTED only, what is to be stored.
struct PluginReading {
  v1::PluginResult result;
  internal::v1::ReportSet reports;
};

// Thread-safe; Read blocks. Metrics: `interdict_extractor_documents_total{result}`,
// `interdict_extractor_retries_total`, `interdict_extractor_dropped_values_total`, `interdict_extractor_breaker` (0
// closed, 1 half open, 2 open).
class RemoteExtractor {
 public:
  // Connects to nothing yet. `metrics` and `logger` must outlive it. INVALID_ARGUMENT for a bad address or a limit out
  // of range.
  static absl::StatusOr<std::unique_ptr<RemoteExtractor>> Make(const RemoteExtractorOptions& options,
                                                               server::Metrics* metrics, server::Logger* logger);
  ~RemoteExtractor();

  // Reads one document, whose name, text and hash are set. At most half of the time until `deadline` is spent, so that
  // the log has its share, and never more than the options' timeout.
  PluginReading Read(const v1::Document& document, const std::string& url, absl::Time deadline);

  // Who answered last; without a name before the first answer.
  v1::Extractor last_seen() const;

 private:
  struct State;
  explicit RemoteExtractor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace interdict::ingest
