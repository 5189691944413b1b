#include "services/cli/process_flags.h"

#include <algorithm>
#include <cctype>

namespace interdict::cli {
namespace {

// Adds --NAME with the environment variable INTERDICT_NAME.
template <typename T>
CLI::Option* Add(CLI::App& verb, const std::string& name, T& value, const std::string& help) {
  std::string variable = "INTERDICT_" + name;
  std::transform(variable.begin(), variable.end(), variable.begin(),
                 [](unsigned char c) { return c == '-' ? '_' : static_cast<char>(std::toupper(c)); });
  return verb.add_option("--" + name, value, help)->envname(variable)->capture_default_str();
}

}  // namespace

void AddServerFlags(CLI::App& verb, ProcessFlags& flags, const std::string& default_listen) {
  flags.server.listen = default_listen;
  Add(verb, "config", flags.config, "config file (TOML or INI) with these settings, below flags and environment");
  Add(verb, "listen", flags.server.listen, "HOST:PORT to serve gRPC on");
  verb.add_flag("--insecure", flags.server.insecure, "allow plaintext on an address that other machines can reach")
      ->envname("INTERDICT_INSECURE");
  Add(verb, "health-listen", flags.server.health_listen,
      "HOST:PORT of a plaintext port that serves health only; empty: none");
  Add(verb, "metrics-listen", flags.server.metrics_listen, "HOST:PORT for Prometheus; empty: none");
  Add(verb, "log-level", flags.log_level, "debug, info, warning or error")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
  Add(verb, "max-message-bytes", flags.server.max_message_bytes, "largest gRPC message")
      ->check(CLI::Range(1 << 16, 1 << 30));
  Add(verb, "max-concurrent-streams", flags.server.max_concurrent_streams, "calls at a time on one connection")
      ->check(CLI::Range(1, 1000000));
  Add(verb, "memory-quota-bytes", flags.server.memory_quota_bytes, "memory for buffers of all connections")
      ->check(CLI::Range(size_t{64} << 20, size_t{1} << 40));
  Add(verb, "drain-seconds", flags.drain_seconds, "how long a stop waits for calls that were accepted")
      ->check(CLI::Range(0.0, 3600.0));
}

void AddIndexFlags(CLI::App& verb, ProcessFlags& flags) {
  Add(verb, "data", flags.data, "folder of the log and the stores; made if it is not there");
  Add(verb, "intake-partitions", flags.intake_partitions,
      "partitions of the intake log; 0: as the log has it, 1 for a new one")
      ->check(CLI::Range(0, 1024));
  Add(verb, "incident-partitions", flags.incident_partitions, "partitions of the incident log; 0: as above")
      ->check(CLI::Range(0, 1024));
  Add(verb, "index-threads", flags.index.worker_threads, "threads that read the store for calls")
      ->check(CLI::Range(1, 1024));
  Add(verb, "index-queue-limit", flags.index.queue_limit, "calls that may wait for one of them")
      ->check(CLI::Range(1, 1000000));
}

void AddShardFlags(CLI::App& verb, ProcessFlags& flags) {
  Add(verb, "log", flags.log_address,
      "HOST:PORT of the index process that hosts the log; empty: this one hosts it, in --data");
  Add(verb, "shard", flags.shard,
      "K/N: this is shard K of N and folds every Nth partition of the incident log; shard 0 holds the documents");
}

void AddIngestFlags(CLI::App& verb, ProcessFlags& flags) {
  Add(verb, "knowledge", flags.knowledge, "folder of knowledge files for extraction; empty: those built in");
  Add(verb, "ingest-threads", flags.ingest.worker_threads, "threads that extract and wait for the log")
      ->check(CLI::Range(1, 1024));
  Add(verb, "ingest-queue-limit", flags.ingest.queue_limit, "documents that may wait for one of them")
      ->check(CLI::Range(1, 1000000));
  Add(verb, "max-document-bytes", flags.ingest.max_content_bytes, "largest document; keep max-message-bytes above it")
      ->check(CLI::Range(1, 30 << 20));
  Add(verb, "max-list-bytes", flags.ingest.max_list_bytes, "largest file of a reference list")
      ->check(CLI::Range(1UL, 8UL << 30));
  Add(verb, "max-in-work-per-stream", flags.ingest.max_in_work_per_stream,
      "documents of one SubmitDocuments stream in work at a time")
      ->check(CLI::Range(1, 10000));
  Add(verb, "max-fold-lag", flags.ingest.max_fold_lag_entries,
      "entries not yet folded beyond which documents are turned away");
  Add(verb, "max-resolver-lag", flags.ingest.max_resolver_lag_entries,
      "entries not yet decided beyond which documents are turned away");
  Add(verb, "source-grades", flags.ingest.source_grades_file,
      "file of grades (A to F) of hosts and publishers, before those built in (docs/merging.md); empty: none");
  Add(verb, "extractor", flags.ingest.plugin.address,
      "HOST:PORT of a plug-in extractor (ExtractorService) that also reads each document; empty: none");
  Add(verb, "extractor-timeout-seconds", flags.ingest.plugin.timeout_seconds,
      "how long it may take for a document; then the document is stored without it")
      ->check(CLI::Range(0.01, 3600.0));
}

void AddQueryFlags(CLI::App& verb, ProcessFlags& flags) {
  Add(verb, "max-calls-in-progress", flags.query.max_calls_in_progress, "queries in progress at a time")
      ->check(CLI::Range(1, 1000000));
  Add(verb, "max-page-size", flags.query.max_page_size, "largest page of a search")->check(CLI::Range(1, 100000));
  Add(verb, "max-query-bytes", flags.query.max_query_bytes, "largest query, filter or order of a search")
      ->check(CLI::Range(1, 1 << 20));
  Add(verb, "hedge-quantile", flags.query.hedge.quantile,
      "a second replica is asked when this share of the last answers was faster; 1: only after a failure")
      ->check(CLI::Range(0.0, 1.0));
  Add(verb, "hedge-initial-ms", flags.hedge_initial_ms, "the same before there are answers to go by")
      ->check(CLI::Range(0.0, 60000.0));
  Add(verb, "hedge-max-share", flags.query.hedge.max_share, "such second questions in proportion to all")
      ->check(CLI::Range(0.0, 1.0));
}

void AddIndexAddressFlag(CLI::App& verb, ProcessFlags& flags) {
  Add(verb, "index", flags.index_addresses,
      "HOST:PORT of the index process; for query of each shard, in a fixed order, replicas with | between: "
      "a0:1|b0:1,a1:1|b1:1")
      ->delimiter(',');
}

}  // namespace interdict::cli
