// Settings of the service processes, as flags, environment (INTERDICT_<FLAG>) and config file. Precedence: flag,
// environment, config file, default.
#pragma once

#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "services/index/index_node.h"
#include "services/ingest/ingest_node.h"
#include "services/query/query_node.h"
#include "services/server/run_server.h"

namespace interdict::cli {

struct ProcessFlags {
  std::string config;
  std::string log_level = "info";
  server::ServerOptions server;
  double drain_seconds = 20;

  // Index.
  std::string data = "data";
  uint32_t intake_partitions = 0;  // 0: as the log has it, 1 for a new one
  uint32_t incident_partitions = 0;
  std::string log_address;    // of the process that hosts the log; empty: this one
  std::string shard = "0/1";  // K/N
  index::IndexOptions index;

  // Ingest.
  std::string knowledge;
  ingest::IngestOptions ingest;

  // Query.
  query::QueryOptions query;
  double hedge_initial_ms = 50;

  // Ingest and query: where the index processes are, a shard each, its replicas with `|` between. Ingest uses the very
  // first, which hosts the log.
  std::vector<std::string> index_addresses = {"127.0.0.1:8602"};
};

// What every process has: addresses, limits of the server, logs.
void AddServerFlags(CLI::App& verb, ProcessFlags& flags, const std::string& default_listen);
// What a role has.
void AddIndexFlags(CLI::App& verb, ProcessFlags& flags);
// Of an index process that is one of several.
void AddShardFlags(CLI::App& verb, ProcessFlags& flags);
void AddIngestFlags(CLI::App& verb, ProcessFlags& flags);
void AddQueryFlags(CLI::App& verb, ProcessFlags& flags);
// Where the index is, for a process that is not itself one.
void AddIndexAddressFlag(CLI::App& verb, ProcessFlags& flags);

}  // namespace interdict::cli
