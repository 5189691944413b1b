// The ingest role of a process: serves IngestService, writing to a log and asking an index for hints. Keeps nothing
// that a restart could lose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/impl/service_type.h"
#include "services/ingest/extract.h"
#include "services/ingest/remote_extractor_options.h"
#include "services/server/logging.h"
#include "services/server/metrics.h"
#include "storage/log/log.h"

namespace interdict::ingest {

// Limits of the ingest role. The defaults are those that ingest_service.proto tells.
struct IngestOptions {
  // Threads that extract and wait for the log. More than cores, since an append waits for the disk, and all that wait
  // share one write.
  size_t worker_threads = 16;
  // Documents and calls that may wait for a thread; one more is RESOURCE_EXHAUSTED (WORK_QUEUE_FULL).
  size_t queue_limit = 512;
  // Largest document.
  size_t max_content_bytes = 16 << 20;
  // Documents of one SubmitDocuments stream that may be in work at a time.
  size_t max_in_work_per_stream = 32;
  // Reports in one SubmitReport.
  size_t max_reports = 1000;
  // Beyond so many entries not yet folded, or not yet decided, submissions are RESOURCE_EXHAUSTED
  // (INGEST_BACKLOG_FULL), with `backlog_retry_delay` as the hint.
  uint64_t max_fold_lag_entries = 10'000;
  uint64_t max_resolver_lag_entries = 10'000;
  absl::Duration backlog_retry_delay = absl::Seconds(2);
  // How often the index is asked how far it is.
  absl::Duration status_interval = absl::Milliseconds(500);
  // How long the index has to say what it knows of a document. Without an answer the document is taken as new: the
  // folds treat it rightly if it is not.
  absl::Duration hint_timeout = absl::Seconds(2);
  // Largest file of a reference list, and how long its import may take once the file is there.
  uint64_t max_list_bytes = 512 << 20;
  absl::Duration import_deadline = absl::Minutes(10);
  // For calls that come without a deadline, and for each document of a stream.
  absl::Duration default_deadline = absl::Seconds(30);
  // How many documents are remembered beyond what the index may have folded. More than the lag limits.
  size_t remembered_documents = 50'000;
  // File of the operator's grades of sources, before those built in (source_grades.h); empty: none.
  std::string source_grades_file;
  // The operator's plug-in extractor; none without an address.
  RemoteExtractorOptions plugin;
  // The clock for dates and entries.
  std::function<absl::Time()> now = absl::Now;
};

// Thread-safe, but for Stop, which is called once (or by the destructor).
class IngestNode {
 public:
  // Neither log nor index need be reachable yet: until the log is, submissions are UNAVAILABLE (LOG_UNAVAILABLE).
  // `log`, `metrics` and `logger` must outlive the node. `index` must allow messages of twice the largest document.
  // INVALID_ARGUMENT: an option out of range, a bad address of the plug-in, or grades that cannot be read.
  static absl::StatusOr<std::unique_ptr<IngestNode>> Start(const IngestOptions& options, log::Log* log,
                                                           std::shared_ptr<grpc::Channel> index,
                                                           DocumentExtractor extractor, server::Metrics* metrics,
                                                           server::Logger* logger);
  // The same with Interdict's own pipeline.
  static absl::StatusOr<std::unique_ptr<IngestNode>> Start(const IngestOptions& options, log::Log* log,
                                                           std::shared_ptr<grpc::Channel> index,
                                                           std::unique_ptr<pipeline::Pipeline> pipeline,
                                                           server::Metrics* metrics, server::Logger* logger);
  ~IngestNode();

  // To be registered with the server; they live as long as the node.
  std::vector<grpc::Service*> Services();

  // Streams read no further; what they have read is finished and answered, then they end with UNAVAILABLE
  // (SERVER_STOPPING). Returns at once. For server::Server::OnStop.
  void EndStreams();

  // Finishes all work that was accepted, then ends all threads. Call it when the server has stopped, before the log is
  // closed.
  void Stop();

 private:
  struct State;
  explicit IngestNode(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace interdict::ingest
