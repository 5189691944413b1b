// Where the operator's plug-in extractor is, and how long ingest puts up with it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/ingest/circuit_breaker.h"

namespace interdict::ingest {

struct RemoteExtractorOptions {
  // HOST:PORT; empty: there is none.
  std::string address;
  // For one document, retries included.
  double timeout_seconds = 10;
  // Calls for one document while the answer is UNAVAILABLE or RESOURCE_EXHAUSTED; the wait before the second is
  // `first_retry_delay`, and doubles.
  uint32_t max_attempts = 3;
  absl::Duration first_retry_delay = absl::Milliseconds(50);
  CircuitBreakerOptions breaker;
  // Largest message either way; that of the server.
  size_t max_message_bytes = 20 << 20;
  // How many incidents, and how many bytes with quotes filled, are taken from one answer.
  size_t max_reports = 1000;
  size_t max_report_set_bytes = 16 << 20;
  std::function<absl::Time()> now = absl::Now;
};

}  // namespace interdict::ingest
