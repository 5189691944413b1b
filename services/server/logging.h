// Structured logs: one JSON object a line on stderr. Never put the text of a document, a query, a name of a person or a
// secret into a message or a field; resource names (hashes), codes, sizes and durations are fine.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

namespace interdict::server {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// `debug`, `info`, `warning`, `error`. INVALID_ARGUMENT for any other word.
absl::StatusOr<LogLevel> ParseLogLevel(const std::string& word);

// One key with its value.
struct LogField {
  std::string key;
  std::variant<std::string, int64_t, uint64_t, double, bool> value;
};

// Writes lines such as {"time":"2026-01-02T03:04:05.678901Z","level":"info","message":"listening","address":"…"}.
// Thread-safe.
class Logger {
 public:
  // To stderr. Lines below `minimum` are dropped.
  explicit Logger(LogLevel minimum);
  // Hands each line (without its end) to `sink`, one call at a time.
  Logger(LogLevel minimum, std::function<void(const std::string& line)> sink);
  ~Logger();

  void Log(LogLevel level, const std::string& message, const std::vector<LogField>& fields = {});
  void Info(const std::string& message, const std::vector<LogField>& fields = {});
  void Warning(const std::string& message, const std::vector<LogField>& fields = {});
  void Error(const std::string& message, const std::vector<LogField>& fields = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace interdict::server
